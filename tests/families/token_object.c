/*
 * The object that is the token itself (module/capkcs11.h): who finds it, what
 * it says, and what that costs.
 */
#include <string.h>

#include "module/capkcs11.h"
#include "module/core/pkcs11_3.h"
#include "tests/families/fam.h"

#define MAX 256

/* The one object of the class. */
static CK_OBJECT_HANDLE
object(struct fam *t)
{
	CK_OBJECT_HANDLE o[2] = {CK_INVALID_HANDLE};

	CU_ASSERT_EQUAL_FATAL(fam_find(t, CKO_CAPKCS11_TOKEN, o, 2), 1);
	return o[0];
}

/* How many objects a template of one entry finds; none of them is ours. */
static size_t
others(struct fam *t, CK_ATTRIBUTE *entry, CK_OBJECT_HANDLE ours)
{
	CK_OBJECT_HANDLE o[MAX];
	CK_ULONG n = 0;

	FAM_IS(t->f->C_FindObjectsInit(t->s, entry, entry != NULL ? 1 : 0),
	    CKR_OK);
	FAM_IS(t->f->C_FindObjects(t->s, o, MAX, &n), CKR_OK);
	FAM_IS(t->f->C_FindObjectsFinal(t->s), CKR_OK);
	for (CK_ULONG i = 0; i < n; i++)
		CU_ASSERT_NOT_EQUAL(o[i], ours);
	return n;
}

/* By its class alone, at the cost of no command, and always under the same
 * handle; not even an attribute that it alone has shows it. */
static void
found_by_class(void)
{
	char family[64];
	CK_ULONG n = sizeof(family), can;
	CK_OBJECT_HANDLE ours;
	struct fam t;

	fam_begin_open(&t, NULL);
	ca_sim_count_clear(t.card);
	ours = object(&t);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 0);
	FAM_IS(fam_attr(&t, ours, CKA_CAPKCS11_FAMILY, family, &n), CKR_OK);
	can = fam_number(&t, ours, CKA_CAPKCS11_CAN);
	CU_ASSERT(others(&t, NULL, ours) > 0);
	CU_ASSERT_EQUAL(others(&t,
			    &(CK_ATTRIBUTE){CKA_CAPKCS11_FAMILY, family, n},
			    ours),
	    0);
	CU_ASSERT_EQUAL(others(&t,
			    &(CK_ATTRIBUTE){
				CKA_CAPKCS11_CAN, &can, sizeof(can)},
			    ours),
	    0);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT_EQUAL(object(&t), ours);
	FAM_IS(t.f->C_DestroyObject(t.s, ours), CKR_ACTION_PROHIBITED);
	FAM_IS(t.f->C_CopyObject(t.s, ours, NULL, 0, &(CK_OBJECT_HANDLE){0}),
	    CKR_ACTION_PROHIBITED);
	fam_end(&t);
}

/* A search for anything else costs the same whether ours was asked for. */
static void
search_costs_the_same(void)
{
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE token = {CKA_TOKEN, &yes, sizeof(yes)};
	size_t found[2] = {0};
	uint64_t cost[2] = {0};

	for (int asked = 0; asked < 2; asked++) {
		CK_OBJECT_HANDLE ours = CK_INVALID_HANDLE;
		struct fam t;

		fam_begin_open(&t, NULL);
		if (asked != 0)
			ours = object(&t);
		ca_sim_count_clear(t.card);
		found[asked] =
		    others(&t, NULL, ours) + others(&t, &token, ours);
		cost[asked] = fam_count(&t, CA_SIM_APDUS);
		fam_end(&t);
	}
	CU_ASSERT_EQUAL(found[0], found[1]);
	CU_ASSERT_EQUAL(cost[0], cost[1]);
}

static bool
generates(struct fam *t)
{
	static const CK_MECHANISM_TYPE types[] = {
	    CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_EC_KEY_PAIR_GEN};
	CK_MECHANISM_INFO mi;

	for (size_t i = 0; i < CA_COUNT(types); i++)
		if (t->f->C_GetMechanismInfo(t->slot, types[i], &mi) ==
			CKR_OK &&
		    (mi.flags & CKF_HW) != 0)
			return true;
	return false;
}

