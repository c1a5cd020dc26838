/* What the PKI SIM alone has, and what must never be done to it. */
#include <string.h>

#include "tests/families/fam.h"

#define SUBSCRIBER 0x01
#define SUBSCRIBER_PUK 0x41 /* inside the simulated card */
#define NEW_PIN "86427531"

static const struct fam_row uicc = {"uicc", "uicc", "", 0, "", "", {0}};

/* His PIN and his PUK, which RESET RETRY COUNTER would have to name. */
static void
subscriber_untouched(const struct fam *t)
{
	CU_ASSERT_EQUAL(ca_sim_pin_commands(t->card, SUBSCRIBER), 0);
	CU_ASSERT_EQUAL(ca_sim_tries(t->card, SUBSCRIBER), 3);
	CU_ASSERT_EQUAL(ca_sim_tries(t->card, SUBSCRIBER_PUK), 10);
	CU_ASSERT(!ca_sim_verified(t->card, SUBSCRIBER));
}

/* Every order there is, right and wrong, on a card with these options. */
static void
every_order(const char *options)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_OBJECT_HANDLE key;
	struct fam t;

	fam_begin_open(&t, options);
	(void)fam_flags(&t);
	FAM_IS(fam_login(&t, CKU_USER, fam_wrong(t.opts.pin)),
	    CKR_PIN_INCORRECT);
	FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_OK);
	FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN), CKR_PIN_INCORRECT);
	FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
	memcpy(t.opts.pin, NEW_PIN, sizeof(NEW_PIN));
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
	FAM_IS(t.f->C_SignInit(t.s, &m, key), CKR_OK);
	FAM_IS(fam_login(&t, CKU_CONTEXT_SPECIFIC, "97531864"),
	    CKR_PIN_INCORRECT);
	fam_restart(&t);
	FAM_IS(fam_open(&t), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, NEW_PIN), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	FAM_IS(fam_set_pin(&t, NEW_PIN, "24681357"), CKR_OK);
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	/* The PUK is only heard with a new PIN. */
	FAM_IS(fam_login(&t, CKU_SO, "99999999"), CKR_OK);
	FAM_IS(fam_init_pin(&t, "13572468"), CKR_PIN_INCORRECT);
	(void)t.f->C_Logout(t.s);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(fam_init_pin(&t, "13572468"), CKR_OK);
	(void)fam_set_pin(&t, t.opts.puk, "12121212");
	(void)t.f->C_Logout(t.s);
	for (int i = 0; i < 4; i++)
		(void)fam_login(&t, CKU_USER, "97531864");
	(void)fam_flags(&t);
	subscriber_untouched(&t);
	fam_end(&t);
}

/* Whatever is done with the PKI application, the subscriber's PIN is never
 * verified, changed, unblocked or counted down. */
static void
uicc_subscriber(void)
{
	static const char *const cards[] = {"", "label=SIM", "model=usim,path",
	    "model=no-channel", "model=one-channel,proactive",
	    "model=far-channel,class80", "model=pin-df", "model=se-once,silent",
	    "model=pin-df,no-channel", "model=arf aid=A0000000635741502D57494D",
	    "missing=4096", "pin-ref=2 puk-ref=0x42",
	    "pin2-ref=2 model=pin-g-off", "t0=no t1=yes", "keys=2"};

	fam_use(&uicc);
	for (size_t i = 0; i < CA_COUNT(cards); i++)
		every_order(cards[i]);
}

/* A card whose directory makes the subscriber's PIN (or the universal one, or
 * one without a number) that of the signing key: there is nothing to log in
 * with and no key to use. */
static void
uicc_refuses(void)
{
	static const char *const cards[] = {"pin-ref=1", "pin-ref=0x11",
	    "missing=16", "pin-ref=1 label=SIM", "pin-ref=1 model=no-channel"};
	CK_OBJECT_HANDLE key;
	struct fam t;

	fam_use(&uicc);
	for (size_t i = 0; i < CA_COUNT(cards); i++) {
		fam_begin_open(&t, cards[i]);
		FAM_IS(fam_login(&t, CKU_USER, t.opts.pin),
		    CKR_USER_PIN_NOT_INITIALIZED);
		FAM_IS(fam_login(&t, CKU_SO, t.opts.puk),
		    CKR_USER_TYPE_INVALID);
		FAM_IS(fam_set_pin(&t, t.opts.pin, NEW_PIN),
		    CKR_FUNCTION_NOT_SUPPORTED);
		CU_ASSERT_EQUAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1), 0);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
		subscriber_untouched(&t);
		fam_end(&t);
	}
}

/* A logout ends the right to sign on the card, also where the PIN outlives the
 * channel. */
