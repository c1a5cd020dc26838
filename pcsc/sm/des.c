/* See the header. */
#include "pcsc/sm/des.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "pcsc/base/secret.h"
#include "pcsc/base/wr.h"
#include "pcsc/ossl/ctx.h"

#define KEY_BYTES 24

/* The three keys that stand for one, two or three. */
static ca_err
widen(struct ca_rd key, struct ca_wr *out)
{
	struct ca_rd first = key, half;

	switch (key.n) {
	case 8:
		ca_wr_bytes(out, key);
		ca_wr_bytes(out, key);
		break;
	case 16:
		if (!ca_rd_take(&first, 8, &half))
			return CA_E_BUG;
		ca_wr_bytes(out, key);
		ca_wr_bytes(out, half);
		return CA_OK;
	case 24:
		break;
	default:
		return CA_E_BUG;
	}
	ca_wr_bytes(out, key);
	return CA_OK;
}

ca_err
ca_des_cbc(struct ca_rd key, const uint8_t *iv, int encrypt, uint8_t *data,
    size_t n)
{
	uint8_t wide[KEY_BYTES];
	struct ca_wr w = ca_wr_of(wide, sizeof(wide));
	EVP_CIPHER_CTX *ctx = NULL;
	EVP_CIPHER *cipher = NULL;
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	int len = 0;
	ca_err e = CA_E_NOMEM;

	if (n % CA_DES_BLOCK != 0 || n > INT_MAX || widen(key, &w) != CA_OK)
		return CA_E_BUG;
	(void)ERR_set_mark();
	if (lib != NULL)
		cipher = EVP_CIPHER_fetch(lib, "DES-EDE3-CBC", NULL);
	if (cipher != NULL && (ctx = EVP_CIPHER_CTX_new()) != NULL)
		e = EVP_CipherInit_ex2(ctx, cipher, wide, iv, encrypt, NULL) ==
				1 &&
			    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
			    EVP_CipherUpdate(ctx, data, &len, data, (int)n) ==
				1 &&
			    (size_t)len == n
			? CA_OK
			: CA_E_BUG;
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	(void)ERR_pop_to_mark();
	ca_wipe(wide, sizeof(wide));
	return e;
}
