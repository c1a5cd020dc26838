/*
 * The VGCA token of type B: what it tells of its PINs decides whether and how
 * one is sent. Nobody knows what a real token says; the card of a row says this
 * or that, and compares what it stores.
 */
#include <stdio.h>
#include <string.h>

#include "tests/families/keypad.h"

static const struct fam_row chipdoc = {
    "vgca-chipdoc", "vgca-chipdoc", "", 0, "", "", {0}};

/*
 * pin-stored is the directory's stored length, pin-real what the card compares
 * and its object says, pin-padding the directory's flag.
 */
/* clang-format off */
static const struct {
	const char *options;
	const char *typed;
	bool sent; /* and right; else nothing was sent */
} forms[] = {
	/* the form that was seen, and every source says the same */
	{ "", "12345678", true },
	{ "objects=no", "12345678", true },
	{ "pin=123456", "123456", true },
	{ "pin=123456 objects=no", "123456", true },
	/* sixteen, by the card's own word */
	{ "pin-stored=16", "12345678", true },
	{ "pin-stored=16 objects=no", "12345678", true },
	{ "pin-stored=16 pin=1234567890", "1234567890", true },
	{ "pin-stored=16 pin=1234567890123456", "1234567890123456", true },
	/* longer than what is stored: never cut, never tried */
	{ "pin=1234567890", "1234567890", false },
	{ "pin=1234567890 objects=no", "1234567890", false },
	/* directory and object disagree */
	{ "pin-stored=8 pin-real=16 pin=123456", "123456", false },
	{ "pin-stored=16 pin-real=8 pin=123456", "123456", false },
	{ "pin-stored=16 pin-real=8", "12345678", false },
	{ "pin-stored=16 pin-real=8 pin=1234567890", "1234567890", false },
	{ "pin-stored=16 pin-real=8 model=objects-root", "12345678", false },
	/* no flag: the form that was seen, or what all forms send alike */
	{ "pin-padding=no pin-compare=typed", "12345678", true },
	{ "pin-padding=no pin-compare=typed pin=123456", "123456", false },
	{ "pin-padding=no pin-compare=typed pin=1234567890", "1234567890", false },
	{ "pin-padding=no pin-stored=16 pin=1234567890123456", "1234567890123456", true },
	{ "pin-padding=no pin-stored=16 pin=1234567890123456 objects=no", "1234567890123456", false },
	/* one fixed length in the object */
	{ "pin-stored=16 model=pin-fixed pin=123456", "123456", true },
	{ "pin-padding=no pin-stored=16 model=pin-fixed", "12345678", true },
	{ "pin-padding=no pin-stored=16 model=pin-fixed pin=123456", "123456", true },
	{ "pin-stored=16 model=pin-fixed", "12", false },
	{ "pin-stored=16 model=pin-fixed,objects-root pin=123456", "123456", true },
	/* the narrower range */
	{ "pin=1234 model=pin-narrow", "1234", false },
	{ "pin-stored=16 pin=1234567890 model=pin-narrow", "1234567890", false },
	{ "pin=123456 model=pin-narrow", "123456", true },
};
/* clang-format on */

static void
sent_or_not(void)
{
	fam_use(&chipdoc);
	for (size_t i = 0; i < CA_COUNT(forms); i++) {
		struct fam t;
		CK_RV rv;

		fam_begin_open(&t, forms[i].options);
		rv = fam_login(&t, CKU_USER, forms[i].typed);
		if (rv != (forms[i].sent ? CKR_OK : CKR_PIN_INCORRECT) ||
		    fam_count(&t, CA_SIM_VERIFIES) != forms[i].sent)
			fprintf(stderr, "'%s' with '%s': 0x%lx, %llu sent\n",
			    forms[i].typed, forms[i].options, rv,
			    (unsigned long long)fam_count(&t, CA_SIM_VERIFIES));
		FAM_IS(rv, forms[i].sent ? CKR_OK : CKR_PIN_INCORRECT);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), forms[i].sent);
		CU_ASSERT_EQUAL(fam_tries(&t), (int)t.opts.pin_tries);
		if (rv == CKR_OK)
			FAM_IS(fam_sign_once(&t), CKR_OK);
		fam_end(&t);
	}
}

/*
 * What is keyed in may have any length, so the form must be one for all of
 * them: padded to one length that nobody contradicts, or else the one length
 * that was seen. A reader writes blocks of at most 15 bytes.
 */
/* clang-format off */
static const struct {
	const char *options;
	const char *keys; /* NULL: the keypad is no way */
	bool sent;        /* and right; else nothing was sent */
} keyed[] = {
	{ "", "12345678", true },
	{ "objects=no", "12345678", true },
	{ "pin=123456", "123456", true },
	{ "pin=123456 objects=no", "123456", true },
	{ "pin-stored=12 pin=1234567890", "1234567890", true },
	{ "pin-stored=16", NULL, false },
	/* directory and object disagree */
	{ "pin-stored=8 pin-real=12 pin=123456", NULL, false },
	{ "pin-stored=12 pin-real=8", NULL, false },
	{ "pin-stored=12 pin-real=8 model=objects-root", NULL, false },
	/* no flag */
	{ "pin-padding=no pin-compare=typed", "12345678", true },
	{ "pin-padding=no pin-compare=typed pin=123456", "123456", false },
	{ "pin-padding=no pin-compare=typed pin=1234567890", "1234567890", false },
	{ "pin-padding=no pin-stored=12 pin=123456789012", "123456789012", false },
	/* one fixed length in the object */
	{ "pin-stored=12 model=pin-fixed pin=123456", "123456", true },
	{ "pin-padding=no pin-stored=12 model=pin-fixed pin=123456", "123456", true },
	{ "pin-padding=no pin-stored=12 model=pin-fixed,objects-root pin=123456", "123456", true },
	/* the narrower range */
	{ "pin=1234 model=pin-narrow", "1234", false },
	{ "pin=123456 model=pin-narrow", "123456", true },
};
/* clang-format on */

