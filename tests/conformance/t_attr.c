/* C_GetAttributeValue and C_GetObjectSize: 2.40 clause 5.7. */
#include <string.h>

#include "tests/conformance/groups.h"

#define PATTERN 0xC5

static CK_OBJECT_HANDLE
object_of(struct cf *c, unsigned long cls)
{
	switch (cls) {
	case CKO_PRIVATE_KEY:
		return c->key.priv;
	case CKO_PUBLIC_KEY:
		return c->key.pub;
	default:
		return c->key.cert;
	}
}

/* a: class; b: the attribute that may not be shown; with and without memory. */
static CK_RV
sensitive(struct cf *c, const struct cf_case *k)
{
	uint8_t value[1024];
	CK_ATTRIBUTE t = {
	    k->a, k->b != 0 ? value : NULL, k->b != 0 ? sizeof(value) : 0};
	CK_RV rv;

	memset(value, PATTERN, sizeof(value));
	rv = c->f->C_GetAttributeValue(c->s, c->key.priv, &t, 1);
	if (t.ulValueLen != CK_UNAVAILABLE_INFORMATION)
		return cf_note(c, CF_WRONG, "%s with length %lu",
		    cf_rv_name(rv), t.ulValueLen);
	for (size_t i = 0; i < sizeof(value); i++)
		if (value[i] != PATTERN)
			return cf_note(c, CF_WRONG, "wrote something");
	return rv;
}

/* a: class; an attribute that the class does not have. */
static CK_RV
absent(struct cf *c, const struct cf_case *k)
{
	uint8_t value[64];
	CK_ATTRIBUTE t = {k->b, value, sizeof(value)};
	CK_RV rv = c->f->C_GetAttributeValue(c->s, object_of(c, k->a), &t, 1);

	if (t.ulValueLen != CK_UNAVAILABLE_INFORMATION)
		return cf_note(c, CF_WRONG, "%s with length %lu",
		    cf_rv_name(rv), t.ulValueLen);
	return rv;
}

/* A buffer one byte short. */
static CK_RV
small(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = 0;
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls) - 1};
	CK_RV rv = c->f->C_GetAttributeValue(c->s, c->key.priv, &t, 1);

	(void)k;
	if (t.ulValueLen != CK_UNAVAILABLE_INFORMATION || cls != 0)
		return cf_note(c, CF_WRONG, "length %lu, or written",
		    t.ulValueLen);
	return rv;
}

/* Every entry is treated, wherever the bad one stands. */
static CK_RV
mixed(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = 0;
	CK_KEY_TYPE type = ~0UL;
	uint8_t secret[512], tiny[1];
	CK_ATTRIBUTE t[] = {
	    {c->key.type == CKK_RSA ? CKA_PRIVATE_EXPONENT : CKA_VALUE, secret,
		sizeof(secret)},
	    {CKA_CLASS, &cls, sizeof(cls)},
	    {0x7badc0deUL, secret, sizeof(secret)},
	    {CKA_CLASS, tiny, sizeof(tiny)},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	};
	CK_RV rv = c->f->C_GetAttributeValue(c->s, c->key.priv, t, 5);

	(void)k;
	if (cls != CKO_PRIVATE_KEY || type != c->key.type ||
	    t[1].ulValueLen != sizeof(cls) || t[4].ulValueLen != sizeof(type))
		return cf_note(c, CF_WRONG, "%s, a good entry was left out",
		    cf_rv_name(rv));
	for (size_t i = 0; i < 4; i += i == 0 ? 2 : 1)
		if (t[i].ulValueLen != CK_UNAVAILABLE_INFORMATION)
			return cf_note(c, CF_WRONG, "%s, entry %zu length %lu",
			    cf_rv_name(rv), i, t[i].ulValueLen);
	return rv;
}

/* a: 0 handle 0, 1 unknown. */
static CK_RV
bad_object(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls;
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls)};
	CK_ULONG n;
	CK_OBJECT_HANDLE o = k->a == 0 ? 0 : 0x7eadbeefUL;

	return k->b != 0 ? c->f->C_GetObjectSize(c->s, o, &n)
			 : c->f->C_GetAttributeValue(c->s, o, &t, 1);
}

