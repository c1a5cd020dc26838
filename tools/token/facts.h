/*
 * What several commands say of a token, for people and as JSON.
 */
#ifndef CA_TOKEN_FACTS_H
#define CA_TOKEN_FACTS_H

#include <jansson.h>

#include "tools/lib/cert.h"
#include "tools/lib/fields.h"
#include "tools/p11/token.h"

/* Tries left of PIN and PUK. */
void ca_facts_pin_fields(struct ca_fields *f, const struct ca_p11_token *t);
/* Objects "pin" and "puk" in `into`. */
void ca_facts_pin_json(json_t *into, const struct ca_p11_token *t);

/* Holder and validity of a certificate. */
void ca_facts_holder_fields(struct ca_fields *f, const struct ca_cert_facts *c,
    time_t now);
void ca_facts_holder_json(json_t *into, const struct ca_cert_facts *c,
    time_t now);

/* Writes to standard output and releases *j. False: it could not be written,
 * which was told. */
bool ca_facts_json_print(json_t *j);

#endif
