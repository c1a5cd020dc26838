/* What a run of cipher.h consists of; for cipher.c and cipher_new.c. */
#ifndef CA_CRYPTO_CIPHER_RUN_H
#define CA_CRYPTO_CIPHER_RUN_H

#include <openssl/types.h>

#include "module/crypto/cipher.h"
#include "pcsc/base/buf.h"

struct ca_cipher_run {
	EVP_CIPHER_CTX *ctx;
	enum ca_cipher mode;
	bool encrypt;
	size_t tag;
	uint64_t blocks_max; /* of a counter */
	struct ca_buf iv, aad;
	/* of the message so far */
	size_t held;    /* bytes taken and not given */
	uint64_t taken; /* bytes in all */
	uint8_t *kept;  /* GCM: the cryptogram, until its tag is seen */
	size_t kept_n, kept_cap;
};

#endif
