/* C_CreateObject for each class, and what its templates may not say: 2.40
 * clauses 4.1 to 4.10 and 5.7. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE, two = 2;
static CK_ULONG number = 16, bits = 2048, mechanism = CKM_AES_KEY_GEN;
static CK_OBJECT_CLASS wrong_class = 0x7badc0deUL;
static CK_KEY_TYPE wrong_type = 0x7badc0deUL;
static CK_BYTE short_key[17], many[3] = {1, 2, 3}, no_scalar[32];
static CK_CHAR no_date[] = "2026-9-2";
/* brainpoolP224r1: a curve, and not one that tokens have. */
static CK_BYTE odd_curve[] = {
    0x06, 0x09, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x05};
static CK_BYTE no_curve[] = {0x13, 0x01, 'x'};
/* 04 X Y of the right length, and on no curve. */
static CK_BYTE no_point[67] = {0x04, 0x41, 0x04, [66] = 7};
static CK_BYTE cut_point[66] = {0x04, 0x40, 0x04, [65] = 7};
static CK_BYTE even_modulus[256];

#define BEND(name, gone, ...)                                                  \
	static const CK_ATTRIBUTE name##_add[] = {__VA_ARGS__};                \
	static const struct cf_bend name = {                                   \
	    gone, name##_add, CF_COUNT(name##_add)}
#define DROP(name, gone) static const struct cf_bend name = {gone, NULL, 0}
#define ADD(name, type, v) BEND(name, CF_KEEP_ALL, {type, &(v), sizeof(v)})

DROP(no_class, CKA_CLASS);
DROP(no_key_type, CKA_KEY_TYPE);
DROP(no_value, CKA_VALUE);
DROP(no_modulus, CKA_MODULUS);
DROP(no_exponent, CKA_PUBLIC_EXPONENT);
DROP(no_private_exponent, CKA_PRIVATE_EXPONENT);
DROP(no_params, CKA_EC_PARAMS);
DROP(no_ec_point, CKA_EC_POINT);
DROP(no_subject, CKA_SUBJECT);
DROP(no_cert_type, CKA_CERTIFICATE_TYPE);
DROP(no_prime, CKA_PRIME);
ADD(strange_class, CKA_CLASS, wrong_class);
ADD(strange_type, CKA_KEY_TYPE, wrong_type);
ADD(short_class, CKA_CLASS, yes);
ADD(flag_of_two, CKA_MODIFIABLE, two);
ADD(flag_of_three_bytes, CKA_MODIFIABLE, many);
ADD(number_of_three_bytes, CKA_KEY_TYPE, many);
BEND(null_value, CF_KEEP_ALL, {CKA_LABEL, NULL, 5});
BEND(bad_date, CF_KEEP_ALL, {CKA_START_DATE, no_date, 8});
ADD(unknown_attribute, 0x7badc0deUL, many);
ADD(of_another_class, CKA_MODULUS, many);
ADD(local, CKA_LOCAL, yes);
ADD(keygen, CKA_KEY_GEN_MECHANISM, mechanism);
ADD(always_sensitive, CKA_ALWAYS_SENSITIVE, yes);
ADD(never_extractable, CKA_NEVER_EXTRACTABLE, yes);
ADD(modulus_bits, CKA_MODULUS_BITS, bits);
ADD(value_len, CKA_VALUE_LEN, number);
ADD(trusted, CKA_TRUSTED, yes);
ADD(on_odd_curve, CKA_EC_PARAMS, odd_curve);
ADD(on_no_curve, CKA_EC_PARAMS, no_curve);
ADD(off_the_curve, CKA_EC_POINT, no_point);
ADD(point_cut, CKA_EC_POINT, cut_point);
ADD(aes_of_17, CKA_VALUE, short_key);
ADD(wrong_check, CKA_CHECK_VALUE, many);
BEND(empty_check, CF_KEEP_ALL, {CKA_CHECK_VALUE, many, 0});
BEND(empty_key, CF_KEEP_ALL, {CKA_VALUE, many, 0});
ADD(modulus_of_zeros, CKA_MODULUS, even_modulus);
ADD(wrong_exponent, CKA_PRIVATE_EXPONENT, many);
ADD(wrong_prime, CKA_PRIME_1, many);
ADD(value_of_zeros, CKA_VALUE, no_scalar);
ADD(consent, CKA_ALWAYS_AUTHENTICATE, yes);
ADD(on_token, CKA_TOKEN, yes);
ADD(private, CKA_PRIVATE, yes);
BEND(same_twice, CF_KEEP_ALL, {CKA_MODIFIABLE, &yes, 1},
    {CKA_MODIFIABLE, &yes, 1});
BEND(twice, CF_KEEP_ALL, {CKA_MODIFIABLE, &yes, 1}, {CKA_MODIFIABLE, &no, 1});

/* a: which; p: the bend. */
static CK_RV
create(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;

	return cf_make(c, (enum cf_made)k->a, k->p, &o);
}

/* a: which. Every attribute that was given can be read, is what was given, and
 * finds the object. */
static CK_RV
as_given(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[CF_MADE_MAX];
	CK_ULONG n = cf_made_template((enum cf_made)k->a, k->p, t), found_n;
	CK_OBJECT_HANDLE o, found[64];
	bool seen = false;
	CK_RV rv = c->f->C_CreateObject(c->s, t, n, &o);

	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		rv = cf_made_is_value(c, o, t[i].type, t[i].pValue,
		    t[i].ulValueLen);
	if (rv == CKR_OK)
		rv = cf_find(c, c->s, t, n, found, CF_COUNT(found), &found_n);
	if (rv != CKR_OK)
		return rv;
	for (CK_ULONG i = 0; i < found_n; i++)
		seen |= found[i] == o;
	return seen ? CKR_OK : cf_note(c, CF_WRONG, "it is not found");
}

/* What the module adds by itself. */
static CK_RV
history(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_RV rv = cf_make(c, (enum cf_made)k->a, NULL, &o);

	if (rv == CKR_OK)
		rv = cf_made_is_flag(c, o, CKA_LOCAL, false);
	if (rv == CKR_OK)
		rv = cf_made_is_flag(c, o, CKA_ALWAYS_SENSITIVE, false);
	if (rv == CKR_OK)
		rv = cf_made_is_flag(c, o, CKA_NEVER_EXTRACTABLE, false);
	return rv == CKR_OK ? cf_made_is_number(c, o, CKA_KEY_GEN_MECHANISM,
				  CK_UNAVAILABLE_INFORMATION)
			    : rv;
}

/* a: which; b: the attribute; p: what it must be. */
struct number {
	CK_ULONG is;
};
static const struct number is_2048 = {2048}, is_32 = {32};

static CK_RV
computed(struct cf *c, const struct cf_case *k)
{
	const struct number *want = k->p;
	CK_OBJECT_HANDLE o;
	CK_RV rv = cf_make(c, (enum cf_made)k->a, NULL, &o);

	return rv == CKR_OK ? cf_made_is_number(c, o, k->b, want->is) : rv;
}

/* PKCS#11 4.10.2, computed with OpenSSL. */
static CK_RV
check_value(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[CF_MADE_MAX];
	CK_ULONG n = cf_made_template((enum cf_made)k->a, NULL, t);
	uint8_t want[EVP_MAX_MD_SIZE], zeros[16] = {0};
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	CK_OBJECT_HANDLE o;
	int len = 0;
	CK_RV rv = c->f->C_CreateObject(c->s, t, n, &o);

	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		if (t[i].type != CKA_VALUE)
			continue;
		if (k->a == CF_AES)
			EVP_EncryptInit_ex(ctx, EVP_aes_256_ecb(), NULL,
			    t[i].pValue, NULL);
		if (k->a == CF_AES)
			EVP_EncryptUpdate(ctx, want, &len, zeros, 16);
		else
			cf_ossl_digest("SHA1", t[i].pValue, t[i].ulValueLen,
			    want);
	}
	EVP_CIPHER_CTX_free(ctx);
	return rv == CKR_OK ? cf_made_is_value(c, o, CKA_CHECK_VALUE, want, 3)
			    : rv;
}

