/*
 * PINs that the holder keys in at the reader
 * (CKF_PROTECTED_AUTHENTICATION_PATH, C_Login with NULL): the simulated keypad
 * makes the command out of the structure it is given, and the card counts the
 * tries.
 */
#include <string.h>

#include "tests/families/fam.h"
#include "tests/families/keypad.h"

bool
keypad_has(unsigned what)
{
	return (fam_row()->has & what) != 0;
}

void
keypad_begin(struct fam *t, const struct ca_sim_keypad *keypad,
    const char *more)
{
	const struct ca_sim_reader reader = {.keypad = *keypad};

	fam_reader(&reader);
	fam_begin_open(t, more);
	ca_sim_count_clear(t->card);
}

void
keypad_end(struct fam *t)
{
	fam_end(t);
	fam_reader(NULL);
}

CK_RV
keypad_login(struct fam *t, CK_USER_TYPE user, const char *keys)
{
	ca_sim_world_keys(t->w, FAM_READER, keys);
	return t->f->C_Login(t->s, user, NULL, 0);
}

uint64_t
keypad_entries(const struct fam *t)
{
	return ca_sim_world_entries(t->w, FAM_READER);
}

bool
keypad_flagged(struct fam *t)
{
	return (fam_flags(t) & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
}

void
keypad_nothing_asked(struct fam *t)
{
	CU_ASSERT_EQUAL(keypad_entries(t), 0);
	CU_ASSERT_EQUAL(fam_count(t, CA_SIM_VERIFIES), 0);
	CU_ASSERT_EQUAL(fam_tries(t), (int)t->opts.pin_tries);
}

/* With a keypad where the PIN can go through it, and nowhere else. */
static void
flag(void)
{
	static const struct ca_sim_keypad none = {.verify = false};
	static const struct ca_sim_keypad modify = {.modify = true};
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	CU_ASSERT_EQUAL(keypad_flagged(&t), keypad_has(FAM_KEYED));
	keypad_end(&t);
	keypad_begin(&t, &none, NULL);
	CU_ASSERT(!keypad_flagged(&t));
	FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_ARGUMENTS_BAD);
	keypad_nothing_asked(&t);
	keypad_end(&t);
	keypad_begin(&t, &modify, NULL);
	CU_ASSERT(!keypad_flagged(&t));
	keypad_end(&t);
}

/* A keypad that the administrator does not trust is none. */
static void
switched_off(void)
{
	struct fam t;

	fam_config("pinpad = no\n");
	keypad_begin(&t, &keypad_full, NULL);
	CU_ASSERT(!keypad_flagged(&t));
	FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_ARGUMENTS_BAD);
	FAM_IS(t.f->C_SetPIN(t.s, NULL, 0, NULL, 0), CKR_ARGUMENTS_BAD);
	keypad_nothing_asked(&t);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	keypad_end(&t);
	fam_config("");
}

/* One entry, one VERIFY, and the card is open. */
static void
login(void)
{
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	if (!keypad_has(FAM_KEYED)) {
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin),
		    CKR_ARGUMENTS_BAD);
		FAM_IS(keypad_login(&t, CKU_SO, t.opts.puk), CKR_ARGUMENTS_BAD);
		keypad_nothing_asked(&t);
	} else {
		FAM_IS(t.f->C_Login(t.s, CKU_USER, NULL, 8), CKR_ARGUMENTS_BAD);
		keypad_nothing_asked(&t);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		CU_ASSERT_EQUAL(keypad_entries(&t), 1);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 1);
		CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_USER_FUNCTIONS);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin),
		    CKR_USER_ALREADY_LOGGED_IN);
		FAM_IS(fam_sign_once(&t), CKR_OK);
	}
	keypad_end(&t);
}

/* A PIN that the program brings goes to the card as ever; an empty one is no
 * way to ask for the keypad. */
static void
brought(void)
{
	CK_UTF8CHAR empty[1] = "";
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	FAM_IS(t.f->C_Login(t.s, CKU_USER, empty, 0), CKR_PIN_INCORRECT);
	keypad_nothing_asked(&t);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	CU_ASSERT_EQUAL(keypad_entries(&t), 0);
	keypad_end(&t);
}

static void
wrong(void)
{
	int all = 0;
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	all = (int)t.opts.pin_tries;
	if (keypad_has(FAM_KEYED)) {
		FAM_IS(keypad_login(&t, CKU_USER, fam_wrong(t.opts.pin)),
		    CKR_PIN_INCORRECT);
		CU_ASSERT_EQUAL(fam_tries(&t), all - 1);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 1);
		CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_COUNT_LOW) != 0);
		CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		CU_ASSERT_EQUAL(fam_tries(&t), all);
	}
	keypad_end(&t);
}

