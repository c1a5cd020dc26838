/* Choosing a new PIN: the rules are told, it is asked for, and it keeps them.
 */
#ifndef CA_TOOL_NEW_PIN_H
#define CA_TOOL_NEW_PIN_H

#include <stdbool.h>

#include "pcsc/base/secret.h"
#include "tools/lib/exit_code.h"

struct ca_new_pin {
	const char *source;            /* as in ca_pin_enter() */
	bool any;                      /* the office's rules do not count */
	size_t min, max;               /* characters; max 0: not known */
	const struct ca_secret *other; /* what it must not be, or NULL */
};

/* Fills *out, which the caller wipes. Anything but CA_EXIT_OK was told, and
 * that nothing was sent to the token. */
enum ca_exit ca_new_pin_enter(const struct ca_new_pin *how,
    struct ca_secret *out);

#endif
