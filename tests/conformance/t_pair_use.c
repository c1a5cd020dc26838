/* What pairs that C_GenerateKeyPair made are good for, and what they refuse:
 * 3.0 5.13, 5.14, 5.10, 5.18.5. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/pair.h"
#include "tests/conformance/params.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_BYTE text[] = "Công văn số 34/CV-VD";
static CK_MECHANISM_TYPE sha256_only[] = {CKM_SHA256_RSA_PKCS};

#define A(type, v)                                                             \
	{                                                                      \
		type, &(v), sizeof(v)                                          \
	}
static const struct cf_pair no_sign = {
    .mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN,
    .prv = {A(CKA_SIGN, no)},
    .prv_n = 1,
};
static const struct cf_pair one_mechanism = {
    .mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN,
    .prv = {A(CKA_SIGN, yes), A(CKA_ALLOWED_MECHANISMS, sha256_only)},
    .prv_n = 2,
};
static const struct cf_pair secret_one = {
    .mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN,
    .prv = {A(CKA_SIGN, yes), A(CKA_PRIVATE, yes)},
    .prv_n = 2,
};

/* The signature of text, with room for it or for one byte less first. */
static CK_RV
sign(struct cf *c, CK_MECHANISM *m, CK_OBJECT_HANDLE prv, CK_BYTE *sig,
    CK_ULONG *n)
{
	CK_ULONG need = 0;
	CK_RV rv;

	if ((rv = c->f->C_SignInit(c->s, m, prv)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, text, sizeof(text), NULL, &need)) !=
		CKR_OK)
		return rv;
	*n = need - 1;
	rv = c->f->C_Sign(c->s, text, sizeof(text), sig, n);
	if (rv != CKR_BUFFER_TOO_SMALL || *n != need)
		return cf_note(c, CF_WRONG, "too small: 0x%lx, %lu", rv, *n);
	return c->f->C_Sign(c->s, text, sizeof(text), sig, n);
}

/* p: the pair; a: the mechanism. Signs, verifies, and refuses another text. */
static CK_RV
signs(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, NULL, 0};
	CK_BYTE sig[512], other[sizeof(text)];
	CK_OBJECT_HANDLE pub, prv;
	CK_ULONG n = sizeof(sig);
	CK_RV rv;

	if (!cf_mech_listed(c, k->a))
		return cf_note(c, CF_SKIP, "not listed");
	if ((rv = cf_pair_make(c, k->p, &pub, &prv)) != CKR_OK ||
	    (rv = sign(c, &m, prv, sig, &n)) != CKR_OK ||
	    (rv = c->f->C_VerifyInit(c->s, &m, pub)) != CKR_OK ||
	    (rv = c->f->C_Verify(c->s, text, sizeof(text), sig, n)) != CKR_OK ||
	    (rv = c->f->C_VerifyInit(c->s, &m, pub)) != CKR_OK)
		return rv;
	memcpy(other, text, sizeof(other));
	other[0] ^= 1;
	rv = c->f->C_Verify(c->s, other, sizeof(other), sig, n);
	return rv == CKR_SIGNATURE_INVALID
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "another text: 0x%lx", rv);
}

/* a: the mechanism. */
static CK_RV
decrypts(struct cf *c, const struct cf_case *k)
{
	CK_RSA_PKCS_OAEP_PARAMS p = {
	    CKM_SHA_1, CKG_MGF1_SHA1, CKZ_DATA_SPECIFIED, NULL, 0};
	CK_MECHANISM m = {k->a, NULL, 0};
	CK_BYTE crypt[512], plain[512];
	CK_ULONG n = sizeof(crypt), plain_n = 1;
	CK_OBJECT_HANDLE pub, prv;
	CK_RV rv;

	if (k->a == CKM_RSA_PKCS_OAEP) {
		m.pParameter = &p;
		m.ulParameterLen = sizeof(p);
	}
	if ((rv = cf_pair_make(c, &cf_pair_rsa, &pub, &prv)) != CKR_OK ||
	    (rv = c->f->C_EncryptInit(c->s, &m, pub)) != CKR_OK ||
	    (rv = c->f->C_Encrypt(c->s, text, sizeof(text), crypt, &n)) !=
		CKR_OK ||
	    (rv = c->f->C_DecryptInit(c->s, &m, prv)) != CKR_OK)
		return rv;
	rv = c->f->C_Decrypt(c->s, crypt, n, plain, &plain_n);
	if (rv != CKR_BUFFER_TOO_SMALL || plain_n < sizeof(text))
		return cf_note(c, CF_WRONG, "too small: 0x%lx", rv);
	plain_n = sizeof(plain);
	rv = c->f->C_Decrypt(c->s, crypt, n, plain, &plain_n);
	if (rv != CKR_OK)
		return rv;
	return plain_n == sizeof(text) && memcmp(plain, text, plain_n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "another text");
}

