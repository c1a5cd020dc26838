/*
 * AES-128 as secure messaging uses it, over OpenSSL.
 */
#ifndef CA_SM_AES_H
#define CA_SM_AES_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

#define CA_AES_BLOCK 16
#define CA_AES_KEY 16

/*
 * Encrypts or decrypts in place, CBC, without padding. n is a multiple of 16.
 * `iv` has 16 bytes and is not changed.
 */
CA_MUST_CHECK ca_err ca_aes_cbc(struct ca_rd key, const uint8_t *iv,
    int encrypt, uint8_t *data, size_t n);

/*
 * CMAC (NIST SP 800-38B), all 16 bytes to `out`. The chaining begins with `iv`,
 * which is zero in the standard; some cards put a counter there.
 */
CA_MUST_CHECK ca_err ca_aes_cmac(struct ca_rd key, const uint8_t *iv,
    struct ca_rd message, uint8_t out[CA_AES_BLOCK]);

#endif
