/*
 * Private keys as PKCS #8 PrivateKeyInfo (RFC 5208; the version of RFC 5958 is
 * read, too): of RSA (RFC 8017, A.1.2), of curves (RFC 5915) and of Edwards and
 * Montgomery curves (RFC 8410). This is the form in which they are wrapped
 * (PKCS#11 3.0 current mechanisms, "Wrapping/unwrapping private keys").
 */
#ifndef CA_CRYPTO_PKCS8_H
#define CA_CRYPTO_PKCS8_H

#include <stdbool.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* The longest one that is written or read: RSA with 8192 bits takes 4.7 kB. */
#define CA_PKCS8_MAX 6144

enum ca_pkcs8_kind {
	CA_PKCS8_RSA,
	CA_PKCS8_EC,
	CA_PKCS8_EDWARDS,
	CA_PKCS8_MONTGOMERY,
};

#define CA_PKCS8_NUMBERS 8

struct ca_pkcs8 {
	enum ca_pkcs8_kind kind;
	/* RSA, in the order of RSAPrivateKey: n e d p q dp dq qi; big-endian,
	 * unsigned. */
	struct ca_rd number[CA_PKCS8_NUMBERS];
	/* Curves: DER ECParameters as CKA_EC_PARAMS has them, and the number or
	 * the bytes of the key. */
	struct ca_rd params, value;
};

/*
 * Reads one at the start of `in`; the views borrow from it, *rest is what
 * follows. False when it is none, or none that OpenSSL takes for a key.
 */
CA_MUST_CHECK bool ca_pkcs8_parse(struct ca_rd in, struct ca_pkcs8 *out,
    struct ca_rd *rest);

/* Writes one. All eight numbers of RSA are needed; `value` of a curve as long
 * as its order. CA_E_DATA: something is missing, or it is too long. CA_E_NOMEM.
 */
CA_MUST_CHECK ca_err ca_pkcs8_write(const struct ca_pkcs8 *key,
    struct ca_wr *out);

#endif