static void
uicc_logout(void)
{
	static const char *const cards[] = {"", "pin-ref=2 puk-ref=0x42",
	    "model=no-channel", "missing=4096", "missing=2"};

	fam_use(&uicc);
	for (size_t i = 0; i < CA_COUNT(cards); i++) {
		struct fam t;

		fam_begin_login(&t, cards[i]);
		CU_ASSERT(ca_sim_verified(t.card, t.opts.pin_ref));
		FAM_IS(t.f->C_Logout(t.s), CKR_OK);
		CU_ASSERT(!ca_sim_verified(t.card, t.opts.pin_ref));
		fam_end(&t);
	}
}

/* Another program closes every channel it can think of, or goes elsewhere on
 * the basic one: nothing is lost but the login, and no try. */
static void
uicc_others(void)
{
	struct fam t;

	fam_use(&uicc);
	fam_begin_open(&t, NULL);
	fam_another(&t, "\x00\x70\x80\x01\x00", 5, 0x9000);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_another(&t, "\x00\x70\x80\x01\x00", 5, 0x9000);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	/* Its number is given to somebody else, who goes to the USIM. */
	fam_another(&t, "\x00\x70\x00\x00\x01", 5, 0x9000);
	fam_another(&t, "\x02\xA4\x04\x0C\x07\xA0\x00\x00\x00\x87\x10\x02", 12,
	    0x9000);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	subscriber_untouched(&t);
	fam_end(&t);
	fam_begin_login(&t, "model=no-channel,usim");
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_another(&t, "\x00\xA4\x04\x0C\x07\xA0\x00\x00\x00\x87\x10\x02", 12,
	    0x9000);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	subscriber_untouched(&t);
	fam_end(&t);
}

/* Another program moves the selection on our channel: files are found again,
 * and a login that is there stays. */
static void
uicc_moved(void)
{
	CK_OBJECT_HANDLE cert;
	uint8_t der[4096];
	CK_ULONG n = sizeof(der);
	struct fam t;

	fam_use(&uicc);
	fam_begin_open(&t, NULL);
	fam_another(&t, "\x01\xA4\x00\x0C\x02\x3F\x00", 7, 0x9000);
	CU_ASSERT_FATAL(fam_find(&t, CKO_CERTIFICATE, &cert, 1) == 1);
	FAM_IS(fam_attr(&t, cert, CKA_VALUE, der, &n), CKR_OK);
	CU_ASSERT_EQUAL(ca_sim_seen(t.card, 0x70), 1);
	fam_end(&t);
}

/* A card that forgets the environment with each signature is asked once
 * whether it does. */
static void
uicc_once(void)
{
	struct fam t;

	fam_use(&uicc);
	fam_begin_login(&t, "model=se-once");
	for (int i = 0; i < 3; i++) {
		ca_sim_count_clear(t.card);
		FAM_IS(fam_sign_once(&t), CKR_OK);
	}
	/* Two of the PIN, three of MSE and PSO, and GET RESPONSE. */
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 6);
	fam_end(&t);
}

/* EF.ICCID stands in for a TokenInfo without a serial number. */
static void
uicc_serial(void)
{
	char serial[64];
	struct fam t;

	fam_use(&uicc);
	fam_begin_open(&t, "missing=2");
	fam_serial(&t, serial, sizeof(serial));
	CU_ASSERT_STRING_EQUAL(serial, "8984012345678901");
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

/* Each signature wants the PIN, and gets one. */
static void
uicc_consent(void)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_OBJECT_HANDLE key;
	uint8_t sig[512], data[] = "x";
	CK_ULONG n = sizeof(sig);
	struct fam t;

	fam_use(&uicc);
	fam_begin_login(&t, NULL);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
	CU_ASSERT(fam_flag(&t, key, CKA_ALWAYS_AUTHENTICATE));
	FAM_IS(t.f->C_SignInit(t.s, &m, key), CKR_OK);
	FAM_IS(t.f->C_Sign(t.s, data, 1, sig, &n), CKR_USER_NOT_LOGGED_IN);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_SIGNATURES), 0);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

void
fam_suite_uicc(CU_pSuite s)
{
	CU_add_test(s, "the subscriber's PIN", uicc_subscriber);
	CU_add_test(s, "a key with the subscriber's PIN", uicc_refuses);
	CU_add_test(s, "logout", uicc_logout);
	CU_add_test(s, "serial number", uicc_serial);
	CU_add_test(s, "other programs", uicc_others);
	CU_add_test(s, "moved", uicc_moved);
	CU_add_test(s, "environment forgotten", uicc_once);
	CU_add_test(s, "a PIN for each signature", uicc_consent);
}
