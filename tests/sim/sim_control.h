/*
 * The control channel of ca-simcard: a unix socket; a client writes one line,
 * gets one line ("ok ..." or "error ..."), and may go on.
 */
#ifndef CA_SIM_CONTROL_H
#define CA_SIM_CONTROL_H

#include <poll.h>
#include <stddef.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

#define CA_SIM_CLIENTS 4
#define CA_SIM_LINE 256

struct ca_sim_control {
	int fd; /* -1 = no channel */
	char path[108];
	struct {
		int fd; /* -1 = free */
		size_t n;
		char line[CA_SIM_LINE];
	} clients[CA_SIM_CLIENTS];
};

/* Answers a line (without its end) into out, cap bytes. */
typedef void (*ca_sim_answer)(void *arg, char *line, char *out, size_t cap);

/* Listens; a stale socket of that name is replaced. path NULL = no channel. */
CA_MUST_CHECK ca_err ca_sim_control_open(struct ca_sim_control *c,
    const char *path);
void ca_sim_control_close(struct ca_sim_control *c);

/* Fills in what to poll for; returns how many of at most CA_SIM_CLIENTS + 1. */
size_t ca_sim_control_poll(const struct ca_sim_control *c, struct pollfd *p);
/* Serves what poll() found. */
void ca_sim_control_serve(struct ca_sim_control *c, const struct pollfd *p,
    size_t n, ca_sim_answer answer, void *arg);

/* The client: sends a line, copies the answer to out. CA_E_NO_SERVICE when
 * nobody listens, CA_E_IO when no answer comes. */
CA_MUST_CHECK ca_err ca_sim_control_ask(const char *path, const char *line,
    char *out, size_t cap);

#endif
