/* See the header; transactions, once they are open: tx.c. */
#include "pcsc/card/card_priv.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/atr.h"

#define ROOM "card"
/* Another program may reset the card again while we repair. */
#define REPAIRS_MAX 3

void
ca_card_end_sm_(struct ca_card *c)
{
	if (c->sm != NULL)
		c->sm->ops->close(c->sm);
	c->sm = NULL;
}

void
ca_card_note_reset_(struct ca_card *c)
{
	c->resets++;
	c->outside = true;
	c->class_bits = 0;
	ca_card_end_sm_(c);
}

void
ca_card_use_info_(struct ca_card *c)
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
	ca_card_use_info_(c);
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
		ca_card_note_reset_(c);
		e = c->chan.ops->reconnect(c->chan.link, false, &c->info);
		if (e != CA_OK)
			return e;
		ca_card_use_info_(c);
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
	ca_card_use_info_(c);
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
	ca_card_end_sm_(*c);
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
