/* See ossl.h. */
#include "tests/families/ossl.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

static EVP_PKEY *
key_of(const struct fam_bytes *spki)
{
	const unsigned char *p = spki->b;

	return d2i_PUBKEY(NULL, &p, (long)spki->n);
}

void
fam_ossl_hash(const char *hash, const char *text, struct fam_bytes *out)
{
	unsigned n = 0;

	(void)EVP_Digest(text, strlen(text), out->b, &n,
	    EVP_get_digestbyname(hash), NULL);
	out->n = n;
}

bool
fam_ossl_digestinfo(const char *text, struct fam_bytes *out)
{
	static const uint8_t head[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60,
	    0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
	    0x20};
	struct fam_bytes h;

	fam_ossl_hash("SHA256", text, &h);
	memcpy(out->b, head, sizeof(head));
	memcpy(&out->b[sizeof(head)], h.b, h.n);
	out->n = sizeof(head) + h.n;
	return h.n == 32;
}

void
fam_ossl_pad(size_t k, struct fam_bytes *io)
{
	size_t pad = k - io->n;

	memmove(&io->b[pad], io->b, io->n);
	memset(io->b, 0xFF, pad);
	io->b[0] = 0;
	io->b[1] = 1;
	io->b[pad - 1] = 0;
	io->n = k;
}

size_t
fam_ossl_bytes(const struct fam_bytes *spki)
{
	EVP_PKEY *key = key_of(spki);
	int n = key != NULL ? EVP_PKEY_get_size(key) : 0;

	EVP_PKEY_free(key);
	return n > 0 ? (size_t)n : 0;
}

bool
fam_ossl_same(const struct fam_bytes *a, const struct fam_bytes *b)
{
	return a->n == b->n && memcmp(a->b, b->b, a->n) == 0;
}

/* r||s as DER. */
static size_t
to_der(const struct fam_bytes *sig, uint8_t *out)
{
	size_t half = sig->n / 2;
	ECDSA_SIG *es = ECDSA_SIG_new();
	unsigned char *p = out;
	int n = 0;

	if (es != NULL && ECDSA_SIG_set0(es, BN_bin2bn(sig->b, (int)half, NULL),
			      BN_bin2bn(&sig->b[half], (int)half, NULL)) == 1)
		n = i2d_ECDSA_SIG(es, &p);
	ECDSA_SIG_free(es);
	return n > 0 ? (size_t)n : 0;
}

static bool
set_pss(EVP_PKEY_CTX *c, const EVP_MD *md, int salt)
{
	return EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(c, md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(c, salt) == 1;
}

static bool
verify_data(EVP_PKEY *key, const struct fam_use *u, const uint8_t *sig,
    size_t n)
{
	const EVP_MD *md = EVP_get_digestbyname(u->hash);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pc = NULL;
	bool good = c != NULL && md != NULL &&
		    EVP_DigestVerifyInit(c, &pc, md, NULL, key) == 1 &&
		    (!u->pss || set_pss(pc, md, u->salt)) &&
		    EVP_DigestVerify(c, sig, n, u->in.b, u->in.n) == 1;

	EVP_MD_CTX_free(c);
	return good;
}

static bool
verify_value(EVP_PKEY *key, const struct fam_use *u, const uint8_t *sig,
    size_t n)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	const EVP_MD *md =
	    u->hash != NULL ? EVP_get_digestbyname(u->hash) : NULL;
	struct fam_bytes got = {.n = sizeof(got.b)};
	bool good = false;

	if (c != NULL && (u->ec || u->pss))
		good =
		    EVP_PKEY_verify_init(c) == 1 &&
		    (!u->pss || (EVP_PKEY_CTX_set_rsa_padding(c,
				     RSA_PKCS1_PSS_PADDING) == 1 &&
				    EVP_PKEY_CTX_set_signature_md(c, md) == 1 &&
				    set_pss(c, md, u->salt))) &&
		    EVP_PKEY_verify(c, sig, n, u->in.b, u->in.n) == 1;
	else if (c != NULL)
		good = EVP_PKEY_verify_recover_init(c) == 1 &&
		       EVP_PKEY_CTX_set_rsa_padding(c,
			   u->raw ? RSA_NO_PADDING : RSA_PKCS1_PADDING) == 1 &&
		       EVP_PKEY_verify_recover(c, got.b, &got.n, sig, n) == 1 &&
		       fam_ossl_same(&got, &u->in);
	EVP_PKEY_CTX_free(c);
	return good;
}

