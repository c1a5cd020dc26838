#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pcsc/base/err.h"
#include "pcsc/base/log.h"
#include "tests/unit/suites.h"

static void
levels(void)
{
	for (int set = CA_LOG_OFF; set <= CA_LOG_APDU; set++) {
		ut_log_begin((enum ca_log_level)set);
		for (int l = CA_LOG_OFF; l <= CA_LOG_APDU; l++) {
			bool want = l != CA_LOG_OFF && l <= set;

			ca_log((enum ca_log_level)l, "room", "level %d.", l);
			UT(ca_log_on((enum ca_log_level)l) == want,
			    "set %d, level %d", set, l);
		}
		UT(ut_log_count("\n") == (unsigned)set, "set %d", set);
		ut_log_end();
	}
	UT_OK(!ca_log_on(CA_LOG_ERROR));
}

static void
one_line(void)
{
	ut_log_begin(CA_LOG_INFO);
	ca_log(CA_LOG_INFO, "card", "%s has %d keys", "Reader 0", 2);
	UT_OK(strcmp(ut_log_text(), "capkcs11: card: Reader 0 has 2 keys\n") ==
	      0);
	ut_log_end();
}

/* What a card calls itself cannot begin a line or speak to the terminal. */
static void
control_bytes(void)
{
	ut_log_begin(CA_LOG_INFO);
	ca_log(CA_LOG_INFO, "card", "%s", "A\nB\rC\x1B[2J\tD\x7F \xE1\xBB\x87");
	UT(strcmp(ut_log_text(),
	       "capkcs11: card: A?B?C?[2J?D? \xE1\xBB\x87\n") == 0,
	    "%s", ut_log_text());
	ut_log_end();
}

static void
long_line(void)
{
	char text[2000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ut_log_begin(CA_LOG_INFO);
	ca_log(CA_LOG_INFO, "room", "%s", text);
	UT_OK(strlen(ut_log_text()) == 512 && ut_log_text()[511] == '\n');
	ca_log(CA_LOG_INFO, text, "%s", "end");
	UT_OK(strlen(ut_log_text()) == 1024 && ut_log_text()[1023] == '\n');
	ca_log(CA_LOG_INFO, "room", "%s", "next");
	UT_OK(ut_log_count("capkcs11: room: next\n") == 1);
	ut_log_end();
}

/* One write(2) per line: a packet socket keeps them apart. */
static void
one_write_per_line(void)
{
	char got[600];
	int p[2];

	if (!UT_OK(pipe2(p, O_DIRECT | O_CLOEXEC) == 0))
		return;
	ca_log_setup(CA_LOG_INFO, p[1]);
	ca_log(CA_LOG_INFO, "a", "%d", 1);
	ca_log(CA_LOG_INFO, "b", "%d", 2);
	UT_OK(read(p[0], got, sizeof(got)) == 15 &&
	      memcmp(got, "capkcs11: a: 1\n", 15) == 0);
	UT_OK(read(p[0], got, sizeof(got)) == 15 &&
	      memcmp(got, "capkcs11: b: 2\n", 15) == 0);
	ca_log_setup(CA_LOG_OFF, -1);
	close(p[0]);
	close(p[1]);
}

static void
errno_survives(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ca_log_setup(CA_LOG_INFO, fd);
	errno = ERANGE;
	/* The write fails: the file is open for reading only. */
	ca_log(CA_LOG_INFO, "room", "text");
	UT_OK(errno == ERANGE);
	ca_log_setup(CA_LOG_OFF, -1);
	close(fd);
}

/* fd -1 is standard error. */
static void
standard_error(void)
{
	char got[64] = "";
	int keep = dup(STDERR_FILENO);
	int p[2];

	if (!UT_OK(keep >= 0 && pipe(p) == 0))
		return;
	dup2(p[1], STDERR_FILENO);
	ca_log_setup(CA_LOG_INFO, -1);
	ca_log(CA_LOG_INFO, "room", "text");
	ca_log_setup(CA_LOG_OFF, -1);
	dup2(keep, STDERR_FILENO);
	close(keep);
	close(p[1]);
	UT_OK(read(p[0], got, sizeof(got) - 1) == 21);
	UT_OK(strcmp(got, "capkcs11: room: text\n") == 0);
	close(p[0]);
}

/* clang-format off */
static const struct {
	const char *in;
	size_t cap;
	const char *out;
} hex_rows[] = {
	{"\x3B\xDF\x18", 7, "3BDF18"},
	{"\x3B\xDF\x18", 100, "3BDF18"},
	{"\x3B\xDF\x18", 6, "3B..."},
	{"\x3B\xDF\x18", 5, "..."},
	{"\x3B\xDF\x18", 4, "..."},
	{"\x3B\xDF\x18", 3, ""},
	{"\x3B\xDF\x18", 1, ""},
	{"\x3B", 3, "3B"},
	{"", 1, ""},
	{"", 10, ""},
};
/* clang-format on */

static void
hex(void)
{
	char out[128];

	for (size_t i = 0; i < CA_COUNT(hex_rows); i++) {
		memset(out, '~', sizeof(out));
		UT(ca_log_hex(ut_text(hex_rows[i].in), out, hex_rows[i].cap) ==
			out,
		    "row %zu", i);
		UT(memchr(out, '\0', hex_rows[i].cap) != NULL, "row %zu", i);
		UT(strcmp(out, hex_rows[i].out) == 0, "row %zu: %s", i, out);
		UT(out[hex_rows[i].cap] == '~', "row %zu", i);
	}
	UT_OK(strcmp(ca_log_hex(ut_text("x"), out, 0), "") == 0);
	UT_OK(strcmp(ca_log_hex(ca_rd_of(NULL, 0), out, 4), "") == 0);
}

/* Every error has a name of its own. */
static void
error_names(void)
{
	for (int e = CA_OK; e <= CA_E_LAST_; e++) {
		const char *name = ca_err_name((ca_err)e);

		UT(name[0] != '\0' && name[0] != '?', "%d", e);
		for (int other = CA_OK; other < e; other++)
			UT(strcmp(name, ca_err_name((ca_err)other)) != 0,
			    "%d %d", e, other);
	}
	UT_OK(strcmp(ca_err_name(CA_E_PIN_WRONG), "PIN_WRONG") == 0);
	UT_OK(strcmp(ca_err_name((ca_err)(CA_E_LAST_ + 1)), "?") == 0);
	UT_OK(strcmp(ca_err_name((ca_err)255), "?") == 0);
}

static const CU_TestInfo tests[] = {
    {"levels", levels},
    {"one_line", one_line},
    {"control_bytes", control_bytes},
    {"long_line", long_line},
    {"one_write_per_line", one_write_per_line},
    {"errno_survives", errno_survives},
    {"standard_error", standard_error},
    {"hex", hex},
    {"error_names", error_names},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_log = {"log", tests};
