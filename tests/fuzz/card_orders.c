/* See card.h: everything one can want of a token, each order once. */
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/cdefs.h"
#include "tests/fuzz/card.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/model.h"

#define RESULT_MAX 1024
#define KEYS_MAX 3   /* keys that are used, of those on the card */
#define CERTS_MAX 12 /* certificates that are read */
/* No more orders once the card was asked so often: an input shall be quick. */
#define ENOUGH 600

struct orders {
	struct card *card;
	struct ca_token *token;
};

static bool
wanted(const struct orders *o, int bit)
{
	unsigned skip = o->card->setup.skip | (unsigned)o->card->setup.skip_more
						  << 8;

	return (skip >> bit & 1) == 0 && o->card->sent_all < ENOUGH;
}

/* An order begins; afterwards the model must be sound. */
static void
ordered(struct orders *o, enum card_order order)
{
	FUZZ_CHECK(!o->card->in_tx);
	fuzz_model(ca_token_model(o->token));
	(void)ca_token_can(o->token);
	card_order(o->card, order);
}

static void
read_certs(struct orders *o)
{
	struct ca_rd r;

	for (size_t i = 0;
	     i < ca_token_model(o->token)->certs_n && i < CERTS_MAX; i++) {
		ordered(o, CARD_READS);
		if (ca_token_cert(o->token, i, &r) == CA_OK) {
			FUZZ_CHECK(r.n > 0);
			fuzz_touch(r);
		}
	}
	for (size_t i = 0; i < ca_token_model(o->token)->keys_n; i++) {
		ordered(o, CARD_READS);
		if (ca_token_key_spki(o->token, i, &r) == CA_OK)
			fuzz_touch(r);
	}
	FUZZ_CHECK(ca_token_cert(o->token, ca_token_model(o->token)->certs_n,
		       &r) != CA_OK);
}

static void
read_states(struct orders *o)
{
	for (size_t i = 0; i < ca_token_model(o->token)->pins_n; i++) {
		struct ca_pin_state st;

		ordered(o, CARD_READS);
		if (ca_token_pin_state(o->token,
			&ca_token_model(o->token)->pins[i], &st) == CA_OK)
			FUZZ_CHECK(st.tries_left >= -1 && st.tries_left <= 255);
	}
}

static bool
log_in(struct orders *o, enum ca_pin_role role)
{
	const struct ca_pin *pin = ca_model_pin(ca_token_model(o->token), role);
	struct ca_pin_state after;
	ca_err e;

	if (pin == NULL)
		return false;
	ordered(o, CARD_LOGIN);
	e = ca_token_login(o->token, pin, card_pin(o->card, 0), &after);
	/* A login is one the card was asked for and said yes to. */
	FUZZ_CHECK(e != CA_OK || (o->card->verify == 1 && !o->card->refused));
	return e == CA_OK;
}

/* What crosses the card's edge for this algorithm (model.h). */
static size_t
input_length(const struct ca_key *key, enum ca_alg alg)
{
	static const uint8_t hashes[] = {20, 28, 32, 48, 64};

	if (alg >= CA_ALG_RSA_PKCS1_SHA1 && alg <= CA_ALG_RSA_PKCS1_SHA512)
		return hashes[alg - CA_ALG_RSA_PKCS1_SHA1];
	if (alg >= CA_ALG_RSA_PSS_SHA1 && alg <= CA_ALG_RSA_PSS_SHA512)
		return hashes[alg - CA_ALG_RSA_PSS_SHA1];
	if (alg == CA_ALG_RSA_PKCS1)
		return 51;
	if (alg == CA_ALG_ECDSA)
		return 32;
	if (alg == CA_ALG_ECDH)
		return 1 + 2 * ((key->bits + 7) / 8);
	return (key->bits + 7) / 8;
}

/* Bytes that a card can work with: a DigestInfo, a hash, a number below the
 * modulus, and what passes for a point. */
