/* See token.h: the use of private keys. */
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/token/selfcheck.h"
#include "pcsc/token/token_priv.h"

#define ROOM "token"
#define RESULT_MAX 1024 /* bytes: RSA 8192 */

/* Refusals that selecting our application again may cure, another program
 * having selected its own. A card whose PIN state a SELECT ends is asked only
 * where nothing is lost by it. */
static bool
maybe_other_application(const struct ca_profile *p, ca_err e)
{
	switch (e) {
	case CA_E_NOT_FOUND:
	case CA_E_AUTH_NEEDED:
	case CA_E_BAD_SIGNATURE:
	case CA_E_REFUSED:
	case CA_E_UNSUPPORTED:
		return true;
	case CA_E_DATA:
	case CA_E_DATA_LEN:
	case CA_E_IO:
		return p->select_keeps_login;
	default:
		return false;
	}
}

/* MALFORMED is also 6Cxx again after the Le it named: a result that is longer
 * than a short Le can say. */
bool
ca_token_way_failed_(ca_err e)
{
	return ca_err_is_refusal(e) || e == CA_E_BAD_SIGNATURE ||
	       e == CA_E_IO || e == CA_E_MALFORMED;
}

typedef ca_err use_fn(struct ca_tx *tx, const struct ca_key *key,
    enum ca_alg alg, unsigned attempt, struct ca_rd in, struct ca_wr *out);

struct use {
	use_fn *fn;
	const struct ca_key *key;
	uint8_t *attempts; /* that key's, by algorithm */
	enum ca_alg alg;
	struct ca_rd in;
	struct ca_rd spki; /* n 0: nothing to check */
};

static ca_err
once(struct ca_tx *tx, const struct use *u, unsigned attempt, struct ca_wr *out)
{
	ca_err e;

	ca_wr_wipe(out);
	e = u->fn(tx, u->key, u->alg, attempt, u->in, out);
	if (e == CA_OK && u->spki.n > 0)
		e = ca_selfcheck(u->spki, u->alg, u->in, ca_wr_rd(out));
	return e;
}

/* The error to tell when another attempt failed as well: a result that was
 * wrong says more than what the card refused afterwards, its login or the PIN
 * for one use being spent. */
static ca_err
worse(ca_err before, ca_err e)
{
	bool refused = ca_token_way_failed_(e) || e == CA_E_AUTH_NEEDED;

	return before == CA_E_BAD_SIGNATURE && refused ? before : e;
}

/* The ways of the family, the one that worked last before the others. */
static ca_err
each_way(struct ca_token *t, struct ca_tx *tx, const struct use *u,
    struct ca_wr *out)
{
	const struct ca_profile *p = ca_card_profile(t->card);
	unsigned first = u->attempts[u->alg];
	ca_err e = once(tx, u, first, out), next;

	if (p->select_keeps_login && maybe_other_application(p, e) &&
	    !tx->entered && ca_tx_enter(tx) == CA_OK)
		e = worse(e, once(tx, u, first, out));
	for (unsigned i = 0; i < CA_WAYS_MAX && ca_token_way_failed_(e); i++) {
		if (i == first)
			continue;
		next = once(tx, u, i, out);
		if (next == CA_E_NOT_FOUND)
			break; /* no more ways: the first error stands */
		e = worse(e, next);
		if (next == CA_E_AUTH_NEEDED)
			break;
		if (e == CA_OK)
			u->attempts[u->alg] = (uint8_t)i;
	}
	return e;
}

/* Whether the PIN of the key is verified, as the card itself says. It then is
 * our application that refused: selecting it again gains nothing. */
static bool
still_in(struct ca_token *t, struct ca_tx *tx, const struct ca_key *key)
{
	const struct ca_pin *pin = ca_model_key_pin(&t->model, key);
	struct ca_pin_state st = {.tries_left = -1};

	return pin != NULL &&
	       ca_card_driver(t->card)->pin_state(tx, pin, &st) == CA_OK &&
	       st.verified;
}

/*
 * Where a SELECT may end the login, all ways are tried before it, for after it
 * none may be left: a key that could be used would read as one whose login is
 * gone.
 */
static ca_err
use_key(struct ca_token *t, struct ca_tx *tx, const struct use *u,
    struct ca_wr *out)
{
	const struct ca_profile *p = ca_card_profile(t->card);
	ca_err e = each_way(t, tx, u, out);

