/*
 * RSA decryption of one block as C_Decrypt and C_UnwrapKey both have it. Slot
 * lock held. The answers are those of C_DecryptInit and C_Decrypt.
 */
#ifndef CA_CORE_OP_DECRYPT_H
#define CA_CORE_OP_DECRYPT_H

#include <stddef.h>
#include <stdint.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

/* The longest plaintext there can be: the answer to a length query. */
size_t ca_decrypt_rsa_max(const struct ca_op *op);

/* The private key for op->mech, if it may be used so (CA_USE_ bits, one is
 * enough). op->lengths becomes all there are, if it was not set (step 0). */
CA_MUST_CHECK CK_RV ca_decrypt_rsa_begin(struct ca_session *ss,
    struct ca_op *op, CK_OBJECT_HANDLE key, uint32_t usage);

/*
 * Fills op->out from op->in, with the one use of the key. With CKM_RSA_PKCS the
 * result has one of op->lengths whatever was in the block (see
 * ca_unpad_pkcs1()).
 */
CA_MUST_CHECK CK_RV ca_decrypt_rsa(struct ca_session *ss, struct ca_op *op);

#endif
