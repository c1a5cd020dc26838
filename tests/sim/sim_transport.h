/*
 * Readers in process: a resource manager with up to CA_READERS_MAX readers and
 * simulated cards, behind struct ca_transport_ops. Tests move the readers and
 * cards and play the other programs on the machine.
 *
 *	struct ca_sim_world *w = ca_sim_world_new();
 *	ca_sim_world_add(w, "Reader 0", NULL);
 *	ca_sim_world_insert(w, "Reader 0", card);
 *	... use ca_sim_world_transport(w) ...
 *	ca_sim_world_free(w);
 *
 * Every function may be called from any thread. The world borrows the cards:
 * whoever made one frees it, after it was removed or the world is gone.
 *
 * Answers are those of pcsc-lite, told in ca_err:
 *  - card removed: its links say CA_E_REMOVED for ever, also when it or another
 *    card comes back; reconnect() then opens whatever is in the reader, or says
 *    CA_E_NO_CARD;
 *  - reader unplugged: CA_E_NO_READER on its links for ever;
 *  - reset by somebody else: begin() and transmit() say CA_E_RESET until
 *    reconnect();
 *  - service down: everything says CA_E_NO_SERVICE, and what was open before
 *    keeps saying so after the service is up again;
 *  - answer of less than two bytes, or longer than the room for it:
 *    CA_E_MALFORMED, nothing is written;
 *  - command longer than the reader carries: CA_E_IO;
 *  - control(): a code that the reader does not know is CA_E_IO, and while
 *    another program is in a transaction everything is CA_E_BUSY.
 */
#ifndef CA_SIM_TRANSPORT_H
#define CA_SIM_TRANSPORT_H

#include "pcsc/transport/transport.h"
#include "tests/sim/sim.h"

struct ca_sim_world;

/*
 * A reader's keypad (PC/SC part 10): what it tells of itself, and the rest of
 * what it would tell. Zeroed: there is none. It is a strict one: what is not
 * as the standard and makers' manuals want it is answered 6B80.
 */
struct ca_sim_keypad {
	bool verify, modify; /* ... a PIN in one go */
	bool pair;           /* these two by START and FINISH instead */
	bool display;
	uint8_t min, max; /* digits it takes; 0 = it does not tell, and takes
			   * 1 to 15 */
	/* Hex digits, instead of the list of features, and of properties. */
	const char *features, *properties;
};

/* What differs between readers. Zeroed: T=0 and T=1, short APDUs only. */
struct ca_sim_reader {
	bool no_t0, no_t1;
	bool tells_short; /* it says that it carries short APDUs alone */
	size_t max_apdu;  /* bytes; 0 = the reader does not say */
	struct ca_sim_keypad keypad;
};

/* NULL without memory. The service is up, there are no readers. */
struct ca_sim_world *ca_sim_world_new(void);
/* Nobody may hold or use a connection any more. NULL is fine. */
void ca_sim_world_free(struct ca_sim_world *w);
/* The transport of this world; valid as long as the world. */
const struct ca_transport *ca_sim_world_transport(struct ca_sim_world *w);

/* ---- readers; CA_E_NO_READER when there is none of that name ---- */

/* Plugs in a new reader, or one that was unplugged. info may be NULL.
 * CA_E_NOMEM when there are too many. */
CA_MUST_CHECK ca_err ca_sim_world_add(struct ca_sim_world *w,
    const char *reader, const struct ca_sim_reader *info);
/* Unplugs it; a card in it is taken out first. */
CA_MUST_CHECK ca_err ca_sim_world_unplug(struct ca_sim_world *w,
    const char *reader);
/* Stops or starts the resource manager. */
void ca_sim_world_service(struct ca_sim_world *w, bool up);

/* ---- cards ---- */

/* Inserts a card (taking out what was there). */
CA_MUST_CHECK ca_err ca_sim_world_insert(struct ca_sim_world *w,
    const char *reader, struct ca_sim *card);
/* Takes the card out; an empty reader stays empty. */
CA_MUST_CHECK ca_err ca_sim_world_remove(struct ca_sim_world *w,
    const char *reader);
