/*
 * HMAC (RFC 2104) over OpenSSL, in parts.
 */
#ifndef CA_CRYPTO_MAC_H
#define CA_CRYPTO_MAC_H

#include "module/crypto/hash.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* A running MAC, with its key in it. Not for two threads at once. */
struct ca_mac_run;

/* Starts one with this key; the caller ends it with ca_mac_free(). */
CA_MUST_CHECK ca_err ca_mac_new(enum ca_hash h, struct ca_rd key,
    struct ca_mac_run **out);

CA_MUST_CHECK ca_err ca_mac_update(struct ca_mac_run *r, struct ca_rd in);

/* Writes the result, ca_hash_len() bytes. The run can only be freed after. */
CA_MUST_CHECK ca_err ca_mac_final(struct ca_mac_run *r, struct ca_wr *out);

/* Wipes, frees and sets to NULL. Safe on NULL. */
void ca_mac_free(struct ca_mac_run **r);

#endif
