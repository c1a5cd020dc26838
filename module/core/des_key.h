/* Keys of triple DES (PKCS#11 current mechanisms 3.0, 2.11). */
#ifndef CA_CORE_DES_KEY_H
#define CA_CORE_DES_KEY_H

#include <stddef.h>

#include "module/core/builder.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

/* Bytes of a key of this type: 16 or 24; 0 for all other types. */
size_t ca_des_key_bytes(CK_KEY_TYPE type);

/*
 * The parity bits of b's CKA_VALUE, which has the right length. A key that an
 * application brings must have them (CKR_ATTRIBUTE_VALUE_INVALID); of one that
 * was unwrapped or derived they are set. To refuse it there would tell whoever
 * made the cryptogram something about its plaintext, and RSA PKCS#1 v1.5 hides
 * just that. CKR_HOST_MEMORY.
 */
CA_MUST_CHECK CK_RV ca_des_key_parity(struct ca_build *b);

#endif
