/*
 * What follows from the value of an object that is being made: whether the
 * value is one at all, and the attributes that are computed from it.
 */
#ifndef CA_CORE_KEY_VALUE_H
#define CA_CORE_KEY_VALUE_H

#include "module/core/builder.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/ossl/spki.h"

/* Limits of keys that are made here. Bits of a modulus; bytes of a secret. */
#define CA_RSA_BITS_MIN 1024
#define CA_RSA_BITS_MAX (8 * CA_RSA_BYTES_MAX)
#define CA_GENERIC_BYTES_MAX 4096

/* CKR_OK when a secret key of this type may have so many bytes, else
 * CKR_ATTRIBUTE_VALUE_INVALID. */
CA_MUST_CHECK CK_RV ca_key_value_fits(CK_KEY_TYPE type, size_t n);

/* Whether keys of this type lie on the curve that DER ECParameters name. */
bool ca_key_curve_fits(CK_KEY_TYPE type, struct ca_rd params);

/*
 * Checks b->a, which has every attribute it needs, and completes it: lengths,
 * CKA_CHECK_VALUE, CKA_PUBLIC_KEY_INFO, the history of the key.
 * CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT (numbers that do not
 * belong together), CKR_TEMPLATE_INCOMPLETE, CKR_CURVE_NOT_SUPPORTED,
 * CKR_HOST_MEMORY.
 */
CA_MUST_CHECK CK_RV ca_key_value_settle(struct ca_build *b);

#endif
