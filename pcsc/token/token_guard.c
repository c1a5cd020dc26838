/* See token.h: the guard of a PIN's last try. */
#include "pcsc/base/log.h"
#include "pcsc/conf/config.h"
#include "pcsc/token/token_priv.h"

#define ROOM "token"

void
ca_token_spend_last(struct ca_token *t, bool may)
{
	t->spend_last = may;
}

bool
ca_token_ordered_last(const struct ca_token *t)
{
	return t->spend_last;
}

bool
ca_token_spends_last(const struct ca_token *t)
{
	return t->spend_last || t->config->allow_last_try;
}

int *
ca_token_heard_(struct ca_token *t, const struct ca_pin *pin)
{
	for (size_t i = 0; i < t->model.pins_n; i++)
		if (&t->model.pins[i] == pin)
			return &t->heard[i];
	return NULL;
}

/* A card that has the PIN verified tells no count: then what it said last,
 * refusing a value, is what is left. */
ca_err
ca_token_guard_(const struct ca_token *t, const int *heard,
    struct ca_pin_state *st)
{
	if (st->tries_left < 0 && heard != NULL && *heard > 0)
		st->tries_left = *heard - 1;
	if (st->blocked)
		return CA_E_PIN_BLOCKED;
	if (st->tries_left == 1 && !ca_token_spends_last(t)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "one PIN try left: not spent, the card was not asked");
		return CA_E_PIN_LAST;
	}
	return CA_OK;
}

ca_err
ca_token_may_try_(struct ca_token *t, struct ca_tx *tx,
    const struct ca_pin *pin, struct ca_pin_state *st)
{
	ca_err e = ca_card_driver(t->card)->pin_state(tx, pin, st);

	return e != CA_OK ? e : ca_token_guard_(t, ca_token_heard_(t, pin), st);
}

void
ca_token_note_(int *heard, ca_err e, int tries, struct ca_pin_state *after)
{
	if (heard != NULL && e == CA_OK)
		*heard = 0;
	if (heard != NULL && e == CA_E_PIN_WRONG && tries >= 0)
		*heard = tries + 1;
	if (e == CA_E_PIN_WRONG || e == CA_E_PIN_BLOCKED)
		*after = (struct ca_pin_state){
		    .tries_left = tries, .blocked = e == CA_E_PIN_BLOCKED};
	else if (e == CA_OK)
		*after = (struct ca_pin_state){.tries_left = -1};
}
