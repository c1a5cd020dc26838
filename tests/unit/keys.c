#include "tests/unit/keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
	EVP_PKEY *key;
	struct ca_buf spki, cert, pem;
} made[UT_KEYS_];

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "unit: OpenSSL: %s\n", what);
	abort();
}

/*
 * Two primes: finding them anew takes a minute under valgrind. The key that
 * they make is known to everybody and protects nothing.
 */
static const char prime_p[] =
    "EE8773BB5D6193D0E13F8F6FF88E9836BB4B9B81C014D81640C4C1A930E8A074"
    "FD1BDB7396AC107F1A950F1AEC7CF7D3A9296E0901094B6DC5306D3C2DAA90A4"
    "6BEB5321DC194C29EE4BE7FA1CD73D4D251BE7AB240157BBA1148C7C0CC9E2C3";
static const char prime_q[] =
    "EFF70338F2C4BCE5ECAC5DEE8B2D69E20CDA5A3173A41E3DBED5C690D10F397A"
    "0E40701349FCB890B948C5D91026BFD795C01B04E26B6FDBEE5FB0B74BBD6163"
    "83E593D9B7A6522C724334AFFAB707B18CFCFF294ECCB47A3A0F4AF819D6DEA5";

struct numbers {
	BIGNUM *p, *q, *n, *e, *d, *phi;
};

static void
numbers_make(struct numbers *k)
{
	BN_CTX *ctx = BN_CTX_new();

	*k = (struct numbers){.n = BN_new(), .phi = BN_new(), .e = BN_new()};
	must(ctx && k->n && k->phi && BN_hex2bn(&k->p, prime_p) &&
		 BN_hex2bn(&k->q, prime_q) && BN_set_word(k->e, 65537) &&
		 BN_mul(k->n, k->p, k->q, ctx) && BN_sub_word(k->p, 1) &&
		 BN_sub_word(k->q, 1) && BN_mul(k->phi, k->p, k->q, ctx),
	    "no numbers");
	k->d = BN_mod_inverse(NULL, k->e, k->phi, ctx);
	must(k->d != NULL, "no exponent");
	BN_CTX_free(ctx);
}

/* A modulus whose factors nobody knows is as good a wrong key as any. */
static void
numbers_spoil(struct numbers *k)
{
	must(BN_sub_word(k->n, 2), "no numbers");
}

static void
numbers_free(struct numbers *k)
{
	BN_free(k->p);
	BN_free(k->q);
	BN_free(k->n);
	BN_free(k->e);
	BN_free(k->d);
	BN_free(k->phi);
}

static EVP_PKEY *
rsa_key(bool public_only)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;
	struct numbers k;

	numbers_make(&k);
	if (public_only)
		numbers_spoil(&k);
	must(b && ctx &&
		 OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, k.n) &&
		 OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, k.e) &&
		 (public_only ||
		     OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_D, k.d)) &&
		 (params = OSSL_PARAM_BLD_to_param(b)) != NULL &&
		 EVP_PKEY_fromdata_init(ctx) == 1 &&
		 EVP_PKEY_fromdata(ctx, &key,
		     public_only ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR,
		     params) == 1,
	    "no RSA key");
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	EVP_PKEY_CTX_free(ctx);
	numbers_free(&k);
	return key;
}

EVP_PKEY *
ut_key(enum ut_key which)
{
	if (!made[which].key)
		made[which].key = which == UT_EC
				      ? EVP_EC_gen("P-256")
				      : rsa_key(which == UT_RSA_PUBLIC);
	must(made[which].key != NULL, "no key");
	return made[which].key;
}

static void
keep(struct ca_buf *to, unsigned char *der, int n)
{
	must(n > 0, "no DER");
	must(ca_buf_set(to, ca_rd_of(der, (size_t)n)) == CA_OK, "no memory");
	OPENSSL_free(der);
}

struct ca_rd
ut_key_spki(enum ut_key which)
{
	unsigned char *der = NULL;

	if (made[which].spki.n == 0) {
		int n = i2d_PUBKEY(ut_key(which), &der);

		keep(&made[which].spki, der, n);
	}
	return ca_buf_rd(&made[which].spki);
}

static X509 *
self_signed(EVP_PKEY *key, long serial)
{
	static const unsigned char cn[] = "Ng\xC6\xB0\xE1\xBB\x9Di V\xC3\xAD "
					  "D\xE1\xBB\xA5";
	X509 *x = X509_new();
	X509_NAME *name = x ? X509_get_subject_name(x) : NULL;

	must(x && X509_set_version(x, X509_VERSION_3) &&
		 ASN1_INTEGER_set(X509_get_serialNumber(x), serial) &&
		 X509_gmtime_adj(X509_getm_notBefore(x), 0) &&
		 X509_gmtime_adj(X509_getm_notAfter(x), 86400) &&
		 X509_NAME_add_entry_by_txt(name, "C", MBSTRING_UTF8,
		     (const unsigned char *)"VN", -1, -1, 0) &&
		 X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, cn, -1,
		     -1, 0) &&
		 X509_set_issuer_name(x, name) && X509_set_pubkey(x, key) &&
		 X509_sign(x, key, EVP_sha256()),
	    "no certificate");
	return x;
}

static void
make_cert(enum ut_key which)
{
	X509 *x = self_signed(ut_key(which), 1 + (long)which);
	BIO *b = BIO_new(BIO_s_mem());
	unsigned char *der = NULL;
	char *pem;
	long n;

	n = i2d_X509(x, &der);
	keep(&made[which].cert, der, (int)n);
	must(b && PEM_write_bio_X509(b, x), "no PEM");
	n = BIO_get_mem_data(b, &pem);
	must(ca_buf_set(&made[which].pem, ca_rd_of(pem, (size_t)n)) == CA_OK,
	    "no memory");
	BIO_free(b);
	X509_free(x);
}

struct ca_rd
ut_cert(enum ut_key which)
{
	if (made[which].cert.n == 0)
		make_cert(which);
	return ca_buf_rd(&made[which].cert);
}

struct ca_rd
ut_cert_pem(enum ut_key which)
{
	if (made[which].pem.n == 0)
		make_cert(which);
	return ca_buf_rd(&made[which].pem);
}

void
ut_keys_free(void)
{
	for (int i = 0; i < UT_KEYS_; i++) {
		EVP_PKEY_free(made[i].key);
		made[i].key = NULL;
		ca_buf_free(&made[i].spki);
		ca_buf_free(&made[i].cert);
		ca_buf_free(&made[i].pem);
	}
}
