#include <string.h>

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

static const CU_TestInfo tests[] = {
    {"whose_atr", whose_atr},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_idprime = {"idprime", tests};
