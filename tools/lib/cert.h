/*
 * What a user wants to know of a certificate. Texts are UTF-8.
 */
#ifndef CA_TOOL_CERT_H
#define CA_TOOL_CERT_H

#include <stdbool.h>
#include <time.h>

#include "pcsc/base/rd.h"

#define CA_CERT_TEXT 256

struct ca_cert_facts {
	char holder[CA_CERT_TEXT];   /* the last CN of the subject */
	char agency[CA_CERT_TEXT];   /* OUs, deepest first, then O */
	char email[CA_CERT_TEXT];    /* subject, else subjectAltName */
	char tax_code[CA_CERT_TEXT]; /* of UID=MST:... */
	char issuer[CA_CERT_TEXT];   /* CN of the issuer */
	char serial[CA_CERT_TEXT];   /* hex digits, upper case, whole bytes */
	time_t from, to;
	bool authority; /* basicConstraints says so */
};

/* Reads one DER certificate. False: it is none. Texts that are too long are
 * cut between characters. */
bool ca_cert_read(struct ca_rd der, struct ca_cert_facts *out);

/* Whole days until `to`, rounded down; negative when it is over. */
long ca_cert_days_left(time_t to, time_t now);

/* A date as ISO 8601, YYYY-MM-DD, in local time. out holds 11 bytes. */
void ca_cert_date(time_t t, char out[11]);

#endif
