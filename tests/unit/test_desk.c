/*
 * Unblocking at a distance from end to end: a token on a simulated card on one
 * side, a key and a telephone on the other, and nothing but codes between them.
 */
#include "tools/lib/desk_answer.h"

#include <stdio.h>
#include <string.h>

#include "pcsc/card/profile.h"
#include "pcsc/token/remote.h"
#include "tests/unit/scene.h"
#include "tests/unit/suites.h"

#define KEY16 "0102030405060708090A0B0C0D0E0F10"
#define KEY24 KEY16 "1112131415161718"
#define KEY32 KEY24 "191A1B1C1D1E1F20"
#define NEW "86427531"

/* ---- the desk: its key and what it hears ---- */

struct desk {
	const char *file;   /* what the file with the key holds */
	const char *serial; /* of the token it believes to be called about */
};

enum said {
	SAID,
	SAID_MISHEARD,
	SAID_WRONG_TOKEN,
	SAID_NO_KEY,
};

static enum said
desk_answers(const struct desk *d, const char *heard, char say[CA_PHONE_TEXT])
{
	struct ca_phone asked, answer;

	if (ca_phone_read(heard, CA_PHONE_CHALLENGE, &asked) != CA_PHONE_GOOD)
		return SAID_MISHEARD;
	if (asked.tag != ca_phone_token_tag(d->serial))
		return SAID_WRONG_TOKEN;
	if (ca_desk_answer(&asked, ut_text(d->file), &answer) != CA_DESK_GOOD)
		return SAID_NO_KEY;
	ca_phone_write(&answer, say);
	return SAID;
}

/* ---- the holder: his token and what he hears ---- */

struct holder {
	struct ut_scene s;
	struct ca_phone asked;
};

enum heard {
	HEARD,
	HEARD_MISTYPED,
	HEARD_OTHER_QUESTION,
	HEARD_WRONG,
	HEARD_ELSE,
};

static void
holder_begin(struct holder *h, const char *type, const char *cipher,
    const char *key, const char *serial)
{
	const char *options[] = {"admin-key", key, "admin-cipher", cipher,
	    "serial", serial, "puk", "PUK cua don vi 7", NULL};

	ut_scene_begin(&h->s, type, "p256", options);
	for (size_t i = 0; i < h->s.profiles->n; i++) {
		struct ca_profile *p = &h->s.profiles->p[i];

		if (strcmp(p->name, "iso7816-15") == 0)
			p->admin = (struct ca_profile_admin){
			    .cipher = strcmp(cipher, "aes") == 0
					  ? CA_REMOTE_AES
					  : CA_REMOTE_3DES,
			    .has_reference = true,
			    .reference = 0x80};
	}
	UT_OK(ca_sim_tries_set(h->s.card, ca_sim_opts(h->s.card)->pin_ref, 0) ==
	      CA_OK);
	UT_OK(ut_scene_open(&h->s) == CA_OK);
}

static void
holder_asks(struct holder *h, char say[CA_PHONE_TEXT])
{
	struct ca_token_ask ask;

	UT_OK(ca_token_remote_begin(h->s.token, &ask) == CA_OK);
	h->asked = (struct ca_phone){.kind = CA_PHONE_CHALLENGE,
	    .scheme = ask.scheme,
	    .tag = ca_phone_token_tag(ca_token_model(h->s.token)->serial),
	    .n = ask.n};
	memcpy(h->asked.b, ask.challenge, ask.n);
	ca_phone_write(&h->asked, say);
}

static enum heard
holder_hears(struct holder *h, const char *text)
{
	struct ca_pin_state after;
	struct ca_phone a;
	ca_err e;

	if (ca_phone_read(text, CA_PHONE_ANSWER, &a) != CA_PHONE_GOOD)
		return HEARD_MISTYPED;
	if (a.tag != ca_phone_question_tag(&h->asked))
		return HEARD_OTHER_QUESTION;
	e = ca_token_remote_finish(h->s.token, ca_rd_of(a.b, a.n), ut_text(NEW),
	    &after);
	return e == CA_OK            ? HEARD
	       : e == CA_E_PIN_WRONG ? HEARD_WRONG
				     : HEARD_ELSE;
}