	if (p->select_keeps_login || !maybe_other_application(p, e) ||
	    tx->entered || still_in(t, tx, u->key) || ca_tx_enter(tx) != CA_OK)
		return e;
	return worse(e, each_way(t, tx, u, out));
}

ca_err
ca_token_used_(struct ca_token *t, const struct ca_key *key, ca_err e)
{
	const struct ca_pin *pin = ca_model_key_pin(&t->model, key);

	if (e == CA_E_RESET) {
		ca_token_forget_logins_(t);
		return CA_E_AUTH_NEEDED;
	}
	if (e == CA_E_AUTH_NEEDED && key->consent == 0 &&
	    (pin == NULL || pin->role == CA_PIN_USER))
		t->in[CA_PIN_USER] = false;
	return e;
}

static ca_err
run(struct ca_token *t, const struct use *u, struct ca_wr *out)
{
	uint8_t b[RESULT_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_tx tx;
	ca_err e = ca_token_begin_(t, &tx);

	if (e != CA_OK)
		return e;
	e = use_key(t, &tx, u, &w);
	ca_card_end(&tx);
	if (e == CA_OK) {
		ca_wr_bytes(out, ca_wr_rd(&w));
		if (!ca_wr_ok(out))
			e = CA_E_MALFORMED;
	}
	ca_wipe(b, sizeof(b));
	e = ca_token_used_(t, u->key, e);
	if (e != CA_OK)
		ca_log(CA_LOG_WARN, ROOM, "use of key '%s': %s", u->key->label,
		    ca_err_name(e));
	return e;
}

/* The key, its public half, and a card to use it on. */
static ca_err
prepare(struct ca_token *t, size_t index, struct use *u)
{
	ca_err e;

	if (index >= t->model.keys_n || u->alg >= CA_ALG_COUNT)
		return CA_E_BUG;
	e = ca_token_key_spki(t, index, &u->spki);
	if (e == CA_E_NOT_FOUND) {
		ca_log(CA_LOG_ERROR, ROOM,
		    "key '%s' shows no public half: its results cannot be "
		    "checked and are not given out",
		    t->model.keys[index].label);
		return CA_E_BAD_SIGNATURE;
	}
	if (e != CA_OK)
		return e;
	u->key = &t->model.keys[index];
	u->attempts = t->attempt[index];
	if (t->card == NULL && (e = ca_token_check(t)) != CA_OK)
		return e;
	return (u->key->algs & CA_ALG_BIT(u->alg)) != 0 ? CA_OK
							: CA_E_UNSUPPORTED;
}

ca_err
ca_token_sign(struct ca_token *t, size_t index, enum ca_alg alg,
    struct ca_rd in, struct ca_wr *out)
{
	struct use u = {.alg = alg, .in = in};
	ca_err e = prepare(t, index, &u);

	if (e != CA_OK)
		return e;
	u.fn = ca_card_driver(t->card)->sign;
	return u.fn == NULL ? CA_E_UNSUPPORTED : run(t, &u, out);
}

ca_err
ca_token_derive(struct ca_token *t, size_t index, struct ca_rd point,
    struct ca_wr *out)
{
	struct use u = {.alg = CA_ALG_ECDH, .in = point};
	ca_err e = prepare(t, index, &u);

	if (e != CA_OK)
		return e;
	u.fn = ca_card_driver(t->card)->decipher;
	return u.fn == NULL ? CA_E_UNSUPPORTED : run(t, &u, out);
}

ca_err
ca_token_decipher(struct ca_token *t, size_t index, enum ca_alg alg,
    struct ca_rd in, struct ca_wr *out)
{
	struct use u = {.alg = alg, .in = in};
	ca_err e;

	if (index >= t->model.keys_n || alg >= CA_ALG_COUNT)
		return CA_E_BUG;
	u.key = &t->model.keys[index];
	u.attempts = t->attempt[index];
	if (t->card == NULL && (e = ca_token_check(t)) != CA_OK)
		return e;
	u.fn = ca_card_driver(t->card)->decipher;
	if (u.fn == NULL || (u.key->algs & CA_ALG_BIT(alg)) == 0)
		return CA_E_UNSUPPORTED;
	return run(t, &u, out);
}
