#include <stdlib.h>
#include <string.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/locked.h"
#include "tests/unit/suites.h"

static bool
is(const struct ca_buf *b, const char *text)
{
	return ca_rd_equal(ca_buf_rd(b), ut_text(text));
}

static void
add_and_set(void)
{
	struct ca_buf b = {0};

	UT_OK(ca_buf_rd(&b).n == 0);
	UT_OK(ca_buf_add(&b, ca_rd_of(NULL, 0)) == CA_OK && b.p == NULL);
	UT_OK(ca_buf_add(&b, ut_text("one ")) == CA_OK);
	UT_OK(ca_buf_add(&b, ut_text("two")) == CA_OK && is(&b, "one two"));
	UT_OK(ca_buf_set(&b, ut_text("3")) == CA_OK && is(&b, "3"));
	/* Nothing of the longer content stays behind the shorter one. */
	UT_OK(ca_rd_all(ca_rd_of(b.p + 1, 6), 0));
	UT_OK(ca_buf_set(&b, ca_rd_of(NULL, 0)) == CA_OK && b.n == 0);
	ca_buf_free(&b);
	UT_OK(b.p == NULL && b.n == 0 && b.cap == 0);
	ca_buf_free(&b);
}

static void
grows_to_the_maximum(void)
{
	uint8_t part[1000];
	struct ca_buf b = {0};
	size_t n = 0;

	memset(part, 0x5C, sizeof(part));
	while (n + sizeof(part) <= CA_BUF_MAX) {
		UT(ca_buf_add(&b, ca_rd_of(part, sizeof(part))) == CA_OK, "%zu",
		    n);
		n += sizeof(part);
		UT(b.n == n && b.cap >= n && b.cap <= CA_BUF_MAX, "%zu", n);
	}
	UT_OK(ca_buf_add(&b, ca_rd_of(part, CA_BUF_MAX - n + 1)) == CA_E_NOMEM);
	UT_OK(b.n == n);
	UT_OK(ca_buf_add(&b, ca_rd_of(part, CA_BUF_MAX - n)) == CA_OK);
	UT_OK(b.n == CA_BUF_MAX && ca_rd_all(ca_buf_rd(&b), 0x5C));
	UT_OK(ca_buf_add(&b, ca_rd_of(part, 1)) == CA_E_NOMEM);
	UT_OK(ca_buf_add(&b, ca_rd_of(part, 0)) == CA_OK);
	UT_OK(b.n == CA_BUF_MAX);
	ca_buf_free(&b);
}

static void
set_too_much(void)
{
	uint8_t *big = calloc(1, CA_BUF_MAX + 1);
	struct ca_buf b = {0};

	UT_OK(ca_buf_set(&b, ut_text("stays")) == CA_OK);
	UT_OK(ca_buf_set(&b, ca_rd_of(big, CA_BUF_MAX + 1)) == CA_E_NOMEM);
	UT_OK(is(&b, "stays"));
	UT_OK(ca_buf_set(&b, ca_rd_of(big, CA_BUF_MAX)) == CA_OK);
	UT_OK(b.n == CA_BUF_MAX);
	ca_buf_free(&b);
	free(big);
}

static void
add_from_itself(void)
{
	struct ca_buf b = {0};

	UT_OK(ca_buf_set(&b, ut_text("0123456789")) == CA_OK);
	for (int i = 0; i < 8; i++)
		UT(ca_buf_add(&b, ca_buf_rd(&b)) == CA_OK, "%d", i);
	UT_OK(b.n == 10 * 256);
	for (size_t i = 0; i < b.n; i++)
		UT(b.p[i] == '0' + i % 10, "%zu", i);
	ca_buf_free(&b);
}

static void
no_memory(void)
{
	uint8_t big[600] = {1};
	struct ca_buf b = {0};

	ut_mem_fail(1);
	UT_OK(ca_buf_add(&b, ut_text("x")) == CA_E_NOMEM);
	UT_OK(ut_mem_failed() && b.p == NULL);
	UT_OK(ca_buf_add(&b, ut_text("x")) == CA_OK);
	ut_mem_fail(1);
	UT_OK(ca_buf_add(&b, ca_rd_of(big, sizeof(big))) == CA_E_NOMEM);
	UT_OK(is(&b, "x"));
	ut_mem_fail(1);
	UT_OK(ca_buf_set(&b, ca_rd_of(big, sizeof(big))) == CA_E_NOMEM);
	UT_OK(ut_mem_failed() && is(&b, "x"));
	ut_mem_fail(0);
	ca_buf_free(&b);
}

