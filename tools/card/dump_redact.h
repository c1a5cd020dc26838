/*
 * What is left of a card's bytes when its owner is taken out of them: tags,
 * lengths, small numbers, paths, algorithms and applications. Whatever is not
 * known to be one of these is blanked, so what this file does not know is lost
 * rather than told:
 *
 * - text: letters become x, digits 0, other ASCII characters stay;
 * - dates: the first second of 2000;
 * - numbers of more than three bytes: 01 01 .., with the sign and, for a
 *   modulus, the length in bits as before;
 * - octet strings of more than four bytes (identifiers of keys, fingerprints,
 *   serial numbers): EE .. EE and a number, the same for the same bytes, so
 *   that what belongs together still does;
 * - public keys and signatures: zeros, or numbers as above;
 * - what is no BER-TLV: 00 and FF stay, letters and digits as text, else *.
 */
#ifndef CA_CARD_DUMP_REDACT_H
#define CA_CARD_DUMP_REDACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

#define CA_DUMP_NAMES 256 /* octet strings that are told apart */

/* The octet strings seen so far, as fingerprints; zeroed at first. */
struct ca_dump_names {
	uint64_t seen[CA_DUMP_NAMES];
	size_t n;
};

enum ca_dump_kind {
	CA_DUMP_OBJECTS, /* a file, or a record of one */
	CA_DUMP_CONTROL, /* an answer to SELECT or GET DATA */
	CA_DUMP_CPLC,    /* the life cycle data: all but maker, chip and OS */
	CA_DUMP_TABLE,   /* binary: text alone is blanked, but for file names */
	CA_DUMP_BLANK,   /* nothing but its length is told */
};

/* Writes exactly as many bytes as `in` has. */
void ca_dump_redact(struct ca_dump_names *names, enum ca_dump_kind kind,
    struct ca_rd in, struct ca_wr *out);

/* The part for one primitive value, in dump_redact_leaf.c. `control` as
 * CA_DUMP_CONTROL; `hide`: a number is blanked, however short. */
void ca_dump_redact_leaf(struct ca_dump_names *names, uint32_t tag,
    struct ca_rd v, bool control, bool hide, struct ca_wr *out);
void ca_dump_redact_text(struct ca_rd v, struct ca_wr *out);
/* Bytes of which nothing is known. */
void ca_dump_redact_blank(struct ca_rd v, struct ca_wr *out);
void ca_dump_redact_name(struct ca_dump_names *names, struct ca_rd v,
    struct ca_wr *out);
/* As what it is when it is one whole constructed object; else false, and
 * nothing is written. */
bool ca_dump_redact_whole(struct ca_dump_names *names, struct ca_rd v,
    bool control, int depth, struct ca_wr *out);

#endif
