/* Logical channels of the PKI SIM (TS 102 221 8.7 and 11.1.17). */
#include <string.h>

#include "tests/sim/sim_uicc.h"

void
ca_sim_uicc_switch(struct ca_sim *s, unsigned n)
{
	struct ca_sim_uicc *u = s->own;
	struct ca_sim_uicc_channel *from = &u->channels[u->at];
	const struct ca_sim_uicc_channel *to = &u->channels[n];

	if (n == u->at)
		return;
	from->df = s->df;
	from->ef = s->ef;
	memcpy(from->se, s->se, sizeof(from->se));
	s->df = to->df;
	s->ef = to->ef;
	memcpy(s->se, to->se, sizeof(s->se));
	u->at = n;
}

unsigned
ca_sim_uicc_of(uint8_t cla)
{
	return (cla & 0x40) != 0 ? CA_SIM_UICC_FAR + (cla & 0x0FU)
				 : cla & 0x03U;
}

bool
ca_sim_uicc_elsewhere(const struct ca_sim *s)
{
	const struct ca_sim_uicc *u = s->own;

	for (unsigned i = 0; i < CA_SIM_UICC_CHANNELS; i++)
		if (i != u->at && u->channels[i].open &&
		    ca_sim_uicc_inside(s, u->channels[i].df))
			return true;
	return false;
}

/* A new channel begins at the root, or where a channel that is not the basic
 * one stands (TS 102 221 8.7). */
static void
open_channel(struct ca_sim *s, unsigned n)
{
	struct ca_sim_uicc *u = s->own;
	struct ca_sim_uicc_channel *ch = &u->channels[n];

	*ch = (struct ca_sim_uicc_channel){
	    .open = true, .df = CA_SIM_MF, .ef = -1, .adf = -1};
	if (u->at != 0) {
		ch->df = s->df;
		ch->adf = u->channels[u->at].adf;
	}
	for (size_t i = 0; i < CA_SIM_OPS_; i++)
		ch->se[i] = (struct ca_sim_se){.alg = -1, .key = -1};
}

static void
close_channel(struct ca_sim *s, unsigned n)
{
	struct ca_sim_uicc *u = s->own;
	unsigned back = u->at != n ? u->at : 0;

	ca_sim_uicc_switch(s, back);
	u->channels[n].open = false;
	u->channels[n].df = CA_SIM_MF;
	/* Nobody is in the application any more: its own PINs are forgotten. */
	if (!ca_sim_uicc_elsewhere(s))
		ca_sim_pin_moved(s);
}

static unsigned
free_channel(const struct ca_sim *s)
{
	const struct ca_sim_uicc *u = s->own;
	unsigned first = ca_sim_uicc_is(s, "far-channel") ? CA_SIM_UICC_FAR : 1;
	unsigned limit = first == 1 ? CA_SIM_UICC_FAR : CA_SIM_UICC_CHANNELS;

	if (ca_sim_uicc_is(s, "no-channel"))
		limit = first;
	else if (ca_sim_uicc_is(s, "one-channel"))
		limit = first + 1;
	for (unsigned i = first; i < limit; i++)
		if (!u->channels[i].open)
			return i;
	return 0;
}

/* MANAGE CHANNEL, TS 102 221 11.1.17: the card chooses the number. */
uint16_t
ca_sim_uicc_manage(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	const struct ca_sim_uicc *u = s->own;
	unsigned n = c->p2;

	if (c->data.n > 0)
		return SW_LENGTH;
	if (c->p1 == 0x80) {
		if (n == 0 || n >= CA_SIM_UICC_CHANNELS)
			return SW_P1P2;
		if (!u->channels[n].open)
			return SW_NO_CHANNEL;
		close_channel(s, n);
		return SW_OK;
	}
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (!c->has_le)
		return SW_LENGTH;
	if (c->le != 1 && !s->t1)
		return SW_LE | 1;
	n = free_channel(s);
	if (n == 0)
		return SW_NOT_SUPPORTED;
	open_channel(s, n);
	ca_wr_u8(body, (uint8_t)n);
	return SW_OK;
}
