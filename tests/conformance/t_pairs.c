/* C_GenerateKeyPair for pairs of the session: 3.0 5.18.2, mech 2.1.4, 2.3.11 to
 * 2.3.13. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/pair.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS data = CKO_DATA;
static CK_KEY_TYPE rsa_type = CKK_RSA;
static CK_ULONG few_bits = 17, odd_bits = 2049;
static CK_BYTE f3[] = {3}, even[] = {1, 0, 0}, junk[32] = {0x06, 0x01, 0x7F};
static CK_BYTE p384[] = {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22};

#define A(type, v)                                                             \
	{                                                                      \
		type, &(v), sizeof(v)                                          \
	}
#define NONE(type)                                                             \
	{                                                                      \
		type, NULL, 0                                                  \
	}
#define PUB(...)                                                               \
	.pub = {__VA_ARGS__},                                                  \
	.pub_n = sizeof((CK_ATTRIBUTE[]){__VA_ARGS__}) / sizeof(CK_ATTRIBUTE)
#define PRV(...)                                                               \
	.prv = {__VA_ARGS__},                                                  \
	.prv_n = sizeof((CK_ATTRIBUTE[]){__VA_ARGS__}) / sizeof(CK_ATTRIBUTE)
#define RSA_PAIR(name, ...)                                                    \
	static const struct cf_pair name = {                                   \
	    .mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN, __VA_ARGS__}
/* With no curve but what is added. */
#define EC_PAIR(name, ...)                                                     \
	static const struct cf_pair name = {                                   \
	    .mechanism = CKM_EC_KEY_PAIR_GEN, __VA_ARGS__}

RSA_PAIR(hidden, PRV(A(CKA_SENSITIVE, yes), A(CKA_EXTRACTABLE, no)));
RSA_PAIR(shown, PRV(A(CKA_SENSITIVE, no), A(CKA_EXTRACTABLE, yes)));
RSA_PAIR(exponent_3, PUB(A(CKA_PUBLIC_EXPONENT, f3)));
RSA_PAIR(exponent_even, PUB(A(CKA_PUBLIC_EXPONENT, even)));
RSA_PAIR(no_bits, PUB(NONE(CKA_MODULUS_BITS)));
RSA_PAIR(bits_17, PUB(A(CKA_MODULUS_BITS, few_bits)));
RSA_PAIR(bits_2049, PUB(A(CKA_MODULUS_BITS, odd_bits)));
RSA_PAIR(modulus_given, PUB(A(CKA_MODULUS, junk)));
RSA_PAIR(exponent_given, PRV(A(CKA_PRIVATE_EXPONENT, junk)));
RSA_PAIR(class_data, PUB(A(CKA_CLASS, data)));
RSA_PAIR(sensitive_public, PUB(A(CKA_SENSITIVE, yes)));
RSA_PAIR(local_given, PRV(A(CKA_LOCAL, yes)));
RSA_PAIR(token_public, PUB(A(CKA_TOKEN, yes)));
RSA_PAIR(token_private, PRV(A(CKA_TOKEN, yes)));
EC_PAIR(hidden_ec, PUB(NONE(CKA_MODULUS_BITS), A(CKA_EC_PARAMS, p384)),
    PRV(A(CKA_SENSITIVE, yes), A(CKA_EXTRACTABLE, no)));
EC_PAIR(no_curve, PUB(NONE(CKA_MODULUS_BITS)));
EC_PAIR(strange_curve, PUB(NONE(CKA_MODULUS_BITS), A(CKA_EC_PARAMS, junk)));
EC_PAIR(type_rsa, PUB(NONE(CKA_MODULUS_BITS), A(CKA_EC_PARAMS, p384)),
    PRV(A(CKA_KEY_TYPE, rsa_type)));
EC_PAIR(point_given,
    PUB(NONE(CKA_MODULUS_BITS), A(CKA_EC_PARAMS, p384), A(CKA_EC_POINT, junk)));

