/*
 * What a program says to its user. A failure is told in up to three sentences:
 * what is wrong, what was not changed, what to do next. All of it goes to
 * standard error, so that standard output holds results alone.
 *
 * Formats and arguments are those of printf(); texts are translated already and
 * end without a newline. Control characters in what comes from a card or a file
 * are shown as '?'.
 */
#ifndef CA_TOOL_SAY_H
#define CA_TOOL_SAY_H

#include "pcsc/base/cdefs.h"

/* The name in front of what is wrong; borrowed. */
void ca_say_program(const char *name);

CA_PRINTF(1, 2) void ca_say_wrong(const char *fmt, ...);
CA_PRINTF(1, 2) void ca_say_kept(const char *fmt, ...);
CA_PRINTF(1, 2) void ca_say_next(const char *fmt, ...);
/* A remark that is no failure. */
CA_PRINTF(1, 2) void ca_say(const char *fmt, ...);

/* Of a text in place: control characters become '?'. Gives it back. */
char *ca_say_clean(char *text);

#endif
