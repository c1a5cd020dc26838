/* What the token*.c files share; nobody else includes this. */
#ifndef CA_TOKEN_PRIV_H
#define CA_TOKEN_PRIV_H

#include "pcsc/card/card.h"
#include "pcsc/token/token.h"

#define CA_ROLES 3
#define CA_WAYS_MAX 8 /* of one algorithm that are tried */

struct ca_token {
	const struct ca_transport *tp;
	const struct ca_profiles *profiles;
	const struct ca_config *config;
	char reader[CA_READER_NAME];
	void *conn;
	struct ca_card *card; /* NULL while pcscd is away */
	struct ca_model model;
	unsigned generation;
	bool in[CA_ROLES]; /* we logged in with this role */
	/* Something may have been verified since the card was last closed, or
	 * the outcome of a PIN command is not known: logout is due. */
	bool open;
	/* What a card said of a PIN's tries when it refused a value, plus one;
	 * 0: nothing, or the PIN was right since. By place in the model. */
	int heard[CA_PINS_MAX];
	bool spend_last;            /* see ca_token_spend_last() */
	bool keyed[CA_ORDER_COUNT]; /* see struct ca_token_can */
	unsigned resets;            /* of the card, as far as seen */
	/* Somebody far away is asked (remote.h): the transaction, open while
	 * `pin` is not NULL; and what the card said of an administrator's key,
	 * as `heard` is. */
	struct {
		struct ca_tx tx;
		const struct ca_pin *pin, *puk;
		size_t size; /* bytes of the answer */
		int heard;
	} remote;
	/* The attempt (driver.h) that worked last, for each key. */
	uint8_t attempt[CA_KEYS_MAX][CA_ALG_COUNT];
};

/*
 * Begins a transaction on the token's card and repairs what can be repaired:
 * a reset, and a pcscd that was restarted. Logins that were lost are forgotten
 * here. Every CA_OK is paired with ca_card_end().
 */
CA_MUST_CHECK ca_err ca_token_begin_(struct ca_token *t, struct ca_tx *tx);

typedef ca_err ca_token_step(struct ca_token *t, struct ca_tx *tx, void *arg);

/*
 * Runs a step that only reads, in a transaction of its own; again when another
 * program reset the card in the middle of it.
 */
CA_MUST_CHECK ca_err ca_token_read_(struct ca_token *t, ca_token_step *step,
    void *arg);

/* Reads the card's directories into *m; wiped on failure. */
CA_MUST_CHECK ca_err ca_token_describe_(struct ca_token *t, struct ca_tx *tx,
    struct ca_model *m);

/* Reads the directories into the token's model anew; indexes change. */
CA_MUST_CHECK ca_err ca_token_describe_again_(struct ca_token *t);

/* Adds the certificates of the host's store to the model. No transaction may
 * be open. */
CA_MUST_CHECK ca_err ca_token_add_local_(struct ca_token *t);

/* Finds out which orders can be keyed in, for a model that was just read; the
 * transaction is the one it was read in. */
CA_MUST_CHECK ca_err ca_token_find_keyed_(struct ca_token *t, struct ca_tx *tx,
    const struct ca_model *m);

/*
 * May this PIN be tried now? Asks the card, at the cost of no try; *st is what
 * it said. A card that has the PIN verified tells no count: then what it said
 * last, refusing a value, is what is left. CA_E_PIN_BLOCKED; CA_E_PIN_LAST.
 */
CA_MUST_CHECK ca_err ca_token_may_try_(struct ca_token *t, struct ca_tx *tx,
    const struct ca_pin *pin, struct ca_pin_state *st);

/*
 * What an order does with the card once it may: `arg` is the caller's, *tries
 * what is left of the PIN that is proven. `st` is that PIN's state before.
 */
typedef ca_err ca_token_proof(struct ca_token *t, struct ca_tx *tx,
    const struct ca_pin_state *st, void *arg, int *tries);

/* The three orders of token.h around their one step: a transaction, the guard
 * of the last try before it, tries and logins noted after it. */
CA_MUST_CHECK ca_err ca_token_login_(struct ca_token *t,
    const struct ca_pin *pin, ca_token_proof *step, void *arg,
    struct ca_pin_state *after);
/* new_value: empty when only the holder knows it. */
CA_MUST_CHECK ca_err ca_token_change_(struct ca_token *t,
    const struct ca_pin *pin, ca_token_proof *step, void *arg,
    struct ca_rd new_value, struct ca_pin_state *after);
CA_MUST_CHECK ca_err ca_token_unblock_(struct ca_token *t,
    const struct ca_pin *puk, const struct ca_pin *pin, ca_token_proof *step,
    void *arg, struct ca_pin_state *after);

/*
 * May what was asked about be tried now? *heard (or NULL) is what the card said
 * last of its tries, for a card that tells no count now. CA_E_PIN_BLOCKED;
 * CA_E_PIN_LAST: one try left, and no order to spend it.
 */
CA_MUST_CHECK ca_err ca_token_guard_(const struct ca_token *t, const int *heard,
    struct ca_pin_state *st);

/* What a command that proves something leaves known of its tries. */
void ca_token_note_(int *heard, ca_err e, int tries,
    struct ca_pin_state *after);

/* Where the tries of this PIN are kept; NULL for one that is not the model's.
 */
int *ca_token_heard_(struct ca_token *t, const struct ca_pin *pin);

/* Ends every right on the card: by the family's own command, where it has one,
 * or by a reset. */
CA_MUST_CHECK ca_err ca_token_end_login_(struct ca_token *t, struct ca_tx *tx,
    bool by_reset);

/* Nobody is logged in any more. */
void ca_token_forget_logins_(struct ca_token *t);

/*
 * What the use of a key says of logins, and the error to tell. Another program
 * reset the card under us: all are gone. The card wants a login: the user's is
 * gone, if it is the one that the key hangs on, and not one PIN for each use.
 */
ca_err ca_token_used_(struct ca_token *t, const struct ca_key *key, ca_err e);

/* One way of using a key came to nothing; another of the family may do better.
 */
bool ca_token_way_failed_(ca_err e);

#endif
