/*
 * AES and triple DES as C_Encrypt, C_Decrypt and their parts do them, with
 * session keys. Slot lock held. The results are those of the C_ function; what
 * ends the operation ends it here.
 */
#ifndef CA_CORE_OP_CIPHER_H
#define CA_CORE_OP_CIPHER_H

#include <stdbool.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

/* Reads the parameters of the mechanism into op->cipher_params, whose views
 * borrow from `given` until ca_cipher_begin(). CKR_MECHANISM_PARAM_INVALID. */
CA_MUST_CHECK CK_RV ca_cipher_read(struct ca_op *op, const CK_MECHANISM *given);

/* CK_GCM_PARAMS alone, likewise. */
CA_MUST_CHECK CK_RV ca_cipher_read_gcm(struct ca_cipher_params *p,
    const CK_MECHANISM *given);

/* Whether a GCM tag may have so many bits (SP 800-38D, 5.2.1.2). */
bool ca_cipher_gcm_fits(CK_ULONG tag_bits);

/* Whether CCM takes a nonce, a tag and a message of so many bytes (SP 800-38C,
 * A.1): what is left of a block beside the nonce counts those of the message.
 */
bool ca_cipher_ccm_fits(CK_ULONG nonce, CK_ULONG tag, CK_ULONG total);

/* Begins one with a key that may be used so (`may`: CKA_ENCRYPT, CKA_UNWRAP and
 * so on); op->mech and parameters are set. */
CA_MUST_CHECK CK_RV ca_cipher_begin(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key, bool encrypt, CK_ATTRIBUTE_TYPE may);

/* The longest result of a whole message of n bytes, of an operation that has
 * begun. */
size_t ca_cipher_once_size(const struct ca_op *op, size_t n);

/* C_Encrypt and C_Decrypt; the message anew each time. */
CA_MUST_CHECK CK_RV ca_cipher_once(struct ca_session *ss, struct ca_op *op,
    struct ca_rd in, CK_BYTE *out, CK_ULONG *out_len);

/* C_EncryptUpdate and C_DecryptUpdate. */
CA_MUST_CHECK CK_RV ca_cipher_part(struct ca_session *ss, struct ca_op *op,
    struct ca_rd in, CK_BYTE *out, CK_ULONG *out_len);

/* C_EncryptFinal and C_DecryptFinal. */
CA_MUST_CHECK CK_RV ca_cipher_end(struct ca_session *ss, struct ca_op *op,
    CK_BYTE *out, CK_ULONG *out_len);

#endif
