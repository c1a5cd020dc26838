/* What the CNS card alone has: two keys, each with a PIN of its own. */
#include <string.h>

#include "tests/families/fam.h"

#define SIGNATURE_PIN 0x9A
#define PIN2 "86427531"

static const struct fam_row cns = {
    "bit4id-cns", "bit4id-cns", "", 0, "", "", {0}};

/* The signature key's PIN counts in its directory alone. Whatever the program
 * has read before or not, it stands until the signature. */
static void
both_keys(void)
{
	const struct fam_mech *how = fam_mech(CKM_SHA256_RSA_PKCS);
	CK_OBJECT_HANDLE key[2];
	struct fam t;

	fam_use(&cns);
	fam_begin_login(&t, "pin2=" PIN2);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, key, 2) == 2);
	CU_ASSERT(!fam_flag(&t, key[0], CKA_ALWAYS_AUTHENTICATE));
	CU_ASSERT(fam_flag(&t, key[1], CKA_ALWAYS_AUTHENTICATE));
	CU_ASSERT_EQUAL(fam_mech_sign(&t, how, key[1], PIN2), 1);
	CU_ASSERT_EQUAL(fam_mech_sign(&t, how, key[0], NULL), 1);
	CU_ASSERT_EQUAL(fam_mech_sign(&t, how, key[1], PIN2), 1);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_SIGNATURES), 3);
	fam_end(&t);
	/* With the other PIN it is not opened, and one try is gone. */
	fam_begin_login(&t, "pin2=" PIN2);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, key, 2) == 2);
	{
		CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};

		FAM_IS(t.f->C_SignInit(t.s, &m, key[1]), CKR_OK);
		FAM_IS(fam_login(&t, CKU_CONTEXT_SPECIFIC, t.opts.pin),
		    CKR_PIN_INCORRECT);
	}
	CU_ASSERT_EQUAL(ca_sim_tries(t.card, SIGNATURE_PIN),
	    (int)t.opts.pin2_tries - 1);
	CU_ASSERT_EQUAL(fam_tries(&t), (int)t.opts.pin_tries);
	fam_end(&t);
}

/* The only key is the one in a directory: what is read after the login must not
 * end it. */
static void
signature_alone(void)
{
	CK_OBJECT_HANDLE cert;
	uint8_t der[4096];
	CK_ULONG n = sizeof(der);
	struct fam t;

	fam_use(&cns);
	fam_begin_login(&t, "bad=no-auth");
	CU_ASSERT_FATAL(fam_find(&t, CKO_CERTIFICATE, &cert, 1) == 1);
	FAM_IS(fam_attr(&t, cert, CKA_VALUE, der, &n), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

/* Another program selects and sets what it needs between two signatures. */
static void
others(void)
{
	struct fam t;

	fam_use(&cns);
	fam_begin_login(&t, NULL);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_another(&t, "\x00\xA4\x08\x0C\x04\x10\x00\x10\x03", 9, 0x9000);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_another(&t, "\x00\xA4\x08\x0C\x04\x14\x00\x81\x10", 9, 0x9000);
	fam_another(&t, "\x00\x22\xF3\x03\x00", 5, 0x9000);
	fam_another(&t, "\x00\x22\xF1\xB6\x03\x83\x01\x10", 8, 0x9000);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	/* Signatures come of MSE SET and PSO in two parts, when nobody does. */
	ca_sim_count_clear(t.card);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 3);
	/* A reset takes all that was set. */
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	fam_end(&t);
}

/* As many characters as there are, up to sixteen, and none that are not. */
static void
serials(void)
{
	static const struct {
		const char *options, *serial;
	} rows[] = {
	    {"", "7430010000000001"},
	    {"bad=idcarta-short", "74300"},
	    {"bad=idcarta-long", "7430010000000001"},
	    {"bad=idcarta", "[2J00000001"},
	};
	char serial[64];
	struct fam t;

	fam_use(&cns);
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		fam_begin_open(&t, rows[i].options);
		fam_serial(&t, serial, sizeof(serial));
		CU_ASSERT_STRING_EQUAL(serial, rows[i].serial);
		fam_end(&t);
	}
}

void
fam_suite_cns(CU_pSuite s)
{
	CU_add_test(s, "both keys", both_keys);
	CU_add_test(s, "signature key alone", signature_alone);
	CU_add_test(s, "other programs", others);
	CU_add_test(s, "serial number", serials);
}