static CK_RV
agree(struct cf *c, CK_OBJECT_HANDLE prv, CK_OBJECT_HANDLE pub, uint8_t *out,
    size_t *n)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_GENERIC_SECRET;
	CK_ULONG len = 28;
	CK_ATTRIBUTE t[] = {A(CKA_CLASS, cls), A(CKA_KEY_TYPE, type),
	    A(CKA_TOKEN, no), A(CKA_PRIVATE, no), A(CKA_SENSITIVE, no),
	    A(CKA_EXTRACTABLE, yes), A(CKA_VALUE_LEN, len)};
	uint8_t point[256];
	CK_ECDH1_DERIVE_PARAMS p = {CKD_NULL, 0, NULL, 0, point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &p, sizeof(p)};
	CK_OBJECT_HANDLE made;
	size_t point_n = 0;
	CK_RV rv =
	    cf_attr(c, pub, CKA_EC_POINT, point, sizeof(point), &point_n);

	p.public_data_len = point_n;
	if (rv == CKR_OK)
		rv = c->f->C_DeriveKey(c->s, &m, prv, t, CF_COUNT(t), &made);
	return rv == CKR_OK ? cf_attr(c, made, CKA_VALUE, out, 64, n) : rv;
}

/* p: the pair; two such come to the same. */
static CK_RV
agrees(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE pub[2], prv[2];
	uint8_t one[64], two[64];
	size_t n = 0, m = 0;
	CK_RV rv;

	if (!cf_mech_can(c, CKM_ECDH1_DERIVE, CKF_DERIVE))
		return cf_note(c, CF_SKIP, "not listed");
	if ((rv = cf_pair_make(c, k->p, &pub[0], &prv[0])) != CKR_OK ||
	    (rv = cf_pair_make(c, k->p, &pub[1], &prv[1])) != CKR_OK ||
	    (rv = agree(c, prv[0], pub[1], one, &n)) != CKR_OK ||
	    (rv = agree(c, prv[1], pub[0], two, &m)) != CKR_OK)
		return rv;
	return n == 28 && n == m && memcmp(one, two, n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "they do not agree");
}

/* p: the pair; a: the mechanism; b: the half. */
static CK_RV
sign_init(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, NULL, 0};
	CK_OBJECT_HANDLE h[2];
	CK_RV rv = cf_pair_make(c, k->p, &h[0], &h[1]);

	return rv == CKR_OK ? c->f->C_SignInit(c->s, &m, h[k->b]) : rv;
}

/* a: 0 neither of these, which is Ed25519ctx all the same; 1 a context, 2
 * prehashed, 3 too short. */
static CK_RV
eddsa_params(struct cf *c, const struct cf_case *k)
{
	struct cf_eddsa p = {k->a == 2, k->a == 1 ? 4 : 0, text};
	CK_MECHANISM m = {CF_CKM_EDDSA, &p, k->a == 3 ? 2 : sizeof(p)};
	CK_OBJECT_HANDLE pub, prv;
	CK_RV rv = cf_pair_make(c, &cf_pair_ed25519, &pub, &prv);

	return rv == CKR_OK ? c->f->C_SignInit(c->s, &m, prv) : rv;
}

