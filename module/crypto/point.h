/*
 * Points of elliptic curves, and public keys written as DER
 * SubjectPublicKeyInfo. Curves are named by DER ECParameters, as CKA_EC_PARAMS
 * has them: those of pcsc/ossl/curve.h.
 */
#ifndef CA_CRYPTO_POINT_H
#define CA_CRYPTO_POINT_H

#include <stddef.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* 04 X Y on the largest curve, P-521. */
#define CA_POINT_MAX (1 + 2 * 66)

/* Bytes of a coordinate, and of a shared secret; 0 for a curve that is not
 * known here. */
size_t ca_point_field(struct ca_rd params);

/* Bits of the number, leading zeros not counted. */
size_t ca_bit_length(struct ca_rd number);

/*
 * The point as 04 X Y (Edwards and Montgomery curves: as RFC 8032 and RFC 7748
 * have it), from that form or from a DER OCTET STRING with it in. For the
 * curves that are not written as 04 X Y, editions of PKCS#11 disagree (3.0:
 * DER, 3.1: bare bytes), and a BIT STRING has been seen, too. CA_E_DATA: it is
 * none of these, or not a point of the curve (SP 800-56A, 5.6.2.3.3: on the
 * curve, not at infinity; the cofactor is 1). CA_E_UNSUPPORTED: the curve is
 * not known.
 */
CA_MUST_CHECK ca_err ca_point_open(struct ca_rd params, struct ca_rd given,
    struct ca_wr *out);

/* Writes SubjectPublicKeyInfo. The numbers have no leading zeros; the point is
 * what ca_point_open() gives. CA_E_DATA: longer than is handled. */
CA_MUST_CHECK ca_err ca_spki_make_rsa(struct ca_rd modulus,
    struct ca_rd exponent, struct ca_buf *out);
CA_MUST_CHECK ca_err ca_spki_make_ec(struct ca_rd params, struct ca_rd point,
    struct ca_buf *out);

#endif
