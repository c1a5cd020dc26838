/*
 * How an object that is kept on the host stands in its file (pcsc/token/
 * objstore.h): DER,
 *
 *     SEQUENCE { INTEGER 1, { INTEGER type, value } ... }
 *
 * a pair for each attribute, its type being the CKA_ number. The value is a
 * BOOLEAN, an INTEGER or an OCTET STRING, as the attribute's row in schema.h
 * has it. Whoever can write to the user's files can write this: what is read
 * is checked like a template.
 */
#ifndef CA_CORE_STORED_CODE_H
#define CA_CORE_STORED_CODE_H

#include "module/core/attrs.h"
#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

/* Data objects and X.509 certificates alone. CA_E_NO_SPACE: longer than a file
 * may be. CA_E_DATA: a value that has no place there. CA_E_NOMEM. */
CA_MUST_CHECK ca_err ca_stored_encode(const struct ca_attrs *a,
    struct ca_buf *out);

/*
 * The attributes in a file, complete but for CKA_UNIQUE_ID. CA_E_MALFORMED: it
 * is none of ours, or says what may not be said there: private, trusted, not on
 * the token. CA_E_NOMEM. *out is empty when the answer is not CA_OK.
 */
CA_MUST_CHECK ca_err ca_stored_decode(struct ca_rd in, struct ca_attrs *out);

#endif
