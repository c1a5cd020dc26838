/* See token.h: PINs that the holder keys in at the reader. What guards a PIN's
 * tries is the same as for a PIN that a program brings: token_login.c. */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/conf/config.h"
#include "pcsc/token/token_priv.h"

#define ROOM "token"

struct keyed {
	enum ca_order order;
	const struct ca_pin *pin, *puk;
};

/* The commands of an order, when this reader can do all of them. */
static ca_err
plan(struct ca_token *t, struct ca_tx *tx, const struct keyed *k,
    struct ca_keying *out)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	ca_err e;

	if (!t->config->pinpad || d->keying == NULL)
		return CA_E_UNSUPPORTED;
	if ((e = d->keying(tx, k->order, k->pin, k->puk, out)) != CA_OK)
		return e;
	for (size_t i = 0; i < out->n; i++)
		if (!ca_pinpad_can(ca_card_features(t->card), &out->steps[i]))
			return CA_E_UNSUPPORTED;
	return CA_OK;
}

/* Whether the order is one for this token at all. */
static bool
offered(const struct ca_driver *d, const struct keyed *k)
{
	switch (k->order) {
	case CA_ORDER_VERIFY:
		return true;
	case CA_ORDER_CHANGE:
		return d->change_pin != NULL &&
		       (k->pin->flags & CA_PINF_CHANGE_DISABLED) == 0;
	case CA_ORDER_UNBLOCK:
		return d->unblock != NULL && k->puk != NULL &&
		       (k->pin->flags & CA_PINF_UNBLOCK_DISABLED) == 0;
	case CA_ORDER_COUNT:
		break;
	}
	return false;
}

ca_err
ca_token_find_keyed_(struct ca_token *t, struct ca_tx *tx,
    const struct ca_model *m)
{
	struct keyed k = {.pin = ca_model_pin(m, CA_PIN_USER)};
	struct ca_keying ignored;

	memset(t->keyed, 0, sizeof(t->keyed));
	/* Without a keypad the card is not even asked. */
	if (k.pin == NULL || ca_card_features(t->card)->verify == 0)
		return CA_OK;
	for (int i = 0; i < CA_ORDER_COUNT; i++) {
		ca_err e;

		k.order = (enum ca_order)i;
		k.puk = k.order == CA_ORDER_UNBLOCK ? ca_model_pin(m, CA_PIN_SO)
						    : NULL;
		if (!offered(ca_card_driver(t->card), &k))
			continue;
		e = plan(t, tx, &k, &ignored);
		if (e != CA_OK && !ca_err_is_refusal(e))
			return e;
		t->keyed[i] = e == CA_OK;
	}
	return CA_OK;
}

/* One command after the other. The VERIFY before the one that matters is left
 * out where the card has that PIN verified; when it is wrong nothing follows.
 */
static ca_err
key_in(struct ca_token *t, struct ca_tx *tx, const struct ca_pin_state *st,
    void *arg, int *tries)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	const struct keyed *k = arg;
	struct ca_keying steps;
	ca_err e = plan(t, tx, k, &steps);

	for (size_t i = 0; e == CA_OK && i < steps.n; i++)
		if (i + 1 == steps.n || !st->verified)
			e = d->key_in(tx, &steps.steps[i], tries);
	if (e != CA_OK)
		ca_log(CA_LOG_INFO, ROOM, "keyed in: %s", ca_err_name(e));
	return e;
}

ca_err
ca_token_login_keyed(struct ca_token *t, const struct ca_pin *pin,
    struct ca_pin_state *after)
{
	struct keyed k = {.order = CA_ORDER_VERIFY, .pin = pin};

	return ca_token_login_(t, pin, key_in, &k, after);
}

ca_err
ca_token_change_pin_keyed(struct ca_token *t, const struct ca_pin *pin,
    struct ca_pin_state *after)
{
	struct keyed k = {.order = CA_ORDER_CHANGE, .pin = pin};

	return ca_token_change_(t, pin, key_in, &k, (struct ca_rd){NULL, 0},
	    after);
}

ca_err
ca_token_unblock_keyed(struct ca_token *t, const struct ca_pin *puk,
    const struct ca_pin *pin, struct ca_pin_state *after)
{
	struct keyed k = {.order = CA_ORDER_UNBLOCK, .pin = pin, .puk = puk};

	return ca_token_unblock_(t, puk, pin, key_in, &k, after);
}
