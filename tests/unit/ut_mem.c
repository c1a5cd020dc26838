/*
 * The linker sends malloc, calloc and free of our own code through here
 * (-Wl,--wrap): allocations fail on order, and a block can be looked at in the
 * moment it is given back.
 */
#include <stdlib.h>

#include "tests/unit/ut.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void __wrap_free(void *p);

static unsigned fail_at;
static bool failed;
static const void *watched;
static size_t watched_n;
static bool freed_clean;

void
ut_mem_fail(unsigned n)
{
	fail_at = n;
	failed = false;
}

bool
ut_mem_failed(void)
{
	return failed;
}

void
ut_mem_watch(const void *p, size_t n)
{
	watched = p;
	watched_n = n;
	freed_clean = false;
}

bool
ut_mem_freed_clean(void)
{
	return watched == NULL && freed_clean;
}

static bool
fails_now(void)
{
	if (fail_at == 0 || --fail_at > 0)
		return false;
	failed = true;
	return true;
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

void
__wrap_free(void *p)
{
	if (p && p == watched) {
		freed_clean = ca_rd_all(ca_rd_of(p, watched_n), 0);
		watched = NULL;
	}
	__real_free(p);
}
