/*
 * Status words to ca_err (ISO/IEC 7816-4 clause 5.1.3; the table is the one of
 * the project's ISO dossier, section 8).
 */
#ifndef CA_APDU_SW_H
#define CA_APDU_SW_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/err.h"

/* sw & mask == value */
struct ca_sw_row {
	uint16_t mask, value;
	ca_err e;
};

/* The meaning of a status word where no command gives it another one. */
ca_err ca_sw_err(uint16_t sw);

/* The same with the caller's rows tried first. */
ca_err ca_sw_map(const struct ca_sw_row *rows, size_t n, uint16_t sw);

/* Tries left in a 63Cx, or -1 when sw is not one. */
int ca_sw_tries(uint16_t sw);

#endif
