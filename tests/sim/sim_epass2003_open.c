/*
 * How the secure channel of the epass2003 is opened: mutual authentication with
 * keys that are public. Three kinds: AES, two key triple DES, and AES with the
 * derivation of the FIPS variant.
 */
#include <string.h>

#include "tests/sim/sim_epass2003.h"

#define DIVERSIFICATION 10
#define KEY_INFO_MAX 3
#define HALF 8 /* a challenge, a cryptogram, a MAC */

/* Static keys for both purposes; in public source. */
static const uint8_t public_key[16] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
    0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10};

/* As owners of tokens report them: the oldest say little, those of the FIPS
 * variant most; 84 stands where a driver looks for it. */
void
ca_sim_ep_mode(const struct ca_sim *s, struct ca_wr *body)
{
	uint8_t cipher = s->o.sm == CA_SIM_SM_3DES ? 0x02 : 0x01;
	uint8_t channel = s->o.sm == CA_SIM_SM_NONE ? 0x00 : 0x01;
	bool fips = s->o.sm == CA_SIM_SM_FIPS;

	ca_wr_tlv(body, 0x80, ca_rd_of(&cipher, 1));
	ca_wr_tlv(body, 0x81, ca_rd_of("\x1D\xD5", 2));
	ca_wr_tlv(body, 0x82, ca_rd_of("\x03", 1));
	if (!fips && s->o.sm != CA_SIM_SM_NONE)
		return;
	ca_wr_tlv(body, 0x83, ca_rd_of("\x00\x00", 2));
	ca_wr_tlv(body, 0x84, ca_rd_of(&channel, 1));
	if (!fips)
		return;
	ca_wr_u16(body, 0x850A);
	ca_wr_fill(body, 0x00, 10);
	ca_wr_tlv(body, 0x86, ca_rd_of("\x00", 1));
	ca_wr_tlv(body, 0x87, ca_rd_of("\x01", 1));
}

void
ca_sim_ep_close(struct ca_sim *s)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);

	ep->started = ep->open = ep->inside = false;
	ep->answers = 0;
	ca_wipe(&ep->enc, sizeof(ep->enc));
	ca_wipe(&ep->mac, sizeof(ep->mac));
	ca_wipe(ep->expected, sizeof(ep->expected));
	ca_wipe(ep->counter, sizeof(ep->counter));
}

static void
static_key(const struct ca_sim *s, uint8_t out[16])
{
	memcpy(out, public_key, 16);
	/* Not bit 0, which DES ignores. */
	for (size_t i = 0; i < 16; i++)
		out[i] ^= s->o.admin_keys == CA_SIM_ADMIN_OTHER ? 0x5A : 0x00;
}

static struct ca_sim_ft_key
cipher_key(const struct ca_sim *s, const uint8_t b[16])
{
	return s->o.sm == CA_SIM_SM_3DES ? ca_sim_ft_des(b, 16)
					 : ca_sim_ft_aes(b);
}

/* NIST SP 800-108 in counter mode, as GlobalPlatform's SCP03 uses it: CMAC over
 * eleven zeros, the purpose, 00, the length in bits, 01, both challenges. */
static bool
fips_derive(const uint8_t key[16], uint8_t purpose, uint16_t bits,
    struct ca_rd challenges, uint8_t out[16])
{
	uint8_t room[32];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	ca_wr_fill(&w, 0x00, 11);
	ca_wr_u8(&w, purpose);
	ca_wr_u8(&w, 0x00);
	ca_wr_u16(&w, bits);
	ca_wr_u8(&w, 0x01);
	ca_wr_bytes(&w, challenges);
	return ca_wr_ok(&w) && ca_sim_ft_cmac(key, NULL, ca_wr_rd(&w), out);
}

/* Session keys. Without FIPS both are the same: halves of both challenges,
 * each block enciphered. */
static bool
derive(struct ca_sim *s, struct ca_rd host, struct ca_rd card)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	uint8_t fixed[16];
	uint8_t both[2 * HALF];
	uint8_t enc[16];
	uint8_t mac[16];
	struct ca_wr w = ca_wr_of(both, sizeof(both));
	struct ca_sim_ft_key k;
	bool ok;

	static_key(s, fixed);
	if (s->o.sm == CA_SIM_SM_FIPS) {
		ca_wr_bytes(&w, host);
		ca_wr_bytes(&w, card);
		ok = fips_derive(fixed, 0x04, 0x0080, ca_wr_rd(&w), enc) &&
		     fips_derive(fixed, 0x06, 0x0080, ca_wr_rd(&w), mac);
	} else {
		ca_wr_mem(&w, card.p + 4, 4);
		ca_wr_mem(&w, host.p, 4);
		ca_wr_mem(&w, card.p, 4);
		ca_wr_mem(&w, host.p + 4, 4);
		k = cipher_key(s, fixed);
		ok = ca_wr_ok(&w) && ca_sim_ft_ecb(&k, true, ca_wr_rd(&w), enc);
		memcpy(mac, enc, sizeof(mac));
	}
	ep->enc = cipher_key(s, enc);
	ep->mac = cipher_key(s, mac);
	ca_wipe(enc, sizeof(enc));
	ca_wipe(mac, sizeof(mac));
	return ok;
}

