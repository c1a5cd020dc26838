/* Private keys wrapped and unwrapped as PKCS #8: 2.40 5.14.3, 5.14.4, mech 2.1,
 * "Wrapping/unwrapping private keys". OpenSSL makes them and judges them. */
#include <string.h>

#include <openssl/x509.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/wrap.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
static const uint8_t kek[] = "a wrapping key with 32 bytes in!";
static CK_BYTE iv[16];

struct kind {
	const char *name, *group;
	CK_KEY_TYPE type;
};
static const struct kind rsa = {"RSA", NULL, CKK_RSA},
			 p256 = {"EC", "P-256", CKK_EC},
			 p384 = {"EC", "P-384", CKK_EC},
			 p521 = {"EC", "P-521", CKK_EC},
			 ed25519 = {"ED25519", NULL, 0x40},
			 x25519 = {"X25519", NULL, 0x41};

static EVP_PKEY *
make(const struct kind *k)
{
	if (k->type == CKK_RSA)
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	return k->group != NULL ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", k->group)
				: EVP_PKEY_Q_keygen(NULL, NULL, k->name);
}

/* PrivateKeyInfo of it; the length. */
static size_t
info_of(EVP_PKEY *key, uint8_t *out)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *p = out;
	int n = i2d_PKCS8_PRIV_KEY_INFO(info, NULL);

	if (n > 0 && n <= CF_WRAP_OUT)
		n = i2d_PKCS8_PRIV_KEY_INFO(info, &p);
	PKCS8_PRIV_KEY_INFO_free(info);
	return n > 0 ? (size_t)n : 0;
}

/* AES-256-CBC with padding, or KWP, by OpenSSL. */
static size_t
cipher(CK_MECHANISM_TYPE how, bool encrypt, const uint8_t *in, size_t n,
    uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool pad = how == CKM_AES_CBC_PAD;
	const EVP_CIPHER *c = pad ? EVP_aes_256_cbc() : EVP_aes_256_wrap_pad();
	int done = 0, end = 0;
	bool ok;

	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	ok = EVP_CipherInit_ex(ctx, c, NULL, kek, pad ? iv : NULL, encrypt) ==
		 1 &&
	     EVP_CipherUpdate(ctx, out, &done, in, (int)n) == 1 &&
	     EVP_CipherFinal_ex(ctx, out + done, &end) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return ok ? (size_t)(done + end) : 0;
}

static CK_MECHANISM *
mech_of(CK_MECHANISM_TYPE how)
{
	static CK_MECHANISM m;

	m = (CK_MECHANISM){how, NULL, 0};
	if (how == CKM_AES_CBC_PAD)
		m = (CK_MECHANISM){how, iv, sizeof(iv)};
	return &m;
}

/* Brought in under `w`, as what `what` says. */
static CK_RV
bring(struct cf *c, CK_MECHANISM_TYPE how, CK_OBJECT_HANDLE w, CK_BYTE *in,
    CK_ULONG n, CK_KEY_TYPE type, const char *what, CK_OBJECT_HANDLE *o)
{
	CK_ATTRIBUTE t[12] = {{CKA_CLASS, &private_key, sizeof(private_key)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)}, {CKA_SIGN, &yes, sizeof(yes)}};
	CK_ULONG t_n = 5 + cf_wrap_flags(what, &t[5]);

	if (type == 0x41)
		t[4] = (CK_ATTRIBUTE){CKA_DERIVE, &yes, sizeof(yes)};
	return c->f->C_UnwrapKey(c->s, mech_of(how), w, in, n, t, t_n, o);
}

static CK_RV
begin(struct cf *c, CK_MECHANISM_TYPE how, CK_OBJECT_HANDLE *w)
{
	if (!cf_mech_can(c, how, CKF_WRAP | CKF_UNWRAP))
		return cf_note(c, CF_SKIP, "not offered");
	return cf_wrap_secret(c, CKK_AES, kek, 32, "WU", w);
}

/* A new key of this kind, brought in under *w. k->a: the mechanism. *key NULL:
 * there is none; else it is the caller's. */
static CK_RV
bring_new(struct cf *c, const struct cf_case *k, const struct kind *kind,
    const char *what, EVP_PKEY **key, CK_OBJECT_HANDLE *w, CK_OBJECT_HANDLE *o)
{
	CK_BYTE in[CF_WRAP_OUT];
	uint8_t info[CF_WRAP_OUT];
	size_t n;
	CK_RV rv = begin(c, k->a, w);

	*key = NULL;
	if (rv != CKR_OK)
		return rv;
	*key = make(kind);
	n = cipher(k->a, true, info, info_of(*key, info), in);
	return bring(c, k->a, *w, in, n, kind->type, what, o);
}

