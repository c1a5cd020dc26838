/* What the files of the vgca-chipdoc driver share; nobody else includes
 * this. The methods are described in driver.h. */
#ifndef CA_CARD_DRV_VGCA_CHIPDOC_H
#define CA_CARD_DRV_VGCA_CHIPDOC_H

#include <stdbool.h>

#include "pcsc/card/driver.h"
#include "pcsc/card/iasecc.h"

/* Whether an answer only means "I do not tell". */
bool ca_chipdoc_untold(ca_err e);

/* Whether a rule lets `pin` do it; what the card does not tell is left to the
 * user's order and to the card. */
bool ca_chipdoc_allows(const struct ca_rule *r, const struct ca_pin *pin);

/* The PIN object, all unknown where the card does not show it. */
ca_err ca_chipdoc_pin_object(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_object *out);

/*
 * Adds to the AODF's PIN what its object says: the narrower range, and the
 * form. IAS-ECC cards know two, as typed and all padded to one stored length;
 * CA_PINF_NEEDS_PADDING is set afterwards where they say that it is the second,
 * and clear where nothing settles it. CA_E_PIN_LEN: they name two stored
 * lengths, so that nothing may be sent.
 */
ca_err ca_chipdoc_narrow(const struct ca_pin_object *o, struct ca_pin *pin);

ca_err ca_chipdoc_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out);
ca_err ca_chipdoc_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left);
ca_err ca_chipdoc_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left);
ca_err ca_chipdoc_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left);

ca_err ca_chipdoc_keying(struct ca_tx *tx, enum ca_order order,
    const struct ca_pin *pin, const struct ca_pin *puk, struct ca_keying *out);

#endif
