/*
 * Memory for secrets that stay: keys of the session, a plaintext that waits, a
 * PUK that is held. It is never swapped out (mlock), never in a core dump
 * (MADV_DONTDUMP), empty in a forked child (MADV_WIPEONFORK), and wiped when it
 * is given back. Pages that may not be touched lie before and behind it.
 *
 * How much memory a process may lock is the user's setting (RLIMIT_MEMLOCK,
 * often 8 MiB), shared with the application. No more than CA_LOCKED_TOTAL is
 * taken of it. Beyond that, or where nothing may be locked, the memory is the
 * same but can be swapped; the log says so once. The setting itself, and what
 * the application locked, are never changed.
 *
 * In a child after fork() what the parent had is zeroes, and its own is locked
 * anew. Every function may be called from any thread.
 */
#ifndef CA_BASE_LOCKED_H
#define CA_BASE_LOCKED_H

#include <stddef.h>

#include "pcsc/base/cdefs.h"

/* The largest piece that is locked. What is larger is bulk data, of which the
 * application holds copies of its own: it comes from the heap. */
#define CA_LOCKED_MAX 4096

/* Bytes that are locked at most. */
#define CA_LOCKED_TOTAL (2UL * 1024UL * 1024UL)

/* n zeroed bytes, n > 0. NULL without memory. */
void *ca_locked_new(size_t n);

/* Wipes and gives back; n as it was asked for. NULL is fine. */
void ca_locked_free(void *p, size_t n);

/* Returns to the system what nobody holds any more. */
void ca_locked_trim(void);

/* What there is now, for tests and figures. */
struct ca_locked_use {
	size_t pieces;   /* held by somebody */
	size_t bytes;    /* mapped for them */
	size_t unlocked; /* of those, not locked */
};
struct ca_locked_use ca_locked_use(void);

#endif
