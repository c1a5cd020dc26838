/* PINs changed and unblocked at the reader's keypad: C_SetPIN with NULL, and
 * C_Login(CKU_SO) and C_InitPIN with NULL. */
#include <stdio.h>
#include <string.h>

#include "tests/families/keypad.h"

#define NEW_PIN "86427531"

static CK_RV
set_pin(struct fam *t, const char *a, const char *b, const char *c,
    const char *d)
{
	char keys[256];

	(void)snprintf(keys, sizeof(keys), "%s %s %s %s", a, b, c, d);
	ca_sim_world_keys(t->w, FAM_READER, keys);
	return t->f->C_SetPIN(t->s, NULL, 0, NULL, 0);
}

/* The card that wants the old PIN verified before it is changed has it keyed in
 * once more, unless it is verified already. */
static CK_RV
change_pin(struct fam *t, const char *old, const char *new, const char *again)
{
	bool twice = strcmp(t->row->type, "vgca-chipdoc") == 0 &&
		     !ca_sim_verified(t->card, t->opts.pin_ref);

	return twice ? set_pin(t, old, old, new, again)
		     : set_pin(t, old, new, again, "");
}

static CK_RV
init_pin(struct fam *t, const char *puk, const char *new, const char *again)
{
	char keys[128];

	(void)snprintf(keys, sizeof(keys), "%s%s%s %s", puk,
	    puk[0] != '\0' ? " " : "", new, again);
	ca_sim_world_keys(t->w, FAM_READER, keys);
	return t->f->C_InitPIN(t->s, NULL, 0);
}

static void
change(void)
{
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	if (keypad_has(FAM_KEYED_CHANGE)) {
		FAM_IS(change_pin(&t, t.opts.pin, NEW_PIN, NEW_PIN), CKR_OK);
		CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
		CU_ASSERT(!ca_sim_verified(t.card, t.opts.pin_ref));
		FAM_IS(keypad_login(&t, CKU_USER, NEW_PIN), CKR_OK);
		FAM_IS(change_pin(&t, NEW_PIN, t.opts.pin, t.opts.pin), CKR_OK);
		(void)t.f->C_Logout(t.s);
		FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	} else {
		FAM_IS(set_pin(&t, t.opts.pin, NEW_PIN, NEW_PIN, ""),
		    keypad_has(FAM_KEYED) ? CKR_FUNCTION_NOT_SUPPORTED
					  : CKR_ARGUMENTS_BAD);
		CU_ASSERT_EQUAL(keypad_entries(&t), 0);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	}
	keypad_end(&t);
}

/* Half of it from the program, or a length without a value. */
static void
change_mixed(void)
{
	CK_UTF8CHAR pin[] = NEW_PIN;
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	ca_sim_world_keys(t.w, FAM_READER, NEW_PIN " " NEW_PIN " " NEW_PIN);
	FAM_IS(t.f->C_SetPIN(t.s, pin, 8, NULL, 0), CKR_ARGUMENTS_BAD);
	FAM_IS(t.f->C_SetPIN(t.s, NULL, 0, pin, 8), CKR_ARGUMENTS_BAD);
	FAM_IS(t.f->C_SetPIN(t.s, NULL, 8, NULL, 8), CKR_ARGUMENTS_BAD);
	CU_ASSERT_EQUAL(keypad_entries(&t), 0);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
	keypad_end(&t);
}

/* A wrong old PIN costs one try; what ends at the reader none. */
static void
change_badly(void)
{
	int all;
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	all = (int)t.opts.pin_tries;
	if (keypad_has(FAM_KEYED_CHANGE)) {
		FAM_IS(change_pin(&t, fam_wrong(t.opts.pin), NEW_PIN, NEW_PIN),
		    CKR_PIN_INCORRECT);
		CU_ASSERT_EQUAL(fam_tries(&t), all - 1);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		FAM_IS(t.f->C_Logout(t.s), CKR_OK);
		CU_ASSERT_EQUAL(fam_tries(&t), all);
		FAM_IS(change_pin(&t, t.opts.pin, NEW_PIN, "86427530"),
		    CKR_PIN_INVALID);
		FAM_IS(change_pin(&t, t.opts.pin, "1", "1"), CKR_PIN_LEN_RANGE);
		FAM_IS(change_pin(&t, t.opts.pin, "cancel", ""),
		    CKR_FUNCTION_CANCELED);
		FAM_IS(change_pin(&t, t.opts.pin, NEW_PIN, "away"),
		    CKR_FUNCTION_CANCELED);
		CU_ASSERT_EQUAL(fam_tries(&t), all);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 1);
		CU_ASSERT(!ca_sim_verified(t.card, t.opts.pin_ref));
		FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	}
	keypad_end(&t);
}

/* A keypad that can ask for a PIN and not for a new one. */
static void
verify_alone(void)
{
	static const struct ca_sim_keypad verify = {.verify = true};
	struct fam t;

	keypad_begin(&t, &verify, NULL);
	if (keypad_has(FAM_KEYED)) {
		FAM_IS(set_pin(&t, t.opts.pin, NEW_PIN, NEW_PIN, ""),
		    CKR_FUNCTION_NOT_SUPPORTED);
		FAM_IS(keypad_login(&t, CKU_SO, t.opts.puk),
		    keypad_has(FAM_UNBLOCK) ? CKR_FUNCTION_FAILED
					    : CKR_USER_TYPE_INVALID);
		CU_ASSERT_EQUAL(keypad_entries(&t), 0);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	}
	keypad_end(&t);
}

