/*
 * PINs on a token whose card answers otherwise than the simulated one would: a
 * transport in between gives those answers, or loses them.
 */
#include "pcsc/token/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "tests/sim/sim_transport.h"
#include "tests/unit/suites.h"

#define READER "Reader 0"
#define WRONG "99999999"
#define NEW "86427531"
#define INS_VERIFY 0x20
#define INS_PSO 0x2A
#define INS_CHANNEL 0x70

/* What the transport in between does. */
static struct {
	const struct ca_transport_ops *real;
	int ins;        /* this command is not asked of the card, -1: none */
	uint16_t sw;    /* ... but answered so */
	bool lose;      /* the answer to a VERIFY with a value is lost */
	bool satisfied; /* the query of a PIN is answered 9000 */
} between;

static ca_err
transmit(void *link, struct ca_rd cmd, struct ca_wr *resp)
{
	bool pin = cmd.n >= 4 && cmd.p[1] == INS_VERIFY;
	ca_err e;

	if (cmd.n >= 4 && cmd.p[1] == between.ins) {
		ca_wr_u16(resp, between.sw);
		return CA_OK;
	}
	if (pin && cmd.n <= 5 && between.satisfied) {
		ca_wr_u16(resp, 0x9000);
		return CA_OK;
	}
	e = between.real->transmit(link, cmd, resp);
	if (!pin || cmd.n <= 5 || !between.lose)
		return e;
	ca_wr_wipe(resp);
	return CA_E_IO;
}

struct scene {
	struct ca_sim_opts o;
	struct ca_sim_world *world;
	struct ca_sim *card;
	struct ca_config config;
	struct ca_profiles *profiles;
	struct ca_transport transport;
	struct ca_transport_ops ops;
	struct ca_token *token;
	struct ca_pin_state after;
	struct ut_dir cards; /* profiles of an administrator */
};

/* The simulated card by a profile under which logout takes VERIFY back. */
static const char undoes[] =
    "[profile]\nmodel = Undoes\n[match]\n"
    "atr = 3B8B018073C6010055434149534F00 / FFFFFFFFFFFFFF00FFFFFFFFFFFF00\n"
    "[application]\npath = 3F005015\n[quirks]\nlogout = verify-ff\n"
    "unblock = after-verify\n[algorithm rsa-pkcs1]\nalgorithm = token-info\n";

static void
scene_begin(struct scene *s, const char *type, const char *option,
    const char *value)
{
	memset(s, 0, sizeof(*s));
	s->cards = ut_dir_new();
	strcpy(s->config.cards_dir, "/nowhere");
	snprintf(s->config.cards_d, CA_CONF_PATH, "%s", s->cards.path);
	if (option != NULL && strcmp(option, "verify-undo") == 0)
		ut_dir_put(&s->cards, "iso7816-15.conf",
		    ca_rd_of(undoes, sizeof(undoes) - 1));
	UT_OK(ca_profiles_load(&s->config, &s->profiles) == CA_OK);
	UT_OK(ca_sim_opts_init(&s->o, type) == CA_OK);
	UT_OK(ca_sim_opts_set(&s->o, "key", "rsa1024") == CA_OK);
	UT_OK(ca_sim_opts_set(&s->o, "ca-key", "p256") == CA_OK);
	if (option != NULL)
		UT_OK(ca_sim_opts_set(&s->o, option, value) == CA_OK);
	UT_OK(ca_sim_new(&s->o, &s->card) == CA_OK);
	s->world = ca_sim_world_new();
	UT_OK(ca_sim_world_add(s->world, READER, NULL) == CA_OK);
	UT_OK(ca_sim_world_insert(s->world, READER, s->card) == CA_OK);
	s->transport = *ca_sim_world_transport(s->world);
	memset(&between, 0, sizeof(between));
	between.ins = -1;
	between.real = s->transport.ops;
	s->ops = *between.real;
	s->ops.transmit = transmit;
	s->transport.ops = &s->ops;
	ut_log_begin(CA_LOG_ERROR);
	UT_OK(ca_token_open(&s->transport, s->profiles, &s->config, READER,
		  &s->token) == CA_OK);
}

static void
scene_end(struct scene *s)
{
	ut_log_end();
	ca_token_free(&s->token);
	ca_sim_world_free(s->world);
	ca_sim_free(s->card);
	ca_profiles_free(&s->profiles);
	ut_dir_free(&s->cards);
}

static struct ca_rd
text(const char *t)
{
	return ca_rd_of(t, strlen(t));
}

static ca_err
login(struct scene *s, enum ca_pin_role role, const char *value)
{
	return ca_token_login(s->token,
	    ca_model_pin(ca_token_model(s->token), role), text(value),
	    &s->after);
}

static ca_err
change(struct scene *s, enum ca_pin_role role, const char *value)
{
	return ca_token_change_pin(s->token,
	    ca_model_pin(ca_token_model(s->token), role), text(value),
	    text(NEW), &s->after);
}

static bool
verified(const struct scene *s)
{
	return ca_sim_verified(s->card, s->o.pin_ref);
}

/* The card refuses the key though the PIN is verified: no login is believed to
 * stand, and the card is closed all the same when the time comes. */
