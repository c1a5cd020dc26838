#include <string.h>

#include "pcsc/card/pin.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

#define PAD CA_PINF_NEEDS_PADDING
#define NO_PAD_CHAR (-1)

/* clang-format off */
static const struct row {
	const char *name;
	const char *typed;
	enum ca_pin_type type;
	uint32_t flags;
	size_t min, max, stored;
	int pad_char;
	size_t exact; /* exact_without_padding of the profile */
	ca_err e;
	const char *block;
} rows[] = {
	{"as typed",          "1234", CA_PIN_ASCII, 0, 4, 8, 8, 0xFF, 0, CA_OK, "31 32 33 34"},
	{"utf-8",             "m\xE1\xBA\xADt", CA_PIN_UTF8, 0, 4, 8, 8, 0xFF, 0, CA_OK, "6D E1 BA AD 74"},
	{"padded with FF",    "1234", CA_PIN_ASCII, PAD, 4, 8, 8, 0xFF, 0, CA_OK, "31 32 33 34 FF*4"},
	{"padded with 00",    "1234", CA_PIN_ASCII, PAD, 4, 16, 16, 0x00, 0, CA_OK, "31 32 33 34 00*12"},
	{"pad byte unknown",  "1234", CA_PIN_ASCII, PAD, 4, 8, 8, NO_PAD_CHAR, 0, CA_OK, "31 32 33 34 FF*4"},
	{"padded to max",     "1234", CA_PIN_ASCII, PAD, 4, 6, 0, 0xFF, 0, CA_OK, "31 32 33 34 FF FF"},
	{"full length",       "12345678", CA_PIN_ASCII, PAD, 4, 8, 8, 0xFF, 0, CA_OK, "31 32 33 34 35 36 37 38"},
	{"shortest",          "1234", CA_PIN_ASCII, 0, 4, 8, 0, 0xFF, 0, CA_OK, "31 32 33 34"},
	{"longest",           "12345678", CA_PIN_ASCII, 0, 4, 8, 0, 0xFF, 0, CA_OK, "31 32 33 34 35 36 37 38"},
	{"max unknown",       "1234567890123456", CA_PIN_ASCII, 0, 4, 0, 0, 0xFF, 0, CA_OK,
	 "31 32 33 34 35 36 37 38 39 30 31 32 33 34 35 36"},
	{"bcd, even",         "1234", CA_PIN_BCD, 0, 4, 8, 8, 0xFF, 0, CA_OK, "12 34"},
	{"bcd, odd",          "12345", CA_PIN_BCD, 0, 4, 8, 8, 0xFF, 0, CA_OK, "12 34 5F"},
	{"bcd, padded",       "12345", CA_PIN_BCD, PAD, 4, 8, 8, 0xFF, 0, CA_OK, "12 34 5F FF*5"},
	{"exact length",      "12345678", CA_PIN_ASCII, 0, 4, 16, 16, 0xFF, 8, CA_OK, "31 32 33 34 35 36 37 38"},
	{"exact, but padded", "1234", CA_PIN_ASCII, PAD, 4, 16, 8, 0xFF, 8, CA_OK, "31 32 33 34 FF*4"},
	/* Nothing is sent, so no try is spent. */
	{"empty",             "", CA_PIN_ASCII, 0, 0, 8, 8, 0xFF, 0, CA_E_PIN_LEN, ""},
	{"empty, padded",     "", CA_PIN_ASCII, PAD, 0, 8, 8, 0xFF, 0, CA_E_PIN_LEN, ""},
	{"too short",         "123", CA_PIN_ASCII, 0, 4, 8, 8, 0xFF, 0, CA_E_PIN_LEN, ""},
	{"too long",          "123456789", CA_PIN_ASCII, 0, 4, 8, 8, 0xFF, 0, CA_E_PIN_LEN, ""},
	{"longer than stored", "123456789", CA_PIN_ASCII, PAD, 4, 12, 8, 0xFF, 0, CA_E_PIN_LEN, ""},
	{"not the exact one", "1234567", CA_PIN_ASCII, 0, 4, 16, 16, 0xFF, 8, CA_E_PIN_LEN, ""},
	{"letters in bcd",    "12a4", CA_PIN_BCD, 0, 4, 8, 8, 0xFF, 0, CA_E_PIN_LEN, ""},
	{"bcd, colon",        "123:", CA_PIN_BCD, 0, 4, 8, 8, 0xFF, 0, CA_E_PIN_LEN, ""},
	{"half nibble",       "1234", CA_PIN_HALF_NIBBLE_BCD, 0, 4, 8, 8, 0xFF, 0, CA_E_UNSUPPORTED, ""},
	{"iso 9564",          "1234", CA_PIN_ISO9564_1, 0, 4, 8, 8, 0xFF, 0, CA_E_UNSUPPORTED, ""},
};
/* clang-format on */

