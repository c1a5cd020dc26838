/*
 * What a card is given to sign: the recipe that suits key and mechanism, and
 * the bytes for it.
 */
#ifndef CA_CORE_SIGN_INPUT_H
#define CA_CORE_SIGN_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "module/core/mech.h"
#include "module/core/op.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* The best recipe that a key with these CA_ALG_BIT()s has for values of this
 * hash; false when it has none. */
CA_MUST_CHECK bool ca_sign_recipe(const struct ca_op *op, uint32_t algs,
    enum ca_hash hash, struct ca_recipe *out);

/*
 * Settles what is signed, once the value is there: the recipe, and the value
 * itself. A DigestInfo brought to CKM_RSA_PKCS is opened only for a card that
 * can do nothing but make its own. CKR_DATA_LEN_RANGE, CKR_DATA_INVALID.
 */
CA_MUST_CHECK CK_RV ca_sign_settle(const struct ca_op *op, uint32_t algs,
    struct ca_rd *value, struct ca_recipe *how);

/* Writes what crosses the card's edge for this form. CA_E_DATA_LEN and
 * CA_E_DATA when the value does not fit the key. */
CA_MUST_CHECK ca_err ca_sign_input(const struct ca_op *op, enum ca_form form,
    struct ca_rd value, struct ca_wr *out);

#endif
