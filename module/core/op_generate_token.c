/*
 * Key pairs that the card generates; see op_generate_pair.h. A key on a card is
 * what the card makes of it, so a template that wants it otherwise is refused
 * before the card is asked: a key that is there cannot be taken back.
 */
#include <string.h>

#include "module/core/login.h"
#include "module/core/mech.h"
#include "module/core/object.h"
#include "module/core/op_generate_pair.h"
#include "module/core/schema.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/log.h"
#include "pcsc/ossl/curve.h"

#define ROOM "generate"

/* clang-format off */
/* What a template may say of a half: its usage, as flags of the directories ... */
static const struct {
	CK_ATTRIBUTE_TYPE type;
	uint32_t use;
} usages[] = {
	{ CKA_ENCRYPT,        CA_USE_ENCRYPT },
	{ CKA_DECRYPT,        CA_USE_DECRYPT },
	{ CKA_SIGN,           CA_USE_SIGN },
	{ CKA_SIGN_RECOVER,   CA_USE_SIGN_RECOVER },
	{ CKA_VERIFY,         CA_USE_VERIFY },
	{ CKA_VERIFY_RECOVER, CA_USE_VERIFY_RECOVER },
	{ CKA_WRAP,           CA_USE_WRAP },
	{ CKA_UNWRAP,         CA_USE_UNWRAP },
	{ CKA_DERIVE,         CA_USE_DERIVE },
};
/* ... what is read elsewhere ... */
static const CK_ATTRIBUTE_TYPE read[] = {
	CKA_CLASS, CKA_KEY_TYPE, CKA_TOKEN, CKA_LABEL, CKA_ID,
	CKA_MODULUS_BITS, CKA_PUBLIC_EXPONENT, CKA_EC_PARAMS,
};
/* ... and flags that are so whatever it says: those of a private key that are
 * true. All others are false, and all other values empty. */
static const CK_ATTRIBUTE_TYPE always[] = { CKA_PRIVATE, CKA_SENSITIVE };
/* clang-format on */

static bool
listed(const CK_ATTRIBUTE_TYPE *list, size_t n, CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == type)
			return true;
	return false;
}

static bool
is_usage(CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < CA_COUNT(usages); i++)
		if (usages[i].type == type)
			return true;
	return false;
}

/* Whether the card's object will be as the template wants it. */
static CK_RV
check_half(const struct ca_build *b)
{
	for (size_t i = 0; i < b->a.n; i++) {
		CK_ATTRIBUTE_TYPE type = b->a.v[i].type;
		struct ca_rd value = ca_attrs_value(&b->a, type);
		bool want = b->cls == CKO_PRIVATE_KEY &&
			    listed(always, CA_COUNT(always), type);

		if (listed(read, CA_COUNT(read), type) || is_usage(type))
			continue;
		if (want ? !ca_attrs_flag(&b->a, type)
			 : !ca_rd_all(value, CK_FALSE)) {
			ca_log(CA_LOG_WARN, ROOM,
			    "attribute %lX of a key on this card is not what "
			    "the template wants",
			    type);
			return CKR_TEMPLATE_INCONSISTENT;
		}
	}
	return ca_attrs_flag(&b->a, CKA_TOKEN) ? CKR_OK
					       : CKR_TEMPLATE_INCONSISTENT;
}

/* What the template says, else what a key of the session would have. */
static uint32_t
usage_of(const struct ca_build *b)
{
	uint32_t use = 0;

	for (size_t i = 0; i < CA_COUNT(usages); i++) {
		const struct ca_schema *row =
		    ca_schema_row(usages[i].type, b->cls, b->type);
		bool said = ca_attrs_has(&b->a, usages[i].type);

		if (said ? ca_attrs_flag(&b->a, usages[i].type)
			 : row != NULL && row->otherwise == CA_DEFAULT_TRUE)
			use |= usages[i].use;
	}
	return use;
}

static bool
take_label(const struct ca_build *b, char out[CA_LABEL_MAX])
{
	struct ca_rd v = ca_attrs_value(&b->a, CKA_LABEL);
	size_t n = 0;

	if (!ca_rd_copy(v, out, CA_LABEL_MAX - 1, &n))
		return false;
	out[n] = '\0';
	return strlen(out) == n;
}

/* Both halves have one identifier: either template may say it. */
static CK_RV
take_id(const struct ca_build *pub, const struct ca_build *prv,
    struct ca_id *out)
{
	struct ca_rd a = ca_attrs_value(&pub->a, CKA_ID);
	struct ca_rd b = ca_attrs_value(&prv->a, CKA_ID);

	if (a.n > 0 && b.n > 0 && !ca_rd_equal(a, b))
		return CKR_TEMPLATE_INCONSISTENT;
	return ca_rd_copy(b.n > 0 ? b : a, out->b, sizeof(out->b), &out->n)
		   ? CKR_OK
		   : CKR_ATTRIBUTE_VALUE_INVALID;
}

