#include <stdlib.h>
#include <string.h>

#include "pcsc/card/idprime.h"
#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "tests/unit/suites.h"

/* clang-format off */
static const struct {
	const char *atr, *profile;
} atr_rows[] = {
	/* as they were read */
	{ "3B7F96000080318065B084413DF6120FFE829000", "idprime-3810" },
	{ "3B7F96000080318065B084565110120FFE829000", "idprime-830" },
	{ "3BFF9600008131FE4380318065B0845651101201788290006A", "idprime-830" },
	{ "3B7F96000080318065B0846160FB120FFD829000", "idprime-930" },
	{ "3BFF9600008131FE4380318065B0846566FB12017882900085", "idprime-930-plus" },
	{ "3B7F96000080318065B0850300EF120FFE829000", "idprime-840" },
	{ "3BFF9600008131804380318065B0850300EF120FFE82900066", "idprime-840" },
	{ "3B7F96000080318065B0855956FB120FFE829000", "idprime-940" },
	{ "3B7F96000080318065B085050039120FFE829000", "idprime-940" },
	{ "3BFF9600008131FE4380318065B0855956FB120FFE82900000", "idprime-940" },
	{ "3BFF9600008131FE4380318065B0855956FB12017882900088", "idprime-940" },
	{ "3BD5180081313A7D8073C8211030", "etoken-java" },
	{ "3BD518008131FE7D8073C82110F4", "etoken-java" },
	/* another speed, another country, another length of blocks */
	{ "3B7F18000080318065B084413DF6120178829000", "idprime-3810" },
	{ "3B7F96000080318065B0850300EF120178829000", "idprime-840" },
	{ "3B7F18000080318065B0855956FB120178829000", "idprime-940" },
	{ "3BFF9600008131804380318065B0855956FB12017882900011", "idprime-940" },
	{ "3BD5950081313A7D8073C82110BD", "etoken-java" },
	/* models nobody has listed */
	{ "3B7F96000080318065B0855A0102120FFE829000", "idprime-940" },
	{ "3BFF9600008131FE4380318065B0855A010212017882900011", "idprime-940" },
	{ "3BFF9600008131FE4380318065B0847001FB12017882900011", "idprime-930-plus" },
	{ "3B7F96000080318065B0847001FB120FFE829000", "idprime-generic" },
	{ "3BFF9600008131FE4380318065B0847001FB120FFE82900011", "idprime-generic" },
	{ "3B7F96000080318065B0862001FB120FFE829000", "idprime-generic" },
	/* others: a file structure, a status, an ATR that is shorter */
	{ "3B7F96000080318065B0855956FB120FFE829001", NULL },
	{ "3B7F96000080318066B0855956FB120FFE829000", NULL },
	{ "3B7E96000080318065B0855956FB120FFE8290", NULL },
	{ "3BD518008131FE7D8073C82111F5", NULL },
};
/* clang-format on */

/* The one profile that is asked about a card, with those of the package. */
static void
whose_atr(void)
{
	struct ca_config config;
	struct ca_profiles *all = NULL;

	memset(&config, 0, sizeof(config));
	ut_log_begin(CA_LOG_ERROR);
	UT_OK(ca_profiles_load(&config, &all) == CA_OK);
	UT(ut_log_text()[0] == '\0', "%s", ut_log_text());
	for (size_t i = 0; i < CA_COUNT(atr_rows); i++) {
		uint8_t b[CA_ATR_MAX];
		struct ca_rd atr = ut_hex(atr_rows[i].atr, b, sizeof(b));
		const char *who = NULL;
		size_t n = 0;

		for (size_t k = 0; k < all->n; k++)
			if (ca_profile_matches(&all->p[k], atr) &&
			    !ca_profiles_outdone(all, &all->p[k], atr)) {
				who = all->p[k].name;
				n++;
			}
		UT(n == (atr_rows[i].profile != NULL), "row %zu", i);
		UT(who == atr_rows[i].profile ||
			(who != NULL && atr_rows[i].profile != NULL &&
			    strcmp(who, atr_rows[i].profile) == 0),
		    "row %zu: %s", i, who != NULL ? who : "nobody");
	}
	ca_profiles_free(&all);
	ut_log_end();
}

/* clang-format off */
static const struct {
	uint8_t version, container;
	int reference; /* -1: none */
} old_rows[] = {
	{ 0, 0, -1 }, { 1, 0, 0x31 }, { 1, 9, 0x3A }, { 2, 3, 0x14 },
	{ 3, 0, 0xF7 }, { 3, 8, 0xFF }, { 3, 9, -1 }, { 4, 0, 0x56 },
	{ 5, 1, 0x57 }, { 0xFF, 99, 0xB9 },
};
/* clang-format on */

static void
old_reference(void)
{
	for (size_t i = 0; i < CA_COUNT(old_rows); i++) {
		uint8_t got = 0;
		bool ok = ca_idprime_old_reference(old_rows[i].version,
		    old_rows[i].container, &got);

		UT(ok ? got == old_rows[i].reference
		      : old_rows[i].reference == -1,
		    "row %zu", i);
	}
}

