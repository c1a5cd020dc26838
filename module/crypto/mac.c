#include "module/crypto/mac.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"

struct ca_mac_run {
	EVP_MAC_CTX *ctx;
};

/* OpenSSL's name of a MAC, and its parameters. */
struct how {
	const char *mac;
	OSSL_PARAM params[3];
};

static EVP_MAC_CTX *
start(OSSL_LIB_CTX *lib, const struct how *how, struct ca_rd key)
{
	EVP_MAC *mac = EVP_MAC_fetch(lib, how->mac, NULL);
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;

	if (ctx != NULL && EVP_MAC_init(ctx, key.p, key.n, how->params) != 1) {
		EVP_MAC_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_MAC_free(mac);
	return ctx;
}

static ca_err
run_new(const struct how *how, struct ca_rd key, struct ca_mac_run **out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	struct ca_mac_run *r;

	if (lib == NULL)
		return CA_E_BUG;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return CA_E_NOMEM;
	(void)ERR_set_mark();
	r->ctx = start(lib, how, key);
	(void)ERR_pop_to_mark();
	if (r->ctx == NULL) {
		free(r);
		return CA_E_BUG;
	}
	*out = r;
	return CA_OK;
}

ca_err
ca_mac_new(enum ca_hash h, struct ca_rd key, struct ca_mac_run **out)
{
	struct how how = {"HMAC", {{0}}};
	char name[16];

	if (ca_hash_name(h) == NULL || key.n == 0)
		return CA_E_BUG;
	(void)snprintf(name, sizeof(name), "%s", ca_hash_name(h));
	how.params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
	how.params[1] = OSSL_PARAM_construct_end();
	return run_new(&how, key, out);
}

/* OpenSSL wants the cipher by name; false for a key of another length. */
static bool
name_aes(size_t key_n, const char *mode, char out[16])
{
	(void)snprintf(out, 16, "AES-%zu-%s", 8 * key_n, mode);
	return key_n == 16 || key_n == 24 || key_n == 32;
}

ca_err
ca_mac_new_cmac(struct ca_rd key, struct ca_mac_run **out)
{
	struct how how = {"CMAC", {{0}}};
	char name[16];

	if (!name_aes(key.n, "CBC", name))
		return CA_E_BUG;
	how.params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0);
	how.params[1] = OSSL_PARAM_construct_end();
	return run_new(&how, key, out);
}

ca_err
ca_mac_new_gmac(struct ca_rd key, struct ca_rd iv, struct ca_mac_run **out)
{
	struct how how = {"GMAC", {{0}}};
	uint8_t copy[CA_MAC_IV_MAX];
	char name[16];
	size_t n;

	if (!name_aes(key.n, "GCM", name) || iv.n == 0 ||
	    !ca_rd_copy(iv, copy, sizeof(copy), &n))
		return CA_E_BUG;
	how.params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0);
	how.params[1] =
	    OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_IV, copy, n);
	how.params[2] = OSSL_PARAM_construct_end();
	return run_new(&how, key, out);
}

ca_err
ca_mac_update(struct ca_mac_run *r, struct ca_rd in)
{
	if (!ca_crypto_alive())
		return CA_E_BUG;
	return in.n == 0 || EVP_MAC_update(r->ctx, in.p, in.n) == 1 ? CA_OK
								    : CA_E_BUG;
}

ca_err
ca_mac_final(struct ca_mac_run *r, struct ca_wr *out)
{
	uint8_t made[CA_HASH_LEN_MAX];
	size_t n = 0;
	bool ok = ca_crypto_alive() &&
		  EVP_MAC_final(r->ctx, made, &n, sizeof(made)) == 1;

	if (ok)
		ca_wr_mem(out, made, n);
	ca_wipe(made, sizeof(made));
	return ok && ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

void
ca_mac_free(struct ca_mac_run **r)
{
	if (*r == NULL)
		return;
	if (ca_crypto_alive())
		EVP_MAC_CTX_free((*r)->ctx);
	free(*r);
	*r = NULL;
}
