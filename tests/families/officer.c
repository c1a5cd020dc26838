/*
 * The officer: a PIN unblocked by C_Login(CKU_SO, PUK) and C_InitPIN, and how
 * long the PUK is held. The clock is ours (-Wl,--wrap=clock_gettime).
 */
#include <string.h>
#include <time.h>

#include "module/core/slot.h"
#include "pcsc/base/locked.h"
#include "tests/families/fam.h"

#define NEW_PIN "86427531"

static time_t ahead; /* seconds */

int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);

int
__wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	int rv = __real_clock_gettime(id, t);

	if (id == CLOCK_BOOTTIME)
		t->tv_sec += ahead;
	return rv;
}

static bool
can(const struct fam *t)
{
	return (t->row->has & FAM_UNBLOCK) != 0;
}

/* The PUK is held no more; what gives its memory back wipes it. */
static bool
wiped(const struct fam *t)
{
	const struct ca_officer *o = &ca_slot_find(t->slot)->officer;

	return o->puk == NULL && !o->in && ca_locked_use().pieces == 0;
}

/* A token without PUK says so, and whoever asks costs nothing. */
static void
not_offered(void)
{
	struct fam t;

	fam_begin_open(&t, NULL);
	if (!can(&t)) {
		ca_sim_count_clear(t.card);
		FAM_IS(fam_login(&t, CKU_SO, "87654321"),
		    CKR_USER_TYPE_INVALID);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 0);
		CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
	}
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_USER_NOT_LOGGED_IN);
	fam_end(&t);
}

/* Begins with a blocked PIN; false (and nothing begun) when the row has no
 * PUK. */
static bool
begin(struct fam *t)
{
	if ((fam_row()->has & FAM_UNBLOCK) == 0)
		return false;
	ahead = 0;
	fam_begin_open(t, NULL);
	CU_ASSERT(ca_sim_tries_set(t->card, t->opts.pin_ref, 0) == CA_OK);
	ca_sim_count_clear(t->card);
	return true;
}

static void
unblock(void)
{
	CK_SESSION_HANDLE ro = CK_INVALID_HANDLE;
	CK_OBJECT_HANDLE key;
	struct fam t;

	if (!begin(&t))
		return;
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_SO_FUNCTIONS);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1), 0);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_USER_ALREADY_LOGGED_IN);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin),
	    CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
	FAM_IS(t.f->C_OpenSession(t.slot, CKF_SERIAL_SESSION, NULL, NULL, &ro),
	    CKR_SESSION_READ_WRITE_SO_EXISTS);
	FAM_IS(fam_init_pin(&t, "1"), CKR_PIN_LEN_RANGE);
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_OK);
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_USER_NOT_LOGGED_IN);
	CU_ASSERT_EQUAL(fam_tries(&t), (int)t.opts.pin_tries);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	CU_ASSERT(wiped(&t));
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_INCORRECT);
	FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
	memcpy(t.opts.pin, NEW_PIN, sizeof(NEW_PIN));
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

/* One try, in the call that asks the card, and the PIN is as it was. */
static void
wrong_puk(void)
{
	bool heard = (fam_row()->has & FAM_PUK_HEARD) != 0;
	struct fam t;
	CK_RV rv;

	if (!begin(&t))
		return;
	rv = fam_login(&t, CKU_SO, fam_wrong(t.opts.puk));
	FAM_IS(rv, heard ? CKR_PIN_INCORRECT : CKR_OK);
	if (!heard) {
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
		FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_PIN_INCORRECT);
	}
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 1);
	CU_ASSERT(wiped(&t));
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
	CU_ASSERT_EQUAL(fam_tries(&t), 0);
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_USER_NOT_LOGGED_IN);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_OK);
	fam_end(&t);
}

/* The last try of a PUK is nobody's to spend by chance, nor a blocked one. */
static void
puk_guard(void)
{
	struct fam t;

	if (!begin(&t))
		return;
	for (uint32_t left = 0; left < 2; left++) {
		CU_ASSERT(ca_sim_tries_set(t.card, t.opts.puk_ref, left) ==
			  CA_OK);
		FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_PIN_LOCKED);
		CU_ASSERT((fam_flags(&t) &
			      (left == 0 ? CKF_SO_PIN_LOCKED
					 : CKF_SO_PIN_FINAL_TRY)) != 0);
	}
	FAM_IS(fam_login(&t, CKU_SO, "1"), CKR_PIN_INCORRECT);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	CU_ASSERT(wiped(&t));
	fam_end(&t);
}

