/*
 * Where a PIN comes from: a file that was named, or the terminal, without echo.
 * Never an argument of a command line, which every user of the machine can
 * read.
 */
#ifndef CA_TOOL_PIN_ENTRY_H
#define CA_TOOL_PIN_ENTRY_H

#include "pcsc/base/secret.h"
#include "tools/lib/exit_code.h"

/*
 * Fills *out, which the caller wipes. `source`: NULL for the terminal, or
 * "file:PATH" (RFC 7512, pin-source; a path alone is taken as well), whose
 * first line is the PIN. `prompt` is translated, without a colon. Anything but
 * CA_EXIT_OK: it was told, and *out is empty. CA_EXIT_CANCELLED: by Ctrl-C, or
 * nothing was entered.
 */
enum ca_exit ca_pin_enter(const char *source, const char *prompt,
    struct ca_secret *out);

/* The same twice on the terminal, until both agree, three times at most; once
 * from a file. */
enum ca_exit ca_pin_enter_new(const char *source, const char *prompt,
    const char *again, struct ca_secret *out);

#endif
