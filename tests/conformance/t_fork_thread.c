/* Children of a process whose other threads are inside the module: 2.40 clause
 * 5.4. The child never asks for the card, so that the card has no say in it. */
#include <unistd.h>

#include "tests/conformance/forked.h"
#include "tests/conformance/groups.h"
#include "tests/conformance/wait.h"

#define SECONDS 60
#define CHILDREN 8

struct worker {
	struct cf_thread t;
	struct cf *c;
	atomic_bool enough;
	unsigned rounds;
	CK_RV rv;
	const char *where;
};

/* What a child does; a step that fails is told by its answer. */
static CK_RV
child(struct cf *c)
{
	CK_SESSION_INFO si;
	CK_ULONG n = 0;
	CK_RV rv;

	if (c->f->C_GetSessionInfo(c->s, &si) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return CF_WRONG;
	if ((rv = cf_init(c)) != CKR_OK)
		return rv;
	if (c->f->C_GetSessionInfo(c->s, &si) != CKR_SESSION_HANDLE_INVALID)
		return CF_WRONG;
	if ((rv = c->f->C_GetSlotList(CK_FALSE, NULL, &n)) != CKR_OK)
		return rv;
	return n == 0 ? CF_WRONG : c->f->C_Finalize(NULL);
}

/* The answer of one forked child; CF_CRASH when it did not end well. */
static CK_RV
answer(struct cf *c, pid_t pid, int fd)
{
	int status = 0;
	CK_RV rv = cf_fork_answer(pid, fd, &status);

	if (!cf_fork_ended_well(status))
		return cf_note(c, CF_CRASH, "a child ended with %#x",
		    (unsigned)status);
	return rv == CKR_OK ? rv : cf_note(c, rv, "in a child");
}

/* So many children at once. The answer of the last that did not do well. */
static CK_RV
children(struct cf *c, unsigned n)
{
	pid_t pid[CHILDREN];
	int fd[CHILDREN];
	CK_RV rv = CKR_OK, one;

	for (unsigned i = 0; i < n; i++)
		if ((pid[i] = cf_fork(c, &fd[i])) == 0)
			_exit(cf_fork_tell(fd[i], child(c)) ? 0 : 1);
	for (unsigned i = 0; i < n; i++) {
		one = pid[i] < 0 ? CF_SETUP : answer(c, pid[i], fd[i]);
		if (one != CKR_OK)
			rv = one;
	}
	return rv;
}

static void
sign_on(void *arg)
{
	struct worker *w = arg;
	CK_BYTE data[32] = {5};

	while (w->rv == CKR_OK && !w->enough) {
		w->rv = cf_mech_sign_once(w->c, w->c->s, data, &w->where);
		w->rounds++;
	}
}

/* Forks while another thread signs: the child's module is sound, whatever was
 * under way, and no signature is lost. */
static CK_RV
while_signing(struct cf *c, const struct cf_case *k)
{
	struct worker w = {.c = c};
	CK_RV rv = cf_consent_skip(c);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	if (!cf_thread_start(&w.t, sign_on, &w))
		return cf_note(c, CF_SETUP, "thread");
	for (int i = 0; rv == CKR_OK && i < CHILDREN; i++)
		rv = children(c, 1);
	w.enough = true;
	if (!cf_thread_join(&w.t, SECONDS))
		return cf_note(c, CF_HANG, "the signing thread");
	if (w.rv != CKR_OK)
		return cf_note(c, w.rv, "signature %u, %s", w.rounds, w.where);
	return rv;
}

static void
wait_for_event(void *arg)
{
	struct worker *w = arg;
	CK_SLOT_ID slot;

	w->rv = w->c->f->C_WaitForSlotEvent(0, &slot, NULL);
}

/* Forks while another thread waits for an event, which goes on to wait; then
 * C_Finalize ends that. */
static CK_RV
while_waiting(struct cf *c, const struct cf_case *k)
{
	struct worker w = {.c = c};
	CK_RV rv;

	(void)k;
	if (!cf_thread_start(&w.t, wait_for_event, &w) ||
	    !cf_thread_asleep(&w.t, SECONDS))
		return cf_note(c, CF_SETUP, "thread");
	if (w.t.ended && w.rv == CKR_FUNCTION_NOT_SUPPORTED)
		return cf_note(c, CF_SKIP, "no blocking form");
	rv = children(c, 1);
	if (rv == CKR_OK && w.t.ended)
		rv = cf_note(c, CF_WRONG, "the wait ended");
	(void)c->f->C_Finalize(NULL);
	if (!cf_thread_join(&w.t, SECONDS))
		return cf_note(c, CF_HANG, "the waiting thread");
	if (rv == CKR_OK && w.rv != CKR_CRYPTOKI_NOT_INITIALIZED)
		rv = cf_note(c, CF_WRONG, "it got %s", cf_rv_name(w.rv));
	return rv;
}

static CK_RV
many_children(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_INFO si;
	CK_RV rv = children(c, CHILDREN);

	(void)k;
	return rv != CKR_OK ? rv : c->f->C_GetSessionInfo(c->s, &si);
}

#define ROW(what, state, fn)                                                   \
	{                                                                      \
		"fork/" what, "2.40 5.4 C_Initialize", state, 0, fn, 0, 0,     \
		    NULL, CF_ALLOW(CKR_OK)                                     \
	}

static const struct cf_case table[] = {
    ROW("while-another-signs", CF_KEY, while_signing),
    ROW("while-another-waits", CF_RO, while_waiting),
    ROW("many-children", CF_USER, many_children),
};

CF_GROUP(cf_group_fork_thread, table)
