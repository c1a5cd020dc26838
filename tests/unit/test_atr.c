#include "pcsc/card/atr.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

/* clang-format off */
static const struct {
	const char *name, *atr;
	bool denies;
} rows[] = {
	{"capabilities without the bit", "3B 8B 01 80 73 C6 01 80 55 43 41 49 53 4F C6", true},
	{"capabilities with it",         "3B 8B 01 80 73 C6 01 C0 55 43 41 49 53 4F 86", false},
	{"behind another object",        "3B 06 80 31 FE 73 C0 00 80", false}, /* cut: K is 6 */
	{"... and whole",                "3B 07 80 31 FE 73 C0 00 80", true},
	{"two capability bytes",         "3B 04 80 72 C0 01", false},
	{"one",                          "3B 03 80 71 DF", false},
	{"none",                         "3B 02 80 70", false},
	{"no object of that kind",       "3B 03 80 51 41", false},
	{"four protocols",               "3B F5 11 00 00 81 31 FE 45 80 73 C0 00 80 00", true},
	{"status behind the objects",    "3B 08 00 73 C0 00 80 07 90 00", true},
	{"status alone",                 "3B 04 00 07 90 00", false},
	{"status cut",                   "3B 03 00 73 C0", false},
	{"what looks like one in the status", "3B 05 00 73 C0 00 00", false},
	{"another category",             "3B 05 10 73 C0 00 80", false},
	{"no historical bytes",          "3B 00", false},
	{"fewer than announced",         "3B 0F 80 73 C0 00 80", false},
	{"interface bytes cut",          "3B F5 11", false},
	{"TD for ever",                  "3B 85 80*30", false},
	{"object beyond the end",        "3B 04 80 7F C0 00", false},
	{"TS alone",                     "3B", false},
	{"nothing",                      "", false},
};
/* clang-format on */

static void
table(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		uint8_t room[64];

		UT(ca_atr_denies_extended(ut_bytes(rows[i].atr, room,
		       sizeof(room))) == rows[i].denies,
		    "%s", rows[i].name);
	}
}

static const CU_TestInfo tests[] = {
    {"table", table},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_atr = {"atr", tests};
