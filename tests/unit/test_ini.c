#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/conf/ini.h"
#include "tests/unit/suites.h"

/* What the parser gave, one "section.key=value" per line. */
struct seen {
	char text[4096];
};

static bool
take(void *arg, unsigned line, const char *section, const char *key,
    const char *value, const char **why)
{
	struct seen *s = arg;
	size_t n = strlen(s->text);

	UT_OK(line > 0);
	if (strcmp(value, "bad") == 0) {
		*why = "I do not like it";
		return false;
	}
	snprintf(s->text + n, sizeof(s->text) - n, "%s.%s=%s\n", section, key,
	    value);
	return true;
}

/* Parses `text`; what was seen goes to *s, what was logged to ut_log_text(). */
static unsigned
parse(struct ca_rd text, struct seen *s)
{
	uint8_t *p = ut_exact(text);
	unsigned faults = 99;

	s->text[0] = '\0';
	ut_log_begin(CA_LOG_ERROR);
	UT_OK(ca_ini_parse(ca_rd_of(p, text.n), "x.conf", take, s, &faults) ==
	      CA_OK);
	free(p);
	return faults;
}

/* clang-format off */
static const struct {
	const char *name;
	const char *in;
	const char *out;
	const char *log; /* without the "capkcs11: conf: " of each line */
} rows[] = {
	{"empty", "", "", ""},
	{"plain", "[a]\nk = v\n", "a.k=v\n", ""},
	{"no section", "k=v", ".k=v\n", ""},
	{"no last line end", "[a]\nk=v", "a.k=v\n", ""},
	{"crlf", "[a]\r\nk = v\r\n", "a.k=v\n", ""},
	{"byte order mark", "\xEF\xBB\xBF[a]\nk=v\n", "a.k=v\n", ""},
	{"two sections", "[a]\nk=1\n[b]\nk=2\n", "a.k=1\nb.k=2\n", ""},
	{"comments", "; c\n# c = d\n[a] ; c\nk = v ; c\n[b] # c\n;\n", "a.k=v\n", ""},
	{"no comment without white space", "[a]\nk = v;w#x\n", "a.k=v;w#x\n", ""},
	{"hash in a value", "[a]\nk = v # w\n", "a.k=v # w\n", ""},
	{"empty value", "[a]\nk =\nl=1\n", "a.k=\na.l=1\n", ""},
	{"equals in a value", "[a]\nk = b=c\n", "a.k=b=c\n", ""},
	{"white space inside", "[a]\natr = 3B DF 18\n", "a.atr=3B DF 18\n", ""},
	/* To libinih the second line continues the first value. */
	{"indented line is a pair", "[a]\nk = v\n   l = w\n", "a.k=v\na.l=w\n", ""},
	{"tab before a section", "[a]\nk=v\n\t[b]\n\tl=w\n", "a.k=v\nb.l=w\n", ""},
	{"indented comment", "[a]\nk=v\n  ; no\n  # no\n", "a.k=v\n", ""},
	{"indented line without =", "[a]\nk = v\n   w\n", "a.k=v\n",
	 "x.conf:3: neither [section] nor key = value\n"},
	{"no pair", "[a]\nnonsense\nk=v\nmore\n", "a.k=v\n",
	 "x.conf:2: neither [section] nor key = value\n"
	 "x.conf:4: neither [section] nor key = value\n"},
	{"no pair at the very end", "[a]\n\n\nnonsense", "",
	 "x.conf:4: neither [section] nor key = value\n"},
	{"no key", "[a]\n= v\n", "", "x.conf:2: no key before the value\n"},
	{"refused", "[a]\nk=1\nk=bad\nk=2\nk=bad", "a.k=1\na.k=2\n",
	 "x.conf:3: I do not like it\nx.conf:5: I do not like it\n"},
	{"section not closed", "[a]\nk=1\n[b\nk=2\n[c]\nk=3\n", "a.k=1\nc.k=3\n",
	 "x.conf:3: ']' is missing\nx.conf:4: belongs to a faulty section\n"},
	{"text after a section", "[a] k = 1\nk=2\n", "",
	 "x.conf:1: text after ']'\nx.conf:2: belongs to a faulty section\n"},
	{"comment in a section", "[a ;b]\nk=2\n", "",
	 "x.conf:1: ';' in a section name\nx.conf:2: belongs to a faulty section\n"},
	{"blank lines count", "\n\r\n\n[a]\n\n\nx\n", "",
	 "x.conf:7: neither [section] nor key = value\n"},
	{"lone carriage return", "\r[a]\rk=v\n", "",
	 "x.conf:1: text after ']'\n"},
};
/* clang-format on */

/* Puts the beginning of a log line before each line of `log`. */
static void
whole_log(const char *log, char *out, size_t cap)
{
	size_t n = 0;

	out[0] = '\0';
	while (*log) {
		int len = (int)(strchr(log, '\n') - log) + 1;

		n += (size_t)snprintf(out + n, cap - n, "capkcs11: conf: %.*s",
		    len, log);
		log += len;
	}
}

static unsigned
lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void
table(void)
{
	char want[1024];
	struct seen s;

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		unsigned faults = parse(ut_text(rows[i].in), &s);

		whole_log(rows[i].log, want, sizeof(want));
		UT(strcmp(s.text, rows[i].out) == 0, "%s: %s", rows[i].name,
		    s.text);
		UT(strcmp(ut_log_text(), want) == 0, "%s: %s", rows[i].name,
		    ut_log_text());
		UT(faults == lines(rows[i].log), "%s", rows[i].name);
		ut_log_end();
	}
}

