/* What a private key is, for the files of privkey.h alone. */
#ifndef CA_CRYPTO_PRIVKEY_KEY_H
#define CA_CRYPTO_PRIVKEY_KEY_H

#include <stddef.h>

#include <openssl/evp.h>

#include "pcsc/ossl/curve.h"

struct ca_privkey {
	EVP_PKEY *key;
	const struct ca_curve *curve; /* NULL: RSA */
	size_t bits;
};

#endif
