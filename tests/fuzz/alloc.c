/*
 * The linker sends the allocations of our own code through here (-Wl,--wrap):
 * one of them fails on order.
 */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);

static unsigned fail_at;

void
fuzz_alloc_fail(unsigned n)
{
	fail_at = n;
}

void *
fuzz_room(size_t n)
{
	void *p = __real_malloc(n);

	FUZZ_CHECK(p != NULL);
	return p;
}

static int
fails_now(void)
{
	return fail_at > 0 && --fail_at == 0;
}

void *
__wrap_malloc(size_t n)
{
	return fails_now() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t count, size_t n)
{
	return fails_now() ? NULL : __real_calloc(count, n);
}

void *
__wrap_realloc(void *p, size_t n)
{
	return fails_now() ? NULL : __real_realloc(p, n);
}