static bool
logs_in(struct holder *h)
{
	struct ca_pin_state after;

	return ca_token_login(h->s.token,
		   ca_model_pin(ca_token_model(h->s.token), CA_PIN_USER),
		   ut_text(NEW), &after) == CA_OK;
}

static uint64_t
spent(const struct holder *h)
{
	return ca_sim_count(h->s.card, CA_SIM_WRONG_TRIES);
}

/* ---- the cases ---- */

#define SERIAL "0123456789ABCDEF"
#define OTHER "0123456789ABCDE0"

static const struct {
	const char *type, *cipher, *key, *file;
} rows[] = {
    {"epass2003", "3des", "", "PUK cua don vi 7\n"},
    {"iso7816-15", "3des", KEY16, KEY16 "\r\n"},
    {"iso7816-15", "3des", KEY24, KEY24},
    {"iso7816-15", "aes", KEY16, "01 02 03 04 05060708090a0b0c0d0e0f10\n"},
    {"iso7816-15", "aes", KEY24, KEY24},
    {"iso7816-15", "aes", KEY32, KEY32},
};

static void
from_end_to_end(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct desk d = {rows[i].file, SERIAL};
		char asked[CA_PHONE_TEXT], answer[CA_PHONE_TEXT];
		struct holder h;

		holder_begin(&h, rows[i].type, rows[i].cipher, rows[i].key,
		    SERIAL);
		holder_asks(&h, asked);
		UT(desk_answers(&d, asked, answer) == SAID, "row %zu", i);
		UT(holder_hears(&h, answer) == HEARD, "row %zu", i);
		UT_OK(spent(&h) == 0 && logs_in(&h));
		ut_scene_end(&h.s);
	}
}

/* A code with one character changed: caught on either side, no try spent. */
static void
mistyped(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct desk d = {rows[i].file, SERIAL};
		char asked[CA_PHONE_TEXT], answer[CA_PHONE_TEXT], was;
		struct holder h;

		holder_begin(&h, rows[i].type, rows[i].cipher, rows[i].key,
		    SERIAL);
		holder_asks(&h, asked);
		was = asked[7];
		asked[7] = was == 'T' ? 'P' : 'T';
		UT_OK(desk_answers(&d, asked, answer) == SAID_MISHEARD);
		asked[7] = was;
		UT_OK(desk_answers(&d, asked, answer) == SAID);
		was = answer[8];
		answer[8] = was == 'M' ? 'N' : 'M';
		UT_OK(holder_hears(&h, answer) == HEARD_MISTYPED);
		UT_OK(holder_hears(&h, asked) == HEARD_MISTYPED);
		answer[8] = was;
		UT_OK(holder_hears(&h, answer) == HEARD);
		UT_OK(spent(&h) == 0 && logs_in(&h));
		ut_scene_end(&h.s);
	}
}

/* The desk has another key: that costs a try, once. */
static void
wrong_key(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct desk d = {i == 0 ? "PUK cua don vi 8"
					: "FFEEDDCCBBAA99887766554433221100",
		    SERIAL};
		char asked[CA_PHONE_TEXT], answer[CA_PHONE_TEXT];
		struct holder h;

		holder_begin(&h, rows[i].type, rows[i].cipher, rows[i].key,
		    SERIAL);
		holder_asks(&h, asked);
		UT_OK(desk_answers(&d, asked, answer) == SAID);
		UT_OK(holder_hears(&h, answer) == HEARD_WRONG);
		UT_OK(spent(&h) == 1 && !logs_in(&h));
		ut_scene_end(&h.s);
	}
}

/* An answer to the question before: seen by its tag, no try spent. */
static void
replayed(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct desk d = {rows[i].file, SERIAL};
		char asked[CA_PHONE_TEXT], old[CA_PHONE_TEXT];
		char answer[CA_PHONE_TEXT];
		struct holder h;

		holder_begin(&h, rows[i].type, rows[i].cipher, rows[i].key,
		    SERIAL);
		holder_asks(&h, asked);
		UT_OK(desk_answers(&d, asked, old) == SAID);
		ca_token_remote_cancel(h.s.token);
		holder_asks(&h, asked);
		UT_OK(holder_hears(&h, old) == HEARD_OTHER_QUESTION);
		UT_OK(desk_answers(&d, asked, answer) == SAID);
		UT_OK(holder_hears(&h, answer) == HEARD);
		UT_OK(spent(&h) == 0 && logs_in(&h));
		ut_scene_end(&h.s);
	}
}

