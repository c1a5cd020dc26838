/* Planned trouble: when it strikes and what the card then says. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_card.h"

/* clang-format off */
static const struct {
	const char *name;
	enum ca_sim_what what;
} names[] = {
	{"none", CA_SIM_T_NONE},
	{"remove", CA_SIM_T_REMOVE},
	{"remove-after", CA_SIM_T_REMOVE_AFTER},
	{"swap", CA_SIM_T_SWAP},
	{"reset", CA_SIM_T_RESET},
	{"reset-after", CA_SIM_T_RESET_AFTER},
	{"forget", CA_SIM_T_FORGET},
	{"garbage", CA_SIM_T_GARBAGE},
	{"badsw", CA_SIM_T_BADSW},
	{"long", CA_SIM_T_LONG},
	{"trunc", CA_SIM_T_TRUNC},
	{"short", CA_SIM_T_SHORT},
	{"empty", CA_SIM_T_EMPTY},
	{"61", CA_SIM_T_61},
	{"61data", CA_SIM_T_61DATA},
	{"6c", CA_SIM_T_6C},
	{"wrongsig", CA_SIM_T_WRONGSIG},
};
/* clang-format on */

/* Once begun it concerns every command: GET RESPONSE has another INS. */
static bool
sticky(enum ca_sim_what what)
{
	return what == CA_SIM_T_61 || what == CA_SIM_T_61DATA ||
	       what == CA_SIM_T_6C;
}

void
ca_sim_trouble(struct ca_sim *s, const struct ca_sim_trouble *t)
{
	s->trouble = *t;
	s->trouble_seen = 0;
}

void
ca_sim_trouble_clear(struct ca_sim *s)
{
	s->trouble = (struct ca_sim_trouble){0};
}

bool
ca_sim_trouble_pending(const struct ca_sim *s)
{
	return s->trouble.what != CA_SIM_T_NONE &&
	       s->trouble_seen < s->trouble.at;
}

struct ca_sim_trouble
ca_sim_trouble_due(struct ca_sim *s, struct ca_rd cmd)
{
	const struct ca_sim_trouble none = {0};
	struct ca_sim_trouble *t = &s->trouble;
	bool begun = s->trouble_seen >= t->at;

	if (t->what == CA_SIM_T_NONE)
		return none;
	if (t->by_ins && !(cmd.n > 1 && cmd.p[1] == t->ins) &&
	    !(begun && sticky(t->what)))
		return none;
	if (s->trouble_seen < UINT32_MAX)
		s->trouble_seen++;
	if (s->trouble_seen < t->at)
		return none;
	if (t->times != CA_SIM_ALWAYS && s->trouble_seen - t->at >= t->times)
		return none;
	return *t;
}

bool
ca_sim_trouble_answer(const struct ca_sim_trouble *t, struct ca_wr *resp)
{
	switch (t->what) {
	case CA_SIM_T_GARBAGE:
		for (uint8_t i = 0; i < 37; i++)
			ca_wr_u8(resp, (uint8_t)(0xA5 ^ (i * 29)));
		ca_wr_u16(resp, SW_OK);
		return true;
	case CA_SIM_T_BADSW:
		ca_wr_u16(resp, 0);
		return true;
	case CA_SIM_T_LONG:
		ca_wr_fill(resp, 0x30, 400);
		ca_wr_u16(resp, SW_OK);
		return true;
	case CA_SIM_T_SHORT:
		ca_wr_u8(resp, 0x90);
		return true;
	case CA_SIM_T_EMPTY:
		return true;
	case CA_SIM_T_61DATA:
		ca_wr_fill(resp, 0x30, 16);
		ca_wr_u16(resp, SW_MORE | 0x10);
		return true;
	case CA_SIM_T_61:
		ca_wr_u16(resp, SW_MORE | 0x10);
		return true;
	case CA_SIM_T_6C:
		ca_wr_u16(resp, SW_LE | 0x10);
		return true;
	case CA_SIM_T_SW:
		ca_wr_u16(resp, t->sw);
		return true;
	default:
		return false;
	}
}

void
ca_sim_trouble_spoil(const struct ca_sim_trouble *t, struct ca_wr *resp)
{
	uint8_t sw[2];

	if (resp->failed || resp->n < 3)
		return;
	if (t->what == CA_SIM_T_WRONGSIG)
		resp->p[resp->n - 3] ^= 0x01;
	if (t->what != CA_SIM_T_TRUNC)
		return;
	memcpy(sw, resp->p + resp->n - 2, sizeof(sw));
	resp->n = (resp->n - 2) / 2;
	ca_wr_mem(resp, sw, sizeof(sw));
}

/* Reads a number up to one of the characters in `stop` or the end. */
static bool
number(const char **p, int base, unsigned long max, const char *stop,
    unsigned long *out)
{
	char *end = NULL;

	*out = strtoul(*p, &end, base);
	if (end == *p || **p == '-' || *out > max ||
	    (*end != '\0' && strchr(stop, *end) == NULL))
		return false;
	*p = end;
	return true;
}

static bool
parse_when(const char **p, struct ca_sim_trouble *t)
{
	unsigned long v = 1;

	if (strncmp(*p, "ins", 3) == 0) {
		*p += 3;
		if (!number(p, 16, 0xFF, "#:", &v))
			return false;
		t->by_ins = true;
		t->ins = (uint8_t)v;
		v = 1;
		if (**p == '#') {
			(*p)++;
			if (!number(p, 10, UINT32_MAX, ":", &v))
				return false;
		}
	} else if (!number(p, 10, UINT32_MAX, ":", &v)) {
		return false;
	}
	t->at = (uint32_t)v;
	return v > 0 && *(*p)++ == ':';
}

static bool
parse_what(const char **p, struct ca_sim_trouble *t)
{
	size_t n = strcspn(*p, ":");
	unsigned long v = 0;

	if (strncmp(*p, "sw=", 3) == 0) {
		*p += 3;
		t->what = CA_SIM_T_SW;
		if (!number(p, 16, 0xFFFF, ":", &v))
			return false;
		t->sw = (uint16_t)v;
		return true;
	}
	for (size_t i = 0; i < CA_COUNT(names); i++)
		if (strlen(names[i].name) == n &&
		    strncmp(names[i].name, *p, n) == 0) {
			t->what = names[i].what;
			*p += n;
			return true;
		}
	return false;
}

ca_err
ca_sim_trouble_parse(const char *text, struct ca_sim_trouble *out)
{
	struct ca_sim_trouble t = {0};
	const char *p = text;
	unsigned long v = 0;

	if (!parse_when(&p, &t) || !parse_what(&p, &t))
		return CA_E_DATA;
	t.times = sticky(t.what) ? CA_SIM_ALWAYS : 1;
	if (*p == ':') {
		p++;
		if (strcmp(p, "always") == 0)
			v = CA_SIM_ALWAYS;
		else if (!number(&p, 10, UINT32_MAX, "", &v))
			return CA_E_DATA;
		t.times = (uint32_t)v;
	}
	*out = t;
	return CA_OK;
}
