/* Two readers with two tokens at once, and many threads. */
#include <pthread.h>
#include <string.h>

#include "tests/trouble/stage.h"

#define ROUNDS 5
#define THREADS 8

/* One token of the two, used on its own. */
struct half {
	CK_FUNCTION_LIST *f;
	const struct ca_sim *card;
	const char *pin;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE key;
	CK_RV rv;
};

static void
begin_two(struct ca_stage *t)
{
	ca_stage_begin(t, NULL);
	ca_stage_other(t);
	CU_ASSERT_FATAL(ca_sim_world_add(t->w, CA_STAGE_READER2, NULL) ==
			CA_OK);
	CU_ASSERT_FATAL(ca_sim_world_insert(t->w, CA_STAGE_READER2, t->other) ==
			CA_OK);
}

/* The two slots, told apart by the serial number of the token in them. */
static void
halves(struct ca_stage *t, struct half h[2])
{
	CK_SLOT_ID ids[8];
	CK_TOKEN_INFO info[2];
	CK_ULONG n = 0;

	CA_STAGE_IS(t->f->C_GetSlotList(CK_TRUE, NULL, &n), CKR_OK);
	n = 8;
	CA_STAGE_IS(t->f->C_GetSlotList(CK_TRUE, ids, &n), CKR_OK);
	CU_ASSERT_FATAL(n == 2);
	for (size_t i = 0; i < 2; i++) {
		memset(&h[i], 0, sizeof(h[i]));
		h[i].f = t->f;
		h[i].slot = ids[i];
		h[i].pin = t->opts.pin;
		CA_STAGE_IS(t->f->C_GetTokenInfo(ids[i], &info[i]), CKR_OK);
		h[i].card = memcmp(info[i].label, "Other token", 11) == 0
				? t->other
				: t->card;
	}
	CU_ASSERT(memcmp(info[0].serialNumber, info[1].serialNumber,
		      sizeof(info[0].serialNumber)) != 0);
	CU_ASSERT_FATAL(h[0].card != h[1].card);
}

static CK_RV
half_open(struct half *h)
{
	CK_OBJECT_CLASS cls = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE a = {CKA_CLASS, &cls, sizeof(cls)};
	CK_UTF8CHAR pin[64];
	CK_ULONG n = strlen(h->pin), found = 0;
	CK_RV rv;

	memcpy(pin, h->pin, n);
	if ((rv = h->f->C_OpenSession(h->slot, CKF_SERIAL_SESSION, NULL, NULL,
		 &h->s)) != CKR_OK ||
	    (rv = h->f->C_Login(h->s, CKU_USER, pin, n)) != CKR_OK ||
	    (rv = h->f->C_FindObjectsInit(h->s, &a, 1)) != CKR_OK ||
	    (rv = h->f->C_FindObjects(h->s, &h->key, 1, &found)) != CKR_OK ||
	    (rv = h->f->C_FindObjectsFinal(h->s)) != CKR_OK)
		return rv;
	return found == 1 ? CKR_OK : CA_STAGE_NO_KEY;
}

static CK_RV
half_sign(struct half *h, CK_SESSION_HANDLE s)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	uint8_t data[] = "Giấy mời họp", sig[512];
	CK_ULONG n = sizeof(sig);
	CK_RV rv;

	if ((rv = h->f->C_SignInit(s, &m, h->key)) != CKR_OK ||
	    (rv = h->f->C_Sign(s, data, sizeof(data), sig, &n)) != CKR_OK)
		return rv;
	return ca_stage_verify(h->card, data, sizeof(data), sig, n)
		   ? CKR_OK
		   : CA_STAGE_BAD_SIG;
}

static void *
half_thread(void *arg)
{
	struct half *h = arg;

	h->rv = half_open(h);
	for (int i = 0; i < ROUNDS && h->rv == CKR_OK; i++)
		h->rv = half_sign(h, h->s);
	return NULL;
}

/* Each token in a thread of its own, at the same time. */
static void
two_at_once(void)
{
	struct ca_stage t;
	struct half h[2];
	pthread_t id[2];

	begin_two(&t);
	halves(&t, h);
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_FATAL(pthread_create(&id[i], NULL, half_thread,
				    &h[i]) == 0);
	for (size_t i = 0; i < 2; i++) {
		pthread_join(id[i], NULL);
		CA_STAGE_IS(h[i].rv, CKR_OK);
	}
	ca_stage_end(&t);
}

/* Login, logout and removal of one leave the other as it was. */
static void
one_leaves_the_other(void)
{
	CK_SESSION_INFO info;
	struct ca_stage t;
	struct half h[2];
	size_t a;

	begin_two(&t);
	halves(&t, h);
	CA_STAGE_IS(half_open(&h[0]), CKR_OK);
	CA_STAGE_IS(half_open(&h[1]), CKR_OK);
	CA_STAGE_IS(t.f->C_Logout(h[0].s), CKR_OK);
	CA_STAGE_IS(half_sign(&h[1], h[1].s), CKR_OK);
	CA_STAGE_IS(t.f->C_CloseAllSessions(h[0].slot), CKR_OK);
	CA_STAGE_IS(half_sign(&h[1], h[1].s), CKR_OK);
	CA_STAGE_IS(half_open(&h[0]), CKR_OK);
	/* the card in the first reader leaves */
	a = h[0].card == t.card ? 0 : 1;
	CU_ASSERT(ca_sim_world_remove(t.w, CA_STAGE_READER) == CA_OK);
	CA_STAGE_ONE_OF(half_sign(&h[a], h[a].s), CKR_DEVICE_REMOVED,
	    CKR_SESSION_HANDLE_INVALID);
	CA_STAGE_IS(half_sign(&h[1 - a], h[1 - a].s), CKR_OK);
	CA_STAGE_IS(t.f->C_GetSessionInfo(h[1 - a].s, &info), CKR_OK);
	CU_ASSERT_EQUAL(info.state, CKS_RO_USER_FUNCTIONS);
	ca_stage_end(&t);
}

