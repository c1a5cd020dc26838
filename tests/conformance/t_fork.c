/* Forked children: 2.40 clause 5.4 and 3.0 clause 3.1. The child starts anew;
 * the parent is not disturbed. */
#include <stdlib.h>
#include <unistd.h>

#include "tests/conformance/forked.h"
#include "tests/conformance/groups.h"

/* What a child does, and how it leaves. */
enum {
	CHILD_NOTHING, /* exit(3) at once: exit handlers run */
	CHILD_ASKS,    /* one call: the child is not initialised */
	CHILD_ENDS,    /* C_Finalize: likewise */
	CHILD_STARTS,  /* C_Initialize, use, C_Finalize */
	CHILD_LEAVES,  /* C_Initialize, use, and no C_Finalize */
	CHILD_SESSION, /* uses the parent's session after its own start */
	CHILD_LOGS_IN, /* logs in and signs */
	CHILD_BOLTS,   /* C_Initialize, use, and _exit(2): no exit handlers */
	CHILD_EXECS,   /* C_Initialize, use, and another program */
	CHILD_FORKS,   /* its own child starts anew, then it does */
};

static CK_RV
child_use(struct cf *c)
{
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o[4];
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_init(c)) != CKR_OK ||
	    (rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n)) != CKR_OK ||
	    (rv = cf_open(c, 0, &s)) != CKR_OK)
		return rv;
	return cf_find(c, s, NULL, 0, o, 4, &n);
}

static CK_RV
child_signs(struct cf *c)
{
	CK_RV rv = CKR_OK;

	cf_key_free(&c->key);
	if ((rv = cf_init(c)) != CKR_OK ||
	    (rv = cf_open(c, 0, &c->s)) != CKR_OK ||
	    (rv = cf_login(c, c->s)) != CKR_OK ||
	    (rv = cf_key_get(c, 0)) != CKR_OK)
		return rv;
	{
		CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
		CK_BYTE data[32] = {3}, sig[1024];
		CK_ULONG n = sizeof(sig);

		if ((rv = c->f->C_SignInit(c->s, &m, c->key.priv)) == CKR_OK)
			rv = c->f->C_Sign(c->s, data, sizeof(data), sig, &n);
	}
	return rv != CKR_OK ? rv : c->f->C_Finalize(NULL);
}

static CK_RV run_child(struct cf *c, unsigned long what);

static CK_RV
child(struct cf *c, unsigned long what)
{
	CK_INFO info;
	CK_SESSION_INFO si;
	CK_RV rv;

	switch (what) {
	case CHILD_NOTHING:
		return CKR_OK;
	case CHILD_ASKS:
		rv = c->f->C_GetInfo(&info);
		return rv == CKR_CRYPTOKI_NOT_INITIALIZED ? CKR_OK : CF_WRONG;
	case CHILD_ENDS:
		rv = c->f->C_Finalize(NULL);
		return rv == CKR_CRYPTOKI_NOT_INITIALIZED ? CKR_OK : CF_WRONG;
	case CHILD_STARTS:
		rv = child_use(c);
		return rv != CKR_OK ? rv : c->f->C_Finalize(NULL);
	case CHILD_LEAVES:
	case CHILD_BOLTS:
	case CHILD_EXECS:
		return child_use(c);
	case CHILD_FORKS:
		rv = run_child(c, CHILD_STARTS);
		if (rv == CKR_OK)
			rv = child_use(c);
		if (rv == CKR_OK)
			rv = run_child(c, CHILD_STARTS);
		return rv != CKR_OK ? rv : c->f->C_Finalize(NULL);
	case CHILD_SESSION:
		if ((rv = cf_init(c)) != CKR_OK)
			return rv;
		rv = c->f->C_GetSessionInfo(c->s, &si);
		return rv == CKR_SESSION_HANDLE_INVALID ? CKR_OK : CF_WRONG;
	default:
		return child_signs(c);
	}
}

