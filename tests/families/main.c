/* Families: each suite once for each row, or once for all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/Basic.h>

#include "tests/families/fam.h"

static const struct {
	const char *name;
	void (*add)(CU_pSuite suite);
} suites[] = {
    {"use", fam_suite_use},
    {"pin", fam_suite_pin},
    {"officer", fam_suite_officer},
    {"keypad", fam_suite_keypad},
    {"count", fam_suite_count},
    {"token", fam_suite_token_object},
    {"last-try", fam_suite_last_try},
    {"pair", fam_suite_pair},
};

/* What is about one family alone, or about all at once. */
static const struct {
	const char *name;
	void (*add)(CU_pSuite suite);
} others[] = {
    {"bad", fam_suite_bad},
    {"reader", fam_suite_reader},
    {"own", fam_suite_own},
    {"feitian", fam_suite_feitian},
    {"own-cns", fam_suite_cns},
    {"own-uicc", fam_suite_uicc},
    {"import", fam_suite_import},
    {"proof", fam_suite_proof},
    {"chipdoc", fam_suite_chipdoc},
    {"admin", fam_suite_admin},
    {"derive", fam_suite_derive},
    {"made", fam_suite_made},
    {"stored", fam_suite_stored},
    {"generate", fam_suite_generate},
};

static size_t next_suite;
static const struct fam_row *order[512];

/* CUnit's initialisers take no argument: suites are begun in their order. */
static int
begin_row(void)
{
	fam_use(order[next_suite++]);
	fam_config("");
	fam_reader(NULL);
	return 0;
}

static bool
add_suite(const char *name, const struct fam_row *row,
    void (*add)(CU_pSuite suite), size_t *n)
{
	CU_pSuite s = CU_add_suite(name, begin_row, NULL);

	if (s == NULL || *n == CA_COUNT(order))
		return false;
	order[(*n)++] = row;
	add(s);
	return true;
}

/* only: part of the names of the suites that run; NULL: all. */
static bool
add_all(const char *only)
{
	size_t n = 0;
	char name[96];

	for (size_t r = 0; r < fam_rows_n; r++)
		for (size_t i = 0; i < CA_COUNT(suites); i++) {
			snprintf(name, sizeof(name), "%s-%s", fam_rows[r].name,
			    suites[i].name);
			if (only != NULL && strstr(name, only) == NULL)
				continue;
			if (!add_suite(name, &fam_rows[r], suites[i].add, &n))
				return false;
		}
	for (size_t i = 0; i < CA_COUNT(others); i++)
		if ((only == NULL || strstr(others[i].name, only) != NULL) &&
		    !add_suite(others[i].name, NULL, others[i].add, &n))
			return false;
	return n > 0;
}

int
main(int argc, char **argv)
{
	if (!fam_setup() || CU_initialize_registry() != CUE_SUCCESS)
		return 2;
	if (!add_all(argc > 1 ? argv[1] : NULL)) {
		fprintf(stderr, "usage: families [PART OF A SUITE'S NAME]\n");
		return 2;
	}
	return ca_suite_run();
}
