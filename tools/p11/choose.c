/* One of several tokens. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"
#include "tools/p11/token.h"

static bool
named(const struct ca_p11_token *t, const char *wanted)
{
	return strcmp(t->serial, wanted) == 0 || strcmp(t->label, wanted) == 0;
}

static void
tell_all(const struct ca_p11_tokens *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->t[i].here)
			ca_say(_("  %zu. \"%s\", serial number %s, in reader "
				 "%s"),
			    i + 1, all->t[i].label, all->t[i].serial,
			    all->t[i].reader);
}

/* The number a person types on the terminal. */
static const struct ca_p11_token *
ask(const struct ca_p11_tokens *all)
{
	char line[32];
	size_t i;

	ca_say(_("There are several tokens:"));
	tell_all(all);
	(void)fprintf(stderr, "%s ", _("Which one? Its number:"));
	if (fgets(line, sizeof(line), stdin) == NULL)
		return NULL;
	i = strtoul(line, NULL, 10);
	if (i >= 1 && i <= all->n && all->t[i - 1].here)
		return &all->t[i - 1];
	ca_say_wrong(_("That is not one of the tokens."));
	return NULL;
}

static const struct ca_p11_token *
several(const struct ca_p11_tokens *all)
{
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		return ask(all);
	ca_say_wrong(_("There are several tokens, and none was named."));
	ca_say_next(_("Name one with --token SERIAL or --token LABEL:"));
	tell_all(all);
	return NULL;
}

static const struct ca_p11_token *
none(const char *wanted)
{
	if (wanted != NULL)
		ca_say_wrong(_("No token here has the serial number or label "
			       "\"%s\"."),
		    wanted);
	else
		ca_say_wrong(_("No token that this program knows is plugged "
			       "in."));
	ca_say_next(_("Plug it in; \"ca-token list\" shows what is seen."));
	return NULL;
}

const struct ca_p11_token *
ca_p11_choose(const struct ca_p11_tokens *all, const char *wanted)
{
	const struct ca_p11_token *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->t[i].here &&
		    (wanted == NULL || named(&all->t[i], wanted))) {
			found = &all->t[i];
			n++;
		}
	if (n == 0)
		return none(wanted);
	return n == 1 ? found : several(all);
}
