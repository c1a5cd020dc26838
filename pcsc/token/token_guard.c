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

/* Where the tries of this PIN are kept; NULL for one that is not the model's.
 */
static int *
heard_of(struct ca_token *t, const struct ca_pin *pin)
{
	for (size_t i = 0; i < t->model.pins_n; i++)
		if (&t->model.pins[i] == pin)
			return &t->heard[i];
	return NULL;
}

ca_err
ca_token_may_try_(struct ca_token *t, struct ca_tx *tx,
    const struct ca_pin *pin, struct ca_pin_state *st)
{
	const int *heard = heard_of(t, pin);
	ca_err e = ca_card_driver(t->card)->pin_state(tx, pin, st);

	if (e != CA_OK)
		return e;
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

void
ca_token_note_tries_(struct ca_token *t, const struct ca_pin *pin, ca_err e,
    int tries, struct ca_pin_state *after)
{
	int *heard = heard_of(t, pin);

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
