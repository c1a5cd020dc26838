/* C_WaitForSlotEvent: 2.40 clause 5.5. */
#include "tests/conformance/groups.h"
#include "tests/conformance/wait.h"

#define SECONDS 20

/* a: which pointer is wrong. */
static CK_RV
wait_args(struct cf *c, const struct cf_case *k)
{
	CK_SLOT_ID slot;

	return c->f->C_WaitForSlotEvent(CKF_DONT_BLOCK,
	    k->a == 1 ? NULL : &slot, k->a == 2 ? &slot : NULL);
}

/* Asking for slots and using a token makes no event. */
static CK_RV
wait_after_use(struct cf *c, const struct cf_case *k)
{
	CK_SLOT_ID slot;
	CK_ULONG n = 0;
	CK_RV rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	rv = c->f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL);
	if (rv != CKR_NO_EVENT)
		return rv;
	return c->f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL);
}

/* Outlives the case when the thread does. */
static struct {
	CK_FUNCTION_LIST *f;
	CK_RV rv;
} waiter;

static void
wait_for_event(void *arg)
{
	CK_SLOT_ID slot;

	(void)arg;
	waiter.rv = waiter.f->C_WaitForSlotEvent(0, &slot, NULL);
}

static CK_RV
begin_waiting(struct cf *c, struct cf_thread *t)
{
	waiter.f = c->f;
	waiter.rv = CKR_OK;
	if (!cf_thread_start(t, wait_for_event, NULL))
		return cf_note(c, CF_SETUP, "no thread");
	if (!cf_thread_asleep(t, SECONDS))
		return cf_note(c, CF_SETUP, "the thread does not wait");
	if (t->ended)
		return cf_note(c, waiter.rv, "it did not wait");
	return CKR_OK;
}

/* C_Finalize wakes the thread; its answer is that of the case. */
static CK_RV
end_waiting(struct cf *c, struct cf_thread *t)
{
	CK_RV rv = c->f->C_Finalize(NULL);

	if (rv != CKR_OK)
		return cf_note(c, CF_WRONG, "C_Finalize gave %s",
		    cf_rv_name(rv));
	if (!cf_thread_join(t, SECONDS))
		return cf_note(c, CF_HANG, "the waiting thread does not end");
	return waiter.rv;
}

static CK_RV
wait_and_finalize(struct cf *c, const struct cf_case *k)
{
	static struct cf_thread t;
	CK_RV rv = begin_waiting(c, &t);

	(void)k;
	return rv != CKR_OK ? rv : end_waiting(c, &t);
}

/* While one thread waits, others work. */
static CK_RV
wait_and_work(struct cf *c, const struct cf_case *k)
{
	static struct cf_thread t;
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_BYTE data[32] = {1}, sig[1024];
	CK_ULONG n = sizeof(sig), slots = 0;
	CK_SLOT_INFO info;
	CK_RV rv = begin_waiting(c, &t);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	if ((rv = c->f->C_GetSlotList(CK_TRUE, NULL, &slots)) != CKR_OK ||
	    (rv = c->f->C_GetSlotInfo(c->slot, &info)) != CKR_OK ||
	    (rv = c->f->C_GetTokenInfo(c->slot, &c->token)) != CKR_OK ||
	    (rv = c->f->C_SignInit(c->s, &m, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, data, sizeof(data), sig, &n)) != CKR_OK)
		return cf_note(c, CF_WRONG, "the other thread got %s",
		    cf_rv_name(rv));
	return end_waiting(c, &t);
}

/* After the wake-up everything starts anew. */
static CK_RV
wait_and_restart(struct cf *c, const struct cf_case *k)
{
	static struct cf_thread t;
	CK_ULONG n = 0;
	CK_RV rv, woken = CKR_OK;

	(void)k;
	for (int round = 0; round < 3; round++) {
		if ((rv = begin_waiting(c, &t)) != CKR_OK)
			return rv;
		woken = end_waiting(c, &t);
		if ((rv = cf_init(c)) != CKR_OK ||
		    (rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n)) != CKR_OK)
			return cf_note(c, CF_WRONG, "round %d: %s", round,
			    cf_rv_name(rv));
	}
	return woken;
}

#define ROW(what, state, fn, a, ...)                                           \
	{                                                                      \
		"C_WaitForSlotEvent/" what, "2.40 5.5 C_WaitForSlotEvent",     \
		    state, 0, fn, a, 0, NULL, CF_ALLOW(__VA_ARGS__)            \
	}

static const struct cf_case table[] = {
    ROW("nothing-new", CF_INIT, wait_args, 0, CKR_NO_EVENT),
    ROW("null-slot", CF_INIT, wait_args, 1, CKR_ARGUMENTS_BAD),
    ROW("reserved", CF_INIT, wait_args, 2, CKR_ARGUMENTS_BAD),
    ROW("nothing-new-after-use", CF_RO, wait_after_use, 0, CKR_NO_EVENT),
    ROW("finalize-wakes", CF_INIT, wait_and_finalize, 0,
	CKR_CRYPTOKI_NOT_INITIALIZED),
    ROW("others-work-meanwhile", CF_KEY, wait_and_work, 0,
	CKR_CRYPTOKI_NOT_INITIALIZED),
    ROW("again-and-again", CF_INIT, wait_and_restart, 0,
	CKR_CRYPTOKI_NOT_INITIALIZED),
};

CF_GROUP(cf_group_event, table)
