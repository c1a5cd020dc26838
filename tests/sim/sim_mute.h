/*
 * Cards of which nothing but the answer to reset is public: they say no to
 * everything, in the way a driver must take as "not mine". What came is in the
 * trace and in ca_sim_seen().
 */
#ifndef CA_SIM_MUTE_H
#define CA_SIM_MUTE_H

#include "tests/sim/sim_card.h"

struct ca_sim_mute {
	const char *model; /* word of the option "model"; the first is "" */
	struct ca_rd atr;
};

/* Sets the ATR of the model asked for. CA_E_DATA: no such one among n, or an
 * option that such a card cannot have. */
ca_err ca_sim_mute_build(struct ca_sim *s, const struct ca_sim_mute *models,
    size_t n);

/* Members of struct ca_sim_type. */
void ca_sim_mute_defaults(struct ca_sim_opts *o);
uint16_t ca_sim_mute_cla(const struct ca_sim *s, uint8_t byte);
uint16_t ca_sim_mute_enter(struct ca_sim *s, const struct ca_sim_cmd *c);

#endif
