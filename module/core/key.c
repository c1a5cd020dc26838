#include "module/core/key.h"

#include "module/core/mech.h"
#include "module/core/object.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "pcsc/ossl/spki.h"

/* What a private use means for the public half (ISO/IEC 7816-15, 8.4). */
static const struct {
	uint32_t private_use, public_use;
} twins[] = {
    {CA_USE_SIGN | CA_USE_NON_REPUDIATION, CA_USE_VERIFY},
    {CA_USE_DECRYPT, CA_USE_ENCRYPT | CA_USE_WRAP},
    {CA_USE_UNWRAP, CA_USE_WRAP},
};

static const struct ca_model *
model(const struct ca_slot *s)
{
	return ca_token_model(s->token);
}

enum ca_key_type
ca_key_type_of(const struct ca_slot *s, const struct ca_object *o)
{
	return o->kind == CA_KIND_PUB ? model(s)->pubs[o->index].type
				      : model(s)->keys[o->index].type;
}

/* The private key with this id, or NULL. */
static const struct ca_key *
key_with_id(const struct ca_model *m, const struct ca_id *id, size_t *index)
{
	for (size_t i = 0; i < m->keys_n; i++)
		if (ca_id_equal(&m->keys[i].id, id)) {
			*index = i;
			return &m->keys[i];
		}
	return NULL;
}

static uint32_t
private_usage(const struct ca_key *k)
{
	uint32_t use = k->usage;

	if ((use & CA_USE_NON_REPUDIATION) != 0)
		use |= CA_USE_SIGN;
	if (use == 0) /* the card does not say: whatever it can do */
		use = (ca_mech_signs(k->algs) ? CA_USE_SIGN : 0u) |
		      (ca_mech_decrypts(k->algs) ? CA_USE_DECRYPT : 0u) |
		      ((k->algs & CA_ALG_BIT(CA_ALG_ECDH)) != 0 ? CA_USE_DERIVE
								: 0u);
	return use;
}

static uint32_t
public_usage(uint32_t private_use)
{
	uint32_t use = 0;

	for (size_t i = 0; i < CA_COUNT(twins); i++)
		if ((private_use & twins[i].private_use) != 0)
			use |= twins[i].public_use;
	return use;
}

/* A signature by RSA without hash gives back what was signed, whether or not
 * the directory has the second word for it. No EC signature does. */
static uint32_t
with_recovery(uint32_t use, enum ca_key_type type)
{
	if (type != CA_KEY_RSA)
		return use &
		       ~(uint32_t)(CA_USE_SIGN_RECOVER | CA_USE_VERIFY_RECOVER);
	if ((use & CA_USE_SIGN) != 0)
		use |= CA_USE_SIGN_RECOVER;
	if ((use & CA_USE_VERIFY) != 0)
		use |= CA_USE_VERIFY_RECOVER;
	return use;
}

uint32_t
ca_key_usage(const struct ca_slot *s, const struct ca_object *o)
{
	const struct ca_model *m = model(s);
	const struct ca_key *k;
	uint32_t use = 0;
	size_t i;

	if (o->kind == CA_KIND_KEY)
		return with_recovery(private_usage(&m->keys[o->index]),
		    ca_key_type_of(s, o));
	if (o->kind == CA_KIND_PUB) {
		use = m->pubs[o->index].usage &
		      (CA_USE_VERIFY | CA_USE_ENCRYPT | CA_USE_WRAP);
		/* What encrypts wraps: the directories' two words for it come
		 * from different programs, and mean the same RSA. */
		if ((use & CA_USE_ENCRYPT) != 0)
			use |= CA_USE_WRAP;
		k = key_with_id(m, &m->pubs[o->index].id, &i);
	} else {
		k = &m->keys[o->index];
	}
	if (use == 0 && k != NULL)
		use = public_usage(private_usage(k));
	if (use == 0)
		use = CA_USE_VERIFY;
	if (ca_key_type_of(s, o) == CA_KEY_EC)
		use &= ~(uint32_t)(CA_USE_ENCRYPT | CA_USE_WRAP);
	return with_recovery(use, ca_key_type_of(s, o));
}

const struct ca_pin *
ca_key_pin(const struct ca_slot *s, size_t index)
{
	return ca_model_key_pin(model(s), &model(s)->keys[index]);
}

bool
ca_key_needs_consent(const struct ca_slot *s, size_t index)
{
	const struct ca_pin *own = ca_key_pin(s, index);
	const struct ca_pin *user = ca_model_pin(model(s), CA_PIN_USER);

	if (own == NULL || user == NULL)
		return false; /* and then there is no PIN to ask for */
	return model(s)->keys[index].consent >= 1 || own != user;
}

bool
ca_key_derives(const struct ca_slot *s, size_t index)
{
	const struct ca_key *k = &model(s)->keys[index];

	return k->type == CA_KEY_EC &&
	       (k->algs & CA_ALG_BIT(CA_ALG_ECDH)) != 0 &&
	       (private_usage(k) & CA_USE_DERIVE) != 0 &&
	       !ca_key_needs_consent(s, index);
}

bool
ca_key_half_derives(const struct ca_slot *s, const struct ca_object *o)
{
	const struct ca_model *m = model(s);
	size_t index = o->index;

	if (o->kind == CA_KIND_PUB &&
	    key_with_id(m, &m->pubs[o->index].id, &index) == NULL)
		return false;
	return ca_key_derives(s, index);
}

bool
ca_key_unwraps(const struct ca_slot *s, size_t index)
{
	const struct ca_key *k = &model(s)->keys[index];

	return ca_mech_decrypts(k->algs) &&
	       (private_usage(k) & (CA_USE_DECRYPT | CA_USE_UNWRAP)) != 0 &&
	       !ca_key_needs_consent(s, index);
}

ca_err
ca_key_spki(struct ca_slot *s, const struct ca_object *o, struct ca_buf *out)
{
	const struct ca_model *m = model(s);
	struct ca_rd spki = ca_rd_of(NULL, 0);
	size_t index = o->index;
	ca_err e;

	if (o->kind == CA_KIND_PUB) {
		spki = ca_buf_rd(&m->pubs[index].spki);
		if (spki.n != 0)
			return ca_buf_set(out, spki);
		/* Its file told nothing; the certificate may. */
		if (key_with_id(m, &m->pubs[o->index].id, &index) == NULL)
			return CA_E_NOT_FOUND;
	}
	e = ca_token_key_spki(s->token, index, &spki);
	return e == CA_OK ? ca_buf_set(out, spki) : e;
}

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
	k = &model(s)->keys[o->index];
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
