/* The bytes that a keypad is given, and what its words mean. Numbers of several
 * bytes are in the host's order: the rows say them apart. */
#include <string.h>

#include "pcsc/transport/pinpad.h"
#include "tests/unit/pad.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

#define VERIFY 0x42330006u
#define MODIFY 0x42330007u

static const struct ca_features plain = {.verify = VERIFY, .modify = MODIFY};
static const struct ca_features display = {
    .verify = VERIFY, .modify = MODIFY, .display = true};
static const struct ca_features wide = {
    .verify = VERIFY, .modify = MODIFY, .digits_min = 1, .digits_max = 25};
static const struct ca_features narrow = {
    .verify = VERIFY, .modify = MODIFY, .digits_min = 5, .digits_max = 6};
static const struct ca_features timed = {
    .verify = VERIFY, .modify = MODIFY, .conditions = 5};

#define PADDED                                                                 \
	.ins = 0x20, .p2 = 0x81, .ask_old = true, .pad = 0xFF, .block = 8,     \
	.min = 4, .max = 8
#define TYPED .ins = 0x20, .p2 = 0x11, .ask_old = true, .min = 4, .max = 16
#define CHANGED                                                                \
	.ins = 0x24, .p2 = 0x81, .ask_old = true, .ask_new = true, .pad = 0,   \
	.block = 8, .min = 4, .max = 8
#define NEW_ALONE                                                              \
	.ins = 0x2C, .p1 = 0x02, .p2 = 0x81, .ask_new = true, .pad = 0xFF,     \
	.block = 8, .min = 6, .max = 8

/* clang-format off */
static const struct row {
	const char *name;
	const struct ca_features *f;
	struct ca_entry entry;
	uint32_t code;
	/* up to wPINMaxExtraDigit, that, up to wLangId, up to ulDataLength */
	const char *head;
	uint16_t digits;
	const char *middle, *tail;
	const char *command;
} rows[] = {
	{"padded", &plain, {PADDED}, VERIFY,
	 "3C 3C 82 08 00", 0x0408, "02 00", "00 00 00 00", "00 20 00 81 08 FF*8"},
	{"with a display", &display, {PADDED}, VERIFY,
	 "3C 3C 82 08 00", 0x0408, "02 FF", "00 00 00 00", "00 20 00 81 08 FF*8"},
	{"without the OK key", &timed, {PADDED}, VERIFY,
	 "3C 3C 82 08 00", 0x0408, "05 00", "00 00 00 00", "00 20 00 81 08 FF*8"},
	{"digits of the reader", &narrow, {PADDED}, VERIFY,
	 "3C 3C 82 08 00", 0x0506, "02 00", "00 00 00 00", "00 20 00 81 08 FF*8"},
	{"on a logical channel", &plain, {.cla = 0x81, PADDED}, VERIFY,
	 "3C 3C 82 08 00", 0x0408, "02 00", "00 00 00 00", "81 20 00 81 08 FF*8"},
	{"the longest block", &wide, {.ins = 0x20, .p2 = 1, .ask_old = true, .block = 15, .min = 4, .max = 15}, VERIFY,
	 "3C 3C 82 0F 00", 0x040F, "02 00", "00 00 00 00", "00 20 00 01 0F 00*15"},
	{"as typed: 15 unless the reader tells", &plain, {TYPED}, VERIFY,
	 "3C 3C 82 00 00", 0x040F, "02 00", "00 00 00 00", "00 20 00 11 00"},
	{"as typed: the reader tells", &wide, {TYPED}, VERIFY,
	 "3C 3C 82 00 00", 0x0410, "02 00", "00 00 00 00", "00 20 00 11 00"},
	{"as typed, nothing known", &wide, {.ins = 0x20, .p2 = 0x11, .ask_old = true}, VERIFY,
	 "3C 3C 82 00 00", 0x0119, "02 00", "00 00 00 00", "00 20 00 11 00"},
	{"half bytes", &wide, {.ins = 0x20, .p2 = 1, .ask_old = true, .bcd = true, .pad = 0xFF, .block = 8, .min = 4, .max = 12}, VERIFY,
	 "3C 3C 81 08 00", 0x040C, "02 00", "00 00 00 00", "00 20 00 01 08 FF*8"},

	{"old and new", &plain, {CHANGED}, MODIFY,
	 "3C 3C 82 08 00 00 08", 0x0408, "03 02 00", "00 01 02 00 00 00", "00 24 00 81 10 00*16"},
	{"old and new, display", &display, {CHANGED}, MODIFY,
	 "3C 3C 82 08 00 00 08", 0x0408, "03 02 03", "00 01 02 00 00 00", "00 24 00 81 10 00*16"},
	{"new alone", &plain, {NEW_ALONE}, MODIFY,
	 "3C 3C 82 08 00 00 00", 0x0608, "01 02 00", "01 02 02 00 00 00", "00 2C 02 81 08 FF*8"},
	{"new alone, display", &display, {NEW_ALONE}, MODIFY,
	 "3C 3C 82 08 00 00 00", 0x0608, "01 02 02", "01 02 02 00 00 00", "00 2C 02 81 08 FF*8"},
	{"new alone, as typed", &plain, {.ins = 0x2C, .p1 = 2, .p2 = 1, .ask_new = true, .min = 4, .max = 8}, MODIFY,
	 "3C 3C 82 00 00 00 00", 0x0408, "01 02 00", "01 02 02 00 00 00", "00 2C 02 01 00"},
};