static void
fill_input(uint8_t *b, size_t n, enum ca_alg alg)
{
	static const uint8_t info[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60,
	    0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
	    0x20};

	memset(b, 0x2A, n);
	if (alg == CA_ALG_RSA_PKCS1 && n >= sizeof(info))
		memcpy(b, info, sizeof(info));
	else if (alg == CA_ALG_ECDH && n > 0)
		b[0] = 0x04;
	else if (n > 0)
		b[0] = 0x00;
}

static void
use_key(struct orders *o, size_t i, enum ca_alg alg)
{
	bool secret = alg >= CA_ALG_RSA_DEC_RAW, signed_now = false;
	const struct ca_key *k = &ca_token_model(o->token)->keys[i];
	size_t n = input_length(k, alg), cap = (k->bits + 7) / 8 * 2;
	uint8_t *in, *out;
	struct ca_wr w;

	n = n < RESULT_MAX ? n : RESULT_MAX;
	cap = cap < RESULT_MAX ? cap : RESULT_MAX;
	/* Blocks of just that size: one byte too many is seen. */
	in = fuzz_room(n + 1);
	out = fuzz_room(cap + 1);
	fill_input(in, n, alg);
	w = ca_wr_of(out, cap);
	ordered(o, CARD_READS);
	if (secret)
		(void)!ca_token_decipher(o->token, i, alg, ca_rd_of(in, n), &w);
	else
		signed_now = ca_token_sign(o->token, i, alg, ca_rd_of(in, n),
				 &w) == CA_OK;
	/* The key may have another size than its directory said. */
	k = &ca_token_model(o->token)->keys[i];
	FUZZ_CHECK(!signed_now ||
		   w.n == (k->bits + 7) / 8 * (k->type == CA_KEY_EC ? 2 : 1));
	FUZZ_CHECK(w.n <= w.cap && w.cap == cap && w.p == out);
	fuzz_touch(ca_rd_of(out, w.n));
	free(in);
	free(out);
}

static void
use_keys(struct orders *o, enum ca_alg first, enum ca_alg end)
{
	for (size_t i = 0; i < ca_token_model(o->token)->keys_n && i < KEYS_MAX;
	     i++)
		for (unsigned a = first; a < (unsigned)end; a++) {
			const struct ca_key *k =
			    &ca_token_model(o->token)->keys[i];

			if ((k->algs & CA_ALG_BIT(a)) == 0)
				continue;
			/* Such a key has its PIN before each use. */
			if (k->consent > 0)
				(void)!log_in(o, CA_PIN_KEY);
			use_key(o, i, (enum ca_alg)a);
		}
}

static void
change_pin(struct orders *o)
{
	const struct ca_pin *pin =
	    ca_model_pin(ca_token_model(o->token), CA_PIN_USER);
	struct ca_pin_state after;

	if (pin == NULL)
		return;
	ordered(o, CARD_CHANGE);
	(void)!ca_token_change_pin(o->token, pin, card_pin(o->card, 0),
	    card_pin(o->card, 1), &after);
}

static void
unblock(struct orders *o)
{
	const struct ca_model *m = ca_token_model(o->token);
	const struct ca_pin *pin = ca_model_pin(m, CA_PIN_USER);
	const struct ca_pin *puk = ca_model_pin(m, CA_PIN_SO);
	struct ca_pin_state after;

	if (pin == NULL || puk == NULL)
		return;
	ordered(o, CARD_UNBLOCK);
	(void)!ca_token_unblock(o->token, puk, card_pin(o->card, 2), pin,
	    card_pin(o->card, 1), &after);
}

/* The card's own certificate once more, one byte of its signature changed. */
static void
import(struct orders *o)
{
	struct ca_rd der;
	uint8_t *copy;
	size_t key;

	if (ca_token_model(o->token)->certs_n == 0)
		return;
	ordered(o, CARD_READS);
	if (ca_token_cert(o->token, 0, &der) != CA_OK)
		return;
	copy = fuzz_copy(der);
	copy[der.n - 1] ^= 1;
	ordered(o, CARD_READS);
	if (ca_token_key_of_cert(o->token, ca_rd_of(copy, der.n), &key) ==
	    CA_OK)
		(void)!ca_token_import_cert(o->token, key,
		    ca_rd_of(copy, der.n), &key);
	free(copy);
}

