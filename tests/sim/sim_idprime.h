/*
 * The IDPrime applet (Thales, formerly Gemalto): smart cards IDPrime MD and
 * USB tokens eToken 5110 CC, what the files sim_idprime*.c share.
 *
 * Known from public traces and from what OpenSC sends: answers to reset, the
 * files and their formats, PIN references and padding, the two steps of a
 * signature, algorithm bytes. Unknown of real cards, and chosen here: the
 * references of the PUKs, status words for wrong use, what the applet answers
 * before it is selected, that nothing can be written.
 */
#ifndef CA_SIM_IDPRIME_H
#define CA_SIM_IDPRIME_H

#include "tests/sim/sim_card.h"

#define CA_SIM_IDP_PIN_SIGN 0x83 /* signature PIN of the 940 */
#define CA_SIM_IDP_INPUT 512     /* bytes of PSO HASH */

struct ca_sim_idp_model {
	const char *name;
	const char *atr_t0, *atr_t1; /* hex; NULL = there is no such card */
	const char *version;         /* of the applet, GET DATA DF30 */
	uint8_t cplc;                /* operating system version in the CPLC */
	/* key reference of container n: base + n * step */
	uint8_t ref_base, ref_step;
	bool key_map;  /* file 0005 tells references and PINs of keys */
	bool sign_pin; /* has the PIN 83 */
	bool typed;    /* PINs travel without padding */
	bool ec;
	unsigned rsa_max; /* bits */
};

/* ca_sim.own */
struct ca_sim_idp {
	const struct ca_sim_idp_model *model;
	/* lost at a reset */
	bool selected;
	/* first step of a signature: what came, and for which environment */
	bool hashed;
	struct ca_sim_se hashed_for;
	uint8_t input[CA_SIM_IDP_INPUT];
	size_t input_n;
};

struct ca_sim_idp *ca_sim_idp_of(struct ca_sim *s);

/* sim_idprime_files.c: index, containers, certificates, everything else. */
CA_MUST_CHECK ca_err ca_sim_idp_files(struct ca_sim *s);
/* The number of the container that holds key i. */
uint8_t ca_sim_idp_container(const struct ca_sim *s, size_t i);

/* sim_idprime_zlib.c: 01 00, the length of the certificate (little endian), a
 * zlib stream of it; the first may be spoilt. */
CA_MUST_CHECK ca_err ca_sim_idp_compress(const struct ca_sim *s,
    struct ca_rd der, bool first, struct ca_buf *out);

/* sim_idprime_data.c: commands 21, CA and CB. */
uint16_t ca_sim_idp_query(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_idp_get_data(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_idp_pin_object(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* sim_idprime_crypto.c: commands 2A and 84. */
uint16_t ca_sim_idp_pso(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_idp_challenge(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* sim_idprime_rsa.c: the mathematics of one algorithm byte; out holds the size
 * of the key. With `number`, data that is longer than the order of a curve is
 * a number with zeros in front of it, and not cut on its right. */
uint16_t ca_sim_idp_sign(const struct ca_sim_key *k, uint8_t alg, bool number,
    struct ca_rd in, struct ca_wr *out);
uint16_t ca_sim_idp_decipher(const struct ca_sim_key *k, int alg,
    struct ca_rd in, struct ca_wr *out);

#endif