/* Nothing is sent for these. */
static const struct {
	const char *name;
	struct ca_features f;
	struct ca_entry entry;
} refused[] = {
	{"no keypad", {0}, {PADDED}},
	{"none for new PINs", {.verify = VERIFY}, {CHANGED}},
	{"none but for new PINs", {.modify = MODIFY}, {PADDED}},
	{"a block that four bits cannot say", {.verify = VERIFY, .digits_max = 25}, {.ins = 0x20, .ask_old = true, .block = 16, .min = 4, .max = 16}},
	{"two values as typed", {.modify = MODIFY}, {.ins = 0x24, .ask_old = true, .ask_new = true, .min = 4, .max = 8}},
	{"half bytes as typed", {.verify = VERIFY}, {.ins = 0x20, .ask_old = true, .bcd = true, .min = 4, .max = 8}},
	{"nothing to ask for", {.verify = VERIFY}, {.ins = 0x20, .block = 8, .min = 4, .max = 8}},
	{"the reader's digits are too many", {.verify = VERIFY, .digits_min = 9}, {PADDED}},
	{"it would end the entry too early", {.verify = VERIFY, .conditions = 5, .digits_max = 6}, {PADDED}},
	{"... of a PIN as typed", {.verify = VERIFY, .conditions = 1}, {TYPED}},
	{"the reader's digits are too few", {.verify = VERIFY, .digits_max = 3}, {PADDED}},
	{"a minimum beyond the block", {.verify = VERIFY}, {.ins = 0x20, .ask_old = true, .block = 4, .min = 6, .max = 8}},
	{"a maximum of no byte", {.verify = VERIFY, .digits_max = 70000}, {.ins = 0x20, .ask_old = true, .min = 4, .max = 60000}},
};

/* What the reader or the card says. */
static const struct {
	const char *answer;
	ca_err e;
	uint16_t sw;
} words[] = {
	{"90 00", CA_OK, 0x9000},
	{"63 C2", CA_OK, 0x63C2},
	{"69 83", CA_OK, 0x6983},
	{"67 00", CA_OK, 0x6700},
	{"6B 00", CA_OK, 0x6B00},
	{"64 00", CA_E_CANCELLED, 0},
	{"64 01", CA_E_CANCELLED, 0},
	{"64 80", CA_E_CANCELLED, 0},
	{"64 02", CA_E_DATA, 0},
	{"64 03", CA_E_PIN_LEN, 0},
	{"6B 80", CA_E_REFUSED, 0},
	{"", CA_E_MALFORMED, 0},
	{"90", CA_E_MALFORMED, 0},
	{"31 32 33 34 90 00", CA_E_MALFORMED, 0},
	{"90*300", CA_E_MALFORMED, 0},
	{NULL, CA_E_IO, 0},
};
/* clang-format on */

static void
add(struct ca_wr *w, const char *hex)
{
	uint8_t room[64];

	ca_wr_bytes(w, ut_bytes(hex, room, sizeof(room)));
}

static void
structures(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct ut_pad pad = {.steps = {{r->code, "90 00"}}};
		uint8_t want[UT_PAD_SEEN], cmd[64];
		struct ca_wr w = ca_wr_of(want, sizeof(want));
		const uint16_t english = 0x0409;
		uint32_t n = (uint32_t)ut_bytes(r->command, cmd, sizeof(cmd)).n;
		uint16_t sw = 0;
		char got[3 * UT_PAD_SEEN + 1];
		ca_err e;

		add(&w, r->head);
		ca_wr_mem(&w, &r->digits, sizeof(r->digits));
		add(&w, r->middle);
		ca_wr_mem(&w, &english, sizeof(english));
		add(&w, r->tail);
		ca_wr_mem(&w, &n, sizeof(n));
		add(&w, r->command);
		UT(ca_pinpad_can(r->f, &r->entry), "%s", r->name);
		e = ca_pinpad_enter(&ut_pad_ops, &pad, r->f, &r->entry, &sw);
		UT(e == CA_OK && sw == 0x9000, "%s: %s", r->name,
		    ca_err_name(e));
		UT(pad.asked_n == 1 && pad.asked[0] == r->code, "%s", r->name);
		UT(ca_rd_equal(ca_rd_of(pad.seen, pad.seen_n), ca_wr_rd(&w)),
		    "%s: %s", r->name,
		    ca_log_hex(ca_rd_of(pad.seen, pad.seen_n), got,
			sizeof(got)));
	}
}

