/*
 * A PIN as a person types it, made the block that a card compares (pinType,
 * pinFlags and storedLength of ISO/IEC 7816-15).
 */
#ifndef CA_CARD_PIN_H
#define CA_CARD_PIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"
#include "pcsc/card/model.h"
#include "pcsc/card/profile.h"

/*
 * Writes the block for `value` to `out` (the caller wipes it). CA_E_PIN_LEN
 * when the value is outside the PIN's length rule, or could only be sent in a
 * form that is not sure to be the card's own: a PIN is never truncated, and no
 * try is spent on a guess. CA_E_UNSUPPORTED for a pinType we do not know.
 */
ca_err ca_pin_encode(const struct ca_profile *p, const struct ca_pin *pin,
    struct ca_rd value, struct ca_wr *out);

/* The same block while nobody knows the value: the digits come from a keypad.
 */
struct ca_pin_form {
	bool bcd;
	uint8_t pad;
	size_t block;    /* bytes; 0: as many as digits */
	size_t min, max; /* digits; max 0: unknown */
};

/*
 * The form of a PIN, whatever its digits. Where the form is sure for one length
 * alone, that is the range. CA_E_UNSUPPORTED: it would hang on the digits.
 */
ca_err ca_pin_form(const struct ca_profile *p, const struct ca_pin *pin,
    struct ca_pin_form *out);

#endif