/* Two people call at once. */
static void
other_token(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct desk d = {rows[i].file, SERIAL};
		struct desk of_other = {rows[i].file, OTHER};
		char asked[CA_PHONE_TEXT], answer[CA_PHONE_TEXT];
		struct holder h, o;

		holder_begin(&h, rows[i].type, rows[i].cipher, rows[i].key,
		    SERIAL);
		holder_begin(&o, rows[i].type, rows[i].cipher, rows[i].key,
		    OTHER);
		holder_asks(&h, asked);
		holder_asks(&o, asked);
		UT_OK(desk_answers(&d, asked, answer) == SAID_WRONG_TOKEN);
		UT_OK(desk_answers(&of_other, asked, answer) == SAID);
		UT_OK(holder_hears(&h, answer) == HEARD_OTHER_QUESTION);
		UT_OK(holder_hears(&o, answer) == HEARD);
		UT_OK(spent(&h) == 0 && logs_in(&o));
		ca_token_remote_cancel(h.s.token);
		UT_OK(!logs_in(&h));
		ut_scene_end(&o.s);
		ut_scene_end(&h.s);
	}
}

/* What OpenSC's driver sends for this value and this challenge; a PUK is proven
 * as a PIN is. */
static void
known_answer(void)
{
	static const struct ca_phone asked = {CA_PHONE_CHALLENGE,
	    CA_REMOTE_PUK_3DES, 0,
	    {0x42, 0x1B, 0xC9, 0x4D, 0x73, 0x06, 0xF0, 0xD6}, 8};
	static const uint8_t want[] = {
	    0x60, 0x09, 0x71, 0x45, 0xEC, 0x0B, 0x12, 0x28};
	struct ca_phone answer;

	UT_OK(ca_desk_answer(&asked, ut_text("12345678"), &answer) ==
	      CA_DESK_GOOD);
	UT_OK(answer.kind == CA_PHONE_ANSWER && answer.n == sizeof(want));
	UT_OK(memcmp(answer.b, want, sizeof(want)) == 0);
	UT_OK(answer.tag == ca_phone_question_tag(&asked));
}

static void
no_keys(void)
{
	static const struct {
		enum ca_remote scheme;
		const char *file;
	} bad[] = {
	    {CA_REMOTE_PUK_3DES, ""},
	    {CA_REMOTE_PUK_3DES, "\n"},
	    {CA_REMOTE_PUK_3DES, "1234\n5678\n"},
	    {CA_REMOTE_3DES, ""},
	    {CA_REMOTE_3DES, "0102030405060708"},
	    {CA_REMOTE_3DES, KEY32},
	    {CA_REMOTE_3DES, KEY24 "00"},
	    {CA_REMOTE_3DES, "not a key"},
	    {CA_REMOTE_AES, "0102030405060708"},
	    {CA_REMOTE_AES, KEY16 "1"},
	    {CA_REMOTE_AES, KEY32 "00"},
	    {CA_REMOTE_NONE, KEY16},
	};

	for (size_t i = 0; i < CA_COUNT(bad); i++) {
		struct ca_phone asked = {CA_PHONE_CHALLENGE, bad[i].scheme, 0,
		    {0}, ca_remote_size((int)bad[i].scheme)};
		struct ca_phone answer = {.n = 77};

		UT(ca_desk_answer(&asked, ut_text(bad[i].file), &answer) ==
			CA_DESK_NO_KEY,
		    "row %zu", i);
		UT_OK(answer.n == 77);
	}
}

static const CU_TestInfo tests[] = {
    {"from end to end", from_end_to_end},
    {"mistyped", mistyped},
    {"wrong key", wrong_key},
    {"replayed", replayed},
    {"other token", other_token},
    {"known answer", known_answer},
    {"no keys", no_keys},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_desk = {"desk", tests};
