/*
 * What the unit tests share: checks that name their case, scratch folders, a
 * captured log, memory that fails or is watched, a repeatable dice.
 *
 * A suite is a table of tests in its test_<room>.c, listed in main.c. Every
 * test stands alone: it passes in any order and leaves nothing behind.
 */
#ifndef UT_H
#define UT_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/log.h"
#include "pcsc/base/rd.h"

/* ---- checks ---- */

/* Passes when `cond` is true; what follows is a printf text that names the
 * case, made after cond and only when it is false. Gives the value of cond. */
#define UT(cond, ...)                                                          \
	((cond) ? ut_pass(__FILE__, __LINE__)                                  \
		: ut_fail(#cond, __FILE__, __LINE__, __VA_ARGS__))

/* The same without a case to name. */
#define UT_OK(cond) UT(cond, "%s", "")

/* Count one check for CUnit; they give true and false. */
bool ut_pass(const char *file, unsigned line);
bool ut_fail(const char *cond, const char *file, unsigned line, const char *fmt,
    ...) CA_PRINTF(4, 5);

/* ---- bytes ---- */

/* A text as bytes, without its NUL. */
struct ca_rd ut_text(const char *text);

/* Hex digits as bytes in `room` (cap bytes). Ends the program when `hex` is no
 * hex or does not fit: the table is wrong then. */
struct ca_rd ut_hex(const char *hex, void *room, size_t cap);

/* A heap copy of exactly r.n bytes (one byte when r is empty), so that a
 * sanitizer or valgrind sees the first byte read beyond. Freed by free(). */
uint8_t *ut_exact(struct ca_rd r);

/* Makes the compiler believe that the memory at p is read and written. */
void ut_touch(void *p);

/* ---- dice ---- */

struct ut_dice {
	uint64_t state;
};

/* The same throws for the same seed, on every machine. */
struct ut_dice ut_dice_of(uint64_t seed);
/* A number in 0..n-1 (n > 0). */
uint32_t ut_roll(struct ut_dice *d, uint32_t n);
void ut_roll_bytes(struct ut_dice *d, uint8_t *out, size_t n);

/* ---- scratch folders ---- */

struct ut_dir {
	char path[256];
};

/* Makes a folder under $TMPDIR; ends the program when that fails. */
struct ut_dir ut_dir_new(void);
/* The path of `name` in it, in one of eight rotating buffers. */
const char *ut_dir_at(const struct ut_dir *d, const char *name);
/* Writes a file and gives its path like ut_dir_at(). */
const char *ut_dir_put(const struct ut_dir *d, const char *name,
    struct ca_rd content);
/* Removes it with everything in it. */
void ut_dir_free(struct ut_dir *d);

/* ---- the log ---- */

/* Captures the log from now on. */
void ut_log_begin(enum ca_log_level level);
/* What was logged since; valid until the next call of an ut_log function. */
const char *ut_log_text(void);
/* How often `part` stands in it. */
unsigned ut_log_count(const char *part);
/* Switches the log off and forgets it. */
void ut_log_end(void);

/* ---- memory (malloc, calloc, free of statically linked code) ---- */

/* The n-th allocation from now fails, once (1 = the next; 0 = none). */
void ut_mem_fail(unsigned n);
/* True when the planned failure has struck. */
bool ut_mem_failed(void);
/* Watches the block p of n bytes until it is freed. */
void ut_mem_watch(const void *p, size_t n);
/* True when the watched block was freed, and was all zero then. */
bool ut_mem_freed_clean(void);

/* ---- suites ---- */

struct ut_suite {
	const char *name;
	const CU_TestInfo *tests; /* ends with CU_TEST_INFO_NULL */
};

#endif
