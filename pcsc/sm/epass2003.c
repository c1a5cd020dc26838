/* See the header: session keys and cryptograms. */
#include "pcsc/sm/epass2003.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#include "pcsc/base/secret.h"
#include "pcsc/sm/aes.h"
#include "pcsc/sm/des.h"
#include "pcsc/sm/epass2003_crypt.h"

/* GET DATA 0186: where it says what. Older tokens end sooner (10, 14, 17 and
 * 32 bytes are reported); what is not said counts as 00. */
#define DATA_MIN 3
#define DATA_CIPHER 2
#define DATA_FIPS 32
#define DATA_CHANNEL 14

/* The answer to the challenge: diversification data, then key information of
 * 2 bytes (FIPS: 3), the card's challenge and its cryptogram. */
#define INFO_BYTES 12
#define CRYPTOGRAM 8

/* Constants of the FIPS derivation (NIST SP 800-108 in counter mode). */
enum {
	FOR_CARD = 0x00,
	FOR_HOST = 0x01,
	FOR_ENC = 0x04,
	FOR_MAC = 0x06,
};

static const uint8_t zero[CA_AES_BLOCK];

/* Whether these bytes stand there. */
static bool
stands_at(struct ca_rd data, size_t at, const uint8_t *b, size_t n)
{
	struct ca_rd there;

	return ca_rd_skip(&data, at) && ca_rd_take(&data, n, &there) &&
	       ca_rd_equal(there, ca_rd_of(b, n));
}

ca_err
ca_epass2003_kind(struct ca_rd data, enum ca_epass2003_kind *out)
{
	static const uint8_t aes[] = {0x80, 0x01, 0x01};
	static const uint8_t fips[] = {0x87, 0x01, 0x01};
	static const uint8_t tag = 0x84, off = 0x00, on = 0x01;

	if (data.n < DATA_MIN)
		return CA_E_UNSUPPORTED;
	if (stands_at(data, DATA_CHANNEL, &tag, 1) &&
	    (data.n <= DATA_CHANNEL + 2 ||
		stands_at(data, DATA_CHANNEL + 2, &off, 1)))
		*out = CA_EPASS2003_PLAIN;
	else if (stands_at(data, 0, aes, sizeof(aes)) &&
		 stands_at(data, DATA_FIPS, fips, sizeof(fips)))
		*out = CA_EPASS2003_FIPS;
	else
		*out = stands_at(data, DATA_CIPHER, &on, 1) ? CA_EPASS2003_AES
							    : CA_EPASS2003_DES;
	return CA_OK;
}

size_t
ca_epass2003_answer_size(enum ca_epass2003_kind kind)
{
	return INFO_BYTES + (kind == CA_EPASS2003_FIPS ? 1 : 0) +
	       CA_EPASS2003_CHALLENGE + CRYPTOGRAM;
}

ca_err
ca_epass2003_begin(struct ca_epass2003 *s, enum ca_epass2003_kind kind)
{
	bool ok;

	memset(s, 0, sizeof(*s));
	s->kind = kind;
	(void)ERR_set_mark();
	ok = RAND_bytes(s->host, sizeof(s->host)) == 1;
	(void)ERR_pop_to_mark();
	return ok ? CA_OK : CA_E_IO;
}

static ca_err
cbc(enum ca_epass2003_kind kind, struct ca_rd key, uint8_t *data, size_t n)
{
	return kind == CA_EPASS2003_DES ? ca_des_cbc(key, zero, 1, data, n)
					: ca_aes_cbc(key, zero, 1, data, n);
}

/* ---- AES and triple DES: a block of both challenges, enciphered ---- */

static ca_err
classic_key(const struct ca_epass2003 *s, struct ca_rd key, struct ca_rd card,
    uint8_t out[CA_EPASS2003_KEY])
{
	struct ca_rd host = ca_rd_of(s->host, sizeof(s->host)), h0, c0;
	struct ca_wr w = ca_wr_of(out, CA_EPASS2003_KEY);
	ca_err e = CA_OK;

	if (!ca_rd_take(&host, 4, &h0) || !ca_rd_take(&card, 4, &c0))
		return CA_E_BUG;
	ca_wr_bytes(&w, card);
	ca_wr_bytes(&w, h0);
	ca_wr_bytes(&w, c0);
	ca_wr_bytes(&w, host);
	if (s->kind == CA_EPASS2003_AES)
		return cbc(s->kind, key, out, w.n);
	/* ECB: each block with a zero vector of its own. */
	for (size_t at = 0; e == CA_OK && at < w.n; at += CA_DES_BLOCK)
		e = cbc(s->kind, key, out + at, CA_DES_BLOCK);
	return e;
}

/* The block behind two challenges and their padding. */
static ca_err
classic_cryptogram(const struct ca_epass2003 *s, struct ca_rd first,
    struct ca_rd second, uint8_t out[CRYPTOGRAM])
{
	uint8_t b[2 * CA_AES_BLOCK];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e;

	ca_wr_bytes(&w, first);
	ca_wr_bytes(&w, second);
	ca_wr_u8(&w, 0x80);
	ca_wr_fill(&w, 0,
	    (s->kind == CA_EPASS2003_DES ? CA_DES_BLOCK : CA_AES_BLOCK) - 1);
	e = cbc(s->kind, ca_rd_of(s->enc, sizeof(s->enc)), b, w.n);
	memcpy(out, b + 2 * CA_EPASS2003_CHALLENGE, CRYPTOGRAM);
	ca_wipe(b, sizeof(b));
	return e;
}

/* ---- FIPS: CMACs over a label, the challenges and a purpose ---- */

