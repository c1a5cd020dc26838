/* sim: tests of the simulated cards and readers themselves. */
#include <CUnit/Basic.h>

#include "tests/sim/t.h"

int
main(void)
{
	unsigned bad;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(t_suites) != CUE_SUCCESS)
		return 1;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS)
		return 1;
	bad = CU_get_number_of_failures() + (CU_get_number_of_tests_run() == 0);
	CU_cleanup_registry();
	return bad > 0;
}
