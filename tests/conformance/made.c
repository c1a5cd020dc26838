#include "tests/conformance/made.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>
#include <string.h>

/* clang-format off */
/* Curve and generator of P-256 (SP 800-186, 3.2.1.3): the public half of the
 * private key 1. */
static CK_BYTE p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static CK_BYTE point[] = {0x04, 0x41, 0x04,
	0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
	0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0,
	0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2,
	0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
	0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68,
	0x37, 0xbf, 0x51, 0xf5};
static CK_BYTE scalar[32] = {[31] = 1};
static CK_BYTE subject[] = {0x30, 0x00};
static CK_BYTE cert[] = {0x30, 0x03, 0x02, 0x01, 0x05};
static CK_BYTE content[] = {1, 2, 3, 4, 5};
static CK_BYTE secret[32] = {'n', 'o', 't', ' ', 's', 'e', 'c', 'r', 'e', 't'};
static CK_BYTE prime[128] = {[0] = 0xc1, [127] = 0x4f};
static CK_BYTE subprime[20] = {[0] = 0xe9, [19] = 0x61};
static CK_BYTE base[1] = {2};
static CK_BYTE id[] = {0x0c, 0xf1};
static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

static CK_OBJECT_CLASS data = CKO_DATA, certificate = CKO_CERTIFICATE,
	pub = CKO_PUBLIC_KEY, priv = CKO_PRIVATE_KEY, sec = CKO_SECRET_KEY,
	domain = CKO_DOMAIN_PARAMETERS;
static CK_CERTIFICATE_TYPE x509 = CKC_X_509;
static CK_KEY_TYPE rsa = CKK_RSA, ec = CKK_EC, generic = CKK_GENERIC_SECRET,
	aes = CKK_AES, dsa = CKK_DSA, dh = CKK_DH;

/* Numbers of an RSA key, made once. */
static CK_BYTE modulus[256], exponent[3] = {1, 0, 1}, d[256];

#define A(type, v) { type, &(v), sizeof(v) }
#define END { CF_KEEP_ALL, NULL, 0 }

static const CK_ATTRIBUTE templates[][CF_MADE_MAX] = {
	[CF_DATA] = { A(CKA_CLASS, data), A(CKA_VALUE, content), END },
	[CF_CERT] = { A(CKA_CLASS, certificate), A(CKA_CERTIFICATE_TYPE, x509),
		A(CKA_SUBJECT, subject), A(CKA_VALUE, cert), A(CKA_ID, id), END },
	[CF_RSA_PUB] = { A(CKA_CLASS, pub), A(CKA_KEY_TYPE, rsa),
		A(CKA_MODULUS, modulus), A(CKA_PUBLIC_EXPONENT, exponent),
		A(CKA_VERIFY, yes), A(CKA_ENCRYPT, yes), END },
	[CF_EC_PUB] = { A(CKA_CLASS, pub), A(CKA_KEY_TYPE, ec),
		A(CKA_EC_PARAMS, p256), A(CKA_EC_POINT, point),
		A(CKA_VERIFY, yes), END },
	[CF_RSA_PRIV] = { A(CKA_CLASS, priv), A(CKA_KEY_TYPE, rsa),
		A(CKA_MODULUS, modulus), A(CKA_PUBLIC_EXPONENT, exponent),
		A(CKA_PRIVATE_EXPONENT, d), A(CKA_SENSITIVE, yes), END },
	[CF_EC_PRIV] = { A(CKA_CLASS, priv), A(CKA_KEY_TYPE, ec),
		A(CKA_EC_PARAMS, p256), A(CKA_VALUE, scalar),
		A(CKA_SENSITIVE, yes), END },
	[CF_GENERIC] = { A(CKA_CLASS, sec), A(CKA_KEY_TYPE, generic),
		A(CKA_VALUE, secret), A(CKA_SENSITIVE, no),
		A(CKA_EXTRACTABLE, yes), A(CKA_SIGN, yes), A(CKA_VERIFY, yes),
		END },
	[CF_AES] = { A(CKA_CLASS, sec), A(CKA_KEY_TYPE, aes),
		A(CKA_VALUE, secret), A(CKA_SENSITIVE, no),
		A(CKA_EXTRACTABLE, yes), A(CKA_ENCRYPT, yes),
		A(CKA_DECRYPT, yes), END },
	[CF_DSA] = { A(CKA_CLASS, domain), A(CKA_KEY_TYPE, dsa),
		A(CKA_PRIME, prime), A(CKA_SUBPRIME, subprime),
		A(CKA_BASE, base), END },
	[CF_DH] = { A(CKA_CLASS, domain), A(CKA_KEY_TYPE, dh),
		A(CKA_PRIME, prime), A(CKA_BASE, base), END },
};
/* clang-format on */

