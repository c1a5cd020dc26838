/*
 * The numbers of a named curve, for cards that want to be told them.
 */
#ifndef CA_OSSL_DOMAIN_H
#define CA_OSSL_DOMAIN_H

#include <stdbool.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/wr.h"
#include "pcsc/ossl/curve.h"

/* The largest that ca_domain_numbers() writes: of P-521. */
#define CA_DOMAIN_MAX 512

/* Writes the domain parameters of a CA_CURVE_SHORT as ISO/IEC 7816-8 has them:
 * 81 prime, 82 and 83 coefficients, 84 base point, 85 order, 87 cofactor.
 * False: OpenSSL failed, or it is no such curve. */
CA_MUST_CHECK bool ca_domain_numbers(const struct ca_curve *c, struct ca_wr *w);

#endif
