/*
 * Public keys for OpenSSL.
 */
#ifndef CA_OSSL_EVP_KEY_H
#define CA_OSSL_EVP_KEY_H

#include <openssl/types.h>

#include "pcsc/base/rd.h"

/*
 * Makes a key from a DER SubjectPublicKeyInfo; the caller frees it. NULL when
 * it is none. OpenSSL 3's own decoder takes a quarter of a millisecond for
 * that and makes memory for every format it knows; here the numbers are given
 * to it directly, except for curves whose name is not known.
 */
EVP_PKEY *ca_evp_key(OSSL_LIB_CTX *lib, struct ca_rd spki);

#endif
