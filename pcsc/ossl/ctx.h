/*
 * Our own corner of OpenSSL, and random bytes.
 *
 * A library context of our own, with the default provider only: a program
 * whose openssl.cnf routes operations to a PKCS#11 provider must not have our
 * hashing routed back into this module while a slot is locked.
 *
 * OpenSSL tears itself down in an exit handler, and programs exist that call
 * C_Finalize after that. From then on every function that needs it
 * fails with CA_E_BUG or frees nothing; none of them touches OpenSSL.
 */
#ifndef CA_OSSL_CTX_H
#define CA_OSSL_CTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

/* Incomplete on purpose: not every room may include openssl. */
struct ossl_lib_ctx_st;

/* The context, made on first use; any thread. NULL when OpenSSL cannot be
 * used (no memory, or it was already torn down). */
struct ossl_lib_ctx_st *ca_crypto_ctx(void);

/* False once OpenSSL's exit handler has run. */
bool ca_crypto_alive(void);

/* Frees the context. No other thread may be using it. */
void ca_crypto_end(void);

/* n random bytes fit for keys. CA_E_BUG when the generator fails. */
CA_MUST_CHECK ca_err ca_crypto_random(uint8_t *out, size_t n);

#endif