/* What comes out again is the same key. */
static CK_RV
goes_out(struct cf *c, CK_MECHANISM_TYPE how, CK_OBJECT_HANDLE w,
    CK_OBJECT_HANDLE o, EVP_PKEY *key)
{
	CK_BYTE out[CF_WRAP_OUT];
	uint8_t info[CF_WRAP_OUT];
	const unsigned char *p = info;
	CK_ULONG n;
	EVP_PKEY *got;
	size_t info_n;
	bool same;
	CK_RV rv = cf_wrap_wrap(c, mech_of(how), w, o, out, &n);

	if (rv != CKR_OK)
		return rv;
	info_n = cipher(how, false, out, n, info);
	got = d2i_AutoPrivateKey(NULL, &p, (long)info_n);
	same = got != NULL && EVP_PKEY_eq(got, key) == 1;
	EVP_PKEY_free(got);
	return same ? CKR_OK : cf_note(c, CF_WRONG, "not the key for OpenSSL");
}

/* a: the mechanism; p: the kind of key. */
static CK_RV
round_trip(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE w, o;
	EVP_PKEY *key;
	CK_RV rv = bring_new(c, k, k->p, "sX", &key, &w, &o);

	if (rv == CKR_OK)
		rv = goes_out(c, k->a, w, o, key);
	EVP_PKEY_free(key);
	return rv;
}

/* A key that came in signs, and OpenSSL agrees. */
static CK_RV
signs(struct cf *c, const struct cf_case *k)
{
	const struct kind *kind = k->p;
	CK_MECHANISM m = {
	    kind->type == CKK_RSA ? CKM_RSA_PKCS : CKM_ECDSA, NULL, 0};
	struct cf_sig how = {NULL, kind->type == CKK_RSA ? 1 : 0, NULL, 0};
	CK_BYTE data[32] = {1, 2, 3}, sig[512];
	CK_OBJECT_HANDLE w, o;
	CK_ULONG sig_n = sizeof(sig);
	EVP_PKEY *key;
	CK_RV rv = bring_new(c, k, kind, "S", &key, &w, &o);

	if (rv == CKR_OK && (rv = c->f->C_SignInit(c->s, &m, o)) == CKR_OK &&
	    (rv = c->f->C_Sign(c->s, data, 32, sig, &sig_n)) == CKR_OK &&
	    !cf_ossl_verify(key, &how, data, 32, sig, sig_n))
		rv = cf_note(c, CF_WRONG, "the signature is wrong");
	EVP_PKEY_free(key);
	return rv;
}

/* A sensitive key under a key that was generated for wrapping: it comes back as
 * a sensitive one only. p: what it is to be. */
static CK_RV
sensitive(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE known, w, o, back;
	CK_ULONG n;
	EVP_PKEY *key;
	CK_RV rv = bring_new(c, k, &p256, "SX", &key, &known, &o);

	EVP_PKEY_free(key);
	if (rv != CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "WU", &w)) != CKR_OK ||
	    (rv = cf_wrap_wrap(c, mech_of(k->a), w, o, out, &n)) != CKR_OK)
		return rv;
	return bring(c, k->a, w, out, n, CKK_EC, k->p, &back);
}

enum bend {
	OTHER_TYPE, /* an EC key as one of RSA */
	CUT,        /* the encoding ends early */
	MORE,       /* something follows it */
	NO_KEY,     /* bytes that are no PKCS #8 */
	OTHER_CURVE,
	NO_TYPE,
};

