/* See token.h: PINs that a program brings. What guards a PIN's tries is the
 * same as for a PIN that the holder keys in: token_login.c. */
#include "pcsc/token/token_priv.h"

struct typed {
	const struct ca_pin *puk, *pin; /* what is proven, what is set */
	struct ca_rd old_value, new_value;
};

static ca_err
verify_typed(struct ca_token *t, struct ca_tx *tx,
    const struct ca_pin_state *st, void *arg, int *tries)
{
	const struct typed *v = arg;

	(void)st;
	return ca_card_driver(t->card)->verify(tx, v->pin, v->old_value, tries);
}

ca_err
ca_token_login(struct ca_token *t, const struct ca_pin *pin, struct ca_rd value,
    struct ca_pin_state *after)
{
	struct typed v = {.pin = pin, .old_value = value};

	*after = (struct ca_pin_state){.tries_left = -1};
	/* An empty VERIFY is a question, and its answer "verified" would read
	 * as "this PIN is right" (CVE-2023-40660). */
	if (value.n == 0)
		return CA_E_PIN_LEN;
	return ca_token_login_(t, pin, verify_typed, &v, after);
}

static ca_err
change_typed(struct ca_token *t, struct ca_tx *tx,
    const struct ca_pin_state *st, void *arg, int *tries)
{
	const struct typed *v = arg;

	(void)st;
	return ca_card_driver(t->card)->change_pin(tx, v->pin, v->old_value,
	    v->new_value, tries);
}

ca_err
ca_token_change_pin(struct ca_token *t, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, struct ca_pin_state *after)
{
	struct typed v = {
	    .pin = pin, .old_value = old_value, .new_value = new_value};

	*after = (struct ca_pin_state){.tries_left = -1};
	if (old_value.n == 0 || new_value.n == 0)
		return CA_E_PIN_LEN;
	return ca_token_change_(t, pin, change_typed, &v, new_value, after);
}

static ca_err
unblock_typed(struct ca_token *t, struct ca_tx *tx,
    const struct ca_pin_state *st, void *arg, int *tries)
{
	const struct typed *v = arg;

	(void)st;
	return ca_card_driver(t->card)->unblock(tx, v->puk, v->old_value,
	    v->pin, v->new_value, tries);
}

ca_err
ca_token_unblock(struct ca_token *t, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    struct ca_pin_state *after)
{
	struct typed v = {.puk = puk,
	    .pin = pin,
	    .old_value = puk_value,
	    .new_value = new_value};

	*after = (struct ca_pin_state){.tries_left = -1};
	if (puk_value.n == 0 || new_value.n == 0)
		return CA_E_PIN_LEN;
	return ca_token_unblock_(t, puk, pin, unblock_typed, &v, after);
}
