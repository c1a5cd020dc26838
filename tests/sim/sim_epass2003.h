/*
 * The inside of the epass2003 card: what its files share.
 *
 * sim_epass2003.c is the card, sim_epass2003_fs.c its files,
 * sim_epass2003_key.c its keys; sim_epass2003_open.c opens the channel,
 * sim_epass2003_sm.c wraps and unwraps; sim_epass2003_pin.c is PINs that are
 * proved, not sent.
 */
#ifndef CA_SIM_EPASS2003_H
#define CA_SIM_EPASS2003_H

#include "tests/sim/sim_feitian.h"

#define CA_SIM_EP_KEY 24 /* what is stored of a PIN */
#define CA_SIM_EP_ACL 8  /* access bytes of a file */
/* Between the identifiers of two keys, certificates, ..: their five low bits
 * are the short identifier, which must differ. */
#define CA_SIM_EP_STEP 0x20

struct ca_sim_ep {
	struct ca_sim_ft ft;
	int df; /* the application */
	/* lost at a reset: the channel */
	bool started; /* step 1 was answered */
	bool open;
	bool inside; /* the command at work came wrapped */
	struct ca_sim_ft_key enc, mac;
	uint8_t expected[8]; /* host cryptogram */
	uint8_t counter[16]; /* start value of the next MAC, minus one */
	uint32_t answers;
	/* ... and the security environment */
	const struct ca_sim_key *key;
	size_t hash_n; /* bytes a curve's key signs; 0 = RSA */
};

struct ca_sim_ep *ca_sim_ep(const struct ca_sim *s);

/* ---- files ---- */

/* The size of the key whose file this is; 0 = no such key. */
size_t ca_sim_ep_key_bits(const struct ca_sim *s, uint16_t fid);
uint16_t ca_sim_ep_select(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_update(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_read_record(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_append_record(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_create(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_delete(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_list(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* ---- keys ---- */

uint16_t ca_sim_ep_mse(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_pso(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_modulus(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* ---- channel ---- */

/* The data of GET DATA 01 86: which kind of channel there is. */
void ca_sim_ep_mode(const struct ca_sim *s, struct ca_wr *body);
/* Steps 1 and 2 of the mutual authentication. */
uint16_t ca_sim_ep_begin(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_authenticate(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_wrapped(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *resp);
void ca_sim_ep_close(struct ca_sim *s);

/* ---- PINs ---- */

/* Turns the values of the PINs as typed into what the card stores. */
ca_err ca_sim_ep_pins(struct ca_sim *s);
/* What is stored of a PIN: SHA-1 and its length as four bytes. */
bool ca_sim_ep_pin_key(struct ca_rd pin, uint8_t out[CA_SIM_EP_KEY]);
/* 9F00: the most tries of both PINs. Brings the file up to date, at build()
 * the PINs first. */
ca_err ca_sim_ep_tries_file(struct ca_sim *s, bool load);
/* EXTERNAL AUTHENTICATE, and 80 E5: a new value. */
uint16_t ca_sim_ep_prove(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ep_write_pin(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

#endif