/* The kind of pair that the public template asks for. */
static CK_RV
take_kind(const struct ca_build *pub, enum ca_gen *out)
{
	static const uint8_t f4[] = {0x01, 0x00, 0x01};
	bool ec = pub->type == CKK_EC;
	CK_ULONG bits = ca_attrs_number(&pub->a, CKA_MODULUS_BITS);
	const struct ca_curve *curve =
	    ca_curve_find(ca_attrs_value(&pub->a, CKA_EC_PARAMS));

	/* No card is told an exponent. */
	if (!ec && !ca_rd_equal(ca_attrs_value(&pub->a, CKA_PUBLIC_EXPONENT),
		       ca_rd_of(f4, sizeof(f4))))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	for (int g = 0; g < CA_GEN_COUNT; g++) {
		*out = (enum ca_gen)g;
		if (ec != ca_gen_is_ec(*out))
			continue;
		if (ec ? curve == ca_curve_nist(ca_gen_bits(*out))
		       : bits == ca_gen_bits(*out))
			return CKR_OK;
	}
	return ec ? CKR_CURVE_NOT_SUPPORTED : CKR_ATTRIBUTE_VALUE_INVALID;
}

static CK_RV
read_order(const struct ca_build *pub, const struct ca_build *prv,
    struct ca_keygen *out)
{
	CK_RV rv = check_half(pub);

	if (rv == CKR_OK)
		rv = check_half(prv);
	if (rv == CKR_OK)
		rv = take_id(pub, prv, &out->id);
	if (rv == CKR_OK)
		rv = take_kind(pub, &out->kind);
	if (rv != CKR_OK)
		return rv;
	if (!take_label(pub, out->public_label) || !take_label(prv, out->label))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	out->usage = usage_of(prv);
	out->public_usage = usage_of(pub);
	return CKR_OK;
}

static CK_RV
rv_of(struct ca_slot *s, ca_err e)
{
	switch (e) {
	case CA_E_DATA: /* something on the token has that identifier */
		return CKR_ATTRIBUTE_VALUE_INVALID;
	case CA_E_UNSUPPORTED: /* its directories are not understood */
		return CKR_TOKEN_WRITE_PROTECTED;
	case CA_E_AUTH_NEEDED:
		return CKR_USER_NOT_LOGGED_IN;
	default:
		return ca_slot_rv(s, e, CA_CALL_READ);
	}
}

/* The handle of an object of the token, 0 when there is none. */
static CK_OBJECT_HANDLE
handle_of(const struct ca_slot *s, enum ca_kind kind, size_t index)
{
	for (size_t i = 0; i < s->objects.n; i++)
		if (s->objects.v[i].kind == kind &&
		    s->objects.v[i].index == index)
			return s->objects.v[i].handle;
	return 0;
}

/* Both halves, as the directories name them now. */
static CK_RV
find_pair(struct ca_slot *s, size_t index, CK_OBJECT_HANDLE *public_key,
    CK_OBJECT_HANDLE *private_key)
{
	ca_err e = ca_token_load_public(s->token);
	const struct ca_model *m = ca_token_model(s->token);
	CK_OBJECT_HANDLE pub = 0, prv;

	if (e == CA_OK)
		e = ca_objects_sync(s);
	if (e != CA_OK)
		return ca_slot_rv(s, e, CA_CALL_READ);
	for (size_t i = 0; i < m->pubs_n; i++)
		if (ca_id_equal(&m->pubs[i].id, &m->keys[index].id))
			pub = handle_of(s, CA_KIND_PUB, i);
	prv = handle_of(s, CA_KIND_KEY, index);
	if (pub == 0 || prv == 0)
		return CKR_DEVICE_ERROR;
	*public_key = pub;
	*private_key = prv;
	return CKR_OK;
}

CK_RV
ca_generate_on_token(struct ca_session *ss, const struct ca_mech *m,
    struct ca_build *pub, struct ca_build *prv, CK_OBJECT_HANDLE *public_key,
    CK_OBJECT_HANDLE *private_key)
{
	struct ca_slot *s = ss->slot;
	uint32_t makes = ca_token_can(s->token).generates;
	struct ca_keygen order = {.usage = 0};
	size_t index;
	CK_RV rv;
	ca_err e;

	if (!ss->rw || ca_mech_generates(s, m) == 0)
		return ca_build_on_token(ss);
	if (!ca_slot_logged_in(s))
		return CKR_USER_NOT_LOGGED_IN;
	rv = read_order(pub, prv, &order);
	if (rv == CKR_OK && (makes & CA_GEN_BIT(order.kind)) == 0)
		rv = ca_gen_is_ec(order.kind) ? CKR_CURVE_NOT_SUPPORTED
					      : CKR_ATTRIBUTE_VALUE_INVALID;
	if (rv != CKR_OK)
		return rv;
	e = ca_token_generate(s->token, &order, &index);
	ca_login_notice(s);
	return e == CA_OK ? find_pair(s, index, public_key, private_key)
			  : rv_of(s, e);
}
