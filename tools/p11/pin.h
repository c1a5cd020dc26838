/*
 * Orders that concern a PIN. Each spends one try at most, and none when the
 * token has one left, unless `spend_last`.
 */
#ifndef CA_P11_PIN_H
#define CA_P11_PIN_H

#include <stdbool.h>

#include "pcsc/base/secret.h"
#include "tools/lib/exit_code.h"
#include "tools/p11/token.h"

/* Sets a new PIN by the old one. NULL for both: they are keyed in at the
 * reader. What went wrong was told, with the tries left. */
enum ca_exit ca_p11_change_pin(struct ca_p11 *p, const struct ca_p11_token *t,
    const struct ca_secret *old_pin, const struct ca_secret *new_pin,
    bool spend_last);

/* Sets a new PIN, whether the old one is locked or not, by the PUK. */
enum ca_exit ca_p11_unblock(struct ca_p11 *p, const struct ca_p11_token *t,
    const struct ca_secret *puk, const struct ca_secret *new_pin,
    bool spend_last);

/* Whether a PIN (or the PUK) may be tried at all: not locked, and not the last
 * try without `spend_last`. Anything but CA_EXIT_OK was told. */
enum ca_exit ca_p11_pin_usable(const struct ca_p11_token *t, bool puk,
    bool spend_last);

/* What the tries are now, asked from the token again. */
void ca_p11_pin_tell(struct ca_p11 *p, const struct ca_p11_token *t, bool puk);

#endif
