/*
 * Unblocking a PIN at a distance: the card asks, somebody far away who has the
 * right key answers (pcsc/base/remote.h), and the card takes a new PIN.
 *
 * A challenge dies with the next command to the card. So from a begin() that
 * gave CA_OK on, the token holds its transaction: no other program gets a
 * command to the card, and every other function on this token says CA_E_BUSY.
 * That ends with finish() or cancel(), with ca_token_free(), and, if the
 * process is killed, with its connection; the card is usable then as before. A
 * reset by another program, or the card leaving its reader, end it on the card
 * alone: finish() says so, and no try is spent.
 *
 * Locks and errors besides those told here: as in token.h.
 */
#ifndef CA_TOKEN_REMOTE_H
#define CA_TOKEN_REMOTE_H

#include "pcsc/base/remote.h"
#include "pcsc/token/token.h"

/* Whether that can be done with the user's PIN of this token, and why not. */
enum ca_token_remote {
	CA_TOKEN_REMOTE_CAN,
	CA_TOKEN_REMOTE_DENIED,   /* its directories say that no PIN may be */
	CA_TOKEN_REMOTE_PUK_ONLY, /* a PUK that the card wants to hear, by
				   * ca_token_unblock() */
	CA_TOKEN_REMOTE_UNKNOWN,  /* nobody knows how, or pcscd is away */
};

/* Sends nothing. */
enum ca_token_remote ca_token_remote_can(const struct ca_token *t);

/* What the card asks. */
struct ca_token_ask {
	enum ca_remote scheme;
	uint8_t challenge[CA_REMOTE_MAX];
	size_t n; /* bytes of it, and of the answer */
	/* What is to be proven: the PUK, or an administrator's key. */
	struct ca_pin_state state;
};

/*
 * Begins: has the card make a challenge and holds the card. CA_E_UNSUPPORTED:
 * ca_token_remote_can() tells why; or the card does not tell how many tries the
 * new PIN is to have. CA_E_PIN_BLOCKED: no tries are left of what is to be
 * proven; CA_E_PIN_LAST: one is left and the configuration does not allow
 * spending it. Nothing is held then; *out has the state, as far as it is known,
 * on every path.
 */
ca_err ca_token_remote_begin(struct ca_token *t, struct ca_token_ask *out);

/*
 * Gives the answer to the card and sets the user's PIN. A wrong answer costs
 * one try of what it proves, so its check characters are looked at before this
 * is called. The card is held on only after CA_E_PIN_LEN (the new PIN's length
 * is wrong) and CA_E_DATA_LEN (the answer's is): nothing was sent, and it may
 * be called again. Everything else ends it, and with it all logins on the card.
 * CA_E_PIN_WRONG: the answer was wrong; CA_E_PIN_BLOCKED: and it was the last
 * try; CA_E_REFUSED: the answer was right, but the card did not take the new
 * PIN. *after is the state of what was proven. CA_E_BUG: nothing was begun.
 */
ca_err ca_token_remote_finish(struct ca_token *t, struct ca_rd answer,
    struct ca_rd new_value, struct ca_pin_state *after);

/* Lets the card go, with no try spent. Nothing, when nothing was begun. */
void ca_token_remote_cancel(struct ca_token *t);

#endif
