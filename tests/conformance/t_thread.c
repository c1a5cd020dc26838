/* Several threads at once: 2.40 clause 5.4, C_Initialize. */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/wait.h"

#define THREADS 16
#define ROUNDS 4
#define SECONDS 100

/* One thread of a case, and what it found. */
struct hand {
	struct cf_thread t;
	struct cf *c;
	unsigned number;
	CK_RV rv;
	const char *where;
	pthread_barrier_t *start;
};

static struct hand hands[THREADS];
static pthread_barrier_t start_line;

/* Runs one function in all threads; the first failure is the answer. */
static CK_RV
run_all(struct cf *c, void (*run)(void *))
{
	CK_RV rv = CKR_OK;

	pthread_barrier_init(&start_line, NULL, THREADS);
	for (unsigned i = 0; i < THREADS; i++) {
		hands[i] = (struct hand){
		    .c = c, .number = i, .where = "", .start = &start_line};
		if (!cf_thread_start(&hands[i].t, run, &hands[i]))
			abort(); /* the barrier would never open */
	}
	for (unsigned i = 0; i < THREADS; i++) {
		if (!cf_thread_join(&hands[i].t, SECONDS))
			return cf_note(c, CF_HANG, "thread %u hangs", i);
		if (rv == CKR_OK && hands[i].rv != CKR_OK)
			rv = cf_note(c, hands[i].rv, "thread %u, %s", i,
			    hands[i].where);
	}
	pthread_barrier_destroy(&start_line);
	return rv;
}

/* Notes the place of a failure and says whether there was one. */
static bool
failed(struct hand *h, CK_RV rv, const char *where)
{
	h->rv = rv;
	if (rv != CKR_OK)
		h->where = where;
	return rv != CKR_OK;
}

static void
sign_round(struct hand *h, CK_SESSION_HANDLE s, unsigned round)
{
	CK_BYTE data[32] = {(CK_BYTE)h->number, (CK_BYTE)round};
	const char *where;
	CK_RV rv = cf_mech_sign_once(h->c, s, data, &where);

	failed(h, rv, where);
}

/* Each thread: its own session, several signatures, each checked. */
static void
sign_thread(void *arg)
{
	struct hand *h = arg;
	struct cf *c = h->c;
	CK_SESSION_HANDLE s;

	pthread_barrier_wait(h->start);
	if (failed(h, cf_open(c, 0, &s), "C_OpenSession"))
		return;
	for (unsigned i = 0; i < ROUNDS && h->rv == CKR_OK; i++)
		sign_round(h, s, i);
	if (h->rv == CKR_OK)
		failed(h, c->f->C_CloseSession(s), "C_CloseSession");
}

static CK_RV
sign(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = cf_consent_skip(c);

	(void)k;
	return rv != CKR_OK ? rv : run_all(c, sign_thread);
}

/* Half of the threads sign, the others search, digest and ask. */
static void
other_work(struct hand *h, CK_SESSION_HANDLE s)
{
	struct cf *c = h->c;
	CK_OBJECT_HANDLE o[16];
	CK_SESSION_INFO si;
	CK_TOKEN_INFO ti;
	CK_ULONG n = 0;

	if (failed(h, cf_find(c, s, NULL, 0, o, 16, &n), "search") ||
	    failed(h, c->f->C_GetTokenInfo(c->slot, &ti), "C_GetTokenInfo") ||
	    failed(h, c->f->C_GetSessionInfo(s, &si), "C_GetSessionInfo"))
		return;
	if (si.state != CKS_RO_USER_FUNCTIONS || n == 0)
		failed(h, CF_WRONG, "login or objects lost");
}

static void
mixed_thread(void *arg)
{
	struct hand *h = arg;
	CK_SESSION_HANDLE s;

	pthread_barrier_wait(h->start);
	for (unsigned i = 0; i < ROUNDS && h->rv == CKR_OK; i++) {
		if (failed(h, cf_open(h->c, 0, &s), "C_OpenSession"))
			return;
		if (h->number % 2 == 0)
			sign_round(h, s, i);
		else
			other_work(h, s);
		if (h->rv == CKR_OK)
			failed(h, h->c->f->C_CloseSession(s), "C_CloseSession");
	}
}

static CK_RV
mixed(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = cf_consent_skip(c);

	(void)k;
	return rv != CKR_OK ? rv : run_all(c, mixed_thread);
}

/* Many C_Initialize at once: exactly one is the first. */
static atomic_int firsts;

static void
initialize_thread(void *arg)
{
	struct hand *h = arg;
	CK_RV rv;

	pthread_barrier_wait(h->start);
	rv = cf_init(h->c);
	if (rv == CKR_OK)
		firsts++;
	else if (rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
		failed(h, rv, "C_Initialize");
}

static CK_RV
initialize(struct cf *c, const struct cf_case *k)
{
	CK_RV rv;

	(void)k;
	firsts = 0;
	rv = run_all(c, initialize_thread);
	if (rv == CKR_OK && firsts != 1)
		return cf_note(c, CF_WRONG, "%d threads got CKR_OK", firsts);
	return rv;
}

/* One session shared by all threads: errors are allowed, a crash or a wrong
 * signature under CKR_OK is not. */
static void
shared_thread(void *arg)
{
	struct hand *h = arg;
	struct cf *c = h->c;
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_BYTE data[32] = {7}, sig[1024];
	struct cf_sig how;
	CK_ULONG n;

	pthread_barrier_wait(h->start);
	cf_mech_sign_how(m.mechanism, &how);
	for (unsigned i = 0; i < ROUNDS && h->rv == CKR_OK; i++) {
		n = sizeof(sig);
		(void)c->f->C_SignInit(c->s, &m, c->key.priv);
		if (c->f->C_Sign(c->s, data, sizeof(data), sig, &n) == CKR_OK &&
		    !cf_ossl_verify(c->key.pkey, &how, data, sizeof(data), sig,
			n))
			failed(h, CF_WRONG, "a wrong signature");
	}
}

static CK_RV
shared(struct cf *c, const struct cf_case *k)
{
	CK_BYTE sig[1024];
	CK_ULONG n = sizeof(sig);
	CK_RV rv;

	(void)k;
	rv = run_all(c, shared_thread);
	/* whatever is left of the session's operation ends here */
	(void)c->f->C_Sign(c->s, sig, 32, sig, &n);
	return rv;
}

#define ROW(what, state, fn, ...)                                              \
	{                                                                      \
		"threads/" what, "2.40 5.4 C_Initialize", state, 0, fn, 0, 0,  \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}

static const struct cf_case table[] = {
    ROW("sixteen-sign", CF_KEY, sign, CKR_OK),
    ROW("sixteen-mixed", CF_KEY, mixed, CKR_OK),
    ROW("sixteen-share-a-session", CF_KEY, shared, CKR_OK),
    ROW("sixteen-initialize", CF_RAW, initialize, CKR_OK),
};

CF_GROUP(cf_group_thread, table)