static CK_RV
null_template(struct cf *c, const struct cf_case *k)
{
	return k->b != 0
		   ? c->f->C_GetObjectSize(c->s, c->key.priv, NULL)
		   : c->f->C_GetAttributeValue(c->s, c->key.priv, NULL, 1);
}

static CK_RV
object_size(struct cf *c, const struct cf_case *k)
{
	CK_ULONG n = 77;

	(void)k;
	return c->f->C_GetObjectSize(c->s, c->key.priv, &n);
}

#define GET(what, state, need, fn, a, b, p, ...)                               \
	{                                                                      \
		"C_GetAttributeValue/" what, "2.40 5.7 C_GetAttributeValue",   \
		    state, need, fn, a, b, p, CF_ALLOW(__VA_ARGS__)            \
	}
#define SIZE(what, fn, a, ...)                                                 \
	{                                                                      \
		"C_GetObjectSize/" what, "2.40 5.7 C_GetObjectSize", CF_KEY,   \
		    0, fn, a, 1, NULL, CF_ALLOW(__VA_ARGS__)                   \
	}
#define SECRET(attribute)                                                      \
	GET("sensitive-" #attribute, CF_KEY, CF_NEED_RSA, sensitive,           \
	    CKA_##attribute, 1, NULL, CKR_ATTRIBUTE_SENSITIVE),                \
	    GET("sensitive-length-" #attribute, CF_KEY, CF_NEED_RSA,           \
		sensitive, CKA_##attribute, 0, NULL, CKR_ATTRIBUTE_SENSITIVE)

static const struct cf_case table[] = {
    GET("object-zero", CF_RO, 0, bad_object, 0, 0, NULL,
	CKR_OBJECT_HANDLE_INVALID),
    GET("object-unknown", CF_RO, 0, bad_object, 1, 0, NULL,
	CKR_OBJECT_HANDLE_INVALID),
    GET("null-template", CF_KEY, 0, null_template, 0, 0, NULL,
	CKR_ARGUMENTS_BAD),
    GET("too-small", CF_KEY, 0, small, 0, 0, NULL, CKR_BUFFER_TOO_SMALL),
    GET("mixed", CF_KEY, 0, mixed, 0, 0, NULL, CKR_ATTRIBUTE_SENSITIVE,
	CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL),
    GET("unknown-attribute", CF_KEY, 0, absent, CKO_PRIVATE_KEY, 0x7badc0deUL,
	NULL, CKR_ATTRIBUTE_TYPE_INVALID),
    GET("attribute-of-another-class", CF_KEY, 0, absent, CKO_PRIVATE_KEY,
	CKA_ISSUER, NULL, CKR_ATTRIBUTE_TYPE_INVALID),
    GET("certificate-has-no-sign", CF_KEY, CF_NEED_CERT, absent,
	CKO_CERTIFICATE, CKA_SIGN, NULL, CKR_ATTRIBUTE_TYPE_INVALID),
    SECRET(PRIVATE_EXPONENT),
    SECRET(PRIME_1),
    SECRET(PRIME_2),
    SECRET(EXPONENT_1),
    SECRET(EXPONENT_2),
    SECRET(COEFFICIENT),
    GET("sensitive-VALUE", CF_KEY, CF_NEED_EC, sensitive, CKA_VALUE, 1, NULL,
	CKR_ATTRIBUTE_SENSITIVE),
    SIZE("good", object_size, 0, CKR_OK, CKR_INFORMATION_SENSITIVE),
    SIZE("null", null_template, 0, CKR_ARGUMENTS_BAD),
    SIZE("object-zero", bad_object, 0, CKR_OBJECT_HANDLE_INVALID),
    SIZE("object-unknown", bad_object, 1, CKR_OBJECT_HANDLE_INVALID),
};

CF_GROUP(cf_group_attr, table)
