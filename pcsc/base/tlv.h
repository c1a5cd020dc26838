/*
 * BER-TLV and the few DER types that card files use (ISO/IEC 8825-1, ISO/IEC
 * 7816-4 annex on BER-TLV data objects), read through bounded views.
 *
 * Limits: tags of up to four bytes, definite lengths of up to four length
 * bytes, no indefinite length, nesting of CA_TLV_DEPTH_MAX. A false return
 * leaves the view and the outputs untouched.
 */
#ifndef CA_BASE_TLV_H
#define CA_BASE_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

#define CA_TLV_DEPTH_MAX 16

/* Takes one TLV. The tag keeps its encoded bytes (7F49 reads as 0x7F49). */
CA_MUST_CHECK bool ca_tlv_next(struct ca_rd *r, uint32_t *tag,
    struct ca_rd *val);

/* Like ca_tlv_next, and `whole` gets tag, length and value together. */
CA_MUST_CHECK bool ca_tlv_whole(struct ca_rd *r, uint32_t *tag,
    struct ca_rd *val, struct ca_rd *whole);

/* Takes one TLV if it has this tag; otherwise nothing moves. */
CA_MUST_CHECK bool ca_tlv_expect(struct ca_rd *r, uint32_t tag,
    struct ca_rd *val);

/* Finds the first TLV with this tag among the siblings in `in`. */
CA_MUST_CHECK bool ca_tlv_find(struct ca_rd in, uint32_t tag,
    struct ca_rd *val);

/* Walks tags[0] > tags[1] > ... taking the first match at each level. */
CA_MUST_CHECK bool ca_tlv_path(struct ca_rd in, const uint32_t *tags,
    size_t depth, struct ca_rd *val);

/*
 * How many bytes the TLV at the start of `in` says it has in all, even when
 * `in` holds only its beginning: this is how much of a file is worth reading.
 * False when the header itself is incomplete or wrong.
 */
CA_MUST_CHECK bool ca_tlv_announced(struct ca_rd in, size_t *total);

/*
 * Skips the bytes that mean nothing between data objects in a file, 00 and FF
 * (ISO/IEC 7816-4, BER-TLV data objects). Always succeeds.
 */
void ca_tlv_skip_padding(struct ca_rd *r);

/* The value of a DER INTEGER that must lie in 0..max. A value of one byte
 * above 7F reads as 128..255: cards code references like that. */
CA_MUST_CHECK bool ca_der_uint(struct ca_rd val, uint32_t max, uint32_t *out);

/* The first 32 bits of a DER BIT STRING, bit 0 of the standard's numbering as
 * bit 0 of *out. Bits that are not there are 0. Empty content is an error. */
CA_MUST_CHECK bool ca_der_bits(struct ca_rd val, uint32_t *out);

/* A DER BOOLEAN (any non-zero content is true, as BER allows). */
CA_MUST_CHECK bool ca_der_bool(struct ca_rd val, bool *out);

#endif
