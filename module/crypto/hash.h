/*
 * Hash functions: SHA-1, SHA-2 and SHA-3 (FIPS 180-4, FIPS 202), and the
 * DigestInfo that wraps a hash for PKCS #1 v1.5 (RFC 8017, 9.2 note 1).
 */
#ifndef CA_CRYPTO_HASH_H
#define CA_CRYPTO_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

#define CA_HASH_LEN_MAX 64
#define CA_DIGESTINFO_MAX (CA_HASH_LEN_MAX + 19)

enum ca_hash {
	CA_HASH_NONE,
	CA_HASH_SHA1,
	CA_HASH_SHA224,
	CA_HASH_SHA256,
	CA_HASH_SHA384,
	CA_HASH_SHA512,
	CA_HASH_SHA3_224,
	CA_HASH_SHA3_256,
	CA_HASH_SHA3_384,
	CA_HASH_SHA3_512,
	CA_HASH_SHA512_224,
	CA_HASH_SHA512_256,
	CA_HASH_COUNT
};

/* Bytes of the result; 0 for CA_HASH_NONE. */
size_t ca_hash_len(enum ca_hash h);

/* OpenSSL's name of it, static storage; NULL for CA_HASH_NONE. */
const char *ca_hash_name(enum ca_hash h);

/* The hash of `in`, written to *out. */
CA_MUST_CHECK ca_err ca_hash_once(enum ca_hash h, struct ca_rd in,
    struct ca_wr *out);

/* A running hash. Not for two threads at once. */
struct ca_hash_run;

/* Starts one; the caller ends it with ca_hash_free(). */
CA_MUST_CHECK ca_err ca_hash_new(enum ca_hash h, struct ca_hash_run **out);

/* Another run that stands where this one does; likewise the caller's. */
CA_MUST_CHECK ca_err ca_hash_copy(const struct ca_hash_run *r,
    struct ca_hash_run **out);

CA_MUST_CHECK ca_err ca_hash_update(struct ca_hash_run *r, struct ca_rd in);

/* Writes the result. The run can only be freed afterwards. */
CA_MUST_CHECK ca_err ca_hash_final(struct ca_hash_run *r, struct ca_wr *out);

/* Frees and sets to NULL. Safe on NULL. */
void ca_hash_free(struct ca_hash_run **r);

/* Writes the DigestInfo of a hash value. CA_E_UNSUPPORTED for CA_HASH_NONE,
 * CA_E_DATA_LEN when the length is wrong. */
CA_MUST_CHECK ca_err ca_digestinfo_wrap(enum ca_hash h, struct ca_rd value,
    struct ca_wr *out);

/* Takes a DigestInfo apart; false when `in` is not exactly one of ours. */
CA_MUST_CHECK bool ca_digestinfo_open(struct ca_rd in, enum ca_hash *h,
    struct ca_rd *value);

#endif
