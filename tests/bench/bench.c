/*
 * bench: counts commands to a simulated card and measures time.
 *
 *	bench MODE --module FILE [--pin PIN] [--control SOCKET]
 *
 * One line per figure, "NAME VALUE"; bench.sh compares with the budgets.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define SIGNATURES 100
#define POLLS 1000
#define LOADS 21

struct arguments {
	const char *module;
	const char *pin;
	const char *control;
};

/* Fresh process to first signature. */
static void
mode_first(const struct arguments *a)
{
	uint64_t start = card_commands(a->control), t = now_ns();
	struct client c;

	client_load(&c, a->module);
	client_open(&c, a->pin);
	client_sign(&c);
	figure("first-us", (now_ns() - t) / 1000);
	figure("first", card_commands(a->control) - start);
	client_end(&c);
}

/* Many signatures in one session, then the same without the module. */
static void
mode_sign(const struct arguments *a)
{
	uint64_t times[SIGNATURES], before, module_ns, card_ns;
	uint64_t memory = resident_kib();
	struct client c;

	client_load(&c, a->module);
	client_open(&c, a->pin);
	client_sign(&c);
	figure("resident-kib", resident_kib() - memory);
	before = card_commands(a->control);
	for (size_t i = 0; i < SIGNATURES; i++) {
		uint64_t start = now_ns();

		client_sign(&c);
		times[i] = now_ns() - start;
	}
	/* Hundredths, so that one command too many in a while shows. */
	figure("further-x100",
	    (card_commands(a->control) - before) * 100 / SIGNATURES);
	module_ns = median(times, SIGNATURES);
	card_ns = card_sign_ns(SIGNATURES);
	figure("signature-us", module_ns / 1000);
	figure("signature-card-us", card_ns / 1000);
	figure("signature-host-us",
	    module_ns > card_ns ? (module_ns - card_ns) / 1000 : 0);
	client_end(&c);
}

/* What programs ask all the time. */
static void
mode_poll(const struct arguments *a)
{
	static uint64_t times[POLLS];
	uint64_t before;
	struct client c;

	client_load(&c, a->module);
	if (client_slots(&c, CK_TRUE) == 0)
		fail("C_GetSlotList", "no token");
	if (client_token_info(&c) != CKR_OK)
		fail("C_GetTokenInfo", "refused");
	before = card_commands(a->control);
	for (size_t i = 0; i < POLLS; i++) {
		uint64_t start = now_ns();

		client_slot_info(&c);
		times[i] = now_ns() - start;
	}
	figure("slot-info", card_commands(a->control) - before);
	figure("slot-info-us", median(times, POLLS) / 1000);
	before = card_commands(a->control);
	for (size_t i = 0; i < 10; i++)
		if (client_token_info(&c) != CKR_OK)
			fail("C_GetTokenInfo", "refused");
	figure("token-info-x10", card_commands(a->control) - before);
	client_end(&c);
}

/* Sessions and keys by the thousand, nobody logged in. */
static void
mode_made(const struct arguments *a)
{
	struct client c;

	client_load(&c, a->module);
	if (client_slots(&c, CK_TRUE) == 0)
		fail("C_GetSlotList", "no token");
	made_sessions(&c);
	made_keys(&c);
	made_operations(&c);
	client_end(&c);
}

/* A card that no profile knows. */
static void
mode_unknown(const struct arguments *a)
{
	uint64_t before = card_commands(a->control);
	struct client c;

	client_load(&c, a->module);
	figure("unknown-tokens", client_slots(&c, CK_TRUE));
	figure("unknown-slots", client_slots(&c, CK_FALSE) > 0);
	client_slot_info(&c);
	figure("unknown-accepted", client_token_info(&c) == CKR_OK);
	figure("unknown", card_commands(a->control) - before);
	client_end(&c);
}

/* dlopen to C_GetSlotList with no card, each time in a new process. */
static void
mode_load(const struct arguments *a)
{
	uint64_t times[LOADS];

	for (size_t i = 0; i < LOADS; i++) {
		int ends[2], status = 0;
		pid_t child;

		if (pipe(ends) != 0 || (child = fork()) < 0)
			fail("fork", "failed");
		if (child == 0) {
			uint64_t start = now_ns();
			struct client c;

			client_load(&c, a->module);
			client_slots(&c, CK_FALSE);
			start = now_ns() - start;
			client_end(&c);
			_exit(write(ends[1], &start, sizeof(start)) !=
			      sizeof(start));
		}
		close(ends[1]);
		if (read(ends[0], &times[i], sizeof(times[i])) !=
			sizeof(times[i]) ||
		    waitpid(child, &status, 0) != child || status != 0)
			fail("load", "the child failed");
		close(ends[0]);
	}
	figure("load-us", median(times, LOADS) / 1000);
}

static const struct {
	const char *name;
	void (*run)(const struct arguments *a);
} modes[] = {
    {"first", mode_first},
    {"sign", mode_sign},
    {"poll", mode_poll},
    {"made", mode_made},
    {"unknown", mode_unknown},
    {"load", mode_load},
};

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"module", required_argument, NULL, 'm'},
	    {"pin", required_argument, NULL, 'p'},
	    {"control", required_argument, NULL, 'c'}, {0}};
	struct arguments a = {.pin = "", .control = ""};
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'm')
			a.module = optarg;
		else if (o == 'p')
			a.pin = optarg;
		else if (o == 'c')
			a.control = optarg;
		else
			return 2;
	}
	if (a.module == NULL || optind + 1 != argc)
		fail("usage", "bench MODE --module FILE ...");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(argv[optind], modes[i].name) == 0) {
			modes[i].run(&a);
			return 0;
		}
	fail(argv[optind], "no such mode");
}
