/*
 * DES as old cards use it, over OpenSSL's triple DES (single DES is triple DES
 * with one key three times, so no legacy provider is needed).
 */
#ifndef CA_SM_DES_H
#define CA_SM_DES_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

#define CA_DES_BLOCK 8

/*
 * Encrypts or decrypts in place, CBC, with a key of 8 (DES), 16 (two-key) or 24
 * bytes. n is a multiple of 8. `iv` has 8 bytes and is not changed.
 */
CA_MUST_CHECK ca_err ca_des_cbc(struct ca_rd key, const uint8_t *iv,
    int encrypt, uint8_t *data, size_t n);

#endif
