/*
 * Bytes as people write them in a file or on a command line.
 */
#ifndef CA_BASE_HEX_H
#define CA_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"

/*
 * Reads pairs of hex digits in either case, with blanks or tabs allowed before,
 * between and after the pairs ("3B DF 18", "3bdf18"), into out, which holds cap
 * bytes; *out_n gets the count. Empty text is 0 bytes. False, and nothing
 * written, when something else stands there or it does not fit.
 */
CA_MUST_CHECK bool ca_hex_parse(const char *text, uint8_t *out, size_t cap,
    size_t *out_n);

#endif
