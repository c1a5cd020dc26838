/*
 * The numbers of a named curve, for cards that want to be told them.
 */
#ifndef CA_OSSL_DOMAIN_H
#define CA_OSSL_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* The largest that ca_domain_numbers() writes: of P-521. */
#define CA_DOMAIN_MAX 512

/* DER OBJECT IDENTIFIER of the NIST curve over a prime field of so many bits;
 * empty where it is none of 256, 384, 521. Static storage. */
struct ca_rd ca_domain_name(size_t bits);

/* Writes its domain parameters as ISO/IEC 7816-8 has them: 81 prime, 82 and 83
 * coefficients, 84 base point, 85 order, 87 cofactor. False: OpenSSL failed, or
 * there is no such curve. */
CA_MUST_CHECK bool ca_domain_numbers(size_t bits, struct ca_wr *w);

#endif
