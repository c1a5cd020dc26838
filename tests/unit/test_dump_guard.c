/* The commands that a dump may send. */
#include "tests/unit/suites.h"
#include "tools/card/dump_guard.h"

/* Whether the guard lets it through; what is not here is not let through,
 * which `others` tries. */
static const struct {
	const char *cmd;
	bool sent;
} commands[] = {
    {"00 A4 04 00 02 3F 00 00", true},
    {"00 B0 00 00 00", true},
    {"00 B2 01 04 00", true},
    {"00 C0 00 00 10", true},
    {"80 CA 9F 7F 00", true},
    {"00 CB 3F FF 03 5C 01 7E 00", true},
    {"00 70 00 00 01", true},
    {"41 A4 00 0C 02 3F 00", true},
    {"00 20 00 01", false},                /* VERIFY, a question */
    {"00 20 00 01 04 31 32 33 34", false}, /* ... with a PIN */
    {"00 21 00 01 04 31 32 33 34", false}, /* ... in its odd form */
    {"00 24 00 01 04 31 32 33 34", false}, /* CHANGE REFERENCE DATA */
    {"00 2C 00 01", false},                /* RESET RETRY COUNTER */
    {"00 22 41 B6 03 84 01 01", false},    /* MSE */
    {"00 2A 9E 9A 01 00 00", false},       /* PSO */
    {"00 88 00 00 01 00 00", false},       /* INTERNAL AUTHENTICATE */
    {"00 82 00 01 01 00", false},          /* EXTERNAL */
    {"00 D6 00 00 01 00", false},          /* UPDATE BINARY */
    {"00 DA 01 00 01 00", false},          /* PUT DATA */
    {"00 E4 00 00", false},                /* DELETE FILE */
    {"10 A4 00 00 02 3F 00", false},       /* a part of a chain */
    {"0C B0 00 00 00", false},             /* secure messaging */
    {"00 A4 00 00 00 00 02 3F 00", false}, /* extended length */
    {"00 A4 00 00 03 3F 00", false},       /* shorter than it says */
    {"00 A4 00 00 02 3F 00 00 00", false}, /* longer */
    {"00 A4 00", false},
};

static void
guard(void)
{
	unsigned allowed = 0;

	for (size_t i = 0; i < CA_COUNT(commands); i++) {
		uint8_t b[32];
		struct ca_rd cmd = ut_hex(commands[i].cmd, b, sizeof(b));

		UT(ca_dump_allows(cmd) == commands[i].sent, "%s",
		    commands[i].cmd);
	}
	for (unsigned ins = 0; ins < 256; ins++) {
		const uint8_t cmd[] = {0x00, (uint8_t)ins, 0x00, 0x00};

		allowed += ca_dump_allows(ca_rd_of(cmd, sizeof(cmd)));
	}
	UT_OK(allowed == 7);
}

static const CU_TestInfo tests[] = {
    {"the guard lets reading through and nothing else", guard},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_dump_guard = {"dump_guard", tests};
