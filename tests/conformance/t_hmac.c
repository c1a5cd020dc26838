/* HMAC with session keys (mech 2.20). Its values: tests/data/kat. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
/* 131 bytes of AA. */
#define AA10 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa
#define AA40 AA10, AA10, AA10, AA10
static CK_BYTE aa_131[] = {AA40, AA40, AA40, AA10, 0xaa};
static CK_BYTE text[] =
    "Test Using Larger Than Block-Size Key - Hash Key First";
static CK_MECHANISM_TYPE only_sha1[] = {CKM_SHA_1_HMAC};

#define BEND(name, ...)                                                        \
	static const CK_ATTRIBUTE name##_add[] = {__VA_ARGS__};                \
	static const struct cf_bend name = {                                   \
	    CF_KEEP_ALL, name##_add, CF_COUNT(name##_add)}
#define A(type, v)                                                             \
	{                                                                      \
		type, &(v), sizeof(v)                                          \
	}

BEND(key, A(CKA_VALUE, aa_131));
BEND(no_sign, A(CKA_VALUE, aa_131), A(CKA_SIGN, no));
BEND(private, A(CKA_VALUE, aa_131), A(CKA_PRIVATE, yes));
BEND(sha1_only, A(CKA_VALUE, aa_131), A(CKA_ALLOWED_MECHANISMS, only_sha1));
BEND(no_verify, A(CKA_VERIFY, no));

/* a: what is wrong with the MAC that is checked. */
enum { OTHER_BIT, SHORT, LONG };

static CK_RV
bad_mac(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256_HMAC, NULL, 0};
	uint8_t mac[65] = {0};
	CK_ULONG n = sizeof(mac);
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, &key, &h);

	if (rv != CKR_OK || (rv = c->f->C_SignInit(c->s, &m, h)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, text, sizeof(text) - 1, mac, &n)) !=
		CKR_OK ||
	    (rv = c->f->C_VerifyInit(c->s, &m, h)) != CKR_OK)
		return rv;
	mac[31] ^= k->a == OTHER_BIT ? 1 : 0;
	n = k->a == SHORT ? n - 1 : k->a == LONG ? n + 1 : n;
	return c->f->C_Verify(c->s, text, sizeof(text) - 1, mac, n);
}

/* a: the object; p: how it is made; b: 1: C_VerifyInit. */
static CK_RV
init(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256_HMAC, NULL, 0};
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, (enum cf_made)k->a, k->p, &h);

	if (rv != CKR_OK)
		return rv;
	return k->b == 1 ? c->f->C_VerifyInit(c->s, &m, h)
			 : c->f->C_SignInit(c->s, &m, h);
}

static CK_RV
init_with_card_key(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256_HMAC, NULL, 0};

	(void)k;
	return c->f->C_SignInit(c->s, &m, c->key.priv);
}

/* A length is asked, then there is one byte too few, then enough. */
static CK_RV
lengths(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA512_HMAC, NULL, 0};
	CK_BYTE mac[64];
	CK_ULONG n = 0;
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, &key, &h);

	(void)k;
	if (rv != CKR_OK || (rv = c->f->C_SignInit(c->s, &m, h)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, text, 4, NULL, &n)) != CKR_OK)
		return rv;
	if (n != sizeof(mac))
		return cf_note(c, CF_WRONG, "%lu bytes are asked for", n);
	n--;
	if ((rv = c->f->C_Sign(c->s, text, 4, mac, &n)) != CKR_BUFFER_TOO_SMALL)
		return cf_note(c, rv == CKR_OK ? CF_WRONG : rv, "one too few");
	return c->f->C_Sign(c->s, text, 4, mac, &n);
}

