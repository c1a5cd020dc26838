/*
 * Looks for bytes in all the writable memory of this process, to see whether a
 * secret is left in it. A needle keeps them masked, so that it is not found
 * itself; whoever has them otherwise must have wiped them.
 */
#ifndef CA_SUITE_SCAN_H
#define CA_SUITE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CA_NEEDLE_BYTES 32

struct ca_needle {
	uint8_t masked[CA_NEEDLE_BYTES];
};

/* Random bytes; ends the program when there are none. */
void ca_needle_make(struct ca_needle *n);

/* Writes them out: the caller wipes. */
void ca_needle_show(const struct ca_needle *n, uint8_t out[CA_NEEDLE_BYTES]);

/* How often a third of them is found, or of them in the reverse order, in which
 * large numbers lie in memory: what is left of a block that was given back
 * without a wipe has other bytes at its beginning. Ends the program when memory
 * cannot be read. */
size_t ca_needle_count(const struct ca_needle *n);

/* How often n bytes, masked in the same way by ca_scan_mask(), are found. */
size_t ca_scan_count(const uint8_t *masked, size_t n);
void ca_scan_mask(uint8_t *bytes, size_t n);

/* Whether scanning tells anything here: under valgrind the registers of the
 * program are memory too. */
bool ca_scan_works(void);

#endif
