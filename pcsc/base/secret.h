/*
 * Short secrets (PINs, PUKs) in the caller's memory. A PIN goes from the
 * application's pointer into one of these or straight into a command buffer,
 * and is wiped at the end of the call on every path.
 */
#ifndef CA_BASE_SECRET_H
#define CA_BASE_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

#define CA_SECRET_MAX 255

struct ca_secret {
	uint8_t b[CA_SECRET_MAX];
	size_t n;
};

/* Copies r into *s; CA_E_PIN_LEN when it is longer than CA_SECRET_MAX. */
CA_MUST_CHECK ca_err ca_secret_set(struct ca_secret *s, struct ca_rd r);

/* A view of the secret; valid while *s is. */
struct ca_rd ca_secret_rd(const struct ca_secret *s);

/* The only way to end a secret's life. Safe on a zeroed one, and twice. */
void ca_secret_wipe(struct ca_secret *s);

/* Overwrites n bytes at p; the compiler may not remove it. */
void ca_wipe(void *p, size_t n);

/* Compares in a time that depends on n alone. 0 when equal. */
int ca_const_cmp(const void *a, const void *b, size_t n);

#endif
