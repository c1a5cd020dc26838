/*
 * INI text through libinih, with every fault named by file and line.
 *
 *     ; a comment, # as well
 *     [section]
 *     key = value   ; a comment after white space and ';'
 *
 * White space at the ends of lines, keys and values is dropped; a value has no
 * continuation lines. A line holds at most CA_INI_LINE bytes, a section name
 * at most CA_INI_SECTION. The global switches of libinih are shared with the
 * program we live in and are never touched.
 */
#ifndef CA_CONF_INI_H
#define CA_CONF_INI_H

#include <stdbool.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

#define CA_INI_LINE 197   /* bytes without the end of line: inih's 200 */
#define CA_INI_SECTION 49 /* bytes: inih cuts longer names in silence */

/*
 * Called for each pair, with its line (from 1); the texts live until it
 * returns. `section` is "" before
 * the first section. To refuse a pair it sets *why to a reason (static storage,
 * "unknown key") and returns false.
 */
typedef bool ca_ini_row(void *arg, unsigned line, const char *section,
    const char *key, const char *value, const char **why);

/*
 * Reads `text` and gives each pair to `row`. A fault - a line that is neither
 * section nor pair, too long, with a NUL byte, or refused by `row` - is logged
 * as error "name:line: why" and counted in *faults; the other lines still
 * count. After a faulty section line pairs are faults until the next good one:
 * they must not land in the section before it.
 *
 * CA_E_NOMEM is the only error; *faults is set in any case.
 */
CA_MUST_CHECK ca_err ca_ini_parse(struct ca_rd text, const char *name,
    ca_ini_row *row, void *arg, unsigned *faults);

#endif
