/*
 * Keys and certificates for tests, made once per process by OpenSSL.
 */
#ifndef UT_KEYS_H
#define UT_KEYS_H

#include <openssl/evp.h>

#include "pcsc/base/buf.h"
#include "tests/unit/ut.h"

enum ut_key {
	UT_RSA,        /* 1536 bits */
	UT_EC,         /* P-256 */
	UT_RSA_PUBLIC, /* another one: no private half, no certificate */
	UT_KEYS_
};

/* Borrowed; ends the program when OpenSSL cannot make one. */
EVP_PKEY *ut_key(enum ut_key which);

/* Its SubjectPublicKeyInfo, DER; borrowed. */
struct ca_rd ut_key_spki(enum ut_key which);

/* A self-signed certificate of it; DER and PEM; borrowed. Not for
 * UT_RSA_PUBLIC. */
struct ca_rd ut_cert(enum ut_key which);
struct ca_rd ut_cert_pem(enum ut_key which);

/* Frees all of it. */
void ut_keys_free(void);

#endif
