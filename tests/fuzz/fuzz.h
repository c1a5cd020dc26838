/*
 * What every harness shares. A harness is one function, the one libFuzzer
 * calls; where libFuzzer is not there replay.c calls it with the files of a
 * folder. See README.md.
 */
#ifndef CA_FUZZ_H
#define CA_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/rd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Something that must hold whatever the input is. */
#define FUZZ_CHECK(condition)                                                  \
	do {                                                                   \
		if (!(condition))                                              \
			fuzz_fail(#condition, __FILE__, __LINE__);             \
	} while (0)

_Noreturn void fuzz_fail(const char *what, const char *file, int line);

/* Once per process: every log line is made, and thrown away. */
void fuzz_begin(void);

/* A block of n bytes, never NULL, whatever fuzz_alloc_fail() was told;
 * free() it. */
void *fuzz_room(size_t n);

/* A copy of the bytes in a block of just that size, so that one byte too many
 * is seen; free() it. Never NULL. */
uint8_t *fuzz_copy(struct ca_rd r);

/* The first byte of the input chooses among n; 0 when there is none. */
size_t fuzz_choose(struct ca_rd *in, size_t n);

/* Reads every byte, so that a view into nowhere is seen. */
void fuzz_touch(struct ca_rd r);

/* The view lies within the other one. */
void fuzz_within(struct ca_rd inner, struct ca_rd outer);

/* A text of at most cap bytes, the NUL included. */
void fuzz_text(const char *text, size_t cap);

/* alloc.c: the n-th allocation of our own code from now on fails, once; 0:
 * none does. */
void fuzz_alloc_fail(unsigned n);

/* chance.c: ciphers of secure messaging do nothing. */
void fuzz_clear_text(bool on);

/* chance.c: told of each text that is deciphered; NULL: nobody. */
typedef void fuzz_seen(void *arg, struct ca_rd cipher, struct ca_rd plain);
void fuzz_see(fuzz_seen *fn, void *arg);

#endif
