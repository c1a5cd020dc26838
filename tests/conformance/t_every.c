/* Questions that are the same for every function: not initialised, finalised,
 * a handle that is 0, foreign or closed. The rows are made from cf_calls. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/conformance/groups.h"

#define EVERY_MAX 640
#define EVERY_NAME 64

static struct cf_case rows[EVERY_MAX];
static char names[EVERY_MAX][EVERY_NAME];
static size_t rows_n;

static const struct cf_call *
call_of(const struct cf_case *k)
{
	return k->p;
}

static CK_RV
before_initialize(struct cf *c, const struct cf_case *k)
{
	return call_of(k)->call(c, 1);
}

static CK_RV
after_finalize(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = c->f->C_Finalize(NULL);

	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "C_Finalize gave %s",
		    cf_rv_name(rv));
	return call_of(k)->call(c, c->s);
}

static CK_SESSION_HANDLE
closed_session(struct cf *c)
{
	CK_SESSION_HANDLE h;

	if (cf_open(c, 0, &h) != CKR_OK || c->f->C_CloseSession(h) != CKR_OK)
		return CK_INVALID_HANDLE;
	return h;
}

/*
 * a: 0 for the handle 0, 1 for one never given, 2 for a closed one. A function
 * that is a stub may say so without looking at the session; then it must say
 * so on a good session as well.
 */
static CK_RV
bad_session(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE h = CK_INVALID_HANDLE;
	CK_RV rv;

	if (k->a == 1)
		h = c->s ^ 0x5a5a5aUL;
	else if (k->a == 2 && (h = closed_session(c)) == CK_INVALID_HANDLE)
		return cf_note(c, CF_SETUP, "no session to close");
	rv = call_of(k)->call(c, h);
	if (rv == CKR_FUNCTION_NOT_SUPPORTED &&
	    call_of(k)->call(c, c->s) == CKR_FUNCTION_NOT_SUPPORTED)
		return CKR_SESSION_HANDLE_INVALID;
	return rv;
}

static CK_RV
bad_slot(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = call_of(k)->call(c, k->a);

	if (rv == CKR_FUNCTION_NOT_SUPPORTED &&
	    call_of(k)->call(c, c->slot) == CKR_FUNCTION_NOT_SUPPORTED)
		return CKR_SLOT_ID_INVALID;
	return rv;
}

static unsigned
need_of(const struct cf_call *f)
{
	return ((f->flags & CF_CALL_3) != 0 ? CF_NEED_3 : 0) |
	       ((f->flags & CF_CALL_32) != 0 ? CF_NEED_32 : 0);
}

static void
add(const struct cf_call *f, const char *what, const char *clause,
    enum cf_state state, cf_run run, unsigned long a, const CK_RV *allow)
{
	struct cf_case *k = &rows[rows_n];

	if (rows_n == EVERY_MAX)
		abort(); /* make the table larger */
	snprintf(names[rows_n], EVERY_NAME, "%s/%s", f->name, what);
	*k = (struct cf_case){
	    names[rows_n++], clause, state, need_of(f), run, a, 0, f, allow};
}

static const CK_RV not_init[] = {CKR_CRYPTOKI_NOT_INITIALIZED, CF_END};
static const CK_RV no_session[] = {CKR_SESSION_HANDLE_INVALID, CF_END};
static const CK_RV no_session_legacy[] = {
    CKR_SESSION_HANDLE_INVALID, CKR_FUNCTION_NOT_PARALLEL, CF_END};
static const CK_RV no_slot[] = {CKR_SLOT_ID_INVALID, CF_END};

static void
add_all(const struct cf_call *f)
{
	const CK_RV *allow =
	    (f->flags & CF_CALL_LEGACY) != 0 ? no_session_legacy : no_session;

	add(f, "before-initialize", "2.40 5.4 C_Initialize", CF_RAW,
	    before_initialize, 0, not_init);
	add(f, "after-finalize", "2.40 5.4 C_Finalize", CF_RO, after_finalize,
	    0, not_init);
	if ((f->flags & CF_CALL_SESSION) != 0) {
		add(f, "session-zero", "2.40 5.1.2", CF_RO, bad_session, 0,
		    allow);
		add(f, "session-foreign", "2.40 5.1.2", CF_RO, bad_session, 1,
		    allow);
		add(f, "session-closed", "2.40 5.1.2", CF_RO, bad_session, 2,
		    allow);
	}
	if ((f->flags & CF_CALL_SLOT) != 0)
		add(f, "slot-unknown", "2.40 5.1.3", CF_SLOT, bad_slot,
		    0x7eadbeefUL, no_slot);
}

const struct cf_case *
cf_group_every(size_t *n)
{
	if (rows_n == 0)
		for (size_t i = 0; i < cf_calls_n; i++)
			add_all(&cf_calls[i]);
	*n = rows_n;
	return rows;
}