/* What ends at the reader costs nothing. */
static void
not_entered(void)
{
	static const struct {
		const char *keys;
		CK_RV rv;
	} rows[] = {
	    {"cancel", CKR_FUNCTION_CANCELED},
	    {"away", CKR_FUNCTION_CANCELED},
	    {"", CKR_FUNCTION_CANCELED},
	    {"1", CKR_PIN_INCORRECT},
	    {"12345678901234567890", CKR_PIN_INCORRECT},
	};
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	for (size_t i = 0; keypad_has(FAM_KEYED) && i < CA_COUNT(rows); i++) {
		FAM_IS(keypad_login(&t, CKU_USER, rows[i].keys), rows[i].rv);
		CU_ASSERT_EQUAL(keypad_entries(&t), i + 1);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
		CU_ASSERT_EQUAL(fam_tries(&t), (int)t.opts.pin_tries);
		CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
		CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_COUNT_LOW) == 0);
	}
	keypad_end(&t);
}

/* The guards of the tries stand before the holder is asked. */
static void
guarded(void)
{
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	for (uint32_t left = 0; keypad_has(FAM_KEYED) && left < 2; left++) {
		CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, left) ==
			  CA_OK);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
		FAM_IS(t.f->C_SetPIN(t.s, NULL, 0, NULL, 0), CKR_PIN_LOCKED);
		CU_ASSERT_EQUAL(keypad_entries(&t), 0);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
		CU_ASSERT_EQUAL(fam_tries(&t), (int)left);
	}
	keypad_end(&t);
}

/* The other way of talking to a keypad: start an entry, wait for its end. */
static void
by_pair(void)
{
	static const struct ca_sim_keypad pair = {
	    .verify = true, .modify = true, .pair = true};
	struct fam t;

	keypad_begin(&t, &pair, NULL);
	CU_ASSERT_EQUAL(keypad_flagged(&t), keypad_has(FAM_KEYED));
	if (keypad_has(FAM_KEYED)) {
		FAM_IS(keypad_login(&t, CKU_USER, "cancel"),
		    CKR_FUNCTION_CANCELED);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		CU_ASSERT_EQUAL(keypad_entries(&t), 2);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 1);
	}
	keypad_end(&t);
}

/* A keypad that takes fewer digits than the card: the card's holder may still
 * have a PIN that fits; where none can, there is no keypad. */
static void
narrow(void)
{
	static const struct ca_sim_keypad few = {
	    .verify = true, .modify = true, .min = 4, .max = 8};
	static const struct ca_sim_keypad many = {
	    .verify = true, .min = 17, .max = 25};
	struct fam t;

	keypad_begin(&t, &few, NULL);
	if (keypad_flagged(&t))
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT_EQUAL(keypad_flagged(&t), keypad_has(FAM_KEYED));
	keypad_end(&t);
	keypad_begin(&t, &many, NULL);
	CU_ASSERT(!keypad_flagged(&t));
	keypad_end(&t);
}

/* The key's own PIN, where each use wants it. */
static void
for_one_use(void)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_KEY_TYPE type = CKK_RSA;
	CK_ATTRIBUTE a = {CKA_KEY_TYPE, &type, sizeof(type)};
	CK_BYTE data[] = "example", sig[512];
	CK_ULONG n = sizeof(sig);
	CK_OBJECT_HANDLE key;
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	if (keypad_has(FAM_KEYED)) {
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
	}
	if (keypad_has(FAM_KEYED) &&
	    fam_flag(&t, key, CKA_ALWAYS_AUTHENTICATE)) {
		FAM_IS(t.f->C_GetAttributeValue(t.s, key, &a, 1), CKR_OK);
		if (type == CKK_EC)
			m.mechanism = CKM_ECDSA_SHA256;
		FAM_IS(t.f->C_SignInit(t.s, &m, key), CKR_OK);
		FAM_IS(keypad_login(&t, CKU_CONTEXT_SPECIFIC, "cancel"),
		    CKR_FUNCTION_CANCELED);
		FAM_IS(keypad_login(&t, CKU_CONTEXT_SPECIFIC,
			   fam_key_pin(&t, 0)),
		    CKR_OK);
		FAM_IS(t.f->C_Sign(t.s, data, sizeof(data), sig, &n), CKR_OK);
	}
	keypad_end(&t);
}

const struct ca_sim_keypad keypad_full = {
    .verify = true, .modify = true, .display = true};

void
fam_suite_keypad(CU_pSuite s)
{
	CU_add_test(s, "flag", flag);
	CU_add_test(s, "switched off", switched_off);
	CU_add_test(s, "login", login);
	CU_add_test(s, "PIN brought by the program", brought);
	CU_add_test(s, "wrong PIN", wrong);
	CU_add_test(s, "not entered", not_entered);
	CU_add_test(s, "guarded", guarded);
	CU_add_test(s, "start and finish", by_pair);
	CU_add_test(s, "narrow keypads", narrow);
	CU_add_test(s, "PIN for one use", for_one_use);
	keypad_add_bad(s);
	keypad_add_changes(s);
}
