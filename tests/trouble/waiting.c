/* C_WaitForSlotEvent with cards that come and go. */
#include <pthread.h>
#include <string.h>

#include "tests/trouble/stage.h"

#define MILLISECONDS 10000

struct waiter {
	CK_FUNCTION_LIST *f;
	CK_SLOT_ID slot;
	CK_RV rv;
	pthread_t id;
};

static void *
wait_thread(void *arg)
{
	struct waiter *w = arg;

	w->slot = ~0UL;
	w->rv = w->f->C_WaitForSlotEvent(0, &w->slot, NULL);
	return NULL;
}

static void
start(struct ca_stage *t, struct waiter *w)
{
	w->f = t->f;
	CU_ASSERT_FATAL(pthread_create(&w->id, NULL, wait_thread, w) == 0);
	CU_ASSERT(ca_sim_world_await_waiter(t->w, MILLISECONDS));
}

static CK_RV
poll_event(struct ca_stage *t, CK_SLOT_ID *slot)
{
	return t->f->C_WaitForSlotEvent(CKF_DONT_BLOCK, slot, NULL);
}

static void
card_leaves_and_comes(void)
{
	struct waiter w = {0};
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	start(&t, &w);
	CU_ASSERT(ca_sim_world_remove(t.w, CA_STAGE_READER) == CA_OK);
	pthread_join(w.id, NULL);
	CA_STAGE_IS(w.rv, CKR_OK);
	CU_ASSERT_EQUAL(w.slot, t.slot);
	start(&t, &w);
	CU_ASSERT(ca_sim_world_insert(t.w, CA_STAGE_READER, t.card) == CA_OK);
	pthread_join(w.id, NULL);
	CA_STAGE_IS(w.rv, CKR_OK);
	CU_ASSERT_EQUAL(w.slot, t.slot);
	CA_STAGE_IS(poll_event(&t, &w.slot), CKR_NO_EVENT);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* Without blocking: each event once, and none at the beginning. */
static void
polled(void)
{
	struct ca_stage t;
	CK_SLOT_ID slot = ~0UL;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(poll_event(&t, &slot), CKR_NO_EVENT);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	CA_STAGE_IS(poll_event(&t, &slot), CKR_NO_EVENT);
	CU_ASSERT(ca_sim_world_remove(t.w, CA_STAGE_READER) == CA_OK);
	CA_STAGE_IS(poll_event(&t, &slot), CKR_OK);
	CU_ASSERT_EQUAL(slot, t.slot);
	CA_STAGE_IS(poll_event(&t, &slot), CKR_NO_EVENT);
	CU_ASSERT(ca_sim_world_insert(t.w, CA_STAGE_READER, t.card) == CA_OK);
	CA_STAGE_IS(poll_event(&t, &slot), CKR_OK);
	CA_STAGE_IS(poll_event(&t, &slot), CKR_NO_EVENT);
	ca_stage_works(&t);
	CA_STAGE_IS(poll_event(&t, &slot), CKR_NO_EVENT);
	ca_stage_end(&t);
}

static void
finalize_wakes(void)
{
	for (int i = 0; i < 20; i++) {
		struct waiter w = {0};
		struct ca_stage t;

		ca_stage_begin(&t, NULL);
		start(&t, &w);
		ca_stage_end(&t);
		pthread_join(w.id, NULL);
		CA_STAGE_IS(w.rv, CKR_CRYPTOKI_NOT_INITIALIZED);
	}
}

/* While one thread waits, another does all its work. */
static void
work_meanwhile(void)
{
	struct waiter w = {0};
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	start(&t, &w);
	CA_STAGE_IS(ca_stage_flow(&t), CKR_OK);
	ca_stage_end(&t);
	pthread_join(w.id, NULL);
	CA_STAGE_IS(w.rv, CKR_CRYPTOKI_NOT_INITIALIZED);
}

/* The service ends and comes back while a thread waits. */
static void
service_restarts(void)
{
	struct waiter w = {0};
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	start(&t, &w);
	ca_sim_world_service(t.w, false);
	ca_sim_world_service(t.w, true);
	CA_STAGE_IS(ca_stage_flow(&t), CKR_OK);
	ca_stage_end(&t);
	pthread_join(w.id, NULL);
	CA_STAGE_ONE_OF(w.rv, CKR_CRYPTOKI_NOT_INITIALIZED, CKR_OK);
}

void
ca_trouble_waiting(CU_pSuite suite)
{
	CU_add_test(suite, "card leaves and comes", card_leaves_and_comes);
	CU_add_test(suite, "polled", polled);
	CU_add_test(suite, "finalize wakes", finalize_wakes);
	CU_add_test(suite, "work meanwhile", work_meanwhile);
	CU_add_test(suite, "service restarts", service_restarts);
}
