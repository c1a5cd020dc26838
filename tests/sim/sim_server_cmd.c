/* The commands of the control channel, one line each. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_server.h"

struct control {
	const char *name;
	/* rest may be NULL; out gets the answer. */
	void (*run)(struct ca_sim_server *p, char *rest, char *out, size_t cap);
	const char *about;
};

static void
do_remove(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	(void)rest;
	p->inserted = false;
	ca_sim_vpcd_close(&p->vpcd);
	ca_sim_power_off(p->card);
	(void)snprintf(out, cap, "ok");
}

static void
do_insert(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	(void)rest;
	p->inserted = true;
	ca_sim_server_plug(p);
	(void)snprintf(out, cap, "%s",
	    p->vpcd.fd >= 0 ? "ok" : "ok, as soon as vpcd answers");
}

static void
do_swap(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	ca_sim_vpcd_close(&p->vpcd);
	if (!ca_sim_server_swap(p, rest)) {
		(void)snprintf(out, cap, "error no such card");
		return;
	}
	p->inserted = true;
	ca_sim_server_plug(p);
	(void)snprintf(out, cap, "ok %s", ca_sim_opts(p->card)->serial);
}

static void
do_reset(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	(void)rest;
	ca_sim_reset(p->card, ca_sim_opts(p->card)->t1 != 0);
	(void)snprintf(out, cap, "ok");
}

static void
do_trouble(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	struct ca_sim_trouble t;

	if (rest == NULL || ca_sim_trouble_parse(rest, &t) != CA_OK) {
		(void)snprintf(out, cap, "error AT:WHAT[:TIMES] expected");
		return;
	}
	ca_sim_trouble(p->card, &t);
	(void)snprintf(out, cap, "ok");
}

static void
do_clear(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	(void)rest;
	ca_sim_trouble_clear(p->card);
	ca_sim_count_clear(p->card);
	(void)snprintf(out, cap, "ok");
}

static void
do_counters(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	size_t n = (size_t)snprintf(out, cap, "ok");

	(void)rest;
	for (enum ca_sim_count i = 0; i < CA_SIM_COUNTS_ && n < cap; i++)
		n += (size_t)snprintf(out + n, cap - n, " %s=%" PRIu64,
		    ca_sim_count_name(i), ca_sim_count(p->card, i));
}

static void
do_tries(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	const struct ca_sim_opts *o = ca_sim_opts(p->card);
	size_t n;

	if (rest != NULL && ca_sim_tries_set(p->card, o->pin_ref,
				(uint32_t)strtoul(rest, NULL, 10)) != CA_OK) {
		(void)snprintf(out, cap, "error too many tries");
		return;
	}
	n = (size_t)snprintf(out, cap, "ok pin=%d puk=%d",
	    ca_sim_tries(p->card, o->pin_ref),
	    ca_sim_tries(p->card, o->puk_ref));
	if (o->pin2_ref != 0 && n < cap)
		(void)snprintf(out + n, cap - n, " pin2=%d",
		    ca_sim_tries(p->card, o->pin2_ref));
}

/* "pin REF", in hex as on the card. */
static void
do_pin(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	uint32_t ref =
	    rest != NULL ? (uint32_t)strtoul(rest, NULL, 16) : UINT32_MAX;

	if (ca_sim_tries(p->card, ref) < 0)
		(void)snprintf(out, cap, "error no such PIN");
	else
		(void)snprintf(out, cap, "ok tries=%d commands=%" PRIu64,
		    ca_sim_tries(p->card, ref),
		    ca_sim_pin_commands(p->card, ref));
}

static void
do_seen(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	size_t n = (size_t)snprintf(out, cap, "ok");

	(void)rest;
	for (unsigned i = 0; i < 256 && n < cap; i++)
		if (ca_sim_seen(p->card, (uint8_t)i) > 0)
			n +=
			    (size_t)snprintf(out + n, cap - n, " %02X=%" PRIu64,
				i, ca_sim_seen(p->card, (uint8_t)i));
}

static void
do_state(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	const char *at = "removed";

	(void)rest;
	if (p->inserted)
		at = p->vpcd.fd >= 0 ? "inserted" : "waiting";
	(void)snprintf(out, cap, "ok %s %s", at, ca_sim_opts(p->card)->serial);
}

static void
do_export(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	bool ok = rest != NULL && ca_sim_export_ca(p->card, rest) == CA_OK;

	(void)snprintf(out, cap, "%s", ok ? "ok" : "error cannot write there");
}

static void
do_quit(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	(void)rest;
	p->stop = true;
	(void)snprintf(out, cap, "ok");
}

static void do_help(struct ca_sim_server *p, char *rest, char *out, size_t cap);

static const struct control controls[] = {
    {"remove", do_remove, ""},
    {"insert", do_insert, ""},
    {"swap", do_swap, " [SERIAL]"},
    {"reset", do_reset, ""},
    {"trouble", do_trouble, " AT:WHAT[:TIMES]"},
    {"clear", do_clear, ""},
    {"counters", do_counters, ""},
    {"tries", do_tries, " [N]"},
    {"pin", do_pin, " REF"},
    {"seen", do_seen, ""},
    {"state", do_state, ""},
    {"export-ca", do_export, " DIR"},
    {"quit", do_quit, ""},
    {"help", do_help, ""},
};

static void
do_help(struct ca_sim_server *p, char *rest, char *out, size_t cap)
{
	size_t n = (size_t)snprintf(out, cap, "ok");

	(void)p;
	(void)rest;
	for (size_t i = 0; i < CA_COUNT(controls) && n < cap; i++)
		n += (size_t)snprintf(out + n, cap - n, " %s%s",
		    controls[i].name, controls[i].about);
}

void
ca_sim_server_answer(void *server, char *line, char *out, size_t cap)
{
	struct ca_sim_server *p = server;
	char *rest = strchr(line, ' ');

	if (rest != NULL)
		*rest++ = '\0';
	for (size_t i = 0; i < CA_COUNT(controls); i++)
		if (strcmp(controls[i].name, line) == 0) {
			controls[i].run(p, rest, out, cap);
			return;
		}
	(void)snprintf(out, cap, "error unknown command, try help");
}
