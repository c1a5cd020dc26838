/* See the header. */
#include "pcsc/card/card.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/atr.h"

#define ROOM "card"
/* Another program may reset the card again while we repair. */
#define REPAIRS_MAX 3
/* Commands in one transaction. Every loop that a card drives has a cap of its
 * own, but a hostile card can multiply them: directories, files, parts, rounds.
 * Sixteen directories of 32 KiB, the largest that are read, stay below this. */
#define TX_COMMANDS_MAX 2500
#define SM_ANSWER_MAX 4096 /* wrapped, of the longest answer we ask for */

struct ca_card {
	struct ca_chan chan;
	struct ca_link_info info;
	struct ca_features features; /* of the reader */
	const struct ca_profile *profile;
	const struct ca_driver *driver;
	void *state;
	unsigned resets;
	unsigned long sent; /* on the channel, when the transaction began */
	bool outside;       /* powered anew: our application is not selected */
	uint8_t class_bits; /* ORed into CLA: channel, 80 */
	struct ca_sm *sm;   /* NULL: commands go in clear */
};

static void
end_sm(struct ca_card *c)
{
	if (c->sm != NULL)
		c->sm->ops->close(c->sm);
	c->sm = NULL;
}

/* The card was powered anew: what it kept for us is gone. */
static void
note_reset(struct ca_card *c)
{
	c->resets++;
	c->outside = true;
	c->class_bits = 0;
	end_sm(c);
}

static void
use_info(struct ca_card *c)
{
	c->chan.proto = c->info.proto;
	if (c->profile != NULL) {
		c->chan.chaining = c->profile->chaining;
		/* Without chaining it is the one way for what is long, so a
		 * reader that does not say what it takes is given it. */
		c->chan.extended =
		    c->profile->extended &&
		    (c->chan.max_apdu > 0 || !c->profile->chaining) &&
		    !ca_atr_denies_extended(ca_rd_of(c->info.atr,
			c->info.atr_n));
	}
}

static struct ca_tx
tx_of(struct ca_card *c)
{
	struct ca_tx tx = {.card = c, .profile = c->profile, .state = c->state};

	return tx;
}

/* Takes the profile for this card and asks its driver. */
static ca_err
try_profile(struct ca_card *c, const struct ca_profile *p, struct ca_tx *tx)
{
	const struct ca_driver *d = ca_registry_driver(p->driver);
	ca_err e;

	if (d == NULL)
		return CA_E_BUG; /* profile.c refuses unknown drivers */
	c->state = d->state_size > 0 ? calloc(1, d->state_size) : NULL;
	if (d->state_size > 0 && c->state == NULL)
		return CA_E_NOMEM;
	c->profile = p;
	c->driver = d;
	use_info(c);
	*tx = tx_of(c);
	if ((e = d->claims(tx)) == CA_OK) {
		ca_log(CA_LOG_INFO, ROOM, "card is '%s'", p->name);
		return CA_OK;
	}
	free(c->state);
	c->state = NULL;
	c->profile = NULL;
	c->driver = NULL;
	return e;
}

/* Whether an error of claims() only means "not this family". */
static bool
only_refused(ca_err e)
{
	return ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED;
}

static ca_err
identify(struct ca_card *c, const struct ca_profiles *profiles,
    struct ca_tx *tx)
{
	struct ca_rd atr = ca_rd_of(c->info.atr, c->info.atr_n);
	bool known = ca_profiles_know_atr(profiles, atr);
	int probes = 0;

	for (size_t i = 0; i < profiles->n && probes < CA_PROBE_MAX; i++) {
		const struct ca_profile *p = &profiles->p[i];
		ca_err e;

		if (known ? !ca_profile_matches(p, atr) ||
				ca_profiles_outdone(profiles, p, atr)
			  : p->atrs_n > 0)
			continue;
		probes++;
		e = try_profile(c, p, tx);
		if (e == CA_OK || !only_refused(e))
			return e;
	}
	return CA_E_UNSUPPORTED;
}

