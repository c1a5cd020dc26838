/* See card.h: what must hold of every command, whatever the card answers. */
#include <string.h>

#include "pcsc/base/cdefs.h"
#include "tests/fuzz/card.h"
#include "tests/fuzz/fuzz.h"

/*
 * Commands of one order, and calls of the transport. Far above what a sound
 * card needs and above what the caps of pcsc/ let a hostile one cause, so that
 * only a loop without a cap ends here.
 */
#define COMMANDS_MAX 12000
#define CALLS_MAX 200000

#define INS_VERIFY 0x20
#define INS_EXTERNAL 0x82
#define INS_CHANGE 0x24
#define INS_DISABLE 0x26
#define INS_ENABLE 0x28
#define INS_UNBLOCK 0x2C
#define INS_WRITE_EPASS 0xE5
#define INS_WRITE_ENTERSAFE 0xF4

/* Not a byte of these may turn up in another command: the compiler's coverage
 * must not teach the fuzzer to write them into its answers. */
#if defined(__clang__)
#define UNSEEN __attribute__((no_sanitize("coverage")))
#else
#define UNSEEN
#endif

static const char *const pins[][3] = {
    {"74319052", "90257134", "58203761"},
    {"7431", "9025", "5820"},
    {"7431905288", "9025713466", "5820376199"},
    {"", "9025713466", ""},
    {"74319052743190527", "9025713490257134902571349025713490",
	"58203761582037615820376158203761582037615820376158203761582037615"},
};

struct ca_rd
card_pin(const struct card *c, int which)
{
	const char *p = pins[c->setup.pin % CA_COUNT(pins)][which];

	return ca_rd_of(p, strlen(p));
}

UNSEEN static bool
holds(struct ca_rd cmd, struct ca_rd pin)
{
	for (size_t i = 0; i + pin.n <= cmd.n; i++) {
		size_t same = 0;

		while (same < pin.n && cmd.p[i + same] == pin.p[same])
			same++;
		if (same == pin.n)
			return true;
	}
	return false;
}

static bool
long_forms(const struct card *c)
{
	for (size_t i = 0; i < c->profiles->n; i++) {
		const struct ca_profile *p = &c->profiles->p[i];

		if (strcmp(p->driver, c->driver) != 0)
			continue;
		for (size_t k = 0; k < p->ways_n; k++)
			if (p->ways[k].extended)
				return true;
	}
	return false;
}

/* ISO/IEC 7816-3 clause 12: one of the cases, in a form the reader carries. */
static void
form(const struct card *c, struct ca_rd cmd)
{
	size_t n = cmd.n;
	size_t lc;

	FUZZ_CHECK(n >= 4);
	if (c->proto == CA_PROTO_T0) {
		FUZZ_CHECK(n == 5 || n == 5u + cmd.p[4]);
		return;
	}
	if (n <= 5 || cmd.p[4] != 0) {
		FUZZ_CHECK(n <= 5 || n == 5u + cmd.p[4] || n == 6u + cmd.p[4]);
		return;
	}
	FUZZ_CHECK(c->max_apdu > 0 || long_forms(c));
	FUZZ_CHECK(c->max_apdu == 0 || n <= c->max_apdu);
	FUZZ_CHECK(n >= 7);
	lc = (size_t)cmd.p[5] << 8 | cmd.p[6];
	FUZZ_CHECK(n == 7 || n == 7 + lc || n == 9 + lc);
}

/* A command that carries something for the card: in secure messaging there is
 * always a data field, and only its cryptogram (87) counts. */
static bool
has_data(struct ca_rd cmd)
{
	struct ca_rd body = cmd;

	if (cmd.n <= 5)
		return false;
	if ((cmd.p[0] & 0x0C) != 0x0C)
		return true;
	return ca_rd_skip(&body, cmd.p[4] != 0 ? 5 : 7) && body.n > 0 &&
	       body.p[0] == 0x87;
}