static void
closed_after_a_refusal(void)
{
	const uint8_t info[51] = {0};
	uint8_t b[1024];
	struct ca_wr out = ca_wr_of(b, sizeof(b));
	struct scene s;

	scene_begin(&s, "vgca-jcop4", NULL, NULL);
	UT_OK(!ca_token_is_open(s.token));
	UT_OK(login(&s, CA_PIN_USER, s.o.pin) == CA_OK);
	between.ins = INS_PSO;
	between.sw = 0x6982;
	UT_OK(ca_token_sign(s.token, 0, CA_ALG_RSA_PKCS1,
		  ca_rd_of(info, sizeof(info)), &out) == CA_E_AUTH_NEEDED);
	between.ins = -1;
	UT_OK(!ca_token_logged_in(s.token, CA_PIN_USER));
	UT_OK(ca_token_is_open(s.token));
	UT_OK(ca_token_logout(s.token) == CA_OK);
	UT_OK(!ca_token_is_open(s.token));
	UT_OK(!verified(&s));
	scene_end(&s);
}

/* The PIN was right, its answer is lost: nobody is logged in, nor on the card.
 */
static void
closed_when_nobody_knows(void)
{
	struct scene s;

	scene_begin(&s, "iso7816-15", NULL, NULL);
	between.lose = true;
	UT_OK(login(&s, CA_PIN_USER, s.o.pin) != CA_OK);
	between.lose = false;
	UT_OK(!ca_token_logged_in(s.token, CA_PIN_USER));
	UT_OK(!verified(&s));
	UT_OK(ca_sim_count(s.card, CA_SIM_VERIFIES) == 1);
	UT_OK(login(&s, CA_PIN_USER, s.o.pin) == CA_OK);
	scene_end(&s);
}

/* While a PIN is verified a card may tell no count: what it told when it
 * refused a value keeps the last try. */
static void
last_try_of_a_verified_pin(void)
{
	struct scene s;

	scene_begin(&s, "iso7816-15", "pin-tries", "3");
	UT_OK(login(&s, CA_PIN_USER, s.o.pin) == CA_OK);
	between.satisfied = true;
	UT_OK(change(&s, CA_PIN_USER, WRONG) == CA_E_PIN_WRONG);
	UT_OK(change(&s, CA_PIN_USER, WRONG) == CA_E_PIN_WRONG);
	UT_OK(s.after.tries_left == 1);
	UT_OK(change(&s, CA_PIN_USER, WRONG) == CA_E_PIN_LAST);
	UT_OK(ca_sim_tries(s.card, s.o.pin_ref) == 1);
	scene_end(&s);
}

/* A PUK under the reference of the user's PIN goes along with the new PIN and
 * never alone: the try would be the user's. */
static void
puk_of_the_same_reference(void)
{
	struct scene s;
	char ref[8];

	memset(&s, 0, sizeof(s));
	UT_OK(ca_sim_opts_init(&s.o, "iso7816-15") == CA_OK);
	(void)snprintf(ref, sizeof(ref), "%u", (unsigned)s.o.pin_ref);
	scene_begin(&s, "iso7816-15", "puk-ref", ref);
	UT_OK(ca_model_pin(ca_token_model(s.token), CA_PIN_SO) != NULL);
	ca_sim_count_clear(s.card);
	UT_OK(login(&s, CA_PIN_SO, s.o.puk) == CA_E_UNSUPPORTED);
	UT_OK(change(&s, CA_PIN_SO, s.o.puk) == CA_E_UNSUPPORTED);
	UT_OK(ca_sim_count(s.card, CA_SIM_WRONG_TRIES) == 0);
	UT_OK(ca_sim_pin_commands(s.card, s.o.pin_ref) == 0);
	scene_end(&s);
}

/* A channel that the card does not close would keep the PIN verified. */
static void
channel_that_stays_open(void)
{
	struct scene s;

	scene_begin(&s, "uicc", NULL, NULL);
	UT_OK(login(&s, CA_PIN_USER, s.o.pin) == CA_OK);
	between.ins = INS_CHANNEL;
	between.sw = 0x6200;
	UT_OK(ca_token_logout(s.token) == CA_OK);
	between.ins = -1;
	UT_OK(!verified(&s));
	scene_end(&s);
}

/* VERIFY with P1 FF takes back the user's PIN; where another one was verified
 * as well, the card is reset. */
static void
logout_of_every_pin(void)
{
	struct scene s;
	uint64_t resets;

	scene_begin(&s, "iso7816-15", "verify-undo", "yes");
	UT_OK(login(&s, CA_PIN_USER, s.o.pin) == CA_OK);
	resets = ca_sim_count(s.card, CA_SIM_RESETS);
	UT_OK(ca_token_logout(s.token) == CA_OK);
	UT_OK(!verified(&s));
	UT_OK(ca_sim_count(s.card, CA_SIM_RESETS) == resets);
	UT_OK(login(&s, CA_PIN_USER, s.o.pin) == CA_OK);
	UT_OK(login(&s, CA_PIN_SO, s.o.puk) == CA_OK);
	UT_OK(ca_token_logout(s.token) == CA_OK);
	UT_OK(!verified(&s));
	UT_OK(!ca_sim_verified(s.card, s.o.puk_ref));
	scene_end(&s);
}

static const CU_TestInfo tests[] = {
    {"closed after a refusal", closed_after_a_refusal},
    {"closed when nobody knows", closed_when_nobody_knows},
    {"last try of a verified PIN", last_try_of_a_verified_pin},
    {"PUK of the same reference", puk_of_the_same_reference},
    {"channel that stays open", channel_that_stays_open},
    {"logout of every PIN", logout_of_every_pin},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_token_pin = {"token PINs", tests};
