/*
 * The curves that are known by name: those of SEC 2 and FIPS 186 (ECDSA, ECDH),
 * Edwards (RFC 8032) and Montgomery curves (RFC 7748). One table for all rooms.
 */
#ifndef CA_OSSL_CURVE_H
#define CA_OSSL_CURVE_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/rd.h"

enum ca_curve_kind {
	CA_CURVE_SHORT, /* Weierstrass: a point is 04 X Y */
	CA_CURVE_EDWARDS,
	CA_CURVE_MONTGOMERY,
};

struct ca_curve {
	enum ca_curve_kind kind;
	const char *name; /* OpenSSL's, of the group or of the key type */
	uint8_t der[10];  /* its OID as DER ECParameters, tag included */
	size_t der_n;
	size_t field; /* bytes of a coordinate and of a private key; of the
		       * kinds that have no X and Y, of a public key */
	size_t bits;  /* of the order; 8 * field of the other kinds */
};

/*
 * The curve that DER ECParameters name, or NULL: an OID (RFC 5480, RFC 8410,
 * and those of GnuPG for curves 25519), or the PrintableString that PKCS#11
 * 3.0 has for Edwards and Montgomery curves (current mechanisms, 2.3.5, 2.3.7).
 */
const struct ca_curve *ca_curve_find(struct ca_rd params);

/* The curve of FIPS 186 over a prime field of so many bits: 224, 256, 384 or
 * 521; else NULL. */
const struct ca_curve *ca_curve_nist(size_t bits);

/* The OID of the curve: what stands in a SubjectPublicKeyInfo. */
struct ca_rd ca_curve_oid(const struct ca_curve *c);

/* Bytes of a public key: 04 X Y, or what RFC 8032 and RFC 7748 have. */
size_t ca_curve_point_bytes(const struct ca_curve *c);

#endif
