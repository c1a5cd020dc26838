/* C_UnwrapKey under keys of triple DES, and old mail: 2.40 5.14.4, 3.0 mech
 * 2.11.6 and 2.11.7. OpenSSL makes every cryptogram. */
#include <string.h>

#include <openssl/rsa.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/wrap.h"

#define TEXT_MAX 64
#define RSA_MAX 1024

/* Of odd parity, like the first 24 bytes of the next. */
static const uint8_t kek[24] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
    0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x45, 0x67, 0x89, 0xab,
    0xcd, 0xef, 0x01, 0x23};
static const uint8_t value[32] = {0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01,
    0x23, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x23, 0x45, 0x67,
    0x89, 0xab, 0xcd, 0xef, 0x01, 7, 7, 7, 7, 7, 7, 7, 7};
/* A content key as mail programs draw it, without regard to parity. */
static const uint8_t content_key[25] = "twenty-four random bytes";
static CK_BYTE iv[16] = {9, 8, 7, 6, 5, 4, 3, 2};

/* What OpenSSL makes of it by a cipher with triple DES; bytes, 0: nothing. */
static size_t
encipher(const uint8_t *key, bool pad, const uint8_t *in, size_t n,
    CK_BYTE *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int some = 0, rest = 0;
	bool ok =
	    EVP_EncryptInit_ex(ctx, EVP_des_ede3_cbc(), NULL, key, iv) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, pad) == 1 &&
	    EVP_EncryptUpdate(ctx, out, &some, in, (int)n) == 1 &&
	    EVP_EncryptFinal_ex(ctx, out + some, &rest) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return ok ? (size_t)(some + rest) : 0;
}

struct kind {
	CK_KEY_TYPE type;
	size_t n;    /* bytes of it */
	size_t sent; /* as they were enciphered: zeros fill the last block */
	CK_ULONG told;
};
static const struct kind aes_32 = {CKK_AES, 32, 32, 0},
			 des3 = {CKK_DES3, 24, 24, 0},
			 des2 = {CKK_DES2, 16, 16, 0},
			 generic_5 = {CKK_GENERIC_SECRET, 5, 5, 0},
			 generic_5_told = {CKK_GENERIC_SECRET, 5, 8, 5};

/* The key that unwraps, and what it unwraps. a: the mechanism. */
static CK_RV
begin(struct cf *c, CK_MECHANISM_TYPE type, const struct kind *kind,
    CK_OBJECT_HANDLE *w, CK_BYTE *in, CK_ULONG *n)
{
	uint8_t plain[TEXT_MAX] = {0};

	if (!cf_mech_can(c, type, CKF_UNWRAP))
		return cf_note(c, CF_SKIP, "not offered");
	memcpy(plain, value, kind->n);
	*n = encipher(kek, type == CKM_DES3_CBC_PAD, plain, kind->sent, in);
	if (*n == 0)
		return cf_note(c, CF_SETUP, "OpenSSL does not encrypt");
	return cf_wrap_secret(c, CKK_DES3, kek, sizeof(kek), "U", w);
}

/* a: the mechanism; p: the key. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, iv, 8};
	const struct kind *kind = k->p;
	CK_OBJECT_HANDLE w, key;
	CK_BYTE in[TEXT_MAX];
	CK_ULONG n;
	CK_RV rv = begin(c, k->a, kind, &w, in, &n);

	if (rv == CKR_OK)
		rv = cf_wrap_unwrap(c, &m, w, in, n, kind->type, kind->told,
		    "sX", &key);
	return rv == CKR_OK
		   ? cf_made_is_value(c, key, CKA_VALUE, value, kind->n)
		   : rv;
}

enum bend {
	CUT,
	PADDING, /* its last byte says nine of eight */
	IV_OF_16,
	NO_IV,
	NO_USE,
	BY_AES,
	BY_ZERO,
	LENGTH_MORE,
	LENGTH_LESS, /* a block too much for zeros at the end */
};

/* a: the mechanism; b: the bend. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, iv, 8};
	CK_OBJECT_HANDLE w, key;
	CK_BYTE in[TEXT_MAX];
	CK_ULONG n, told;
	CK_RV rv = begin(c, k->a, &aes_32, &w, in, &n);

	if (rv == CKR_OK && k->b == NO_USE)
		rv = cf_wrap_secret(c, CKK_DES3, kek, sizeof(kek), "uD", &w);
	if (rv == CKR_OK && k->b == BY_AES)
		rv = cf_wrap_secret(c, CKK_AES, value, 32, "U", &w);
	if (rv != CKR_OK)
		return rv;
	if (k->b == IV_OF_16)
		m.ulParameterLen = 16;
	if (k->b == NO_IV)
		m = (CK_MECHANISM){k->a, NULL, 0};
	in[31] ^= k->b == PADDING;
	n -= k->b == CUT;
	told = k->b == LENGTH_MORE ? 64 : k->b == LENGTH_LESS ? 24 : 0;
	return cf_wrap_unwrap(c, &m, k->b == BY_ZERO ? 0 : w, in, n, CKK_AES,
	    told, "sX", &key);
}

/* A key of triple DES does not unwrap what is AES, nor wrap anything. */
static CK_RV
aes_by_des(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_AES_CBC_PAD, iv, 16};
	CK_OBJECT_HANDLE w, key;
	CK_BYTE in[TEXT_MAX];
	CK_ULONG n;
	CK_RV rv = begin(c, CKM_DES3_CBC_PAD, &aes_32, &w, in, &n);

	(void)k;
	return rv == CKR_OK
		   ? cf_wrap_unwrap(c, &m, w, in, 48, CKK_AES, 0, "sX", &key)
		   : rv;
}

