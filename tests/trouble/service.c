/* pcscd stopped and started. */
#include "tests/trouble/stage.h"

/* pcscd stops and starts again. */
static void
service_restarts(void)
{
	CK_ULONG n = 7;
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	CA_STAGE_IS(ca_stage_sign(&t), CKR_OK);
	ca_sim_world_service(t.w, false);
	CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED,
	    CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR);
	CA_STAGE_IS(t.f->C_GetSlotList(CK_TRUE, NULL, &n), CKR_OK);
	CU_ASSERT_EQUAL(n, 0);
	ca_sim_world_service(t.w, true);
	ca_stage_works(&t);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
	ca_stage_end(&t);
}

/* Down and up again before anybody asked. */
static void
service_blinks(void)
{
	struct ca_stage t;
	CK_RV rv;

	ca_stage_begin_user(&t, NULL);
	ca_sim_world_service(t.w, false);
	ca_sim_world_service(t.w, true);
	rv = ca_stage_sign(&t);
	CA_STAGE_ONE_OF(rv, CKR_OK, CKR_USER_NOT_LOGGED_IN, CKR_DEVICE_REMOVED,
	    CKR_SESSION_HANDLE_INVALID, CKR_KEY_HANDLE_INVALID,
	    CKR_DEVICE_ERROR);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* Without pcscd the module starts, has no slots, and finds it later. */
static void
service_later(void)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
	CK_ULONG n = 7;
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(t.f->C_Finalize(NULL), CKR_OK);
	ca_sim_world_service(t.w, false);
	CA_STAGE_IS(t.f->C_Initialize(&args), CKR_OK);
	CA_STAGE_IS(t.f->C_GetSlotList(CK_FALSE, NULL, &n), CKR_OK);
	CU_ASSERT_EQUAL(n, 0);
	ca_sim_world_service(t.w, true);
	CA_STAGE_IS(ca_stage_flow(&t), CKR_OK);
	ca_stage_end(&t);
}

void
ca_trouble_service(CU_pSuite suite)
{
	CU_add_test(suite, "restarts", service_restarts);
	CU_add_test(suite, "blinks", service_blinks);
	CU_add_test(suite, "later", service_later);
}
