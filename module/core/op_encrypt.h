/*
 * RSA encryption of one block as C_Encrypt and C_WrapKey both have it. Slot
 * lock held. The answers are those of C_EncryptInit and C_Encrypt.
 */
#ifndef CA_CORE_OP_ENCRYPT_H
#define CA_CORE_OP_ENCRYPT_H

#include <stddef.h>
#include <stdint.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* The public key for op->mech, if it may be used so (a CA_USE_ bit). */
CA_MUST_CHECK CK_RV ca_encrypt_rsa_begin(struct ca_session *ss,
    struct ca_op *op, CK_OBJECT_HANDLE key, uint32_t usage);

/* The longest plaintext. */
size_t ca_encrypt_rsa_max(const struct ca_op *op);

/* Encrypts `in`; the result is as long as the modulus. */
CA_MUST_CHECK CK_RV ca_encrypt_rsa(struct ca_op *op, struct ca_rd in,
    struct ca_wr *out);

#endif
