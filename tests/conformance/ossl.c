/* OpenSSL as the judge of what the module computes. */
#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "tests/conformance/cf.h"

EVP_PKEY *
cf_ossl_cert_key(const uint8_t *der, size_t n)
{
	const uint8_t *p = der;
	X509 *x = n <= LONG_MAX ? d2i_X509(NULL, &p, (long)n) : NULL;
	EVP_PKEY *key = x != NULL ? X509_get_pubkey(x) : NULL;

	X509_free(x);
	return key;
}

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx != NULL && params != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

EVP_PKEY *
cf_ossl_rsa(const uint8_t *n, size_t n_n, const uint8_t *e, size_t e_n)
{
	BIGNUM *bn = BN_bin2bn(n, (int)n_n, NULL);
	BIGNUM *be = BN_bin2bn(e, (int)e_n, NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (bn != NULL && be != NULL && bld != NULL &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, be) == 1)
		params = OSSL_PARAM_BLD_to_param(bld);
	key = from_params("RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(bn);
	BN_free(be);
	return key;
}

EVP_PKEY *
cf_ossl_ec(const uint8_t *params_der, size_t params_n, const uint8_t *point,
    size_t point_n)
{
	const uint8_t *p = params_der, *q = point;
	ASN1_OBJECT *oid = d2i_ASN1_OBJECT(NULL, &p, (long)params_n);
	ASN1_OCTET_STRING *os = d2i_ASN1_OCTET_STRING(NULL, &q, (long)point_n);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (oid != NULL && os != NULL && bld != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
		OBJ_nid2sn(OBJ_obj2nid(oid)), 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
		ASN1_STRING_get0_data(os), (size_t)ASN1_STRING_length(os)) == 1)
		params = OSSL_PARAM_BLD_to_param(bld);
	key = from_params("EC", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	ASN1_OBJECT_free(oid);
	ASN1_OCTET_STRING_free(os);
	return key;
}

size_t
cf_ossl_digest(const char *md, const uint8_t *in, size_t n,
    uint8_t out[EVP_MAX_MD_SIZE])
{
	size_t len = 0;

	if (EVP_Q_digest(NULL, md, NULL, in, n, out, &len) != 1)
		return 0;
	return len;
}

/* r||s as the DER that OpenSSL wants; freed by the caller. */
static unsigned char *
der_of(const uint8_t *sig, size_t n, size_t *der_n)
{
	ECDSA_SIG *es = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(sig, (int)(n / 2), NULL);
	BIGNUM *s = BN_bin2bn(sig + n / 2, (int)(n / 2), NULL);
	unsigned char *der = NULL;
	int len = 0;

	if (es != NULL && r != NULL && s != NULL &&
	    ECDSA_SIG_set0(es, r, s) == 1)
		len = i2d_ECDSA_SIG(es, &der);
	else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(es);
	*der_n = len > 0 ? (size_t)len : 0;
	return der;
}

static bool
set_padding(EVP_PKEY_CTX *ctx, const struct cf_sig *how)
{
	if (how->pad == 0)
		return true;
	if (EVP_PKEY_CTX_set_rsa_padding(ctx, how->pad) != 1)
		return false;
	if (how->pad != RSA_PKCS1_PSS_PADDING)
		return true;
	return EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, how->salt) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, how->mgf1_md, NULL) == 1;
}

static bool
verify_hashed(EVP_PKEY *key, const struct cf_sig *how, const uint8_t *data,
    size_t data_n, const uint8_t *sig, size_t sig_n)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = NULL;
	bool good;

	good = md != NULL &&
	       EVP_DigestVerifyInit_ex(md, &ctx, how->md, NULL, NULL, key,
		   NULL) == 1 &&
	       set_padding(ctx, how) &&
	       EVP_DigestVerify(md, sig, sig_n, data, data_n) == 1;
	EVP_MD_CTX_free(md);
	return good;
}

/* The input was not hashed by the mechanism. For PSS it is a hash already, and
 * mgf1_md names it; for PKCS#1 it is put between the padding as it is. */
static bool
verify_plain(EVP_PKEY *key, const struct cf_sig *how, const uint8_t *data,
    size_t data_n, const uint8_t *sig, size_t sig_n)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	const EVP_MD *md = NULL;
	bool good;

	if (how->pad == RSA_PKCS1_PSS_PADDING)
		md = EVP_get_digestbyname(how->mgf1_md);
	good = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	       set_padding(ctx, how) &&
	       (md == NULL || EVP_PKEY_CTX_set_signature_md(ctx, md) == 1) &&
	       EVP_PKEY_verify(ctx, sig, sig_n, data, data_n) == 1;
	EVP_PKEY_CTX_free(ctx);
	return good;
}

/* No padding at all: the public operation gives the input back. */
static bool
verify_raw(EVP_PKEY *key, const uint8_t *data, size_t data_n,
    const uint8_t *sig, size_t sig_n)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t out[1024];
	size_t n = sizeof(out), zeros;
	bool good;

	good = ctx != NULL && sig_n <= sizeof(out) &&
	       EVP_PKEY_encrypt_init(ctx) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	       EVP_PKEY_encrypt(ctx, out, &n, sig, sig_n) == 1;
	EVP_PKEY_CTX_free(ctx);
	if (!good || data_n > n)
		return false;
	/* shorter input counts as a number: zeros on the left */
	for (zeros = 0; zeros < n - data_n; zeros++)
		if (out[zeros] != 0)
			return false;
	return memcmp(out + zeros, data, data_n) == 0;
}

bool
cf_ossl_verify(EVP_PKEY *key, const struct cf_sig *how, const uint8_t *data,
    size_t data_n, const uint8_t *sig, size_t sig_n)
{
	unsigned char *der = NULL;
	bool good;

	if (how->pad == RSA_NO_PADDING)
		return verify_raw(key, data, data_n, sig, sig_n);
	if (how->pad == 0) {
		der = der_of(sig, sig_n, &sig_n);
		if (der == NULL)
			return false;
		sig = der;
	}
	good = how->md != NULL
		   ? verify_hashed(key, how, data, data_n, sig, sig_n)
		   : verify_plain(key, how, data, data_n, sig, sig_n);
	OPENSSL_free(der);
	return good;
}

/* OpenSSL owns the label it is given. */
static bool
set_label(EVP_PKEY_CTX *ctx, const uint8_t *label, size_t n)
{
	void *copy;

	if (n == 0)
		return true;
	copy = OPENSSL_memdup(label, n);
	if (copy != NULL &&
	    EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, copy, (int)n) == 1)
		return true;
	OPENSSL_free(copy);
	return false;
}

bool
cf_ossl_encrypt(EVP_PKEY *key, int pad, const char *oaep_md,
    const uint8_t *label, size_t label_n, const uint8_t *in, size_t in_n,
    uint8_t *out, size_t *out_n)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool good;

	good = ctx != NULL && EVP_PKEY_encrypt_init(ctx) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(ctx, pad) == 1;
	if (good && oaep_md != NULL)
		good = EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, oaep_md, NULL) ==
			   1 &&
		       EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, oaep_md, NULL) ==
			   1 &&
		       set_label(ctx, label, label_n);
	good = good && EVP_PKEY_encrypt(ctx, out, out_n, in, in_n) == 1;
	EVP_PKEY_CTX_free(ctx);
	return good;
}
