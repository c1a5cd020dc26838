/*
 * The numbers of one half of a key pair that is being made: whether they are a
 * key, in the one form in which they are kept, and what follows from them
 * (CKA_MODULUS_BITS, CKA_PUBLIC_KEY_INFO, a public exponent that was left out).
 * CA_E_DATA: they are none; CA_E_REFUSED: they do not belong together;
 * CA_E_NOT_FOUND: some are missing; CA_E_NOMEM.
 */
#ifndef CA_CORE_KEY_PAIR_VALUE_H
#define CA_CORE_KEY_PAIR_VALUE_H

#include "module/core/builder.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

/* b->type is CKK_RSA. */
CA_MUST_CHECK ca_err ca_key_pair_rsa(struct ca_build *b);

/* Any other type, on the curve of b's CKA_EC_PARAMS, which fits it
 * (ca_key_curve_fits()). */
CA_MUST_CHECK ca_err ca_key_pair_ec(struct ca_build *b);

#endif
