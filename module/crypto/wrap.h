/*
 * AES key wrap over OpenSSL: KW (RFC 3394; SP 800-38F, 6.2), KWP (RFC 5649;
 * 6.3), and KW over PKCS#7 padding to whole semiblocks, which PKCS#11 3.1 adds.
 * All in one call; keys and results are the caller's secrets.
 */
#ifndef CA_CRYPTO_WRAP_H
#define CA_CRYPTO_WRAP_H

#include <stddef.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* The longest that is wrapped. */
#define CA_KEYWRAP_MAX 65536
/* What a wrapped key is longer than the key, at most. */
#define CA_KEYWRAP_MORE 16

enum ca_keywrap {
	CA_KEYWRAP_KW,    /* whole semiblocks of 8 bytes, two at least */
	CA_KEYWRAP_KWP,   /* any length but 0 */
	CA_KEYWRAP_PKCS7, /* 8 bytes at least */
};

/* Bytes of an initial value of one's own. */
size_t ca_keywrap_iv(enum ca_keywrap kind);

/* Bytes that n bytes have when they are wrapped; 0: they cannot be. */
size_t ca_keywrap_size(enum ca_keywrap kind, size_t n);

/*
 * Wraps `in` under a key of 16, 24 or 32 bytes. `iv` is empty for the initial
 * value of the standard, or has ca_keywrap_iv() bytes. CA_E_DATA_LEN: a length
 * that cannot be wrapped.
 */
CA_MUST_CHECK ca_err ca_keywrap(enum ca_keywrap kind, struct ca_rd kek,
    struct ca_rd iv, struct ca_rd in, struct ca_wr *out);

/*
 * The reverse. CA_E_DATA_LEN: no wrapped key has this length. CA_E_DATA: it was
 * not wrapped under this key and initial value, or was changed; nothing is
 * written, and nothing tells which.
 */
CA_MUST_CHECK ca_err ca_keyunwrap(enum ca_keywrap kind, struct ca_rd kek,
    struct ca_rd iv, struct ca_rd in, struct ca_wr *out);

#endif
