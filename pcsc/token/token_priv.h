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
	unsigned resets;   /* of the card, as far as seen */
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

/* Adds the certificates of the host's store to the model. No transaction may
 * be open. */
CA_MUST_CHECK ca_err ca_token_add_local_(struct ca_token *t);

/* Nobody is logged in any more. */
void ca_token_forget_logins_(struct ca_token *t);

#endif
