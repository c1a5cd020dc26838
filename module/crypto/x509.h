/*
 * The fields of an X.509 certificate that become attributes (RFC 5280, 4.1),
 * as views into its DER. Nothing is verified here.
 */
#ifndef CA_CRYPTO_X509_H
#define CA_CRYPTO_X509_H

#include <stdbool.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

struct ca_x509 {
	struct ca_rd serial;  /* DER INTEGER, tag included */
	struct ca_rd issuer;  /* DER Name, tag included */
	struct ca_rd subject; /* DER Name, tag included */
	struct ca_rd spki;    /* DER SubjectPublicKeyInfo, tag included */
	char not_before[8];   /* YYYYMMDD, not terminated */
	char not_after[8];
	bool has_dates; /* false: the validity was not understood */
};

/* False when it is no certificate; *out is then untouched. */
CA_MUST_CHECK bool ca_x509_parse(struct ca_rd der, struct ca_x509 *out);

#endif
