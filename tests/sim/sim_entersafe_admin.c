/*
 * Administrative commands of the entersafe card: class 84, a MAC of four bytes
 * behind the data, its start value a challenge that counts once.
 */
#include <string.h>

#include "tests/sim/sim_entersafe.h"

#define MAC 4
#define EF_STRUCTURE 19
#define PIN_BYTES 16
/* Length byte, 33 00, the PIN, 80 00 ..: whole blocks of eight. */
#define PIN_SEALED 24

/* Both are in public source: they protect nothing. */
static const uint8_t initial_key[16] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
    0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10};
static const uint8_t maintenance_key[16] = {0x12, 0x34, 0x56, 0x78, 0x21, 0x43,
    0x65, 0x87, 0x11, 0x22, 0xAA, 0xBB, 0x33, 0x44, 0xCD, 0xEF};

struct ca_sim_ft_key
ca_sim_es_admin_key(const struct ca_sim *s, enum ca_sim_es_admin which)
{
	uint8_t k[16];

	memcpy(k, which == CA_SIM_ES_INITIAL ? initial_key : maintenance_key,
	    sizeof(k));
	/* Not bit 0, which DES ignores. */
	for (size_t i = 0; i < sizeof(k); i++)
		k[i] ^= s->o.admin_keys == CA_SIM_ADMIN_OTHER ? 0x5A : 0x00;
	return ca_sim_ft_des(k, sizeof(k));
}

bool
ca_sim_es_mac(const struct ca_sim_ft_key *k, const uint8_t challenge[8],
    const uint8_t head[4], struct ca_rd data, uint8_t mac[4])
{
	uint8_t room[512];
	uint8_t out[8];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	ca_wr_mem(&w, head, 4);
	ca_wr_u8(&w, (uint8_t)(data.n + MAC));
	ca_wr_bytes(&w, data);
	ca_sim_ft_pad(&w, 8);
	if (!ca_wr_ok(&w) || !ca_sim_ft_mac(k, challenge, ca_wr_rd(&w), out))
		return false;
	memcpy(mac, out, MAC);
	return true;
}

/* Takes the MAC off the data if it is right. */
static uint16_t
check_mac(struct ca_sim *s, const struct ca_sim_cmd *c,
    enum ca_sim_es_admin which, struct ca_rd *data)
{
	struct ca_sim_ft_key k = ca_sim_es_admin_key(s, which);
	const uint8_t head[4] = {c->cla, c->ins, c->p1, c->p2};
	uint8_t challenge[CA_SIM_FT_CHALLENGE];
	uint8_t mac[MAC];
	struct ca_rd tail = c->data;
	struct ca_rd front;

	if (!ca_sim_ft_challenged(s, challenge))
		return SW_CONDITIONS;
	if (c->data.n <= MAC || !ca_rd_take(&tail, c->data.n - MAC, &front))
		return SW_LENGTH;
	if (!ca_sim_es_mac(&k, challenge, head, front, mac))
		return SW_FAULT;
	if (ca_const_cmp(mac, tail.p, MAC) != 0)
		return CA_SIM_FT_SW_BAD_SM;
	*data = front;
	return SW_OK;
}

/*
 * 84 E0 02 00: an EF from identifier, size, two bytes of attributes, name, ten
 * access bytes, two for secure messaging. Master file and DFs stay as they were
 * made.
 */
uint16_t
ca_sim_es_create(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_rd d;
	struct ca_rd acl;
	uint16_t fid = 0;
	uint16_t size = 0;
	uint16_t sw;

	(void)body;
	if (c->p1 != 0x02 || c->p2 != 0x00)
		return SW_P1P2;
	if (c->data.n != EF_STRUCTURE + MAC)
		return SW_LENGTH;
	sw = check_mac(s, c, CA_SIM_ES_INITIAL, &d);
	if (sw != SW_OK)
		return sw;
	if (!ca_rd_u16(&d, &fid) || !ca_rd_u16(&d, &size) ||
	    !ca_rd_skip(&d, 3) || !ca_rd_take(&d, CA_SIM_FT_ACL, &acl))
		return SW_DATA;
	return ca_sim_ft_create(s, fid, CA_SIM_FT_TRANSPARENT, size, acl);
}

/* A new value and its tries, both nibbles of the first byte. */
static uint16_t
set_pin(struct ca_sim *s, struct ca_sim_pin *p, struct ca_rd d)
{
	uint8_t tries = 0;
	uint8_t zero = 0;

	if (!ca_rd_u8(&d, &tries) || !ca_rd_u8(&d, &zero) || d.n != PIN_BYTES ||
	    tries >> 4 == 0 || (tries & 0x0F) > tries >> 4 || zero != 0 ||
	    ca_secret_set(&p->value, d) != CA_OK)
		return SW_DATA;
	p->tries_max = tries >> 4;
	p->tries = tries & 0x0F;
	p->verified = p->fresh = false;
	return ca_sim_state_pins_save(s) == CA_OK ? SW_OK : SW_MEMORY;
}

/* The deciphered data: a length, so many bytes, 80 00 .. */
static uint16_t
unseal(const struct ca_sim *s, struct ca_rd sealed, uint8_t *room,
    struct ca_rd *out)
{
	struct ca_sim_ft_key k = ca_sim_es_admin_key(s, CA_SIM_ES_MAINTAIN);
	struct ca_rd r = ca_rd_of(room, sealed.n);
	struct ca_rd d;
	uint8_t n = 0;

	if (!ca_sim_ft_ecb(&k, false, sealed, room))
		return SW_FAULT;
	if (!ca_rd_u8(&r, &n) || !ca_rd_take(&r, n, &d) ||
	    !ca_sim_ft_unpad(&r) || r.n != 0)
		return SW_DATA;
	*out = d;
	return SW_OK;
}

/* 84 F4 0B id: who has shown the PUK writes PIN or PUK. */
uint16_t
ca_sim_es_write_key(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, c->p2);
	uint8_t room[PIN_SEALED];
	struct ca_rd sealed;
	struct ca_rd plain;
	uint16_t sw;

	(void)body;
	if (c->p1 != CA_SIM_ES_PIN)
		return SW_P1P2;
	if (p == NULL)
		return SW_NO_REFERENCE;
	if (c->data.n != PIN_SEALED + MAC)
		return SW_LENGTH;
	s->counts[CA_SIM_VERIFIES]++;
	sw = check_mac(s, c, CA_SIM_ES_MAINTAIN, &sealed);
	if (sw == SW_OK && !ca_sim_allowed(s, CA_SIM_BY_PUK))
		sw = SW_SECURITY;
	if (sw == SW_OK)
		sw = unseal(s, sealed, room, &plain);
	if (sw == SW_OK)
		sw = set_pin(s, p, plain);
	ca_wipe(room, sizeof(room));
	return sw;
}
