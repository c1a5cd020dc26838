/* HMAC with session keys (mech 2.20). */
#include <stdio.h>
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
/* 80 and 131 bytes of AA. */
#define AA10 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa
#define AA40 AA10, AA10, AA10, AA10
static CK_BYTE aa_80[] = {AA40, AA40};
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

BEND(key_80, A(CKA_VALUE, aa_80));
BEND(key, A(CKA_VALUE, aa_131));
BEND(no_sign, A(CKA_VALUE, aa_131), A(CKA_SIGN, no));
BEND(private, A(CKA_VALUE, aa_131), A(CKA_PRIVATE, yes));
BEND(sha1_only, A(CKA_VALUE, aa_131), A(CKA_ALLOWED_MECHANISMS, only_sha1));
BEND(no_verify, A(CKA_VERIFY, no));

/* RFC 2202 and RFC 4231, test case 6; the key for SHA-1 is shorter. */
/* clang-format off */
static const struct vector {
	CK_MECHANISM_TYPE type, general;
	const char *mac;
} vectors[] = {
	{ CKM_SHA_1_HMAC, CKM_SHA_1_HMAC_GENERAL,
	  "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
	{ CKM_SHA224_HMAC, CKM_SHA224_HMAC_GENERAL,
	  "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e" },
	{ CKM_SHA256_HMAC, CKM_SHA256_HMAC_GENERAL,
	  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	{ CKM_SHA384_HMAC, CKM_SHA384_HMAC_GENERAL,
	  "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
	  "0c2ef6ab4030fe8296248df163f44952" },
	{ CKM_SHA512_HMAC, CKM_SHA512_HMAC_GENERAL,
	  "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
	  "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598" },
};
/* clang-format on */

static size_t
expected(const struct vector *v, uint8_t out[64])
{
	size_t n = strlen(v->mac) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned b = 0;

		(void)sscanf(&v->mac[2 * i], "%2x", &b);
		out[i] = (uint8_t)b;
	}
	return n;
}

enum { ONCE, PARTS };
/* Signs the text; n is room and length. */
static CK_RV
sign(struct cf *c, CK_MECHANISM *m, CK_OBJECT_HANDLE h, bool parts,
    CK_BYTE *mac, CK_ULONG *n)
{
	CK_RV rv = c->f->C_SignInit(c->s, m, h);

	if (rv != CKR_OK)
		return rv;
	if (!parts)
		return c->f->C_Sign(c->s, text, sizeof(text) - 1, mac, n);
	if ((rv = c->f->C_SignUpdate(c->s, text, 5)) != CKR_OK ||
	    (rv = c->f->C_SignUpdate(c->s, text + 5, sizeof(text) - 6)) !=
		CKR_OK)
		return rv;
	return c->f->C_SignFinal(c->s, mac, n);
}

/* a: the vector; b: in parts. */
static CK_RV
known_answer(struct cf *c, const struct cf_case *k)
{
	const struct vector *v = &vectors[k->a];
	CK_MECHANISM m = {v->type, NULL, 0};
	uint8_t want[64], got[64];
	CK_ULONG n = sizeof(got), want_n = expected(v, want);
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, k->a == 0 ? &key_80 : &key, &h);

	if (rv == CKR_OK)
		rv = sign(c, &m, h, k->b == PARTS, got, &n);
	if (rv != CKR_OK)
		return rv;
	if (n != want_n || memcmp(got, want, n) != 0)
		return cf_note(c, CF_WRONG, "another MAC");
	if ((rv = c->f->C_VerifyInit(c->s, &m, h)) != CKR_OK)
		return rv;
	return c->f->C_Verify(c->s, text, sizeof(text) - 1, got, n);
}

/* a: the vector; b: bytes asked for. */
static CK_RV
general(struct cf *c, const struct cf_case *k)
{
	const struct vector *v = &vectors[k->a];
	CK_ULONG want_n = k->b, n = 64;
	CK_MECHANISM m = {v->general, &want_n, sizeof(want_n)};
	uint8_t want[64], got[64];
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, k->a == 0 ? &key_80 : &key, &h);

	if (rv == CKR_OK && !cf_mech_listed(c, v->general))
		return cf_note(c, CF_SKIP, "not listed");
	if (rv == CKR_OK)
		rv = sign(c, &m, h, false, got, &n);
	if (rv != CKR_OK)
		return rv;
	(void)expected(v, want);
	if (n != want_n || memcmp(got, want, n) != 0)
		return cf_note(c, CF_WRONG, "another MAC");
	if ((rv = c->f->C_VerifyInit(c->s, &m, h)) != CKR_OK)
		return rv;
	return c->f->C_Verify(c->s, text, sizeof(text) - 1, got, n);
}

/* a: what is wrong with the MAC that is checked. */
enum { OTHER_BIT, SHORT, LONG };

static CK_RV
bad_mac(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256_HMAC, NULL, 0};
	uint8_t mac[65];
	CK_ULONG n = expected(&vectors[2], mac);
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_GENERIC, &key, &h);

	if (rv != CKR_OK || (rv = c->f->C_VerifyInit(c->s, &m, h)) != CKR_OK)
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
#define KNOWN(name, i)                                                         \
	ROW("C_Sign/hmac-" name, CF_RO, known_answer, i, ONCE, NULL, CKR_OK),  \
	    ROW("C_SignFinal/hmac-" name, CF_RO, known_answer, i, PARTS, NULL, \
		CKR_OK),                                                       \
	    ROW("C_Sign/hmac-" name "-cut", CF_RO, general, i, 11, NULL,       \
		CKR_OK)
#define INIT(what, which, bend, ...)                                           \
	ROW("C_SignInit/hmac-" what, CF_RO, init, which, 0, bend, __VA_ARGS__)

static const struct cf_case table[] = {
    KNOWN("sha1", 0),
    KNOWN("sha224", 1),
    KNOWN("sha256", 2),
    KNOWN("sha384", 3),
    KNOWN("sha512", 4),
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