static struct ca_pin
pin_of(const struct row *r)
{
	struct ca_pin pin = {.type = r->type,
	    .flags = r->flags,
	    .min = r->min,
	    .max = r->max,
	    .stored = r->stored};

	if (r->pad_char != NO_PAD_CHAR) {
		pin.has_pad_char = true;
		pin.pad_char = (uint8_t)r->pad_char;
	}
	return pin;
}

static void
table(void)
{
	static struct ca_profile profile;

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct ca_pin pin = pin_of(r);
		uint8_t room[64], want[64];
		struct ca_wr out = ca_wr_of(room, sizeof(room));
		ca_err e;

		profile.exact_without_padding = r->exact;
		e = ca_pin_encode(&profile, &pin, ut_text(r->typed), &out);
		UT(e == r->e, "%s: %s", r->name, ca_err_name(e));
		if (e == CA_OK)
			UT(ca_rd_equal(ca_wr_rd(&out),
			       ut_bytes(r->block, want, sizeof(want))),
			    "%s", r->name);
	}
}

/* A block that does not fit is refused, not cut. */
static void
no_room(void)
{
	static const struct ca_profile profile;
	struct ca_pin pin = {.type = CA_PIN_ASCII, .max = 255};
	uint8_t room[4];
	struct ca_wr out = ca_wr_of(room, sizeof(room));

	UT_OK(ca_pin_encode(&profile, &pin, ut_text("12345"), &out) ==
	      CA_E_PIN_LEN);
	pin.flags = PAD;
	pin.stored = 255;
	out = ca_wr_of(room, sizeof(room));
	UT_OK(ca_pin_encode(&profile, &pin, ut_text("1234"), &out) ==
	      CA_E_PIN_LEN);
}

/* ---- the form, while nobody knows the digits ---- */

