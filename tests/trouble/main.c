/* Bad input and trouble: every suite once for each type of card. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/Basic.h>

#include "tests/trouble/stage.h"

static const struct {
	const char *name;
	void (*add)(CU_pSuite suite);
} suites[] = {
    {"pin", ca_trouble_pin},
    {"pull", ca_trouble_pull},
    {"service", ca_trouble_service},
    {"reset", ca_trouble_reset},
    {"card", ca_trouble_card},
    {"files", ca_trouble_files},
    {"many", ca_trouble_many},
    {"memory", ca_trouble_memory},
    {"mix", ca_trouble_mix},
    {"forks", ca_trouble_forks},
    {"waiting", ca_trouble_waiting},
    {"sweep", ca_trouble_sweep},
};

static int
with_chipdoc(void)
{
	ca_stage_type("vgca-chipdoc");
	return ca_stage_config("") ? 0 : 1;
}

static int
with_iso(void)
{
	ca_stage_type("iso7816-15");
	return ca_stage_config("") ? 0 : 1;
}

static const struct {
	const char *name;
	CU_InitializeFunc init;
} types[] = {{"chipdoc", with_chipdoc}, {"iso", with_iso}};

/* Whether a suite is among the names; without names all are. */
static bool
wanted(const char *name, char *const *only)
{
	if (*only == NULL)
		return true;
	for (; *only != NULL; only++)
		if (strcmp(*only, name) == 0)
			return true;
	return false;
}

static bool
add_all(char *const *only)
{
	char name[64];
	bool some = false;

	for (size_t i = 0; i < CA_COUNT(suites); i++)
		for (size_t j = 0; j < CA_COUNT(types); j++) {
			CU_pSuite suite;

			if (!wanted(suites[i].name, only))
				continue;
			snprintf(name, sizeof(name), "%s-%s", suites[i].name,
			    types[j].name);
			suite = CU_add_suite(name, types[j].init, NULL);
			if (suite == NULL)
				return false;
			suites[i].add(suite);
			some = true;
		}
	return some;
}

int
main(int argc, char **argv)
{
	(void)argc;
	if (!ca_suite_folder() || CU_initialize_registry() != CUE_SUCCESS)
		return 2;
	if (!add_all(argv + 1)) {
		fprintf(stderr, "usage: trouble [SUITE ...]\n");
		return 2;
	}
	return ca_suite_run();
}
