/* See token.h: PINs, and the logins that hang on them. */
#include "pcsc/base/log.h"
#include "pcsc/token/token_priv.h"

#define ROOM "token"

struct pin_query {
	const struct ca_pin *pin;
	struct ca_pin_state *out;
};

static ca_err
pin_query(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	struct pin_query *q = arg;

	return ca_card_driver(t->card)->pin_state(tx, q->pin, q->out);
}

ca_err
ca_token_pin_state(struct ca_token *t, const struct ca_pin *pin,
    struct ca_pin_state *out)
{
	struct pin_query q = {pin, out};

	*out = (struct ca_pin_state){.tries_left = -1};
	return ca_token_read_(t, pin_query, &q);
}

/* What a login with this PIN would not survive is read before it. */
static void
read_before(struct ca_token *t, const struct ca_pin *pin)
{
	struct ca_rd ignored;

	for (size_t i = 0; pin->dies_outside && i < t->model.certs_n; i++)
		(void)ca_token_cert(t, i, &ignored);
	for (size_t i = 0; pin->dies_outside && i < t->model.keys_n; i++)
		(void)ca_token_key_spki(t, i, &ignored);
}

/* There is no card that could stand open. */
static bool
is_away(ca_err e)
{
	return ca_err_is_gone(e) || e == CA_E_RESET || e == CA_E_NO_SERVICE;
}

ca_err
ca_token_end_login_(struct ca_token *t, struct ca_tx *tx, bool by_reset)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	ca_err e =
	    d->logout != NULL && !by_reset ? d->logout(tx) : ca_tx_reset(tx);

	t->resets = ca_card_resets(t->card);
	ca_token_forget_logins_(t);
	/* Whoever ends the session comes again. */
	t->open = e != CA_OK && !is_away(e);
	return e;
}

/* The answer was the card's, or nothing was sent at all. */
static bool
is_known(ca_err e)
{
	return e == CA_E_PIN_WRONG || e == CA_E_PIN_BLOCKED ||
	       e == CA_E_PIN_LEN || e == CA_E_PIN_UNSET ||
	       e == CA_E_CANCELLED || is_away(e) || ca_err_is_refusal(e);
}

/*
 * What holds after an attempt to log in. When nobody knows what the card made
 * of it, the card is closed: it must not stand open for a program that was told
 * of no login.
 */
static void
settle(struct ca_token *t, struct ca_tx *tx, enum ca_pin_role role, ca_err e)
{
	if (e == CA_OK)
		t->in[role] = t->open = true;
	else if (e == CA_E_PIN_BLOCKED)
		t->in[role] = false;
	if (e != CA_OK && !is_known(e) &&
	    ca_token_end_login_(t, tx, false) != CA_OK)
		ca_log(CA_LOG_WARN, ROOM, "the card may still be open");
}

/*
 * A PUK that has the reference of the user's PIN is none that the card could
 * hear by itself: as VERIFY or CHANGE it would cost the user's tries.
 */
static bool
is_users(struct ca_token *t, const struct ca_pin *pin)
{
	const struct ca_pin *user = ca_model_pin(&t->model, CA_PIN_USER);

	return pin->role == CA_PIN_SO && user != NULL && user != pin &&
	       user->reference == pin->reference &&
	       ca_rd_equal(ca_rd_of(user->path.path, user->path.path_n),
		   ca_rd_of(pin->path.path, pin->path.path_n));
}

ca_err
ca_token_login_(struct ca_token *t, const struct ca_pin *pin,
    ca_token_proof *step, void *arg, struct ca_pin_state *after)
{
	enum ca_pin_role role = pin->role;
	struct ca_tx tx;
	int tries = -1;
	ca_err e;

	*after = (struct ca_pin_state){.tries_left = -1};
	if (is_users(t, pin))
		return CA_E_UNSUPPORTED;
	read_before(t, pin);
	if ((e = ca_token_begin_(t, &tx)) != CA_OK)
		return e;
	/* Always: a PIN must not reach another application's reference. */
	if ((e = ca_tx_enter(&tx)) == CA_OK &&
	    (e = ca_token_may_try_(t, &tx, pin, after)) == CA_OK) {
		e = step(t, &tx, after, arg, &tries);
		ca_token_note_(ca_token_heard_(t, pin), e, tries, after);
		after->verified |= e == CA_OK;
		settle(t, &tx, role, e);
	}
	ca_card_end(&tx);
	/* The login stands whatever comes of this; `pin` is void after it. */
	if (e == CA_OK && t->model.hidden_before_login &&
	    ca_token_describe_again_(t) != CA_OK)
		ca_log(CA_LOG_WARN, ROOM,
		    "objects hidden before login stay so");
	return e;
}