static void
take(void)
{
	struct ca_buf a = {0}, b = {0};
	const uint8_t *p;

	UT_OK(ca_buf_set(&a, ut_text("secret of a")) == CA_OK);
	UT_OK(ca_buf_set(&b, ut_text("b")) == CA_OK);
	p = b.p;
	ut_mem_watch(a.p, a.cap);
	ca_buf_take(&a, &b);
	UT_OK(ut_mem_freed_clean());
	UT_OK(is(&a, "b") && a.p == p && b.p == NULL && b.n == 0);
	ca_buf_take(&a, &a);
	UT_OK(is(&a, "b"));
	ca_buf_take(&a, &b);
	UT_OK(a.p == NULL && a.n == 0);
}

/* A block is all zero in the moment it goes back to the heap. */
static void
wiped_when_freed(void)
{
	uint8_t big[4000];
	struct ca_buf b = {0};

	memset(big, 0x99, sizeof(big));
	UT_OK(ca_buf_add(&b, ca_rd_of(big, 100)) == CA_OK);
	ut_mem_watch(b.p, b.cap);
	/* Growing moves the content: the old block is wiped too. */
	UT_OK(ca_buf_add(&b, ca_rd_of(big, 3000)) == CA_OK);
	UT_OK(ut_mem_freed_clean());
	ut_mem_watch(b.p, b.cap);
	UT_OK(ca_buf_set(&b, ca_rd_of(big, 10)) == CA_OK);
	ca_buf_free(&b);
	UT_OK(ut_mem_freed_clean());
	UT_OK(ca_buf_set(&b, ca_rd_of(big, 10)) == CA_OK);
	ut_mem_watch(b.p, b.cap);
	UT_OK(ca_buf_set(&b, ca_rd_of(big, sizeof(big))) == CA_OK);
	UT_OK(ut_mem_freed_clean());
	ca_buf_free(&b);
}

static void
random_steps(void)
{
	static uint8_t want[CA_BUF_MAX];
	uint8_t part[3000];
	struct ut_dice d = ut_dice_of(5);
	struct ca_buf b = {0};
	unsigned full = 0;
	size_t n = 0;

	ut_roll_bytes(&d, part, sizeof(part));
	for (int i = 0; i < 3000; i++) {
		struct ca_rd r = ca_rd_of(part, ut_roll(&d, sizeof(part)));
		bool set = ut_roll(&d, 60) == 0;
		ca_err e = set ? ca_buf_set(&b, r) : ca_buf_add(&b, r);

		if (set)
			n = 0;
		if (r.n > CA_BUF_MAX - n) {
			UT(e == CA_E_NOMEM, "%d", i);
			full++;
		} else {
			UT(e == CA_OK, "%d", i);
			memcpy(want + n, r.p, r.n);
			n += r.n;
		}
		UT(ca_rd_equal(ca_buf_rd(&b), ca_rd_of(want, n)), "%d", i);
	}
	UT_OK(full > 10);
	ca_buf_free(&b);
}

/* One that is made for a secret stays so through all of it. */
static void
secret_one(void)
{
	struct ca_buf b = {.secret = true}, to = {0};

	UT_OK(ca_buf_add(&b, ut_text("key")) == CA_OK);
	UT_OK(ca_locked_use().pieces == 1);
	for (int i = 0; i < 100; i++)
		UT_OK(ca_buf_add(&b, ut_text("more of it")) == CA_OK);
	UT_OK(b.n == 1003 && ca_locked_use().pieces == 1);
	UT_OK(ca_buf_set(&b, ut_text("short")) == CA_OK);
	UT_OK(ca_rd_all(ca_rd_of(b.p + 5, 998), 0));
	ca_buf_take(&to, &b);
	UT_OK(to.secret && to.n == 5 && b.secret && b.p == NULL);
	UT_OK(ca_locked_use().pieces == 1);
	UT_OK(ca_buf_add(&b, ut_text("again")) == CA_OK);
	UT_OK(ca_locked_use().pieces == 2);
	ca_buf_free(&b);
	ca_buf_free(&to);
	UT_OK(b.secret && ca_locked_use().pieces == 0);
	ca_locked_trim();
}

static const CU_TestInfo tests[] = {
    {"secret_one", secret_one},
    {"add_and_set", add_and_set},
    {"grows_to_the_maximum", grows_to_the_maximum},
    {"set_too_much", set_too_much},
    {"add_from_itself", add_from_itself},
    {"no_memory", no_memory},
    {"take", take},
    {"wiped_when_freed", wiped_when_freed},
    {"random_steps", random_steps},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_buf = {"buf", tests};
