/*
 * The older SafeNet eToken (5110 without CC, PRO 72K Java). Nothing of its
 * commands is public: it is known by its answer to reset, and this card says
 * no to everything, in the way a driver must take as "not mine". What came is
 * in the trace and in ca_sim_seen().
 */
#include "tests/sim/sim_card.h"

#define INS_SELECT 0xA4

/* Words of the option "model". */
static const char *const models[] = {"72k"};

static const uint8_t atr_5110[] = {0x3B, 0xD5, 0x18, 0x00, 0x81, 0x31, 0xFE,
    0x7D, 0x80, 0x73, 0xC8, 0x21, 0x10, 0xF4};
static const uint8_t atr_72k[] = {0x3B, 0xD5, 0x18, 0x00, 0x81, 0x31, 0x3A,
    0x7D, 0x80, 0x73, 0xC8, 0x21, 0x10, 0x30};

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->label, sizeof(o->label), "eToken");
	o->keys = 0;
	o->chain = 0;
	o->puk[0] = '\0';
}

static ca_err
build(struct ca_sim *s)
{
	bool old = ca_sim_word_listed(s->o.model, "72k");
	struct ca_rd atr = old ? ca_rd_of(atr_72k, sizeof(atr_72k))
			       : ca_rd_of(atr_5110, sizeof(atr_5110));

	if (s->o.t1 == 0 || s->o.keys != 0 ||
	    !ca_sim_words_known(s->o.model, models, CA_COUNT(models)))
		return CA_E_DATA;
	return ca_rd_copy(atr, s->atr, sizeof(s->atr), &s->atr_n) ? CA_OK
								  : CA_E_BUG;
}

/* Any class byte: what is refused is the command. */
static uint16_t
cla(const struct ca_sim *s, uint8_t byte)
{
	(void)s;
	(void)byte;
	return SW_OK;
}

static uint16_t
enter(struct ca_sim *s, const struct ca_sim_cmd *c)
{
	(void)s;
	return c->ins == INS_SELECT ? SW_NO_FILE : SW_INS;
}

const struct ca_sim_type ca_sim_etoken_java = {
    .name = "etoken-java",
    .about = "older SafeNet eToken, known by its ATR alone",
    .defaults = defaults,
    .build = build,
    .cla = cla,
    .enter = enter,
};