/* The officer's way: a PUK that the card can verify is keyed in at C_Login, any
 * other one at C_InitPIN. Never twice, and nothing of it is kept. */
static void
unblock(void)
{
	bool heard = keypad_has(FAM_PUK_HEARD);
	/* Where the card has the PUK verified it is not asked for again. */
	bool again = strcmp(fam_row()->type, "vgca-chipdoc") != 0;
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	if (!keypad_has(FAM_KEYED_UNBLOCK)) {
		if (keypad_has(FAM_KEYED))
			FAM_IS(keypad_login(&t, CKU_SO, t.opts.puk),
			    keypad_has(FAM_UNBLOCK) ? CKR_FUNCTION_FAILED
						    : CKR_USER_TYPE_INVALID);
		CU_ASSERT_EQUAL(keypad_entries(&t), 0);
		keypad_end(&t);
		return;
	}
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 0) == CA_OK);
	FAM_IS(keypad_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	CU_ASSERT_EQUAL(keypad_entries(&t), heard ? 1 : 0);
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_SO_FUNCTIONS);
	FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_FUNCTION_NOT_SUPPORTED);
	FAM_IS(init_pin(&t, again ? t.opts.puk : "", NEW_PIN, NEW_PIN), CKR_OK);
	CU_ASSERT_EQUAL(keypad_entries(&t), (heard ? 1 : 0) + (again ? 3 : 2));
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	FAM_IS(keypad_login(&t, CKU_USER, NEW_PIN), CKR_OK);
	CU_ASSERT_EQUAL(fam_tries(&t), (int)t.opts.pin_tries);
	CU_ASSERT_EQUAL(fam_puk_tries(&t), (int)t.opts.puk_tries);
	keypad_end(&t);
}

/* Cancelled, he is still the officer; wrong, he is none. */
static void
unblock_badly(void)
{
	bool together = strcmp(fam_row()->type, "vgca-chipdoc") != 0;
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	if (keypad_has(FAM_KEYED_UNBLOCK)) {
		FAM_IS(keypad_login(&t, CKU_SO, t.opts.puk), CKR_OK);
		FAM_IS(init_pin(&t, together ? t.opts.puk : "", NEW_PIN,
			   "86427530"),
		    CKR_PIN_INVALID);
		FAM_IS(init_pin(&t, "cancel", "", ""), CKR_FUNCTION_CANCELED);
		CU_ASSERT_EQUAL(fam_puk_tries(&t), (int)t.opts.puk_tries);
		CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_SO_FUNCTIONS);
		FAM_IS(init_pin(&t, fam_wrong(t.opts.puk), NEW_PIN, NEW_PIN),
		    CKR_PIN_INCORRECT);
		CU_ASSERT_EQUAL(fam_puk_tries(&t), (int)t.opts.puk_tries - 1);
		CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
		FAM_IS(t.f->C_InitPIN(t.s, NULL, 0), CKR_USER_NOT_LOGGED_IN);
		FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	}
	keypad_end(&t);
}

/* A PUK that the program brought goes with a PIN that it brings. */
static void
unblock_mixed(void)
{
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	if (keypad_has(FAM_UNBLOCK)) {
		FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
		FAM_IS(init_pin(&t, t.opts.puk, NEW_PIN, NEW_PIN),
		    CKR_ARGUMENTS_BAD);
		FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_OK);
		CU_ASSERT_EQUAL(keypad_entries(&t), 0);
	}
	keypad_end(&t);
}

/* A PUK changed at the keypad: the one that was held is of no use any more, and
 * must not be tried. */
static void
change_puk(void)
{
	char puk[CA_SIM_TEXT];
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	if (keypad_has(FAM_KEYED_UNBLOCK) && keypad_has(FAM_PUK_CHANGE)) {
		memcpy(puk, fam_wrong(t.opts.puk), sizeof(puk));
		FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
		FAM_IS(set_pin(&t, t.opts.puk, puk, puk, ""), CKR_OK);
		FAM_IS(fam_init_pin(&t, NEW_PIN), CKR_FUNCTION_NOT_SUPPORTED);
		FAM_IS(init_pin(&t, puk, NEW_PIN, NEW_PIN), CKR_OK);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	}
	keypad_end(&t);
}

void
keypad_add_changes(CU_pSuite s)
{
	CU_add_test(s, "change", change);
	CU_add_test(s, "change, half of it brought", change_mixed);
	CU_add_test(s, "change, keyed in badly", change_badly);
	CU_add_test(s, "a keypad that only verifies", verify_alone);
	CU_add_test(s, "unblock", unblock);
	CU_add_test(s, "unblock, keyed in badly", unblock_badly);
	CU_add_test(s, "unblock, half of it brought", unblock_mixed);
	CU_add_test(s, "PUK changed", change_puk);
}