static void
with_read_only(void)
{
	CK_SESSION_HANDLE ro = CK_INVALID_HANDLE;
	struct fam t;

	if (!begin(&t))
		return;
	FAM_IS(t.f->C_OpenSession(t.slot, CKF_SERIAL_SESSION, NULL, NULL, &ro),
	    CKR_OK);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_SESSION_READ_ONLY_EXISTS);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	CU_ASSERT(wiped(&t));
	fam_end(&t);
}

/* Sixty seconds, and not one more; the card is closed too. */
static void
time_is_over(void)
{
	struct fam t;

	if (!begin(&t))
		return;
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	ahead = CA_OFFICER_SECONDS - 2;
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_SO_FUNCTIONS);
	CU_ASSERT(!wiped(&t));
	ahead = CA_OFFICER_SECONDS + 1;
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
	CU_ASSERT(wiped(&t));
	CU_ASSERT(!ca_sim_verified(t.card, t.opts.puk_ref));
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_USER_NOT_LOGGED_IN);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	ahead += CA_OFFICER_SECONDS + 1;
	(void)fam_flags(&t); /* somebody polls */
	CU_ASSERT(wiped(&t));
	fam_end(&t);
	ahead = 0;
}

/* Everything else that ends it. */
static void
ends(void)
{
	struct fam t;

	if (!begin(&t))
		return;
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	CU_ASSERT(wiped(&t));
	CU_ASSERT(!ca_sim_verified(t.card, t.opts.puk_ref));
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(t.f->C_CloseSession(t.s), CKR_OK);
	CU_ASSERT(wiped(&t));
	FAM_IS(fam_open(&t), CKR_OK);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(t.f->C_CloseAllSessions(t.slot), CKR_OK);
	CU_ASSERT(wiped(&t));
	CU_ASSERT(!ca_sim_verified(t.card, t.opts.puk_ref));
	FAM_IS(fam_open(&t), CKR_OK);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	CU_ASSERT(ca_sim_world_remove(t.w, FAM_READER) == CA_OK);
	CU_ASSERT(t.f->C_GetSessionInfo(t.s, &(CK_SESSION_INFO){0}) != CKR_OK);
	CU_ASSERT(wiped(&t));
	CU_ASSERT(ca_sim_world_insert(t.w, FAM_READER, t.card) == CA_OK);
	FAM_IS(fam_open(&t), CKR_OK);
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	fam_end(&t);
}

/* C_SetPIN of the officer: his own, where it is one, and never the user's. */
static void
set_puk(void)
{
	bool changes = (fam_row()->has & FAM_PUK_CHANGE) != 0;
	char new_puk[CA_SIM_TEXT];
	struct fam t;

	if (!begin(&t))
		return;
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 3) == CA_OK);
	memcpy(new_puk, fam_wrong(t.opts.puk), sizeof(new_puk));
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(fam_set_pin(&t, t.opts.puk, new_puk),
	    changes ? CKR_OK : CKR_FUNCTION_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(fam_tries(&t), 3);
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_OK);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	fam_end(&t);
}

/* C_InitToken, also with the right PUK: the token stays what it is. */
static void
not_emptied(void)
{
	CK_UTF8CHAR puk[CA_SIM_TEXT], label[32];
	CK_ULONG n;
	struct fam t;

	fam_begin(&t, NULL);
	n = strlen(t.opts.puk);
	memcpy(puk, t.opts.puk, n);
	memset(label, 'x', sizeof(label));
	ca_sim_count_clear(t.card);
	FAM_IS(t.f->C_InitToken(t.slot, NULL, n, label), CKR_ARGUMENTS_BAD);
	FAM_IS(t.f->C_InitToken(t.slot, puk, n, NULL), CKR_ARGUMENTS_BAD);
	FAM_IS(t.f->C_InitToken(t.slot, puk, n, label),
	    CKR_FUNCTION_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	CU_ASSERT_EQUAL(ca_sim_seen(t.card, 0xD6), 0);
	FAM_IS(fam_open(&t), CKR_OK);
	FAM_IS(t.f->C_InitToken(t.slot, puk, n, label), CKR_SESSION_EXISTS);
	fam_end(&t);
}

void
fam_suite_officer(CU_pSuite s)
{
	CU_add_test(s, "not offered", not_offered);
	CU_add_test(s, "unblock", unblock);
	CU_add_test(s, "wrong PUK", wrong_puk);
	CU_add_test(s, "guard of the PUK", puk_guard);
	CU_add_test(s, "with a read-only session", with_read_only);
	CU_add_test(s, "time is over", time_is_over);
	CU_add_test(s, "what ends it", ends);
	CU_add_test(s, "PUK changed", set_puk);
	CU_add_test(s, "not emptied", not_emptied);
}