/* A wrong PIN at one token costs the other nothing. */
static void
wrong_pin_at_one(void)
{
	CK_UTF8CHAR wrong[] = "99999999";
	struct ca_stage t;
	struct half h[2];

	begin_two(&t);
	halves(&t, h);
	CA_STAGE_IS(t.f->C_OpenSession(h[0].slot, CKF_SERIAL_SESSION, NULL,
			NULL, &h[0].s),
	    CKR_OK);
	CA_STAGE_IS(t.f->C_Login(h[0].s, CKU_USER, wrong, 8),
	    CKR_PIN_INCORRECT);
	CU_ASSERT_EQUAL(ca_sim_tries(h[0].card, t.opts.pin_ref), 2);
	CU_ASSERT_EQUAL(ca_sim_tries(h[1].card, t.opts.pin_ref), 3);
	CA_STAGE_IS(half_open(&h[1]), CKR_OK);
	CA_STAGE_IS(half_sign(&h[1], h[1].s), CKR_OK);
	ca_stage_end(&t);
}

/* The two cards change places: nobody signs with the wrong one. */
static void
cards_change_places(void)
{
	struct ca_stage t;
	struct half h[2];

	begin_two(&t);
	halves(&t, h);
	CA_STAGE_IS(half_open(&h[0]), CKR_OK);
	CA_STAGE_IS(half_open(&h[1]), CKR_OK);
	CU_ASSERT(ca_sim_world_remove(t.w, CA_STAGE_READER) == CA_OK);
	CU_ASSERT(ca_sim_world_remove(t.w, CA_STAGE_READER2) == CA_OK);
	CU_ASSERT(ca_sim_world_insert(t.w, CA_STAGE_READER, t.other) == CA_OK);
	CU_ASSERT(ca_sim_world_insert(t.w, CA_STAGE_READER2, t.card) == CA_OK);
	for (size_t i = 0; i < 2; i++)
		CA_STAGE_ONE_OF(half_sign(&h[i], h[i].s), CKR_DEVICE_REMOVED,
		    CKR_SESSION_HANDLE_INVALID);
	halves(&t, h);
	for (size_t i = 0; i < 2; i++) {
		CA_STAGE_IS(half_open(&h[i]), CKR_OK);
		CA_STAGE_IS(half_sign(&h[i], h[i].s), CKR_OK);
	}
	ca_stage_end(&t);
}

static void *
session_thread(void *arg)
{
	struct half *h = arg;
	CK_SESSION_HANDLE s;

	for (int i = 0; i < ROUNDS && h->rv == CKR_OK; i++) {
		h->rv = h->f->C_OpenSession(h->slot, CKF_SERIAL_SESSION, NULL,
		    NULL, &s);
		if (h->rv == CKR_OK)
			h->rv = half_sign(h, s);
		if (h->rv == CKR_OK)
			h->rv = h->f->C_CloseSession(s);
	}
	return NULL;
}

static void
many_threads(void)
{
	struct half h[2], mine[THREADS];
	pthread_t id[THREADS];
	struct ca_stage t;

	begin_two(&t);
	halves(&t, h);
	CA_STAGE_IS(half_open(&h[0]), CKR_OK);
	CA_STAGE_IS(half_open(&h[1]), CKR_OK);
	for (size_t i = 0; i < THREADS; i++) {
		mine[i] = h[i % 2];
		CU_ASSERT_FATAL(pthread_create(&id[i], NULL, session_thread,
				    &mine[i]) == 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(id[i], NULL);
		CA_STAGE_IS(mine[i].rv, CKR_OK);
	}
	ca_stage_end(&t);
}

/* Threads sign while the card is pulled: each is told, none crashes. */
static void
pulled_under_threads(void)
{
	struct half h[2], mine[THREADS];
	pthread_t id[THREADS];
	struct ca_stage t;

	begin_two(&t);
	halves(&t, h);
	CA_STAGE_IS(half_open(&h[0]), CKR_OK);
	CA_STAGE_IS(half_open(&h[1]), CKR_OK);
	ca_stage_plan(&t, CA_SIM_T_REMOVE, 0, 9, 1);
	for (size_t i = 0; i < THREADS; i++) {
		mine[i] = h[i % 2];
		CU_ASSERT_FATAL(pthread_create(&id[i], NULL, session_thread,
				    &mine[i]) == 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(id[i], NULL);
		if (mine[i].card == t.other)
			CA_STAGE_IS(mine[i].rv, CKR_OK);
		else
			CA_STAGE_ONE_OF(mine[i].rv, CKR_DEVICE_REMOVED,
			    CKR_SESSION_HANDLE_INVALID, CKR_TOKEN_NOT_PRESENT,
			    CKR_KEY_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN);
	}
	CU_ASSERT(!ca_sim_trouble_pending(t.card));
	ca_stage_end(&t);
}

void
ca_trouble_many(CU_pSuite suite)
{
	CU_add_test(suite, "two at once", two_at_once);
	CU_add_test(suite, "one leaves the other", one_leaves_the_other);
	CU_add_test(suite, "wrong PIN at one", wrong_pin_at_one);
	CU_add_test(suite, "cards change places", cards_change_places);
	CU_add_test(suite, "many threads", many_threads);
	CU_add_test(suite, "pulled under threads", pulled_under_threads);
}
