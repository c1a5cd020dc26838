/* The new PIN of pin change and pin unblock. */
#ifndef CA_TOKEN_NEW_PIN_H
#define CA_TOKEN_NEW_PIN_H

#include "pcsc/base/secret.h"
#include "tools/token/command.h"

/* Tells the rules for it and asks for it; `other` (may be NULL) is the old one,
 * which it must not be. Anything but CA_EXIT_OK was told. */
enum ca_exit ca_new_pin(struct ca_run *r, const struct ca_p11_token *t,
    const struct ca_secret *other, struct ca_secret *out);

/* Whether this order is keyed in at the reader: it has a keypad, and no file
 * was named. */
bool ca_pin_keyed(const struct ca_run *r, const struct ca_p11_token *t,
    const char *option);

#endif