static void
keyed_or_not(void)
{
	fam_use(&chipdoc);
	for (size_t i = 0; i < CA_COUNT(keyed); i++) {
		unsigned before = CU_get_number_of_failures();
		bool asked = keyed[i].keys != NULL;
		struct fam t;

		keypad_begin(&t, &keypad_full, keyed[i].options);
		CU_ASSERT_EQUAL(keypad_flagged(&t), asked);
		FAM_IS(keypad_login(&t, CKU_USER,
			   asked ? keyed[i].keys : t.opts.pin),
		    keyed[i].sent ? CKR_OK
		    : asked       ? CKR_PIN_INCORRECT
				  : CKR_ARGUMENTS_BAD);
		CU_ASSERT_EQUAL(keypad_entries(&t), asked);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), keyed[i].sent);
		CU_ASSERT_EQUAL(fam_tries(&t), (int)t.opts.pin_tries);
		if (CU_get_number_of_failures() != before)
			fprintf(stderr, "that was: '%s'\n", keyed[i].options);
		keypad_end(&t);
	}
}

/* A new PIN goes the way of the old one, or nowhere. */
static void
changed_or_not(void)
{
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_open(&t, "pin-stored=16 pin=1234567890");
	FAM_IS(fam_set_pin(&t, "1234567890", "246813"), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, "246813"), CKR_OK);
	fam_end(&t);
	fam_begin_open(&t, "pin-padding=no pin-compare=typed");
	FAM_IS(fam_set_pin(&t, t.opts.pin, "1234567890"), CKR_PIN_LEN_RANGE);
	FAM_IS(fam_set_pin(&t, t.opts.pin, "123456"), CKR_PIN_LEN_RANGE);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	FAM_IS(fam_set_pin(&t, t.opts.pin, "87654321"), CKR_OK);
	fam_end(&t);
	fam_begin_open(&t, "pin-stored=16 pin-real=8");
	FAM_IS(fam_set_pin(&t, t.opts.pin, "87654321"), CKR_PIN_LEN_RANGE);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	fam_end(&t);
}

/* A PUK has a form as well, and tries. */
static void
puk_forms(void)
{
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_open(&t, "pin-stored=16 puk=9876543210");
	FAM_IS(fam_login(&t, CKU_SO, "9876543210"), CKR_OK);
	FAM_IS(fam_init_pin(&t, "135790"), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, "135790"),
	    CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, "135790"), CKR_OK);
	fam_end(&t);
	fam_begin_open(&t, "pin-stored=16 pin-real=8 puk=9876543210");
	FAM_IS(fam_login(&t, CKU_SO, "9876543210"), CKR_PIN_INCORRECT);
	CU_ASSERT_EQUAL(fam_puk_tries(&t), (int)t.opts.puk_tries);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	fam_end(&t);
}

/* A card that answers the query in one form only, or not at all: its object
 * tells the tries, and the last one is kept. */
static void
tries_told(void)
{
	static const char *const models[] = {
	    "model=query-le", "model=no-query", "model=no-query,objects-root"};

	fam_use(&chipdoc);
	for (size_t i = 0; i < CA_COUNT(models); i++) {
		struct fam t;

		fam_begin_open(&t, models[i]);
		FAM_IS(fam_login(&t, CKU_USER, fam_wrong(t.opts.pin)),
		    CKR_PIN_INCORRECT);
		CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_COUNT_LOW) != 0);
		CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 1) == CA_OK);
		CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_FINAL_TRY) != 0);
		ca_sim_count_clear(t.card);
		FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_PIN_LOCKED);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
		CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 0) == CA_OK);
		CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_LOCKED) != 0);
		fam_end(&t);
	}
}

/* More tries than the profile knows of: one less is still fewer. */
static void
more_tries(void)
{
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_open(&t, "pin-tries=8");
	CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_COUNT_LOW) == 0);
	FAM_IS(fam_login(&t, CKU_USER, fam_wrong(t.opts.pin)),
	    CKR_PIN_INCORRECT);
	CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_COUNT_LOW) != 0);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT((fam_flags(&t) & CKF_USER_PIN_COUNT_LOW) == 0);
	fam_end(&t);
}

void
fam_suite_chipdoc(CU_pSuite s)
{
	CU_add_test(s, "sent or not", sent_or_not);
	CU_add_test(s, "keyed or not", keyed_or_not);
	CU_add_test(s, "changed or not", changed_or_not);
	CU_add_test(s, "forms of a PUK", puk_forms);
	CU_add_test(s, "tries told", tries_told);
	CU_add_test(s, "more tries", more_tries);
}
