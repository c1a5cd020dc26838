/* PINs of the epass2003: the card keeps a key made of the PIN, and who knows it
 * enciphers a challenge. */
#include <openssl/sha.h>
#include <string.h>

#include "tests/sim/sim_epass2003.h"

#define REPLY 8
#define LOCAL 0x80
#define TRIES_FILE 0x9F00
#define PINS 2

bool
ca_sim_ep_pin_key(struct ca_rd pin, uint8_t out[CA_SIM_EP_KEY])
{
	struct ca_wr w = ca_wr_of(out, CA_SIM_EP_KEY);
	uint8_t hash[SHA_DIGEST_LENGTH];
	bool ok = SHA1(pin.p, pin.n, hash) != NULL;

	ca_wr_mem(&w, hash, sizeof(hash));
	ca_wr_u16(&w, 0);
	ca_wr_u16(&w, (uint16_t)pin.n);
	ca_wipe(hash, sizeof(hash));
	return ok && ca_wr_ok(&w);
}

ca_err
ca_sim_ep_pins(struct ca_sim *s)
{
	uint8_t k[CA_SIM_EP_KEY];
	ca_err e = CA_OK;

	for (size_t i = 0; e == CA_OK && i < s->pins_n; i++) {
		struct ca_secret *v = &s->pins[i].value;

		e = ca_sim_ep_pin_key(ca_secret_rd(v), k) ? CA_OK : CA_E_BUG;
		if (e == CA_OK)
			e = ca_secret_set(v, ca_rd_of(k, sizeof(k)));
	}
	ca_wipe(k, sizeof(k));
	return e;
}

/* The file is where the numbers outlive a power cut: zeros are a new card's. */
ca_err
ca_sim_ep_tries_file(struct ca_sim *s, bool load)
{
	int i = ca_sim_fs_child(s, ca_sim_ep(s)->df, TRIES_FILE);
	struct ca_rd r;
	struct ca_wr w;

	if (i < 0)
		return CA_OK;
	r = ca_buf_rd(&s->files[i].data);
	w = ca_wr_of(s->files[i].data.p, s->files[i].data.n);
	for (size_t k = 0; k < s->pins_n && k < PINS; k++) {
		struct ca_sim_pin *p = &s->pins[k];
		uint8_t most = 0;

		if (load && ca_rd_u8(&r, &most) && most != 0)
			p->tries = p->tries_max = most;
		ca_wr_u8(&w, p->tries_max);
	}
	return load ? CA_OK : ca_sim_fs_keep(s, &s->files[i]);
}

/* The PIN that P2 names: 81 the user's, 82 the PUK. */
static struct ca_sim_pin *
named(struct ca_sim *s, uint8_t p2)
{
	return (p2 & LOCAL) != 0 ? ca_sim_pin_find(s, p2 & 0x7F) : NULL;
}

/* SW_OK when the reply is the challenge under this PIN's key. A try is spent
 * and kept before the reply is looked at. */
static uint16_t
attempt(struct ca_sim *s, struct ca_sim_pin *p, struct ca_rd reply,
    const uint8_t challenge[CA_SIM_FT_CHALLENGE])
{
	struct ca_sim_ft_key k = ca_sim_ft_des(p->value.b, CA_SIM_EP_KEY);
	uint8_t want[REPLY];
	bool ok =
	    ca_sim_ft_cbc(&k, NULL, true, ca_rd_of(challenge, REPLY), want);

	ca_wipe(&k, sizeof(k));
	p->verified = p->fresh = false;
	p->tries--;
	if (!ok || ca_sim_state_pins_save(s) != CA_OK)
		return SW_MEMORY;
	if (ca_const_cmp(want, reply.p, REPLY) != 0) {
		s->counts[CA_SIM_WRONG_TRIES]++;
		return (uint16_t)(SW_TRIES | p->tries);
	}
	p->tries = p->tries_max;
	p->verified = p->fresh = true;
	return ca_sim_state_pins_save(s) == CA_OK ? SW_OK : SW_MEMORY;
}

uint16_t
ca_sim_ep_prove(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_pin *p = named(s, c->p2);
	uint8_t challenge[CA_SIM_FT_CHALLENGE];

	(void)body;
	if (c->p1 != 0x01)
		return SW_P1P2;
	if (p == NULL || s->df != ca_sim_ep(s)->df)
		return SW_NO_REFERENCE;
	/* Tries left, also after a login (seen with OpenSC). */
	if (c->data.n == 0)
		return p->tries == 0 ? SW_BLOCKED
				     : (uint16_t)(SW_TRIES | p->tries);
	if (c->data.n != REPLY)
		return SW_LENGTH;
	s->counts[CA_SIM_VERIFIES]++;
	if (!ca_sim_ft_challenged(s, challenge))
		return SW_CONDITIONS;
	return p->tries == 0 ? SW_BLOCKED : attempt(s, p, c->data, challenge);
}

/* Who may write the value of this PIN now. */
static bool
may_write(struct ca_sim *s, const struct ca_sim_pin *p)
{
	bool user = p->ref == s->o.pin_ref;

	if (user && s->o.change_proof == 0)
		return true;
	if (user && s->o.unblock_by_so != 0 && ca_sim_allowed(s, CA_SIM_BY_PUK))
		return true;
	return p->verified;
}

/* 80 E5 04 id: most tries in both halves of a byte, and the key. */
uint16_t
ca_sim_ep_write_pin(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, c->p2);
	struct ca_rd d = c->data;
	uint8_t tries = 0;

	(void)body;
	if (c->p1 != 0x04)
		return SW_P1P2;
	if (p == NULL || s->df != ca_sim_ep(s)->df)
		return SW_NO_REFERENCE;
	if (d.n != 1 + CA_SIM_EP_KEY)
		return SW_LENGTH;
	if (!may_write(s, p))
		return SW_SECURITY;
	if (!ca_rd_u8(&d, &tries) || tries >> 4 == 0 ||
	    (tries & 0x0F) > tries >> 4 || (tries & 0x0F) == 0 ||
	    ca_secret_set(&p->value, d) != CA_OK)
		return SW_DATA;
	p->tries_max = tries >> 4;
	p->tries = tries & 0x0F;
	if (ca_sim_ep_tries_file(s, false) != CA_OK)
		return SW_MEMORY;
	return ca_sim_state_pins_save(s) == CA_OK ? SW_OK : SW_MEMORY;
}
