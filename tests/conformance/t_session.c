/* Sessions: 2.40 clause 5.6 without the login. */
#include "tests/conformance/groups.h"

/* a: flags; b: 1 for a NULL handle pointer. */
static CK_RV
open_one(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s = CK_INVALID_HANDLE;
	CK_RV rv;

	rv = c->f->C_OpenSession(c->slot, k->a, NULL, NULL,
	    k->b == 1 ? NULL : &s);
	if (rv == CKR_OK && s == CK_INVALID_HANDLE)
		return cf_note(c, CF_WRONG, "the handle is 0");
	return rv;
}

/* A token that is write-protected says so, any other opens. */
static CK_RV
open_rw(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_RV rv = cf_open(c, CKF_RW_SESSION, &s);

	(void)k;
	if (rv == CKR_TOKEN_WRITE_PROTECTED &&
	    (c->token.flags & CKF_WRITE_PROTECTED) == 0)
		return cf_note(c, CF_WRONG, "CKF_WRITE_PROTECTED is not set");
	return rv;
}

#define HANDLES_MAX 64

static CK_RV
handles_differ(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s[HANDLES_MAX];
	CK_RV rv;

	(void)k;
	for (size_t i = 0; i < HANDLES_MAX; i++) {
		if ((rv = cf_open(c, 0, &s[i])) != CKR_OK)
			return cf_note(c, rv, "session %zu", i);
		for (size_t j = 0; j < i; j++)
			if (s[i] == s[j])
				return cf_note(c, CF_WRONG, "handle %lu twice",
				    s[i]);
	}
	return CKR_OK;
}

/* a: how many are open at a time. */
static CK_RV
open_many(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s[HANDLES_MAX];
	CK_RV rv;

	for (unsigned n = 0; n < c->opt->sessions; n += (unsigned)k->a) {
		for (unsigned long i = 0; i < k->a; i++)
			if ((rv = cf_open(c, 0, &s[i])) != CKR_OK)
				return cf_note(c, rv, "session %lu", n + i);
		for (unsigned long i = 0; i < k->a; i++)
			if ((rv = c->f->C_CloseSession(s[i])) != CKR_OK)
				return cf_note(c, rv, "closing %lu", n + i);
	}
	return CKR_OK;
}

static CK_RV
close_twice(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = c->f->C_CloseSession(c->s);

	(void)k;
	return rv != CKR_OK ? rv : c->f->C_CloseSession(c->s);
}

static CK_RV
close_all(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_SESSION_INFO info;
	CK_RV rv;

	(void)k;
	if ((rv = cf_open(c, 0, &s)) != CKR_OK ||
	    (rv = c->f->C_CloseAllSessions(c->slot)) != CKR_OK)
		return rv;
	if (c->f->C_GetSessionInfo(c->s, &info) != CKR_SESSION_HANDLE_INVALID ||
	    c->f->C_GetSessionInfo(s, &info) != CKR_SESSION_HANDLE_INVALID)
		return cf_note(c, CF_WRONG, "a session survived");
	return c->f->C_CloseAllSessions(c->slot);
}

/* a: extra flags of the session; b: the state expected. */
static CK_RV
session_info(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_INFO info = {0};
	CK_SESSION_HANDLE s = c->s;
	CK_RV rv = CKR_OK;

	if (k->a != 0)
		rv = cf_open(c, k->a, &s);
	if (rv == CKR_TOKEN_WRITE_PROTECTED)
		return cf_note(c, CF_SKIP, "the token is read-only");
	if (rv != CKR_OK || (rv = c->f->C_GetSessionInfo(s, &info)) != CKR_OK)
		return rv;
	if (info.slotID != c->slot || info.state != k->b ||
	    info.flags != (CKF_SERIAL_SESSION | k->a))
		return cf_note(c, CF_WRONG, "slot %lu state %lu flags %#lx",
		    info.slotID, info.state, info.flags);
	return CKR_OK;
}

static CK_RV
session_info_null(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return c->f->C_GetSessionInfo(c->s, NULL);
}

/* a: 1 for a NULL length pointer, 2 with an active digest. */
static CK_RV
operation_state(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256, NULL, 0};
	CK_ULONG n = 0;
	CK_RV rv;

	if (k->a == 2) {
		if (!cf_mech_listed(c, CKM_SHA256))
			return cf_note(c, CF_SKIP, "no SHA-256");
		if ((rv = c->f->C_DigestInit(c->s, &m)) != CKR_OK)
			return cf_note(c, CF_SETUP, "C_DigestInit");
	}
	return c->f->C_GetOperationState(c->s, NULL, k->a == 1 ? NULL : &n);
}

