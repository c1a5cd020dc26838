#include "module/crypto/pad.h"

#include <string.h>

#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"

ca_err
ca_pad_pkcs1(struct ca_rd t, size_t k, struct ca_wr *out)
{
	if (k < 11 || t.n > k - 11)
		return CA_E_DATA_LEN;
	ca_wr_u8(out, 0x00);
	ca_wr_u8(out, 0x01);
	ca_wr_fill(out, 0xFF, k - 3 - t.n);
	ca_wr_u8(out, 0x00);
	ca_wr_bytes(out, t);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

/* hash(seed || counter), B.2.1 step 3. */
static ca_err
mgf1_block(enum ca_hash h, struct ca_rd seed, uint32_t counter,
    struct ca_wr *out)
{
	uint8_t c[4] = {(uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
	    (uint8_t)(counter >> 8), (uint8_t)counter};
	struct ca_hash_run *r = NULL;
	ca_err e = ca_hash_new(h, &r);

	if (e == CA_OK)
		e = ca_hash_update(r, seed);
	if (e == CA_OK)
		e = ca_hash_update(r, ca_rd_of(c, sizeof(c)));
	if (e == CA_OK)
		e = ca_hash_final(r, out);
	ca_hash_free(&r);
	return e;
}

ca_err
ca_mgf1_xor(enum ca_hash h, struct ca_rd seed, uint8_t *buf, size_t n)
{
	uint8_t block[CA_HASH_LEN_MAX];
	size_t len = ca_hash_len(h);
	ca_err e = len == 0 ? CA_E_BUG : CA_OK;

	for (size_t done = 0; e == CA_OK && done < n; done += len) {
		struct ca_wr w = ca_wr_of(block, sizeof(block));

		e = mgf1_block(h, seed, (uint32_t)(done / len), &w);
		for (size_t i = 0; e == CA_OK && i < len && done + i < n; i++)
			buf[done + i] ^= block[i];
	}
	ca_wipe(block, sizeof(block));
	return e;
}

bool
ca_pss_fits(const struct ca_pss *pss, size_t bits)
{
	size_t len = ca_hash_len(pss->hash);
	size_t em = (bits + 6) / 8; /* emLen for emBits = bits - 1 */

	return em >= len + 2 && pss->salt <= em - len - 2;
}

/* H = hash(00 x 8 || value || salt), 9.1.1 steps 5 and 6. */
static ca_err
pss_hash(enum ca_hash h, struct ca_rd value, struct ca_rd salt,
    struct ca_wr *out)
{
	static const uint8_t zeros[8];
	struct ca_hash_run *r = NULL;
	ca_err e = ca_hash_new(h, &r);

	if (e == CA_OK)
		e = ca_hash_update(r, ca_rd_of(zeros, sizeof(zeros)));
	if (e == CA_OK)
		e = ca_hash_update(r, value);
	if (e == CA_OK)
		e = ca_hash_update(r, salt);
	if (e == CA_OK)
		e = ca_hash_final(r, out);
	ca_hash_free(&r);
	return e;
}

/* Makes EM of em_n bytes in em; `top` is the mask of its first byte. */
static ca_err
pss_encode(const struct ca_pss *pss, struct ca_rd value, uint8_t *em,
    size_t em_n, uint8_t top)
{
	size_t h_n = ca_hash_len(pss->hash);
	size_t db_n = em_n - h_n - 1;
	uint8_t *salt = &em[db_n - pss->salt];
	struct ca_wr h = ca_wr_of(&em[db_n], h_n);
	ca_err e;

	memset(em, 0, em_n);
	e = ca_crypto_random(salt, pss->salt);
	if (e == CA_OK)
		e = pss_hash(pss->hash, value, ca_rd_of(salt, pss->salt), &h);
	if (e != CA_OK)
		return e;
	em[db_n - pss->salt - 1] = 0x01;
	em[em_n - 1] = 0xBC;
	e = ca_mgf1_xor(pss->mgf, ca_rd_of(&em[db_n], h_n), em, db_n);
	em[0] &= top;
	return e;
}

ca_err
ca_pad_pss(const struct ca_pss *pss, struct ca_rd value, size_t bits,
    struct ca_wr *out)
{
	uint8_t em[CA_RSA_BYTES_MAX];
	size_t k = (bits + 7) / 8;
	size_t em_n = (bits + 6) / 8;
	ca_err e;

	if (bits == 0 || k > sizeof(em) || value.n != ca_hash_len(pss->hash) ||
	    !ca_pss_fits(pss, bits))
		return CA_E_DATA_LEN;
	e = pss_encode(pss, value, em, em_n,
	    (uint8_t)(0xFFu >> (8 * em_n - (bits - 1))));
	if (e == CA_OK) {
		ca_wr_fill(out, 0, k - em_n);
		ca_wr_mem(out, em, em_n);
		e = ca_wr_ok(out) ? CA_OK : CA_E_BUG;
	}
	ca_wipe(em, sizeof(em));
	return e;
}
