/* Readers and the cards in them. */
#include "tests/sim/sim_world.h"

#include <string.h>

#include "pcsc/base/secret.h"

struct ca_sim_slot *
ca_sim_slot_find(struct ca_sim_world *w, const char *name)
{
	for (size_t i = 0; i < w->slots_n; i++)
		if (strcmp(w->slots[i].name, name) == 0)
			return &w->slots[i];
	return NULL;
}

struct ca_sim_slot *
ca_sim_slot_present(struct ca_sim_world *w, const char *name)
{
	struct ca_sim_slot *s = ca_sim_slot_find(w, name);

	return s != NULL && s->present ? s : NULL;
}

void
ca_sim_slot_empty(struct ca_sim_slot *s)
{
	if (s->card == NULL && !s->mute)
		return;
	if (s->card != NULL)
		ca_sim_power_off(s->card);
	s->card = NULL;
	s->mute = s->powered = false;
	s->events++;
	s->owner = NULL;
	s->depth = 0;
}

void
ca_sim_slot_fill(struct ca_sim_slot *s, struct ca_sim *card)
{
	ca_sim_slot_empty(s);
	s->card = card;
	s->mute = card == NULL;
	s->events++;
}

void
ca_sim_slot_reset(struct ca_sim_slot *s)
{
	if (s->card != NULL)
		ca_sim_reset(s->card, s->t1);
	s->resets++;
}

/* Carries out what the card's trouble says; lock held. */
static ca_err
carry_out(struct ca_sim_world *w, struct ca_sim_slot *s, enum ca_sim_event ev)
{
	struct ca_sim *spare = s->spare;

	switch (ev) {
	case CA_SIM_ANSWERED:
		return CA_OK;
	case CA_SIM_GONE:
		ca_sim_slot_empty(s);
		ca_sim_world_changed(w);
		return CA_E_REMOVED;
	case CA_SIM_SWAPPED:
		ca_sim_slot_empty(s);
		if (spare != NULL)
			ca_sim_slot_fill(s, spare);
		ca_sim_world_changed(w);
		return CA_E_REMOVED;
	case CA_SIM_WAS_RESET:
		ca_sim_slot_reset(s);
		return CA_E_RESET;
	case CA_SIM_RESET_SINCE:
		ca_sim_slot_reset(s);
		return CA_OK;
	}
	return CA_E_BUG;
}

ca_err
ca_sim_slot_exchange(struct ca_sim_world *w, struct ca_sim_slot *s,
    struct ca_rd cmd, struct ca_wr *resp)
{
	uint8_t room[CA_SIM_ANSWER];
	struct ca_wr ans = ca_wr_of(room, sizeof(room));
	ca_err e;

	if (cmd.n < 4 || cmd.n > (s->info.max_apdu ? s->info.max_apdu : 261))
		return CA_E_IO;
	e = carry_out(w, s, ca_sim_transmit(s->card, cmd, &ans));
	if (e == CA_OK && (!ca_wr_ok(&ans) || ans.n < 2 || ans.n > resp->cap))
		e = CA_E_MALFORMED;
	if (e == CA_OK) {
		resp->n = 0;
		resp->failed = false;
		ca_wr_bytes(resp, ca_wr_rd(&ans));
	}
	ca_wipe(room, sizeof(room));
	return e;
}
