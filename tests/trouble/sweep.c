/*
 * Every trouble at every moment: the whole way of a user, with the n-th
 * command going wrong, for every n until the way is over. Whatever happens,
 * the answer is one the standard allows, no try is lost, and afterwards the
 * module works in the same process; after an answer that could have been true
 * at the latest when the card has been taken out and put in again.
 *
 * Under valgrind, where one way takes a second, only every 29th moment is
 * played, each kind of trouble beginning at another one.
 */
#include "tests/trouble/stage.h"

/* clang-format off */
static const struct {
	enum ca_sim_what what;
	uint32_t times;
	bool leaves;   /* the card has to be put back */
	bool lie; /* an answer that could be true: "no such file" */
} troubles[] = {
	{CA_SIM_T_REMOVE,       1,             true,  false},
	{CA_SIM_T_REMOVE_AFTER, 1,             true,  false},
	{CA_SIM_T_RESET,        1,             false, false},
	{CA_SIM_T_RESET_AFTER,  1,             false, false},
	{CA_SIM_T_FORGET,       1,             false, false},
	{CA_SIM_T_GARBAGE,      1,             false, true},
	{CA_SIM_T_BADSW,        1,             false, false},
	{CA_SIM_T_LONG,         1,             false, false},
	{CA_SIM_T_TRUNC,        1,             false, false},
	{CA_SIM_T_SHORT,        1,             false, false},
	{CA_SIM_T_EMPTY,        1,             false, false},
	{CA_SIM_T_61,           CA_SIM_ALWAYS, false, false},
	{CA_SIM_T_61DATA,       CA_SIM_ALWAYS, false, false},
	{CA_SIM_T_6C,           CA_SIM_ALWAYS, false, false},
	{CA_SIM_T_SW,           1,             false, true},
	{CA_SIM_T_WRONGSIG,     1,             false, true},
};
/* clang-format on */

#define MOMENTS_MAX 400 /* no way of a user has so many commands */
#define VALGRIND_STEP 29

static uint32_t
step(void)
{
	return ca_suite_is_slow() ? VALGRIND_STEP : 1;
}

/* The answers that may stand at the end of a disturbed way. */
static void
check_answer(CK_RV rv)
{
	CA_STAGE_ONE_OF(rv, CKR_OK, CA_STAGE_NO_TOKEN, CA_STAGE_NO_KEY,
	    CA_STAGE_NO_CERT, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY,
	    CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED,
	    CKR_SESSION_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN,
	    CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID,
	    CKR_USER_PIN_NOT_INITIALIZED, CKR_MECHANISM_INVALID,
	    CKR_KEY_FUNCTION_NOT_PERMITTED, /* the host has the mechanism */
	    CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR);
}

/* One way with one trouble; false when it came after the end of the way. */
static bool
play(size_t i, uint32_t at)
{
	struct ca_stage t;
	bool struck;

	ca_stage_begin(&t, NULL);
	ca_stage_plan(&t, troubles[i].what, 0, at, troubles[i].times);
	check_answer(ca_stage_flow(&t));
	struck = !ca_sim_trouble_pending(t.card);
	ca_sim_trouble_clear(t.card);
	CU_ASSERT_EQUAL(ca_sim_count(t.card, CA_SIM_WRONG_TRIES), 0);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
	if (troubles[i].leaves && struck)
		CU_ASSERT(ca_sim_world_insert(t.w, CA_STAGE_READER, t.card) ==
			  CA_OK);
	if (troubles[i].lie)
		ca_stage_works_reinserted(&t);
	else
		ca_stage_works(&t);
	ca_stage_end(&t);
	return struck;
}

static void
every_trouble_at_every_moment(void)
{
	for (size_t i = 0; i < CA_COUNT(troubles); i++) {
		uint32_t at = 1 + (uint32_t)i % step(), failed;

		for (; at < MOMENTS_MAX; at += step()) {
			failed = CU_get_number_of_failures();
			if (!play(i, at))
				break;
			if (CU_get_number_of_failures() != failed)
				printf("    trouble %d at command %u\n",
				    (int)troubles[i].what, at);
		}
		CU_ASSERT(at < MOMENTS_MAX);
	}
}

/* The same with calls of the resource manager that fail once. */
static const struct {
	enum ca_sim_call call;
	ca_err e;
} failures[] = {
    {CA_SIM_CALL_OPEN, CA_E_NO_SERVICE},
    {CA_SIM_CALL_LIST, CA_E_NO_SERVICE},
    {CA_SIM_CALL_LIST, CA_E_IO},
    {CA_SIM_CALL_QUERY, CA_E_NO_SERVICE},
    {CA_SIM_CALL_CONNECT, CA_E_BUSY},
    {CA_SIM_CALL_CONNECT, CA_E_NO_CARD},
    {CA_SIM_CALL_CONNECT, CA_E_IO},
    {CA_SIM_CALL_RECONNECT, CA_E_REMOVED},
    {CA_SIM_CALL_BEGIN, CA_E_RESET},
    {CA_SIM_CALL_BEGIN, CA_E_REMOVED},
    {CA_SIM_CALL_BEGIN, CA_E_BUSY},
    {CA_SIM_CALL_BEGIN, CA_E_NO_SERVICE},
    {CA_SIM_CALL_TRANSMIT, CA_E_IO},
    {CA_SIM_CALL_TRANSMIT, CA_E_NO_SERVICE},
    {CA_SIM_CALL_TRANSMIT, CA_E_NOMEM},
    {CA_SIM_CALL_CONTROL, CA_E_IO},
    {CA_SIM_CALL_CONTROL, CA_E_NO_SERVICE},
};

/* One way in which the n-th call of a kind fails; false when it has fewer. */
static bool
play_call(size_t i, uint32_t n)
{
	struct ca_stage t;
	uint64_t before;
	bool struck;

	ca_stage_begin(&t, NULL);
	before = ca_sim_world_calls(t.w, failures[i].call);
	ca_sim_world_fail(t.w, failures[i].call, n, failures[i].e);
	CA_STAGE_ONE_OF(ca_stage_flow(&t), CKR_OK, CA_STAGE_NO_TOKEN,
	    CA_STAGE_NO_KEY, CA_STAGE_NO_CERT, CKR_DEVICE_ERROR,
	    CKR_DEVICE_MEMORY, CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT,
	    CKR_TOKEN_NOT_RECOGNIZED, CKR_SESSION_HANDLE_INVALID,
	    CKR_USER_NOT_LOGGED_IN, CKR_KEY_HANDLE_INVALID, CKR_HOST_MEMORY,
	    CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR);
	struck = ca_sim_world_calls(t.w, failures[i].call) >= before + n;
	ca_sim_world_fail(t.w, failures[i].call, 0, CA_OK);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
	ca_stage_works(&t);
	ca_stage_end(&t);
	return struck;
}

static void
every_call_fails_once(void)
{
	for (size_t i = 0; i < CA_COUNT(failures); i++) {
		uint32_t n = 1, failed;

		for (; n < MOMENTS_MAX; n += step()) {
			failed = CU_get_number_of_failures();
			if (!play_call(i, n))
				break;
			if (CU_get_number_of_failures() != failed)
				printf("    call %d number %u, %s\n",
				    (int)failures[i].call, n,
				    ca_err_name(failures[i].e));
		}
		CU_ASSERT(n < MOMENTS_MAX);
	}
}

void
ca_trouble_sweep(CU_pSuite suite)
{
	CU_add_test(suite, "every trouble at every moment",
	    every_trouble_at_every_moment);
	CU_add_test(suite, "every call fails once", every_call_fails_once);
}
