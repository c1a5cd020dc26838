/*
 * What the host does with secret keys, over OpenSSL. Keys and results are
 * secrets of the caller; nothing is kept here.
 */
#ifndef CA_CRYPTO_SECRET_KEY_H
#define CA_CRYPTO_SECRET_KEY_H

#include <stdint.h>

#include "module/crypto/hash.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

#define CA_CHECK_VALUE_BYTES 3

/* The first bytes of one block of zeros, encrypted (PKCS#11 4.10.2). The key
 * has 16, 24 or 32 bytes. */
CA_MUST_CHECK ca_err ca_aes_check_value(struct ca_rd key,
    uint8_t out[CA_CHECK_VALUE_BYTES]);

/* The same of triple DES, with two or three keys: 16 or 24 bytes. */
CA_MUST_CHECK ca_err ca_des3_check_value(struct ca_rd key,
    uint8_t out[CA_CHECK_VALUE_BYTES]);

/* The key derivation of ANSI X9.63 (SEC 1, 3.6.1): n bytes to `out` from a
 * shared secret and what both sides know. */
CA_MUST_CHECK ca_err ca_kdf_x963(enum ca_hash h, struct ca_rd secret,
    struct ca_rd shared, uint8_t *out, size_t n);

/* The same from the one-step key derivation with a hash (NIST SP 800-56A
 * revision 2, 5.8.1; now SP 800-56C, 4), in which the counter comes first. */
CA_MUST_CHECK ca_err ca_kdf_one_step(enum ca_hash h, struct ca_rd secret,
    struct ca_rd shared, uint8_t *out, size_t n);

#endif