static void
refusals(void)
{
	for (size_t i = 0; i < CA_COUNT(refused); i++) {
		struct ut_pad pad = {.asked_n = 0};
		uint16_t sw = 0;

		UT(!ca_pinpad_can(&refused[i].f, &refused[i].entry), "%s",
		    refused[i].name);
		UT(ca_pinpad_enter(&ut_pad_ops, &pad, &refused[i].f,
		       &refused[i].entry, &sw) == CA_E_UNSUPPORTED,
		    "%s", refused[i].name);
		UT(pad.asked_n == 0, "%s", refused[i].name);
	}
}

static void
outcomes(void)
{
	static const struct ca_entry entry = {PADDED};

	for (size_t i = 0; i < CA_COUNT(words); i++) {
		struct ut_pad pad = {.steps = {{VERIFY, words[i].answer}}};
		uint16_t sw = 0;
		ca_err e =
		    ca_pinpad_enter(&ut_pad_ops, &pad, &plain, &entry, &sw);

		UT(e == words[i].e, "%s: %s", words[i].answer, ca_err_name(e));
		if (e == CA_OK)
			UT(sw == words[i].sw, "%s: %04X", words[i].answer, sw);
		UT(pad.asked_n == 1, "%s", words[i].answer);
	}
}

/* START gets the structure, FINISH nothing but the answer; what START refuses
 * is not waited for. */
static void
pairs(void)
{
	static const struct ca_features f = {
	    .verify = 1, .verify_finish = 2, .modify = 3, .modify_finish = 4};
	static const struct ca_entry verify = {PADDED}, change = {CHANGED};
	struct ut_pad pad = {.steps = {{1, ""}, {2, "63 C1"}}};
	uint16_t sw = 0;

	UT_OK(ca_pinpad_enter(&ut_pad_ops, &pad, &f, &verify, &sw) == CA_OK);
	UT_OK(sw == 0x63C1 && pad.asked_n == 2 && pad.asked[0] == 1 &&
	      pad.asked[1] == 2 && pad.seen_n == 32);
	pad = (struct ut_pad){.steps = {{3, ""}, {4, "64 02"}}};
	UT_OK(ca_pinpad_enter(&ut_pad_ops, &pad, &f, &change, &sw) ==
	      CA_E_DATA);
	UT_OK(pad.asked_n == 2 && pad.asked[0] == 3 && pad.asked[1] == 4);
	pad = (struct ut_pad){.steps = {{1, "6B 80"}, {2, "90 00"}}};
	UT_OK(ca_pinpad_enter(&ut_pad_ops, &pad, &f, &verify, &sw) ==
	      CA_E_REFUSED);
	UT_OK(pad.asked_n == 1);
	/* Nothing is started twice, and no word of START is the card's. */
	pad = (struct ut_pad){.steps = {{1, "90 00"}, {2, "90 00"}}};
	UT_OK(ca_pinpad_enter(&ut_pad_ops, &pad, &f, &verify, &sw) ==
	      CA_E_MALFORMED);
	UT_OK(pad.asked_n == 1);
	pad = (struct ut_pad){.steps = {{2, "90 00"}}};
	UT_OK(ca_pinpad_enter(&ut_pad_ops, &pad, &f, &verify, &sw) == CA_E_IO);
	UT_OK(pad.asked_n == 1);
}

/* What the transport says goes up as it is. */
static void
troubles(void)
{
	static const struct ca_entry entry = {PADDED};
	static const ca_err all[] = {
	    CA_E_REMOVED, CA_E_RESET, CA_E_NO_SERVICE, CA_E_BUSY};

	for (size_t i = 0; i < CA_COUNT(all); i++) {
		struct ut_pad pad = {.fails = all[i]};
		uint16_t sw = 0;

		UT(ca_pinpad_enter(&ut_pad_ops, &pad, &plain, &entry, &sw) ==
			all[i],
		    "%s", ca_err_name(all[i]));
		UT_OK(pad.asked_n == 1);
	}
}

static const CU_TestInfo tests[] = {
    {"structures", structures},
    {"refusals", refusals},
    {"outcomes", outcomes},
    {"pairs", pairs},
    {"troubles", troubles},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_pinpad = {"pinpad", tests};
