/* The command line of the conformance suite. */
#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/cf.h"
#include "tests/conformance/worker.h"

#define CASES_MAX 4096

static const char usage[] =
    "usage: conformance --module FILE [options] [CASE ...]\n"
    "  --module FILE    the PKCS#11 module to test\n"
    "  --pin PIN        user PIN (or CONFORMANCE_PIN); without it, cases that\n"
    "                   log in are skipped\n"
    "  --so-pin PIN     security officer PIN, for the cases that need it\n"
    "  --slot N         the slot with this id\n"
    "  --token LABEL    the token with this label\n"
    "  --expect FILE    differences to expect, \"NAME ANSWER [# why]\" per\n"
    "                   line; may be given several times\n"
    "  --through-3.0    the 2.40 functions through the 3.0 interface\n"
    "  --destructive    also cases that cost a PIN try (a good PIN follows)\n"
    "  --sessions N     how many sessions the session case opens (10000)\n"
    "  --timeout N      seconds per case (120)\n"
    "  --in-process     no worker process, for valgrind and debuggers\n"
    "  --list           print the cases and their clauses\n"
    "  --table          print what the token offers instead\n"
    "CASE is a name or a pattern such as 'C_Sign/*'.\n";

static const struct cf_case *cases[CASES_MAX];
static size_t cases_n;

static void
collect(void)
{
	for (size_t g = 0; g < cf_groups_n; g++) {
		size_t n;
		const struct cf_case *k = cf_groups[g].cases(&n);

		for (size_t i = 0; i < n; i++) {
			if (cases_n == CASES_MAX) {
				fprintf(stderr, "conformance: CASES_MAX\n");
				abort();
			}
			cases[cases_n++] = &k[i];
		}
	}
}

static bool
is_case(const char *name)
{
	for (size_t i = 0; i < cases_n; i++)
		if (strcmp(cases[i]->name, name) == 0)
			return true;
	return false;
}

/* Two cases of one name could not be told apart in a list of expectations. */
static bool
names_differ(void)
{
	for (size_t i = 0; i < cases_n; i++)
		for (size_t j = i + 1; j < cases_n; j++)
			if (strcmp(cases[i]->name, cases[j]->name) == 0) {
				fprintf(stderr,
				    "conformance: two cases named %s\n",
				    cases[i]->name);
				return false;
			}
	return true;
}

static bool
wanted(const char *name, char *const *patterns)
{
	if (*patterns == NULL)
		return true;
	for (; *patterns != NULL; patterns++)
		if (fnmatch(*patterns, name, 0) == 0)
			return true;
	return false;
}

static size_t
choose(char *const *patterns)
{
	size_t n = 0;

	for (size_t i = 0; i < cases_n; i++)
		if (wanted(cases[i]->name, patterns))
			cases[n++] = cases[i];
	return n;
}

enum {
	OPT_MODULE = 1,
	OPT_PIN,
	OPT_SO_PIN,
	OPT_SLOT,
	OPT_TOKEN,
	OPT_EXPECT,
	OPT_THROUGH3,
	OPT_DESTRUCTIVE,
	OPT_SESSIONS,
	OPT_TIMEOUT,
	OPT_IN_PROCESS,
	OPT_LIST,
	OPT_TABLE,
	OPT_HELP,
};

static const struct option options[] = {
    {"module", required_argument, NULL, OPT_MODULE},
    {"pin", required_argument, NULL, OPT_PIN},
    {"so-pin", required_argument, NULL, OPT_SO_PIN},
    {"slot", required_argument, NULL, OPT_SLOT},
    {"token", required_argument, NULL, OPT_TOKEN},
    {"expect", required_argument, NULL, OPT_EXPECT},
    {"through-3.0", no_argument, NULL, OPT_THROUGH3},
    {"destructive", no_argument, NULL, OPT_DESTRUCTIVE},
    {"sessions", required_argument, NULL, OPT_SESSIONS},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"in-process", no_argument, NULL, OPT_IN_PROCESS},
    {"list", no_argument, NULL, OPT_LIST},
    {"table", no_argument, NULL, OPT_TABLE},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static bool
number(const char *text, unsigned long max, unsigned long *out)
{
	char *end;

	*out = strtoul(text, &end, 0);
	return *text != '\0' && *text != '-' && *end == '\0' && *out <= max;
}

/* One option with a number; false when the text is none. */
static bool
take_number(struct cf_options *o, int which, const char *text)
{
	unsigned long v;

	if (!number(text, which == OPT_SLOT ? ~0UL : 1000000, &v))
		return false;
	if (which == OPT_SLOT) {
		o->slot = v;
		o->has_slot = true;
	} else if (which == OPT_SESSIONS)
		o->sessions = (unsigned)v;
	else
		o->timeout = (unsigned)v;
	return true;
}

/* What the program is to do. */
enum what { CASES, LIST, TABLE };

/* False ends the program with the usage. */
static bool
take(struct cf_options *o, int which, enum what *what)
{
	switch (which) {
	case OPT_MODULE:
		o->module = optarg;
		return true;
	case OPT_PIN:
		o->pin = optarg;
		return true;
	case OPT_SO_PIN:
		o->so_pin = optarg;
		return true;
	case OPT_TOKEN:
		o->token_label = optarg;
		return true;
	case OPT_EXPECT:
		return cf_expect_read(optarg);
	case OPT_THROUGH3:
		o->through3 = true;
		return true;
	case OPT_DESTRUCTIVE:
		o->destructive = true;
		return true;
	case OPT_IN_PROCESS:
		o->in_process = true;
		return true;
	case OPT_LIST:
		*what = LIST;
		return true;
	case OPT_TABLE:
		*what = TABLE;
		return true;
	case OPT_SLOT:
	case OPT_SESSIONS:
	case OPT_TIMEOUT:
		return take_number(o, which, optarg);
	default:
		return false;
	}
}

static int
run(const struct cf_options *o, char *const *patterns)
{
	struct cf_total total = {{0}};
	size_t n;

	if (!cf_expect_known(is_case))
		return 2;
	n = choose(patterns);
	if (n == 0) {
		fprintf(stderr, "conformance: no such case\n");
		return 2;
	}
	if (!cf_worker_run(o, cases, n, &total))
		return 2;
	printf("%u passed, %u failed, %u skipped\n", total.n[CF_PASSED],
	    total.n[CF_FAILED], total.n[CF_SKIPPED]);
	/* a run in which everything was skipped has tested nothing */
	return total.n[CF_FAILED] == 0 && total.n[CF_PASSED] > 0 ? 0 : 1;
}

static int
table(const struct cf_options *o)
{
	struct cf c = {.opt = o};

	return cf_load(&c) && cf_table(&c) == CKR_OK ? 0 : 1;
}

static int
list(void)
{
	for (size_t i = 0; i < cases_n; i++)
		printf("%s\t%s\n", cases[i]->name, cases[i]->clause);
	return 0;
}

int
main(int argc, char **argv)
{
	struct cf_options o = {.timeout = 120, .sessions = 10000};
	enum what what = CASES;
	int which;

	o.pin = getenv("CONFORMANCE_PIN");
	collect();
	if (!names_differ())
		return 2;
	while ((which = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take(&o, which, &what)) {
			fputs(usage, which == OPT_HELP ? stdout : stderr);
			return which == OPT_HELP ? 0 : 2;
		}
	if (what == LIST)
		return list();
	if (o.module == NULL) {
		fputs(usage, stderr);
		return 2;
	}
	return what == TABLE ? table(&o) : run(&o, argv + optind);
}