/* A line of n bytes "k=vvv", then a good one. */
static struct ca_rd
long_line(char *room, size_t n, const char *before)
{
	size_t at = strlen(before);

	memcpy(room, before, at);
	memset(room + at, 'v', n);
	memcpy(room + at, "k=", 2);
	memcpy(room + at + n, "\nl=w\n", 5);
	return ca_rd_of(room, at + n + 5);
}

static void
line_length(void)
{
	char room[1000];
	struct seen s;

	for (size_t n = CA_INI_LINE - 5; n < CA_INI_LINE + 250; n++) {
		/* White space around a line does not count. */
		unsigned faults = parse(long_line(room, n, "[a]\n       "), &s);
		bool fits = n <= CA_INI_LINE;
		char want[300] = "a.k=";

		memset(want + 4, 'v', fits ? n - 2 : 0);
		strcpy(want + 4 + (fits ? n - 2 : 0), "\na.l=w\n");
		UT(strcmp(s.text, fits ? want : "a.l=w\n") == 0, "%zu: %s", n,
		    s.text);
		UT(faults == !fits, "%zu", n);
		UT(ut_log_count("x.conf:2: line too long\n") == !fits, "%zu",
		    n);
		ut_log_end();
	}
}

/* Over-long lines of every kind. A comment may be as long as it likes. */
static void
long_others(void)
{
	char room[600];
	struct seen s;

	memset(room, ' ', sizeof(room));
	memcpy(room, "; ", 2);
	memset(room + 2, 'c', 400);
	memcpy(room + 402, "\nk=v\n", 5);
	UT_OK(parse(ca_rd_of(room, 407), &s) == 0);
	UT(strcmp(s.text, ".k=v\n") == 0, "%s", s.text);
	ut_log_end();

	memset(room, 's', 402);
	memcpy(room, "[", 1);
	memcpy(room + 401, "]", 1);
	UT_OK(parse(ca_rd_of(room, 407), &s) == 2);
	UT_OK(ut_log_count(":1: line too long\n") == 1 &&
	      ut_log_count(":2: belongs to a faulty section\n") == 1);
	ut_log_end();

	/* White space alone, then a pair that looks like its continuation. */
	memset(room, ' ', 402);
	UT_OK(parse(ca_rd_of(room, 407), &s) == 0);
	UT(strcmp(s.text, ".k=v\n") == 0, "%s", s.text);
	ut_log_end();
}

static void
section_length(void)
{
	char text[200];
	struct seen s;

	for (int n = CA_INI_SECTION - 2; n < CA_INI_SECTION + 3; n++) {
		bool fits = n <= CA_INI_SECTION;

		snprintf(text, sizeof(text), "[%.*s]\nk=v\n", n,
		    "0123456789012345678901234567890123456789"
		    "01234567890123456789");
		UT(parse(ut_text(text), &s) == (fits ? 0 : 2), "%d", n);
		UT((strchr(s.text, '.') != NULL) == fits, "%d", n);
		if (fits)
			UT(strchr(s.text, '.') - s.text == n, "%d: %s", n,
			    s.text);
		else
			UT(ut_log_count(":1: section name too long") == 1, "%d",
			    n);
		ut_log_end();
	}
}

static const struct {
	const char *in;
	size_t n;
	const char *out;
	const char *log;
} nul_rows[] = {
    {"[a]\nk=v\0w\nl=1\n", 14, "a.l=1\n", "x.conf:2: NUL byte"},
    {"[a]\n\0\nl=1\n", 10, "a.l=1\n", "x.conf:2: NUL byte"},
    {"[a]\n;\0\nl=1\n", 11, "a.l=1\n", "x.conf:2: NUL byte"},
    {"[a\0]\nl=1\n", 9, "", "x.conf:1: NUL byte"},
    {"\0", 1, "", "x.conf:1: NUL byte"},
    {"k=v\0", 4, "", "x.conf:1: NUL byte"},
};

static void
nul_bytes(void)
{
	struct seen s;

	for (size_t i = 0; i < CA_COUNT(nul_rows); i++) {
		unsigned faults =
		    parse(ca_rd_of(nul_rows[i].in, nul_rows[i].n), &s);

		UT(faults >= 1, "row %zu", i);
		UT(strcmp(s.text, nul_rows[i].out) == 0, "row %zu: %s", i,
		    s.text);
		UT(ut_log_count(nul_rows[i].log) == 1, "row %zu", i);
		ut_log_end();
	}
}

/* Any bytes: it ends, and every line is either given, silent or a fault. */
static void
random_text(void)
{
	static const char letters[] = "ab=:[];# \t\r\n\n\n\0\xEF\xBB\xBF\xFF";
	struct ut_dice d = ut_dice_of(7);
	char text[400];
	struct seen s;

	for (int i = 0; i < 3000; i++) {
		size_t n = ut_roll(&d, sizeof(text));

		for (size_t k = 0; k < n; k++)
			text[k] = letters[ut_roll(&d, sizeof(letters) - 1)];
		unsigned faults = parse(ca_rd_of(text, n), &s);

		UT(faults == ut_log_count("capkcs11: conf: x.conf:"), "%d", i);
		UT(faults == ut_log_count("\n"), "%d", i);
		ut_log_end();
	}
}

static const CU_TestInfo tests[] = {
    {"table", table},
    {"line_length", line_length},
    {"long_others", long_others},
    {"section_length", section_length},
    {"nul_bytes", nul_bytes},
    {"random_text", random_text},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_ini = {"ini", tests};
