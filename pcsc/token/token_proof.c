/* See token.h: what a card must show before it counts as able to. */
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/spki.h"
#include "pcsc/token/selfcheck.h"
#include "pcsc/token/token_priv.h"

#define ROOM "token"
#define PSS_TRAILER 0xBC

/*
 * A block as a PSS signature would bring one: random, with the highest bit that
 * is surely below the modulus. It is no encoding of anything, so what the card
 * makes of it is nobody's signature.
 */
static ca_err
make_block(size_t bits, uint8_t *b, size_t n)
{
	unsigned top = 1u << (bits - 1) % 8;
	ca_err e = ca_crypto_random(b, n);

	b[0] = (uint8_t)((b[0] & (top - 1)) | top >> 1);
	if (b[n - 1] == PSS_TRAILER)
		b[n - 1] = 0;
	return e;
}

/* Each way of the family until one gives the RSA of the block. The application
 * is selected first only where no login can end by it. */
static ca_err
show(struct ca_token *t, struct ca_tx *tx, size_t index, struct ca_rd block)
{
	const struct ca_key *key = &t->model.keys[index];
	const struct ca_driver *d = ca_card_driver(t->card);
	uint8_t b[CA_RSA_BYTES_MAX];
	struct ca_wr out = ca_wr_of(b, sizeof(b));
	ca_err e = CA_OK, last = CA_E_NOT_FOUND;

	if (ca_card_profile(t->card)->select_keeps_login &&
	    (e = ca_tx_enter(tx)) != CA_OK)
		return e;
	for (unsigned i = 0; i < CA_WAYS_MAX; i++) {
		ca_wr_wipe(&out);
		e = d->sign(tx, key, CA_ALG_RSA_RAW, i, block, &out);
		if (e == CA_E_NOT_FOUND && i > 0)
			break; /* no more ways */
		if (e == CA_OK)
			e = ca_selfcheck(ca_buf_rd(&key->spki), CA_ALG_RSA_RAW,
			    block, ca_wr_rd(&out));
		if (e == CA_OK)
			t->attempt[index][CA_ALG_RSA_RAW] = (uint8_t)i;
		last = e;
		if (!ca_err_is_refusal(e) && e != CA_E_BAD_SIGNATURE &&
		    e != CA_E_IO)
			break;
	}
	ca_wipe(b, sizeof(b));
	return last;
}

/* Whether the card's word is final: it did it, or did not. Everything else
 * says nothing about what it can do. */
static bool
decided(ca_err e)
{
	return e == CA_OK || ca_token_way_failed_(e);
}

/* The key is open without any further PIN: the user's login opened it, or none
 * is needed. */
static bool
is_open(const struct ca_token *t, const struct ca_key *key, bool *never)
{
	const struct ca_pin *pin = ca_model_key_pin(&t->model, key);

	/* A PIN for each use would be used up by this. */
	*never = key->consent > 0 || (pin != NULL && pin->role != CA_PIN_USER);
	return pin == NULL || t->in[CA_PIN_USER];
}

static ca_err
run(struct ca_token *t, size_t index)
{
	const struct ca_key *key = &t->model.keys[index];
	size_t n = (key->bits + 7) / 8;
	uint8_t block[CA_RSA_BYTES_MAX];
	struct ca_tx tx;
	ca_err e;

	if (n == 0 || n > sizeof(block))
		return CA_E_UNSUPPORTED;
	if ((e = make_block(key->bits, block, n)) != CA_OK ||
	    (e = ca_token_begin_(t, &tx)) != CA_OK)
		return e;
	/* A reset, repaired just now, took the login along. */
	e = t->in[CA_PIN_USER] || ca_model_key_pin(&t->model, key) == NULL
		? show(t, &tx, index, ca_rd_of(block, n))
		: CA_E_AUTH_NEEDED;
	ca_card_end(&tx);
	return ca_token_used_(t, key, e);
}

ca_err
ca_token_prove(struct ca_token *t, size_t index, uint32_t algs)
{
	const uint32_t raw = CA_ALG_BIT(CA_ALG_RSA_RAW);
	struct ca_rd spki;
	struct ca_key *key;
	bool never;
	ca_err e;

	if (index >= t->model.keys_n)
		return CA_E_BUG;
	key = &t->model.keys[index];
	if ((key->unproven & algs & raw) == 0)
		return CA_OK;
	if (t->card == NULL && (e = ca_token_check(t)) != CA_OK)
		return e;
	if (!is_open(t, key, &never) && !never)
		return CA_E_AUTH_NEEDED;
	e = never ? CA_E_UNSUPPORTED : ca_token_key_spki(t, index, &spki);
	if (e == CA_OK)
		e = run(t, index);
	if (!decided(e))
		return e;
	key->unproven &= ~raw;
	if (e == CA_OK)
		key->algs |= raw;
	ca_log(CA_LOG_INFO, ROOM, "raw RSA with key '%s', which nobody saw: %s",
	    key->label, e == CA_OK ? "works" : ca_err_name(e));
	return CA_OK;
}
