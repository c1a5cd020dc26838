/* The two families by Feitian: what their tokens differ in among each other. */
#include <string.h>

#include "tests/families/fam.h"

#define SHORT "1357"
#define LONG "1357246813572468"

static const struct fam_row epass = {
    "epass2003", "epass2003", "key=rsa1024", 0, "", "", {0}};
static const struct fam_row entersafe = {
    "entersafe", "entersafe", "key=rsa1024", 0, "", "", {0}};
static const struct fam_row *const both[] = {&epass, &entersafe};

/* The card's directory names another slot; the PUK is the one behind it. */
static void
other_slots(void)
{
	struct fam t;

	fam_use(&epass);
	fam_begin_login(&t, "pin-ref=2 puk-ref=3");
	FAM_IS(fam_sign_once(&t), CKR_OK);
	FAM_IS(fam_set_pin(&t, t.opts.pin, SHORT), CKR_OK);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(fam_init_pin(&t, LONG), CKR_OK);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, LONG), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	CU_ASSERT_EQUAL(fam_tries(&t), 6);
	fam_end(&t);
}

/* The most tries are the card's own, also after a change. */
static void
other_tries(void)
{
	static const char *const cards[] = {"pin-tries=3 puk-tries=9",
	    "pin-tries=15 puk-tries=2", "pin-tries=5 missing=8192"};
	static const int tries[] = {3, 15, 5};
	struct fam t;

	fam_use(&epass);
	for (size_t i = 0; i < CA_COUNT(cards); i++) {
		fam_begin_open(&t, cards[i]);
		FAM_IS(fam_login(&t, CKU_USER, fam_wrong(t.opts.pin)),
		    CKR_PIN_INCORRECT);
		FAM_IS(fam_set_pin(&t, t.opts.pin, SHORT), CKR_OK);
		CU_ASSERT_EQUAL(fam_tries(&t), tries[i]);
		FAM_IS(fam_login(&t, CKU_USER, SHORT), CKR_OK);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 1);
		fam_end(&t);
	}
}

/* Where the card does not tell them, an unblocking would invent them: it is
 * refused, and no try of the PUK spent for it. */
static void
tries_unknown(void)
{
	struct fam t;

	fam_use(&epass);
	fam_begin_open(&t, "missing=8192");
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 0) == CA_OK);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(fam_init_pin(&t, SHORT), CKR_FUNCTION_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(fam_tries(&t), 0);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	fam_end(&t);
}

/* A token that takes the question for the tries as an attack on its channel:
 * they are unknown, and all else works. It is asked twice, then no more. */
static void
silent_token(void)
{
	uint64_t asked;
	struct fam t;

	fam_use(&epass);
	fam_begin_open(&t, "sm-query=no");
	CU_ASSERT_EQUAL(fam_flags(&t) &
			    (CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY |
				CKF_USER_PIN_LOCKED),
	    0);
	asked = fam_count(&t, CA_SIM_APDUS);
	(void)fam_flags(&t);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), asked);
	FAM_IS(fam_login(&t, CKU_USER, fam_wrong(t.opts.pin)),
	    CKR_PIN_INCORRECT);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	FAM_IS(fam_set_pin(&t, t.opts.pin, SHORT), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 1);
	fam_end(&t);
}

/* Whoever issued the token has a maintenance key of his own: the PUK is right,
 * the PIN stays as it is, and the answer says why. */
static void
other_maintenance_key(void)
{
	struct fam t;

	fam_use(&entersafe);
	fam_begin_open(&t, "admin-keys=other");
	CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, 0) == CA_OK);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(fam_init_pin(&t, SHORT), CKR_FUNCTION_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(fam_tries(&t), 0);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	CU_ASSERT(!ca_sim_verified(t.card, t.opts.puk_ref));
	fam_end(&t);
}

/* What another program does first with an ePass2003: it begins a channel of its
 * own, and ours is gone. */
static void
stranger(struct fam *t)
{
	static const uint8_t begin[] = {
	    0x80, 0x50, 0x00, 0x00, 0x08, 1, 2, 3, 4, 5, 6, 7, 8, 0x1C};
	uint8_t room[CA_SIM_ANSWER];
	struct ca_wr answer = ca_wr_of(room, sizeof(room));

	CU_ASSERT(ca_sim_transmit(t->card, ca_rd_of(begin, sizeof(begin)),
		      &answer) == CA_SIM_ANSWERED);
	CU_ASSERT_EQUAL(answer.n, 28 + 2);
}

