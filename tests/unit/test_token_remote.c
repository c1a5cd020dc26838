/*
 * Unblocking at a distance, the card's side: what is held, what is spent, what
 * is told, on the two simulated cards that can. The answers are made here with
 * the room of secure messaging.
 */
#include "pcsc/token/remote.h"

#include <pthread.h>
#include <string.h>

#include "pcsc/card/profile.h"
#include "pcsc/sm/aes.h"
#include "pcsc/sm/des.h"
#include "pcsc/sm/epass2003.h"
#include "tests/unit/scene.h"
#include "tests/unit/suites.h"

#define KEY "0102030405060708090A0B0C0D0E0F10"
#define NEW "86427531"
#define BLOCKED_MS 5000

static const uint8_t key[] = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/* A card with its user's PIN blocked. */
static const struct way {
	const char *type, *cipher;
	enum ca_remote scheme;
	const char *tries; /* the option that says how many */
	int max;
} ways[] = {
    {"epass2003", "3des", CA_REMOTE_PUK_3DES, "puk-tries", 5},
    {"iso7816-15", "3des", CA_REMOTE_3DES, "admin-tries", 5},
    {"iso7816-15", "aes", CA_REMOTE_AES, "admin-tries", 5},
};

/* The simulated card's profile does not name an administrator's key. */
static void
name_key(struct ut_scene *s, enum ca_remote cipher)
{
	for (size_t i = 0; i < s->profiles->n; i++) {
		struct ca_profile *p = &s->profiles->p[i];

		if (strcmp(p->name, "iso7816-15") == 0)
			p->admin = (struct ca_profile_admin){.cipher = cipher,
			    .has_reference = true,
			    .reference = 0x80};
	}
}

static void
begin_with(struct ut_scene *s, const struct way *w, const char *tries)
{
	const char *options[] = {
	    "admin-key", KEY, "admin-cipher", w->cipher, w->tries, tries, NULL};

	ut_scene_begin(s, w->type, "p256", options);
	if (w->scheme != CA_REMOTE_PUK_3DES)
		name_key(s, w->scheme);
	UT_OK(ca_sim_tries_set(s->card, ca_sim_opts(s->card)->pin_ref, 0) ==
	      CA_OK);
	UT_OK(ut_scene_open(s) == CA_OK);
}

static void
begin(struct ut_scene *s, const struct way *w)
{
	begin_with(s, w, "5");
}

/* The right answer to what was asked; 0 bytes when it cannot be made. */
static size_t
answer(const struct ut_scene *s, const struct ca_token_ask *ask,
    uint8_t out[CA_REMOTE_MAX])
{
	static const uint8_t zero[CA_REMOTE_MAX];
	const struct ca_rd k = ca_rd_of(key, sizeof(key));
	struct ca_wr w = ca_wr_of(out, CA_REMOTE_MAX);
	ca_err e = CA_E_BUG;

	switch (ask->scheme) {
	case CA_REMOTE_PUK_3DES:
		e = ca_epass2003_pin_proof(ut_text(ca_sim_opts(s->card)->puk),
		    ca_rd_of(ask->challenge, ask->n), &w);
		break;
	case CA_REMOTE_3DES:
		memcpy(out, ask->challenge, ask->n);
		e = ca_des_cbc(k, zero, 1, out, ask->n);
		break;
	case CA_REMOTE_AES:
		memcpy(out, ask->challenge, ask->n);
		e = ca_aes_cbc(k, zero, 1, out, ask->n);
		break;
	case CA_REMOTE_NONE:
		break;
	}
	return e == CA_OK ? ask->n : 0;
}

static ca_err
finish(struct ut_scene *s, const uint8_t *b, size_t n, const char *pin,
    int *tries)
{
	struct ca_pin_state after;
	ca_err e = ca_token_remote_finish(s->token, ca_rd_of(b, n),
	    ut_text(pin), &after);

	*tries = after.tries_left;
	return e;
}

static ca_err
login(struct ut_scene *s, const char *pin)
{
	struct ca_pin_state after;

	return ca_token_login(s->token,
	    ca_model_pin(ca_token_model(s->token), CA_PIN_USER), ut_text(pin),
	    &after);
}

/* Nobody has a right left on the card. */
static bool
shut(const struct ut_scene *s)
{
	const struct ca_sim_opts *o = ca_sim_opts(s->card);

	return !ca_sim_verified(s->card, o->pin_ref) &&
	       !ca_sim_verified(s->card, o->puk_ref) &&
	       !ca_token_is_open(s->token);
}

