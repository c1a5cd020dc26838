#include "module/crypto/secret_key.h"

#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"

#define AES_BLOCK 16

static const char *
aes_name(size_t key_n)
{
	switch (key_n) {
	case 16:
		return "AES-128-ECB";
	case 24:
		return "AES-192-ECB";
	case 32:
		return "AES-256-ECB";
	default:
		return NULL;
	}
}

static const char *
des3_name(size_t key_n)
{
	return key_n == 16   ? "DES-EDE-ECB"
	       : key_n == 24 ? "DES-EDE3-ECB"
			     : NULL;
}

/* As many as two blocks of DES, which is one of AES. */
static bool
encrypt_zeros(OSSL_LIB_CTX *lib, const char *name, struct ca_rd key,
    uint8_t out[2 * AES_BLOCK])
{
	static const uint8_t zeros[AES_BLOCK];
	EVP_CIPHER *c = EVP_CIPHER_fetch(lib, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	bool ok = c != NULL && ctx != NULL &&
		  EVP_EncryptInit_ex2(ctx, c, key.p, NULL, NULL) == 1 &&
		  EVP_EncryptUpdate(ctx, out, &n, zeros, sizeof(zeros)) == 1 &&
		  n == AES_BLOCK;

	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(c);
	return ok;
}

static ca_err
check_value(const char *name, struct ca_rd key,
    uint8_t out[CA_CHECK_VALUE_BYTES])
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	uint8_t block[2 * AES_BLOCK];
	bool ok;

	if (lib == NULL || name == NULL)
		return CA_E_BUG;
	(void)ERR_set_mark();
	ok = encrypt_zeros(lib, name, key, block);
	(void)ERR_pop_to_mark();
	if (ok)
		memcpy(out, block, CA_CHECK_VALUE_BYTES);
	ca_wipe(block, sizeof(block));
	return ok ? CA_OK : CA_E_BUG;
}

ca_err
ca_aes_check_value(struct ca_rd key, uint8_t out[CA_CHECK_VALUE_BYTES])
{
	return check_value(aes_name(key.n), key, out);
}

ca_err
ca_des3_check_value(struct ca_rd key, uint8_t out[CA_CHECK_VALUE_BYTES])
{
	return check_value(des3_name(key.n), key, out);
}

/* OSSL_PARAM takes pointers that could be written through; OpenSSL only reads
 * these. */
static void *
unconst(const void *p)
{
	void *q;

	memcpy(&q, &p, sizeof(q));
	return q;
}

static bool
derive(OSSL_LIB_CTX *lib, const char *which, const char *hash,
    struct ca_rd secret, struct ca_rd shared, uint8_t *out, size_t n)
{
	EVP_KDF *kdf = EVP_KDF_fetch(lib, which, NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	char name[16];
	OSSL_PARAM params[4];
	bool ok;

	(void)snprintf(name, sizeof(name), "%s", hash);
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET,
	    unconst(secret.p), secret.n);
	params[2] = shared.n == 0
			? OSSL_PARAM_construct_end()
			: OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
			      unconst(shared.p), shared.n);
	params[3] = OSSL_PARAM_construct_end();
	ok = ctx != NULL && EVP_KDF_derive(ctx, out, n, params) == 1;
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok;
}

static ca_err
run_kdf(const char *which, enum ca_hash h, struct ca_rd secret,
    struct ca_rd shared, uint8_t *out, size_t n)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	bool ok;

	if (lib == NULL || ca_hash_name(h) == NULL)
		return CA_E_BUG;
	(void)ERR_set_mark();
	ok = derive(lib, which, ca_hash_name(h), secret, shared, out, n);
	(void)ERR_pop_to_mark();
	if (!ok)
		ca_wipe(out, n);
	return ok ? CA_OK : CA_E_BUG;
}

ca_err
ca_kdf_x963(enum ca_hash h, struct ca_rd secret, struct ca_rd shared,
    uint8_t *out, size_t n)
{
	return run_kdf("X963KDF", h, secret, shared, out, n);
}

ca_err
ca_kdf_one_step(enum ca_hash h, struct ca_rd secret, struct ca_rd shared,
    uint8_t *out, size_t n)
{
	return run_kdf("SSKDF", h, secret, shared, out, n);
}
