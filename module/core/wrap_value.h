/*
 * A key as the bytes that are wrapped, and back: the value of a secret key, a
 * private key as PKCS #8. Slot lock held; nothing is kept.
 */
#ifndef CA_CORE_WRAP_VALUE_H
#define CA_CORE_WRAP_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/builder.h"
#include "module/core/pkcs11_3.h"
#include "module/crypto/pad.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

struct ca_sobject;

/* Writes the bytes of a secret or private key. CKR_KEY_NOT_WRAPPABLE: a number
 * is missing that PKCS #8 needs. CKR_HOST_MEMORY. */
CA_MUST_CHECK CK_RV ca_wrap_value_write(const struct ca_sobject *x,
    struct ca_wr *out);

/*
 * Which lengths the new secret key of a build may have, when the cipher tells
 * nothing: what the template says, else what keys of its type have, `max` at
 * most. CKR_ATTRIBUTE_VALUE_INVALID: no key of its type is as long as the
 * template says.
 */
CA_MUST_CHECK CK_RV ca_wrap_value_lengths(const struct ca_build *b, size_t max,
    struct ca_lengths *out);

/*
 * Puts what was unwrapped into the build, which has begun. Up to `zeros` bytes
 * at its end may be there to fill a block; `whole`: the mechanism has noticed
 * any change, so they must be zeros, and a secret key cannot be cut short.
 * CKR_WRAPPED_KEY_INVALID: no private key of the type.
 * CKR_WRAPPED_KEY_LEN_RANGE: a secret key cannot have this length, or not the
 * one of the template. CKR_TEMPLATE_INCONSISTENT: the template names another
 * curve. CKR_CURVE_NOT_SUPPORTED, CKR_HOST_MEMORY.
 */
CA_MUST_CHECK CK_RV ca_wrap_value_read(struct ca_build *b, struct ca_rd plain,
    size_t zeros, bool whole);

#endif
