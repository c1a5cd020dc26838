/*
 * A simulated card in the virtual reader of vsmartcard: vpcd listens on TCP,
 * one port per slot, and a card is a client that connects. Messages are a
 * length of two bytes and a body; a body of one byte is an order to the reader
 * (off, on, reset, "your ATR?"), anything else a command.
 *
 * The protocol does not say whether T=0 or T=1 was agreed: T=1 is taken when
 * the card speaks it. Nor can a card tell of a reset: trouble of that kind
 * makes the card forget its state, and the command is then carried out. An
 * answer without any byte would make vpcd wait for ever: the card leaves the
 * reader instead, and may come back at once.
 */
#ifndef CA_SIM_VPCD_H
#define CA_SIM_VPCD_H

#include "tests/sim/sim.h"

struct ca_sim_vpcd {
	int fd; /* -1 = not connected */
	size_t n;
	uint8_t in[70000];
};

void ca_sim_vpcd_init(struct ca_sim_vpcd *v);

/* CA_E_NO_SERVICE when nobody listens there; host and port as text. */
CA_MUST_CHECK ca_err ca_sim_vpcd_connect(struct ca_sim_vpcd *v,
    const char *host, const char *port);

/* The card leaves the reader. */
void ca_sim_vpcd_close(struct ca_sim_vpcd *v);

/*
 * Reads what has arrived and answers every complete message with this card.
 * *ev says what trouble wants of the caller (CA_SIM_GONE, CA_SIM_SWAPPED); the
 * connection is closed then. It is also closed, with CA_SIM_ANSWERED, after an
 * answer that could not be sent. CA_E_NO_SERVICE when the reader hung up.
 */
CA_MUST_CHECK ca_err ca_sim_vpcd_serve(struct ca_sim_vpcd *v, struct ca_sim *s,
    enum ca_sim_event *ev);

#endif
