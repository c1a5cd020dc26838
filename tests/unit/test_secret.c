#include <stdlib.h>
#include <string.h>

#include "pcsc/base/secret.h"
#include "tests/unit/suites.h"

static void
set_and_wipe(void)
{
	struct ca_secret s = {.n = 0};

	UT_OK(ca_secret_set(&s, ut_text("12345678")) == CA_OK);
	UT_OK(ca_rd_equal(ca_secret_rd(&s), ut_text("12345678")));
	/* A shorter one leaves nothing of the longer. */
	UT_OK(ca_secret_set(&s, ut_text("99")) == CA_OK && s.n == 2);
	UT_OK(ca_rd_all(ca_rd_of(s.b + 2, CA_SECRET_MAX - 2), 0));
	ca_secret_wipe(&s);
	UT_OK(ca_rd_all(ca_rd_of(&s, sizeof(s)), 0));
	ca_secret_wipe(&s);
	UT_OK(ca_secret_rd(&s).n == 0);
	UT_OK(ca_secret_set(&s, ca_rd_of(NULL, 0)) == CA_OK && s.n == 0);
}

static void
lengths(void)
{
	uint8_t long_one[CA_SECRET_MAX + 1];
	struct ca_secret s = {.n = 0};

	memset(long_one, 'p', sizeof(long_one));
	UT_OK(ca_secret_set(&s, ca_rd_of(long_one, CA_SECRET_MAX)) == CA_OK);
	UT_OK(s.n == CA_SECRET_MAX);
	UT_OK(ca_secret_set(&s, ut_text("ab")) == CA_OK);
	UT_OK(ca_secret_set(&s, ca_rd_of(long_one, sizeof(long_one))) ==
	      CA_E_PIN_LEN);
	UT_OK(ca_rd_equal(ca_secret_rd(&s), ut_text("ab")));
	ca_secret_wipe(&s);
}

static void
wipe(void)
{
	char b[16] = "0123456789abcde";

	ca_wipe(b + 4, 8);
	UT_OK(memcmp(b, "0123\0\0\0\0\0\0\0\0cde", 16) == 0);
	ca_wipe(NULL, 10);
	ca_wipe(b, 0);
	UT_OK(b[0] == '0');
}

/* A store that nobody reads any more is what a compiler likes to remove. */
static void
not_optimised_away(void)
{
	uint8_t *pin = malloc(64);

	memset(pin, 0xE7, 64);
	ut_mem_watch(pin, 64);
	ca_wipe(pin, 64);
	free(pin);
	UT_OK(ut_mem_freed_clean());
	/* And the watch does see what is left behind. */
	pin = malloc(64);
	memset(pin, 0, 64);
	pin[63] = 1;
	ut_mem_watch(pin, 64);
	ut_touch(pin);
	free(pin);
	UT_OK(!ut_mem_freed_clean());
}

/* clang-format off */
static const struct {
	const char *a, *b;
	size_t n;
	bool equal;
} cmp_rows[] = {
	{"abcd", "abcd", 4, true},
	{"abcd", "abcX", 4, false},
	{"abcd", "Xbcd", 4, false},
	{"abcd", "abcX", 3, true},
	{"abcd", "wxyz", 0, true},
	{"\x80", "\x00", 1, false},
	/* differences that would cancel out if they were added up or xored */
	{"\x01\x01", "\x02\x02", 2, false},
	{"\x00\x02", "\x02\x00", 2, false},
};
/* clang-format on */

static void
const_cmp(void)
{
	for (size_t i = 0; i < CA_COUNT(cmp_rows); i++)
		UT((ca_const_cmp(cmp_rows[i].a, cmp_rows[i].b, cmp_rows[i].n) ==
		       0) == cmp_rows[i].equal,
		    "row %zu", i);
}

static const CU_TestInfo tests[] = {
    {"set_and_wipe", set_and_wipe},
    {"lengths", lengths},
    {"wipe", wipe},
    {"not_optimised_away", not_optimised_away},
    {"const_cmp", const_cmp},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_secret = {"secret", tests};
