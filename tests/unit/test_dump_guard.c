/* The commands that a dump may send, and files that are no dump. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_dump.h"
#include "tests/unit/scene.h"
#include "tests/unit/suites.h"
#include "tools/card/dump.h"
#include "tools/card/dump_guard.h"

#define TEXT_MAX (256 * 1024)

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

/* What a bad file is told, and where. */
static const struct {
	const char *from, *to, *why;
} faults[] = {
    {"capkcs11-card-dump 1", "capkcs11-card-dump 2", ":1: "},
    {"capkcs11-card-dump 1", "anything", ":1: "},
    {"protocol 1", "protocol 2", ":4: "},
    {"\nsum ", "\n# a line more\nsum ", "the sum is wrong"},
    {"\nsum ", "\n#", "it ends before the sum"},
    {"select 1 0 ", "select 1 1 ", "no such place"},
    {"select 1 0 ", "select 2 0 ", "one by one"},
    {"select 1 0 ", "ask 1 0 ", "SELECT"},
    {"atr 3B", "atr 3", "an ATR has"},
    {"atr 3B", "at 3B", "not known"},
};

static void
bad_file(const char *text, size_t row)
{
	const char *at = strstr(text, faults[row].from);
	struct ca_sim_dump *d = calloc(1, sizeof(*d));
	char *bad = calloc(1, TEXT_MAX), why[CA_SIM_DUMP_WHY] = "";

	UT(at != NULL, "%s", faults[row].from);
	if (at != NULL) {
		(void)snprintf(bad, TEXT_MAX, "%.*s%s%s", (int)(at - text),
		    text, faults[row].to, at + strlen(faults[row].from));
		UT(ca_sim_dump_parse(ut_text(bad), "bad", d, why) == CA_E_DATA,
		    "%s", faults[row].to);
		UT(strncmp(why, "bad:", 4) == 0 &&
			strstr(why, faults[row].why) != NULL,
		    "%s: %s", faults[row].to, why);
	}
	ca_sim_dump_wipe(d);
	free(bad);
	free(d);
}

/* What a mail program may do to a text. */
static void
mailed(const char *text)
{
	struct ca_sim_dump *d = calloc(1, sizeof(*d));
	char *out = calloc(1, TEXT_MAX), why[CA_SIM_DUMP_WHY] = "";
	size_t n = 0;

	for (const char *c = text; *c != '\0' && n < TEXT_MAX - 8; c++) {
		if (*c == '\n')
			n += (size_t)sprintf(out + n, "  \r\n\n ");
		else
			out[n++] = *c;
	}
	UT(ca_sim_dump_parse(ut_text(out), "mail", d, why) == CA_OK, "%s", why);
	ca_sim_dump_wipe(d);
	free(out);
	free(d);
}

static void
bad_files(void)
{
	char *text = calloc(1, TEXT_MAX);
	struct ut_scene s;
	FILE *f;

	ut_scene_begin(&s, "iso7816-15", "p256", NULL);
	f = fmemopen(text, TEXT_MAX, "w");
	UT_OK(f != NULL &&
	      ca_card_dump(ca_sim_world_transport(s.world), s.profiles,
		  &s.config, UT_SCENE_READER, false, f) == CA_OK);
	(void)fclose(f);
	for (size_t i = 0; i < CA_COUNT(faults); i++)
		bad_file(text, i);
	mailed(text);
	ut_scene_end(&s);
	free(text);
}

/* A card that leaves at any step: that is said, and nothing is written. */
static void
card_leaves(void)
{
	static const char *const at[] = {"1:remove", "5:remove", "40:remove"};

	for (size_t i = 0; i < CA_COUNT(at); i++) {
		char text[64] = "";
		struct ca_sim_trouble t;
		struct ut_scene s;
		FILE *f = fmemopen(text, sizeof(text), "w");

		ut_scene_begin(&s, "iso7816-15", "p256", NULL);
		UT_OK(ca_sim_trouble_parse(at[i], &t) == CA_OK);
		ca_sim_trouble(s.card, &t);
		UT(ca_card_dump(ca_sim_world_transport(s.world), s.profiles,
		       &s.config, UT_SCENE_READER, false, f) != CA_OK,
		    "%s", at[i]);
		(void)fclose(f);
		UT(text[0] == '\0', "%s: %s", at[i], text);
		ut_scene_end(&s);
	}
}

static const CU_TestInfo tests[] = {
    {"the guard lets reading through and nothing else", guard},
    {"a file that was damaged is refused", bad_files},
    {"a card that leaves is no dump", card_leaves},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_dump_guard = {"dump_guard", tests};
