/* What the two files of the vgca-chipdoc driver share; nobody else includes
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

ca_err ca_chipdoc_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out);
ca_err ca_chipdoc_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left);
ca_err ca_chipdoc_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left);
ca_err ca_chipdoc_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left);

#endif