/* What was begun with a private key ends with the login. */
static CK_RV
logout_between(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256_HMAC, NULL, 0};
	CK_BYTE mac[64];
	CK_ULONG n = sizeof(mac);
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, &private, &h);

	(void)k;
	if (rv != CKR_OK || (rv = c->f->C_SignInit(c->s, &m, h)) != CKR_OK ||
	    (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return rv;
	return c->f->C_Sign(c->s, text, 4, mac, &n);
}

/* a: bytes the parameter asks for; b: 1 without a parameter. Both to sign and
 * to verify. */
static CK_RV
bad_length(struct cf *c, const struct cf_case *k)
{
	CK_ULONG n = k->a;
	CK_MECHANISM m = {CKM_SHA256_HMAC_GENERAL, k->b == 0 ? &n : NULL,
	    k->b == 0 ? sizeof(n) : 0};
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, &key, &h);

	if (rv == CKR_OK && !cf_mech_listed(c, m.mechanism))
		return cf_note(c, CF_SKIP, "not listed");
	if (rv == CKR_OK && c->f->C_VerifyInit(c->s, &m, h) == CKR_OK)
		return cf_note(c, CF_WRONG, "it would verify");
	return rv == CKR_OK ? c->f->C_SignInit(c->s, &m, h) : rv;
}

/* The digest of a secret key is that of its value. */
static CK_RV
digest_key(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256, NULL, 0};
	uint8_t want[EVP_MAX_MD_SIZE];
	CK_BYTE got[64];
	CK_ULONG n = sizeof(got);
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, &key, &h);

	(void)k;
	if (rv != CKR_OK || (rv = c->f->C_DigestInit(c->s, &m)) != CKR_OK ||
	    (rv = c->f->C_DigestKey(c->s, h)) != CKR_OK ||
	    (rv = c->f->C_DigestFinal(c->s, got, &n)) != CKR_OK)
		return rv;
	cf_ossl_digest("SHA256", aa_131, sizeof(aa_131), want);
	return n == 32 && memcmp(got, want, n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "another digest");
}

#define ROW(what, state, fn, a, b, p, ...)                                     \
	{                                                                      \
		what, "mech 2.20", state, 0, fn, a, b, p,                      \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define INIT(what, which, bend, ...)                                           \
	ROW("C_SignInit/hmac-" what, CF_RO, init, which, 0, bend, __VA_ARGS__)

static const struct cf_case table[] = {
    ROW("C_Verify/hmac-other-bit", CF_RO, bad_mac, OTHER_BIT, 0, NULL,
	CKR_SIGNATURE_INVALID),
    ROW("C_Verify/hmac-short", CF_RO, bad_mac, SHORT, 0, NULL,
	CKR_SIGNATURE_LEN_RANGE),
    ROW("C_Verify/hmac-long", CF_RO, bad_mac, LONG, 0, NULL,
	CKR_SIGNATURE_LEN_RANGE),
    INIT("key-cannot-sign", CF_GENERIC, &no_sign,
	CKR_KEY_FUNCTION_NOT_PERMITTED),
    INIT("key-of-other-mechanism", CF_GENERIC, &sha1_only,
	CKR_MECHANISM_INVALID, CKR_KEY_FUNCTION_NOT_PERMITTED),
    INIT("aes-key", CF_AES, NULL, CKR_KEY_TYPE_INCONSISTENT),
    INIT("public-key", CF_EC_PUB, NULL, CKR_KEY_TYPE_INCONSISTENT),
    INIT("data", CF_DATA, NULL, CKR_KEY_HANDLE_INVALID),
    ROW("C_VerifyInit/hmac-key-cannot-verify", CF_RO, init, CF_GENERIC, 1,
	&no_verify, CKR_KEY_FUNCTION_NOT_PERMITTED),
    ROW("C_SignInit/hmac-key-of-the-card", CF_KEY, init_with_card_key, 0, 0,
	NULL, CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_SignInit/hmac-too-long", CF_RO, bad_length, 33, 0, NULL,
	CKR_MECHANISM_PARAM_INVALID),
    ROW("C_SignInit/hmac-length-0", CF_RO, bad_length, 0, 0, NULL,
	CKR_MECHANISM_PARAM_INVALID),
    ROW("C_SignInit/hmac-no-length", CF_RO, bad_length, 0, 1, NULL,
	CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD),
    ROW("C_Sign/hmac-lengths", CF_RO, lengths, 0, 0, NULL, CKR_OK),
    ROW("C_Logout/ends-hmac", CF_USER, logout_between, 0, 0, NULL,
	CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_NOT_INITIALIZED),
    ROW("C_DigestKey/secret", CF_RO, digest_key, 0, 0, NULL, CKR_OK),
};

CF_GROUP(cf_group_hmac, table)