static void
make_rsa(void)
{
	BIGNUM *n = NULL, *e = NULL;
	EVP_PKEY *key;

	if (modulus[0] != 0)
		return;
	key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	if (key != NULL &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &e) == 1) {
		BN_bn2binpad(n, modulus, sizeof(modulus));
		BN_bn2binpad(e, d, sizeof(d));
	}
	BN_free(n);
	BN_free(e);
	EVP_PKEY_free(key);
}

static bool
given(CK_ATTRIBUTE_TYPE type, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].type == type)
			return true;
	return false;
}

CK_ULONG
cf_made_template(enum cf_made which, const struct cf_bend *b,
    CK_ATTRIBUTE t[CF_MADE_MAX])
{
	static const struct cf_bend straight = {CF_KEEP_ALL, NULL, 0};
	const CK_ATTRIBUTE *from = templates[which];
	const CK_ATTRIBUTE everybody[] = {A(CKA_TOKEN, no), A(CKA_PRIVATE, no)};
	CK_ULONG n = 0;

	make_rsa();
	b = b != NULL ? b : &straight;
	for (size_t i = 0; i < CF_COUNT(everybody); i++)
		if (!given(everybody[i].type, b->add, b->add_n))
			t[n++] = everybody[i];
	for (; from->type != CF_KEEP_ALL; from++)
		if (from->type != b->drop &&
		    !given(from->type, b->add, b->add_n))
			t[n++] = *from;
	for (CK_ULONG i = 0; i < b->add_n; i++)
		t[n++] = b->add[i];
	return n;
}

CK_RV
cf_make(struct cf *c, enum cf_made which, const struct cf_bend *b,
    CK_OBJECT_HANDLE *o)
{
	CK_ATTRIBUTE t[CF_MADE_MAX];
	CK_ULONG n = cf_made_template(which, b, t);
	CK_RV rv;

	*o = CK_INVALID_HANDLE;
	rv = c->f->C_CreateObject(c->s, t, n, o);
	if (rv == CKR_OK && *o == CK_INVALID_HANDLE)
		return cf_note(c, CF_WRONG, "the handle is 0");
	return rv;
}

CK_RV
cf_made_is_flag(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    bool want)
{
	bool got = !want;
	CK_RV rv = cf_attr_bool(c, o, type, &got);

	if (rv == CKR_OK && got != want)
		return cf_note(c, CF_WRONG, "attribute 0x%lx is %d", type, got);
	return rv;
}

CK_RV
cf_made_is_number(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    CK_ULONG want)
{
	CK_ULONG got = 0;
	CK_RV rv = cf_attr_ulong(c, o, type, &got);

	if (rv == CKR_OK && got != want)
		return cf_note(c, CF_WRONG, "attribute 0x%lx is %lu", type,
		    got);
	return rv;
}

CK_RV
cf_made_is_value(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    const uint8_t *want, size_t n)
{
	uint8_t got[1024];
	size_t got_n;
	CK_RV rv = cf_attr(c, o, type, got, sizeof(got), &got_n);

	if (rv == CKR_OK && (got_n != n || memcmp(got, want, n) != 0))
		return cf_note(c, CF_WRONG, "attribute 0x%lx differs", type);
	return rv;
}

/* The private key 1 on P-256, for OpenSSL. */
static EVP_PKEY *
ec_key(void)
{
	char group[] = "prime256v1";
	BIGNUM *one = BN_new();
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (BN_set_word(one, 1) == 1 &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
		group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, one) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY,
		&point[2], sizeof(point) - 2) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	BN_free(one);
	return key;
}

/* r and s of a DER signature, each in 32 bytes. */
static bool
bare(const uint8_t *der, size_t n, uint8_t sig[64])
{
	ECDSA_SIG *rs = d2i_ECDSA_SIG(NULL, &der, (long)n);
	bool ok = rs != NULL &&
		  BN_bn2binpad(ECDSA_SIG_get0_r(rs), sig, 32) == 32 &&
		  BN_bn2binpad(ECDSA_SIG_get0_s(rs), sig + 32, 32) == 32;

	ECDSA_SIG_free(rs);
	return ok;
}

bool
cf_made_sign_ec(const uint8_t *in, size_t n, uint8_t sig[64])
{
	EVP_PKEY *key = ec_key();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[160];
	size_t der_n = sizeof(der);
	bool ok = key != NULL &&
		  EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		  EVP_DigestSign(ctx, der, &der_n, in, n) == 1 &&
		  bare(der, der_n, sig);

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}
