/*
 * Bounded writing into the caller's memory. Commands to a card are built with
 * this and nothing else. A write that does not fit sets `failed` and writes
 * nothing; later writes then do nothing, so the flag is checked once, at the
 * end, with ca_wr_ok(). No allocation.
 */
#ifndef CA_BASE_WR_H
#define CA_BASE_WR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

struct ca_wr {
	uint8_t *p;
	size_t cap;
	size_t n; /* bytes written; never above cap */
	bool failed;
};

/* A writer over cap bytes at p, empty. */
struct ca_wr ca_wr_of(void *p, size_t cap);

void ca_wr_u8(struct ca_wr *w, uint8_t v);
/* Most significant byte first. */
void ca_wr_u16(struct ca_wr *w, uint16_t v);
void ca_wr_bytes(struct ca_wr *w, struct ca_rd r);
void ca_wr_mem(struct ca_wr *w, const void *p, size_t n);
/* n times the byte v. */
void ca_wr_fill(struct ca_wr *w, uint8_t v, size_t n);
/* A BER-TLV with a tag of one to four bytes (5F20 is 0x5F20) and the shortest
 * length form, up to 65535. */
void ca_wr_tlv(struct ca_wr *w, uint32_t tag, struct ca_rd val);

/* True when everything so far fitted. */
CA_MUST_CHECK bool ca_wr_ok(const struct ca_wr *w);

/* What was written; empty when a write failed. */
struct ca_rd ca_wr_rd(const struct ca_wr *w);

/* Wipes the whole capacity and starts over. */
void ca_wr_wipe(struct ca_wr *w);

#endif