static ca_err
begin_link(struct ca_card *c)
{
	c->sent = c->chan.sent;
	for (int i = 0; i < REPAIRS_MAX; i++) {
		ca_err e = c->chan.ops->begin(c->chan.link);

		if (e != CA_E_RESET)
			return e;
		note_reset(c);
		e = c->chan.ops->reconnect(c->chan.link, false, &c->info);
		if (e != CA_OK)
			return e;
		use_info(c);
	}
	return CA_E_BUSY;
}

/* Inside a transaction: outside of one pcscd refuses to ask the reader while
 * another program is in its own. */
static void
learn_reader(struct ca_card *c)
{
	ca_features_learn(c->chan.ops, c->chan.link, &c->features);
	c->chan.max_apdu = c->features.max_apdu;
	c->chan.short_only = c->features.max_told && c->features.max_apdu == 0;
}

ca_err
ca_card_open(const struct ca_transport_ops *ops, void *conn, const char *reader,
    const struct ca_profiles *profiles, struct ca_card **out, struct ca_tx *tx)
{
	struct ca_card *c = calloc(1, sizeof(*c));
	ca_err e;

	if (c == NULL)
		return CA_E_NOMEM;
	c->chan.ops = ops;
	e = ops->connect(conn, reader, &c->info, &c->chan.link);
	if (e != CA_OK) {
		free(c);
		return e;
	}
	use_info(c);
	if ((e = begin_link(c)) == CA_OK) {
		learn_reader(c);
		if ((e = identify(c, profiles, tx)) == CA_OK) {
			*out = c;
			return CA_OK;
		}
		ops->end(c->chan.link);
	}
	ca_card_free(&c);
	return e;
}

static void
free_memory(struct ca_card **c)
{
	end_sm(*c);
	if ((*c)->state != NULL)
		ca_wipe((*c)->state, (*c)->driver->state_size);
	free((*c)->state);
	free(*c);
	*c = NULL;
}

void
ca_card_free(struct ca_card **c)
{
	struct ca_tx tx;

	if (*c == NULL)
		return;
	/* Nothing to give back where the card was reset meanwhile. */
	if ((*c)->driver != NULL && (*c)->driver->close != NULL &&
	    (*c)->chan.ops->begin((*c)->chan.link) == CA_OK) {
		tx = tx_of(*c);
		(*c)->driver->close(&tx);
		ca_card_end(&tx);
	}
	(*c)->chan.ops->disconnect((*c)->chan.link);
	free_memory(c);
}

void
ca_card_forget(struct ca_card **c)
{
	if (*c != NULL)
		free_memory(c);
}

ca_err
ca_card_begin(struct ca_card *c, struct ca_tx *tx)
{
	unsigned before = c->resets;
	ca_err e = begin_link(c);

	if (e != CA_OK)
		return e;
	*tx = tx_of(c);
	if (c->resets != before)
		ca_log(CA_LOG_INFO, ROOM,
		    "the card was reset by another program");
	/* Also after a reset of our own (logout): a local PIN asked about from
	 * the MF would be another one's. */
	if (c->outside && (e = ca_tx_enter(tx)) != CA_OK)
		ca_card_end(tx);
	return e;
}

void
ca_card_end(struct ca_tx *tx)
{
	struct ca_card *c = tx->card;

	c->chan.ops->end(c->chan.link);
	memset(tx, 0, sizeof(*tx));
}

unsigned
ca_card_resets(const struct ca_card *c)
{
	return c->resets;
}

const struct ca_driver *
ca_card_driver(const struct ca_card *c)
{
	return c->driver;
}

const struct ca_profile *
ca_card_profile(const struct ca_card *c)
{
	return c->profile;
}

const struct ca_features *
ca_card_features(const struct ca_card *c)
{
	return &c->features;
}

struct ca_rd
ca_card_atr(const struct ca_card *c)
{
	return ca_rd_of(c->info.atr, c->info.atr_n);
}

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
	end_sm(tx->card);
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
	note_reset(c);
	if (e == CA_OK)
		use_info(c);
	return e;
}
