/* Triple DES (3.0 mech 2.11), which here only decrypts, and keys for one HMAC
 * (3.0 mech 2.7), where something is wrong. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"

static CK_BBOOL no = CK_FALSE;
static CK_KEY_TYPE des2 = CKK_DES2, des3 = CKK_DES3, hmac = CKK_SHA256_HMAC;
/* Of odd parity; the second has one byte that is not. */
static CK_BYTE good[25] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x23,
    0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x45, 0x67, 0x89, 0xab, 0xcd,
    0xef, 0x01, 0x23, 0x01};
static CK_BYTE even[24] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x23,
    0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x00, 0x45, 0x67, 0x89, 0xab, 0xcd,
    0xef, 0x01, 0x23};
static CK_BYTE iv[16], text[24];

#define BEND(name, type, value, n, ...)                                        \
	static const CK_ATTRIBUTE name##_add[] = {                             \
	    {CKA_KEY_TYPE, &(type), sizeof(type)}, {CKA_VALUE, value, n},      \
	    __VA_ARGS__};                                                      \
	static const struct cf_bend name = {                                   \
	    CKA_ENCRYPT, name##_add, CF_COUNT(name##_add)}

BEND(three, des3, good, 24);
BEND(two, des2, good, 16);
BEND(parity, des3, even, 24);
BEND(three_short, des3, good, 23);
BEND(three_long, des3, good, 25);
BEND(two_as_three, des3, good, 16);
BEND(three_as_two, des2, good, 24);
BEND(no_decrypt, des3, good, 24, {CKA_DECRYPT, &no, 1});
BEND(for_sha256, hmac, good, 24);

static CK_RV
des_key(struct cf *c, const struct cf_bend *b, CK_OBJECT_HANDLE *h)
{
	if (!cf_mech_listed(c, CKM_DES3_ECB))
		return cf_note(c, CF_SKIP, "not listed");
	return cf_make(c, CF_AES, b, h);
}

/* p: the key. */
static CK_RV
create(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE h;

	return des_key(c, k->p, &h);
}

/* a: the mechanism; b: bytes of its IV; p: the key. */
static CK_RV
decrypt_init(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, k->b != 0 ? iv : NULL, k->b};
	CK_OBJECT_HANDLE h;
	CK_RV rv = des_key(c, k->p, &h);

	return rv == CKR_OK ? c->f->C_DecryptInit(c->s, &m, h) : rv;
}

/* a: the mechanism. What is not listed cannot be done. */
static CK_RV
encrypt_init(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, k->a == CKM_DES3_ECB ? NULL : iv,
	    k->a == CKM_DES3_ECB ? 0 : 8};
	CK_OBJECT_HANDLE h;
	CK_RV rv = des_key(c, &three, &h);

	if (rv == CKR_OK && cf_mech_can(c, k->a, CKF_ENCRYPT))
		return cf_note(c, CF_SKIP, "this token encrypts");
	return rv == CKR_OK ? c->f->C_EncryptInit(c->s, &m, h) : rv;
}

/* a: the mechanism; b: bytes of zeros that are no cryptogram. */
static CK_RV
decrypt(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, k->a == CKM_DES3_ECB ? NULL : iv,
	    k->a == CKM_DES3_ECB ? 0 : 8};
	CK_BYTE out[32];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE h;
	CK_RV rv = des_key(c, &three, &h);

	if (rv == CKR_OK)
		rv = c->f->C_DecryptInit(c->s, &m, h);
	return rv == CKR_OK ? c->f->C_Decrypt(c->s, text, k->b, out, &n) : rv;
}

/* Not with an AES key; nor AES with one of DES. a: 1: the latter. */
static CK_RV
other_type(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a == 0 ? CKM_DES3_ECB : CKM_AES_ECB, NULL, 0};
	CK_OBJECT_HANDLE h;
	CK_RV rv = des_key(c, k->a == 0 ? NULL : &three, &h);

	return rv == CKR_OK ? c->f->C_DecryptInit(c->s, &m, h) : rv;
}

