#include "pcsc/ossl/ctx.h"

#include <stdatomic.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

static _Atomic(OSSL_LIB_CTX *) the_ctx;

bool
ca_crypto_alive(void)
{
	/* OPENSSL_init_crypto() is documented to fail after the cleanup. */
	return OPENSSL_init_crypto(0, NULL) == 1;
}

OSSL_LIB_CTX *
ca_crypto_ctx(void)
{
	OSSL_LIB_CTX *have, *mine;

	if (!ca_crypto_alive())
		return NULL;
	have = atomic_load(&the_ctx);
	if (have != NULL)
		return have;
	mine = OSSL_LIB_CTX_new();
	if (mine == NULL)
		return NULL;
	if (atomic_compare_exchange_strong(&the_ctx, &have, mine))
		return mine;
	OSSL_LIB_CTX_free(mine); /* another thread was first */
	return have;
}

void
ca_crypto_end(void)
{
	OSSL_LIB_CTX *ctx = atomic_exchange(&the_ctx, NULL);

	if (ctx != NULL && ca_crypto_alive())
		OSSL_LIB_CTX_free(ctx);
}

ca_err
ca_crypto_random(uint8_t *out, size_t n)
{
	OSSL_LIB_CTX *ctx = ca_crypto_ctx();
	ca_err e = CA_E_BUG;

	if (ctx == NULL)
		return e;
	ERR_set_mark();
	if (RAND_bytes_ex(ctx, out, n, 0) == 1)
		e = CA_OK;
	ERR_pop_to_mark();
	return e;
}
