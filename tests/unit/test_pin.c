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

static const CU_TestInfo tests[] = {
    {"table", table},
    {"no_room", no_room},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_pin = {"pin", tests};
