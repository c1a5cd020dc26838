/* PINs: wrong, blocked, of impossible length, the last try. The card counts
 * the tries; the tests read its counters. */
#include <string.h>

#include "tests/trouble/stage.h"

#define WRONG "99999999"

static uint64_t
verifies(const struct ca_stage *t)
{
	return ca_sim_count(t->card, CA_SIM_VERIFIES);
}

static void
begin(struct ca_stage *t)
{
	ca_stage_begin(t, NULL);
	CA_STAGE_IS(ca_stage_open(t), CKR_OK);
	ca_sim_count_clear(t->card);
}

/* One VERIFY, one try, and the flags say so until a right PIN. */
static void
wrong_pin(void)
{
	struct ca_stage t;

	begin(&t);
	CU_ASSERT((ca_stage_flags(&t) & CKF_USER_PIN_COUNT_LOW) == 0);
	CA_STAGE_IS(ca_stage_login_with(&t, WRONG), CKR_PIN_INCORRECT);
	CU_ASSERT_EQUAL(verifies(&t), 1);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 2);
	CU_ASSERT((ca_stage_flags(&t) & CKF_USER_PIN_COUNT_LOW) != 0);
	CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
	CU_ASSERT_EQUAL(verifies(&t), 2);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
	CU_ASSERT((ca_stage_flags(&t) & CKF_USER_PIN_COUNT_LOW) == 0);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* Two wrong PINs and the guard stops the third, right or wrong. */
static void
last_try_guard(void)
{
	struct ca_stage t;

	begin(&t);
	CA_STAGE_IS(ca_stage_login_with(&t, WRONG), CKR_PIN_INCORRECT);
	CA_STAGE_IS(ca_stage_login_with(&t, WRONG), CKR_PIN_INCORRECT);
	CU_ASSERT_EQUAL(verifies(&t), 2);
	CU_ASSERT((ca_stage_flags(&t) & CKF_USER_PIN_FINAL_TRY) != 0);
	CU_ASSERT((ca_stage_flags(&t) & CKF_USER_PIN_LOCKED) == 0);
	CA_STAGE_IS(ca_stage_login_with(&t, WRONG), CKR_PIN_LOCKED);
	CA_STAGE_IS(ca_stage_login(&t), CKR_PIN_LOCKED);
	CU_ASSERT_EQUAL(verifies(&t), 2);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 1);
	ca_stage_end(&t);
}

/* The configuration lets the last try be spent: once, and not twice. */
static void
last_try_allowed(void)
{
	struct ca_stage t;

	CU_ASSERT_FATAL(ca_stage_config("allow_last_try = yes\n"));
	begin(&t);
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 1) == CA_OK);
	CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
	ca_stage_works(&t);
	ca_stage_end(&t);

	begin(&t);
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 1) == CA_OK);
	CA_STAGE_ONE_OF(ca_stage_login_with(&t, WRONG), CKR_PIN_INCORRECT,
	    CKR_PIN_LOCKED);
	CU_ASSERT_EQUAL(verifies(&t), 1);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 0);
	CU_ASSERT((ca_stage_flags(&t) & CKF_USER_PIN_LOCKED) != 0);
	CA_STAGE_IS(ca_stage_login(&t), CKR_PIN_LOCKED);
	ca_stage_end(&t);
	CU_ASSERT_FATAL(ca_stage_config(""));
}

/* A blocked PIN stays where it is, and no VERIFY is sent for it. */
static void
blocked(void)
{
	struct ca_stage t;

	begin(&t);
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 0) == CA_OK);
	CU_ASSERT((ca_stage_flags(&t) & CKF_USER_PIN_LOCKED) != 0);
	CA_STAGE_IS(ca_stage_login(&t), CKR_PIN_LOCKED);
	CA_STAGE_IS(ca_stage_login_with(&t, WRONG), CKR_PIN_LOCKED);
	CU_ASSERT_EQUAL(verifies(&t), 0);
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 3) == CA_OK);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* Blocked behind our back, between the query and now: the card says it. */
static void
blocked_meanwhile(void)
{
	struct ca_stage t;

	begin(&t);
	CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
	CA_STAGE_IS(t.f->C_Logout(t.s), CKR_OK);
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 0) == CA_OK);
	CA_STAGE_IS(ca_stage_login(&t), CKR_PIN_LOCKED);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 0);
	ca_stage_end(&t);
}

