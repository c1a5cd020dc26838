/*
 * A DER SubjectPublicKeyInfo (RFC 5280, 4.1; RFC 3279, 2.3; RFC 5480) taken
 * apart. All views borrow from the bytes that were parsed.
 */
#ifndef CA_OSSL_SPKI_H
#define CA_OSSL_SPKI_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

/* The largest modulus that is handled: 8192 bits. */
#define CA_RSA_BYTES_MAX 1024

enum ca_spki_type {
	CA_SPKI_RSA,
	CA_SPKI_EC,
	CA_SPKI_RAW, /* Edwards and Montgomery curves (RFC 8410) */
};

struct ca_spki {
	enum ca_spki_type type;
	size_t bits;           /* of the modulus, of the curve's order; RAW:
				* of the public key */
	struct ca_rd modulus;  /* RSA: unsigned, no leading zero */
	struct ca_rd exponent; /* RSA: likewise */
	struct ca_rd params;   /* curves: DER ECParameters, tag included; RAW:
				* the OID of the algorithm */
	struct ca_rd point;    /* EC: 04 X Y, no wrapping; RAW: its bytes */
};

/* False when it is no public key of these types; *out is then untouched. */
CA_MUST_CHECK bool ca_spki_parse(struct ca_rd der, struct ca_spki *out);

/* RSA: true when the number is not below the modulus; both are big-endian, the
 * number as long as the modulus at most. */
CA_MUST_CHECK bool ca_spki_exceeds(const struct ca_spki *key,
    struct ca_rd number);

#endif
