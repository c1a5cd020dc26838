#include <stdlib.h>
#include <string.h>

#include "tests/unit/suites.h"

static bool
same(struct ca_rd a, struct ca_rd b)
{
	return a.p == b.p && a.n == b.n;
}

static void
null_is_empty(void)
{
	struct ca_rd r = ca_rd_of(NULL, 7);
	struct ca_rd sub;
	uint16_t u16 = 0x1234;
	uint8_t u8 = 0x56;
	size_t n = 1;

	UT_OK(r.p == NULL && r.n == 0);
	UT_OK(ca_rd_end(&r));
	UT_OK(!ca_rd_u8(&r, &u8) && u8 == 0x56);
	UT_OK(!ca_rd_u16(&r, &u16) && u16 == 0x1234);
	UT_OK(!ca_rd_skip(&r, 1) && ca_rd_skip(&r, 0));
	UT_OK(ca_rd_take(&r, 0, &sub) && sub.n == 0);
	UT_OK(ca_rd_all(r, 0x00) && ca_rd_all(r, 0xFF));
	UT_OK(ca_rd_equal(r, ca_rd_of("", 0)));
	UT_OK(ca_rd_copy(r, NULL, 0, &n) && n == 0);
}

static void
numbers(void)
{
	static const uint8_t b[] = {0xFF, 0x12, 0x34, 0x00, 0x80, 0x7F};
	struct ca_rd r = ca_rd_of(b, sizeof(b));
	uint16_t u16 = 0;
	uint8_t u8 = 0;

	UT_OK(ca_rd_u8(&r, &u8) && u8 == 0xFF);
	UT_OK(ca_rd_u16(&r, &u16) && u16 == 0x1234);
	UT_OK(ca_rd_u16(&r, &u16) && u16 == 0x0080);
	UT_OK(!ca_rd_u16(&r, &u16) && u16 == 0x0080 && r.n == 1);
	UT_OK(!ca_rd_end(&r));
	UT_OK(ca_rd_u8(&r, &u8) && u8 == 0x7F);
	UT_OK(ca_rd_end(&r));
	UT_OK(!ca_rd_u8(&r, &u8) && u8 == 0x7F);
}

static void
take_and_skip(void)
{
	static const uint8_t b[] = "abcdef";
	const struct ca_rd all = ca_rd_of(b, 6);
	struct ca_rd r = all;
	struct ca_rd sub = {NULL, 99};

	UT_OK(!ca_rd_take(&r, 7, &sub) && same(r, all) && sub.n == 99);
	UT_OK(!ca_rd_take(&r, SIZE_MAX, &sub) && same(r, all));
	UT_OK(!ca_rd_skip(&r, SIZE_MAX) && same(r, all));
	UT_OK(ca_rd_take(&r, 2, &sub) && same(sub, ca_rd_of(b, 2)));
	UT_OK(ca_rd_skip(&r, 1) && r.p == b + 3 && r.n == 3);
	/* One view for both: it becomes the part. */
	UT_OK(ca_rd_take(&r, 2, &r) && r.p == b + 3 && r.n == 2);
	UT_OK(ca_rd_take(&r, 2, &sub) && ca_rd_end(&r) && sub.n == 2);
}

static void
compare(void)
{
	const struct ca_rd abc = ut_text("abc");

	UT_OK(ca_rd_equal(abc, ut_text("abc")));
	UT_OK(!ca_rd_equal(abc, ut_text("abd")));
	UT_OK(!ca_rd_equal(abc, ut_text("ab")));
	UT_OK(!ca_rd_equal(abc, ut_text("abcd")));
	UT_OK(!ca_rd_equal(abc, ca_rd_of(NULL, 0)));
	UT_OK(ca_rd_all(ut_text("aaa"), 'a'));
	UT_OK(!ca_rd_all(ut_text("aab"), 'a'));
	UT_OK(!ca_rd_all(ut_text("baa"), 'a'));
}

static void
copy(void)
{
	char out[4] = "....";
	size_t n = 77;

	UT_OK(!ca_rd_copy(ut_text("abcde"), out, sizeof(out), &n));
	UT_OK(n == 77 && memcmp(out, "....", 4) == 0);
	UT_OK(ca_rd_copy(ut_text("abcd"), out, sizeof(out), &n));
	UT_OK(n == 4 && memcmp(out, "abcd", 4) == 0);
	UT_OK(ca_rd_copy(ut_text("x"), out, sizeof(out), &n));
	UT_OK(n == 1 && memcmp(out, "xbcd", 4) == 0);
}

/* One random step; gives how far it moved, or -1 when it said false. */
static long
step(struct ut_dice *d, struct ca_rd *r)
{
	/* Lengths around what is left find the edges. */
	size_t want = ut_roll(d, 8) == 0 ? SIZE_MAX - ut_roll(d, 4)
					 : r->n + ut_roll(d, 4) - ut_roll(d, 4);
	const uint8_t *at = r->p;
	struct ca_rd sub = {NULL, 12345};
	uint16_t u16 = 0xABCD;
	uint8_t u8 = 0xEF;
	bool ok;

	if (ut_roll(d, 2))
		want = ut_roll(d, 3);
	switch (ut_roll(d, 4)) {
	case 0:
		ok = ca_rd_u8(r, &u8);
		UT_OK(u8 == (ok ? at[0] : 0xEF));
		return ok ? 1 : -1;
	case 1:
		ok = ca_rd_u16(r, &u16);
		UT_OK(u16 == (ok ? at[0] << 8 | at[1] : 0xABCD));
		return ok ? 2 : -1;
	case 2:
		ok = ca_rd_take(r, want, &sub);
		UT_OK(ok ? sub.p == at && sub.n == want
			 : sub.p == NULL && sub.n == 12345);
		return ok ? (long)want : -1;
	default:
		ok = ca_rd_skip(r, want);
		return ok ? (long)want : -1;
	}
}

/* Whatever is done, the end of the view never moves, a step moves by what it
 * took, and a refusal moves nothing. */
static void
random_steps(void)
{
	uint8_t bytes[64];
	struct ut_dice d = ut_dice_of(1);

	for (int round = 0; round < 2000; round++) {
		size_t n = ut_roll(&d, sizeof(bytes));
		struct ca_rd r;
		uint8_t *p;

		ut_roll_bytes(&d, bytes, sizeof(bytes));
		p = ut_exact(ca_rd_of(bytes, n));
		r = ca_rd_of(p, n);
		for (int i = 0; i < 40; i++) {
			const struct ca_rd before = r;
			long moved = step(&d, &r);

			UT(r.p + r.n == p + n, "round %d", round);
			UT(r.n + (size_t)(moved < 0 ? 0 : moved) == before.n,
			    "round %d", round);
		}
		free(p);
	}
}

static const CU_TestInfo tests[] = {
    {"null_is_empty", null_is_empty},
    {"numbers", numbers},
    {"take_and_skip", take_and_skip},
    {"compare", compare},
    {"copy", copy},
    {"random_steps", random_steps},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_rd = {"rd", tests};
