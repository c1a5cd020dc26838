#include "module/core/skey.h"

#include "module/core/key_numbers.h"
#include "module/core/mech.h"
#include "module/core/object.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/crypto/point.h"

/* CKA_ALLOWED_MECHANISMS: without it, all are. */
static bool
allows(const struct ca_sobject *x, CK_MECHANISM_TYPE type)
{
	struct ca_rd list, one;
	CK_MECHANISM_TYPE m;
	size_t n;

	if (!ca_attrs_get(&x->a, CKA_ALLOWED_MECHANISMS, &list))
		return true;
	while (ca_rd_take(&list, sizeof(m), &one))
		if (ca_rd_copy(one, &m, sizeof(m), &n) && m == type)
			return true;
	return false;
}

static CK_RV
permit(const struct ca_sobject *x, const struct ca_op *op,
    CK_ATTRIBUTE_TYPE may)
{
	if (!ca_attrs_flag(&x->a, may))
		return CKR_KEY_FUNCTION_NOT_PERMITTED;
	return allows(x, op->mech->type) ? CKR_OK : CKR_MECHANISM_INVALID;
}

static void
bind(struct ca_op *op, const struct ca_session *ss, const struct ca_sobject *x)
{
	op->key = x->o.handle;
	op->epoch = ss->slot->epoch;
	op->private_session_key = x->is_private;
}

/* HMAC keys of one hash function (3.0, 2.7.1 and its kin): as good as a generic
 * secret, for its mechanisms. */
static bool
is_hmac_type(const struct ca_op *op, CK_KEY_TYPE type)
{
	static const CK_KEY_TYPE types[CA_HASH_COUNT] = {
	    [CA_HASH_SHA1] = CKK_SHA_1_HMAC,
	    [CA_HASH_SHA224] = CKK_SHA224_HMAC,
	    [CA_HASH_SHA256] = CKK_SHA256_HMAC,
	    [CA_HASH_SHA384] = CKK_SHA384_HMAC,
	    [CA_HASH_SHA512] = CKK_SHA512_HMAC,
	    [CA_HASH_SHA512_224] = CKK_SHA512_224_HMAC,
	    [CA_HASH_SHA512_256] = CKK_SHA512_256_HMAC,
	    [CA_HASH_SHA3_224] = CKK_SHA3_224_HMAC,
	    [CA_HASH_SHA3_256] = CKK_SHA3_256_HMAC,
	    [CA_HASH_SHA3_384] = CKK_SHA3_384_HMAC,
	    [CA_HASH_SHA3_512] = CKK_SHA3_512_HMAC,
	};

	return op->mech->scheme == CA_SCHEME_MAC &&
	       op->mech->hash != CA_HASH_NONE && types[op->mech->hash] == type;
}

static bool
is_of(const struct ca_op *op, const struct ca_sobject *x, CK_KEY_TYPE want)
{
	if (x->type == want || want == CA_SKEY_ANY)
		return true;
	if (want == CKK_DES3)
		return x->type == CKK_DES2;
	return want == CKK_GENERIC_SECRET && is_hmac_type(op, x->type);
}

CK_RV
ca_skey_begin(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE h,
    CK_KEY_TYPE type, CK_ATTRIBUTE_TYPE may, const struct ca_sobject **out)
{
	const unsigned keys = CA_KIND_KEY | CA_KIND_PUB | CA_KIND_KEYPUB;
	const struct ca_object *o;
	const struct ca_sobject *x;
	CK_RV rv = ca_slot_check_recent(ss->slot);

	if (rv != CKR_OK)
		return rv;
	o = ca_object_get(ss->slot, h);
	x = o != NULL ? o->session : NULL;
	if (o != NULL && ((unsigned)o->kind & keys) != 0)
		return CKR_KEY_TYPE_INCONSISTENT; /* the card's: RSA or EC */
	if (x == NULL ||
	    (x->cls != CKO_SECRET_KEY && x->cls != CKO_PUBLIC_KEY &&
		x->cls != CKO_PRIVATE_KEY))
		return CKR_KEY_HANDLE_INVALID;
	if (x->cls != CKO_SECRET_KEY || !is_of(op, x, type))
		return CKR_KEY_TYPE_INCONSISTENT;
	rv = permit(x, op, may);
	if (rv != CKR_OK)
		return rv;
	bind(op, ss, x);
	*out = x;
	return CKR_OK;
}

/* What is asked of both halves of a pair: `cls` is the half that is wanted. */
static CK_RV
begin_half(struct ca_session *ss, struct ca_op *op, const struct ca_sobject *x,
    CK_OBJECT_CLASS cls, CK_ATTRIBUTE_TYPE may)
{
	CK_RV rv = ca_slot_check_recent(ss->slot);

	if (rv != CKR_OK)
		return rv;
	if (x->cls != CKO_PUBLIC_KEY && x->cls != CKO_PRIVATE_KEY &&
	    x->cls != CKO_SECRET_KEY)
		return CKR_KEY_HANDLE_INVALID;
	if (x->cls == CKO_SECRET_KEY || !ca_mech_takes(op->mech, x->type))
		return CKR_KEY_TYPE_INCONSISTENT;
	if (x->cls != cls)
		return CKR_KEY_FUNCTION_NOT_PERMITTED;
	rv = permit(x, op, may);
	if (rv == CKR_OK)
		bind(op, ss, x);
	return rv;
}

CK_RV
ca_skey_begin_public(struct ca_session *ss, struct ca_op *op,
    const struct ca_sobject *x, CK_ATTRIBUTE_TYPE may)
{
	CK_RV rv = begin_half(ss, op, x, CKO_PUBLIC_KEY, may);

	if (rv != CKR_OK)
		return rv;
	return ca_rv(ca_buf_set(&op->spki,
			 ca_attrs_value(&x->a, CKA_PUBLIC_KEY_INFO)),
	    CA_CALL_READ);
}

CK_RV
ca_skey_begin_private(struct ca_session *ss, struct ca_op *op,
    const struct ca_sobject *x, CK_ATTRIBUTE_TYPE may)
{
	CK_RV rv = begin_half(ss, op, x, CKO_PRIVATE_KEY, may);
	ca_err e;

	if (rv != CKR_OK)
		return rv;
	e = ca_key_open(&x->a, &op->priv);
	if (e != CA_OK) /* its numbers were looked at when it was made */
		return e == CA_E_NOMEM ? CKR_HOST_MEMORY : CKR_GENERAL_ERROR;
	op->bits = ca_privkey_bits(op->priv);
	if (x->type != CKK_RSA)
		return CKR_OK;
	e = ca_spki_make_rsa(ca_attrs_value(&x->a, CKA_MODULUS),
	    ca_attrs_value(&x->a, CKA_PUBLIC_EXPONENT), &op->spki);
	return ca_rv(e, CA_CALL_READ);
}

CK_RV
ca_skey_alive(struct ca_slot *s, const struct ca_op *op)
{
	CK_RV rv = ca_slot_check_recent(s);

	if (rv != CKR_OK)
		return rv;
	return op->private_session_key && op->epoch != s->epoch
		   ? CKR_USER_NOT_LOGGED_IN
		   : CKR_OK;
}
