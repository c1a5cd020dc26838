/* See token.h: certificates, public keys, and the use of private keys. */
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/token/certcache.h"
#include "pcsc/token/selfcheck.h"
#include "pcsc/token/token_priv.h"
#include "pcsc/token/x509.h"

#define ROOM "token"
#define RESULT_MAX 1024 /* bytes: RSA 8192 */

struct cert_read {
	const struct ca_ref *ref;
	struct ca_buf *out;
	const struct ca_buf *guess; /* what was on the card some time ago */
	bool guessed;
};

/* Is what the host kept still what the card holds? The end of a certificate is
 * its issuer's signature over all the rest. */
static bool
still_there(struct ca_token *t, struct ca_tx *tx, const struct cert_read *r)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	struct ca_rd end = ca_buf_rd(r->guess);
	struct ca_buf now = {0};
	bool same;

	if (end.n < CA_CERTCACHE_PROOF || d->read_part == NULL ||
	    !ca_rd_skip(&end, end.n - CA_CERTCACHE_PROOF))
		return false;
	same = d->read_part(tx, r->ref, r->guess->n - end.n, end.n, &now) ==
		   CA_OK &&
	       ca_rd_equal(ca_buf_rd(&now), end);
	ca_buf_free(&now);
	return same;
}

static ca_err
read_cert(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	struct cert_read *r = arg;

	r->guessed = still_there(t, tx, r);
	if (r->guessed)
		return ca_buf_set(r->out, ca_buf_rd(r->guess));
	return ca_card_driver(t->card)->read_cert(tx, r->ref, r->out);
}

/* The file of a certificate, from the card or proven to be the card's. */
static ca_err
fetch_cert(struct ca_token *t, struct ca_cert *c)
{
	struct ca_buf guess = {0};
	struct cert_read r = {.ref = &c->path, .out = &c->der, .guess = &guess};
	struct ca_rd der;
	ca_err e;

	if (c->der.n > 0)
		return CA_OK; /* it stood in the directory itself */
	if (!c->is_private && ca_certcache_get(t->config, t->model.serial,
				  &c->path, &guess) != CA_OK)
		ca_buf_free(&guess);
	e = ca_token_read_(t, read_cert, &r);
	if (e == CA_OK && !r.guessed && !c->is_private &&
	    ca_x509_open(ca_buf_rd(&c->der), &der, NULL) == CA_OK)
		ca_certcache_put(t->config, t->model.serial, &c->path, der);
	ca_buf_free(&guess);
	return e;
}

ca_err
ca_token_cert(struct ca_token *t, size_t index, struct ca_rd *der)
{
	struct ca_buf whole = {0};
	struct ca_cert *c;
	struct ca_rd r;
	ca_err e;

	if (index >= t->model.certs_n)
		return CA_E_BUG;
	c = &t->model.certs[index];
	if (c->state == CA_CERT_BAD)
		return CA_E_NOT_FOUND;
	if (c->state == CA_CERT_READ) {
		*der = ca_buf_rd(&c->der);
		return CA_OK;
	}
	e = fetch_cert(t, c);
	if (e == CA_OK && ca_x509_open(ca_buf_rd(&c->der), &r, NULL) != CA_OK)
		e = CA_E_DATA;
	if (e == CA_OK && (e = ca_buf_set(&whole, r)) == CA_OK) {
		ca_buf_take(&c->der, &whole);
		c->state = CA_CERT_READ;
		*der = ca_buf_rd(&c->der);
		return CA_OK;
	}
	if (!ca_err_is_refusal(e))
		return e; /* the exchange failed: it may go better next time */
	ca_log(CA_LOG_WARN, ROOM, "certificate '%s': none there (%s)", c->label,
	    ca_err_name(e));
	ca_buf_free(&c->der);
	c->state = CA_CERT_BAD;
	return CA_E_NOT_FOUND;
}

/* The public key in a certificate of the card with this id. */
static ca_err
spki_from_cert(struct ca_token *t, const struct ca_id *id, struct ca_buf *spki)
{
	for (size_t i = 0; i < t->model.certs_n; i++) {
		const struct ca_cert *c = &t->model.certs[i];
		struct ca_rd der;
		ca_err e;

		/* A certificate of the host proves nothing about the key. */
		if (c->local || !ca_id_equal(&c->id, id))
			continue;
		e = ca_token_cert(t, i, &der);
		if (e == CA_OK)
			return ca_x509_open(der, &der, spki);
		if (e != CA_E_NOT_FOUND && e != CA_E_AUTH_NEEDED)
			return e;
	}
	return CA_E_NOT_FOUND;
}

static ca_err
spki_from_pub(struct ca_token *t, const struct ca_id *id, struct ca_buf *spki)
{
	ca_err e = ca_token_load_public(t);

	if (e != CA_OK)
		return e;
	for (size_t i = 0; i < t->model.pubs_n; i++) {
		const struct ca_pub *p = &t->model.pubs[i];

		if (ca_id_equal(&p->id, id) && p->spki.n > 0)
			return ca_buf_set(spki, ca_buf_rd(&p->spki));
	}
	return CA_E_NOT_FOUND;
}

ca_err
ca_token_key_spki(struct ca_token *t, size_t index, struct ca_rd *spki)
{
	struct ca_buf b = {0};
	struct ca_key *k;
	size_t bits;
	ca_err e;

	if (index >= t->model.keys_n)
		return CA_E_BUG;
	k = &t->model.keys[index];
	if (k->spki.n == 0) {
		e = spki_from_cert(t, &k->id, &b);
		if (e == CA_E_NOT_FOUND)
			e = spki_from_pub(t, &k->id, &b);
		if (e != CA_OK)
			return e;
		bits = ca_x509_key_bits(ca_buf_rd(&b));
		if (bits == 0) {
			ca_buf_free(&b);
			return CA_E_NOT_FOUND;
		}
		if (k->bits != 0 && k->bits != bits)
			ca_log(CA_LOG_WARN, ROOM,
			    "key '%s': directory says %zu bits, its public "
			    "half has %zu",
			    k->label, k->bits, bits);
		k->bits = bits;
		ca_buf_take(&k->spki, &b);
	}
	*spki = ca_buf_rd(&k->spki);
	return CA_OK;
}

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

struct random_read {
	struct ca_wr *out;
	size_t n;
};

static ca_err
read_random(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	struct random_read *r = arg;
	struct ca_wr before = *r->out;
	ca_err e;

	if (d->random == NULL || !t->model.can_random)
		return CA_E_UNSUPPORTED;
	if ((e = d->random(tx, r->out, r->n)) != CA_OK)
		*r->out = before;
	return e;
}

ca_err
ca_token_random(struct ca_token *t, struct ca_wr *out, size_t n)
{
	struct random_read r = {out, n};

	return ca_token_read_(t, read_random, &r);
}
