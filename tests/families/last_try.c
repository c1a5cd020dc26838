/*
 * The last try of a PIN: spent by the order that CKA_CAPKCS11_SPEND_LAST_TRY
 * was set for, and by no other.
 */
#include <string.h>

#include "module/capkcs11.h"
#include "module/core/pkcs11_3.h"
#include "tests/families/fam.h"

#define NEW_PIN "86427531"

static CK_RV
set(struct fam *t, CK_ATTRIBUTE_TYPE type, const void *value, CK_ULONG n)
{
	CK_ATTRIBUTE a = {type, (void *)(uintptr_t)value, n};
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;

	CU_ASSERT_EQUAL_FATAL(fam_find(t, CKO_CAPKCS11_TOKEN, &o, 1), 1);
	return t->f->C_SetAttributeValue(t->s, o, &a, 1);
}

static void
order(struct fam *t)
{
	CK_BBOOL yes = CK_TRUE;

	FAM_IS(set(t, CKA_CAPKCS11_SPEND_LAST_TRY, &yes, sizeof(yes)), CKR_OK);
}

static bool
is_ordered(struct fam *t)
{
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;

	CU_ASSERT_EQUAL_FATAL(fam_find(t, CKO_CAPKCS11_TOKEN, &o, 1), 1);
	return fam_flag(t, o, CKA_CAPKCS11_SPEND_LAST_TRY);
}

/* A session on a card with one try of the user's PIN and, where it has one, of
 * the PUK. */
static void
begin(struct fam *t)
{
	fam_begin_open(t, NULL);
	CU_ASSERT(ca_sim_tries_set(t->card, t->opts.pin_ref, 1) == CA_OK);
	if ((t->row->has & FAM_UNBLOCK) != 0)
		CU_ASSERT(ca_sim_tries_set(t->card, t->opts.puk_ref, 1) ==
			  CA_OK);
	ca_sim_count_clear(t->card);
}

/* What a card says of a wrong value that was the last: that it was wrong, or
 * that the PIN is blocked now. */
static void
spent(CK_RV rv)
{
	CU_ASSERT(rv == CKR_PIN_INCORRECT || rv == CKR_PIN_LOCKED);
}

/* To give the order asks the card nothing. */
static void
right_pin(void)
{
	struct fam t;

	begin(&t);
	CU_ASSERT(!is_ordered(&t));
	order(&t);
	CU_ASSERT(is_ordered(&t));
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 0);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT(!is_ordered(&t));
	CU_ASSERT_EQUAL(fam_tries(&t), (int)t.opts.pin_tries);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

static void
wrong_pin(void)
{
	struct fam t;

	begin(&t);
	order(&t);
	spent(fam_login(&t, CKU_USER, fam_wrong(t.opts.pin)));
	CU_ASSERT(!is_ordered(&t));
	CU_ASSERT_EQUAL(fam_tries(&t), 0);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 1);
	fam_end(&t);
}

/* Without the order, after it was taken back, and after each thing that ends
 * it: nothing is sent that could cost the try. */
static void
only_with_it(void)
{
	CK_BBOOL no = CK_FALSE;
	struct fam t;

	begin(&t);
	order(&t);
	FAM_IS(set(&t, CKA_CAPKCS11_SPEND_LAST_TRY, &no, sizeof(no)), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	order(&t); /* refused at once, and an order all the same */
	FAM_IS(fam_login(&t, CKU_USER, ""), CKR_PIN_INCORRECT);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	order(&t);
	FAM_IS(fam_set_pin(&t, t.opts.pin, "1"),
	    (t.row->has & FAM_CHANGE) != 0 ? CKR_PIN_LEN_RANGE
					   : CKR_FUNCTION_NOT_SUPPORTED);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	order(&t);
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_USER_NOT_LOGGED_IN);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	CU_ASSERT_EQUAL(fam_tries(&t), 1);
	fam_end(&t);
}

/* The last session closed; the card taken out and put back. */
static void
not_beyond(void)
{
	struct fam t;

	begin(&t);
	order(&t);
	FAM_IS(t.f->C_CloseSession(t.s), CKR_OK);
	FAM_IS(fam_open(&t), CKR_OK);
	CU_ASSERT(!is_ordered(&t));
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	order(&t);
	CU_ASSERT(ca_sim_world_remove(t.w, FAM_READER) == CA_OK);
	CU_ASSERT(ca_sim_world_insert(t.w, FAM_READER, t.card) == CA_OK);
	FAM_IS(fam_open(&t), CKR_OK);
	CU_ASSERT(!is_ordered(&t));
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	fam_end(&t);
}

