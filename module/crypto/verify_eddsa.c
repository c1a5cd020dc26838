/* Signatures of Edwards curves; see pubkey.h. */
#include <openssl/err.h>
#include <openssl/evp.h>

#include "module/crypto/pubkey.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/evp_key.h"

ca_err
ca_verify_eddsa(struct ca_rd spki, struct ca_rd data, struct ca_rd sig)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	EVP_MD_CTX *ctx;
	EVP_PKEY *key;
	ca_err e = CA_E_MALFORMED;

	if (lib == NULL)
		return CA_E_BUG;
	(void)ERR_set_mark();
	key = ca_evp_key(lib, spki);
	ctx = EVP_MD_CTX_new();
	if (key != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit_ex(ctx, NULL, NULL, lib, NULL, key, NULL) == 1)
		e = EVP_DigestVerify(ctx, sig.p, sig.n, data.p, data.n) == 1
			? CA_OK
			: CA_E_BAD_SIGNATURE;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	(void)ERR_pop_to_mark();
	return e;
}
