/*
 * The little that the token layer wants to know of a certificate.
 */
#ifndef CA_TOKEN_X509_H
#define CA_TOKEN_X509_H

#include <stddef.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

/*
 * Cuts `in` to the one DER certificate it begins with (a file may be longer)
 * and gives its SubjectPublicKeyInfo. CA_E_MALFORMED: no certificate.
 * `der` borrows from `in`; `spki` (may be NULL) is the caller's.
 */
ca_err ca_x509_open(struct ca_rd in, struct ca_rd *der, struct ca_buf *spki);

/* A certificate file of a person: DER or PEM; `der` is the caller's. */
ca_err ca_x509_from_file(struct ca_rd text, struct ca_buf *der);

/* Bits of the key in a SubjectPublicKeyInfo: modulus, or order of the curve's
 * field. 0 when it is no key we know. */
size_t ca_x509_key_bits(struct ca_rd spki);

#endif
