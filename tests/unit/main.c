/*
 * unit [SUITE]...: runs the suites named, or all. Prints CUnit's basic report;
 * the exit status is 0 only when something ran and nothing failed.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/keys.h"
#include "tests/unit/suites.h"

static const struct ut_suite *const suites[] = {
#define SUITE(name) &ut_suite_##name,
    UT_SUITES(SUITE)
#undef SUITE
};

static bool
wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc <= 1;
}

static bool
known(const char *name)
{
	for (size_t i = 0; i < CA_COUNT(suites); i++)
		if (strcmp(suites[i]->name, name) == 0)
			return true;
	return false;
}

static bool
add(const struct ut_suite *s)
{
	CU_pSuite suite = CU_add_suite(s->name, NULL, NULL);

	if (!suite)
		return false;
	for (const CU_TestInfo *t = s->tests; t->pName; t++)
		if (!CU_add_test(suite, t->pName, t->pTestFunc))
			return false;
	return true;
}

static int
run(int argc, char **argv)
{
	for (size_t i = 0; i < CA_COUNT(suites); i++) {
		if (wanted(suites[i]->name, argc, argv) && !add(suites[i])) {
			fprintf(stderr, "unit: %s\n", CU_get_error_msg());
			return 1;
		}
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS) {
		fprintf(stderr, "unit: %s\n", CU_get_error_msg());
		return 1;
	}
	return CU_get_number_of_tests_run() == 0 ||
	       CU_get_number_of_failure_records() != 0;
}

int
main(int argc, char **argv)
{
	int rc;

	for (int i = 1; i < argc; i++) {
		if (!known(argv[i])) {
			fprintf(stderr,
			    "unit: no suite %s; there are:", argv[i]);
			for (size_t k = 0; k < CA_COUNT(suites); k++)
				fprintf(stderr, " %s", suites[k]->name);
			fputc('\n', stderr);
			return 2;
		}
	}
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	rc = run(argc, argv);
	CU_cleanup_registry();
	ut_keys_free();
	return rc;
}
