/* The whole of a certificate, for a person; and a certificate as PEM. */
#ifndef CA_TOOL_CERT_DETAIL_H
#define CA_TOOL_CERT_DETAIL_H

#include <stdbool.h>
#include <stdio.h>

#include "pcsc/base/rd.h"
#include "tools/lib/fields.h"

/* Adds subject, issuer, key, usages, signature algorithm and fingerprint of a
 * DER certificate. Nothing, when it is none. */
void ca_cert_detail(struct ca_fields *f, struct ca_rd der);

/* Writes a DER certificate as PEM. False: it is none, or writing failed. */
bool ca_cert_write_pem(struct ca_rd der, FILE *out);

#endif
