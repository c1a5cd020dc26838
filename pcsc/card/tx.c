/* See card.h: commands in an open transaction. */
#include <stdlib.h>

#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card_priv.h"

#define ROOM "card"
/* Commands in one transaction. Every loop that a card drives has a cap of its
 * own, but a hostile card can multiply them: directories, files, parts, rounds.
 * Sixteen directories of 32 KiB, the largest that are read, stay below this. */
#define TX_COMMANDS_MAX 2500
#define SM_ANSWER_MAX 4096 /* wrapped, of the longest answer we ask for */

ca_err
ca_tx_enter(struct ca_tx *tx)
{
	ca_err e;

	if (tx->entered)
		return CA_OK;
	e = tx->card->driver->enter(tx);
	tx->entered = e == CA_OK;
	if (e == CA_OK)
		tx->card->outside = tx->lost = false;
	return e;
}

void
ca_tx_set_class(struct ca_tx *tx, uint8_t bits)
{
	tx->card->class_bits = bits & 0xCF;
}

void
ca_tx_set_sm(struct ca_tx *tx, struct ca_sm *sm)
{
	ca_card_end_sm_(tx->card);
	tx->card->sm = sm;
}

/* One exchange through secure messaging. */
static ca_err
send_wrapped(struct ca_card *c, const struct ca_apdu *cmd, struct ca_wr *answer,
    uint16_t *sw)
{
	uint8_t *room;
	struct ca_wr raw;
	struct ca_buf data = {0};
	struct ca_apdu wrapped;
	uint16_t outer;
	ca_err e;

	if ((room = malloc(SM_ANSWER_MAX)) == NULL)
		return CA_E_NOMEM;
	raw = ca_wr_of(room, SM_ANSWER_MAX);
	if (answer != NULL)
		*answer = ca_wr_of(answer->p, answer->cap);
	e = c->sm->ops->wrap(c->sm, cmd, &wrapped, &data);
	if (e == CA_OK)
		e = ca_apdu_transmit(&c->chan, &wrapped, &raw, &outer);
	if (e == CA_OK)
		e = c->sm->ops->unwrap(c->sm, ca_wr_rd(&raw), outer, answer,
		    sw);
	ca_buf_free(&data);
	ca_wipe(room, SM_ANSWER_MAX);
	free(room);
	if (e != CA_OK && answer != NULL)
		ca_wr_wipe(answer);
	return e;
}

/* The same with a wrong Le (6Cxx) that was told inside: the channel has counted
 * on, so the command is wrapped anew, once and never with a PIN in it. */
static ca_err
send_sm(struct ca_card *c, const struct ca_apdu *cmd, struct ca_wr *answer,
    uint16_t *sw)
{
	struct ca_apdu again = *cmd;
	ca_err e = send_wrapped(c, cmd, answer, sw);

	if (e != CA_OK || *sw >> 8 != 0x6C || cmd->le == CA_LE_NONE ||
	    cmd->secret)
		return e;
	again.le = (*sw & 0xFF) == 0 ? CA_LE_SHORT : *sw & 0xFF;
	return send_wrapped(c, &again, answer, sw);
}

ca_err
ca_tx_send(struct ca_tx *tx, const struct ca_apdu *cmd, struct ca_wr *answer,
    uint16_t *sw)
{
	struct ca_card *c = tx->card;
	struct ca_apdu on_channel = *cmd;
	ca_err e;

	if (c->chan.sent - c->sent > TX_COMMANDS_MAX) {
		ca_log(CA_LOG_ERROR, ROOM,
		    "more than %d commands for one order: given up",
		    TX_COMMANDS_MAX);
		return CA_E_MALFORMED;
	}
	on_channel.cla |= c->class_bits;
	e = c->sm != NULL ? send_sm(c, &on_channel, answer, sw)
			  : ca_apdu_transmit(&c->chan, &on_channel, answer, sw);
	if (e == CA_OK && c->driver->status != NULL)
		*sw = c->driver->status(tx, *sw);
	return e;
}

ca_err
ca_tx_do(struct ca_tx *tx, const struct ca_apdu *cmd, struct ca_wr *answer)
{
	uint16_t sw;
	ca_err e = ca_tx_send(tx, cmd, answer, &sw);

	return e != CA_OK ? e : ca_sw_err(sw);
}

ca_err
ca_tx_key_in(struct ca_tx *tx, const struct ca_entry *entry, uint16_t *sw)
{
	struct ca_card *c = tx->card;
	struct ca_entry on_channel = *entry;
	ca_err e;

	if (c->sm != NULL)
		return CA_E_UNSUPPORTED;
	on_channel.cla |= c->class_bits;
	c->chan.sent++;
	ca_log(CA_LOG_APDU, ROOM, "> %02X %02X %02X %02X, keyed in",
	    on_channel.cla, entry->ins, entry->p1, entry->p2);
	e = ca_pinpad_enter(c->chan.ops, c->chan.link, &c->features,
	    &on_channel, sw);
	if (e == CA_OK && c->driver->status != NULL)
		*sw = c->driver->status(tx, *sw);
	return e;
}

ca_err
ca_tx_reset(struct ca_tx *tx)
{
	struct ca_card *c = tx->card;
	ca_err e = c->chan.ops->reconnect(c->chan.link, true, &c->info);

	tx->entered = false;
	ca_card_note_reset_(c);
	if (e == CA_OK)
		ca_card_use_info_(c);
	return e;
}