static void
what_it_can(void)
{
	const CK_ULONG known = CAPKCS11_CAN_CHANGE_PIN | CAPKCS11_CAN_UNBLOCK |
			       CAPKCS11_CAN_WRITE_CERT | CAPKCS11_CAN_GENERATE;
	char family[64];
	CK_ULONG n = sizeof(family), can;
	CK_OBJECT_HANDLE ours;
	bool writes;
	struct fam t;

	fam_begin_open(&t, NULL);
	ours = object(&t);
	FAM_IS(fam_attr(&t, ours, CKA_CAPKCS11_FAMILY, family, &n), CKR_OK);
	/* A maker's cards of one type may have several profiles. */
	CU_ASSERT(n >= strlen(t.row->type));
	CU_ASSERT(memcmp(family, t.row->type, strlen(t.row->type)) == 0);
	ca_sim_count_clear(t.card);
	can = fam_number(&t, ours, CKA_CAPKCS11_CAN);
	CU_ASSERT_EQUAL((can & CAPKCS11_CAN_CHANGE_PIN) != 0,
	    (t.row->has & FAM_CHANGE) != 0);
	CU_ASSERT_EQUAL((can & CAPKCS11_CAN_UNBLOCK) != 0,
	    (t.row->has & FAM_UNBLOCK) != 0);
	CU_ASSERT_EQUAL((can & CAPKCS11_CAN_GENERATE) != 0, generates(&t));
	/* The one family that is known to have a rule for it. */
	writes = strcmp(t.row->type, "vgca-chipdoc") == 0;
	CU_ASSERT_EQUAL((can & CAPKCS11_CAN_WRITE_CERT) != 0, writes);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), writes ? 3 : 0);
	CU_ASSERT_EQUAL(can & ~known, 0);
	CU_ASSERT(fam_flag(&t, ours, CKA_TOKEN));
	CU_ASSERT(!fam_flag(&t, ours, CKA_PRIVATE));
	fam_end(&t);
}

/* Read now: one command, no try. */
static void
tries_left(void)
{
	CK_OBJECT_HANDLE ours;
	CK_ULONG max;
	struct fam t;

	fam_begin_open(&t, NULL);
	ours = object(&t);
	for (uint32_t left = 0; left < 3; left++) {
		CU_ASSERT(ca_sim_tries_set(t.card, t.opts.pin_ref, left) ==
			  CA_OK);
		ca_sim_count_clear(t.card);
		CU_ASSERT_EQUAL(fam_number(&t, ours, CKA_CAPKCS11_PIN_TRIES),
		    left);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS),
		    t.row->budget.poll);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
		CU_ASSERT_EQUAL(fam_tries(&t), (int)left);
	}
	ca_sim_count_clear(t.card);
	max = fam_number(&t, ours, CKA_CAPKCS11_PIN_TRIES_MAX);
	CU_ASSERT(max == CK_UNAVAILABLE_INFORMATION || max == t.opts.pin_tries);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 0);
	fam_end(&t);
}

/* To ask is not to log out, and a card that has the PIN verified may not tell.
 */
static void
tries_logged_in(void)
{
	CK_OBJECT_HANDLE ours;
	CK_ULONG left;
	struct fam t;

	fam_begin_login(&t, NULL);
	ours = object(&t);
	ca_sim_count_clear(t.card);
	left = fam_number(&t, ours, CKA_CAPKCS11_PIN_TRIES);
	CU_ASSERT(left == CK_UNAVAILABLE_INFORMATION ||
		  left == t.opts.pin_tries);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

static void
puk_tries_left(void)
{
	CK_OBJECT_HANDLE ours;
	struct fam t;

	fam_begin_open(&t, NULL);
	ours = object(&t);
	if ((t.row->has & FAM_UNBLOCK) != 0)
		for (uint32_t left = 0; left < 3; left++) {
			CU_ASSERT(ca_sim_tries_set(t.card, t.opts.puk_ref,
				      left) == CA_OK);
			ca_sim_count_clear(t.card);
			CU_ASSERT_EQUAL(fam_number(&t, ours,
					    CKA_CAPKCS11_PUK_TRIES),
			    left);
			CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS),
			    t.row->budget.poll);
			CU_ASSERT_EQUAL(fam_puk_tries(&t), (int)left);
		}
	else
		CU_ASSERT(fam_number(&t, ours, CKA_CAPKCS11_PUK_TRIES) > 2);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 0);
	fam_end(&t);
}

/* A certificate of the card is no local one. */
static void
not_local(void)
{
	CK_OBJECT_HANDLE o[FAM_KEYS];
	struct fam t;
	size_t n;

	fam_begin_open(&t, NULL);
	n = fam_find(&t, CKO_CERTIFICATE, o, FAM_KEYS);
	CU_ASSERT_EQUAL(n == 0, (t.row->has & FAM_NO_CERT) != 0);
	while (n-- > 0)
		CU_ASSERT(!fam_flag(&t, o[n], CKA_CAPKCS11_LOCAL));
	fam_end(&t);
}

void
fam_suite_token_object(CU_pSuite s)
{
	CU_add_test(s, "found by its class", found_by_class);
	CU_add_test(s, "searches cost the same", search_costs_the_same);
	CU_add_test(s, "what it can", what_it_can);
	CU_add_test(s, "tries left", tries_left);
	CU_add_test(s, "tries left while logged in", tries_logged_in);
	CU_add_test(s, "tries of the PUK", puk_tries_left);
	CU_add_test(s, "not local", not_local);
}