static ca_err
fips_derive(const struct ca_epass2003 *s, struct ca_rd key, struct ca_rd card,
    uint8_t purpose, uint16_t bits, uint8_t out[CA_AES_BLOCK])
{
	uint8_t b[2 * CA_AES_BLOCK];
	struct ca_wr w = ca_wr_of(b, sizeof(b));

	ca_wr_fill(&w, 0, 11);
	ca_wr_u8(&w, purpose);
	ca_wr_u8(&w, 0x00);
	ca_wr_u16(&w, bits);
	ca_wr_u8(&w, 0x01);
	ca_wr_mem(&w, s->host, sizeof(s->host));
	ca_wr_bytes(&w, card);
	if (!ca_wr_ok(&w) || w.n != sizeof(b))
		return CA_E_BUG;
	return ca_aes_cmac(key, zero, ca_wr_rd(&w), out);
}

static ca_err
fips_cryptogram(const struct ca_epass2003 *s, struct ca_rd card,
    uint8_t purpose, uint8_t out[CRYPTOGRAM])
{
	uint8_t b[CA_AES_BLOCK];
	ca_err e = fips_derive(s, ca_rd_of(s->enc, sizeof(s->enc)), card,
	    purpose, 8 * CRYPTOGRAM, b);

	memcpy(out, b, CRYPTOGRAM);
	ca_wipe(b, sizeof(b));
	return e;
}

/* ---- both ---- */

static ca_err
session_keys(struct ca_epass2003 *s, struct ca_rd enc, struct ca_rd mac,
    struct ca_rd card)
{
	ca_err e;

	if (s->kind == CA_EPASS2003_FIPS) {
		e = fips_derive(s, enc, card, FOR_ENC, 8 * sizeof(s->enc),
		    s->enc);
		return e != CA_OK ? e
				  : fips_derive(s, mac, card, FOR_MAC,
					8 * sizeof(s->mac), s->mac);
	}
	e = classic_key(s, enc, card, s->enc);
	return e != CA_OK ? e : classic_key(s, mac, card, s->mac);
}

static ca_err
cryptograms(const struct ca_epass2003 *s, struct ca_rd card,
    uint8_t of_card[CRYPTOGRAM], uint8_t of_host[CRYPTOGRAM])
{
	struct ca_rd host = ca_rd_of(s->host, sizeof(s->host));
	ca_err e;

	if (s->kind == CA_EPASS2003_FIPS) {
		e = fips_cryptogram(s, card, FOR_CARD, of_card);
		return e != CA_OK ? e
				  : fips_cryptogram(s, card, FOR_HOST, of_host);
	}
	e = classic_cryptogram(s, host, card, of_card);
	return e != CA_OK ? e : classic_cryptogram(s, card, host, of_host);
}

/* The MAC of EXTERNAL AUTHENTICATE, which the counter begins with. */
static ca_err
proof_mac(const struct ca_epass2003 *s, const uint8_t cryptogram[CRYPTOGRAM],
    uint8_t out[CA_EPASS2003_MAC])
{
	static const uint8_t head[] = {0x84, 0x82, 0x03, 0x00, 0x10};
	struct ca_rd key = ca_rd_of(s->mac, sizeof(s->mac));
	uint8_t b[CA_AES_BLOCK], cmac[CA_AES_BLOCK];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	bool last = s->kind == CA_EPASS2003_DES;
	ca_err e;

	ca_wr_mem(&w, head, sizeof(head));
	ca_wr_mem(&w, cryptogram, CRYPTOGRAM);
	if (s->kind == CA_EPASS2003_FIPS) {
		e = ca_aes_cmac(key, zero, ca_wr_rd(&w), cmac);
		memcpy(out, cmac, CA_EPASS2003_MAC);
		return e;
	}
	ca_wr_u8(&w, 0x80);
	ca_wr_fill(&w, 0, sizeof(b) - w.n);
	e = cbc(s->kind, key, b, sizeof(b));
	memcpy(out, b + (last ? CA_DES_BLOCK : 0), CA_EPASS2003_MAC);
	return e;
}

ca_err
ca_epass2003_answer(struct ca_epass2003 *s, struct ca_rd static_enc,
    struct ca_rd static_mac, struct ca_rd answer, struct ca_wr *proof)
{
	uint8_t mine[CRYPTOGRAM], host[CRYPTOGRAM], mac[CA_EPASS2003_MAC];
	size_t size = ca_epass2003_answer_size(s->kind);
	struct ca_rd card;
	ca_err e;

	if (static_enc.n != sizeof(s->enc) || static_mac.n != sizeof(s->mac))
		return CA_E_BUG;
	if (answer.n != size ||
	    !ca_rd_skip(&answer, size - CA_EPASS2003_CHALLENGE - CRYPTOGRAM) ||
	    !ca_rd_take(&answer, CA_EPASS2003_CHALLENGE, &card))
		return CA_E_MALFORMED;
	if ((e = session_keys(s, static_enc, static_mac, card)) != CA_OK ||
	    (e = cryptograms(s, card, mine, host)) != CA_OK)
		return e;
	if (ca_const_cmp(mine, answer.p, sizeof(mine)) != 0)
		return CA_E_REFUSED;
	if ((e = proof_mac(s, host, mac)) != CA_OK)
		return e;
	memset(s->counter, 0, sizeof(s->counter));
	memcpy(s->counter, mac, sizeof(mac));
	ca_wr_mem(proof, host, sizeof(host));
	ca_wr_mem(proof, mac, sizeof(mac));
	return ca_wr_ok(proof) ? CA_OK : CA_E_BUG;
}