/* A signature begun before C_Logout does not succeed after it. */
static CK_RV
logged_out(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE sig[512];
	CK_ULONG n = sizeof(sig);
	CK_OBJECT_HANDLE pub, prv;
	CK_RV rv;

	(void)k;
	if ((rv = cf_pair_make(c, &secret_one, &pub, &prv)) != CKR_OK ||
	    (rv = c->f->C_SignInit(c->s, &m, prv)) != CKR_OK ||
	    (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return rv;
	return c->f->C_Sign(c->s, text, sizeof(text), sig, &n);
}

#define ROW(what, clause, state, fn, a, b, p, ...)                             \
	{                                                                      \
		what, clause, state, 0, fn, a, b, p, CF_ALLOW(__VA_ARGS__)     \
	}
#define SIGN(what, mech, pair)                                                 \
	ROW("C_Sign/pair-" what, "3.0 5.13", CF_RO, signs, mech, 0, &pair,     \
	    CKR_OK)
#define AGREE(what, pair)                                                      \
	ROW("C_DeriveKey/pair-" what, "3.0 5.18.5, mech 2.3.17", CF_RO,        \
	    agrees, 0, 0, &pair, CKR_OK)
#define BAD(what, mech, half, pair, ...)                                       \
	ROW("C_SignInit/pair-" what, "3.0 5.13.1", CF_RO, sign_init, mech,     \
	    half, &pair, __VA_ARGS__)
#define PARAM(what, a)                                                         \
	ROW("C_SignInit/eddsa-" what, "3.0 mech 2.3.14", CF_RO, eddsa_params,  \
	    a, 0, NULL, CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD)

static const struct cf_case table[] = {
    SIGN("rsa", CKM_SHA256_RSA_PKCS, cf_pair_rsa),
    SIGN("rsa-data", CKM_RSA_PKCS, cf_pair_rsa),
    SIGN("p224", CKM_ECDSA_SHA256, cf_pair_p224),
    SIGN("p256", CKM_ECDSA_SHA256, cf_pair_p256),
    SIGN("p384", CKM_ECDSA_SHA384, cf_pair_p384),
    SIGN("p521", CKM_ECDSA_SHA512, cf_pair_p521),
    SIGN("secp256k1", CKM_ECDSA, cf_pair_k256),
    SIGN("ed25519", CF_CKM_EDDSA, cf_pair_ed25519),
    SIGN("ed25519-name", CF_CKM_EDDSA, cf_pair_ed25519_name),
    SIGN("ed448", CF_CKM_EDDSA, cf_pair_ed448),
    ROW("C_Decrypt/pair-pkcs1", "3.0 5.10", CF_RO, decrypts, CKM_RSA_PKCS, 0,
	NULL, CKR_OK),
    ROW("C_Decrypt/pair-oaep", "3.0 5.10", CF_RO, decrypts, CKM_RSA_PKCS_OAEP,
	0, NULL, CKR_OK),
    AGREE("p256", cf_pair_p256),
    AGREE("x25519", cf_pair_x25519),
    AGREE("x25519-name", cf_pair_x25519_name),
    AGREE("x448", cf_pair_x448),
    BAD("may-not", CKM_SHA256_RSA_PKCS, 1, no_sign,
	CKR_KEY_FUNCTION_NOT_PERMITTED),
    BAD("mechanism-not-allowed", CKM_RSA_PKCS, 1, one_mechanism,
	CKR_MECHANISM_INVALID, CKR_KEY_FUNCTION_NOT_PERMITTED),
    BAD("mechanism-allowed", CKM_SHA256_RSA_PKCS, 1, one_mechanism, CKR_OK),
    BAD("ecdsa-with-rsa", CKM_ECDSA, 1, cf_pair_rsa, CKR_KEY_TYPE_INCONSISTENT),
    BAD("rsa-with-ec", CKM_SHA256_RSA_PKCS, 1, cf_pair_p256,
	CKR_KEY_TYPE_INCONSISTENT),
    BAD("ecdsa-with-edwards", CKM_ECDSA, 1, cf_pair_ed25519,
	CKR_KEY_TYPE_INCONSISTENT),
    BAD("eddsa-with-montgomery", CF_CKM_EDDSA, 1, cf_pair_x25519,
	CKR_KEY_TYPE_INCONSISTENT, CKR_KEY_FUNCTION_NOT_PERMITTED),
    BAD("public-half", CKM_SHA256_RSA_PKCS, 0, cf_pair_rsa,
	CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID,
	CKR_KEY_TYPE_INCONSISTENT),
    PARAM("parameter", 0),
    PARAM("context", 1),
    PARAM("prehashed", 2),
    PARAM("short-parameter", 3),
    ROW("C_Sign/pair-logged-out", "3.0 5.6.9", CF_USER, logged_out, 0, 0, NULL,
	CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_NOT_INITIALIZED,
	CKR_KEY_HANDLE_INVALID),
};

CF_GROUP(cf_group_pair_use, table)
