/* Life of a card: new, reset, one command, counters, free. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_card.h"

static const char *const count_names[CA_SIM_COUNTS_] = {
    [CA_SIM_APDUS] = "apdus",
    [CA_SIM_VERIFIES] = "verifies",
    [CA_SIM_WRONG_TRIES] = "wrong-tries",
    [CA_SIM_SIGNATURES] = "signatures",
    [CA_SIM_RESETS] = "resets",
};

static ca_err
trace_open(struct ca_sim *s)
{
	if (s->o.trace[0] == '\0')
		return CA_OK;
	s->trace = fopen(s->o.trace, "ae");
	if (s->trace == NULL)
		return CA_E_IO;
	setvbuf(s->trace, NULL, _IOLBF, 0);
	return CA_OK;
}

static ca_err
make(struct ca_sim *s)
{
	ca_err e;

	if (s->o.keys > CA_SIM_KEYS || s->o.chain > 2 || s->o.pin_tries > 15 ||
	    s->o.puk_tries > 15 || s->o.pin2_tries > 15 ||
	    (s->o.t0 == 0 && s->o.t1 == 0))
		return CA_E_DATA;
	if ((e = trace_open(s)) != CA_OK ||
	    (e = ca_sim_state_open(s->o.state)) != CA_OK ||
	    (e = ca_sim_keys_make(s)) != CA_OK ||
	    (e = ca_sim_certs_make(s)) != CA_OK ||
	    (e = s->type->build(s)) != CA_OK)
		return e;
	return ca_sim_state_pins_load(s);
}

ca_err
ca_sim_new(const struct ca_sim_opts *o, struct ca_sim **out)
{
	const struct ca_sim_type *type = ca_sim_type_find(o->type);
	struct ca_sim *s;
	ca_err e;

	if (type == NULL)
		return CA_E_NOT_FOUND;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return CA_E_NOMEM;
	s->type = type;
	s->o = *o;
	s->files[CA_SIM_MF] = (struct ca_sim_file){.fid = 0x3F00, .df = true};
	s->files_n = 1;
	if (type->own_size > 0 &&
	    (s->own = calloc(1, type->own_size)) == NULL) {
		free(s);
		return CA_E_NOMEM;
	}
	ca_sim_forget(s);
	e = make(s);
	if (e != CA_OK) {
		ca_sim_free(s);
		return e;
	}
	*out = s;
	return CA_OK;
}

void
ca_sim_free(struct ca_sim *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->files_n; i++)
		ca_buf_free(&s->files[i].data);
	for (size_t i = 0; i < CA_SIM_KEYS; i++) {
		EVP_PKEY_free(s->keys[i].pkey);
		ca_buf_free(&s->leaf[i]);
	}
	ca_buf_free(&s->sub);
	ca_buf_free(&s->root);
	if (s->trace != NULL)
		fclose(s->trace);
	if (s->own != NULL) {
		if (s->type->own_free != NULL)
			s->type->own_free(s);
		ca_wipe(s->own, s->type->own_size);
		free(s->own);
	}
	ca_wipe(s, sizeof(*s));
	free(s);
}

const struct ca_sim_opts *
ca_sim_opts(const struct ca_sim *s)
{
	return &s->o;
}

struct ca_rd
ca_sim_atr(const struct ca_sim *s)
{
	return ca_rd_of(s->atr, s->atr_n);
}

void
ca_sim_forget(struct ca_sim *s)
{
	for (size_t i = 0; i < s->pins_n; i++) {
		s->pins[i].verified = false;
		s->pins[i].fresh = false;
	}
	for (size_t i = 0; i < CA_SIM_OPS_; i++)
		s->se[i] = (struct ca_sim_se){.alg = -1, .key = -1};
	s->df = CA_SIM_MF;
	s->ef = -1;
	s->chain = false;
	s->chain_n = 0;
	s->more_n = s->more_at = 0;
	ca_wipe(s->chain_data, sizeof(s->chain_data));
	ca_wipe(s->more, sizeof(s->more));
	if (s->own != NULL && s->type->own_forget != NULL)
		s->type->own_forget(s);
}

void
ca_sim_reset(struct ca_sim *s, bool t1)
{
	ca_sim_forget(s);
	s->powered = true;
	s->t1 = t1;
	s->counts[CA_SIM_RESETS]++;
	ca_sim_trace_note(s->trace, t1 ? "reset, T=1" : "reset, T=0");
}

void
ca_sim_power_off(struct ca_sim *s)
{
	ca_sim_forget(s);
	s->powered = false;
	ca_sim_trace_note(s->trace, "power off");
}

/* What the reader around the card has to do for this trouble. */
static enum ca_sim_event
event_of(const struct ca_sim_trouble *t)
{
	switch (t->what) {
	case CA_SIM_T_REMOVE:
	case CA_SIM_T_REMOVE_AFTER:
		return CA_SIM_GONE;
	case CA_SIM_T_SWAP:
		return CA_SIM_SWAPPED;
	case CA_SIM_T_RESET:
		return CA_SIM_WAS_RESET;
	case CA_SIM_T_RESET_AFTER:
		return CA_SIM_RESET_SINCE;
	default:
		return CA_SIM_ANSWERED;
	}
}

/* The command is lost before the card sees it. */
static bool
lost(enum ca_sim_what what)
{
	return what == CA_SIM_T_REMOVE || what == CA_SIM_T_SWAP ||
	       what == CA_SIM_T_RESET;
}

enum ca_sim_event
ca_sim_transmit(struct ca_sim *s, struct ca_rd cmd, struct ca_wr *resp)
{
	struct ca_sim_trouble t;

	s->counts[CA_SIM_APDUS]++;
	if (cmd.n > 1)
		s->seen[cmd.p[1]]++;
	ca_sim_trace_cmd(s->trace, cmd);
	t = ca_sim_trouble_due(s, cmd);
	if (lost(t.what)) {
		ca_sim_trace_note(s->trace, "trouble, the command is lost");
		return event_of(&t);
	}
	if (t.what == CA_SIM_T_FORGET)
		ca_sim_forget(s);
	if (!ca_sim_trouble_answer(&t, resp)) {
		ca_sim_run(s, cmd, resp);
		ca_sim_trouble_spoil(&t, resp);
	}
	ca_sim_trace_resp(s->trace, ca_wr_rd(resp));
	if (t.what == CA_SIM_T_RESET_AFTER)
		ca_sim_forget(s);
	if (t.what == CA_SIM_T_REMOVE_AFTER)
		resp->n = 0;
	return event_of(&t);
}

uint64_t
ca_sim_count(const struct ca_sim *s, enum ca_sim_count what)
{
	return what < CA_SIM_COUNTS_ ? s->counts[what] : 0;
}

const char *
ca_sim_count_name(enum ca_sim_count what)
{
	return what < CA_SIM_COUNTS_ ? count_names[what] : NULL;
}

void
ca_sim_count_clear(struct ca_sim *s)
{
	memset(s->counts, 0, sizeof(s->counts));
	memset(s->seen, 0, sizeof(s->seen));
}

uint64_t
ca_sim_seen(const struct ca_sim *s, uint8_t ins)
{
	return s->seen[ins];
}
