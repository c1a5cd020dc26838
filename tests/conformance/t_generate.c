/* C_GenerateKey for secret keys of the session: 2.40 5.14.1, mech 2.7, 2.11. */
#include <string.h>

#include "tests/conformance/groups.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS secret_key = CKO_SECRET_KEY, data = CKO_DATA;
static CK_KEY_TYPE aes = CKK_AES;
static CK_ULONG n16 = 16, n17 = 17, n24 = 24, n32 = 32, n0 = 0;
static CK_BYTE junk[16];

struct order {
	CK_MECHANISM_TYPE type;
	const CK_ATTRIBUTE *t;
	CK_ULONG n;
};

#define A(type, v)                                                             \
	{                                                                      \
		type, &(v), sizeof(v)                                          \
	}
#define ORDER(name, mech, ...)                                                 \
	static const CK_ATTRIBUTE name##_t[] = {                               \
	    A(CKA_TOKEN, no), __VA_ARGS__};                                    \
	static const struct order name = {mech, name##_t, CF_COUNT(name##_t)}
#define PUBLIC A(CKA_PRIVATE, no)
#define OPEN PUBLIC, A(CKA_SENSITIVE, no), A(CKA_EXTRACTABLE, yes)

ORDER(aes_16, CKM_AES_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n16));
ORDER(aes_24, CKM_AES_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n24));
ORDER(aes_32, CKM_AES_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n32));
ORDER(generic_17, CKM_GENERIC_SECRET_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n17));
ORDER(aes_17, CKM_AES_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n17));
ORDER(generic_0, CKM_GENERIC_SECRET_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n0));
ORDER(no_length, CKM_AES_KEY_GEN, OPEN);
ORDER(with_value, CKM_AES_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n16),
    A(CKA_VALUE, junk));
ORDER(other_type, CKM_GENERIC_SECRET_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n16),
    A(CKA_KEY_TYPE, aes));
ORDER(right_type, CKM_AES_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n16),
    A(CKA_CLASS, secret_key), A(CKA_KEY_TYPE, aes));
ORDER(other_class, CKM_AES_KEY_GEN, OPEN, A(CKA_VALUE_LEN, n16),
    A(CKA_CLASS, data));
ORDER(hidden, CKM_AES_KEY_GEN, PUBLIC, A(CKA_VALUE_LEN, n16),
    A(CKA_SENSITIVE, yes), A(CKA_EXTRACTABLE, no));
ORDER(private, CKM_AES_KEY_GEN, A(CKA_PRIVATE, yes), A(CKA_VALUE_LEN, n16));
ORDER(on_token, CKM_AES_KEY_GEN, PUBLIC, A(CKA_VALUE_LEN, n16));

static CK_RV
generate(struct cf *c, const struct order *o, CK_OBJECT_HANDLE *h)
{
	CK_ATTRIBUTE t[12];
	CK_MECHANISM m = {o->type, NULL, 0};

	if (!cf_mech_can(c, o->type, CKF_GENERATE))
		return cf_note(c, CF_SKIP, "not listed");
	memcpy(t, o->t, o->n * sizeof(t[0]));
	if (o == &on_token)
		t[0].pValue = &yes;
	return c->f->C_GenerateKey(c->s, &m, t, o->n, h);
}

/* p: the order. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE h;

	return generate(c, k->p, &h);
}

/* Two of the length asked for, and not the same. a: bytes. */
static CK_RV
random_value(struct cf *c, const struct cf_case *k)
{
	uint8_t one[64], two[64];
	CK_OBJECT_HANDLE h, i;
	size_t n = 0, m = 0;
	CK_RV rv = generate(c, k->p, &h);

	if (rv != CKR_OK || (rv = generate(c, k->p, &i)) != CKR_OK ||
	    (rv = cf_attr(c, h, CKA_VALUE, one, sizeof(one), &n)) != CKR_OK ||
	    (rv = cf_attr(c, i, CKA_VALUE, two, sizeof(two), &m)) != CKR_OK)
		return rv;
	if (n != k->a || m != k->a)
		return cf_note(c, CF_WRONG, "%zu bytes", n);
	return memcmp(one, two, n) != 0 ? CKR_OK
					: cf_note(c, CF_WRONG, "the same");
}

