/* See the header. */
#include "pcsc/sm/aes.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "pcsc/base/secret.h"

#define CMAC_POLYNOMIAL 0x87 /* SP 800-38B, 5.3: R of 128 bits */

ca_err
ca_aes_cbc(struct ca_rd key, const uint8_t *iv, int encrypt, uint8_t *data,
    size_t n)
{
	EVP_CIPHER_CTX *ctx = NULL;
	int len = 0;
	ca_err e = CA_E_NOMEM;

	if (n % CA_AES_BLOCK != 0 || n > INT_MAX || key.n != CA_AES_KEY)
		return CA_E_BUG;
	(void)ERR_set_mark();
	if ((ctx = EVP_CIPHER_CTX_new()) != NULL)
		e = EVP_CipherInit_ex2(ctx, EVP_aes_128_cbc(), key.p, iv,
			encrypt, NULL) == 1 &&
			    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
			    EVP_CipherUpdate(ctx, data, &len, data, (int)n) ==
				1 &&
			    (size_t)len == n
			? CA_OK
			: CA_E_BUG;
	EVP_CIPHER_CTX_free(ctx);
	(void)ERR_pop_to_mark();
	return e;
}

/* Twice the block, as a polynomial (SP 800-38B, 6.1). */
static void
double_block(uint8_t b[CA_AES_BLOCK])
{
	unsigned carry = 0;

	for (size_t i = CA_AES_BLOCK; i-- > 0;) {
		unsigned v = (unsigned)b[i] << 1 | carry;

		carry = v >> 8;
		b[i] = (uint8_t)v;
	}
	b[CA_AES_BLOCK - 1] ^= (uint8_t)(CMAC_POLYNOMIAL & (0U - carry));
}

/* What is added to the last block: one key where it is whole, else another. */
static ca_err
subkey(struct ca_rd key, bool whole, uint8_t out[CA_AES_BLOCK])
{
	static const uint8_t zero[CA_AES_BLOCK];
	ca_err e;

	memset(out, 0, CA_AES_BLOCK);
	if ((e = ca_aes_cbc(key, zero, 1, out, CA_AES_BLOCK)) != CA_OK)
		return e;
	double_block(out);
	if (!whole)
		double_block(out);
	return CA_OK;
}

ca_err
ca_aes_cmac(struct ca_rd key, const uint8_t *iv, struct ca_rd message,
    uint8_t out[CA_AES_BLOCK])
{
	uint8_t last[CA_AES_BLOCK] = {0}, k[CA_AES_BLOCK], chain[CA_AES_BLOCK];
	struct ca_rd block;
	size_t n;
	ca_err e;

	memcpy(chain, iv, sizeof(chain));
	if ((e = subkey(key, message.n > 0 && message.n % CA_AES_BLOCK == 0,
		 k)) != CA_OK)
		return e;
	while (e == CA_OK && message.n > CA_AES_BLOCK) {
		if (!ca_rd_take(&message, CA_AES_BLOCK, &block))
			return CA_E_BUG;
		memcpy(last, block.p, sizeof(last));
		e = ca_aes_cbc(key, chain, 1, last, sizeof(last));
		memcpy(chain, last, sizeof(chain));
	}
	memset(last, 0, sizeof(last));
	if (!ca_rd_copy(message, last, sizeof(last), &n))
		return CA_E_BUG;
	if (n < sizeof(last))
		last[n] = 0x80;
	for (size_t i = 0; i < sizeof(last); i++)
		last[i] ^= k[i];
	if (e == CA_OK)
		e = ca_aes_cbc(key, chain, 1, last, sizeof(last));
	memcpy(out, last, sizeof(last));
	ca_wipe(k, sizeof(k));
	ca_wipe(last, sizeof(last));
	return e;
}
