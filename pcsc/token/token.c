/* See the header. */
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/token/remote.h"
#include "pcsc/token/token_priv.h"

#define ROOM "token"
/* A card that others keep resetting is busy, not broken. */
#define READS_MAX 3

void
ca_token_forget_logins_(struct ca_token *t)
{
	memset(t->in, 0, sizeof(t->in));
	memset(t->heard, 0, sizeof(t->heard));
	t->remote.heard = 0;
	t->open = false;
}

/* Connects and finds the family; *tx is open on success. */
static ca_err
connect_card(struct ca_token *t, struct ca_tx *tx)
{
	ca_err e;

	if ((e = t->tp->ops->open(t->tp->arg, &t->conn)) != CA_OK)
		return e;
	e = ca_card_open(t->tp->ops, t->conn, t->reader, t->profiles, &t->card,
	    tx);
	if (e != CA_OK) {
		t->tp->ops->close(t->conn);
		t->conn = NULL;
	}
	return e;
}

static void
disconnect_card(struct ca_token *t)
{
	ca_card_free(&t->card);
	if (t->conn != NULL)
		t->tp->ops->close(t->conn);
	t->conn = NULL;
}

ca_err
ca_token_describe_(struct ca_token *t, struct ca_tx *tx, struct ca_model *m)
{
	ca_err e = ca_card_driver(t->card)->describe(tx, m);

	if (e == CA_OK)
		e = ca_token_find_keyed_(t, tx, m);
	t->resets = ca_card_resets(t->card);
	if (e != CA_OK) {
		ca_log(CA_LOG_ERROR, ROOM, "the card's directories: %s",
		    ca_err_name(e));
		ca_model_wipe(m);
	}
	return e;
}

/* Two descriptions of one and the same card? Without a serial nobody knows. */
static bool
same_card(const struct ca_model *a, const struct ca_model *b)
{
	return a->serial[0] != '\0' && strcmp(a->serial, b->serial) == 0 &&
	       strcmp(a->label, b->label) == 0 && a->keys_n == b->keys_n;
}

/*
 * pcscd went away and may be back: connects again. The card lost power, so all
 * logins are gone; and it may be another card, which is then a removal.
 */
static ca_err
revive(struct ca_token *t, struct ca_tx *tx)
{
	struct ca_model *now = calloc(1, sizeof(*now));
	ca_err e;

	if (now == NULL)
		return CA_E_NOMEM;
	ca_token_forget_logins_(t);
	disconnect_card(t);
	e = connect_card(t, tx);
	if (e == CA_E_NO_CARD || e == CA_E_NO_READER || e == CA_E_UNSUPPORTED)
		e = CA_E_REMOVED;
	if (e == CA_OK && (e = ca_token_describe_(t, tx, now)) != CA_OK)
		ca_card_end(tx);
	if (e == CA_OK && !same_card(&t->model, now)) {
		ca_log(CA_LOG_INFO, ROOM, "another card is in the reader");
		ca_card_end(tx);
		e = CA_E_REMOVED;
	}
	/* What the card showed, it showed on the old connection. */
	for (size_t i = 0; e == CA_OK && i < now->keys_n; i++) {
		t->model.keys[i].algs = now->keys[i].algs;
		t->model.keys[i].unproven = now->keys[i].unproven;
	}
	ca_model_wipe(now);
	free(now);
	if (e != CA_OK)
		disconnect_card(t);
	return e;
}

ca_err
ca_token_begin_(struct ca_token *t, struct ca_tx *tx)
{
	ca_err e;

	/* Whatever it sent would void the challenge. */
	if (t->remote.pin != NULL)
		return CA_E_BUSY;
	e = t->card != NULL ? ca_card_begin(t->card, tx) : CA_E_NO_SERVICE;
	if (e == CA_E_NO_SERVICE)
		return revive(t, tx);
	if (e == CA_E_NO_CARD || e == CA_E_NO_READER)
		e = CA_E_REMOVED;
	if (e != CA_OK)
		return e;
	if (t->resets != ca_card_resets(t->card)) {
		t->resets = ca_card_resets(t->card);
		ca_token_forget_logins_(t);
	}
	return CA_OK;
}

