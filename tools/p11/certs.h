/*
 * Certificates on a token, as the module shows them without login.
 */
#ifndef CA_P11_CERTS_H
#define CA_P11_CERTS_H

#include "tools/lib/cert.h"
#include "tools/p11/attribute.h"
#include "tools/p11/token.h"

#define CA_CERTS_SHOWN_MAX 64
#define CA_CERT_ID_MAX 64

struct ca_p11_cert {
	struct ca_cert_facts facts;
	struct ca_buf der;
	char label[CA_CERT_TEXT];
	char id[2 * CA_CERT_ID_MAX + 1]; /* CKA_ID, hex digits */
	bool local; /* from a folder of this machine, not from the card */
};

struct ca_p11_certs {
	struct ca_p11_cert *c;
	size_t n;
};

/* All that can be read, the holder's first, of those the one that is valid
 * longest. An empty list when there is none; the caller ends it with
 * ca_p11_certs_free(). */
void ca_p11_certs(const struct ca_p11 *p, const struct ca_p11_token *t,
    struct ca_p11_certs *out);

void ca_p11_certs_free(struct ca_p11_certs *c);

/* The certificate of the token's holder: of those that are no authority's the
 * one that is valid longest. False: there is none. */
bool ca_p11_holder(const struct ca_p11 *p, const struct ca_p11_token *t,
    struct ca_cert_facts *out);

#endif
