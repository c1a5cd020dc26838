/*
 * Certificates on a token, as the module shows them without login.
 */
#ifndef CA_P11_CERTS_H
#define CA_P11_CERTS_H

#include "tools/lib/cert.h"
#include "tools/p11/attribute.h"
#include "tools/p11/token.h"

/* The certificate of the token's holder: of those that are no authority's the
 * one that is valid longest. False: there is none. */
bool ca_p11_holder(const struct ca_p11 *p, const struct ca_p11_token *t,
    struct ca_cert_facts *out);

#endif
