/* Commands to the card, counted and compared: a rise fails, and so does a fall
 * that nobody wrote down (design: the budgets are measured, not hoped for). */
#include <stdio.h>

#include "tests/families/fam.h"

/* Commands since the last time. */
static uint64_t
lap(struct fam *t)
{
	uint64_t n = fam_count(t, CA_SIM_APDUS);

	ca_sim_count_clear(t->card);
	return n;
}

static void
compare(const char *what, uint64_t got, uint64_t want)
{
	if (got != want)
		fprintf(stderr,
		    "%s: %s takes %llu commands, the table says "
		    "%llu\n",
		    fam_row()->name, what, (unsigned long long)got,
		    (unsigned long long)want);
	CU_ASSERT_EQUAL(got, want);
}

static void
read_cert(struct fam *t)
{
	CK_OBJECT_HANDLE o;
	uint8_t der[8192];
	CK_ULONG n = sizeof(der);

	if ((t->row->has & FAM_NO_CERT) != 0)
		return;
	CU_ASSERT_FATAL(fam_find(t, CKO_CERTIFICATE, &o, 1) == 1);
	FAM_IS(fam_attr(t, o, CKA_VALUE, der, &n), CKR_OK);
}

static void
budget(void)
{
	const struct fam_budget *b = &fam_row()->budget;
	struct fam_budget got;
	struct fam t;

	fam_begin(&t, "cert-max=1024");
	FAM_IS(fam_open(&t), CKR_OK);
	got.open = lap(&t);
	read_cert(&t);
	got.find = lap(&t);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	got.login = lap(&t);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	got.sign = lap(&t);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	got.again = lap(&t);
	fam_end(&t);
	printf("\n    figure: %-20s open %2u, certificate %2u, login %2u, "
	       "signature %2u, each later %2u; to the first %2u\n    ",
	    fam_row()->name, (unsigned)got.open, (unsigned)got.find,
	    (unsigned)got.login, (unsigned)got.sign, (unsigned)got.again,
	    (unsigned)(got.open + got.find + got.login + got.sign));
	compare("open", got.open, b->open);
	compare("certificate", got.find, b->find);
	compare("login", got.login, b->login);
	compare("first signature", got.sign, b->sign);
	compare("later signature", got.again, b->again);
}

/* Polling C_GetSlotInfo costs nothing. */
static void
polling(void)
{
	CK_SLOT_INFO si;
	struct fam t;

	fam_begin_open(&t, NULL);
	(void)lap(&t);
	for (int i = 0; i < 5; i++)
		FAM_IS(t.f->C_GetSlotInfo(t.slot, &si), CKR_OK);
	CU_ASSERT_EQUAL(lap(&t), 0);
	(void)fam_flags(&t);
	compare("C_GetTokenInfo", lap(&t), t.row->budget.poll);
	fam_end(&t);
}

void
fam_suite_count(CU_pSuite s)
{
	CU_add_test(s, "commands", budget);
	CU_add_test(s, "polling", polling);
}
