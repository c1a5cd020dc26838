/* Children of a process whose other threads are inside the module: 2.40 clause
 * 5.4. The child never asks for the card, so that the card has no say in it. */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* The status of a child: the step that failed, or 0. */
static int
child(struct cf *c)
{
	CK_SESSION_INFO si;
	CK_ULONG n = 0;

	if (c->f->C_GetSessionInfo(c->s, &si) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 1;
	if (cf_init(c) != CKR_OK)
		return 2;
	if (c->f->C_GetSessionInfo(c->s, &si) != CKR_SESSION_HANDLE_INVALID)
		return 3;
	if (c->f->C_GetSlotList(CK_FALSE, NULL, &n) != CKR_OK || n == 0)
		return 4;
	return c->f->C_Finalize(NULL) == CKR_OK ? 0 : 5;
}

/* So many children at once. CF_WRONG: one of them did not end well. */
static CK_RV
children(struct cf *c, unsigned n)
{
	pid_t pid[CHILDREN];
	CK_RV rv = CKR_OK;
	int status;

	fflush(stdout);
	for (unsigned i = 0; i < n; i++)
		if ((pid[i] = fork()) == 0) {
			alarm(SECONDS);
			_exit(child(c));
		}
	for (unsigned i = 0; i < n; i++) {
		if (pid[i] < 0)
			return cf_note(c, CF_SETUP, "fork");
		while (waitpid(pid[i], &status, 0) < 0 && errno == EINTR)
			;
		if (status != 0)
			rv = cf_note(c, CF_WRONG, "a child ended with %#x",
			    (unsigned)status);
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
