#include "tests/sim/t.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/base/hex.h"

static uint8_t answer[CA_SIM_ANSWER];
static size_t answer_n;
static enum ca_sim_event event;
static uint8_t file[65536];

static void
give_up(const char *why, const char *which)
{
	fprintf(stderr, "%s: %s\n", why, which);
	exit(1);
}

static void
set(struct ca_sim_opts *o, char *word)
{
	char *eq = strchr(word, '=');

	if (eq == NULL)
		give_up("not an option", word);
	*eq = '\0';
	if (ca_sim_opts_set(o, word, eq + 1) != CA_OK)
		give_up("bad option", word);
}

struct ca_sim *
t_card(const char *type, const char *options)
{
	struct ca_sim_opts o;
	struct ca_sim *s = NULL;
	char text[512];
	char *save = NULL;

	if (ca_sim_opts_init(&o, type) != CA_OK ||
	    ca_sim_opts_set(&o, "ca-key", "p256") != CA_OK)
		give_up("no such type", type);
	snprintf(text, sizeof(text), "%s", options);
	for (char *w = strtok_r(text, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save))
		set(&o, w);
	if (ca_sim_new(&o, &s) != CA_OK)
		give_up("no card", options);
	ca_sim_reset(s, o.t1 != 0);
	return s;
}

unsigned
t_send(struct ca_sim *s, const char *hex)
{
	uint8_t cmd[4096];
	size_t n = 0;
	struct ca_wr w = ca_wr_of(answer, sizeof(answer));

	if (!ca_hex_parse(hex, cmd, sizeof(cmd), &n))
		give_up("not hex", hex);
	event = ca_sim_transmit(s, ca_rd_of(cmd, n), &w);
	answer_n = w.n;
	if (!ca_wr_ok(&w) || w.n < 2)
		return 0;
	return (unsigned)(answer[w.n - 2] << 8 | answer[w.n - 1]);
}

struct ca_rd
t_data(void)
{
	return ca_rd_of(answer, answer_n < 2 ? 0 : answer_n - 2);
}

enum ca_sim_event
t_event(void)
{
	return event;
}

static bool
begins(struct ca_rd r, const char *hex)
{
	uint8_t want[256];
	size_t n = 0;
	struct ca_rd head;

	if (!ca_hex_parse(hex, want, sizeof(want), &n))
		give_up("not hex", hex);
	return ca_rd_take(&r, n, &head) && ca_rd_equal(head, ca_rd_of(want, n));
}

void
t_run(struct ca_sim *s, const struct t_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned sw = t_send(s, steps[i].cmd);
		bool ok =
		    sw == steps[i].sw &&
		    (steps[i].data == NULL || begins(t_data(), steps[i].data));

		if (!ok)
			fprintf(stderr, "step %zu: %s -> %zu bytes, %04X\n", i,
			    steps[i].cmd, t_data().n, sw);
		CU_ASSERT(ok);
	}
}

struct ca_rd
t_read_all(struct ca_sim *s, unsigned le)
{
	struct ca_wr w = ca_wr_of(file, sizeof(file));
	char cmd[16];
	unsigned sw;

	do {
		snprintf(cmd, sizeof(cmd), "00B0%04zX%02X", w.n, le & 0xFF);
		sw = t_send(s, cmd);
		if (sw != 0x9000 && sw != 0x6282)
			break;
		ca_wr_bytes(&w, t_data());
	} while (sw == 0x9000 && t_data().n > 0);
	return ca_wr_rd(&w);
}