/* Between any two calls: nothing fails, and no try is spent. */
static void
two_programs(void)
{
	CK_OBJECT_HANDLE o;
	uint8_t der[8192], random[20];
	CK_ULONG n = sizeof(der);
	struct fam t;

	fam_use(&epass);
	fam_begin_open(&t, NULL);
	stranger(&t);
	(void)fam_flags(&t);
	stranger(&t);
	CU_ASSERT_FATAL(fam_find(&t, CKO_CERTIFICATE, &o, 1) == 1);
	stranger(&t);
	FAM_IS(fam_attr(&t, o, CKA_VALUE, der, &n), CKR_OK);
	stranger(&t);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	stranger(&t);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	stranger(&t);
	FAM_IS(t.f->C_GenerateRandom(t.s, random, sizeof(random)), CKR_OK);
	stranger(&t);
	FAM_IS(fam_set_pin(&t, t.opts.pin, SHORT), CKR_OK);
	stranger(&t);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	stranger(&t);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	stranger(&t);
	FAM_IS(fam_init_pin(&t, LONG), CKR_OK);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	stranger(&t);
	FAM_IS(fam_login(&t, CKU_USER, LONG), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	fam_end(&t);
}

/* 4 to 16 characters; others are not sent. */
static void
lengths(void)
{
	struct fam t;

	for (size_t i = 0; i < CA_COUNT(both); i++) {
		uint64_t asked;

		fam_use(both[i]);
		fam_begin_login(&t, NULL);
		FAM_IS(fam_set_pin(&t, t.opts.pin, LONG), CKR_OK);
		FAM_IS(fam_set_pin(&t, LONG, SHORT), CKR_OK);
		asked = fam_count(&t, CA_SIM_VERIFIES);
		FAM_IS(fam_set_pin(&t, SHORT, "135"), CKR_PIN_LEN_RANGE);
		FAM_IS(fam_set_pin(&t, SHORT, LONG "1"), CKR_PIN_LEN_RANGE);
		FAM_IS(t.f->C_Logout(t.s), CKR_OK);
		FAM_IS(fam_login(&t, CKU_USER, LONG "1"), CKR_PIN_INCORRECT);
		FAM_IS(fam_login(&t, CKU_SO, LONG "1"), CKR_PIN_INCORRECT);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), asked);
		FAM_IS(fam_login(&t, CKU_USER, SHORT), CKR_OK);
		FAM_IS(fam_sign_once(&t), CKR_OK);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
		fam_end(&t);
	}
}

/* TokenInfo without a number: the chip has one. */
static void
serial(void)
{
	CK_TOKEN_INFO info;
	struct fam t;

	for (size_t i = 0; i < CA_COUNT(both); i++) {
		fam_use(both[i]);
		fam_begin_open(&t, "missing=3 serial=0123456789ABCDEF");
		FAM_IS(t.f->C_GetTokenInfo(t.slot, &info), CKR_OK);
		CU_ASSERT(memcmp(info.serialNumber, "0123456789ABCDEF", 16) ==
			  0);
		fam_end(&t);
	}
}

/* A block that is too long for the reader: an error, and nothing is lost. */
static void
short_reader(void)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_OBJECT_HANDLE key;
	CK_ULONG n = 256;
	uint8_t sig[256] = {0};
	struct fam t;

	fam_use(&epass);
	fam_begin_login(&t, "key=rsa2048");
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
	FAM_IS(t.f->C_SignInit(t.s, &m, key), CKR_OK);
	FAM_IS(t.f->C_Sign(t.s, sig, 1, sig, &n), CKR_DEVICE_ERROR);
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_USER_FUNCTIONS);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_SIGNATURES), 0);
	FAM_IS(fam_set_pin(&t, t.opts.pin, SHORT), CKR_OK);
	fam_end(&t);
}

void
fam_suite_feitian(CU_pSuite s)
{
	CU_add_test(s, "other slots", other_slots);
	CU_add_test(s, "other tries", other_tries);
	CU_add_test(s, "tries unknown", tries_unknown);
	CU_add_test(s, "two programs", two_programs);
	CU_add_test(s, "silent token", silent_token);
	CU_add_test(s, "other maintenance key", other_maintenance_key);
	CU_add_test(s, "lengths of a PIN", lengths);
	CU_add_test(s, "serial", serial);
	CU_add_test(s, "reader without extended length", short_reader);
}
