/*
 * Arenas: the mappings that locked.c cuts into pieces. An arena is cut into
 * chunks. A chunk serves pieces of one size, a power of two, as long as it
 * holds any. What describes them lies on the heap: nothing that is written
 * past a piece can mislead it.
 *
 * For locked.c alone, which holds its lock for everything here.
 */
#ifndef CA_BASE_ARENA_H
#define CA_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/locked.h"

#define CA_CHUNK CA_LOCKED_MAX
#define CA_CHUNKS 16
#define CA_ARENA ((size_t)CA_CHUNK * CA_CHUNKS) /* a page at least */
#define CA_PIECE_MIN 32
#define CA_CHUNK_WORDS (CA_CHUNK / CA_PIECE_MIN / 64)

struct ca_chunk {
	size_t piece; /* bytes of each; 0: the chunk is free */
	size_t used;
	uint64_t taken[CA_CHUNK_WORDS];
};

struct ca_arena {
	struct ca_arena *next;
	uint8_t *map; /* guard, CA_ARENA bytes, guard */
	uint8_t *p;
	bool locked;
	bool inherited; /* in a child: its lock is gone */
	size_t used;    /* pieces */
	struct ca_chunk chunk[CA_CHUNKS];
};

/* The first of all; NULL: none. */
struct ca_arena *ca_arena_first(void);

/* A new one, locked if that can be; it is the first from now on. NULL without
 * memory. */
struct ca_arena *ca_arena_new(void);

/* Unmaps one without pieces. */
void ca_arena_free(struct ca_arena *a);

/* Locks one whose lock a fork ended, if that can be. */
void ca_arena_relock(struct ca_arena *a);

/* In a child: the locks are gone (mlock(2)), the pages are zeroes. */
void ca_arenas_inherited(void);

#endif
