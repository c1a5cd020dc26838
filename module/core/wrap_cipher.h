/*
 * The ciphers of C_WrapKey and C_UnwrapKey: RSA, AES key wrap, AES in its
 * modes, and triple DES, which only unwraps; over the same code as C_Encrypt
 * and C_Decrypt. An operation lives for one call here: it is set to zero, its
 * mech set, and ended by ca_op_end(). Slot lock held.
 */
#ifndef CA_CORE_WRAP_CIPHER_H
#define CA_CORE_WRAP_CIPHER_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* The longest key that is wrapped, as it goes into the cipher, and what comes
 * out of the cipher more than that. */
#define CA_WRAP_MAX 8192
#define CA_WRAP_MORE 64

/* The initial value of AES key wrap: none for the standard's, or one of its
 * length. It is borrowed from `given`. CKR_MECHANISM_PARAM_INVALID. */
CA_MUST_CHECK CK_RV ca_wrap_read(struct ca_op *op, const CK_MECHANISM *given);

/*
 * Finds the key that wraps or unwraps, and whether it may; op->mech and the
 * parameters are set. The answers are those of C_WrapKey and C_UnwrapKey about
 * this key. A card's key that wants the PIN for each use gets none here:
 * CKR_KEY_FUNCTION_NOT_PERMITTED.
 */
CA_MUST_CHECK CK_RV ca_wrap_begin(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key, bool wrap);

/* The same for C_DecapsulateKey by RSA, which is C_UnwrapKey with a right of
 * its own. */
CA_MUST_CHECK CK_RV ca_wrap_begin_decapsulate(struct ca_session *ss,
    struct ca_op *op, CK_OBJECT_HANDLE key);

/* Bytes that n bytes of key become. CKR_KEY_SIZE_RANGE: they cannot. */
CA_MUST_CHECK CK_RV ca_wrap_size(const struct ca_op *op, size_t n, size_t *out);

/* Zeros that a key of n bytes needs at its end (whole blocks), and the most
 * that an unwrapped one can have. */
size_t ca_wrap_zeros(const struct ca_op *op, size_t n);
size_t ca_wrap_zeros_max(const struct ca_op *op);

/* Wraps; `out` has room for ca_wrap_size(). The operation is over then. */
CA_MUST_CHECK CK_RV ca_wrap_lock(struct ca_session *ss, struct ca_op *op,
    struct ca_rd in, struct ca_wr *out);

/*
 * Unwraps; `out` has room for CA_WRAP_MAX and CA_WRAP_MORE. The operation is
 * over then. For CKM_RSA_PKCS
 * op->lengths is set, and the answer does not depend on what is inside.
 * CKR_WRAPPED_KEY_LEN_RANGE, CKR_WRAPPED_KEY_INVALID.
 */
CA_MUST_CHECK CK_RV ca_wrap_unlock(struct ca_session *ss, struct ca_op *op,
    struct ca_rd in, struct ca_wr *out);

/* Whether what is unwrapped is known to be as it was wrapped. */
bool ca_wrap_is_whole(const struct ca_op *op);

#endif