/* What cannot be the PIN never reaches the card. */
static void
impossible_length(void)
{
	static const char *const pins[] = {
	    "1", "123", "12345678901234567", "123456789012345678901234567890"};
	CK_UTF8CHAR none[1] = {0};
	struct ca_stage t;

	begin(&t);
	for (size_t i = 0; i < CA_COUNT(pins); i++)
		CA_STAGE_IS(ca_stage_login_with(&t, pins[i]),
		    CKR_PIN_INCORRECT);
	CA_STAGE_ONE_OF(t.f->C_Login(t.s, CKU_USER, none, 0), CKR_PIN_INCORRECT,
	    CKR_ARGUMENTS_BAD);
	CA_STAGE_IS(t.f->C_Login(t.s, CKU_USER, NULL, 8), CKR_ARGUMENTS_BAD);
	CA_STAGE_ONE_OF(t.f->C_Login(t.s, CKU_USER, NULL, 0), CKR_ARGUMENTS_BAD,
	    CKR_PIN_INCORRECT);
	CU_ASSERT_EQUAL(verifies(&t), 0);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* A second login asks nothing of the card. */
static void
login_twice(void)
{
	struct ca_stage t;

	begin(&t);
	CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
	CA_STAGE_IS(ca_stage_login_with(&t, WRONG), CKR_USER_ALREADY_LOGGED_IN);
	CU_ASSERT_EQUAL(verifies(&t), 1);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
	ca_stage_end(&t);
}

/* A wrong PIN for the officer costs the user nothing. */
static void
officer(void)
{
	CK_UTF8CHAR pin[] = WRONG;
	struct ca_stage t;

	begin(&t);
	CA_STAGE_ONE_OF(t.f->C_Login(t.s, CKU_SO, pin, sizeof(pin) - 1),
	    CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_TYPE_INVALID);
	CU_ASSERT_EQUAL(verifies(&t), 0);
	CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
	ca_stage_end(&t);
}

/* Logout is real: the card itself does not sign any more. */
static void
logout_is_real(void)
{
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	CA_STAGE_IS(ca_stage_sign(&t), CKR_OK);
	CU_ASSERT(ca_sim_verified(t.card, t.opts.pin_ref));
	CA_STAGE_IS(t.f->C_Logout(t.s), CKR_OK);
	CU_ASSERT(!ca_sim_verified(t.card, t.opts.pin_ref));
	CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
	CA_STAGE_IS(t.f->C_CloseSession(t.s), CKR_OK);
	CU_ASSERT(!ca_sim_verified(t.card, t.opts.pin_ref));
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
	CA_STAGE_IS(t.f->C_CloseAllSessions(t.slot), CKR_OK);
	CU_ASSERT(!ca_sim_verified(t.card, t.opts.pin_ref));
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* Polling the slot costs no command, the token one at most. */
static void
polling(void)
{
	CK_SLOT_INFO si;
	struct ca_stage t;

	begin(&t);
	ca_sim_count_clear(t.card);
	for (int i = 0; i < 10; i++)
		CA_STAGE_IS(t.f->C_GetSlotInfo(t.slot, &si), CKR_OK);
	CU_ASSERT_EQUAL(ca_sim_count(t.card, CA_SIM_APDUS), 0);
	for (int i = 0; i < 10; i++)
		(void)ca_stage_flags(&t);
	CU_ASSERT(ca_sim_count(t.card, CA_SIM_APDUS) <= 10);
	ca_stage_end(&t);
}

void
ca_trouble_pin(CU_pSuite suite)
{
	CU_add_test(suite, "wrong PIN", wrong_pin);
	CU_add_test(suite, "last try guard", last_try_guard);
	CU_add_test(suite, "last try allowed", last_try_allowed);
	CU_add_test(suite, "blocked", blocked);
	CU_add_test(suite, "blocked meanwhile", blocked_meanwhile);
	CU_add_test(suite, "impossible length", impossible_length);
	CU_add_test(suite, "login twice", login_twice);
	CU_add_test(suite, "officer", officer);
	CU_add_test(suite, "logout is real", logout_is_real);
	CU_add_test(suite, "polling", polling);
}
