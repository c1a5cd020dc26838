/*
 * The inside of the entersafe card: what its files share.
 *
 * sim_entersafe.c is the card and its files, sim_entersafe_key.c what uses
 * keys, sim_entersafe_admin.c the administrative commands, whose data ends in a
 * MAC.
 */
#ifndef CA_SIM_ENTERSAFE_H
#define CA_SIM_ENTERSAFE_H

#include "tests/sim/sim_feitian.h"

#define CA_SIM_ES_DATA 224 /* bytes of data in a command or an answer */
#define CA_SIM_ES_HEAD 64  /* bytes of the block that travel in MSE */

/* Usage byte of a key slot. */
enum ca_sim_es_usage {
	CA_SIM_ES_MAINTENANCE = 0x03,
	CA_SIM_ES_PIN = 0x0B,
	CA_SIM_ES_PRIVATE = 0x22,
	CA_SIM_ES_PUBLIC = 0x2A,
};

struct ca_sim_es {
	struct ca_sim_ft ft;
	/* lost at a reset: what MSE left */
	const struct ca_sim_key *key; /* NULL = nothing */
	uint8_t head[CA_SIM_ES_HEAD];
	size_t head_n;
};

/* The keys of administrative commands; public constants, or the issuer's. */
enum ca_sim_es_admin { CA_SIM_ES_INITIAL, CA_SIM_ES_MAINTAIN };
struct ca_sim_ft_key ca_sim_es_admin_key(const struct ca_sim *s,
    enum ca_sim_es_admin which);

/* The MAC of a command whose data is to grow by it. */
bool ca_sim_es_mac(const struct ca_sim_ft_key *k, const uint8_t challenge[8],
    const uint8_t head[4], struct ca_rd data, uint8_t mac[4]);

/* MSE, PSO, GET PUBLIC KEY. */
uint16_t ca_sim_es_mse(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_es_pso(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_es_public_key(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* CREATE FILE and WRITE KEY (class 84). */
uint16_t ca_sim_es_create(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_es_write_key(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

#endif
