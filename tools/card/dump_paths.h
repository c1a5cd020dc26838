/*
 * A list of paths or names of applications without doubles, and where they
 * stand in a card's files: for dump_walk.c alone.
 */
#ifndef CA_CARD_DUMP_PATHS_H
#define CA_CARD_DUMP_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

#define CA_DUMP_PATHS_MAX 96 /* more are not noted */
#define CA_DUMP_PATH 16      /* bytes; longer ones are not noted */

struct ca_dump_paths;

/* NULL without memory. */
struct ca_dump_paths *ca_dump_paths_new(void);
void ca_dump_paths_free(struct ca_dump_paths *p);
void ca_dump_paths_clear(struct ca_dump_paths *p);

/* Notes one that is not empty, not too long and not there yet. */
void ca_dump_paths_add(struct ca_dump_paths *p, struct ca_rd path);

/* The n-th, borrowed until the list is cleared; false behind the last. */
CA_MUST_CHECK bool ca_dump_paths_get(const struct ca_dump_paths *p, size_t n,
    struct ca_rd *out);

/* Notes the path (OCTET STRING at the beginning of a SEQUENCE, of an even
 * number of bytes) of each Path of ISO/IEC 7816-15 in these objects. */
void ca_dump_paths_find(struct ca_dump_paths *p, struct ca_rd objects);

/* Notes the AIDs of application templates: 61 { 4F .. } (7816-4, 8.2.1.1). */
void ca_dump_paths_aids(struct ca_dump_paths *p, struct ca_rd objects);

#endif