/* What proves a side's knowledge of the keys; which: 00 the card, 01 the host
 * (that is also the order of the challenges without FIPS). */
static bool
cryptogram(struct ca_sim *s, uint8_t which, struct ca_rd host,
    struct ca_rd card, uint8_t out[HALF])
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	bool fips = s->o.sm == CA_SIM_SM_FIPS;
	uint8_t room[32];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	ca_wr_bytes(&w, fips || which == 0 ? host : card);
	ca_wr_bytes(&w, fips || which == 0 ? card : host);
	if (fips) {
		uint8_t mac[16];

		if (!fips_derive(ep->enc.b, which, 0x0040, ca_wr_rd(&w), mac))
			return false;
		memcpy(out, mac, HALF);
		return true;
	}
	ca_sim_ft_pad(&w, ca_sim_ft_block(&ep->enc));
	if (!ca_wr_ok(&w) ||
	    !ca_sim_ft_cbc(&ep->enc, NULL, true, ca_wr_rd(&w), room))
		return false;
	memcpy(out, room + 16, HALF);
	return true;
}

/* 80 50: the host's challenge; back go ten bytes that tell keys apart, the kind
 * of keys, the card's challenge and its cryptogram. */
uint16_t
ca_sim_ep_begin(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	uint8_t card[HALF];
	uint8_t proof[HALF];
	size_t info = s->o.sm == CA_SIM_SM_FIPS ? KEY_INFO_MAX : 2;
	size_t whole = DIVERSIFICATION + info + 2 * HALF;

	ca_sim_ep_close(s);
	if (s->o.sm == CA_SIM_SM_NONE)
		return SW_INS;
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (c->data.n != HALF)
		return SW_LENGTH;
	if (c->has_le && c->le != whole && c->le != 256)
		return (uint16_t)(SW_LE | whole);
	if (!ca_sim_ft_random(s, card, sizeof(card)) ||
	    !derive(s, c->data, ca_rd_of(card, HALF)) ||
	    !cryptogram(s, 0x00, c->data, ca_rd_of(card, HALF), proof) ||
	    !cryptogram(s, 0x01, c->data, ca_rd_of(card, HALF), ep->expected))
		return SW_FAULT;
	ep->started = true;
	ca_wr_fill(body, 0x00, DIVERSIFICATION);
	ca_wr_fill(body, 0x01, info);
	ca_wr_mem(body, card, sizeof(card));
	ca_wr_mem(body, proof, sizeof(proof));
	return SW_OK;
}

/* The MAC of step 2, which is also where the counter begins. */
static bool
step_mac(struct ca_sim *s, struct ca_rd proof, uint8_t out[HALF])
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	uint8_t room[16];
	uint8_t mac[16];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	ca_wr_mem(&w, "\x84\x82\x03\x00\x10", 5);
	ca_wr_bytes(&w, proof);
	if (s->o.sm == CA_SIM_SM_FIPS) {
		if (!ca_sim_ft_cmac(ep->mac.b, NULL, ca_wr_rd(&w), mac))
			return false;
	} else {
		ca_sim_ft_pad(&w, 16);
		if (!ca_wr_ok(&w) ||
		    !ca_sim_ft_cbc(&ep->mac, NULL, true, ca_wr_rd(&w), mac))
			return false;
		/* The last block of 3DES is the second. */
		if (!ep->mac.aes)
			memmove(mac, mac + 8, HALF);
	}
	memcpy(out, mac, HALF);
	return true;
}

uint16_t
ca_sim_ep_authenticate(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	struct ca_rd d = c->data;
	struct ca_rd proof;
	uint8_t mac[HALF];

	(void)body;
	if (c->p1 != 0x03 || c->p2 != 0x00)
		return SW_P1P2;
	if (!ca_rd_take(&d, HALF, &proof) || d.n != HALF)
		return SW_LENGTH;
	if (!ep->started)
		return SW_CONDITIONS;
	if (!step_mac(s, proof, mac))
		return SW_FAULT;
	if ((ca_const_cmp(proof.p, ep->expected, HALF) |
		ca_const_cmp(d.p, mac, HALF)) != 0) {
		ca_sim_ep_close(s);
		return CA_SIM_FT_SW_AUTH;
	}
	ep->started = false;
	ep->open = true;
	memcpy(ep->counter, mac, HALF);
	memset(ep->counter + HALF, 0x00, HALF);
	return SW_OK;
}
