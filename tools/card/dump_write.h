/* The text of a dump: README.md of this folder tells the format. */
#ifndef CA_CARD_DUMP_WRITE_H
#define CA_CARD_DUMP_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "tools/card/dump_record.h"

/* Writes all of `d`, blanked unless `full`; `family` is the name of the profile
 * that reads the card, or NULL. CA_E_NO_SPACE: `out` took not all of it;
 * CA_E_NOMEM. */
CA_MUST_CHECK ca_err ca_dump_write(const struct ca_dump *d, const char *family,
    bool full, FILE *out);

#endif