/* All objects of the session, to see that a refusal leaves none. */
static CK_RV
count(struct cf *c, CK_ULONG *n)
{
	CK_ATTRIBUTE t[] = {A(CKA_TOKEN, no)};
	CK_OBJECT_HANDLE found[8];

	return cf_find(c, c->s, t, 1, found, CF_COUNT(found), n);
}

/* p: the pair. Nothing is made when it is refused. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE pub, prv;
	CK_ULONG before = 0, after = 0;
	CK_RV rv = count(c, &before), told;

	if (rv != CKR_OK)
		return rv;
	told = cf_pair_make(c, k->p, &pub, &prv);
	if (told == CKR_OK || told == CF_SKIP)
		return told;
	rv = count(c, &after);
	if (rv == CKR_OK && after != before)
		return cf_note(c, CF_WRONG, "0x%lx, and an object", told);
	return rv == CKR_OK ? told : rv;
}

/* p: the pair; a: whether it was always kept. What both halves tell. */
static CK_RV
history(struct cf *c, const struct cf_case *k)
{
	const struct cf_pair *p = k->p;
	bool local[2] = {false, false}, always = k->a == 0, never = k->a == 0;
	CK_ULONG mech[2] = {0, 0};
	CK_OBJECT_HANDLE h[2];
	CK_RV rv = cf_pair_make(c, p, &h[0], &h[1]);

	for (size_t i = 0; rv == CKR_OK && i < 2; i++) {
		rv = cf_attr_bool(c, h[i], CKA_LOCAL, &local[i]);
		if (rv == CKR_OK)
			rv = cf_attr_ulong(c, h[i], CKA_KEY_GEN_MECHANISM,
			    &mech[i]);
	}
	if (rv == CKR_OK)
		rv = cf_attr_bool(c, h[1], CKA_ALWAYS_SENSITIVE, &always);
	if (rv == CKR_OK)
		rv = cf_attr_bool(c, h[1], CKA_NEVER_EXTRACTABLE, &never);
	if (rv != CKR_OK)
		return rv;
	return local[0] && local[1] && always == (k->a != 0) &&
		       never == (k->a != 0) && mech[0] == p->mechanism &&
		       mech[1] == p->mechanism
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "local %d %d, kept %d %d", local[0],
			 local[1], always, never);
}

/* p: the pair; a: an attribute, which both halves have, or are refused. */
static CK_RV
same_value(struct cf *c, const struct cf_case *k)
{
	uint8_t one[512], two[512];
	CK_OBJECT_HANDLE pub, prv;
	size_t n = 0, m = 0;
	CK_RV rv = cf_pair_make(c, k->p, &pub, &prv);

	if (rv != CKR_OK ||
	    (rv = cf_attr(c, pub, k->a, one, sizeof(one), &n)) != CKR_OK ||
	    (rv = cf_attr(c, prv, k->a, two, sizeof(two), &m)) != CKR_OK)
		return rv;
	return n != 0 && n == m && memcmp(one, two, n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "%zu and %zu bytes", n, m);
}

/* p: the pair; a: a secret attribute of its private half. */
static CK_RV
secret_value(struct cf *c, const struct cf_case *k)
{
	uint8_t value[512];
	CK_OBJECT_HANDLE pub, prv;
	size_t n;
	CK_RV rv = cf_pair_make(c, k->p, &pub, &prv);

	return rv == CKR_OK ? cf_attr(c, prv, k->a, value, sizeof(value), &n)
			    : rv;
}

/* a: 0 the public handle, 1 the private one is NULL, 2 a parameter, 3 a
 * template of attributes that is NULL. */
static CK_RV
bad_argument(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
	CK_ULONG bits = 2048;
	CK_ATTRIBUTE a[] = {A(CKA_MODULUS_BITS, bits), A(CKA_PRIVATE, no)};
	CK_ATTRIBUTE b[] = {A(CKA_PRIVATE, no)};
	CK_OBJECT_HANDLE pub, prv;

	if (k->a == 2) {
		m.pParameter = junk;
		m.ulParameterLen = sizeof(junk);
	}
	return c->f->C_GenerateKeyPair(c->s, &m, k->a == 3 ? NULL : a, 2, b, 1,
	    k->a == 0 ? NULL : &pub, k->a == 1 ? NULL : &prv);
}