#define ROW(what, state, need, fn, a, b, p, ...)                               \
	{                                                                      \
		"C_CreateObject/" what, "2.40 4.1 to 4.10", state, need, fn,   \
		    a, b, p, CF_ALLOW(__VA_ARGS__)                             \
	}
#define GOOD(what, which) ROW(what, CF_RO, 0, as_given, which, 0, NULL, CKR_OK)
#define GOOD_IN(what, which)                                                   \
	ROW(what, CF_USER, 0, create, which, 0, NULL, CKR_OK)
#define BAD(what, which, bend, ...)                                            \
	ROW(what, CF_USER, 0, create, which, 0, &bend, __VA_ARGS__)
#define INCOMPLETE CKR_TEMPLATE_INCOMPLETE
#define INVALID CKR_ATTRIBUTE_VALUE_INVALID
#define READ_ONLY CKR_ATTRIBUTE_READ_ONLY
/* 4.1.1: an attribute of other objects is "invalid" or does not fit. */
#define FOREIGN CKR_ATTRIBUTE_TYPE_INVALID, CKR_TEMPLATE_INCONSISTENT

static const struct cf_case table[] = {
    GOOD("data", CF_DATA),
    GOOD("certificate", CF_CERT),
    GOOD("rsa-public", CF_RSA_PUB),
    GOOD("ec-public", CF_EC_PUB),
    GOOD("generic-secret", CF_GENERIC),
    GOOD("aes", CF_AES),
    GOOD("dsa-domain", CF_DSA),
    GOOD("dh-domain", CF_DH),
    GOOD_IN("rsa-private", CF_RSA_PRIV),
    GOOD_IN("ec-private", CF_EC_PRIV),
    ROW("private-logged-in", CF_USER, 0, as_given, CF_AES, 0, &private, CKR_OK),
    ROW("history-secret", CF_RO, 0, history, CF_AES, 0, NULL, CKR_OK),
    ROW("history-private", CF_USER, 0, history, CF_EC_PRIV, 0, NULL, CKR_OK),
    ROW("modulus-bits-made", CF_RO, 0, computed, CF_RSA_PUB, CKA_MODULUS_BITS,
	&is_2048, CKR_OK),
    ROW("value-len-made", CF_RO, 0, computed, CF_AES, CKA_VALUE_LEN, &is_32,
	CKR_OK),
    ROW("check-value-aes", CF_RO, 0, check_value, CF_AES, 0, NULL, CKR_OK),
    ROW("check-value-generic", CF_RO, 0, check_value, CF_GENERIC, 0, NULL,
	CKR_OK),
    BAD("no-class", CF_DATA, no_class, INCOMPLETE),
    BAD("no-key-type", CF_AES, no_key_type, INCOMPLETE),
    BAD("no-value", CF_AES, no_value, INCOMPLETE),
    BAD("no-modulus", CF_RSA_PUB, no_modulus, INCOMPLETE),
    BAD("no-public-exponent", CF_RSA_PUB, no_exponent, INCOMPLETE),
    BAD("no-private-exponent", CF_RSA_PRIV, no_private_exponent, INCOMPLETE),
    BAD("no-ec-params", CF_EC_PUB, no_params, INCOMPLETE),
    BAD("no-ec-point", CF_EC_PUB, no_ec_point, INCOMPLETE),
    BAD("no-ec-value", CF_EC_PRIV, no_value, INCOMPLETE),
    BAD("no-subject", CF_CERT, no_subject, INCOMPLETE),
    BAD("no-certificate-type", CF_CERT, no_cert_type, INCOMPLETE),
    BAD("no-certificate-value", CF_CERT, no_value, INCOMPLETE),
    BAD("no-prime", CF_DH, no_prime, INCOMPLETE),
    BAD("strange-class", CF_DATA, strange_class, INVALID,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("strange-key-type", CF_AES, strange_type, INVALID,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("class-of-one-byte", CF_DATA, short_class, INVALID),
    BAD("flag-of-two", CF_DATA, flag_of_two, INVALID),
    BAD("flag-of-three-bytes", CF_DATA, flag_of_three_bytes, INVALID),
    BAD("number-of-three-bytes", CF_AES, number_of_three_bytes, INVALID),
    BAD("null-value", CF_DATA, null_value, INVALID, CKR_ARGUMENTS_BAD),
    BAD("no-date", CF_AES, bad_date, INVALID),
    BAD("unknown-attribute", CF_DATA, unknown_attribute,
	CKR_ATTRIBUTE_TYPE_INVALID),
    BAD("attribute-of-another-class", CF_DATA, of_another_class, FOREIGN),
    BAD("local", CF_AES, local, READ_ONLY),
    BAD("key-gen-mechanism", CF_AES, keygen, READ_ONLY),
    BAD("always-sensitive", CF_AES, always_sensitive, READ_ONLY),
    BAD("never-extractable", CF_AES, never_extractable, READ_ONLY),
    BAD("modulus-bits", CF_RSA_PUB, modulus_bits, READ_ONLY),
    BAD("value-len", CF_AES, value_len, READ_ONLY),
    BAD("trusted-by-user", CF_CERT, trusted, READ_ONLY),
    BAD("unknown-curve", CF_EC_PUB, on_odd_curve, CKR_CURVE_NOT_SUPPORTED,
	CKR_DOMAIN_PARAMS_INVALID, INVALID),
    BAD("no-curve", CF_EC_PUB, on_no_curve, CKR_CURVE_NOT_SUPPORTED,
	CKR_DOMAIN_PARAMS_INVALID, INVALID),
    BAD("point-off-the-curve", CF_EC_PUB, off_the_curve, INVALID),
    BAD("point-too-short", CF_EC_PUB, point_cut, INVALID),
    BAD("aes-of-17-bytes", CF_AES, aes_of_17, INVALID),
    BAD("empty-aes", CF_AES, empty_key, INVALID),
    BAD("modulus-of-zeros", CF_RSA_PUB, modulus_of_zeros, INVALID),
    BAD("wrong-private-exponent", CF_RSA_PRIV, wrong_exponent, INVALID,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("wrong-prime", CF_RSA_PRIV, wrong_prime, INVALID,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("exponent-left-out-private", CF_RSA_PRIV, no_exponent, CKR_OK,
	INCOMPLETE),
    BAD("ec-value-of-zeros", CF_EC_PRIV, value_of_zeros, INVALID),
    BAD("wrong-check-value", CF_AES, wrong_check, INVALID),
    BAD("empty-check-value", CF_AES, empty_check, CKR_OK),
    BAD("same-value-twice", CF_DATA, same_twice, CKR_OK,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("two-values", CF_DATA, twice, CKR_TEMPLATE_INCONSISTENT),
    BAD("needs-consent", CF_RSA_PRIV, consent, INVALID,
	CKR_TEMPLATE_INCONSISTENT),
    ROW("key-on-token-read-only", CF_USER, 0, create, CF_AES, 0, &on_token,
	CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED),
    ROW("private-key-not-logged-in", CF_RO, 0, create, CF_EC_PRIV, 0, &private,
	CKR_USER_NOT_LOGGED_IN),
};

CF_GROUP(cf_group_made, table)
