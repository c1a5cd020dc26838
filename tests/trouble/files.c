/* Files that are not as they should be: certificates that are none, padding,
 * unknown tags, missing fields and files. */
#include <string.h>

#include "tests/trouble/stage.h"

/* Finds every object and asks each for its value; nothing may crash, and what
 * is shown as a certificate is one. */
static void
look_at_everything(struct ca_stage *t)
{
	CK_OBJECT_HANDLE o[128];
	CK_ULONG n = 0;

	CA_STAGE_IS(t->f->C_FindObjectsInit(t->s, NULL, 0), CKR_OK);
	CA_STAGE_IS(t->f->C_FindObjects(t->s, o, 128, &n), CKR_OK);
	CA_STAGE_IS(t->f->C_FindObjectsFinal(t->s), CKR_OK);
	for (CK_ULONG i = 0; i < n; i++) {
		uint8_t value[8192], label[512];
		CK_ATTRIBUTE a[] = {{CKA_VALUE, value, sizeof(value)},
		    {CKA_LABEL, label, sizeof(label)}};

		CA_STAGE_ONE_OF(t->f->C_GetAttributeValue(t->s, o[i], a, 2),
		    CKR_OK, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_SENSITIVE,
		    CKR_OBJECT_HANDLE_INVALID);
	}
}

static void
bad_certificate(void)
{
	static const enum ca_sim_cert bad[] = {CA_SIM_CERT_JUNK,
	    CA_SIM_CERT_EMPTY, CA_SIM_CERT_CUT, CA_SIM_CERT_NONE};

	for (size_t i = 0; i < CA_COUNT(bad); i++) {
		CK_OBJECT_CLASS cls = CKO_CERTIFICATE;
		CK_ATTRIBUTE a = {CKA_CLASS, &cls, sizeof(cls)};
		CK_OBJECT_HANDLE o;
		CK_ULONG n = 1;
		struct ca_sim_opts opts;
		struct ca_stage t;

		ca_stage_opts(&opts);
		opts.cert = bad[i];
		opts.chain = 0;
		ca_stage_begin(&t, &opts);
		CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
		look_at_everything(&t);
		/* known to be bad now: it is not shown any more */
		CA_STAGE_IS(t.f->C_FindObjectsInit(t.s, &a, 1), CKR_OK);
		CA_STAGE_IS(t.f->C_FindObjects(t.s, &o, 1, &n), CKR_OK);
		CA_STAGE_IS(t.f->C_FindObjectsFinal(t.s), CKR_OK);
		CU_ASSERT_EQUAL(n, 0);
		CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
		CA_STAGE_IS(ca_stage_find_key(&t), CKR_OK);
		/* without any public half no signature can be checked */
		CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_OK, CKR_DEVICE_ERROR,
		    CA_STAGE_BAD_SIG);
		look_at_everything(&t);
		CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
		ca_stage_end(&t);
	}
}

/* The certificate of another key: whatever is signed is not checked with it
 * by mistake, and no wrong signature comes out. */
static void
foreign_certificate(void)
{
	struct ca_sim_opts o;
	struct ca_stage t;

	ca_stage_opts(&o);
	o.cert = CA_SIM_CERT_OTHER;
	ca_stage_begin_login(&t, &o);
	look_at_everything(&t);
	CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_OK, CKR_DEVICE_ERROR,
	    CA_STAGE_BAD_SIG);
	ca_stage_end(&t);
}

static void
trailing_zeros_and_unknown_tags(void)
{
	static const uint32_t pads[] = {0, 1, 7, 300};

	for (size_t i = 0; i < CA_COUNT(pads); i++)
		for (uint32_t unknown = 0; unknown < 2; unknown++) {
			struct ca_sim_opts o;
			struct ca_stage t;

			ca_stage_opts(&o);
			o.pad = pads[i];
			o.unknown = unknown;
			ca_stage_begin(&t, &o);
			ca_stage_works(&t);
			look_at_everything(&t);
			ca_stage_end(&t);
		}
}

