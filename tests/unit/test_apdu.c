#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/apdu/apdu.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

#define STEPS 6
#define ANSWER_MAX 66000

/* What card and reader can do. */
enum how {
	T1 = 0,
	T0 = 1,
	EXT = 2,    /* extended length, commands of up to 1000 bytes */
	CHAIN = 4,  /* command chaining */
	SILENT = 8, /* extended length, and the reader does not say */
	WHOLE = 16, /* with EXT: of up to 65536 bytes */
	TRIAL = 32, /* the command is sent extended as a trial */
	SHORT = 64, /* the reader says that it carries short APDUs alone */
};

/* clang-format off */
static const struct row {
	const char *name;
	unsigned how;
	const char *head;  /* CLA INS P1 P2 */
	const char *data;
	size_t le;
	struct ut_step steps[STEPS];
	ca_err e;
	uint16_t sw;
	const char *answer; /* NULL: the caller wants none */
} rows[] = {
	/* ---- the four cases (ISO/IEC 7816-3 clause 12) ---- */
	{"case 1, T=1", T1, "00 44 00 00", "", 0,
	 {{"00 44 00 00", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"case 1, T=0", T0, "00 44 00 00", "", 0,
	 {{"00 44 00 00 00", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"case 2 short", T1, "00 B0 01 02", "", 5,
	 {{"00 B0 01 02 05", "01 02 03 04 05 90 00", 0}},
	 CA_OK, 0x9000, "01 02 03 04 05"},
	{"case 2 short, T=0", T0, "00 B0 01 02", "", 5,
	 {{"00 B0 01 02 05", "01 02 03 04 05 90 00", 0}},
	 CA_OK, 0x9000, "01 02 03 04 05"},
	{"case 2, Le 255", T1, "00 B0 00 00", "", 255,
	 {{"00 B0 00 00 FF", "AA*255 90 00", 0}}, CA_OK, 0x9000, "AA*255"},
	{"case 2, Le 256", T1, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "AA*256 90 00", 0}}, CA_OK, 0x9000, "AA*256"},
	{"case 2, Le 300 does not fit", T1, "00 B0 00 00", "", 300,
	 {{"00 B0 00 00 00", "AA*256 90 00", 0}}, CA_OK, 0x9000, "AA*256"},
	{"case 2 extended", EXT, "00 B0 00 00", "", 300,
	 {{"00 B0 00 00 00 01 2C", "AA*300 90 00", 0}},
	 CA_OK, 0x9000, "AA*300"},
	{"case 2 extended, all", EXT | WHOLE, "00 B0 00 00", "", 65536,
	 {{"00 B0 00 00 00 00 00", "AA*65536 90 00", 0}},
	 CA_OK, 0x9000, "AA*65536"},
	{"more than the reader carries", EXT, "00 B0 00 00", "", 65536,
	 {{"00 B0 00 00 00", "AA*256 61 02", 0},
	  {"00 C0 00 00 02", "BB BB 90 00", 0}},
	 CA_OK, 0x9000, "AA*256 BB BB"},
	{"a long command, and more than the reader carries", EXT, "00 2A 9E 9A", "AB*300", 65536,
	 {{"00 2A 9E 9A 00 01 2C AB*300 03 E8", "CC*300 90 00", 0}},
	 CA_OK, 0x9000, "CC*300"},
	{"a trial where nobody says", TRIAL, "00 B0 00 00", "", 384,
	 {{"00 B0 00 00 00 01 80", "AA*384 90 00", 0}}, CA_OK, 0x9000, "AA*384"},
	{"no trial where the reader says no", TRIAL | SHORT, "00 B0 00 00", "", 384,
	 {{"00 B0 00 00 00", "AA*256 61 80", 0},
	  {"00 C0 00 00 80", "AA*128 90 00", 0}}, CA_OK, 0x9000, "AA*384"},
	{"no trial, no chaining", TRIAL | SHORT, "00 D6 00 00", "AB*256", 0,
	 {{NULL, NULL, 0}}, CA_E_UNSUPPORTED, 0, NULL},
	{"case 2 short although extended", EXT, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "AA 90 00", 0}}, CA_OK, 0x9000, "AA"},
	{"case 3 short", T1, "00 D6 00 00", "31 32", 0,
	 {{"00 D6 00 00 02 31 32", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"case 3 short, T=0", T0, "00 D6 00 00", "31 32", 0,
	 {{"00 D6 00 00 02 31 32", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"case 3, Lc 255", T1, "00 D6 00 00", "AB*255", 0,
	 {{"00 D6 00 00 FF AB*255", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"case 3 extended", EXT, "00 D6 00 00", "AB*256", 0,
	 {{"00 D6 00 00 00 01 00 AB*256", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"case 4 short", T1, "00 2A 9E 9A", "01 02", 256,
	 {{"00 2A 9E 9A 02 01 02 00", "CC*256 90 00", 0}},
	 CA_OK, 0x9000, "CC*256"},
	{"case 4 short, Le 8", T1, "00 88 00 00", "01 02", 8,
	 {{"00 88 00 00 02 01 02 08", "CC*8 90 00", 0}},
	 CA_OK, 0x9000, "CC*8"},
	{"case 4, T=0: Le is not sent", T0, "00 2A 9E 9A", "01 02", 256,
	 {{"00 2A 9E 9A 02 01 02", "61 03", 0},
	  {"00 C0 00 00 03", "0A 0B 0C 90 00", 0}},
	 CA_OK, 0x9000, "0A 0B 0C"},
	{"case 4 extended", EXT | WHOLE, "00 2A 9E 9A", "AB*300", 65536,
	 {{"00 2A 9E 9A 00 01 2C AB*300 00 00", "CC*300 90 00", 0}},
	 CA_OK, 0x9000, "CC*300"},
	{"case 4 extended for Le alone", EXT, "00 2A 9E 9A", "01 02", 384,
	 {{"00 2A 9E 9A 00 00 02 01 02 01 80", "CC*384 90 00", 0}},
	 CA_OK, 0x9000, "CC*384"},

	/* ---- chaining (ISO/IEC 7816-4 5.1.1.1) ---- */
	{"chained in two", CHAIN, "00 2A 80 86", "AB*300", 256,
	 {{"10 2A 80 86 FF AB*255", "90 00", 0},
	  {"00 2A 80 86 2D AB*45 00", "01 02 90 00", 0}},
	 CA_OK, 0x9000, "01 02"},
	{"chained, T=0", CHAIN | T0, "00 2A 80 86", "AB*257", 256,
	 {{"10 2A 80 86 FF AB*255", "90 00", 0},
	  {"00 2A 80 86 02 AB AB", "61 02", 0},
	  {"00 C0 00 00 02", "01 02 90 00", 0}},
	 CA_OK, 0x9000, "01 02"},
	{"510 bytes are two parts", CHAIN, "00 D6 00 00", "AB*510", 0,
	 {{"10 D6 00 00 FF AB*255", "90 00", 0},
	  {"00 D6 00 00 FF AB*255", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"511 bytes are three", CHAIN, "0C D6 00 00", "AB*511", 0,
	 {{"1C D6 00 00 FF AB*255", "90 00", 0},
	  {"1C D6 00 00 FF AB*255", "90 00", 0},
	  {"0C D6 00 00 01 AB", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"255 bytes are not chained", CHAIN, "00 D6 00 00", "AB*255", 0,
	 {{"00 D6 00 00 FF AB*255", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"chaining refused in the middle", CHAIN, "00 D6 00 00", "AB*600", 0,
	 {{"10 D6 00 00 FF AB*255", "90 00", 0},
	  {"10 D6 00 00 FF AB*255", "68 84", 0}}, CA_OK, 0x6884, NULL},
	{"extended goes before chaining", EXT | CHAIN, "00 D6 00 00", "AB*300", 0,
	 {{"00 D6 00 00 00 01 2C AB*300", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"too long for the reader: chained", EXT | CHAIN, "00 D6 00 00", "AB*1000", 0,
	 {{"10 D6 00 00 FF AB*255", "90 00", 0},
	  {"10 D6 00 00 FF AB*255", "90 00", 0},
	  {"10 D6 00 00 FF AB*255", "90 00", 0},
	  {"00 D6 00 00 EB AB*235", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"longest extended command", EXT, "00 D6 00 00", "AB*991", 0,
	 {{"00 D6 00 00 00 03 DF AB*991", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"T=0 carries no extended length", EXT | T0 | CHAIN, "00 D6 00 00", "AB*256", 0,
	 {{"10 D6 00 00 FF AB*255", "90 00", 0},
	  {"00 D6 00 00 01 AB", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"extended through a reader that does not say", SILENT, "00 D6 00 00", "AB*256", 0,
	 {{"00 D6 00 00 00 01 00 AB*256", "90 00", 0}}, CA_OK, 0x9000, NULL},
	{"neither extended nor chaining", T1, "00 D6 00 00", "AB*256", 0,
	 {{NULL, NULL, 0}}, CA_E_UNSUPPORTED, 0, NULL},
	{"reader too small, no chaining", EXT, "00 D6 00 00", "AB*1000", 0,
	 {{NULL, NULL, 0}}, CA_E_UNSUPPORTED, 0, NULL},

	/* ---- 61xx ---- */
	{"61xx under T=1", T1, "00 CA 00 00", "", 256,
	 {{"00 CA 00 00 00", "01 02 61 02", 0},
	  {"00 C0 00 00 02", "03 04 61 00", 0},
	  {"00 C0 00 00 00", "05*256 90 00", 0}},
	 CA_OK, 0x9000, "01 02 03 04 05*256"},
	{"61xx ends with a warning", T1, "00 CA 00 00", "", 256,
	 {{"00 CA 00 00 00", "61 02", 0},
	  {"00 C0 00 00 02", "03 62 82", 0}}, CA_OK, 0x6282, "03"},
	{"61xx ends with an error", T1, "00 CA 00 00", "", 256,
	 {{"00 CA 00 00 00", "61 02", 0},
	  {"00 C0 00 00 02", "69 82", 0}}, CA_OK, 0x6982, ""},
	{"61xx where no answer is wanted", T0, "00 A4 08 00", "50 31", 256,
	 {{"00 A4 08 00 02 50 31", "61 05", 0},
	  {"00 C0 00 00 05", "6F 03 80 01 10 90 00", 0}},
	 CA_OK, 0x9000, NULL},
	{"GET RESPONSE stays in channel 3", T1, "03 CA 00 00", "", 256,
	 {{"03 CA 00 00 00", "61 01", 0},
	  {"03 C0 00 00 01", "AA 90 00", 0}}, CA_OK, 0x9000, "AA"},
	{"GET RESPONSE stays in channel 19", T1, "4F CA 00 00", "", 256,
	 {{"4F CA 00 00 00", "61 01", 0},
	  {"4F C0 00 00 01", "AA 90 00", 0}}, CA_OK, 0x9000, "AA"},
	{"GET RESPONSE has no secure messaging", T1, "0C CA 00 00", "", 256,
	 {{"0C CA 00 00 00", "61 01", 0},
	  {"00 C0 00 00 01", "AA 90 00", 0}}, CA_OK, 0x9000, "AA"},

	/* ---- 6Cxx ---- */
	{"wrong Le", T1, "00 B2 01 04", "", 256,
	 {{"00 B2 01 04 00", "6C 03", 0},
	  {"00 B2 01 04 03", "01 02 03 90 00", 0}},
	 CA_OK, 0x9000, "01 02 03"},
	{"wrong Le, right is 256", T0, "00 B2 01 04", "", 5,
	 {{"00 B2 01 04 05", "6C 00", 0},
	  {"00 B2 01 04 00", "AA*256 90 00", 0}}, CA_OK, 0x9000, "AA*256"},
	{"wrong Le twice", T1, "00 B2 01 04", "", 256,
	 {{"00 B2 01 04 00", "6C 03", 0},
	  {"00 B2 01 04 03", "6C 02", 0}}, CA_E_MALFORMED, 0, ""},
	{"wrong Le in case 4", T1, "00 88 00 00", "01", 256,
	 {{"00 88 00 00 01 01 00", "6C 02", 0},
	  {"00 88 00 00 01 01 02", "0A 0B 90 00", 0}},
	 CA_OK, 0x9000, "0A 0B"},
	{"wrong Le in GET RESPONSE", T0, "00 88 00 00", "01", 256,
	 {{"00 88 00 00 01 01", "61 08", 0},
	  {"00 C0 00 00 08", "6C 02", 0},
	  {"00 C0 00 00 02", "0A 0B 90 00", 0}}, CA_OK, 0x9000, "0A 0B"},
	/* A VERIFY must never be sent a second time. */
	/* Wrapped by secure messaging: not for this layer to repeat. */
	{"6Cxx beside data", T1, "0C B0 00 00", "97 01 05", 5,
	 {{"0C B0 00 00 03 97 01 05 05", "99 02 6C 03 6C 03", 0}}, CA_OK, 0x6C03,
	 "99 02 6C 03"},
	{"6Cxx to a command without Le", T1, "00 20 00 01", "31 32", 0,
	 {{"00 20 00 01 02 31 32", "6C 02", 0}}, CA_OK, 0x6C02, NULL},
	{"6Cxx to case 1", T0, "00 20 00 01", "", 0,
	 {{"00 20 00 01 00", "6C 02", 0}}, CA_OK, 0x6C02, NULL},

	/* ---- status words and nonsense ---- */
	{"an error is an answer", T1, "00 20 00 01", "31", 0,
	 {{"00 20 00 01 01 31", "63 C2", 0}}, CA_OK, 0x63C2, NULL},
	{"status word 0000", T1, "00 20 00 01", "31", 0,
	 {{"00 20 00 01 01 31", "00 00", 0}}, CA_E_MALFORMED, 0, NULL},
	{"data with an error", T1, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "01 02 62 82", 0}}, CA_OK, 0x6282, "01 02"},
	{"empty answer", T1, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "", 0}}, CA_E_MALFORMED, 0, ""},
	{"one byte", T1, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "90", 0}}, CA_E_MALFORMED, 0, ""},
	{"one byte after 61xx", T1, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "AA 61 05", 0},
	  {"00 C0 00 00 05", "90", 0}}, CA_E_MALFORMED, 0, ""},
	{"answer beyond 256 bytes", T1, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "AA*257 90 00", 0}}, CA_E_MALFORMED, 0, ""},
	{"answer where none is wanted", T1, "00 20 00 01", "31", 0,
	 {{"00 20 00 01 01 31", "AA*20 90 00", 0}}, CA_OK, 0x9000, NULL},

	/* ---- what the transport says ---- */
	{"card removed", T1, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "", CA_E_REMOVED}}, CA_E_REMOVED, 0, ""},
	{"reset between two parts", CHAIN, "00 D6 00 00", "AB*300", 0,
	 {{"10 D6 00 00 FF AB*255", "90 00", 0},
	  {"00 D6 00 00 2D AB*45", "", CA_E_RESET}}, CA_E_RESET, 0, NULL},
	{"removed in GET RESPONSE", T1, "00 B0 00 00", "", 256,
	 {{"00 B0 00 00 00", "AA 61 01", 0},
	  {"00 C0 00 00 01", "", CA_E_REMOVED}}, CA_E_REMOVED, 0, ""},
};
/* clang-format on */

static struct ca_chan
chan_of(struct ut_script *s, unsigned how)
{
	struct ca_chan ch = ut_script_chan(s);

	if (how & T0)
		ch.proto = CA_PROTO_T0;
	ch.extended = (how & (EXT | SILENT)) != 0;
	if (how & EXT)
		ch.max_apdu = how & WHOLE ? 65536 : 1000;
	ch.short_only = (how & SHORT) != 0;
	ch.chaining = (how & CHAIN) != 0;
	return ch;
}

static void
run(const struct row *r, uint8_t *data, uint8_t *room, uint8_t *want)
{
	struct ut_script s = {
	    .name = r->name, .steps = r->steps, .watch = true};
	struct ca_chan ch = chan_of(&s, r->how);
	struct ca_wr out = ca_wr_of(room, ANSWER_MAX);
	uint8_t head[4];
	struct ca_apdu cmd = {.le = r->le, .extended = (r->how & TRIAL) != 0};
	uint16_t sw = 0xEEEE;
	ca_err e;

	(void)ut_bytes(r->head, head, sizeof(head));
	cmd.cla = head[0];
	cmd.ins = head[1];
	cmd.p1 = head[2];
	cmd.p2 = head[3];
	cmd.data = ut_bytes(r->data, data, ANSWER_MAX);
	/* What was in the room before must not come out. */
	memset(room, 0x5E, ANSWER_MAX);
	out.n = 7;
	e = ca_apdu_transmit(&ch, &cmd, r->answer ? &out : NULL, &sw);
	UT(e == r->e, "%s: %s", r->name, ca_err_name(e));
	if (e == CA_OK)
		UT(sw == r->sw, "%s: %04X", r->name, sw);
	UT(ch.sent == s.at, "%s", r->name);
	if (s.at > 0)
		UT(ut_mem_freed_clean(), "%s", r->name);
	ut_script_end(&s);
	if (!r->answer)
		return;
	UT(ca_rd_equal(ca_wr_rd(&out), ut_bytes(r->answer, want, ANSWER_MAX)),
	    "%s: %zu bytes", r->name, out.n);
	if (e != CA_OK)
		UT(ca_rd_all(ca_rd_of(room, ANSWER_MAX), 0), "%s", r->name);
}

static void
table(void)
{
	uint8_t *room = malloc((size_t)3 * ANSWER_MAX);

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		run(&rows[i], room, room + ANSWER_MAX, room + 2 * ANSWER_MAX);
	free(room);
}

/* An answer nobody wants is left on the card with T=0, and there alone. */
static void
unwanted_answer(void)
{
	static const struct ut_step t0[] = {
	    {"00 A4 00 00 02 50 15", "61 18", CA_OK}, {NULL, NULL, CA_OK}};
	static const struct ut_step t1[] = {
	    {"00 A4 00 00 02 50 15 00", "61 01", CA_OK},
	    {"00 C0 00 00 01", "6F 90 00", CA_OK}, {NULL, NULL, CA_OK}};
	static const struct ut_step no[] = {
	    {"00 A4 00 00 02 50 15", "6A 82", CA_OK}, {NULL, NULL, CA_OK}};
	static const struct {
		const char *name;
		const struct ut_step *steps;
		unsigned how;
		uint16_t sw;
	} cases[] = {{"T=0", t0, T0, 0x9000}, {"T=1", t1, T1, 0x9000},
	    {"T=0, not found", no, T0, 0x6A82}};
	uint8_t fid[] = {0x50, 0x15};

	for (size_t i = 0; i < CA_COUNT(cases); i++) {
		struct ut_script s = {.name = cases[i].name,
		    .steps = cases[i].steps,
		    .watch = true};
		struct ca_chan ch = chan_of(&s, cases[i].how);
		struct ca_apdu cmd = {.ins = 0xA4,
		    .data = ca_rd_of(fid, sizeof(fid)),
		    .le = CA_LE_SHORT,
		    .no_answer = true};
		uint16_t sw = 0;

		UT(ca_apdu_transmit(&ch, &cmd, NULL, &sw) == CA_OK &&
			sw == cases[i].sw,
		    "%s: %04X", s.name, sw);
		ut_script_end(&s);
	}
}

static const struct {
	const char *name;
	const char *resp;
	bool answer;
	unsigned long sent;
} endless_rows[] = {
    {"empty, no answer wanted", "61 10", false, 1 + CA_APDU_ROUNDS_MAX},
    {"empty, answer wanted", "61 10", true, 1 + CA_APDU_ROUNDS_MAX},
    {"data, no answer wanted", "AA*16 61 10", false, 1 + CA_APDU_ROUNDS_MAX},
    /* 16 bytes each into 100: the seventh does not fit. */
    {"data, small answer", "AA*16 61 10", true, 7},
};

/* A card that answers 61xx for ever is left after a bounded time. */
static void
endless_61(void)
{
	for (size_t i = 0; i < CA_COUNT(endless_rows); i++) {
		const struct ut_step steps[] = {
		    {"", endless_rows[i].resp, CA_OK}, {NULL, NULL, CA_OK}};
		struct ut_script s = {.name = endless_rows[i].name,
		    .steps = steps,
		    .forever = true};
		struct ca_chan ch = ut_script_chan(&s);
		struct ca_apdu cmd = {.ins = 0xCA, .le = 256};
		uint8_t room[100];
		struct ca_wr out = ca_wr_of(room, sizeof(room));
		uint16_t sw;

		memset(room, 0x5E, sizeof(room));
		UT(ca_apdu_transmit(&ch, &cmd,
		       endless_rows[i].answer ? &out : NULL,
		       &sw) == CA_E_MALFORMED,
		    "%s", s.name);
		UT(ch.sent == endless_rows[i].sent, "%s: %lu", s.name, ch.sent);
		if (endless_rows[i].answer)
			UT(out.n == 0 && ca_rd_all(ca_rd_of(room, 100), 0),
			    "%s", s.name);
	}
}

static void
callers_mistakes(void)
{
	static const struct ut_step none[] = {{NULL, NULL, CA_OK}};
	struct ut_script s = {.name = "mistakes", .steps = none};
	struct ca_chan ch = chan_of(&s, EXT | CHAIN);
	uint8_t *data = calloc(1, CA_APDU_DATA_MAX + 1);
	struct ca_apdu cmd = {.ins = 0xD6};
	uint16_t sw;

	cmd.data = ca_rd_of(data, CA_APDU_DATA_MAX + 1);
	UT_OK(ca_apdu_transmit(&ch, &cmd, NULL, &sw) == CA_E_BUG);
	cmd.data.n = 1;
	cmd.le = 65537;
	UT_OK(ca_apdu_transmit(&ch, &cmd, NULL, &sw) == CA_E_BUG);
	cmd.le = 0;
	ut_mem_fail(1);
	UT_OK(ca_apdu_transmit(&ch, &cmd, NULL, &sw) == CA_E_NOMEM);
	UT_OK(ut_mem_failed() && ch.sent == 0);
	ut_mem_fail(0);
	free(data);
}

/* ---- secrets ---- */

/* The PIN "73915" and the plaintext "DEADFACE": nothing else here has them. */
#define PIN_HEX "37 33 39 31 35"
#define PLAIN_HEX "44 45 41 44 46 41 43 45"

/* clang-format off */
static const struct secret_row {
	const char *name;
	unsigned how;
	const char *head, *data;
	size_t le;
	bool secret, secret_answer;
	struct ut_step steps[STEPS];
} secret_rows[] = {
	{"VERIFY", T1, "00 20 00 01", PIN_HEX " FF FF FF", 0, true, false,
	 {{"", "63 C2", 0}}},
	{"VERIFY, T=0", T0, "00 20 00 01", PIN_HEX, 0, true, false,
	 {{"", "90 00", 0}}},
	{"CHANGE, chained", CHAIN, "00 24 00 01", PIN_HEX " 00*300 " PIN_HEX, 0,
	 true, false, {{"", "90 00", 0}, {"", "90 00", 0}}},
	{"extended", EXT, "00 24 00 01", PIN_HEX " 00*300 " PIN_HEX, 0,
	 true, false, {{"", "90 00", 0}}},
	/* Not sent again with the right Le: a PIN goes out once. */
	{"refused with Le wrong", T1, "00 20 00 01", PIN_HEX, 8, true, false,
	 {{"", "6C 03", 0}}},
	{"no status", T1, "00 20 00 01", PIN_HEX, 0, true, false,
	 {{"", "90", 0}}},
	{"card removed", T1, "00 20 00 01", PIN_HEX, 0, true, false,
	 {{"", "", CA_E_REMOVED}}},
	{"DECIPHER", T1, "00 2A 80 86", "00", 256, false, true,
	 {{"", PLAIN_HEX " 90 00", 0}}},
	{"DECIPHER, T=0", T0, "00 2A 80 86", "00", 256, false, true,
	 {{"", "61 08", 0}, {"", PLAIN_HEX " 90 00", 0}}},
	{"DECIPHER in parts", T1, "00 2A 80 86", "00", 256, false, true,
	 {{"", PLAIN_HEX " 61 08", 0}, {"", PLAIN_HEX " 90 00", 0}}},
	{"DECIPHER, too much", T1, "00 2A 80 86", "00", 256, false, true,
	 {{"", PLAIN_HEX " " PLAIN_HEX " " PLAIN_HEX " 90 00", 0}}},
	{"DECIPHER, wrong Le", T1, "00 2A 80 86", "00", 256, false, true,
	 {{"", "6C 08", 0}, {"", PLAIN_HEX " 90 00", 0}}},
};
/* clang-format on */

/* No form in which the bytes could stand in a log. */
static bool
shows(const char *log, const char *hex, const char *ascii)
{
	char tight[64];
	size_t n = 0;

	for (const char *c = hex; *c; c++)
		if (*c != ' ')
			tight[n++] = *c;
	/* Cut somewhere, the first four bytes would still be there. */
	tight[8] = '\0';
	return strstr(log, tight) || strstr(log, ascii);
}

static void
secrets_stay_out_of_the_log(void)
{
	for (size_t i = 0; i < CA_COUNT(secret_rows); i++) {
		const struct secret_row *r = &secret_rows[i];
		struct ut_script s = {.name = r->name, .steps = r->steps};
		struct ca_chan ch = chan_of(&s, r->how);
		uint8_t data[400], head[4], room[20];
		struct ca_wr out = ca_wr_of(room, sizeof(room));
		struct ca_apdu cmd = {.le = r->le,
		    .secret = r->secret,
		    .secret_answer = r->secret_answer};
		uint16_t sw;

		(void)ut_bytes(r->head, head, sizeof(head));
		cmd.ins = head[1];
		cmd.p1 = head[2];
		cmd.p2 = head[3];
		cmd.data = ut_bytes(r->data, data, sizeof(data));
		ut_log_begin(CA_LOG_APDU);
		if (ca_apdu_transmit(&ch, &cmd, r->le ? &out : NULL, &sw) !=
		    CA_OK)
			UT(ca_rd_all(ca_rd_of(room, r->le ? 20 : 0), 0), "%s",
			    r->name);
		UT(!shows(ut_log_text(), PIN_HEX, "73915"), "%s: %s", r->name,
		    ut_log_text());
		UT(!shows(ut_log_text(), PLAIN_HEX, "DEADFACE"), "%s: %s",
		    r->name, ut_log_text());
		/* It was not silence that kept them out. */
		UT(ut_log_count(r->secret ? "secret bytes" : "> ") >= 1,
		    "%s: %s", r->name, ut_log_text());
		ut_script_end(&s);
		ut_log_end();
	}
}

/* The check above can fail: without the mark the bytes are shown. */
static void
other_commands_are_logged(void)
{
	static const struct ut_step steps[] = {
	    {"", PLAIN_HEX " 90 00", CA_OK}, {NULL, NULL, CA_OK}};
	struct ut_script s = {.name = "logged", .steps = steps};
	struct ca_chan ch = ut_script_chan(&s);
	uint8_t data[8], room[20];
	struct ca_wr out = ca_wr_of(room, sizeof(room));
	struct ca_apdu cmd = {.ins = 0xA4, .le = 256};
	uint16_t sw;

	cmd.data = ut_bytes(PIN_HEX, data, sizeof(data));
	ut_log_begin(CA_LOG_APDU);
	UT_OK(ca_apdu_transmit(&ch, &cmd, &out, &sw) == CA_OK);
	UT(shows(ut_log_text(), PIN_HEX, "-"), "%s", ut_log_text());
	UT(shows(ut_log_text(), PLAIN_HEX, "-"), "%s", ut_log_text());
	ut_log_begin(CA_LOG_INFO);
	s.at = 0;
	UT_OK(ca_apdu_transmit(&ch, &cmd, &out, &sw) == CA_OK);
	UT_OK(ut_log_text()[0] == '\0');
	ut_log_end();
}

/* ---- a hostile card ---- */

static void
hostile(void *arg, struct ca_rd cmd, struct ca_wr *resp)
{
	static const uint8_t first[] = {0x61, 0x6C, 0x90, 0x69, 0x00};
	struct ut_dice *d = arg;

	(void)cmd;
	if (ut_roll(d, 60) == 0) {
		ca_wr_fill(resp, 0x61, ut_roll(d, 2));
		return;
	}
	ca_wr_fill(resp, 0xAB, ut_roll(d, ut_roll(d, 4) ? 8 : 260));
	ca_wr_u8(resp, first[ut_roll(d, ut_roll(d, 8) ? 2 : 5)]);
	ca_wr_u8(resp, (uint8_t)ut_roll(d, 256));
}

/* Whatever it answers: the call ends, the answer stays in its room, and after
 * an error nothing is left in it. */
static void
random_answers(void)
{
	struct ut_dice d = ut_dice_of(8);
	unsigned ends[CA_E_LAST_ + 1] = {0};
	uint8_t data[600] = {0};

	for (int i = 0; i < 5000; i++) {
		struct ut_script s = {
		    .name = "hostile", .answer = hostile, .arg = &d};
		struct ca_chan ch = chan_of(&s, ut_roll(&d, 8) | CHAIN);
		size_t cap = ut_roll(&d, 1200);
		uint8_t *room = malloc(cap + 1);
		struct ca_wr out = ca_wr_of(room, cap);
		struct ca_apdu cmd = {.ins = 0xCA,
		    .data = ca_rd_of(data, ut_roll(&d, sizeof(data))),
		    .le = ut_roll(&d, 600)};
		uint16_t sw;
		ca_err e;

		room[cap] = 0x77;
		e = ca_apdu_transmit(&ch, &cmd, &out, &sw);
		ends[e]++;
		UT(room[cap] == 0x77 && out.n <= cap, "%d", i);
		UT(e == CA_OK || e == CA_E_MALFORMED, "%d: %s", i,
		    ca_err_name(e));
		if (e != CA_OK)
			UT(out.n == 0 && ca_rd_all(ca_rd_of(room, cap), 0),
			    "%d", i);
		UT(ch.sent <= 2 * (3 + 1 + CA_APDU_ROUNDS_MAX), "%d: %lu", i,
		    ch.sent);
		free(room);
	}
	UT_OK(ends[CA_OK] > 100 && ends[CA_E_MALFORMED] > 100);
}

static const CU_TestInfo tests[] = {
    {"table", table},
    {"unwanted_answer", unwanted_answer},
    {"endless_61", endless_61},
    {"callers_mistakes", callers_mistakes},
    {"secrets_stay_out_of_the_log", secrets_stay_out_of_the_log},
    {"other_commands_are_logged", other_commands_are_logged},
    {"random_answers", random_answers},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_apdu = {"apdu", tests};
