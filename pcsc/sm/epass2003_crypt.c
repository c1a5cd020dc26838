#include "pcsc/sm/epass2003_crypt.h"

#include <string.h>

#include "pcsc/sm/aes.h"
#include "pcsc/sm/des.h"

static const uint8_t zero[CA_AES_BLOCK];

size_t
ca_epass2003_block(const struct ca_epass2003_keys *k)
{
	return k->kind == CA_EPASS2003_DES ? CA_DES_BLOCK : CA_AES_BLOCK;
}

void
ca_epass2003_count(struct ca_epass2003_keys *k)
{
	for (size_t i = ca_epass2003_block(k); i-- > 0;)
		if (++k->counter[i] != 0)
			break;
}

void
ca_epass2003_pad(struct ca_wr *w, size_t block)
{
	ca_wr_u8(w, 0x80);
	if (w->n % block != 0)
		ca_wr_fill(w, 0, block - w->n % block);
}

ca_err
ca_epass2003_cipher(const struct ca_epass2003_keys *k, int encrypt,
    uint8_t *data, size_t n)
{
	struct ca_rd key = ca_rd_of(k->enc, sizeof(k->enc));

	return k->kind == CA_EPASS2003_DES
		   ? ca_des_cbc(key, zero, encrypt, data, n)
		   : ca_aes_cbc(key, zero, encrypt, data, n);
}

/* ISO/IEC 9797-1 algorithm 3 ("retail MAC"): single DES but for the last block,
 * which is enciphered with both halves of the key. */
static ca_err
retail(const struct ca_epass2003_keys *k, uint8_t *b, size_t n,
    uint8_t out[CA_EPASS2003_MAC])
{
	struct ca_rd key = ca_rd_of(k->mac, sizeof(k->mac)), half = key, first;
	uint8_t iv[CA_DES_BLOCK];
	size_t before = n - CA_DES_BLOCK;
	ca_err e;

	if (!ca_rd_take(&half, 8, &first))
		return CA_E_BUG;
	memcpy(iv, k->counter, sizeof(iv));
	e = ca_des_cbc(first, iv, 1, b, before);
	if (before > 0)
		memcpy(iv, b + before - CA_DES_BLOCK, sizeof(iv));
	if (e == CA_OK)
		e = ca_des_cbc(key, iv, 1, b + before, CA_DES_BLOCK);
	memcpy(out, b + before, CA_EPASS2003_MAC);
	return e;
}

ca_err
ca_epass2003_mac(const struct ca_epass2003_keys *k, struct ca_wr *message,
    uint8_t out[CA_EPASS2003_MAC])
{
	struct ca_rd key = ca_rd_of(k->mac, sizeof(k->mac));
	uint8_t cmac[CA_AES_BLOCK];
	ca_err e;

	if (!ca_wr_ok(message) || message->n == 0)
		return CA_E_BUG;
	switch (k->kind) {
	case CA_EPASS2003_FIPS:
		e = ca_aes_cmac(key, k->counter, ca_wr_rd(message), cmac);
		memcpy(out, cmac, CA_EPASS2003_MAC);
		return e;
	case CA_EPASS2003_AES:
		e = ca_aes_cbc(key, k->counter, 1, message->p, message->n);
		if (e == CA_OK)
			memcpy(out, message->p + message->n - CA_AES_BLOCK,
			    CA_EPASS2003_MAC);
		return e;
	case CA_EPASS2003_DES:
		return retail(k, message->p, message->n, out);
	case CA_EPASS2003_PLAIN:
		break;
	}
	return CA_E_BUG;
}