static void
sets_a_pin(void)
{
	for (size_t i = 0; i < CA_COUNT(ways); i++) {
		struct ca_token_ask ask;
		uint8_t b[CA_REMOTE_MAX];
		struct ut_scene s;
		int tries;

		begin(&s, &ways[i]);
		UT_OK(ca_token_remote_can(s.token) == CA_TOKEN_REMOTE_CAN);
		UT_OK(login(&s, NEW) == CA_E_PIN_BLOCKED);
		UT(ca_token_remote_begin(s.token, &ask) == CA_OK, "way %zu", i);
		UT_OK(ask.scheme == ways[i].scheme);
		UT_OK(ask.state.tries_left == ways[i].max);
		UT_OK(answer(&s, &ask, b) == ask.n);
		UT(finish(&s, b, ask.n, NEW, &tries) == CA_OK, "way %zu", i);
		UT_OK(shut(&s));
		UT_OK(login(&s, NEW) == CA_OK);
		ut_scene_end(&s);
	}
}

/* A wrong answer costs one try, and the next challenge is another one: the
 * right answer to the old one is wrong now. */
static void
wrong_answers(void)
{
	for (size_t i = 0; i < CA_COUNT(ways); i++) {
		struct ca_token_ask ask, again;
		uint8_t b[CA_REMOTE_MAX];
		struct ut_scene s;
		int tries;

		begin(&s, &ways[i]);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(answer(&s, &ask, b) == ask.n);
		b[0] ^= 1;
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_E_PIN_WRONG);
		UT(tries == ways[i].max - 1, "way %zu: %d", i, tries);
		UT_OK(shut(&s));
		b[0] ^= 1;
		UT_OK(ca_token_remote_begin(s.token, &again) == CA_OK);
		UT_OK(again.state.tries_left == ways[i].max - 1);
		UT_OK(memcmp(ask.challenge, again.challenge, ask.n) != 0);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_E_PIN_WRONG);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_E_BUG);
		UT_OK(ca_sim_count(s.card, CA_SIM_WRONG_TRIES) == 2);
		UT_OK(login(&s, NEW) == CA_E_PIN_BLOCKED);
		ut_scene_end(&s);
	}
}

/* What cannot be right is not sent, and the same challenge stands. */
static void
wrong_lengths(void)
{
	for (size_t i = 0; i < CA_COUNT(ways); i++) {
		struct ca_token_ask ask;
		uint8_t b[CA_REMOTE_MAX];
		struct ut_scene s;
		int tries;

		begin(&s, &ways[i]);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(answer(&s, &ask, b) == ask.n);
		ca_sim_count_clear(s.card);
		UT_OK(finish(&s, b, ask.n - 1, NEW, &tries) == CA_E_DATA_LEN);
		UT_OK(finish(&s, b, 0, NEW, &tries) == CA_E_DATA_LEN);
		UT_OK(finish(&s, b, ask.n, "123", &tries) == CA_E_PIN_LEN);
		UT_OK(finish(&s, b, ask.n, "", &tries) == CA_E_PIN_LEN);
		UT_OK(ca_sim_count(s.card, CA_SIM_APDUS) == 0);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_OK);
		UT_OK(login(&s, NEW) == CA_OK);
		ut_scene_end(&s);
	}
}

/* Given up: the card is there for everybody, and no try is gone. */
static void
cancelled(void)
{
	for (size_t i = 0; i < CA_COUNT(ways); i++) {
		struct ca_token_ask ask;
		struct ut_scene s;
		uint8_t b[CA_REMOTE_MAX];
		int tries;

		begin(&s, &ways[i]);
		ca_token_remote_cancel(s.token);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_E_BUSY);
		UT_OK(ca_token_check(s.token) == CA_E_BUSY);
		UT_OK(login(&s, NEW) == CA_E_BUSY);
		ca_token_remote_cancel(s.token);
		UT_OK(ca_token_check(s.token) == CA_OK);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(ask.state.tries_left == ways[i].max);
		/* A program that just ends. */
		UT_OK(ut_scene_open(&s) == CA_OK);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(answer(&s, &ask, b) == ask.n);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_OK);
		ut_scene_end(&s);
	}
}

/* The card leaves, or another program resets it, while one waits. */
static void
gone_meanwhile(void)
{
	for (size_t i = 0; i < CA_COUNT(ways); i++) {
		struct ca_token_ask ask;
		uint8_t b[CA_REMOTE_MAX];
		struct ut_scene s;
		int tries;

		begin(&s, &ways[i]);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(answer(&s, &ask, b) == ask.n);
		UT_OK(ca_sim_world_reset(s.world, UT_SCENE_READER) == CA_OK);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_E_RESET);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(ask.state.tries_left == ways[i].max);
		UT_OK(ca_sim_world_remove(s.world, UT_SCENE_READER) == CA_OK);
		UT_OK(ca_sim_world_insert(s.world, UT_SCENE_READER, s.card) ==
		      CA_OK);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_E_REMOVED);
		UT_OK(ca_sim_count(s.card, CA_SIM_WRONG_TRIES) == 0);
		UT_OK(ut_scene_open(&s) == CA_OK);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(ask.state.tries_left == ways[i].max);
		UT_OK(answer(&s, &ask, b) == ask.n);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_OK);
		ut_scene_end(&s);
	}
}