static CK_RV
set_operation_state(struct cf *c, const struct cf_case *k)
{
	CK_BYTE junk[16] = {1, 2, 3};

	return c->f->C_SetOperationState(c->s, k->a != 0 ? NULL : junk,
	    sizeof(junk), 0, 0);
}

/* a: 0 C_GetFunctionStatus, 1 C_CancelFunction. */
static CK_RV
legacy(struct cf *c, const struct cf_case *k)
{
	return k->a == 0 ? c->f->C_GetFunctionStatus(c->s)
			 : c->f->C_CancelFunction(c->s);
}

#define ROW(what, fnname, state, fn, a, b, ...)                                \
	{                                                                      \
		fnname "/" what, "2.40 5.6 " fnname, state, 0, fn, a, b, NULL, \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define LEGACY(fnname, a)                                                      \
	{                                                                      \
		fnname "/good-session", "2.40 5.16 " fnname, CF_RO, 0, legacy, \
		    a, 0, NULL, CF_ALLOW(CKR_FUNCTION_NOT_PARALLEL)            \
	}

static const struct cf_case table[] = {
    ROW("read-only", "C_OpenSession", CF_SLOT, open_one, CKF_SERIAL_SESSION, 0,
	CKR_OK),
    ROW("read-write", "C_OpenSession", CF_SLOT, open_rw, 0, 0, CKR_OK,
	CKR_TOKEN_WRITE_PROTECTED),
    ROW("not-serial", "C_OpenSession", CF_SLOT, open_one, 0, 0,
	CKR_SESSION_PARALLEL_NOT_SUPPORTED),
    ROW("not-serial-read-write", "C_OpenSession", CF_SLOT, open_one,
	CKF_RW_SESSION, 0, CKR_SESSION_PARALLEL_NOT_SUPPORTED),
    ROW("null-handle", "C_OpenSession", CF_SLOT, open_one, CKF_SERIAL_SESSION,
	1, CKR_ARGUMENTS_BAD),
    ROW("handles-differ", "C_OpenSession", CF_SLOT, handles_differ, 0, 0,
	CKR_OK),
    ROW("many-in-turn", "C_OpenSession", CF_SLOT, open_many, 1, 0, CKR_OK),
    ROW("many-by-50", "C_OpenSession", CF_SLOT, open_many, 50, 0, CKR_OK),
    ROW("twice", "C_CloseSession", CF_RO, close_twice, 0, 0,
	CKR_SESSION_HANDLE_INVALID),
    ROW("closes-all", "C_CloseAllSessions", CF_RO, close_all, 0, 0, CKR_OK),
    ROW("read-only", "C_GetSessionInfo", CF_RO, session_info, 0,
	CKS_RO_PUBLIC_SESSION, CKR_OK),
    ROW("read-write", "C_GetSessionInfo", CF_RO, session_info, CKF_RW_SESSION,
	CKS_RW_PUBLIC_SESSION, CKR_OK),
    ROW("read-only-user", "C_GetSessionInfo", CF_USER, session_info, 0,
	CKS_RO_USER_FUNCTIONS, CKR_OK),
    ROW("read-write-user", "C_GetSessionInfo", CF_USER, session_info,
	CKF_RW_SESSION, CKS_RW_USER_FUNCTIONS, CKR_OK),
    ROW("null", "C_GetSessionInfo", CF_RO, session_info_null, 0, 0,
	CKR_ARGUMENTS_BAD),
    ROW("nothing-active", "C_GetOperationState", CF_RO, operation_state, 0, 0,
	CKR_OPERATION_NOT_INITIALIZED, CKR_FUNCTION_NOT_SUPPORTED),
    ROW("null-length", "C_GetOperationState", CF_RO, operation_state, 1, 0,
	CKR_ARGUMENTS_BAD, CKR_OPERATION_NOT_INITIALIZED,
	CKR_FUNCTION_NOT_SUPPORTED),
    ROW("digest-active", "C_GetOperationState", CF_RO, operation_state, 2, 0,
	CKR_OK, CKR_STATE_UNSAVEABLE, CKR_FUNCTION_NOT_SUPPORTED),
    ROW("junk", "C_SetOperationState", CF_RO, set_operation_state, 0, 0,
	CKR_SAVED_STATE_INVALID, CKR_FUNCTION_NOT_SUPPORTED),
    ROW("null", "C_SetOperationState", CF_RO, set_operation_state, 1, 0,
	CKR_ARGUMENTS_BAD, CKR_SAVED_STATE_INVALID, CKR_FUNCTION_NOT_SUPPORTED),
    LEGACY("C_GetFunctionStatus", 0),
    LEGACY("C_CancelFunction", 1),
};

CF_GROUP(cf_group_session, table)
