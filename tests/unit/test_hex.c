#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/unit/suites.h"

/* clang-format off */
static const struct {
	const char *text;
	size_t cap;
	bool ok;
	const char *bytes;
	size_t n;
} rows[] = {
	{"3B DF 18",        3, true,  "\x3B\xDF\x18", 3},
	{"3bdf18",          3, true,  "\x3B\xDF\x18", 3},
	{"  3B\tdF18\t ",   3, true,  "\x3B\xDF\x18", 3},
	{"aA Ff 09 90",     4, true,  "\xAA\xFF\x09\x90", 4},
	{"",                3, true,  "", 0},
	{"   ",             0, true,  "", 0},
	{"00",              1, true,  "\0", 1},
	{"3B DF 18",        2, false, NULL, 0},
	{"3B",              0, false, NULL, 0},
	{"3",               3, false, NULL, 0},
	{"3B D",            3, false, NULL, 0},
	{"3B D F18",        3, false, NULL, 0},
	{"3B:DF",           3, false, NULL, 0},
	{"0x3B",            3, false, NULL, 0},
	{"3G",              3, false, NULL, 0},
	{"G3",              3, false, NULL, 0},
	{"3B\nDF",          3, false, NULL, 0},
	{"3B \xC2\xA0 DF",  3, false, NULL, 0},
	{"/0:9@A`afg",      9, false, NULL, 0},
};
/* clang-format on */

static void
parse(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		uint8_t out[8] = {0xC7, 0xC7, 0xC7, 0xC7, 0xC7};
		size_t n = 42;
		bool ok = ca_hex_parse(rows[i].text, out, rows[i].cap, &n);

		UT(ok == rows[i].ok, "'%s'", rows[i].text);
		UT(n == (ok ? rows[i].n : 42), "'%s'", rows[i].text);
		if (ok)
			UT(memcmp(out, rows[i].bytes, n) == 0, "'%s'",
			    rows[i].text);
		UT(out[ok ? n : 0] == 0xC7, "'%s'", rows[i].text);
	}
}

/* Every character alone: 22 are digits. */
static void
every_character(void)
{
	unsigned taken = 0;

	for (int c = 1; c < 256; c++) {
		char text[3] = {(char)c, '0', '\0'};
		uint8_t b;
		size_t n;

		if (ca_hex_parse(text, &b, 1, &n) && n == 1)
			taken++;
	}
	UT(taken == 22, "%u", taken);
}

static const CU_TestInfo tests[] = {
    {"parse", parse},
    {"every_character", every_character},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_hex = {"hex", tests};