static void *
other_program(void *arg)
{
	struct ut_scene *s = arg;
	struct ca_token *t = NULL;
	ca_err e = ca_token_open(ca_sim_world_transport(s->world), s->profiles,
	    &s->config, UT_SCENE_READER, &t);

	ca_token_free(&t);
	return e == CA_OK ? s : NULL;
}

/* A program that wants the card has to wait until the answer was given. */
static void
held(void)
{
	for (size_t i = 0; i < CA_COUNT(ways); i++) {
		struct ca_token_ask ask;
		uint8_t b[CA_REMOTE_MAX];
		struct ut_scene s;
		pthread_t other;
		void *done = NULL;
		int tries;

		begin(&s, &ways[i]);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		ca_sim_count_clear(s.card);
		UT_OK(pthread_create(&other, NULL, other_program, &s) == 0);
		UT_OK(ca_sim_world_await_blocked(s.world, BLOCKED_MS));
		UT_OK(ca_sim_count(s.card, CA_SIM_APDUS) == 0);
		UT_OK(answer(&s, &ask, b) == ask.n);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_OK);
		UT_OK(pthread_join(other, &done) == 0);
		UT_OK(done == &s);
		UT_OK(login(&s, NEW) == CA_OK);
		ut_scene_end(&s);
	}
}

/* One try left is not spent without an order, none left is told. */
static void
last_try(void)
{
	for (size_t i = 0; i < CA_COUNT(ways); i++) {
		struct ca_token_ask ask;
		uint8_t b[CA_REMOTE_MAX] = {0};
		struct ut_scene s;
		int tries;

		begin_with(&s, &ways[i], "2");
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_E_PIN_WRONG);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_E_PIN_LAST);
		UT_OK(ask.state.tries_left == 1);
		UT_OK(ca_token_check(s.token) == CA_OK);
		s.config.allow_last_try = true;
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
		UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_E_PIN_BLOCKED);
		UT_OK(tries == 0);
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_E_PIN_BLOCKED);
		UT_OK(ask.state.blocked);
		ut_scene_end(&s);
	}
}

/* The card takes the PUK's proof, and not the new PIN. */
static void
not_taken(void)
{
	static const char *const options[] = {"unblock-by-so", "no", NULL};
	struct ca_token_ask ask;
	uint8_t b[CA_REMOTE_MAX];
	struct ut_scene s;
	int tries;

	ut_scene_begin(&s, "epass2003", "p256", options);
	UT_OK(ut_scene_open(&s) == CA_OK);
	UT_OK(ca_token_remote_begin(s.token, &ask) == CA_OK);
	UT_OK(answer(&s, &ask, b) == ask.n);
	UT_OK(finish(&s, b, ask.n, NEW, &tries) == CA_E_REFUSED);
	UT_OK(shut(&s));
	UT_OK(login(&s, ca_sim_opts(s.card)->pin) == CA_OK);
	ut_scene_end(&s);
}

/* Every other family says why not, and nothing is sent. */
static void
refused(void)
{
	static const struct {
		const char *type, *key;
		enum ca_token_remote why;
	} rows[] = {
	    {"iso7816-15", "p256", CA_TOKEN_REMOTE_PUK_ONLY},
	    {"vgca-jcop4", "rsa1024", CA_TOKEN_REMOTE_PUK_ONLY},
	    {"bit4id-cns", "rsa1024", CA_TOKEN_REMOTE_PUK_ONLY},
	    {"entersafe", "rsa1024", CA_TOKEN_REMOTE_PUK_ONLY},
	    {"vgca-chipdoc", "rsa1024", CA_TOKEN_REMOTE_PUK_ONLY},
	    {"uicc", "rsa1024", CA_TOKEN_REMOTE_PUK_ONLY},
	    {"idprime", "rsa2048", CA_TOKEN_REMOTE_UNKNOWN},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_token_ask ask;
		struct ut_scene s;

		ut_scene_begin(&s, rows[i].type, rows[i].key, NULL);
		UT(ut_scene_open(&s) == CA_OK, "%s", rows[i].type);
		ca_sim_count_clear(s.card);
		UT(ca_token_remote_can(s.token) == rows[i].why, "%s: %d",
		    rows[i].type, (int)ca_token_remote_can(s.token));
		UT_OK(ca_token_remote_begin(s.token, &ask) == CA_E_UNSUPPORTED);
		UT_OK(ca_sim_count(s.card, CA_SIM_APDUS) == 0);
		UT_OK(ca_token_check(s.token) == CA_OK);
		ut_scene_end(&s);
	}
}

static const CU_TestInfo tests[] = {
    {"sets a PIN", sets_a_pin},
    {"wrong answers", wrong_answers},
    {"wrong lengths", wrong_lengths},
    {"cancelled", cancelled},
    {"gone meanwhile", gone_meanwhile},
    {"held", held},
    {"last try", last_try},
    {"not taken", not_taken},
    {"refused", refused},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_token_remote = {"token remote", tests};
