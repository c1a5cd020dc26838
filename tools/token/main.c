/* ca-token: the life of a token. */
#include <stdio.h>
#include <string.h>

#include "pcsc/base/cdefs.h"
#include "tools/lib/i18n.h"
#include "tools/lib/paragraph.h"
#include "tools/lib/say.h"
#include "tools/token/command.h"

/* Whether the option that stands here takes the next argument as its value. */
static bool
takes_next(const char *arg)
{
	for (const struct ca_option *o = ca_common_options; o->name != NULL;
	     o++)
		if (strcmp(arg + 2, o->name) == 0)
			return o->value != NULL;
	return false;
}

/* Options in front of the command go to the end, so that the command comes
 * first. Gives how many arguments were moved. */
static int
turn(int argc, char **argv)
{
	int n = 0;

	while (n < argc && strncmp(argv[n], "--", 2) == 0)
		n += takes_next(argv[n]) && n + 1 < argc ? 2 : 1;
	for (int i = 0; i < n; i++) {
		char *first = argv[0];

		memmove(argv, argv + 1, (size_t)(argc - 1) * sizeof(*argv));
		argv[argc - 1] = first;
	}
	return n;
}

/* How many of the arguments are the words of the command; 0: not this one. */
static int
matches(const struct ca_command *c, int argc, char **argv)
{
	const char *at = c->words;
	int n = 0;

	while (n < argc) {
		size_t len = strcspn(at, " ");

		if (strlen(argv[n]) != len || strncmp(argv[n], at, len) != 0)
			return 0;
		n++;
		at += len;
		if (*at == '\0')
			return n;
		at++;
	}
	return 0;
}

static enum ca_exit
usage(void)
{
	(void)printf(_("Usage: ca-token COMMAND [OPTION]...\n\n"
		       "Looks after VGCA tokens: what is on them, the PIN, "
		       "certificates.\n\nCommands:\n"));
	for (const struct ca_command *c = ca_commands; c->words != NULL; c++)
		(void)printf("  %-14s %s\n", c->words, _(c->summary));
	(void)printf("\n%s\n", _("Options of every command:"));
	ca_options_help(ca_common_options);
	(void)printf("\n%s\n",
	    _("\"ca-token COMMAND --help\" tells more of a command."));
	return CA_EXIT_OK;
}

static enum ca_exit
help(const struct ca_command *c)
{
	(void)printf(_("Usage: ca-token %s [OPTION]... %s\n\n"), c->words,
	    c->arguments);
	ca_paragraph(_(c->help));
	if (c->options != NULL) {
		(void)printf("\n%s\n", _("Options:"));
		ca_options_help(c->options);
	}
	(void)printf("\n%s\n", _("Options of every command:"));
	ca_options_help(ca_common_options);
	return CA_EXIT_OK;
}

static enum ca_exit
run(const struct ca_command *c, int argc, char **argv)
{
	struct ca_run r;
	enum ca_exit code;

	memset(&r, 0, sizeof(r));
	if (!ca_options_read(&r.given, c->options, ca_common_options, argc,
		argv)) {
		ca_say_next(_("\"ca-token %s --help\" shows what it takes."),
		    c->words);
		return CA_EXIT_USAGE;
	}
	if (ca_option(&r.given, "help") != NULL)
		return help(c);
	if (r.given.rest_n > 0 && c->arguments[0] == '\0') {
		ca_say_wrong(_("\"%s\" is not something this command takes."),
		    r.given.rest[0]);
		return CA_EXIT_USAGE;
	}
	code = c->run(&r);
	ca_p11_close(&r.p11);
	return code;
}

static enum ca_exit
no_command(void)
{
	ca_say_wrong(_("No command was given."));
	ca_say_next(_("\"ca-token --help\" lists the commands."));
	return CA_EXIT_USAGE;
}

static enum ca_exit
chosen(int argc, char **argv)
{
	if (argc < 2)
		return no_command();
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return usage();
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("ca-token %s\n", CAPKCS11_VERSION);
		return CA_EXIT_OK;
	}
	if (turn(argc - 1, argv + 1) == argc - 1)
		return no_command();
	for (const struct ca_command *c = ca_commands; c->words != NULL; c++) {
		int n = matches(c, argc - 1, argv + 1);

		if (n > 0) /* its last word stands where getopt skips one */
			return run(c, argc - n, argv + n);
	}
	ca_say_wrong(_("There is no command \"%s\"."), argv[1]);
	ca_say_next(_("\"ca-token --help\" lists the commands."));
	return CA_EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	ca_i18n_init();
	ca_say_program("ca-token");
	return (int)chosen(argc, argv);
}
