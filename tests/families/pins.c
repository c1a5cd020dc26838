/* The user's PIN: wrong, blocked, its last try, and its change. The card
 * counts the tries; the tests read its counters. */
#include <string.h>

#include "tests/families/fam.h"

#define NEW_PIN "86427531"
#define LONG_PIN "123456789012345678901234567890"

static int
all_tries(const struct fam *t)
{
	return (int)t->opts.pin_tries;
}

static void
set_tries(struct fam *t, uint32_t n)
{
	CU_ASSERT(ca_sim_tries_set(t->card, t->opts.pin_ref, n) == CA_OK);
}

/* One VERIFY, one try. */
static void
wrong_pin(void)
{
	struct fam t;

	fam_begin_open(&t, NULL);
	ca_sim_count_clear(t.card);
	FAM_IS(fam_login(&t, CKU_USER, fam_wrong(t.opts.pin)),
	    CKR_PIN_INCORRECT);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 1);
	CU_ASSERT_EQUAL(fam_tries(&t), all_tries(&t) - 1);
	CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_COUNT_LOW) != 0);
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 2);
	CU_ASSERT_EQUAL(fam_tries(&t), all_tries(&t));
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

static void
blocked(void)
{
	struct fam t;

	fam_begin_open(&t, NULL);
	set_tries(&t, 0);
	ca_sim_count_clear(t.card);
	CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_LOCKED) != 0);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	if ((t.row->has & FAM_CHANGE) != 0)
		FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_PIN_LOCKED);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	fam_end(&t);
}

static void
last_try_guard(void)
{
	struct fam t;

	fam_begin_open(&t, NULL);
	set_tries(&t, 1);
	ca_sim_count_clear(t.card);
	CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_FINAL_TRY) != 0);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	if ((t.row->has & FAM_CHANGE) != 0)
		FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_PIN_LOCKED);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	CU_ASSERT_EQUAL(fam_tries(&t), 1);
	fam_end(&t);
}

static void
last_try_allowed(void)
{
	struct fam t;

	fam_config("allow_last_try = yes\n");
	fam_begin_open(&t, NULL);
	set_tries(&t, 1);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT_EQUAL(fam_tries(&t), all_tries(&t));
	fam_end(&t);
	fam_config("");
}

/* Changed without a login, and the card knows the new one alone. */
static void
change(void)
{
	struct fam t;

	fam_begin_open(&t, NULL);
	if ((t.row->has & FAM_CHANGE) == 0) {
		ca_sim_count_clear(t.card);
		FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN),
		    CKR_FUNCTION_NOT_SUPPORTED);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
		fam_end(&t);
		return;
	}
	CU_ASSERT((fam_flags(&t) & CKF_WRITE_PROTECTED) == 0);
	FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_OK);
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
	CU_ASSERT(!ca_sim_verified(t.card, t.opts.pin_ref));
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_INCORRECT);
	FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
	CU_ASSERT_EQUAL(fam_tries(&t), all_tries(&t));
	fam_end(&t);
}

/* Changed by the user in his session, which goes on. */
static void
change_inside(void)
{
	struct fam t;

	fam_begin_login(&t, NULL);
	if ((t.row->has & FAM_CHANGE) != 0) {
		FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_OK);
		CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_USER_FUNCTIONS);
		memcpy(t.opts.pin, NEW_PIN, sizeof(NEW_PIN));
		FAM_IS(fam_sign_once(&t), CKR_OK);
		FAM_IS(t.f->C_Logout(t.s), CKR_OK);
		FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
		FAM_IS(fam_sign_once(&t), CKR_OK);
	}
	fam_end(&t);
}

/* A wrong old PIN costs one try and changes nothing. */
static void
change_wrong_old(void)
{
	struct fam t;

	fam_begin_open(&t, NULL);
	if ((t.row->has & FAM_CHANGE) != 0) {
		FAM_IS(fam_set_pin(&t, fam_wrong(t.opts.pin), NEW_PIN),
		    CKR_PIN_INCORRECT);
		CU_ASSERT_EQUAL(fam_tries(&t), all_tries(&t) - 1);
		CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_COUNT_LOW) != 0);
		FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	}
	fam_end(&t);
}

/* The same with a login, which stands or is honestly gone afterwards. */
static void
change_wrong_inside(void)
{
	struct fam t;

	fam_begin_login(&t, NULL);
	if ((t.row->has & FAM_CHANGE) != 0) {
		FAM_IS(fam_set_pin(&t, fam_wrong(t.opts.pin), NEW_PIN),
		    CKR_PIN_INCORRECT);
		CU_ASSERT_EQUAL(fam_tries(&t), all_tries(&t) - 1);
		(void)t.f->C_Logout(t.s);
		FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		FAM_IS(fam_sign_once(&t), CKR_OK);
	}
	fam_end(&t);
}

/* What cannot be right never reaches the card. */
static void
change_arguments(void)
{
	CK_UTF8CHAR pin[] = NEW_PIN;
	CK_SESSION_HANDLE ro = CK_INVALID_HANDLE, rw;
	struct fam t;

	fam_begin_open(&t, NULL);
	ca_sim_count_clear(t.card);
	FAM_IS(t.f->C_SetPIN(t.s, NULL, 8, pin, 8), CKR_ARGUMENTS_BAD);
	FAM_IS(t.f->C_SetPIN(t.s, pin, 8, NULL, 8), CKR_ARGUMENTS_BAD);
	FAM_IS(t.f->C_SetPIN(t.s, NULL, 0, NULL, 0), CKR_ARGUMENTS_BAD);
	if ((t.row->has & FAM_CHANGE) != 0) {
		FAM_IS(fam_set_pin(&t, t.opts.pin, "1"), CKR_PIN_LEN_RANGE);
		FAM_IS(fam_set_pin(&t, t.opts.pin, LONG_PIN),
		    CKR_PIN_LEN_RANGE);
		FAM_IS(fam_set_pin(&t, t.opts.pin, ""), CKR_PIN_LEN_RANGE);
		FAM_IS(fam_set_pin(&t, "1", NEW_PIN), CKR_PIN_INCORRECT);
		FAM_IS(fam_set_pin(&t, LONG_PIN, NEW_PIN), CKR_PIN_INCORRECT);
	}
	rw = t.s;
	FAM_IS(t.f->C_OpenSession(t.slot, CKF_SERIAL_SESSION, NULL, NULL, &ro),
	    CKR_OK);
	t.s = ro;
	FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_SESSION_READ_ONLY);
	t.s = rw;
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	CU_ASSERT_EQUAL(fam_tries(&t), all_tries(&t));
	fam_end(&t);
}

void
fam_suite_pin(CU_pSuite s)
{
	CU_add_test(s, "wrong PIN", wrong_pin);
	CU_add_test(s, "blocked", blocked);
	CU_add_test(s, "last try guard", last_try_guard);
	CU_add_test(s, "last try allowed", last_try_allowed);
	CU_add_test(s, "change", change);
	CU_add_test(s, "change inside", change_inside);
	CU_add_test(s, "change, wrong old PIN", change_wrong_old);
	CU_add_test(s, "change inside, wrong old PIN", change_wrong_inside);
	CU_add_test(s, "change, bad arguments", change_arguments);
}
