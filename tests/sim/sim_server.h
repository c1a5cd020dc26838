/*
 * A simulated card at work in a virtual reader: the loop behind ca-simcard,
 * with its control channel.
 */
#ifndef CA_SIM_SERVER_H
#define CA_SIM_SERVER_H

#include "tests/sim/sim.h"
#include "tests/sim/sim_control.h"
#include "tests/sim/sim_vpcd.h"

struct ca_sim_server {
	/* set by the caller; texts are borrowed */
	struct ca_sim_opts o;
	const char *host, *port;
	bool wait;     /* try until vpcd answers, and again after it left */
	bool inserted; /* wanted in the reader: connected, or trying */
	/* the server's own */
	struct ca_sim *card;
	struct ca_sim_vpcd vpcd;
	struct ca_sim_control control;
	bool was_ready, stop, failed;
	uint32_t swaps;
};

/* Makes the card; a reason is printed on standard error. False: no card. */
CA_MUST_CHECK bool ca_sim_server_init(struct ca_sim_server *p);
/* Frees the card, leaves the reader, removes the control socket, wipes. */
void ca_sim_server_wipe(struct ca_sim_server *p);

/* Serves reader and control channel until SIGINT, SIGTERM, SIGHUP or "quit",
 * or until the reader is gone and wait is not set. Prints "ready PORT" at each
 * connection. False: it ended for a fault, which was printed. */
CA_MUST_CHECK bool ca_sim_server_run(struct ca_sim_server *p);

/* Prints "ca-simcard: what: which" on standard error; which may be NULL. */
void ca_sim_complain(const char *what, const char *which);

/* ---- between the files of the server ---- */

/* Connects if the card should be in the reader and is not. */
void ca_sim_server_plug(struct ca_sim_server *p);
/* Another card of the same type: the given serial number, or the old one with
 * its last digit changed. It keeps its state beside that of the first. */
CA_MUST_CHECK bool ca_sim_server_swap(struct ca_sim_server *p,
    const char *serial);
/* Answers a line of the control channel (sim_server_cmd.c). */
void ca_sim_server_answer(void *server, char *line, char *out, size_t cap);

#endif