/* Forks, and hands the child's answer over a pipe. */
static CK_RV
run_child(struct cf *c, unsigned long what)
{
	int fd, status = 0;
	pid_t pid = cf_fork(c, &fd);
	CK_RV rv;

	if (pid < 0)
		return CF_SETUP;
	if (pid == 0) {
		if (!cf_fork_tell(fd, child(c, what)))
			_exit(1);
		if (what == CHILD_BOLTS)
			_exit(0);
		if (what == CHILD_EXECS)
			execlp("true", "true", (char *)NULL);
		cf_key_free(&c->key);
		exit(0); /* with exit handlers, as programs do */
	}
	rv = cf_fork_answer(pid, fd, &status);
	if (!cf_fork_ended_well(status))
		return cf_note(c, CF_CRASH, "the child ended with %#x",
		    (unsigned)status);
	return rv;
}

static CK_RV
parent_signs(struct cf *c)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_BYTE data[32] = {4}, sig[1024];
	CK_ULONG n = sizeof(sig);
	CK_RV rv = c->f->C_SignInit(c->s, &m, c->key.priv);

	return rv != CKR_OK ? rv
			    : c->f->C_Sign(c->s, data, sizeof(data), sig, &n);
}

/* A card has one login for all processes: a child that logs out may have ended
 * the parent's, and then the parent is told and can log in again. */
static CK_RV
parent_goes_on(struct cf *c, bool login_may_be_lost)
{
	CK_RV rv = parent_signs(c);

	if (rv == CKR_OK || !login_may_be_lost || rv != CKR_USER_NOT_LOGGED_IN)
		return rv;
	cf_key_free(&c->key);
	(void)c->f->C_Logout(c->s);
	if ((rv = cf_login(c, c->s)) != CKR_OK ||
	    (rv = cf_key_get(c, 0)) != CKR_OK)
		return rv;
	return parent_signs(c);
}

/* a: what the child does. */
static CK_RV
fork_case(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = run_child(c, k->a);

	if (rv != CKR_OK)
		return rv;
	rv = parent_goes_on(c, k->a == CHILD_LOGS_IN);
	if (rv != CKR_OK)
		return cf_note(c, CF_WRONG, "then the parent got %s",
		    cf_rv_name(rv));
	return CKR_OK;
}

/* A signature begun before the fork is finished by the parent after it. */
static CK_RV
fork_in_signature(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_BYTE data[32] = {6}, sig[1024];
	CK_ULONG n = sizeof(sig);
	CK_RV rv;

	(void)k;
	if (c->f->C_SignInit(c->s, &m, c->key.priv) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_SignInit");
	if ((rv = run_child(c, CHILD_STARTS)) != CKR_OK)
		return rv;
	return c->f->C_Sign(c->s, data, sizeof(data), sig, &n);
}

#define ROW(what, fn, a)                                                       \
	{                                                                      \
		"fork/" what, "2.40 5.4 C_Initialize", CF_KEY, 0, fn, a, 0,    \
		    NULL, CF_ALLOW(CKR_OK)                                     \
	}

static const struct cf_case table[] = {
    ROW("child-exits", fork_case, CHILD_NOTHING),
    ROW("child-is-not-initialized", fork_case, CHILD_ASKS),
    ROW("child-finalizes", fork_case, CHILD_ENDS),
    ROW("child-starts-anew", fork_case, CHILD_STARTS),
    ROW("child-leaves-without-finalize", fork_case, CHILD_LEAVES),
    ROW("child-has-no-sessions", fork_case, CHILD_SESSION),
    ROW("child-logs-in", fork_case, CHILD_LOGS_IN),
    ROW("child-leaves-without-handlers", fork_case, CHILD_BOLTS),
    ROW("child-becomes-another", fork_case, CHILD_EXECS),
    ROW("child-of-child", fork_case, CHILD_FORKS),
    ROW("between-init-and-sign", fork_in_signature, 0),
};

CF_GROUP(cf_group_fork, table)
