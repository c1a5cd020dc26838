/*
 * See key.h: from a handle to the key of an operation, and back when it works.
 */
#include "module/core/key.h"

#include "module/core/mech.h"
#include "module/core/object.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "pcsc/ossl/spki.h"

/* The object, if it is a key of the wanted half. */
static CK_RV
find_key(struct ca_slot *s, CK_OBJECT_HANDLE h, const struct ca_op *op,
    unsigned half, uint32_t usage, const struct ca_object **out)
{
	const struct ca_object *o = ca_object_get(s, h);
	unsigned keys = CA_KIND_KEY | CA_KIND_PUB | CA_KIND_KEYPUB;

	if (o == NULL || ((unsigned)o->kind & keys) == 0)
		return CKR_KEY_HANDLE_INVALID;
	if (!ca_mech_takes(op->mech,
		ca_key_type_of(s, o) == CA_KEY_EC ? CKK_EC : CKK_RSA))
		return CKR_KEY_TYPE_INCONSISTENT;
	if (((unsigned)o->kind & half) == 0 ||
	    (ca_key_usage(s, o) & usage) == 0)
		return CKR_KEY_FUNCTION_NOT_PERMITTED;
	*out = o;
	return CKR_OK;
}

/* Size of the key, from the public half where that is known. */
static size_t
bits_of(const struct ca_op *op, size_t told)
{
	struct ca_spki k;

	return ca_spki_parse(ca_buf_rd(&op->spki), &k) ? k.bits : told;
}

/* The same for a private key that an application made. */
static CK_RV
begin_session_private(struct ca_session *ss, struct ca_op *op,
    const struct ca_sobject *x, uint32_t usage)
{
	static const struct {
		uint32_t usage;
		CK_ATTRIBUTE_TYPE may;
	} rows[] = {
	    {CA_USE_SIGN, CKA_SIGN},
	    {CA_USE_SIGN_RECOVER, CKA_SIGN_RECOVER},
	    {CA_USE_DECRYPT, CKA_DECRYPT},
	    {CA_USE_DECRYPT | CA_USE_UNWRAP, CKA_UNWRAP},
	    {CA_USE_DERIVE, CKA_DERIVE},
	    {CA_USE_DECAPSULATE, CKA_DECAPSULATE},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].usage == usage)
			return ca_skey_begin_private(ss, op, x, rows[i].may);
	return CKR_KEY_FUNCTION_NOT_PERMITTED;
}

CK_RV
ca_key_begin_private(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE h, uint32_t usage)
{
	struct ca_slot *s = ss->slot;
	const struct ca_object *o = ca_object_get(s, h);
	const struct ca_key *k;
	ca_err e;
	CK_RV rv;

	if (o != NULL && o->kind == CA_KIND_SESSION)
		return begin_session_private(ss, op, o->session, usage);
	rv = find_key(s, h, op, CA_KIND_KEY, usage, &o);
	if (rv != CKR_OK)
		return rv;
	k = &ca_token_model(s->token)->keys[o->index];
	op->key = h;
	op->epoch = s->epoch;
	op->private_key = true;
	op->consent = ca_key_needs_consent(s, o->index);
	op->bits = k->bits;
	/* The public half is wanted only where the card's directory does not
	 * tell the size, or a number must be compared with the modulus. */
	if (op->bits != 0 && op->mech->scheme != CA_SCHEME_RAW)
		return CKR_OK;
	e = ca_key_spki(s, o, &op->spki);
	if (e != CA_OK && e != CA_E_NOT_FOUND)
		return ca_slot_rv(s, e, CA_CALL_SIGN);
	op->bits = bits_of(op, op->bits);
	return op->bits != 0 ? CKR_OK : CKR_DEVICE_ERROR;
}

/* The same with a public key that an application made. */
static CK_RV
begin_session_public(struct ca_session *ss, struct ca_op *op,
    const struct ca_sobject *x, uint32_t usage)
{
	CK_RV rv = ca_skey_begin_public(ss, op, x,
	    usage == CA_USE_ENCRYPT          ? CKA_ENCRYPT
	    : usage == CA_USE_WRAP           ? CKA_WRAP
	    : usage == CA_USE_ENCAPSULATE    ? CKA_ENCAPSULATE
	    : usage == CA_USE_VERIFY_RECOVER ? CKA_VERIFY_RECOVER
					     : CKA_VERIFY);

	if (rv != CKR_OK)
		return rv;
	op->bits = bits_of(op, 0);
	return op->bits != 0 ? CKR_OK : CKR_KEY_HANDLE_INVALID;
}

CK_RV
ca_key_begin_public(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE h,
    uint32_t usage)
{
	struct ca_slot *s = ss->slot;
	const struct ca_object *o = ca_object_get(s, h);
	ca_err e;
	CK_RV rv;

	if (o != NULL && o->kind == CA_KIND_SESSION)
		return begin_session_public(ss, op, o->session, usage);
	rv = find_key(s, h, op, CA_KIND_PUB | CA_KIND_KEYPUB, usage, &o);
	if (rv != CKR_OK)
		return rv;
	e = ca_key_spki(s, o, &op->spki);
	if (e == CA_E_NOT_FOUND)
		return CKR_KEY_HANDLE_INVALID;
	if (e != CA_OK)
		return ca_slot_rv(s, e, CA_CALL_READ);
	op->key = h;
	op->epoch = s->epoch;
	op->bits = bits_of(op, 0);
	return op->bits != 0 ? CKR_OK : CKR_KEY_HANDLE_INVALID;
}

CK_RV
ca_key_index(struct ca_slot *s, const struct ca_op *op, size_t *index)
{
	const struct ca_object *o = ca_object_get(s, op->key);

	if (op->epoch != s->epoch || o == NULL || o->kind != CA_KIND_KEY)
		return CKR_USER_NOT_LOGGED_IN;
	*index = o->index;
	return CKR_OK;
}

CK_RV
ca_key_ready(struct ca_slot *s, const struct ca_op *op, size_t *index)
{
	CK_RV rv = ca_key_index(s, op, index);

	if (rv == CKR_OK && op->consent && !op->consented)
		return CKR_USER_NOT_LOGGED_IN;
	return rv;
}
