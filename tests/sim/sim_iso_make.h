/*
 * What the iso7816-15 card with the option `generate` makes on command: key
 * pairs and files, in the way of IsoApplet 0.6, whose bytes were recorded while
 * OpenSC generated keys on the applet itself. tests/sim/test_sim_iso_make.c
 * holds them.
 */
#ifndef CA_SIM_ISO_MAKE_H
#define CA_SIM_ISO_MAKE_H

#include "tests/sim/sim_card.h"

/* Algorithm references of MSE SET 41 00. */
#define CA_SIM_ISO_RSA_2048 0xF3
#define CA_SIM_ISO_EC 0xEC
/* Size of the directories of keys on such a card. */
#define CA_SIM_ISO_DIR 1024

/* The administrator's key: who enciphers the challenge with it sets PINs. */
struct ca_sim_iso_admin {
	uint8_t key[32];
	size_t key_n;   /* 0 = there is none */
	uint32_t tries; /* left */
	bool asked, in; /* a challenge lives; its answer was right */
	uint8_t challenge[16];
};

struct ca_sim_iso {
	struct ca_sim_iso_admin admin;
	int alg, ref; /* what MSE said; -1 = nothing */
	unsigned count;
	char made[2048]; /* a line for each key and file */
};

/* After a reset; the state is there. */
void ca_sim_iso_forget(struct ca_sim *s);

/* What was made in the past, from the state directory; at the end of build. */
ca_err ca_sim_iso_load(struct ca_sim *s);

/* MSE SET for generating (P2 00); any other is the shared one's. */
uint16_t ca_sim_iso_mse(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* GENERATE ASYMMETRIC KEY PAIR: 42 00 for RSA, 00 00 with the curve. */
uint16_t ca_sim_iso_generate(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* CREATE FILE of a transparent file under the application. */
uint16_t ca_sim_iso_create(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* sim_iso_admin.c. load: at the end of build; CA_E_DATA when the options are
 * wrong. next: a challenge lives until the next command, whatever it is. */
ca_err ca_sim_iso_admin_load(struct ca_sim *s);
uint16_t ca_sim_iso_next(struct ca_sim *s, const struct ca_sim_cmd *c);
uint16_t ca_sim_iso_challenge(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
/* EXTERNAL AUTHENTICATE, 7.5.4. */
uint16_t ca_sim_iso_external(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
/* RESET RETRY COUNTER: 2C 02 by the administrator; else the shared one's. */
uint16_t ca_sim_iso_retry(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* Tag 86 of a file: a condition for each right, 00 anybody, 90 the PIN, FF
 * nobody. */
void ca_sim_iso_access(const struct ca_sim *s, const struct ca_sim_file *f,
    struct ca_wr *w);

#endif