#define ZEROS32                                                                \
	"0000000000000000000000000000000000000000000000000000000000000000"
#define INFO256 "3031300D060960864801650304020105000420"

/* clang-format off */
static const struct {
	const char *in;
	int alg; /* -1: none of them */
	size_t hash;
} info_rows[] = {
	{ INFO256 ZEROS32, CA_ALG_RSA_PKCS1_SHA256, 32 },
	{ "3041300D060960864801650304020205000430" ZEROS32
	  "00000000000000000000000000000000", CA_ALG_RSA_PKCS1_SHA384, 48 },
	{ "3051300D060960864801650304020305000440" ZEROS32 ZEROS32,
	  CA_ALG_RSA_PKCS1_SHA512, 64 },
	/* SHA-224, no parameters, a byte less, a byte more, nothing */
	{ "302D300D06096086480165030402040500041C"
	  "00000000000000000000000000000000000000000000000000000000", -1, 0 },
	{ "302F300B0609608648016503040201" "0420" ZEROS32, -1, 0 },
	{ INFO256 "00000000000000000000000000000000000000000000000000000000000000", -1, 0 },
	{ INFO256 ZEROS32 "00", -1, 0 },
	{ "", -1, 0 },
};
/* clang-format on */

static void
digest_info(void)
{
	for (size_t i = 0; i < CA_COUNT(info_rows); i++) {
		uint8_t b[128];
		struct ca_rd in = ut_hex(info_rows[i].in, b, sizeof(b)), hash;
		uint8_t *copy = ut_exact(in);
		enum ca_alg alg;
		bool ok =
		    ca_idprime_digest_info(ca_rd_of(copy, in.n), &alg, &hash);

		UT(ok == (info_rows[i].alg >= 0), "row %zu", i);
		UT(!ok ||
			((int)alg == info_rows[i].alg &&
			    hash.n == info_rows[i].hash && ca_rd_all(hash, 0)),
		    "row %zu", i);
		free(copy);
	}
}

/* What begins and ends what the card is given, between which all is zero. */
/* clang-format off */
static const struct {
	size_t n;
	unsigned form;
	const char *first, *last; /* of the data: 80 00 .. 00 81 */
	size_t zeros, out;        /* in front; in all */
} ecdsa_rows[] = {
	{ 20, 0, "80", "81", 4, 24 },
	{ 20, 1, "80", "81", 4, 24 },
	{ 32, 0, "80", "81", 0, 32 },
	{ 63, 0, "80", "81", 1, 64 },
	{ 64, 1, "80", "81", 0, 64 },
	/* 520 bits are a number as they are */
	{ 65, 0, "80", "81", 7, 72 },
	{ 65, 1, "40", "4080000000000000", 0, 72 },
	/* of 528 the 521 in front: without the last 7 */
	{ 66, 0, "01", "01", 6, 72 },
	{ 66, 1, "80", "80000000000000", 0, 72 },
};
/* clang-format on */

static void
ecdsa_input(void)
{
	for (size_t i = 0; i < CA_COUNT(ecdsa_rows); i++) {
		uint8_t data[66] = {0x80}, room[72], b[8], e[8];
		struct ca_wr w = ca_wr_of(room, sizeof(room));
		struct ca_rd first = ut_hex(ecdsa_rows[i].first, b, sizeof(b));
		struct ca_rd last = ut_hex(ecdsa_rows[i].last, e, sizeof(e));
		size_t n = ecdsa_rows[i].n;
		struct ca_rd r, head, front, tail;

		data[n - 1] = 0x81;
		UT(ca_idprime_ecdsa_input(ca_rd_of(data, n), ecdsa_rows[i].form,
		       &w),
		    "row %zu", i);
		r = ca_wr_rd(&w);
		UT(r.n == ecdsa_rows[i].out, "row %zu: %zu", i, r.n);
		UT(ca_rd_take(&r, ecdsa_rows[i].zeros, &front) &&
			ca_rd_all(front, 0) && ca_rd_take(&r, first.n, &head) &&
			ca_rd_equal(head, first) && r.n >= last.n &&
			ca_rd_take(&r, r.n - last.n, &tail) &&
			ca_rd_all(tail, 0) && ca_rd_equal(r, last),
		    "row %zu", i);
	}
}

static void
ecdsa_too_long(void)
{
	uint8_t data[67] = {1}, room[72], small[71];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	UT_OK(!ca_idprime_ecdsa_input(ca_rd_of(data, 67), 0, &w));
	w = ca_wr_of(small, sizeof(small));
	UT_OK(!ca_idprime_ecdsa_input(ca_rd_of(data, 66), 0, &w));
}

static const CU_TestInfo tests[] = {
    {"whose_atr", whose_atr},
    {"old_reference", old_reference},
    {"digest_info", digest_info},
    {"ecdsa_input", ecdsa_input},
    {"ecdsa_too_long", ecdsa_too_long},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_idprime = {"idprime", tests};