#define ROW(what, fn, a, p, ...)                                               \
	{                                                                      \
		"C_GenerateKeyPair/" what, "3.0 5.18.2, mech 2.1.4, 2.3",      \
		    CF_RO, 0, fn, a, 0, p, CF_ALLOW(__VA_ARGS__)               \
	}
#define BAD(what, o, ...) ROW(what, refused, 0, &o, __VA_ARGS__)
#define INVALID CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_SIZE_RANGE
#define NOT_HERE                                                               \
	CKR_ATTRIBUTE_READ_ONLY, CKR_TEMPLATE_INCONSISTENT,                    \
	    CKR_ATTRIBUTE_TYPE_INVALID
#define ON_TOKEN CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED

static const struct cf_case table[] = {
    ROW("history-kept", history, 1, &hidden, CKR_OK),
    ROW("history-open", history, 0, &shown, CKR_OK),
    ROW("history-ec", history, 1, &hidden_ec, CKR_OK),
    ROW("same-modulus", same_value, CKA_MODULUS, &cf_pair_rsa, CKR_OK),
    ROW("same-curve", same_value, CKA_EC_PARAMS, &cf_pair_p256, CKR_OK),
    ROW("exponent-3", same_value, CKA_PUBLIC_EXPONENT, &exponent_3, CKR_OK),
    ROW("exponent-left-out", same_value, CKA_PUBLIC_EXPONENT, &hidden, CKR_OK),
    ROW("hidden", secret_value, CKA_PRIME_1, &hidden, CKR_ATTRIBUTE_SENSITIVE),
    ROW("shown", secret_value, CKA_PRIME_1, &shown, CKR_OK),
    ROW("hidden-ec", secret_value, CKA_VALUE, &hidden_ec,
	CKR_ATTRIBUTE_SENSITIVE),
    ROW("null-public-handle", bad_argument, 0, NULL, CKR_ARGUMENTS_BAD),
    ROW("null-private-handle", bad_argument, 1, NULL, CKR_ARGUMENTS_BAD),
    ROW("parameter", bad_argument, 2, NULL, CKR_MECHANISM_PARAM_INVALID),
    ROW("null-template", bad_argument, 3, NULL, CKR_ARGUMENTS_BAD),
    BAD("no-bits", no_bits, CKR_TEMPLATE_INCOMPLETE),
    BAD("bits-17", bits_17, INVALID),
    BAD("bits-2049", bits_2049, CKR_OK, INVALID),
    BAD("exponent-even", exponent_even, CKR_ATTRIBUTE_VALUE_INVALID),
    BAD("modulus-given", modulus_given, NOT_HERE),
    BAD("private-exponent-given", exponent_given, NOT_HERE),
    BAD("local-given", local_given, NOT_HERE),
    BAD("sensitive-public", sensitive_public, NOT_HERE),
    BAD("class-data", class_data, CKR_TEMPLATE_INCONSISTENT,
	CKR_ATTRIBUTE_VALUE_INVALID),
    BAD("another-type", type_rsa, CKR_TEMPLATE_INCONSISTENT),
    BAD("no-curve", no_curve, CKR_TEMPLATE_INCOMPLETE),
    BAD("strange-curve", strange_curve, CKR_CURVE_NOT_SUPPORTED,
	CKR_ATTRIBUTE_VALUE_INVALID, CKR_DOMAIN_PARAMS_INVALID),
    BAD("point-given", point_given, NOT_HERE),
    BAD("public-on-token-read-only", token_public, ON_TOKEN),
    BAD("private-on-token-read-only", token_private, ON_TOKEN),
};

CF_GROUP(cf_group_pairs, table)
