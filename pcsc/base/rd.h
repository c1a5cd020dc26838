/*
 * Bounded reading of bytes that somebody else owns: a card, a file, the
 * network. The only files that do arithmetic on such pointers are rd.c, wr.c
 * and tlv.c.
 *
 * Every function checks first and moves after: a false return leaves *r and
 * every output exactly as they were. A view borrows; it lives as long as the
 * bytes under it. Copy the struct to look ahead. No locks, no allocation.
 */
#ifndef CA_BASE_RD_H
#define CA_BASE_RD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"

struct ca_rd {
	const uint8_t *p; /* may be NULL when n is 0 */
	size_t n;         /* bytes left */
};

/* A view of n bytes at p. A NULL p gives an empty view. */
struct ca_rd ca_rd_of(const void *p, size_t n);

/* Takes one byte. */
CA_MUST_CHECK bool ca_rd_u8(struct ca_rd *r, uint8_t *out);

/* Takes two bytes, most significant first. */
CA_MUST_CHECK bool ca_rd_u16(struct ca_rd *r, uint16_t *out);

/* Takes n bytes as a view of their own. */
CA_MUST_CHECK bool ca_rd_take(struct ca_rd *r, size_t n, struct ca_rd *sub);

/* Drops n bytes. */
CA_MUST_CHECK bool ca_rd_skip(struct ca_rd *r, size_t n);

/* True when nothing is left over. */
CA_MUST_CHECK bool ca_rd_end(const struct ca_rd *r);

/* True when both views hold the same bytes (not constant time). */
CA_MUST_CHECK bool ca_rd_equal(struct ca_rd a, struct ca_rd b);

/* True when every byte of the view has this value; true for an empty one. */
CA_MUST_CHECK bool ca_rd_all(struct ca_rd r, uint8_t value);

/*
 * Copies the whole view to out, which holds cap bytes; *out_n gets the count.
 * False, and nothing written, when it does not fit.
 */
CA_MUST_CHECK bool ca_rd_copy(struct ca_rd r, void *out, size_t cap,
    size_t *out_n);

#endif
