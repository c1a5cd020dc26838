#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "tests/sim/t.h"

bool
t_signs(struct ca_rd cert, struct ca_rd sig, const char *text, size_t n)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	const unsigned char *p = cert.p;
	X509 *x = d2i_X509(NULL, &p, (long)cert.n);
	EVP_PKEY *k = x != NULL ? X509_get_pubkey(x) : NULL;
	EVP_PKEY_CTX *ctx = k != NULL ? EVP_PKEY_CTX_new(k, NULL) : NULL;
	bool ok;

	SHA256((const unsigned char *)text, n, hash);
	ok = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	     EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	     EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
	     EVP_PKEY_verify(ctx, sig.p, sig.n, hash, sizeof(hash)) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(k);
	X509_free(x);
	return ok;
}
