/*
 * A PIN as a person types it, made the block that a card compares (pinType,
 * pinFlags and storedLength of ISO/IEC 7816-15).
 */
#ifndef CA_CARD_PIN_H
#define CA_CARD_PIN_H

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

#endif