/* p: the order; a: whether it was always kept. */
static CK_RV
history(struct cf *c, const struct cf_case *k)
{
	const struct order *o = k->p;
	bool local = false, always = k->a == 0, never = k->a == 0;
	CK_ULONG mech = 0;
	CK_OBJECT_HANDLE h;
	CK_RV rv = generate(c, o, &h);

	if (rv != CKR_OK ||
	    (rv = cf_attr_bool(c, h, CKA_LOCAL, &local)) != CKR_OK ||
	    (rv = cf_attr_bool(c, h, CKA_ALWAYS_SENSITIVE, &always)) !=
		CKR_OK ||
	    (rv = cf_attr_bool(c, h, CKA_NEVER_EXTRACTABLE, &never)) !=
		CKR_OK ||
	    (rv = cf_attr_ulong(c, h, CKA_KEY_GEN_MECHANISM, &mech)) != CKR_OK)
		return rv;
	return local && always == (k->a != 0) && never == (k->a != 0) &&
		       mech == o->type
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "local %d, %d, %d, by 0x%lx", local,
			 always, never, mech);
}

static CK_RV
with_parameter(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_AES_KEY_GEN, junk, sizeof(junk)};
	CK_ATTRIBUTE t[12];
	CK_OBJECT_HANDLE h;

	(void)k;
	memcpy(t, aes_16.t, aes_16.n * sizeof(t[0]));
	return c->f->C_GenerateKey(c->s, &m, t, aes_16.n, &h);
}

#define ROW(what, fn, a, p, ...)                                               \
	{                                                                      \
		"C_GenerateKey/" what, "2.40 5.14, mech 2.7, 2.11", CF_RO, 0,  \
		    fn, a, 0, p, CF_ALLOW(__VA_ARGS__)                         \
	}
#define BAD(what, o, ...) ROW(what, refused, 0, &o, __VA_ARGS__)

/* a: the attribute, with a length and no value. */
static CK_RV
without_value(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_AES_KEY_GEN, NULL, 0};
	CK_ATTRIBUTE t[12];
	CK_OBJECT_HANDLE h;

	memcpy(t, aes_16.t, aes_16.n * sizeof(t[0]));
	t[aes_16.n] = (CK_ATTRIBUTE){k->a, NULL, sizeof(CK_ULONG)};
	return c->f->C_GenerateKey(c->s, &m, t, aes_16.n + 1, &h);
}

static const struct cf_case table[] = {
    ROW("aes-16", random_value, 16, &aes_16, CKR_OK),
    ROW("aes-24", random_value, 24, &aes_24, CKR_OK),
    ROW("aes-32", random_value, 32, &aes_32, CKR_OK),
    ROW("generic-17", random_value, 17, &generic_17, CKR_OK),
    ROW("type-told", random_value, 16, &right_type, CKR_OK),
    ROW("history-open", history, 0, &aes_16, CKR_OK),
    ROW("history-kept", history, 1, &hidden, CKR_OK),
    ROW("parameter", with_parameter, 0, NULL, CKR_MECHANISM_PARAM_INVALID),
    ROW("class-without-value", without_value, CKA_CLASS, NULL,
	CKR_ATTRIBUTE_VALUE_INVALID, CKR_ARGUMENTS_BAD),
    ROW("type-without-value", without_value, CKA_KEY_TYPE, NULL,
	CKR_ATTRIBUTE_VALUE_INVALID, CKR_ARGUMENTS_BAD),
    BAD("aes-17", aes_17, CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_SIZE_RANGE,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("generic-0", generic_0, CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_SIZE_RANGE,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("no-length", no_length, CKR_TEMPLATE_INCOMPLETE),
    BAD("value-given", with_value, CKR_ATTRIBUTE_READ_ONLY,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("another-type", other_type, CKR_TEMPLATE_INCONSISTENT),
    BAD("another-class", other_class, CKR_TEMPLATE_INCONSISTENT,
	CKR_ATTRIBUTE_VALUE_INVALID),
    BAD("private-not-logged-in", private, CKR_USER_NOT_LOGGED_IN),
    BAD("on-token-read-only", on_token, CKR_SESSION_READ_ONLY,
	CKR_TOKEN_WRITE_PROTECTED),
};

CF_GROUP(cf_group_generate, table)
