/*
 * Sixteen threads do all at once what programs do, on one token and on two,
 * while another waits for events: each answer is right. A few rounds; with
 * CA_SOAK_SECONDS in the environment for so long, with figures.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/trouble/mix.h"

#define THREADS 16
#define ROUNDS 24

static void *
hand_thread(void *arg)
{
	struct mix_hand *h = arg;
	size_t at = h->number;

	h->rv = h->f->C_OpenSession(h->t->slot, CKF_SERIAL_SESSION, NULL, NULL,
	    &h->s);
	h->at = "C_OpenSession";
	while (h->rv == CKR_OK &&
	       (h->until != 0 ? time(NULL) < h->until : h->done < ROUNDS)) {
		h->at = mix_work[at % mix_work_n].name;
		h->rv = mix_work[at++ % mix_work_n].run(h);
		h->done++;
	}
	return NULL;
}

/* Logs out and in; then the others may find nobody logged in. */
static void *
door_thread(void *arg)
{
	struct mix_hand *h = arg;

	while (h->rv == CKR_OK &&
	       (h->until != 0 ? time(NULL) < h->until : h->done < ROUNDS)) {
		h->at = "C_Logout";
		h->rv = h->f->C_Logout(h->t->s);
		if (h->rv != CKR_OK)
			break;
		h->at = "C_Login";
		h->rv = mix_login(h->f, h->t);
		h->done++;
	}
	return NULL;
}

static void *
wait_thread(void *arg)
{
	struct mix_hand *h = arg;
	CK_SLOT_ID slot;

	h->rv = h->f->C_WaitForSlotEvent(0, &slot, NULL);
	return NULL;
}

/* An application that does its own locking. */
static atomic_long mutexes, locks;

static CK_RV
mutex_create(void **out)
{
	pthread_mutex_t *m = malloc(sizeof(*m));

	if (m == NULL || pthread_mutex_init(m, NULL) != 0)
		return CKR_HOST_MEMORY;
	mutexes++;
	*out = m;
	return CKR_OK;
}

static CK_RV
mutex_destroy(void *m)
{
	mutexes--;
	pthread_mutex_destroy(m);
	free(m);
	return CKR_OK;
}

static CK_RV
mutex_lock(void *m)
{
	locks++;
	return pthread_mutex_lock(m) == 0 ? CKR_OK : CKR_GENERAL_ERROR;
}

static CK_RV
mutex_unlock(void *m)
{
	locks--;
	return pthread_mutex_unlock(m) == 0 ? CKR_OK : CKR_GENERAL_ERROR;
}

static void
with_own_mutexes(struct ca_stage *t)
{
	CK_C_INITIALIZE_ARGS args = {.CreateMutex = mutex_create,
	    .DestroyMutex = mutex_destroy,
	    .LockMutex = mutex_lock,
	    .UnlockMutex = mutex_unlock};

	CA_STAGE_IS(t->f->C_Finalize(NULL), CKR_OK);
	CA_STAGE_IS(t->f->C_Initialize(&args), CKR_OK);
	CU_ASSERT(mutexes > 0);
}

static void
begin(struct ca_stage *t, struct mix_token *tokens, size_t n, bool own)
{
	CK_SLOT_ID ids[8];
	CK_TOKEN_INFO info;
	CK_ULONG found = 8;

	ca_stage_begin(t, NULL);
	ca_stage_other(t);
	if (n == 2)
		CU_ASSERT_FATAL(ca_sim_world_add(t->w, CA_STAGE_READER2,
				    NULL) == CA_OK &&
				ca_sim_world_insert(t->w, CA_STAGE_READER2,
				    t->other) == CA_OK);
	if (own)
		with_own_mutexes(t);
	CA_STAGE_IS(t->f->C_GetSlotList(CK_FALSE, NULL, &found), CKR_OK);
	found = 8;
	CA_STAGE_IS(t->f->C_GetSlotList(CK_TRUE, ids, &found), CKR_OK);
	CU_ASSERT_FATAL(found == n);
	for (size_t i = 0; i < n; i++) {
		memset(&tokens[i], 0, sizeof(tokens[i]));
		tokens[i].slot = ids[i];
		tokens[i].pin = t->opts.pin;
		CA_STAGE_IS(t->f->C_GetTokenInfo(ids[i], &info), CKR_OK);
		tokens[i].card = memcmp(info.label, "Other token", 11) == 0
				     ? t->other
				     : t->card;
		CA_STAGE_IS(t->f->C_OpenSession(ids[i], CKF_SERIAL_SESSION,
				NULL, NULL, &tokens[i].s),
		    CKR_OK);
		CA_STAGE_IS(mix_login(t->f, &tokens[i]), CKR_OK);
	}
}

static time_t
soak_until(void)
{
	const char *text = getenv("CA_SOAK_SECONDS");

	return text != NULL ? time(NULL) + atoi(text) : 0;
}

static void
mix(const char *what, size_t tokens_n, bool doors, bool own)
{
	/* the last but two: doors; the last: who waits */
	struct mix_hand hands[THREADS + 3];
	pthread_t id[THREADS + 3];
	struct mix_token tokens[2];
	size_t n = THREADS + (doors ? tokens_n : 0), i;
	unsigned long done = 0;
	CK_SLOT_ID slot;
	time_t until;
	struct ca_stage t;

	begin(&t, tokens, tokens_n, own);
	/* That the second token came is no news for who waits. */
	while (t.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
		;
	until = soak_until();
	for (i = 0; i <= n; i++) {
		hands[i] = (struct mix_hand){.f = t.f,
		    .t = &tokens[i % tokens_n],
		    .until = until,
		    .number = (unsigned)(i / tokens_n)};
		atomic_store(&hands[i].t->login_may_move, doors);
	}
	for (i = 0; i <= n; i++)
		CU_ASSERT_FATAL(pthread_create(&id[i], NULL,
				    i == n        ? wait_thread
				    : i < THREADS ? hand_thread
						  : door_thread,
				    &hands[i]) == 0);
	for (i = 0; i < n; i++) {
		pthread_join(id[i], NULL);
		if (hands[i].rv != CKR_OK)
			fprintf(stderr, "%s: thread %zu: %s gave 0x%lx\n", what,
			    i, hands[i].at, hands[i].rv);
		CA_STAGE_IS(hands[i].rv, CKR_OK);
		done += hands[i].done;
	}
	if (until != 0)
		printf("\n    figure: %s, %s: %lu pieces of work\n", what,
		    ca_stage_type_name(), done);
	ca_stage_end(&t); /* C_Finalize */
	pthread_join(id[n], NULL);
	CA_STAGE_IS(hands[n].rv, CKR_CRYPTOKI_NOT_INITIALIZED);
	CU_ASSERT(mutexes == 0 && locks == 0);
}

static void
one_token(void)
{
	mix("one token", 1, false, false);
}

static void
two_tokens(void)
{
	mix("two tokens", 2, false, false);
}

static void
one_token_doors(void)
{
	mix("one token, login moves", 1, true, false);
}

static void
two_tokens_doors(void)
{
	mix("two tokens, login moves", 2, true, false);
}

static void
own_mutexes(void)
{
	mix("two tokens, own mutexes", 2, true, true);
}

void
ca_trouble_mix(CU_pSuite suite)
{
	CU_add_test(suite, "one token", one_token);
	CU_add_test(suite, "two tokens", two_tokens);
	CU_add_test(suite, "one token, login moves", one_token_doors);
	CU_add_test(suite, "two tokens, login moves", two_tokens_doors);
	CU_add_test(suite, "two tokens, own mutexes", own_mutexes);
}
