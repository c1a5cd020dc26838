/* Whose is a card with this ATR, by the profiles of the package. ATRs of public
 * lists, and such as no list has. */
#include <stdlib.h>
#include <string.h>

#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

/* clang-format off */
static const struct {
	const char *atr, *profile;
} rows[] = {
	/* CNS on STIncard masks */
	{"3B FF 18 00 00 81 31 FE 55 00 6B 02 09 05 03 01 01 01 43 4E 53 10 31 80 64", "bit4id-cns"},
	{"3B FF 18 00 00 81 31 FE 55 00 6B 02 09 04 03 01 01 01 43 4E 53 10 31 80 65", "bit4id-cns"},
	{"3B FF 18 00 00 81 31 FE 55 00 6B 02 09 06 03 01 01 01 43 4E 53 10 31 80 67", "bit4id-cns"},
	{"3B FF 18 00 00 81 31 FE 55 00 6B 02 09 14 03 01 01 01 43 4E 53 10 31 80 75", "bit4id-cns"},
	{"3B FF 18 00 FF 81 31 FE 55 00 6B 02 09 13 03 01 01 01 43 4E 53 10 31 80 8D", "bit4id-cns"},
	{"3B FF 18 00 FF 81 31 FE 55 00 6B 02 09 03 03 01 11 01 43 4E 53 11 31 80 8C", "bit4id-cns"},
	/* ... other interface bytes, other makers, T=0 */
	{"3B DF 18 FF 81 31 FE 55 00 6B 02 09 03 03 01 F1 01 43 4E 53 11 31 80 4C", "bit4id-cns"},
	{"3B FF 18 00 00 80 81 31 FE 55 00 6B 05 05 20 01 01 21 01 43 4E 53 11 31 80 00", "bit4id-cns"},
	{"3B 1F 18 00 6B 02 0C 01 03 01 01 01 43 4E 53 10 31 80", "bit4id-cns"},
	/* the signature-only profile, and the identity card */
	{"3B FF 18 00 FF 81 31 FE 55 00 6B 02 09 04 03 01 01 01 44 53 44 10 31 80 97", NULL},
	{"3B FF 18 00 FF 81 31 FE 55 00 6B 02 09 04 03 02 49 54 49 44 20 20 31 80 00", NULL},
	/* Bit4id's own */
	{"3B FF 18 00 FF 81 31 FE 55 00 6B 42 49 54 34 49 44 20 31 2E 30 00 90 00 91", "bit4id-own"},
	{"3B FF 18 00 FF 81 31 FE 55 00 6B 42 49 54 34 49 44 20 32 2E 30 00 90 00 92", "bit4id-own"},
	{"3B 9F 11 81 31 FE 9F 00 6B 42 49 54 34 49 44 20 33 2E 30 00 90 00 CF", "bit4id-own"},
	/* SIMs of Viet Nam, and others */
	{"3B 16 96 BA 00 0E 01 06 03", "uicc"},
	{"3B 95 96 C0 F0 1F C2 0F 10 0A 0A 16", "uicc"},
	{"3B 9E 94 80 1F C7 80 31 E0 73 FE 21 1B 66 D0 02 17 F7 13 00 F3", "uicc"},
	{"3B 9F 96 80 1F C7 80 31 E0 73 FE 21 1B 64 41 27 11 00 82 90 00 B6", "uicc"},
	{"3B 9F 96 80 1F C7 80 31 E0 73 FE 21 1B 65 56 54 4C 01 74 81 05 00", "uicc"},
	{"3B 9F 95 C0 0A 1F 07 80 31 E0 73 FE 21 1B 63 F1 00 AD 83 0F 90 00 1D", "uicc"},
	{"3B 9E 96 80 81 1F C7 80 31 E0 73 FE 21 1B 63 43 41 53 82 90 00 00", "uicc"},
	{"3B 9F 96 80 1F C3 80 31 A0 73 BE 21 13 67 43 20 07 18 00 00 01 A5", "uicc"},
	/* VGCA's */
	{"3B FF 18 00 00 81 31 FE 45 00 6B 15 0C 03 02 01 01 01 42 34 44 10 31 80 0D", "vgca-jcop4"},
	{"3B DF 18 FF 81 91 FE 1F C3 00 31 B8 64 0C 01 EC C1 73 94 01 80 82 90 00 B3", "vgca-chipdoc"},
	/* nobody's */
	{"3B 6E 00 00 80 31 80 66 B0 84 0C 01 6E 01 83 00 90 00", NULL},
	{"3B 00", NULL},
};
/* clang-format on */

static void
atrs(void)
{
	struct ca_config config = {.cache = false};
	struct ca_profiles *all = NULL;

	ut_log_begin(CA_LOG_WARN);
	UT_OK(ca_profiles_load(&config, &all) == CA_OK);
	UT(ut_log_text()[0] == '\0', "%s", ut_log_text());
	ut_log_end();
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		uint8_t b[33];
		struct ca_rd atr = ut_bytes(rows[i].atr, b, sizeof(b));
		const char *found = NULL;

		for (size_t k = 0; k < all->n; k++) {
			if (!ca_profile_matches(&all->p[k], atr) ||
			    ca_profiles_outdone(all, &all->p[k], atr))
				continue;
			UT(found == NULL, "row %zu: %s and %s", i, found,
			    all->p[k].name);
			found = all->p[k].name;
		}
		UT((found == NULL) == (rows[i].profile == NULL) &&
			(found == NULL || strcmp(found, rows[i].profile) == 0),
		    "row %zu: %s", i, found != NULL ? found : "nobody's");
	}
	ca_profiles_free(&all);
}

static const CU_TestInfo tests[] = {
    {"atrs", atrs},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_whose = {"whose", tests};
