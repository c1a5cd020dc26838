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

static EVP_MAC_CTX *
start(OSSL_LIB_CTX *lib, enum ca_hash h, struct ca_rd key)
{
	EVP_MAC *mac = EVP_MAC_fetch(lib, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	char name[16];
	OSSL_PARAM params[2];

	(void)snprintf(name, sizeof(name), "%s", ca_hash_name(h));
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
	params[1] = OSSL_PARAM_construct_end();
	if (ctx != NULL && EVP_MAC_init(ctx, key.p, key.n, params) != 1) {
		EVP_MAC_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_MAC_free(mac);
	return ctx;
}

ca_err
ca_mac_new(enum ca_hash h, struct ca_rd key, struct ca_mac_run **out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	struct ca_mac_run *r;

	if (lib == NULL || ca_hash_name(h) == NULL || key.n == 0)
		return CA_E_BUG;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return CA_E_NOMEM;
	(void)ERR_set_mark();
	r->ctx = start(lib, h, key);
	(void)ERR_pop_to_mark();
	if (r->ctx == NULL) {
		free(r);
		return CA_E_BUG;
	}
	*out = r;
	return CA_OK;
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
