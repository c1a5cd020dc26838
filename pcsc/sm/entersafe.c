/* See the header. */
#include "pcsc/sm/entersafe.h"

#include <string.h>

#include "pcsc/base/secret.h"
#include "pcsc/sm/des.h"

#define PLAIN_MAX 256

ca_err
ca_entersafe_cipher(struct ca_rd key, struct ca_rd plain, struct ca_wr *out)
{
	static const uint8_t zero[CA_DES_BLOCK];
	uint8_t b[PLAIN_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	size_t total = ((plain.n + 2) / CA_DES_BLOCK + 1) * CA_DES_BLOCK;
	ca_err e = CA_OK;

	if (plain.n > 0xFF || total > sizeof(b))
		return CA_E_BUG;
	ca_wr_u8(&w, (uint8_t)plain.n);
	ca_wr_bytes(&w, plain);
	ca_wr_u8(&w, 0x80);
	ca_wr_fill(&w, 0, total - w.n);
	/* ECB: every block with a zero vector of its own. */
	for (size_t at = 0; e == CA_OK && at < total; at += CA_DES_BLOCK)
		e = ca_des_cbc(key, zero, 1, b + at, CA_DES_BLOCK);
	if (e == CA_OK)
		ca_wr_mem(out, b, total);
	ca_wipe(b, sizeof(b));
	return e == CA_OK && !ca_wr_ok(out) ? CA_E_BUG : e;
}

ca_err
ca_entersafe_mac(struct ca_rd key, struct ca_rd challenge, struct ca_rd command,
    struct ca_wr *out)
{
	uint8_t b[PLAIN_MAX + 2 * CA_DES_BLOCK], iv[CA_DES_BLOCK];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_rd half = key, first;
	size_t before;
	ca_err e;

	if (challenge.n != sizeof(iv) || !ca_rd_take(&half, 8, &first))
		return CA_E_BUG;
	ca_wr_bytes(&w, command);
	ca_wr_u8(&w, 0x80);
	ca_wr_fill(&w, 0, (CA_DES_BLOCK - w.n % CA_DES_BLOCK) % CA_DES_BLOCK);
	if (!ca_wr_ok(&w))
		return CA_E_BUG;
	before = w.n - CA_DES_BLOCK;
	memcpy(iv, challenge.p, sizeof(iv));
	e = ca_des_cbc(first, iv, 1, b, before);
	if (before > 0)
		memcpy(iv, b + before - CA_DES_BLOCK, sizeof(iv));
	if (e == CA_OK)
		e = ca_des_cbc(key, iv, 1, b + before, CA_DES_BLOCK);
	if (e == CA_OK)
		ca_wr_mem(out, b + before, CA_ENTERSAFE_MAC);
	ca_wipe(b, sizeof(b));
	return e == CA_OK && !ca_wr_ok(out) ? CA_E_BUG : e;
}
