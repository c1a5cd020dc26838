/*
 * What private keys of the session do in an operation: op->priv is the key.
 * The host does for them what a card does for its own. Slot lock held.
 */
#ifndef CA_CORE_OP_PRIVATE_H
#define CA_CORE_OP_PRIVATE_H

#include <stdbool.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* Whether parameters of CKM_EDDSA, if there were any, are for op's key, which
 * may be a public one. Ed25519 has none (see mech_param.c). */
CA_MUST_CHECK bool ca_eddsa_fits(const struct ca_op *op);

/* C_SignInit's questions about key and parameters. */
CA_MUST_CHECK CK_RV ca_private_sign_check(const struct ca_op *op);

/* The signature over what ca_op_value() gave. */
CA_MUST_CHECK CK_RV ca_private_sign(const struct ca_op *op, struct ca_rd value,
    struct ca_wr *out);

#endif
