/*
 * Raw RSA that nobody has seen a card do: it is offered once the card has shown
 * it, asked for by a program that wants it and by no other, and refused where
 * the card shows something else.
 */
#include <string.h>

#include "tests/families/fam.h"

#define MSE 0x22

static const struct fam_row chipdoc = {
    "vgca-chipdoc", "vgca-chipdoc", "", 0, "", "", {0}};

static CK_FLAGS
info_flags(struct fam *t, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM_INFO info = {0};

	FAM_IS(t->f->C_GetMechanismInfo(t->slot, type, &info), CKR_OK);
	return info.flags;
}

static bool
offered(struct fam *t, CK_MECHANISM_TYPE type)
{
	return (info_flags(t, type) & CKF_SIGN) != 0;
}

static CK_RV
begin_pss(struct fam *t)
{
	CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 32};
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS_PSS, &p, sizeof(p)};
	CK_OBJECT_HANDLE key;

	CU_ASSERT_FATAL(fam_find(t, CKO_PRIVATE_KEY, &key, 1) == 1);
	return t->f->C_SignInit(t->s, &m, key);
}

static bool
signs_pss(struct fam *t)
{
	CK_OBJECT_HANDLE key;

	CU_ASSERT_FATAL(fam_find(t, CKO_PRIVATE_KEY, &key, 1) == 1);
	return fam_mech_sign(t, fam_mech(CKM_SHA256_RSA_PKCS_PSS), key,
		   t->opts.pin) == 2;
}

static void
no_tries(struct fam *t)
{
	CU_ASSERT_EQUAL(fam_count(t, CA_SIM_VERIFIES), 0);
	CU_ASSERT_EQUAL(fam_count(t, CA_SIM_WRONG_TRIES), 0);
	CU_ASSERT_EQUAL(fam_tries(t), (int)t->opts.pin_tries);
}

/* Without a login there is nothing to show it with; with one, whoever asks
 * about the mechanism finds out, and once. */
static void
shown(void)
{
	uint64_t signatures;
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_open(&t, "algs=8A,02,8C");
	CU_ASSERT(!offered(&t, CKM_RSA_PKCS_PSS));
	CU_ASSERT((info_flags(&t, CKM_RSA_PKCS_PSS) & CKF_VERIFY) != 0);
	CU_ASSERT_EQUAL(ca_sim_seen(t.card, MSE), 0);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	ca_sim_count_clear(t.card);
	CU_ASSERT(offered(&t, CKM_RSA_PKCS_PSS));
	signatures = fam_count(&t, CA_SIM_SIGNATURES);
	CU_ASSERT_EQUAL(signatures, 1);
	CU_ASSERT(offered(&t, CKM_SHA512_RSA_PKCS_PSS));
	CU_ASSERT(offered(&t, CKM_RSA_X_509));
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_SIGNATURES), signatures);
	no_tries(&t);
	CU_ASSERT(signs_pss(&t));
	/* Another program, and nobody remembers. */
	fam_restart(&t);
	FAM_IS(fam_open(&t), CKR_OK);
	CU_ASSERT(!offered(&t, CKM_RSA_PKCS_PSS));
	fam_end(&t);
}

/* Who does not ask, but signs with it, is served as well. */
static void
shown_at_once(void)
{
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_login(&t, "algs=8A,02,8C");
	CU_ASSERT(signs_pss(&t));
	CU_ASSERT(offered(&t, CKM_RSA_PKCS_PSS));
	fam_end(&t);
}

/* The card knows no such algorithm, or gives something else: refused, and the
 * card is asked no second time. What it can do costs what it always did. */
static void
not_shown(void)
{
	static const char *const cards[] = {
	    "", "algs=8A,02,8C wrong-sign=1", "algs=8A,02,8C chaining=no"};

	fam_use(&chipdoc);
	for (size_t i = 0; i < CA_COUNT(cards); i++) {
		struct fam t;

		fam_begin_login(&t, cards[i]);
		ca_sim_count_clear(t.card);
		FAM_IS(begin_pss(&t), CKR_MECHANISM_INVALID);
		CU_ASSERT(fam_count(&t, CA_SIM_APDUS) > 0);
		no_tries(&t);
		ca_sim_count_clear(t.card);
		FAM_IS(begin_pss(&t), CKR_MECHANISM_INVALID);
		CU_ASSERT(!offered(&t, CKM_RSA_PKCS_PSS));
		CU_ASSERT(!offered(&t, CKM_RSA_X_509));
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 0);
		if (i != 1) {
			FAM_IS(fam_sign_once(&t), CKR_OK);
			CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 2);
		}
		fam_end(&t);
	}
}

/* Programs that want PKCS#1 pay nothing for it. */
static void
unasked(void)
{
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_login(&t, NULL);
	ca_sim_count_clear(t.card);
	CU_ASSERT(offered(&t, CKM_RSA_PKCS));
	CU_ASSERT(offered(&t, CKM_SHA256_RSA_PKCS));
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 0);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	/* the certificate's public key was read for the first of them */
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_SIGNATURES), 2);
	fam_end(&t);
}

/* A PIN for each use: there is none to spare for a self-check. */
static void
not_with_consent(void)
{
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_login(&t, "algs=8A,02,8C consent=1");
	ca_sim_count_clear(t.card);
	CU_ASSERT(!offered(&t, CKM_RSA_PKCS_PSS));
	FAM_IS(begin_pss(&t), CKR_MECHANISM_INVALID);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_SIGNATURES), 0);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

/* The login ended on the card: nothing was shown, and nothing decided. */
static void
login_gone(void)
{
	struct ca_sim_trouble forget = {CA_SIM_T_FORGET, true, MSE, 1, 1, 0};
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_login(&t, "algs=8A,02,8C");
	ca_sim_trouble(t.card, &forget);
	FAM_IS(begin_pss(&t), CKR_USER_NOT_LOGGED_IN);
	FAM_IS(t.f->C_Logout(t.s), CKR_USER_NOT_LOGGED_IN);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT(signs_pss(&t));
	fam_end(&t);
}

void
fam_suite_proof(CU_pSuite s)
{
	CU_add_test(s, "shown", shown);
	CU_add_test(s, "shown at once", shown_at_once);
	CU_add_test(s, "not shown", not_shown);
	CU_add_test(s, "unasked", unasked);
	CU_add_test(s, "a PIN for each use", not_with_consent);
	CU_add_test(s, "login gone", login_gone);
}