/* a: the mechanism. */
static CK_RV
wraps_nothing(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, iv, 8};
	CK_OBJECT_HANDLE w, key;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG n;
	CK_RV rv;

	if (cf_mech_can(c, k->a, CKF_WRAP) || !cf_mech_listed(c, k->a))
		return cf_note(c, CF_SKIP, "this token wraps");
	if ((rv = cf_wrap_secret(c, CKK_DES3, kek, sizeof(kek), "W", &w)) !=
		CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_AES, value, 32, "sX", &key)) != CKR_OK)
		return rv;
	return cf_wrap_wrap(c, &m, w, key, out, &n);
}

/* S/MIME of old: the token's RSA key unwraps the content key, and that
 * deciphers the content. a: the mechanism. */
static CK_RV
opens_mail(struct cf *c, const struct cf_case *k)
{
	static const uint8_t mail[] = "a mail enciphered by triple DES";
	bool oaep = k->a == CKM_RSA_PKCS_OAEP;
	CK_MECHANISM m = {CKM_DES3_CBC_PAD, iv, 8};
	CK_BYTE in[RSA_MAX], text[TEXT_MAX], got[TEXT_MAX];
	CK_ULONG n, got_n = sizeof(got);
	CK_OBJECT_HANDLE key;
	size_t in_n = sizeof(in);
	CK_RV rv = cf_wrap_needs(c, k->a);

	if (rv != CKR_OK)
		return rv;
	if (!cf_mech_can(c, m.mechanism, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "no triple DES");
	n = encipher(content_key, true, mail, sizeof(mail), text);
	if (n == 0 ||
	    !cf_ossl_encrypt(c->key.pkey,
		oaep ? RSA_PKCS1_OAEP_PADDING : RSA_PKCS1_PADDING,
		oaep ? "SHA1" : NULL, NULL, 0, content_key, 24, in, &in_n))
		return cf_note(c, CF_SETUP, "OpenSSL does not encrypt");
	if ((rv = cf_wrap_unwrap(c, cf_wrap_mech(k->a), c->key.priv, in, in_n,
		 CKK_DES3, 0, "SD", &key)) != CKR_OK ||
	    (rv = c->f->C_DecryptInit(c->s, &m, key)) != CKR_OK ||
	    (rv = c->f->C_Decrypt(c->s, text, n, got, &got_n)) != CKR_OK)
		return rv;
	return got_n == sizeof(mail) && memcmp(got, mail, got_n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "another text, %lu bytes", got_n);
}

#define ROW(what, state, need, fn, a, b, p, ...)                               \
	{                                                                      \
		what, "2.40 5.14.4, 3.0 mech 2.11", state, need, fn, a, b, p,  \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define GOOD(what, mech, p)                                                    \
	ROW("C_UnwrapKey/des3-" what, CF_RO, 0, good, mech, 0, &p, CKR_OK)
#define BAD(what, mech, bend, ...)                                             \
	ROW("C_UnwrapKey/des3-" what, CF_RO, 0, refused, mech, bend, NULL,     \
	    __VA_ARGS__)
#define MAIL(what, mech)                                                       \
	ROW("C_UnwrapKey/" what, CF_KEY, CF_NEED_RSA, opens_mail, mech, 0,     \
	    NULL, CKR_OK)
#define PAD CKM_DES3_CBC_PAD
#define CBC CKM_DES3_CBC
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD
#define UTYPE CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT

static const struct cf_case table[] = {
    GOOD("pad-aes-32", PAD, aes_32),
    GOOD("pad-des3", PAD, des3),
    GOOD("pad-des2", PAD, des2),
    GOOD("pad-generic-5", PAD, generic_5),
    GOOD("cbc-aes-32", CBC, aes_32),
    GOOD("cbc-des3", CBC, des3),
    GOOD("cbc-generic-5-told", CBC, generic_5_told),
    BAD("pad-cut", PAD, CUT, CKR_WRAPPED_KEY_LEN_RANGE),
    BAD("pad-wrong-padding", PAD, PADDING, CKR_WRAPPED_KEY_INVALID),
    BAD("pad-length-more", PAD, LENGTH_MORE, CKR_WRAPPED_KEY_INVALID,
	CKR_WRAPPED_KEY_LEN_RANGE, CKR_ATTRIBUTE_VALUE_INVALID),
    BAD("cbc-cut", CBC, CUT, CKR_WRAPPED_KEY_LEN_RANGE),
    BAD("cbc-length-less", CBC, LENGTH_LESS, CKR_WRAPPED_KEY_LEN_RANGE),
    BAD("pad-iv-of-16", PAD, IV_OF_16, PARAM),
    BAD("cbc-no-iv", CBC, NO_IV, PARAM),
    BAD("not-for-unwrapping", PAD, NO_USE, CKR_KEY_FUNCTION_NOT_PERMITTED),
    BAD("by-aes-key", PAD, BY_AES, UTYPE),
    BAD("key-zero", PAD, BY_ZERO, CKR_UNWRAPPING_KEY_HANDLE_INVALID),
    ROW("C_UnwrapKey/aes-by-des-key", CF_RO, 0, aes_by_des, 0, 0, NULL, UTYPE),
    ROW("C_WrapKey/des3-pad", CF_RO, 0, wraps_nothing, PAD, 0, NULL,
	CKR_MECHANISM_INVALID),
    ROW("C_WrapKey/des3-cbc", CF_RO, 0, wraps_nothing, CBC, 0, NULL,
	CKR_MECHANISM_INVALID),
    MAIL("rsa-opens-old-mail", CKM_RSA_PKCS),
    MAIL("oaep-opens-old-mail", CKM_RSA_PKCS_OAEP),
};

CF_GROUP(cf_group_unwrap_des3, table)
