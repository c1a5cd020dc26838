#include "tools/lib/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

#define HELP_COLUMN 22

/* Adds a table to those that are known; too long a table is a mistake of ours
 * that no option of it survives. */
static void
know(struct ca_given *g, const struct ca_option *table)
{
	for (; table != NULL && table->name != NULL; table++)
		if (g->n < CA_OPTIONS_MAX)
			g->options[g->n++] = table;
}

static void
complain(int found, const char *word)
{
	if (found == ':')
		ca_say_wrong(_("The option %s wants a value."), word);
	else
		ca_say_wrong(_("There is no option %s here."), word);
}

bool
ca_options_read(struct ca_given *out, const struct ca_option *own,
    const struct ca_option *common, int argc, char **argv)
{
	struct option all[CA_OPTIONS_MAX + 1];
	int found, at = 0;

	memset(out, 0, sizeof(*out));
	memset(all, 0, sizeof(all));
	know(out, own);
	know(out, common);
	for (size_t i = 0; i < out->n; i++) {
		all[i].name = out->options[i]->name;
		all[i].has_arg = out->options[i]->value != NULL
				     ? required_argument
				     : no_argument;
	}
	opterr = 0;
	optind = 0;
	while ((found = getopt_long(argc, argv, ":", all, &at)) != -1) {
		if (found != 0) {
			complain(found, argv[optind - 1]);
			return false;
		}
		out->values[at] = optarg != NULL ? optarg : "";
	}
	out->rest = argv + optind;
	out->rest_n = argc - optind;
	return true;
}

const char *
ca_option(const struct ca_given *g, const char *name)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->options[i]->name, name) == 0)
			return g->values[i];
	return NULL;
}

void
ca_options_help(const struct ca_option *table)
{
	for (; table->name != NULL; table++) {
		int n = table->value != NULL
			    ? printf("  --%s %s", table->name, table->value)
			    : printf("  --%s", table->name);

		if (n >= HELP_COLUMN)
			n = printf("\n") - 1;
		(void)printf("%*s%s\n", HELP_COLUMN - n, "", _(table->help));
	}
}
