/* Keypads that lie, and cards that fail while a PIN is keyed in. */
#include <string.h>

#include "tests/families/keypad.h"

/* A reader whose word is not true. Nothing of it is believed, or nothing comes
 * of it; the card never hears of a PIN. */
static void
lies(void)
{
	static const struct {
		const char *features, *properties;
		bool flag; /* where the PIN could be keyed in */
	} rows[] = {
	    {"06 04 42 00 0E", NULL, false},       /* cut */
	    {"06 05 42 00 0E 06 00", NULL, false}, /* too long a code */
	    {"06 04 42 00 0E 06 0A 02 00 00", NULL, false},
	    {"06 04 00 00 00 00", NULL, false}, /* no code */
	    {"01 04 42 00 0E 01", NULL, false}, /* half a pair */
	    {"06 04 42 33 00 06", NULL, true},  /* a code of nobody's */
	    {"06 04 42 00 0E 12", NULL, true},  /* another's code */
	    {NULL, "07 01 02", false},          /* at most 2 digits */
	    {NULL, "07 04 00 00 00 80", true},  /* 2^31 digits */
	    {NULL, "0A 04 00", true},           /* cut */
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_sim_keypad k = keypad_full;
		struct fam t;
		CK_RV rv;

		k.features = rows[i].features;
		k.properties = rows[i].properties;
		k.verify = rows[i].features == NULL;
		keypad_begin(&t, &k, NULL);
		CU_ASSERT_EQUAL(keypad_flagged(&t),
		    rows[i].flag && keypad_has(FAM_KEYED));
		rv = keypad_login(&t, CKU_USER, t.opts.pin);
		if (k.verify && keypad_flagged(&t)) {
			FAM_IS(rv, CKR_OK);
		} else {
			FAM_IS(rv, keypad_flagged(&t) ? CKR_DEVICE_ERROR
						      : CKR_ARGUMENTS_BAD);
			keypad_nothing_asked(&t);
			FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		}
		keypad_end(&t);
	}
}

/* The card goes, is reset or talks nonsense under the entry: the VERIFY went
 * out once, and nobody is logged in. */
static void
troubles(void)
{
	static const struct {
		enum ca_sim_what what;
		CK_RV rv;
	} rows[] = {
	    {CA_SIM_T_REMOVE, CKR_DEVICE_REMOVED},
	    {CA_SIM_T_REMOVE_AFTER, CKR_DEVICE_REMOVED},
	    {CA_SIM_T_RESET, CKR_DEVICE_ERROR},
	    {CA_SIM_T_BADSW, CKR_DEVICE_ERROR},
	    {CA_SIM_T_GARBAGE, CKR_DEVICE_ERROR},
	    {CA_SIM_T_SHORT, CKR_DEVICE_ERROR},
	    {CA_SIM_T_EMPTY, CKR_DEVICE_ERROR},
	    {CA_SIM_T_61, CKR_DEVICE_ERROR},
	    {CA_SIM_T_6C, CKR_DEVICE_ERROR},
	};

	for (size_t i = 0; keypad_has(FAM_KEYED) && i < CA_COUNT(rows); i++) {
		/* The question how many tries are left comes before it. */
		const struct ca_sim_trouble trouble = {.what = rows[i].what,
		    .by_ins = true,
		    .ins = 0x20,
		    .at = 2,
		    .times = 1};
		CK_SESSION_INFO info;
		struct fam t;

		keypad_begin(&t, &keypad_full, NULL);
		ca_sim_trouble(t.card, &trouble);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), rows[i].rv);
		CU_ASSERT(!ca_sim_trouble_pending(t.card));
		CU_ASSERT_EQUAL(keypad_entries(&t), 1);
		CU_ASSERT(fam_count(&t, CA_SIM_VERIFIES) <= 1);
		CU_ASSERT(t.f->C_GetSessionInfo(t.s, &info) != CKR_OK ||
			  info.state == CKS_RW_PUBLIC_SESSION);
		keypad_end(&t);
	}
}

/* 91xx after a right PIN is success where a SIM Toolkit may want to speak (TS
 * 102 221), and no status word of any other card. */
static void
proactive(void)
{
	static const struct ca_sim_trouble toolkit = {.what = CA_SIM_T_SW,
	    .by_ins = true,
	    .ins = 0x20,
	    .at = 2,
	    .times = 1,
	    .sw = 0x9110};
	bool sim = strcmp(fam_row()->type, "uicc") == 0;
	struct fam t;

	keypad_begin(&t, &keypad_full, NULL);
	if (keypad_has(FAM_KEYED)) {
		ca_sim_trouble(t.card, &toolkit);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin),
		    sim ? CKR_OK : CKR_DEVICE_ERROR);
		CU_ASSERT_EQUAL(keypad_entries(&t), 1);
	}
	keypad_end(&t);
}

void
keypad_add_bad(CU_pSuite s)
{
	CU_add_test(s, "lies of the reader", lies);
	CU_add_test(s, "troubles of the card", troubles);
	CU_add_test(s, "a word of the SIM Toolkit", proactive);
}
