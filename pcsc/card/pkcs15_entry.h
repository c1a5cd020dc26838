/*
 * One entry of a directory file of ISO/IEC 7816-15: a PIN, a key, a certificate
 * or a data object.
 */
#ifndef CA_CARD_PKCS15_ENTRY_H
#define CA_CARD_PKCS15_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/card/model.h"
#include "pcsc/card/pkcs15_parse.h"

/* The directory's name for the log; NULL: nothing of this kind is shown. */
const char *ca_p15_kind_name(enum ca_p15_kind kind);

/*
 * Appends the object with this tag and body to the model. True also for one
 * that is of no use here; false: it does not parse, or there is no room, and
 * nothing was added.
 */
CA_MUST_CHECK bool ca_p15_parse_entry(enum ca_p15_kind kind, uint32_t tag,
    struct ca_rd body, struct ca_model *io);

#endif
