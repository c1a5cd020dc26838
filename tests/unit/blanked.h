/* That a dump of a card tells nobody's name. */
#ifndef UT_BLANKED_H
#define UT_BLANKED_H

#include <stddef.h>

#include "pcsc/base/buf.h"

/*
 * Checks that the answers and files in the dump at `path` hold neither the
 * label nor the serial number (hex digits; as bytes and as text), nor names,
 * numbers, dates, keys or signatures of these certificates (DER; an empty one
 * is passed over). `card` names the case.
 */
void ut_blanked(const char *card, const char *path, const char *label,
    const char *serial, const struct ca_buf *certs, size_t certs_n);

#endif
