/*
 * Checking a signature or MAC, step by step, for the functions that do it:
 * C_Verify, C_VerifySignature and their kin. Slot lock held. None of these ends
 * the operation.
 */
#ifndef CA_CORE_OP_VERIFY_H
#define CA_CORE_OP_VERIFY_H

#include <stddef.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

/* Takes the key into an operation that ca_op_begin() has begun. Values as
 * C_VerifyInit gives. */
CA_MUST_CHECK CK_RV ca_verify_begin(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key);

/* One more part of the data. CKR_ARGUMENTS_BAD, CKR_DATA_LEN_RANGE. */
CA_MUST_CHECK CK_RV ca_verify_feed(struct ca_op *op, const CK_BYTE *in,
    CK_ULONG in_len);

/* Compares, after the last part. CKR_SIGNATURE_INVALID,
 * CKR_SIGNATURE_LEN_RANGE. */
CA_MUST_CHECK CK_RV ca_verify_check(struct ca_session *ss, struct ca_op *op,
    struct ca_rd sig);

#endif
