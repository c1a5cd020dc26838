/*
 * How a channel of the ePass2003 family enciphers and proves, by its kind. Keys
 * are the session's; whoever has them wipes them.
 */
#ifndef CA_SM_EPASS2003_CRYPT_H
#define CA_SM_EPASS2003_CRYPT_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/wr.h"
#include "pcsc/sm/epass2003.h"

#define CA_EPASS2003_MAC 8 /* bytes of a MAC */

struct ca_epass2003_keys {
	enum ca_epass2003_kind kind;
	uint8_t enc[CA_EPASS2003_KEY], mac[CA_EPASS2003_KEY];
	uint8_t counter[CA_EPASS2003_COUNTER];
};

/* Bytes of a block of the cipher. */
size_t ca_epass2003_block(const struct ca_epass2003_keys *k);

/* Counts on; the counter is as wide as a block. */
void ca_epass2003_count(struct ca_epass2003_keys *k);

/* 80 00.. to whole blocks; always at least the 80. */
void ca_epass2003_pad(struct ca_wr *w, size_t block);

/* Enciphers (1) or deciphers (0) n bytes, whole blocks, where they stand. */
CA_MUST_CHECK ca_err ca_epass2003_cipher(const struct ca_epass2003_keys *k,
    int encrypt, uint8_t *data, size_t n);

/* The MAC of what stands in *message, which is overwritten. A CMAC pads by
 * itself; for the others the message is whole blocks. */
CA_MUST_CHECK ca_err ca_epass2003_mac(const struct ca_epass2003_keys *k,
    struct ca_wr *message, uint8_t out[CA_EPASS2003_MAC]);

#endif