/*
 * Whether a login with this PIN stands after it was to be changed. Many cards
 * drop theirs; the new value, which the card has just taken, brings it back.
 * After a failure, and where the holder keyed it in, there is no value to
 * prove: the card is asked.
 */
static bool
keeps_login(struct ca_token *t, struct ca_tx *tx, const struct ca_pin *pin,
    bool changed, struct ca_rd new_value)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	struct ca_pin_state st = {.tries_left = -1};
	int tries;

	if (!t->in[pin->role])
		return false;
	if (changed && new_value.n > 0)
		return d->verify(tx, pin, new_value, &tries) == CA_OK;
	return d->pin_state(tx, pin, &st) == CA_OK && st.verified;
}

ca_err
ca_token_change_(struct ca_token *t, const struct ca_pin *pin,
    ca_token_proof *step, void *arg, struct ca_rd new_value,
    struct ca_pin_state *after)
{
	struct ca_tx tx;
	int tries = -1;
	ca_err e;

	*after = (struct ca_pin_state){.tries_left = -1};
	if ((e = ca_token_begin_(t, &tx)) != CA_OK)
		return e;
	if (ca_card_driver(t->card)->change_pin == NULL ||
	    (pin->flags & CA_PINF_CHANGE_DISABLED) != 0 || is_users(t, pin))
		e = CA_E_UNSUPPORTED;
	if (e == CA_OK && (e = ca_tx_enter(&tx)) == CA_OK &&
	    (e = ca_token_may_try_(t, &tx, pin, after)) == CA_OK) {
		t->open = true;
		e = step(t, &tx, after, arg, &tries);
		ca_token_note_(ca_token_heard_(t, pin), e, tries, after);
		/* Nobody logged in: the proof must not stand as a login. */
		if (!keeps_login(t, &tx, pin, e == CA_OK, new_value) &&
		    ca_token_end_login_(t, &tx, false) != CA_OK)
			ca_log(CA_LOG_WARN, ROOM, "the card is still open");
	}
	ca_card_end(&tx);
	return e;
}

ca_err
ca_token_unblock_(struct ca_token *t, const struct ca_pin *puk,
    const struct ca_pin *pin, ca_token_proof *step, void *arg,
    struct ca_pin_state *after)
{
	struct ca_tx tx;
	int tries = -1;
	ca_err e;

	*after = (struct ca_pin_state){.tries_left = -1};
	if ((e = ca_token_begin_(t, &tx)) != CA_OK)
		return e;
	if (ca_card_driver(t->card)->unblock == NULL ||
	    (pin->flags & CA_PINF_UNBLOCK_DISABLED) != 0 ||
	    (ca_card_profile(t->card)->unblock == CA_UNBLOCK_AFTER_VERIFY &&
		is_users(t, puk)))
		e = CA_E_UNSUPPORTED;
	if (e == CA_OK && (e = ca_tx_enter(&tx)) == CA_OK &&
	    (e = ca_token_may_try_(t, &tx, puk, after)) == CA_OK) {
		t->open = true;
		e = step(t, &tx, after, arg, &tries);
		ca_token_note_(ca_token_heard_(t, puk), e, tries, after);
		if (ca_token_end_login_(t, &tx, false) != CA_OK)
			ca_log(CA_LOG_WARN, ROOM, "the card is still open");
	}
	ca_card_end(&tx);
	return e;
}

bool
ca_token_is_open(const struct ca_token *t)
{
	return t->open;
}

ca_err
ca_token_logout(struct ca_token *t)
{
	struct ca_tx tx;
	ca_err e = ca_token_begin_(t, &tx);

	if (e != CA_OK) {
		ca_token_forget_logins_(t);
		return e;
	}
	e = ca_token_end_login_(t, &tx, false);
	ca_card_end(&tx);
	return e;
}