/* Fields nobody needs for signing. */
static void
missing_and_not_needed(void)
{
	static const uint32_t fields[] = {CA_SIM_NO_LABEL,
	    CA_SIM_NO_MANUFACTURER, CA_SIM_NO_OBJECT_LABELS, CA_SIM_NO_PIN_MAX,
	    CA_SIM_NO_PIN_PATH,
	    CA_SIM_NO_LABEL | CA_SIM_NO_MANUFACTURER | CA_SIM_NO_OBJECT_LABELS};

	for (size_t i = 0; i < CA_COUNT(fields); i++) {
		struct ca_sim_opts o;
		struct ca_stage t;

		ca_stage_opts(&o);
		o.missing = fields[i];
		ca_stage_begin(&t, &o);
		ca_stage_works(&t);
		look_at_everything(&t);
		ca_stage_end(&t);
	}
}

/* Fields and files that are needed: each answers what it may, nothing crashes
 * and no try is lost. */
static void
missing_and_needed(void)
{
	static const uint32_t fields[] = {CA_SIM_NO_SERIAL,
	    CA_SIM_NO_PIN_REFERENCE, CA_SIM_NO_KEY_REFERENCE, CA_SIM_NO_AODF,
	    CA_SIM_NO_CDF, CA_SIM_NO_PRKDF, CA_SIM_NO_TOKENINFO,
	    CA_SIM_NO_EFDIR, CA_SIM_NO_AODF | CA_SIM_NO_CDF | CA_SIM_NO_PRKDF};

	for (size_t i = 0; i < CA_COUNT(fields); i++) {
		struct ca_sim_opts o;
		struct ca_stage t;

		ca_stage_opts(&o);
		o.missing = fields[i];
		ca_stage_begin(&t, &o);
		CA_STAGE_ONE_OF(ca_stage_flow(&t), CKR_OK, CA_STAGE_NO_TOKEN,
		    CA_STAGE_NO_CERT, CA_STAGE_NO_KEY, CKR_DEVICE_ERROR,
		    CKR_TOKEN_NOT_RECOGNIZED, CKR_TOKEN_NOT_PRESENT,
		    CKR_USER_PIN_NOT_INITIALIZED, CKR_USER_TYPE_INVALID,
		    CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR,
		    /* nothing says what the key can do */
		    CKR_MECHANISM_INVALID, CKR_KEY_FUNCTION_NOT_PERMITTED);
		CU_ASSERT_EQUAL(ca_sim_count(t.card, CA_SIM_WRONG_TRIES), 0);
		ca_stage_end(&t);
	}
}

/* No private key at all, or two. */
static void
other_numbers_of_keys(void)
{
	for (uint32_t keys = 0; keys <= 2; keys += 2) {
		struct ca_sim_opts o;
		struct ca_stage t;

		ca_stage_opts(&o);
		o.keys = keys;
		o.chain = 0;
		ca_stage_begin(&t, &o);
		CA_STAGE_ONE_OF(ca_stage_flow(&t),
		    keys == 0 ? CA_STAGE_NO_CERT : CKR_OK,
		    keys == 0 ? CA_STAGE_NO_TOKEN : CKR_OK);
		ca_stage_end(&t);
	}
}

/* What the end of a file answers differs between cards. */
static void
ends_of_files(void)
{
	for (uint32_t eof = CA_SIM_EOF_6282; eof <= CA_SIM_EOF_6B00; eof++) {
		struct ca_sim_opts o;
		struct ca_stage t;

		ca_stage_opts(&o);
		o.eof = eof;
		ca_stage_begin(&t, &o);
		ca_stage_works(&t);
		ca_stage_end(&t);
	}
}

void
ca_trouble_files(CU_pSuite suite)
{
	CU_add_test(suite, "bad certificate", bad_certificate);
	CU_add_test(suite, "foreign certificate", foreign_certificate);
	CU_add_test(suite, "trailing zeros and unknown tags",
	    trailing_zeros_and_unknown_tags);
	CU_add_test(suite, "missing and not needed", missing_and_not_needed);
	CU_add_test(suite, "missing and needed", missing_and_needed);
	CU_add_test(suite, "other numbers of keys", other_numbers_of_keys);
	CU_add_test(suite, "ends of files", ends_of_files);
}
