#include "tests/unit/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/hex.h"

#define BYTES_MAX 70000

struct ca_rd
ut_bytes(const char *text, void *room, size_t cap)
{
	struct ca_wr w = ca_wr_of(room, cap);
	char pair[3] = "";

	for (;;) {
		unsigned long times = 1;
		uint8_t b;
		size_t n;
		char *end;

		while (*text == ' ')
			text++;
		if (*text == '\0')
			break;
		memcpy(pair, text, text[1] ? 2 : 1);
		if (!ca_hex_parse(pair, &b, 1, &n) || n != 1) {
			fprintf(stderr, "unit: no bytes: %s\n", text);
			abort();
		}
		text += 2;
		if (*text == '*') {
			times = strtoul(text + 1, &end, 10);
			text = end;
		}
		ca_wr_fill(&w, b, times);
	}
	if (!ca_wr_ok(&w)) {
		fprintf(stderr, "unit: too many bytes\n");
		abort();
	}
	return ca_wr_rd(&w);
}

static void
compare(const struct ut_script *s, const struct ut_step *step, struct ca_rd cmd)
{
	char got[200];
	uint8_t *want = malloc(BYTES_MAX);
	struct ca_rd w = ut_bytes(step->cmd, want, BYTES_MAX);

	if (w.n > 0)
		UT(ca_rd_equal(cmd, w), "%s: step %zu: %.100s, got %s", s->name,
		    s->at, step->cmd, ca_log_hex(cmd, got, sizeof(got)));
	free(want);
}

static ca_err
play(struct ut_script *s, struct ca_rd cmd, struct ca_wr *resp)
{
	const struct ut_step *step = &s->steps[s->at];
	uint8_t *room;

	if (!step->cmd) {
		char got[200];

		ut_fail("end of the script", __FILE__, __LINE__, "%s: got %s",
		    s->name, ca_log_hex(cmd, got, sizeof(got)));
		return CA_E_BUG;
	}
	compare(s, step, cmd);
	if (!s->forever || step[1].cmd)
		s->at++;
	if (step->e != CA_OK)
		return step->e;
	room = malloc(BYTES_MAX);
	ca_wr_bytes(resp, ut_bytes(step->resp, room, BYTES_MAX));
	free(room);
	return ca_wr_ok(resp) ? CA_OK : CA_E_MALFORMED;
}

static ca_err
transmit(void *link, struct ca_rd cmd, struct ca_wr *resp)
{
	struct ut_script *s = link;

	if (s->watch)
		ut_mem_watch(resp->p, resp->cap);
	if (!s->answer)
		return play(s, cmd, resp);
	s->answer(s->arg, cmd, resp);
	return ca_wr_ok(resp) ? CA_OK : CA_E_MALFORMED;
}

static ca_err
connect(void *conn, const char *reader, struct ca_link_info *info, void **link)
{
	struct ut_script *s = conn;

	(void)reader;
	*info = (struct ca_link_info){.proto = CA_PROTO_T1};
	info->atr_n = ut_bytes(s->atr ? s->atr : "", info->atr, CA_ATR_MAX).n;
	*link = s;
	return CA_OK;
}

static ca_err
reconnect(void *link, bool reset, struct ca_link_info *info)
{
	struct ut_script *s = link;
	void *same;

	s->resets += reset;
	return connect(s, "", info, &same);
}

static void
disconnect(void *link)
{
	((struct ut_script *)link)->disconnects++;
}

static ca_err
begin(void *link)
{
	((struct ut_script *)link)->begins++;
	return CA_OK;
}

static void
end(void *link)
{
	((struct ut_script *)link)->ends++;
}

const struct ca_transport_ops ut_script_ops = {.connect = connect,
    .reconnect = reconnect,
    .disconnect = disconnect,
    .begin = begin,
    .end = end,
    .transmit = transmit};

struct ca_chan
ut_script_chan(struct ut_script *s)
{
	return (struct ca_chan){
	    .ops = &ut_script_ops, .link = s, .proto = CA_PROTO_T1};
}

void
ut_script_end(const struct ut_script *s)
{
	const struct ut_step *step = &s->steps[s->at];

	UT(!step->cmd || (s->forever && !step[1].cmd),
	    "%s: step %zu was never taken", s->name, s->at);
}
