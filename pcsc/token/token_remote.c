/* See remote.h. */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/pin.h"
#include "pcsc/token/remote.h"
#include "pcsc/token/token_priv.h"

#define ROOM "token"
#define BLOCK_MAX 255

static enum ca_remote
scheme_of(const struct ca_token *t)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	enum ca_remote scheme = d->remote != NULL
				    ? d->remote(ca_card_profile(t->card))
				    : CA_REMOTE_NONE;

	return scheme == CA_REMOTE_PUK_3DES &&
		       ca_model_pin(&t->model, CA_PIN_SO) == NULL
		   ? CA_REMOTE_NONE
		   : scheme;
}

enum ca_token_remote
ca_token_remote_can(const struct ca_token *t)
{
	const struct ca_pin *user = ca_model_pin(&t->model, CA_PIN_USER);

	if (t->card == NULL || user == NULL)
		return CA_TOKEN_REMOTE_UNKNOWN;
	if ((user->flags & CA_PINF_UNBLOCK_DISABLED) != 0)
		return CA_TOKEN_REMOTE_DENIED;
	if (scheme_of(t) != CA_REMOTE_NONE)
		return CA_TOKEN_REMOTE_CAN;
	return ca_token_can(t).unblock ? CA_TOKEN_REMOTE_PUK_ONLY
				       : CA_TOKEN_REMOTE_UNKNOWN;
}

/* Where the tries of what is proven are kept. */
static int *
heard_of(struct ca_token *t)
{
	return t->remote.puk != NULL ? ca_token_heard_(t, t->remote.puk)
				     : &t->remote.heard;
}

static ca_err
ask(struct ca_token *t, const struct ca_pin *pin, struct ca_token_ask *out)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	struct ca_wr w = ca_wr_of(out->challenge, sizeof(out->challenge));
	struct ca_tx *tx = &t->remote.tx;
	ca_err e;

	if ((e = ca_tx_enter(tx)) != CA_OK ||
	    (e = d->remote_state(tx, t->remote.puk, &out->state)) != CA_OK ||
	    (e = ca_token_guard_(t, heard_of(t), &out->state)) != CA_OK ||
	    (e = d->remote_ask(tx, pin, &w)) != CA_OK)
		return e;
	return w.n == out->n ? CA_OK : CA_E_MALFORMED;
}

ca_err
ca_token_remote_begin(struct ca_token *t, struct ca_token_ask *out)
{
	const struct ca_pin *pin = ca_model_pin(&t->model, CA_PIN_USER);
	ca_err e = ca_token_begin_(t, &t->remote.tx);

	memset(out, 0, sizeof(*out));
	out->state.tries_left = -1;
	if (e != CA_OK)
		return e;
	e = CA_E_UNSUPPORTED;
	if (ca_token_remote_can(t) == CA_TOKEN_REMOTE_CAN) {
		out->scheme = scheme_of(t);
		out->n = ca_remote_size((int)out->scheme);
		t->remote.puk = out->scheme == CA_REMOTE_PUK_3DES
				    ? ca_model_pin(&t->model, CA_PIN_SO)
				    : NULL;
		e = ask(t, pin, out);
	}
	if (e == CA_OK) {
		t->remote.pin = pin;
		t->remote.size = out->n;
	} else {
		ca_card_end(&t->remote.tx);
	}
	return e;
}

void
ca_token_remote_cancel(struct ca_token *t)
{
	if (t->remote.pin == NULL)
		return;
	t->remote.pin = NULL;
	ca_card_end(&t->remote.tx);
}

/* Whether the new value can be sent at all; nothing is. */
static ca_err
check_value(const struct ca_token *t, struct ca_rd value)
{
	uint8_t b[BLOCK_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e = value.n == 0 ? CA_E_PIN_LEN
				: ca_pin_encode(ca_card_profile(t->card),
				      t->remote.pin, value, &w);

	ca_wipe(b, sizeof(b));
	return e;
}

ca_err
ca_token_remote_finish(struct ca_token *t, struct ca_rd answer,
    struct ca_rd new_value, struct ca_pin_state *after)
{
	const struct ca_pin *pin = t->remote.pin;
	struct ca_tx *tx = &t->remote.tx;
	int tries = -1;
	ca_err e;

	*after = (struct ca_pin_state){.tries_left = -1};
	if (pin == NULL)
		return CA_E_BUG;
	if (answer.n != t->remote.size)
		return CA_E_DATA_LEN;
	if ((e = check_value(t, new_value)) == CA_E_PIN_LEN)
		return e;
	if (e == CA_OK) {
		t->open = true;
		e = ca_card_driver(t->card)->remote_set(tx, t->remote.puk, pin,
		    answer, new_value, &tries);
		ca_token_note_(heard_of(t), e, tries, after);
	}
	/* The right of an administrator outlives what ends a PIN's. A card that
	 * came in place of ours is none of ours to reset. */
	if (!ca_err_is_gone(e) && ca_token_end_login_(t, tx, true) != CA_OK)
		ca_log(CA_LOG_WARN, ROOM, "the card may still be open");
	ca_token_remote_cancel(t);
	/* Not the card's own words on the new value. */
	return e == CA_E_PIN_LEN || e == CA_E_DATA_LEN ? CA_E_REFUSED : e;
}
