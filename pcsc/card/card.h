/*
 * A card in a reader whose family is known, and transactions with it.
 *
 * A card is used by one thread at a time (the slot lock of module/core). A
 * transaction is short: begin, a few commands, end; the card is left as it is
 * for the next program.
 */
#ifndef CA_CARD_H
#define CA_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/apdu/apdu.h"
#include "pcsc/base/err.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/profile.h"
#include "pcsc/sm/sm.h"
#include "pcsc/transport/transport.h"

/*
 * Opens the card in `reader` on connection `conn` (borrowed, as ops and
 * profiles are) and finds its family: profiles whose ATR rule matches are asked
 * first, then, for a card no rule knows, those with an AID alone; at most
 * CA_PROBE_MAX commands in all. CA_E_UNSUPPORTED: none of ours. On success *tx
 * is an open transaction in which the application is selected: end it.
 */
ca_err ca_card_open(const struct ca_transport_ops *ops, void *conn,
    const char *reader, const struct ca_profiles *profiles,
    struct ca_card **out, struct ca_tx *tx);

/* Closes; the card keeps its state. No transaction may be open. */
void ca_card_free(struct ca_card **c);

/* In a forked child: frees memory only; the link goes with the connection. */
void ca_card_forget(struct ca_card **c);

/*
 * Begins a transaction. A reset by another program is repaired here (link
 * opened again, application selected); ca_card_resets() then counts one more,
 * and logins are gone. CA_E_REMOVED and CA_E_NO_SERVICE mean that this card
 * object is of no further use.
 */
CA_MUST_CHECK ca_err ca_card_begin(struct ca_card *c, struct ca_tx *tx);
void ca_card_end(struct ca_tx *tx);

/* How often the card lost its state under us since it was opened. */
unsigned ca_card_resets(const struct ca_card *c);

const struct ca_driver *ca_card_driver(const struct ca_card *c);
const struct ca_profile *ca_card_profile(const struct ca_card *c);

/* What the card's reader has; borrowed, and the same for the card's life. */
const struct ca_features *ca_card_features(const struct ca_card *c);

/* The ATR; borrowed. */
struct ca_rd ca_card_atr(const struct ca_card *c);

/* Selects the application unless that was done in this transaction. */
CA_MUST_CHECK ca_err ca_tx_enter(struct ca_tx *tx);

/*
 * Sends a command. As ca_apdu_transmit(), through the logical channel and the
 * secure messaging that are set.
 */
CA_MUST_CHECK ca_err ca_tx_send(struct ca_tx *tx, const struct ca_apdu *cmd,
    struct ca_wr *answer, uint16_t *sw);

/* The same with the status word as an error, for a command that gives it no
 * meaning of its own. */
CA_MUST_CHECK ca_err ca_tx_do(struct ca_tx *tx, const struct ca_apdu *cmd,
    struct ca_wr *answer);

/*
 * Sends a command with values that the holder keys in at the reader, through
 * the logical channel that is set: see ca_pinpad_enter(). CA_E_UNSUPPORTED also
 * under secure messaging, which no reader can wrap.
 */
CA_MUST_CHECK ca_err ca_tx_key_in(struct ca_tx *tx,
    const struct ca_entry *entry, uint16_t *sw);

/* Bits of CLA for what is sent from now on: the logical channel (0 to 3, or 40
 * and the channel less 4), and 80 for a card that wants its own class. None
 * again after a reset. */
void ca_tx_set_class(struct ca_tx *tx, uint8_t bits);

/*
 * Secure messaging for what is sent from now on, NULL for none. The card takes
 * the object over and closes the one before; after a reset there is none.
 */
void ca_tx_set_sm(struct ca_tx *tx, struct ca_sm *sm);

/* Warm reset inside the transaction: every login on the card ends. */
CA_MUST_CHECK ca_err ca_tx_reset(struct ca_tx *tx);

#endif
