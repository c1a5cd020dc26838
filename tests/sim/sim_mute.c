/* Cards that say no to everything: see sim_mute.h. */
#include <string.h>

#include "tests/sim/sim_mute.h"

#define INS_SELECT 0xA4

void
ca_sim_mute_defaults(struct ca_sim_opts *o)
{
	o->keys = 0;
	o->chain = 0;
	o->puk[0] = '\0';
}

ca_err
ca_sim_mute_build(struct ca_sim *s, const struct ca_sim_mute *models, size_t n)
{
	if (s->o.t1 == 0 || s->o.keys != 0)
		return CA_E_DATA;
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->o.model, models[i].model) == 0)
			return ca_rd_copy(models[i].atr, s->atr, sizeof(s->atr),
				   &s->atr_n)
				   ? CA_OK
				   : CA_E_BUG;
	return CA_E_DATA;
}

/* Any class byte: what is refused is the command. */
uint16_t
ca_sim_mute_cla(const struct ca_sim *s, uint8_t byte)
{
	(void)s;
	(void)byte;
	return SW_OK;
}

uint16_t
ca_sim_mute_enter(struct ca_sim *s, const struct ca_sim_cmd *c)
{
	(void)s;
	return c->ins == INS_SELECT ? SW_NO_FILE : SW_INS;
}