static void
change(void)
{
	struct fam t;

	begin(&t);
	if ((t.row->has & FAM_CHANGE) != 0) {
		order(&t);
		spent(fam_set_pin(&t, fam_wrong(t.opts.pin), NEW_PIN));
		CU_ASSERT_EQUAL(fam_tries(&t), 0);
		CU_ASSERT(!is_ordered(&t));
		CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 1) == CA_OK);
		order(&t);
		FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_OK);
		CU_ASSERT(!is_ordered(&t));
		FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
	}
	fam_end(&t);
}

/* The PUK's: each of the two calls is an order of its own. */
static void
unblock(void)
{
	struct fam t;

	begin(&t);
	if ((t.row->has & FAM_UNBLOCK) != 0) {
		FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_PIN_LOCKED);
		order(&t);
		FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
		CU_ASSERT(!is_ordered(&t));
		CU_ASSERT(ca_sim_tries_set(t.card, t.opts.puk_ref, 1) == CA_OK);
		order(&t);
		FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_OK);
		CU_ASSERT(!is_ordered(&t));
		FAM_IS(t.f->C_Logout(t.s), CKR_OK);
		FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	}
	fam_end(&t);
}

static void
unblock_without(void)
{
	bool heard = (fam_row()->has & FAM_PUK_HEARD) != 0;
	struct fam t;

	begin(&t);
	if ((t.row->has & FAM_UNBLOCK) != 0 && !heard) {
		order(&t);
		FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
		FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_PIN_LOCKED);
		CU_ASSERT_EQUAL(fam_puk_tries(&t), 1);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	}
	fam_end(&t);
}

/* All of a template or nothing, and never anything but the one attribute. */
static void
templates(void)
{
	CK_BBOOL yes = CK_TRUE, other = 2;
	CK_ULONG zero = 0;
	CK_ATTRIBUTE two[] = {{CKA_CAPKCS11_SPEND_LAST_TRY, &yes, sizeof(yes)},
	    {CKA_CAPKCS11_PIN_TRIES, &zero, sizeof(zero)}};
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;
	struct fam t;

	begin(&t);
	FAM_IS(set(&t, CKA_CAPKCS11_PIN_TRIES, &zero, sizeof(zero)),
	    CKR_ATTRIBUTE_READ_ONLY);
	FAM_IS(set(&t, CKA_LABEL, "x", 1), CKR_ATTRIBUTE_TYPE_INVALID);
	FAM_IS(set(&t, CKA_CAPKCS11_SPEND_LAST_TRY, &zero, sizeof(zero)),
	    CKR_ATTRIBUTE_VALUE_INVALID);
	FAM_IS(set(&t, CKA_CAPKCS11_SPEND_LAST_TRY, &other, sizeof(other)),
	    CKR_ATTRIBUTE_VALUE_INVALID);
	FAM_IS(set(&t, CKA_CAPKCS11_SPEND_LAST_TRY, NULL, sizeof(yes)),
	    CKR_ATTRIBUTE_VALUE_INVALID);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_CAPKCS11_TOKEN, &o, 1), 1);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, two, 2),
	    CKR_ATTRIBUTE_READ_ONLY);
	two[1] = two[0];
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, two, 2),
	    CKR_TEMPLATE_INCONSISTENT);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, NULL, 0), CKR_ARGUMENTS_BAD);
	CU_ASSERT(!is_ordered(&t));
	fam_end(&t);
}

void
fam_suite_last_try(CU_pSuite s)
{
	CU_add_test(s, "right PIN", right_pin);
	CU_add_test(s, "wrong PIN", wrong_pin);
	CU_add_test(s, "only with the order", only_with_it);
	CU_add_test(s, "not beyond the session or the card", not_beyond);
	CU_add_test(s, "change", change);
	CU_add_test(s, "unblock", unblock);
	CU_add_test(s, "unblock by one order", unblock_without);
	CU_add_test(s, "templates", templates);
}