/* clang-format off */
static const struct form_row {
	const char *name;
	enum ca_pin_type type;
	uint32_t flags;
	size_t min, max, stored;
	int pad_char;
	size_t exact;
	ca_err e;
	struct ca_pin_form form;
} form_rows[] = {
	{"padded with FF",   CA_PIN_ASCII, PAD, 4, 8, 8, 0xFF, 0, CA_OK, {false, 0xFF, 8, 4, 8}},
	{"padded with 00",   CA_PIN_UTF8, PAD, 4, 16, 16, 0x00, 0, CA_OK, {false, 0x00, 16, 4, 16}},
	{"pad byte unknown", CA_PIN_ASCII, PAD, 4, 8, 8, NO_PAD_CHAR, 0, CA_OK, {false, 0xFF, 8, 4, 8}},
	{"padded to max",    CA_PIN_ASCII, PAD, 0, 6, 0, 0xFF, 0, CA_OK, {false, 0xFF, 6, 1, 6}},
	{"max beyond block", CA_PIN_ASCII, PAD, 4, 12, 8, 0xFF, 0, CA_OK, {false, 0xFF, 8, 4, 8}},
	{"max unknown",      CA_PIN_ASCII, PAD, 4, 0, 8, 0xFF, 0, CA_OK, {false, 0xFF, 8, 4, 8}},
	{"as typed",         CA_PIN_ASCII, 0, 4, 12, 12, 0xFF, 0, CA_OK, {false, 0xFF, 0, 4, 12}},
	{"as typed, max unknown", CA_PIN_ASCII, 0, 4, 0, 0, 0xFF, 0, CA_OK, {false, 0xFF, 0, 4, 0}},
	{"padding to an unknown length", CA_PIN_ASCII, PAD, 4, 0, 0, 0xFF, 0, CA_OK, {false, 0xFF, 0, 4, 0}},
	{"one length",       CA_PIN_ASCII, 0, 6, 6, 0, 0xFF, 0, CA_OK, {false, 0xFF, 6, 6, 6}},
	{"exact length",     CA_PIN_ASCII, 0, 4, 16, 16, 0xFF, 8, CA_OK, {false, 0xFF, 8, 8, 8}},
	{"exact, but padded", CA_PIN_ASCII, PAD, 4, 16, 8, 0xFF, 8, CA_OK, {false, 0xFF, 8, 4, 8}},
	{"exact out of range", CA_PIN_ASCII, 0, 4, 7, 0, 0xFF, 8, CA_E_UNSUPPORTED, {0}},
	{"exact below",      CA_PIN_ASCII, 0, 9, 16, 0, 0xFF, 8, CA_E_UNSUPPORTED, {0}},
	{"min beyond block", CA_PIN_ASCII, PAD, 9, 12, 8, 0xFF, 0, CA_E_UNSUPPORTED, {0}},
	{"bcd, padded",      CA_PIN_BCD, PAD, 4, 8, 8, 0xFF, 0, CA_OK, {true, 0xFF, 8, 4, 8}},
	{"bcd, max unknown", CA_PIN_BCD, PAD, 4, 0, 6, 0xFF, 0, CA_OK, {true, 0xFF, 6, 4, 12}},
	{"bcd, one even length", CA_PIN_BCD, 0, 6, 6, 0, 0x00, 0, CA_OK, {true, 0x00, 3, 6, 6}},
	{"bcd, one odd length", CA_PIN_BCD, 0, 5, 5, 0, 0xFF, 0, CA_OK, {true, 0xFF, 3, 5, 5}},
	/* Half a byte of another padding would stand behind an odd digit. */
	{"bcd, odd and 00",  CA_PIN_BCD, PAD, 4, 8, 8, 0x00, 0, CA_E_UNSUPPORTED, {0}},
	{"bcd as typed",     CA_PIN_BCD, 0, 4, 8, 0, 0xFF, 0, CA_E_UNSUPPORTED, {0}},
	{"half nibble",      CA_PIN_HALF_NIBBLE_BCD, PAD, 4, 8, 8, 0xFF, 0, CA_E_UNSUPPORTED, {0}},
	{"iso 9564",         CA_PIN_ISO9564_1, PAD, 4, 8, 8, 0xFF, 0, CA_E_UNSUPPORTED, {0}},
};
/* clang-format on */

static void
form_table(void)
{
	static struct ca_profile profile;

	for (size_t i = 0; i < CA_COUNT(form_rows); i++) {
		const struct form_row *r = &form_rows[i];
		const struct row as_row = {.type = r->type,
		    .flags = r->flags,
		    .min = r->min,
		    .max = r->max,
		    .stored = r->stored,
		    .pad_char = r->pad_char};
		struct ca_pin pin = pin_of(&as_row);
		struct ca_pin_form f;
		ca_err e;

		profile.exact_without_padding = r->exact;
		e = ca_pin_form(&profile, &pin, &f);
		UT(e == r->e, "%s: %s", r->name, ca_err_name(e));
		if (e == CA_OK)
			UT(f.bcd == r->form.bcd && f.pad == r->form.pad &&
				f.block == r->form.block &&
				f.min == r->form.min && f.max == r->form.max,
			    "%s: block %zu, %zu to %zu", r->name, f.block,
			    f.min, f.max);
	}
}

/* Digits typed into a form are what encoding them gives. */
static void
form_is_encoding(void)
{
	static struct ca_profile profile;

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct ca_pin pin = pin_of(r);
		struct ca_pin_form f;
		uint8_t room[64];
		struct ca_wr out = ca_wr_of(room, sizeof(room));
		size_t n = strlen(r->typed);

		profile.exact_without_padding = r->exact;
		if (ca_pin_form(&profile, &pin, &f) != CA_OK || n < f.min ||
		    (f.max > 0 && n > f.max) ||
		    ca_pin_encode(&profile, &pin, ut_text(r->typed), &out) !=
			CA_OK)
			continue;
		UT(out.n == (f.block > 0 ? f.block : n), "%s", r->name);
		for (size_t k = f.bcd ? (n + 1) / 2 : n; k < f.block; k++)
			UT(room[k] == f.pad, "%s", r->name);
	}
}

static const CU_TestInfo tests[] = {
    {"table", table},
    {"form_table", form_table},
    {"form_is_encoding", form_is_encoding},
    {"no_room", no_room},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_pin = {"pin", tests};
