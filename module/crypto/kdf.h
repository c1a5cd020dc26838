/*
 * Keys from keys and from passwords: HKDF (RFC 5869) and PBKDF2 (RFC
 * 8018, 5.2), over OpenSSL. Inputs and results are secrets of the caller; on
 * failure the result is wiped.
 */
#ifndef CA_CRYPTO_KDF_H
#define CA_CRYPTO_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "module/crypto/hash.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

/* HKDF-Extract: ca_hash_len(h) bytes to `out`. An empty salt is a hash's length
 * of zeros. */
CA_MUST_CHECK ca_err ca_hkdf_extract(enum ca_hash h, struct ca_rd salt,
    struct ca_rd key, uint8_t out[CA_HASH_LEN_MAX]);

/* The most that HKDF-Expand gives. */
size_t ca_hkdf_max(enum ca_hash h);

/* HKDF-Expand: n bytes, ca_hkdf_max(h) at most. */
CA_MUST_CHECK ca_err ca_hkdf_expand(enum ca_hash h, struct ca_rd prk,
    struct ca_rd info, uint8_t *out, size_t n);

/* What PBKDF2 is given beside the password. */
struct ca_pbkdf2 {
	enum ca_hash prf; /* HMAC with it */
	struct ca_rd salt;
	unsigned long iterations;
};

/* PBKDF2: n bytes. It takes as long as the iterations say, once for each
 * ca_hash_len() bytes or a part of them. */
CA_MUST_CHECK ca_err ca_pbkdf2(const struct ca_pbkdf2 *how,
    struct ca_rd password, uint8_t *out, size_t n);

#endif
