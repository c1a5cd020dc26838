#include "tools/lib/say.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *program = "";

void
ca_say_program(const char *name)
{
	program = name;
}

char *
ca_say_clean(char *text)
{
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return text;
}

static bool
coloured(void)
{
	return isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL;
}

static void
say(bool fault, const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	(void)fflush(stdout);
	if (fault)
		(void)fprintf(stderr,
		    coloured() ? "\033[1;31m%s:\033[0m " : "%s: ", program);
	(void)fprintf(stderr, "%s\n", ca_say_clean(text));
	free(text);
}

#define SAY(fault)                                                             \
	do {                                                                   \
		va_list args;                                                  \
		va_start(args, fmt);                                           \
		say(fault, fmt, args);                                         \
		va_end(args);                                                  \
	} while (0)

void
ca_say_wrong(const char *fmt, ...)
{
	SAY(true);
}

void
ca_say_kept(const char *fmt, ...)
{
	SAY(false);
}

void
ca_say_next(const char *fmt, ...)
{
	SAY(false);
}

void
ca_say(const char *fmt, ...)
{
	SAY(false);
}
