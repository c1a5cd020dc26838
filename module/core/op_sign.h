/*
 * Making a signature or MAC, step by step, for the functions that do it:
 * C_Sign, C_SignRecover, C_SignMessage and their kin. Slot lock held. Only
 * ca_sign_whole() ends the operation.
 */
#ifndef CA_CORE_OP_SIGN_H
#define CA_CORE_OP_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

/* Takes the key into an operation that ca_op_begin() has begun; `usage` is what
 * a private key must be for (CA_USE_SIGN ...). Values as C_SignInit gives. */
CA_MUST_CHECK CK_RV ca_sign_begin(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key, uint32_t usage);

/* Bytes of the signature, also of one that is checked: of the modulus, of r and
 * s, or of the MAC. */
size_t ca_sign_length(const struct ca_op *op);

/* One more part of the data. CKR_ARGUMENTS_BAD, CKR_DATA_LEN_RANGE. */
CA_MUST_CHECK CK_RV ca_sign_feed(struct ca_op *op, const CK_BYTE *in,
    CK_ULONG in_len);

/* Makes it after the last part; there is room for ca_sign_length() bytes. */
CA_MUST_CHECK CK_RV ca_sign_make(struct ca_session *ss, struct ca_op *op,
    CK_BYTE *sig, CK_ULONG *sig_len);

/* All that C_Sign does, with any operation. */
CA_MUST_CHECK CK_RV ca_sign_whole(struct ca_session *ss, struct ca_op *op,
    const CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig, CK_ULONG *sig_len);

#endif
