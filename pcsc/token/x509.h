/*
 * The little that the token layer wants to know of a certificate.
 */
#ifndef CA_TOKEN_X509_H
#define CA_TOKEN_X509_H

#include <stdbool.h>
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

/* Whether `fresh` may take the place of `old` (both one DER certificate): it is
 * another one, and its validity does not end before. False if either is none.
 */
bool ca_x509_renews(struct ca_rd old, struct ca_rd fresh);

/* Bits of the key in a SubjectPublicKeyInfo: modulus, or order of the curve's
 * field. 0 when it is no key we know. */
size_t ca_x509_key_bits(struct ca_rd spki);

#endif