/* p: the key; the check value is that of zeros in ECB, by OpenSSL. */
static CK_RV
check_value(struct cf *c, const struct cf_case *k)
{
	const char *name = k->a == 0 ? "DES-EDE3-ECB" : "DES-EDE-ECB";
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	CK_BYTE block[16] = {0}, zeros[8] = {0};
	CK_OBJECT_HANDLE h;
	int n = 0;
	CK_RV rv = des_key(c, k->p, &h);

	EVP_EncryptInit_ex2(ctx, EVP_get_cipherbyname(name), good, NULL, NULL);
	EVP_EncryptUpdate(ctx, block, &n, zeros, sizeof(zeros));
	EVP_CIPHER_CTX_free(ctx);
	return rv == CKR_OK ? cf_made_is_value(c, h, CKA_CHECK_VALUE, block, 3)
			    : rv;
}

/* A key for HMAC with SHA-256. a: the mechanism it is used with. */
static CK_RV
hmac_key(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, NULL, 0};
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, &for_sha256, &h);

	return rv == CKR_OK ? c->f->C_SignInit(c->s, &m, h) : rv;
}

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		what, "3.0 mech 2.11", CF_RO, 0, fn, a, b, p,                  \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define BAD(what, p)                                                           \
	ROW("C_CreateObject/des-" what, create, 0, 0, p,                       \
	    CKR_ATTRIBUTE_VALUE_INVALID)
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD

static const struct cf_case table[] = {
    ROW("C_CreateObject/des-of-three", create, 0, 0, &three, CKR_OK),
    ROW("C_CreateObject/des-of-two", create, 0, 0, &two, CKR_OK),
    ROW("attribute/CHECK_VALUE-des3", check_value, 0, 0, &three, CKR_OK),
    ROW("attribute/CHECK_VALUE-des2", check_value, 1, 0, &two, CKR_OK),
    BAD("parity", &parity),
    BAD("of-23-bytes", &three_short),
    BAD("of-25-bytes", &three_long),
    BAD("of-two-for-three", &two_as_three),
    BAD("of-three-for-two", &three_as_two),
    ROW("C_DecryptInit/des-key-cannot", decrypt_init, CKM_DES3_ECB, 0,
	&no_decrypt, CKR_KEY_FUNCTION_NOT_PERMITTED),
    ROW("C_DecryptInit/des-iv-of-16", decrypt_init, CKM_DES3_CBC, 16, &three,
	PARAM),
    ROW("C_DecryptInit/des-no-iv", decrypt_init, CKM_DES3_CBC, 0, &three,
	PARAM),
    ROW("C_DecryptInit/des-ecb-with-iv", decrypt_init, CKM_DES3_ECB, 8, &three,
	PARAM),
    ROW("C_DecryptInit/des-with-aes-key", other_type, 0, 0, NULL,
	CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_DecryptInit/aes-with-des-key", other_type, 1, 0, NULL,
	CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_EncryptInit/des-ecb", encrypt_init, CKM_DES3_ECB, 0, NULL,
	CKR_MECHANISM_INVALID),
    ROW("C_EncryptInit/des-cbc", encrypt_init, CKM_DES3_CBC, 0, NULL,
	CKR_MECHANISM_INVALID),
    ROW("C_EncryptInit/des-cbc-pad", encrypt_init, CKM_DES3_CBC_PAD, 0, NULL,
	CKR_MECHANISM_INVALID),
    ROW("C_Decrypt/des-ecb-7-bytes", decrypt, CKM_DES3_ECB, 7, NULL,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/des-cbc-12-bytes", decrypt, CKM_DES3_CBC, 12, NULL,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/des-cbc-pad-nothing", decrypt, CKM_DES3_CBC_PAD, 0, NULL,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/des-cbc-pad-wrong", decrypt, CKM_DES3_CBC_PAD, 16, NULL,
	CKR_ENCRYPTED_DATA_INVALID),
    ROW("C_SignInit/hmac-key-of-its-own", hmac_key, CKM_SHA256_HMAC, 0, NULL,
	CKR_OK),
    ROW("C_SignInit/hmac-key-of-another-hash", hmac_key, CKM_SHA384_HMAC, 0,
	NULL, CKR_KEY_TYPE_INCONSISTENT),
};

CF_GROUP(cf_group_des3, table)