ca_err
ca_token_read_(struct ca_token *t, ca_token_step *step, void *arg)
{
	for (int i = 0; i < READS_MAX; i++) {
		struct ca_tx tx;
		ca_err e = ca_token_begin_(t, &tx);

		if (e != CA_OK)
			return e;
		e = step(t, &tx, arg);
		ca_card_end(&tx);
		if (e != CA_E_RESET)
			return e;
	}
	return CA_E_BUSY;
}

static ca_err
describe_model(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	(void)arg;
	return ca_token_describe_(t, tx, &t->model);
}

ca_err
ca_token_open(const struct ca_transport *tp, const struct ca_profiles *profiles,
    const struct ca_config *config, const char *reader, struct ca_token **out)
{
	struct ca_token *t;
	struct ca_tx tx;
	ca_err e;

	if (strlen(reader) >= sizeof(t->reader))
		return CA_E_BUG;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return CA_E_NOMEM;
	t->tp = tp;
	t->profiles = profiles;
	t->config = config;
	memcpy(t->reader, reader, strlen(reader) + 1);
	if ((e = connect_card(t, &tx)) == CA_OK) {
		e = ca_token_describe_(t, &tx, &t->model);
		ca_card_end(&tx);
		if (e == CA_E_RESET) /* another program, in the middle of it */
			e = ca_token_read_(t, describe_model, NULL);
	}
	if (e == CA_OK)
		e = ca_token_add_local_(t);
	if (e != CA_OK) {
		ca_token_free(&t);
		return e;
	}
	*out = t;
	return CA_OK;
}

static ca_err
describe_into(struct ca_token *t, struct ca_tx *tx, void *m)
{
	return ca_token_describe_(t, tx, m);
}

ca_err
ca_token_describe_again_(struct ca_token *t)
{
	struct ca_model *m = calloc(1, sizeof(*m));
	ca_err e;

	if (m == NULL)
		return CA_E_NOMEM;
	if ((e = ca_token_read_(t, describe_into, m)) == CA_OK) {
		m->hidden_before_login = false;
		ca_model_wipe(&t->model);
		t->model = *m;
		t->generation++;
		memset(t->heard, 0, sizeof(t->heard));
		memset(t->attempt, 0, sizeof(t->attempt));
		e = ca_token_add_local_(t);
	}
	free(m);
	return e;
}

void
ca_token_free(struct ca_token **t)
{
	if (*t == NULL)
		return;
	ca_token_remote_cancel(*t);
	disconnect_card(*t);
	ca_model_wipe(&(*t)->model);
	free(*t);
	*t = NULL;
}

void
ca_token_forget(struct ca_token **t)
{
	if (*t == NULL)
		return;
	ca_card_forget(&(*t)->card);
	if ((*t)->conn != NULL)
		(*t)->tp->ops->forget((*t)->conn);
	ca_model_wipe(&(*t)->model);
	free(*t);
	*t = NULL;
}

const struct ca_model *
ca_token_model(const struct ca_token *t)
{
	return &t->model;
}

const char *
ca_token_family(const struct ca_token *t)
{
	return t->card != NULL ? ca_card_profile(t->card)->name : NULL;
}

unsigned
ca_token_generation(const struct ca_token *t)
{
	return t->generation;
}

bool
ca_token_logged_in(const struct ca_token *t, enum ca_pin_role role)
{
	return t->in[role];
}

ca_err
ca_token_check(struct ca_token *t)
{
	struct ca_tx tx;
	ca_err e = ca_token_begin_(t, &tx);

	if (e == CA_OK)
		ca_card_end(&tx);
	return e;
}

struct ca_token_can
ca_token_can(const struct ca_token *t)
{
	const struct ca_pin *user = ca_model_pin(&t->model, CA_PIN_USER);
	struct ca_token_can can = {.change_pin = false};
	const struct ca_driver *d;

	if (t->card == NULL || user == NULL)
		return can;
	d = ca_card_driver(t->card);
	can.change_pin = d->change_pin != NULL &&
			 (user->flags & CA_PINF_CHANGE_DISABLED) == 0;
	can.generates = d->generate != NULL ? t->model.generates : 0;
	can.unblock = d->unblock != NULL &&
		      ca_card_profile(t->card)->unblock != CA_UNBLOCK_NO &&
		      ca_model_pin(&t->model, CA_PIN_SO) != NULL &&
		      (user->flags & CA_PINF_UNBLOCK_DISABLED) == 0;
	memcpy(can.keyed, t->keyed, sizeof(can.keyed));
	return can;
}
