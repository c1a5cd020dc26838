/* ca-token pin unblock --remote: the end with the card. */
#ifndef CA_CARD_REMOTE_COMMAND_H
#define CA_CARD_REMOTE_COMMAND_H

#include <stdbool.h>

#include "tools/lib/exit_code.h"

struct ca_remote_order {
	const char *token;          /* its serial number or label, or NULL */
	const char *reader;         /* NULL: the only one with a card */
	const char *new_pin_source; /* as in ca_pin_enter() */
	bool any_pin;               /* the office's rules do not count */
	bool spend_last;            /* the last try may be spent */
};

/*
 * Asks for the new PIN, has the card make a challenge, shows its code, reads
 * the code of the answer from standard input, and sets the PIN. The card is
 * held from challenge to answer; a code that was misheard is asked for again
 * and costs nothing. What went wrong was told, with the tries left.
 */
enum ca_exit ca_remote_command(const struct ca_remote_order *o);

#endif