/* It spends a try or sets a value. EXTERNAL AUTHENTICATE with P1 03 opens a
 * channel with the token's keys and no PIN is in it. */
static bool
spends(struct ca_rd cmd)
{
	uint8_t ins = cmd.p[1], p1 = cmd.p[2];

	if (!has_data(cmd))
		return false;
	return ins == INS_VERIFY || ins == INS_CHANGE || ins == INS_UNBLOCK ||
	       (ins == INS_EXTERNAL && p1 != 0x03) ||
	       (ins == INS_WRITE_EPASS && p1 == 0x04) ||
	       (ins == INS_WRITE_ENTERSAFE && p1 == 0x0B);
}

/*
 * One order, one try: each command once, and none after a refusal. When a new
 * value is set that value may be proven: with the PIN that was changed to keep
 * a login, with the one that was unblocked to see that it is set.
 */
static void
one_try(struct card *c, struct ca_rd cmd)
{
	uint8_t ins = cmd.p[1];

	FUZZ_CHECK(!c->refused && c->order != CARD_READS);
	switch (ins) {
	case INS_VERIFY:
	case INS_EXTERNAL:
		FUZZ_CHECK(c->verify == 0 || c->changes == 1);
		FUZZ_CHECK(c->verify < 2);
		c->verify++;
		break;
	case INS_CHANGE:
		FUZZ_CHECK(c->order == CARD_CHANGE && c->changes == 0);
		c->changes++;
		break;
	default:
		FUZZ_CHECK(c->order != CARD_LOGIN && c->changes == 0);
		FUZZ_CHECK(ins != INS_UNBLOCK || c->order == CARD_UNBLOCK);
		c->changes++;
	}
}

/* The subscriber's own PINs on a SIM: not even asked about. */
static void
subscriber(struct ca_rd cmd)
{
	uint8_t ins = cmd.p[1], p2 = cmd.p[3];

	if (ins == INS_VERIFY || ins == INS_CHANGE || ins == INS_DISABLE ||
	    ins == INS_ENABLE || ins == INS_UNBLOCK)
		FUZZ_CHECK(p2 != 0x01 && p2 != 0x11);
}

void
card_command(struct card *c, struct ca_rd cmd)
{
	FUZZ_CHECK(c->sent <= COMMANDS_MAX && c->calls <= CALLS_MAX);
	form(c, cmd);
	if (spends(cmd)) {
		one_try(c, cmd);
	} else if ((c->setup.flags & CARD_CLEAR) == 0) {
		for (int i = 0; i < 3; i++)
			FUZZ_CHECK(card_pin(c, i).n < 8 ||
				   !holds(cmd, card_pin(c, i)));
	}
	if (strcmp(c->driver, "uicc") == 0)
		subscriber(cmd);
}

/* 9000; or 61xx, data wait, and 91xx, a SIM has a command of its own: both say
 * the same. In secure messaging the inside must say so as well: 99 02 SW ... */
static bool
said_yes(struct ca_rd cmd, struct ca_rd answer)
{
	bool sm = (cmd.p[0] & 0x0C) == 0x0C;
	uint16_t outer, tag, inner;
	struct ca_rd end = answer;

	if (answer.n < 2 || !ca_rd_skip(&end, answer.n - 2) ||
	    !ca_rd_u16(&end, &outer))
		return false;
	if (outer != 0x9000 && outer >> 8 != 0x61 && outer >> 8 != 0x91)
		return false;
	return !sm || outer >> 8 == 0x61 ||
	       (ca_rd_u16(&answer, &tag) && tag == 0x9902 &&
		   ca_rd_u16(&answer, &inner) && inner == 0x9000);
}

void
card_answered(struct card *c, struct ca_rd cmd, struct ca_rd answer)
{
	if (spends(cmd) && !said_yes(cmd, answer))
		c->refused = true;
}

void
card_order(struct card *c, enum card_order order)
{
	c->order = order;
	c->sent = c->calls = 0;
	c->verify = c->changes = 0;
	c->refused = false;
}