static void
some_random(struct orders *o)
{
	uint8_t *b = fuzz_room(37);
	struct ca_wr w = ca_wr_of(b, 37);

	ordered(o, CARD_READS);
	if (ca_token_random(o->token, &w, 37) == CA_OK)
		FUZZ_CHECK(w.n == 37);
	FUZZ_CHECK(w.n <= 37);
	free(b);
}

/* A key pair, where the card says that it makes some. */
static void
generate(struct orders *o)
{
	struct ca_keygen g = {
	    .kind = o->card->setup.pin == 0 ? CA_GEN_P256 : CA_GEN_RSA_2048,
	    .label = "K",
	    .usage = CA_USE_SIGN,
	    .public_usage = CA_USE_VERIFY};
	size_t at = SIZE_MAX;

	ordered(o, CARD_READS);
	if (ca_token_generate(o->token, &g, &at) == CA_OK)
		FUZZ_CHECK(at < ca_token_model(o->token)->keys_n);
}

static void
in_turn(struct orders *o)
{
	if (!wanted(o, CARD_SKIP_EARLY_SIGN))
		use_keys(o, CA_ALG_RSA_RAW, CA_ALG_COUNT);
	if (wanted(o, CARD_SKIP_CERTS))
		read_certs(o);
	if (wanted(o, CARD_SKIP_PUBLIC)) {
		ordered(o, CARD_READS);
		(void)!ca_token_load_public(o->token);
	}
	if (wanted(o, CARD_SKIP_DATA)) {
		ordered(o, CARD_READS);
		(void)!ca_token_load_data(o->token);
	}
	if (wanted(o, CARD_SKIP_STATES))
		read_states(o);
	if (wanted(o, CARD_SKIP_LOGIN) && log_in(o, CA_PIN_USER))
		FUZZ_CHECK(ca_token_logged_in(o->token, CA_PIN_USER));
	if (wanted(o, CARD_SKIP_SIGN))
		use_keys(o, CA_ALG_RSA_RAW, CA_ALG_RSA_DEC_RAW);
	if (wanted(o, CARD_SKIP_DECIPHER))
		use_keys(o, CA_ALG_RSA_DEC_RAW, CA_ALG_COUNT);
	if (wanted(o, CARD_SKIP_IMPORT))
		import(o);
	if (wanted(o, CARD_SKIP_CHANGE))
		change_pin(o);
	if (wanted(o, CARD_SKIP_UNBLOCK))
		unblock(o);
	if (wanted(o, CARD_SKIP_OTHER_PINS)) {
		(void)!log_in(o, CA_PIN_SO);
		(void)!log_in(o, CA_PIN_KEY);
	}
	if (wanted(o, CARD_SKIP_RANDOM))
		some_random(o);
	if (wanted(o, CARD_SKIP_GENERATE))
		generate(o);
	if (wanted(o, CARD_SKIP_LOGOUT)) {
		ordered(o, CARD_READS);
		(void)!ca_token_logout(o->token);
		for (int role = CA_PIN_USER; role <= CA_PIN_KEY; role++)
			FUZZ_CHECK(!ca_token_logged_in(o->token,
			    (enum ca_pin_role)role));
	}
	ordered(o, CARD_READS);
	(void)!ca_token_check(o->token);
}

void
card_orders(struct card *c, const struct ca_config *config)
{
	struct ca_transport tp = {&card_ops, c};
	struct orders o = {.card = c};

	card_order(c, CARD_READS);
	fuzz_clear_text((c->setup.flags & CARD_CLEAR) != 0);
	fuzz_alloc_fail((unsigned)(c->setup.alloc_high << 8 |
				   c->setup.alloc_low));
	if (ca_token_open(&tp, c->profiles, config, CARD_READER, &o.token) ==
	    CA_OK) {
		in_turn(&o);
		ordered(&o, CARD_READS);
		if ((c->setup.flags & CARD_FORGET) != 0)
			ca_token_forget(&o.token);
		else
			ca_token_free(&o.token);
	}
	fuzz_alloc_fail(0);
	fuzz_clear_text(false);
	FUZZ_CHECK(o.token == NULL && !c->conn && !c->link && !c->in_tx);
}
