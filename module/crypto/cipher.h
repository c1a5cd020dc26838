/*
 * AES in parts, over OpenSSL: ECB, CBC, CBC with PKCS#7 padding, CTR, GCM, CCM;
 * and triple DES, which only deciphers, in the first three. A run is for one
 * message. Not for two threads at once.
 */
#ifndef CA_CRYPTO_CIPHER_H
#define CA_CRYPTO_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

#define CA_AES_BLOCK 16
#define CA_DES_BLOCK 8

enum ca_cipher {
	CA_CIPHER_ECB,
	CA_CIPHER_CBC,
	CA_CIPHER_CBC_PAD,
	CA_CIPHER_CTR,
	CA_CIPHER_GCM,
	CA_CIPHER_CCM,
};

/* Parameters; the views are copied by ca_cipher_new(). */
struct ca_cipher_params {
	enum ca_cipher mode;
	bool des3; /* not AES */
	bool encrypt;
	struct ca_rd iv;     /* or counter block, or nonce */
	struct ca_rd aad;    /* GCM, CCM */
	size_t tag;          /* GCM, CCM: bytes */
	size_t total;        /* CCM: bytes of plaintext there will be */
	unsigned count_bits; /* CTR: bits of the counter, which may not wrap */
};

struct ca_cipher_run;

/* Bytes of a block: CA_AES_BLOCK or CA_DES_BLOCK. */
size_t ca_cipher_block(const struct ca_cipher_params *p);

/* Starts a run with a key of 16, 24 or (AES) 32 bytes; ended by
 * ca_cipher_free(). */
CA_MUST_CHECK ca_err ca_cipher_new(const struct ca_cipher_params *p,
    struct ca_rd key, struct ca_cipher_run **out);

/* CCM: bytes of plaintext that the next message has, in place of the total in
 * the parameters; ca_cipher_restart() begins it. */
void ca_cipher_expect(struct ca_cipher_run *r, size_t total);

/* Begins the message anew. */
CA_MUST_CHECK ca_err ca_cipher_restart(struct ca_cipher_run *r);

/* Bytes that ca_cipher_update() of n more gives exactly. */
size_t ca_cipher_update_size(const struct ca_cipher_run *r, size_t n);

/*
 * One more part; out has room for ca_cipher_update_size() and
 * CA_AES_BLOCK, and does not overlap `in`. Deciphering GCM gives nothing until
 * the tag is seen to be right, CCM gives nothing before the end at all.
 * CA_E_DATA_LEN: too much for a counter, for the length that was told for CCM,
 * or for what is kept of a message (CA_CIPHER_KEPT_MAX).
 */
CA_MUST_CHECK ca_err ca_cipher_update(struct ca_cipher_run *r, struct ca_rd in,
    uint8_t *out, size_t *out_n);

#define CA_CIPHER_KEPT_MAX (64UL * 1024UL * 1024UL)

/* The most bytes that ca_cipher_final() gives. */
size_t ca_cipher_final_size(const struct ca_cipher_run *r);

/*
 * The rest; out has room for ca_cipher_final_size() and CA_AES_BLOCK.
 * CA_E_DATA_LEN: what came is no number of blocks, has no room for a tag, or is
 * not as long as was told for CCM.
 * CA_E_DATA: padding or tag is wrong; nothing is given.
 */
CA_MUST_CHECK ca_err ca_cipher_final(struct ca_cipher_run *r, uint8_t *out,
    size_t *out_n);

/* Wipes, frees and sets to NULL. Safe on NULL. */
void ca_cipher_free(struct ca_cipher_run **r);

#endif
