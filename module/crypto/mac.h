/*
 * MACs over OpenSSL, in parts: HMAC (RFC 2104), AES-CMAC (SP 800-38B) and
 * AES-GMAC (SP 800-38D).
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

/* Bytes of CMAC and GMAC; HMAC has those of its hash. */
#define CA_MAC_AES_LEN 16

/* The longest IV. */
#define CA_MAC_IV_MAX 128

/* Starts an HMAC with this key; the caller ends it with ca_mac_free(). */
CA_MUST_CHECK ca_err ca_mac_new(enum ca_hash h, struct ca_rd key,
    struct ca_mac_run **out);

/* Likewise CMAC and GMAC, with keys of 16, 24 or 32 bytes. An IV must not be
 * used twice with one key. */
CA_MUST_CHECK ca_err ca_mac_new_cmac(struct ca_rd key, struct ca_mac_run **out);
CA_MUST_CHECK ca_err ca_mac_new_gmac(struct ca_rd key, struct ca_rd iv,
    struct ca_mac_run **out);

CA_MUST_CHECK ca_err ca_mac_update(struct ca_mac_run *r, struct ca_rd in);

/* Writes the whole result. The run can only be freed after. */
CA_MUST_CHECK ca_err ca_mac_final(struct ca_mac_run *r, struct ca_wr *out);

/* Wipes, frees and sets to NULL. Safe on NULL. */
void ca_mac_free(struct ca_mac_run **r);

#endif