/* The card that CA_SIM_T_SWAP brings into this reader. */
CA_MUST_CHECK ca_err ca_sim_world_spare(struct ca_sim_world *w,
    const char *reader, struct ca_sim *card);
/* Inserts something that does not answer a reset. */
CA_MUST_CHECK ca_err ca_sim_world_insert_mute(struct ca_sim_world *w,
    const char *reader);
/* The card in the reader, NULL when it is empty. */
struct ca_sim *ca_sim_world_card(struct ca_sim_world *w, const char *reader);

/* ---- the holder at the reader's keypad ---- */

/* What he keys in from now on, entry by entry, blanks between them: digits, or
 * "cancel", or "away" for nothing in time; after the last he is away. */
void ca_sim_world_keys(struct ca_sim_world *w, const char *reader,
    const char *keys);
/* How many entries he was asked for since the world began, cancelled and missed
 * ones included. */
uint64_t ca_sim_world_entries(struct ca_sim_world *w, const char *reader);
/* Appends the last structure that the reader was given. */
void ca_sim_world_structure(struct ca_sim_world *w, const char *reader,
    struct ca_wr *out);

/* ---- the other programs ---- */

/* Another program resets the card; every link on it is told CA_E_RESET. It
 * does not wait for transactions. */
CA_MUST_CHECK ca_err ca_sim_world_reset(struct ca_sim_world *w,
    const char *reader);
/* Another program begins or ends a transaction: begin() of the links on this
 * reader blocks meanwhile. */
CA_MUST_CHECK ca_err ca_sim_world_hold(struct ca_sim_world *w,
    const char *reader, bool hold);
/* Another program opens the card exclusively: connect() says CA_E_BUSY. */
CA_MUST_CHECK ca_err ca_sim_world_exclusive(struct ca_sim_world *w,
    const char *reader, bool exclusive);
/* Another program sends a command (login state of the card changes with it).
 * The answer goes to *resp. */
CA_MUST_CHECK ca_err ca_sim_world_other(struct ca_sim_world *w,
    const char *reader, struct ca_rd cmd, struct ca_wr *resp);

/* ---- failure of calls ---- */

enum ca_sim_call {
	CA_SIM_CALL_OPEN,
	CA_SIM_CALL_LIST,
	CA_SIM_CALL_QUERY,
	CA_SIM_CALL_WAIT,
	CA_SIM_CALL_CONNECT,
	CA_SIM_CALL_RECONNECT,
	CA_SIM_CALL_BEGIN,
	CA_SIM_CALL_TRANSMIT,
	CA_SIM_CALL_CONTROL,
	CA_SIM_CALLS_
};

/* From now on the n-th call of this kind (1 = the next) fails with e, once,
 * and does nothing else. n = 0 takes the order back. */
void ca_sim_world_fail(struct ca_sim_world *w, enum ca_sim_call call,
    uint32_t n, ca_err e);
/* How often it was called since the world began. */
uint64_t ca_sim_world_calls(struct ca_sim_world *w, enum ca_sim_call call);

/*
 * Breaches of the contract in transport.h seen so far: transmit(), or an entry
 * at the keypad, outside a transaction, end() without begin(), disconnect()
 * inside a transaction, a parent's connection used in a child other than by
 * forget(). 0 in a sound program.
 */
uint64_t ca_sim_world_breaches(struct ca_sim_world *w);
/* Connections and links open now: 0 when nothing leaks. */
size_t ca_sim_world_open_conns(struct ca_sim_world *w);
size_t ca_sim_world_open_links(struct ca_sim_world *w);
/* Blocks until somebody waits in wait() or blocks in begin(), at most so many
 * milliseconds; false when the time is over. */
CA_MUST_CHECK bool ca_sim_world_await_waiter(struct ca_sim_world *w,
    uint32_t timeout_ms);
CA_MUST_CHECK bool ca_sim_world_await_blocked(struct ca_sim_world *w,
    uint32_t timeout_ms);

#endif
