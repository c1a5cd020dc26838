/* sim: tests of the simulated cards and readers themselves. */
#include <CUnit/Basic.h>

#include "tests/sim/t.h"

int
main(void)
{
	CU_SuiteInfo suites[] = {
	    {"command forms", NULL, NULL, NULL, NULL, t_forms},
	    {"files", NULL, NULL, NULL, NULL, t_files},
	    {"PINs", NULL, NULL, NULL, NULL, t_pins},
	    {"keys", NULL, NULL, NULL, NULL, t_keys},
	    {"objects", NULL, NULL, NULL, NULL, t_objects},
	    {"troubles", NULL, NULL, NULL, NULL, t_troubles},
	    {"state", NULL, NULL, NULL, NULL, t_state},
	    {"readers", NULL, NULL, NULL, NULL, t_readers},
	    {"vgca-jcop4", NULL, NULL, NULL, NULL, t_vgca_jcop4},
	    {"etoken-java", NULL, NULL, NULL, NULL, t_etoken_java},
	    {"IDPrime", NULL, NULL, NULL, NULL, t_idprime},
	    {"IDPrime keys", NULL, NULL, NULL, NULL, t_idprime_keys},
	    {"IDPrime lies", NULL, NULL, NULL, NULL, t_idprime_lies},
	    {"CNS", NULL, NULL, NULL, NULL, t_bit4id_cns},
	    {"uicc", NULL, NULL, NULL, NULL, t_uicc},
	    {"uicc-odd", NULL, NULL, NULL, NULL, t_uicc_odd},
	    {"entersafe", NULL, NULL, NULL, NULL, t_entersafe},
	    {"epass2003", NULL, NULL, NULL, NULL, t_epass2003},
	    CU_SUITE_INFO_NULL,
	};
	unsigned bad;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 1;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS)
		return 1;
	bad = CU_get_number_of_failures() + (CU_get_number_of_tests_run() == 0);
	CU_cleanup_registry();
	return bad > 0;
}
