/* What a run of cipher.h consists of; for cipher.c, cipher_new.c and
 * cipher_ccm.c. */
#ifndef CA_CRYPTO_CIPHER_RUN_H
#define CA_CRYPTO_CIPHER_RUN_H

#include <openssl/types.h>

#include "module/crypto/cipher.h"
#include "pcsc/base/buf.h"

struct ca_cipher_run {
	EVP_CIPHER_CTX *ctx;
	enum ca_cipher mode;
	bool encrypt;
	size_t block;
	size_t tag;
	size_t total;        /* CCM */
	uint64_t blocks_max; /* of a counter */
	struct ca_buf iv, aad;
	/* of the message so far */
	size_t held;    /* bytes taken and not given */
	uint64_t taken; /* bytes in all */
	/* What waits for its end, in memory of locked.h: a cryptogram with its
	 * tag, or what is to be a CCM message. */
	uint8_t *kept;
	size_t kept_n, kept_cap;
};

/* CCM, when all has come: as ca_cipher_final(). */
CA_MUST_CHECK ca_err ca_cipher_ccm(struct ca_cipher_run *r, uint8_t *out,
    size_t *out_n);

#endif
