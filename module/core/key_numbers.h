/*
 * Between the attributes of private keys of the session and the keys that
 * compute. Big integers among the attributes have no leading zeros.
 */
#ifndef CA_CORE_KEY_NUMBERS_H
#define CA_CORE_KEY_NUMBERS_H

#include "module/core/attrs.h"
#include "module/crypto/privkey.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

/* The numbers of an RSA key, borrowed; empty where there is no attribute. */
struct ca_rsa_numbers ca_key_rsa_numbers(const struct ca_attrs *a);

/* The key, by CKA_KEY_TYPE; the caller frees it. As ca_privkey_rsa() and
 * ca_privkey_curve() answer. */
CA_MUST_CHECK ca_err ca_key_open(const struct ca_attrs *a,
    struct ca_privkey **out);

/* Adds the public, or all, numbers of a key as attributes. A point is in a DER
 * OCTET STRING. CA_E_NOMEM. */
CA_MUST_CHECK ca_err ca_key_put_public(struct ca_attrs *a,
    const struct ca_privkey *k);
CA_MUST_CHECK ca_err ca_key_put_private(struct ca_attrs *a,
    const struct ca_privkey *k);

#endif
