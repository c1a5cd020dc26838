/*
 * A growing byte buffer on the heap with a hard maximum, wiped when it is
 * released: a buffer may have held a secret, and nobody has to decide.
 * Zero-initialise (struct ca_buf b = {0}) and end with ca_buf_free(). One that
 * will hold a secret over a call is made with {.secret = true}: its memory is
 * that of locked.h.
 */
#ifndef CA_BASE_BUF_H
#define CA_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

/* No file, certificate or answer that we accept is larger. */
#define CA_BUF_MAX 65536

struct ca_buf {
	uint8_t *p;
	size_t n;    /* bytes in use */
	size_t cap;  /* bytes allocated */
	bool secret; /* set before the first byte, and for good */
};

/* Appends; CA_E_NOMEM when there is no memory or CA_BUF_MAX would be passed.
 * On failure the content is unchanged. */
CA_MUST_CHECK ca_err ca_buf_add(struct ca_buf *b, struct ca_rd r);

/* Replaces the content. `r` must not point into *b. */
CA_MUST_CHECK ca_err ca_buf_set(struct ca_buf *b, struct ca_rd r);

/* A view of the content; valid until the buffer changes. */
struct ca_rd ca_buf_rd(const struct ca_buf *b);

/* Moves the content of *from to *to (freed first), with the kind of memory it
 * is in; *from is then empty. */
void ca_buf_take(struct ca_buf *to, struct ca_buf *from);

/* Wipes and frees; the buffer is then empty. Safe on a zeroed buffer, and
 * twice. */
void ca_buf_free(struct ca_buf *b);

#endif