bool
fam_ossl_verify(const struct fam_bytes *spki, const struct fam_use *u,
    const struct fam_bytes *sig)
{
	EVP_PKEY *key = key_of(spki);
	uint8_t der[FAM_BYTES];
	size_t n = u->ec ? to_der(sig, der) : sig->n;
	const uint8_t *s = u->ec ? der : sig->b;
	bool good = key != NULL && n > 0;

	if (good && u->hash != NULL && !u->hashed)
		good = verify_data(key, u, s, n);
	else if (good)
		good = verify_value(key, u, s, n);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return good;
}

static bool
set_oaep(EVP_PKEY_CTX *c, const struct fam_use *u)
{
	const EVP_MD *md = EVP_get_digestbyname(u->hash);
	size_t n = u->label != NULL ? strlen(u->label) : 0;
	void *label = n > 0 ? OPENSSL_memdup(u->label, n) : NULL;

	return EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_OAEP_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_oaep_md(c, md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(c, md) == 1 &&
	       (n == 0 ||
		   EVP_PKEY_CTX_set0_rsa_oaep_label(c, label, (int)n) == 1);
}

bool
fam_ossl_encrypt(const struct fam_bytes *spki, const struct fam_use *u,
    struct fam_bytes *out)
{
	EVP_PKEY *key = key_of(spki);
	EVP_PKEY_CTX *c = key != NULL ? EVP_PKEY_CTX_new(key, NULL) : NULL;
	bool good = c != NULL && EVP_PKEY_encrypt_init(c) == 1;

	out->n = sizeof(out->b);
	if (good && u->oaep)
		good = set_oaep(c, u);
	else if (good)
		good = EVP_PKEY_CTX_set_rsa_padding(c,
			   u->raw ? RSA_NO_PADDING : RSA_PKCS1_PADDING) == 1;
	good =
	    good && EVP_PKEY_encrypt(c, out->b, &out->n, u->in.b, u->in.n) == 1;
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(key);
	return good;
}

bool
fam_ossl_cert_key(const uint8_t *der, size_t n, struct fam_bytes *spki)
{
	const unsigned char *p = der;
	unsigned char *o = spki->b;
	X509 *x = d2i_X509(NULL, &p, (long)n);
	int len = x != NULL ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &o) : 0;

	X509_free(x);
	spki->n = len > 0 ? (size_t)len : 0;
	return len > 0;
}

static bool
renew(const uint8_t *der, size_t n, bool longer, struct fam_bytes *out)
{
	const unsigned char *p = der;
	unsigned char *o = out->b;
	X509 *x = d2i_X509(NULL, &p, (long)n);
	EVP_PKEY *issuer = EVP_EC_gen("P-256");
	X509_NAME *name = X509_NAME_new();
	char text[64];
	int len = 0;
	bool ok = x != NULL && issuer != NULL && name != NULL;

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; ok && i < (longer ? 8 : 1); i++)
		ok = X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_ASC,
			 (const unsigned char *)text, -1, -1, 0) == 1;
	if (ok && ASN1_INTEGER_set(X509_get_serialNumber(x), 77) == 1 &&
	    (!longer || X509_set_issuer_name(x, name) == 1) &&
	    X509_sign(x, issuer, EVP_sha256()) > 0 &&
	    i2d_X509(x, NULL) <= (int)sizeof(out->b))
		len = i2d_X509(x, &o);
	X509_NAME_free(name);
	EVP_PKEY_free(issuer);
	X509_free(x);
	out->n = len > 0 ? (size_t)len : 0;
	return len > 0;
}

bool
fam_ossl_outdate(const uint8_t *der, size_t n, struct fam_bytes *out)
{
	const unsigned char *p = der;
	unsigned char *o = out->b;
	X509 *x = d2i_X509(NULL, &p, (long)n);
	EVP_PKEY *issuer = EVP_EC_gen("P-256");
	int len = 0;

	if (x != NULL && issuer != NULL &&
	    ASN1_TIME_set_string(X509_getm_notAfter(x), "200102030405Z") == 1 &&
	    X509_sign(x, issuer, EVP_sha256()) > 0 &&
	    i2d_X509(x, NULL) <= (int)sizeof(out->b))
		len = i2d_X509(x, &o);
	EVP_PKEY_free(issuer);
	X509_free(x);
	out->n = len > 0 ? (size_t)len : 0;
	return len > 0;
}

bool
fam_ossl_renew(const uint8_t *der, size_t n, struct fam_bytes *out)
{
	return renew(der, n, false, out);
}

bool
fam_ossl_renew_long(const uint8_t *der, size_t n, struct fam_bytes *out)
{
	return renew(der, n, true, out);
}
