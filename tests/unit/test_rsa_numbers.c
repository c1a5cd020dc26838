/* Numbers of RSA keys that belong together, and others. */
#include <stdlib.h>
#include <string.h>

#include "module/crypto/privkey.h"
#include "pcsc/ossl/spki.h"
#include "tests/unit/suites.h"

/* A small RSA key, all of it. */
#define N "C300000000000598600000000006B157"
#define D "30215FDEA021613FBC5E43A1BC5FE901"
#define P "F000000000000169"
#define Q "D0000000000004BF"
#define DP "CA4E75B18A4E76E1"
#define DQ "12312DCED2312E39"
#define QI "712BF738D47D0377"
#define E "010001"

struct numbers {
	const char *what;
	const char *n, *e, *d, *p, *q, *dp, *dq, *qi;
	ca_err want;
};

/* clang-format off */
static const struct numbers numbers[] = {
	{ "all", N, E, D, P, Q, DP, DQ, QI, CA_OK },
	{ "no primes", N, E, D, "", "", "", "", "", CA_OK },
	{ "no exponent", N, "", D, "", "", "", "", "", CA_OK },
	{ "one prime", N, E, D, P, "", "", "", "", CA_OK },
	{ "the other prime", N, E, D, "", Q, "", "", "", CA_OK },
	{ "no CRT", N, E, D, P, Q, "", "", "", CA_OK },
	{ "an unusual exponent left out", N, "", "A724924924924DEED2492492492A4997", "", "", "", "", "", CA_E_NOT_FOUND },
	{ "even modulus", "C300000000000598600000000006B158", E, D, "", "", "", "", "", CA_E_DATA },
	{ "modulus 1", "01", E, D, "", "", "", "", "", CA_E_DATA },
	{ "no modulus", "", E, D, "", "", "", "", "", CA_E_DATA },
	{ "e = 1", N, "01", D, "", "", "", "", "", CA_E_DATA },
	{ "e even", N, "010000", D, "", "", "", "", "", CA_E_DATA },
	{ "e = n", N, N, D, "", "", "", "", "", CA_E_DATA },
	{ "e of another key", N, "03", D, "", "", "", "", "", CA_E_REFUSED },
	{ "no d", N, E, "", "", "", "", "", "", CA_E_DATA },
	{ "d = 1", N, E, "01", "", "", "", "", "", CA_E_DATA },
	{ "d = 1 and no e", N, "", "01", "", "", "", "", "", CA_E_DATA },
	{ "d = n", N, E, N, "", "", "", "", "", CA_E_DATA },
	{ "d + 1", N, E, "30215FDEA021613FBC5E43A1BC5FE902", "", "", "", "", "", CA_E_REFUSED },
	{ "p = 1", N, E, D, "01", N, "", "", "", CA_E_DATA },
	{ "p = n", N, E, D, N, "", "", "", "", CA_E_DATA },
	{ "p twice", N, E, D, P, P, "", "", "", CA_E_REFUSED },
	{ "one that divides nothing", N, E, D, DP, "", "", "", "", CA_E_REFUSED },
	{ "dp of q", N, E, D, P, Q, DQ, DQ, QI, CA_E_REFUSED },
	{ "dq of p", N, E, D, P, Q, DP, DP, QI, CA_E_REFUSED },
	{ "qi = 1", N, E, D, P, Q, DP, DQ, "01", CA_E_REFUSED },
	{ "qi above p", N, E, D, P, Q, DP, DQ, N, CA_E_REFUSED },
	{ "dp = 0", N, E, D, P, Q, "00", DQ, QI, CA_E_REFUSED },
};
/* clang-format on */

#define ROOM 32

static void
belong_together(void)
{
	for (size_t i = 0; i < CA_COUNT(numbers); i++) {
		const struct numbers *t = &numbers[i];
		uint8_t b[8][ROOM], e[ROOM];
		struct ca_wr w = ca_wr_of(e, sizeof(e));
		struct ca_rsa_numbers r = {
		    .n = ut_hex(t->n, b[0], ROOM),
		    .e = ut_hex(t->e, b[1], ROOM),
		    .d = ut_hex(t->d, b[2], ROOM),
		    .p = ut_hex(t->p, b[3], ROOM),
		    .q = ut_hex(t->q, b[4], ROOM),
		    .dp = ut_hex(t->dp, b[5], ROOM),
		    .dq = ut_hex(t->dq, b[6], ROOM),
		    .qi = ut_hex(t->qi, b[7], ROOM),
		};
		ca_err got = ca_rsa_numbers_check(&r, &w);

		UT(got == t->want, "%s: %s", t->what, ca_err_name(got));
		UT(got != CA_OK ||
			ca_rd_equal(ca_wr_rd(&w), ca_rd_of("\x01\x00\x01", 3)),
		    "%s: e", t->what);
	}
}

/* No number may be longer than OpenSSL is given room for. */
static void
too_long(void)
{
	uint8_t *big = malloc(CA_RSA_BYTES_MAX + 1), e[ROOM];
	struct ca_wr w = ca_wr_of(e, sizeof(e));
	struct ca_rsa_numbers r = {.e = ca_rd_of("\x03", 1)};

	if (!UT_OK(big != NULL))
		return;
	memset(big, 0xFF, CA_RSA_BYTES_MAX + 1);
	r.n = r.d = ca_rd_of(big, CA_RSA_BYTES_MAX + 1);
	UT_OK(ca_rsa_numbers_check(&r, &w) == CA_E_DATA);
	free(big);
}

static const CU_TestInfo tests[] = {
    {"belong_together", belong_together},
    {"too_long", too_long},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_rsa_numbers = {"rsa_numbers", tests};