/* a: the mechanism; b: the bend. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	static CK_BYTE other[] = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
	CK_KEY_TYPE type = k->b == OTHER_TYPE ? CKK_RSA : CKK_EC;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &private_key, sizeof(private_key)},
	    {CKA_TOKEN, &no, sizeof(no)}, {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_EC_PARAMS, other, sizeof(other)}};
	CK_BYTE in[CF_WRAP_OUT];
	uint8_t info[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, o;
	EVP_PKEY *key;
	size_t n;
	CK_RV rv = begin(c, k->a, &w);

	if (rv != CKR_OK)
		return rv;
	key = make(&p256);
	n = info_of(key, info);
	EVP_PKEY_free(key);
	if (k->b == CUT)
		n -= 5;
	if (k->b == MORE)
		memset(&info[n++], 1, 1);
	if (k->b == NO_KEY)
		memset(info, 0x30, n);
	n = cipher(k->a, true, info, n, in);
	return c->f->C_UnwrapKey(c->s, mech_of(k->a), w, in, n, t,
	    k->b == NO_TYPE       ? 2
	    : k->b == OTHER_CURVE ? 4
				  : 3,
	    &o);
}

/* Under a public key: RSA has no room for it, and it is not done. */
static CK_RV
under_rsa(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[] = {{CKA_WRAP, &yes, sizeof(yes)}};
	struct cf_bend wraps = {CF_KEEP_ALL, t, 1};
	CK_ATTRIBUTE u[] = {
	    {CKA_SENSITIVE, &no, 1}, {CKA_EXTRACTABLE, &yes, 1}};
	struct cf_bend open = {CF_KEEP_ALL, u, 2};
	CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, o;
	CK_ULONG n;
	CK_RV rv;

	(void)k;
	if (!cf_mech_can(c, CKM_RSA_PKCS, CKF_WRAP))
		return cf_note(c, CF_SKIP, "not offered");
	if ((rv = cf_make(c, CF_RSA_PUB, &wraps, &w)) != CKR_OK ||
	    (rv = cf_make(c, CF_EC_PRIV, &open, &o)) != CKR_OK)
		return rv;
	return cf_wrap_wrap(c, &m, w, o, out, &n);
}

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		what, "2.40 5.14.3, mech 2.1", CF_RO, 0, fn, a, b, p,          \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define KWP CF_CKM_AES_KEY_WRAP_KWP
#define PAD CKM_AES_CBC_PAD
#define ROUND(what, mech, p)                                                   \
	ROW("C_WrapKey/private-" what, round_trip, mech, 0, &p, CKR_OK)
#define BAD(what, mech, bend, ...)                                             \
	ROW("C_UnwrapKey/private-" what, refused, mech, bend, NULL, __VA_ARGS__)
#define INVALID CKR_WRAPPED_KEY_INVALID

static const struct cf_case table[] = {
    ROUND("kwp-rsa", KWP, rsa),
    ROUND("kwp-p256", KWP, p256),
    ROUND("kwp-p384", KWP, p384),
    ROUND("kwp-p521", KWP, p521),
    ROUND("kwp-ed25519", KWP, ed25519),
    ROUND("kwp-x25519", KWP, x25519),
    ROUND("cbc-pad-rsa", PAD, rsa),
    ROUND("cbc-pad-p256", PAD, p256),
    ROW("C_UnwrapKey/private-rsa-signs", signs, KWP, 0, &rsa, CKR_OK),
    ROW("C_UnwrapKey/private-p256-signs", signs, KWP, 0, &p256, CKR_OK),
    ROW("C_UnwrapKey/private-sensitive-kwp", sensitive, KWP, 0, "S", CKR_OK),
    ROW("C_UnwrapKey/private-sensitive-cbc-pad", sensitive, PAD, 0, "S",
	CKR_OK),
    ROW("attack/private-key-readable", sensitive, KWP, 0, "sX",
	CKR_TEMPLATE_INCONSISTENT, CKR_KEY_NOT_WRAPPABLE),
    ROW("attack/private-key-readable-pad", sensitive, PAD, 0, "sX",
	CKR_TEMPLATE_INCONSISTENT, CKR_KEY_NOT_WRAPPABLE),
    BAD("other-type", KWP, OTHER_TYPE, INVALID, CKR_TEMPLATE_INCONSISTENT),
    BAD("cut", KWP, CUT, INVALID),
    BAD("more", KWP, MORE, INVALID),
    BAD("no-key", KWP, NO_KEY, INVALID),
    BAD("no-key-cbc-pad", PAD, NO_KEY, INVALID),
    BAD("other-curve", KWP, OTHER_CURVE, CKR_TEMPLATE_INCONSISTENT),
    BAD("no-type", KWP, NO_TYPE, CKR_TEMPLATE_INCOMPLETE),
    ROW("C_WrapKey/private-under-rsa", under_rsa, 0, 0, NULL,
	CKR_KEY_NOT_WRAPPABLE, CKR_WRAPPING_KEY_TYPE_INCONSISTENT,
	CKR_KEY_SIZE_RANGE),
};

CF_GROUP(cf_group_wrap_private, table)
