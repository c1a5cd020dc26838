/* Nothing of a secret is left in this process when its time is over. */
#include <stdio.h>
#include <string.h>

#include "tests/suite/held.h"
#include "tests/trouble/stage.h"

/* How its time ends. */
enum end {
	DESTROYED, /* the operation in its regular way, then the object */
	CLOSED,
	ALL_CLOSED,
	LOGGED_OUT,
	FINALIZED,
	REMOVED, /* the card */
	ENDS
};

static const char *const names[ENDS] = {
    "destroyed", "closed", "all closed", "logged out", "finalized", "removed"};

static CK_RV
finish(struct ca_stage *t, const struct ca_held_way *way, enum end end,
    CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
	CK_SESSION_INFO info;
	CK_RV rv;

	switch (end) {
	case DESTROYED:
		if (way->end != NULL)
			way->end(t->f, s);
		return t->f->C_DestroyObject(s, o);
	case CLOSED:
		return t->f->C_CloseSession(s);
	case ALL_CLOSED:
		return t->f->C_CloseAllSessions(t->slot);
	case LOGGED_OUT:
		return t->f->C_Logout(s);
	case FINALIZED:
		return t->f->C_Finalize(NULL);
	default:
		CU_ASSERT(ca_sim_world_remove(t->w, CA_STAGE_READER) == CA_OK);
		rv = t->f->C_GetSessionInfo(s, &info);
		return rv == CKR_DEVICE_REMOVED ? CKR_OK : CKR_GENERAL_ERROR;
	}
}

static void
one(const struct ca_held_way *way, enum end end)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
	CK_OBJECT_HANDLE o = 0;
	CK_SESSION_HANDLE s;
	struct ca_needle n;
	struct ca_stage t;
	char text[80];
	size_t left;

	ca_needle_make(&n);
	ca_stage_begin_login(&t, NULL);
	CA_STAGE_IS(t.f->C_OpenSession(t.slot, CKF_SERIAL_SESSION, NULL, NULL,
			&s),
	    CKR_OK);
	CA_STAGE_IS(ca_held(way, t.f, s, &n, &o), CKR_OK);
	CU_ASSERT(ca_needle_count(&n) > 0);
	CA_STAGE_IS(finish(&t, way, end, s, o), CKR_OK);
	left = ca_needle_count(&n);
	if (left != 0) {
		snprintf(text, sizeof(text), "%s, %s: %zu left", way->name,
		    names[end], left);
		CU_assertImplementation(CU_FALSE, __LINE__, text, __FILE__, "",
		    CU_FALSE);
	}
	if (end == FINALIZED)
		CA_STAGE_IS(t.f->C_Initialize(&args), CKR_OK);
	ca_stage_end(&t);
}

static void
nothing_left(void)
{
	/* What lies in the module is the same with any card. */
	if (!ca_scan_works() ||
	    strcmp(ca_stage_type_name(), "vgca-chipdoc") != 0)
		return;
	for (size_t i = 0; i < ca_held_ways_n; i++)
		for (enum end end = DESTROYED; end < ENDS; end++)
			one(&ca_held_ways[i], end);
}

void
ca_trouble_memory(CU_pSuite suite)
{
	CU_add_test(suite, "nothing left", nothing_left);
}
