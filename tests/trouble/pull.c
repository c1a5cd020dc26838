/* Cards pulled, swapped and put back; readers gone and back. */
#include <string.h>
#include <time.h>

#include "tests/trouble/stage.h"

#define INS_VERIFY 0x20

static const enum ca_sim_what pulls[] = {
    CA_SIM_T_REMOVE, CA_SIM_T_REMOVE_AFTER};
static const uint32_t moments[] = {
    CA_STAGE_FIRST_OF_SIGN, CA_STAGE_SECOND_OF_SIGN};

/* No session of the old card lives, whatever lies in the reader now. */
static void
sessions_are_dead(struct ca_stage *t)
{
	CK_SESSION_INFO info;

	CA_STAGE_IS(t->f->C_GetSessionInfo(t->s, &info),
	    CKR_SESSION_HANDLE_INVALID);
	CA_STAGE_IS(ca_stage_sign(t), CKR_SESSION_HANDLE_INVALID);
}

static void
insert(struct ca_stage *t, struct ca_sim *card)
{
	CU_ASSERT(ca_sim_world_insert(t->w, CA_STAGE_READER, card) == CA_OK);
}

static void
pull(struct ca_stage *t)
{
	CU_ASSERT(ca_sim_world_remove(t->w, CA_STAGE_READER) == CA_OK);
}

static void
during_signature(void)
{
	for (size_t i = 0; i < CA_COUNT(pulls); i++)
		for (size_t j = 0; j < CA_COUNT(moments); j++) {
			struct ca_stage t;

			ca_stage_begin_user(&t, NULL);
			ca_stage_plan(&t, pulls[i], 0, moments[j], 1);
			CA_STAGE_IS(ca_stage_sign(&t), CKR_DEVICE_REMOVED);
			CU_ASSERT(!ca_sim_trouble_pending(t.card));
			sessions_are_dead(&t);
			insert(&t, t.card);
			sessions_are_dead(&t);
			ca_stage_works(&t);
			CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
			ca_stage_end(&t);
		}
}

static void
during_login(void)
{
	for (size_t i = 0; i < CA_COUNT(pulls); i++) {
		struct ca_stage t;

		ca_stage_begin(&t, NULL);
		CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
		ca_stage_plan(&t, pulls[i], INS_VERIFY, 1, 1);
		CA_STAGE_IS(ca_stage_login(&t), CKR_DEVICE_REMOVED);
		insert(&t, t.card);
		ca_stage_works(&t);
		CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
		ca_stage_end(&t);
	}
}

/* Pulled while nothing happens; noticed by the next call of any kind. */
static void
between_calls(void)
{
	CK_TOKEN_INFO ti;
	CK_SLOT_INFO si;
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	pull(&t);
	CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_DEVICE_REMOVED,
	    CKR_SESSION_HANDLE_INVALID);
	sessions_are_dead(&t);
	CA_STAGE_IS(t.f->C_GetSlotInfo(t.slot, &si), CKR_OK);
	CU_ASSERT((si.flags & CKF_TOKEN_PRESENT) == 0);
	CA_STAGE_IS(t.f->C_GetTokenInfo(t.slot, &ti), CKR_TOKEN_NOT_PRESENT);
	CA_STAGE_IS(ca_stage_open(&t), CA_STAGE_NO_TOKEN);
	insert(&t, t.card);
	CA_STAGE_IS(t.f->C_GetSlotInfo(t.slot, &si), CKR_OK);
	CU_ASSERT((si.flags & CKF_TOKEN_PRESENT) != 0);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* Out and in again before anybody asked: the sessions are dead all the same,
 * and the card is not logged in any more. */
static void
out_and_in(void)
{
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	pull(&t);
	insert(&t, t.card);
	CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_DEVICE_REMOVED,
	    CKR_SESSION_HANDLE_INVALID);
	sessions_are_dead(&t);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

static CK_BBOOL yes = CK_TRUE;
static CK_BYTE key_value[16], key_out[32];

static CK_RV
make_key(struct ca_stage *t, CK_OBJECT_HANDLE *h)
{
	static CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	static CK_KEY_TYPE type = CKK_AES;
	CK_ATTRIBUTE a[] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_ENCRYPT, &yes, 1},
	    {CKA_VALUE, key_value, sizeof(key_value)}};

	return t->f->C_CreateObject(t->s, a, CA_COUNT(a), h);
}

static CK_RV
generate_key(struct ca_stage *t)
{
	CK_MECHANISM m = {CKM_AES_KEY_GEN, NULL, 0};
	CK_ULONG n = 16;
	CK_ATTRIBUTE a = {CKA_VALUE_LEN, &n, sizeof(n)};
	CK_OBJECT_HANDLE h;

	return t->f->C_GenerateKey(t->s, &m, &a, 1, &h);
}

/* A call that needs no card, with a key or (BEGUN) what was begun with it. The
 * first two are done so often that not each of them asks for the card. */
enum { BEGIN, BEGUN, READ, SIZE, CREATE, COPY, DESTROY, GENERATE, USES };

static CK_RV
use_key(struct ca_stage *t, int use, CK_OBJECT_HANDLE h)
{
	CK_MECHANISM m = {CKM_AES_ECB, NULL, 0};
	CK_ATTRIBUTE a = {CKA_VALUE, key_out, sizeof(key_out)};
	CK_ULONG n = sizeof(key_out);
	CK_OBJECT_HANDLE made;
	CK_RV rv;

	switch (use) {
	case BEGIN:
		rv = t->f->C_EncryptInit(t->s, &m, h);
		return rv != CKR_OK
			   ? rv
			   : t->f->C_Encrypt(t->s, key_value, 16, key_out, &n);
	case BEGUN:
		return t->f->C_EncryptUpdate(t->s, key_value, 16, key_out, &n);
	case READ:
		return t->f->C_GetAttributeValue(t->s, h, &a, 1);
	case SIZE:
		return t->f->C_GetObjectSize(t->s, h, &n);
	case CREATE:
		return make_key(t, &made);
	case COPY:
		return t->f->C_CopyObject(t->s, h, NULL, 0, &made);
	case DESTROY:
		return t->f->C_DestroyObject(t->s, h);
	default:
		return generate_key(t);
	}
}

/* Uses it until something else is said, for ten seconds at most. */
static CK_RV
use_key_on(struct ca_stage *t, int use, CK_OBJECT_HANDLE h)
{
	time_t until = time(NULL) + 10;
	CK_RV rv;

	do
		rv = use_key(t, use, h);
	while (rv == CKR_OK && use <= BEGUN && time(NULL) < until);
	return rv;
}

/* Keys of the session go with the card, also when it comes back at once
 * (PKCS#11 5.1.2). */
static void
session_keys(void)
{
	for (int use = 0; use < USES; use++)
		for (int back = 0; back < 2; back++) {
			struct ca_stage t;
			CK_MECHANISM m = {CKM_AES_ECB, NULL, 0};
			CK_OBJECT_HANDLE h = 0;

			ca_stage_begin(&t, NULL);
			CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
			CA_STAGE_IS(make_key(&t, &h), CKR_OK);
			if (use == BEGUN)
				CA_STAGE_IS(t.f->C_EncryptInit(t.s, &m, h),
				    CKR_OK);
			pull(&t);
			if (back == 1)
				insert(&t, t.card);
			CA_STAGE_IS(use_key_on(&t, use, h), CKR_DEVICE_REMOVED);
			if (back == 0)
				insert(&t, t.card);
			CA_STAGE_IS(use_key(&t, use, h),
			    CKR_SESSION_HANDLE_INVALID);
			ca_stage_works(&t);
			ca_stage_end(&t);
		}
}

/* Small operations with them do not ask pcscd each time, and yet are told at
 * once what any other call has heard. */
static void
session_keys_cheap(void)
{
	CK_OBJECT_HANDLE h = 0;
	struct ca_stage t;
	CK_SLOT_ID slot;
	uint64_t asked;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	CA_STAGE_IS(make_key(&t, &h), CKR_OK);
	asked = ca_sim_world_calls(t.w, CA_SIM_CALL_QUERY);
	for (int i = 0; i < 200; i++)
		CA_STAGE_IS(use_key(&t, BEGIN, h), CKR_OK);
	asked = ca_sim_world_calls(t.w, CA_SIM_CALL_QUERY) - asked;
	CU_ASSERT(asked < 100);
	pull(&t);
	CA_STAGE_IS(t.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL),
	    CKR_OK);
	CA_STAGE_IS(use_key(&t, BEGIN, h), CKR_DEVICE_REMOVED);
	insert(&t, t.card);
	ca_stage_end(&t);
}

/* A card put in later belongs to nobody's login; it never signs for us. */
static void
another_card(void)
{
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	ca_stage_other(&t);
	pull(&t);
	insert(&t, t.other);
	CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_DEVICE_REMOVED,
	    CKR_SESSION_HANDLE_INVALID);
	CU_ASSERT_EQUAL(ca_sim_count(t.other, CA_SIM_SIGNATURES), 0);
	CU_ASSERT_EQUAL(ca_sim_count(t.other, CA_SIM_VERIFIES), 0);
	sessions_are_dead(&t);
	ca_stage_works(&t);
	CU_ASSERT(ca_sim_count(t.other, CA_SIM_SIGNATURES) > 0);
	ca_stage_end(&t);
}

/* The same in the middle of the signature. */
static void
swapped_during_signature(void)
{
	for (size_t j = 0; j < CA_COUNT(moments); j++) {
		struct ca_stage t;

		ca_stage_begin_user(&t, NULL);
		ca_stage_other(&t);
		CU_ASSERT(ca_sim_world_spare(t.w, CA_STAGE_READER, t.other) ==
			  CA_OK);
		ca_stage_plan(&t, CA_SIM_T_SWAP, 0, moments[j], 1);
		CA_STAGE_IS(ca_stage_sign(&t), CKR_DEVICE_REMOVED);
		CU_ASSERT_EQUAL(ca_sim_count(t.other, CA_SIM_SIGNATURES), 0);
		CU_ASSERT_EQUAL(ca_sim_count(t.other, CA_SIM_VERIFIES), 0);
		sessions_are_dead(&t);
		ca_stage_works(&t);
		ca_stage_end(&t);
	}
}

/* Swapped while the PIN is on its way: it must not go to the other card. */
static void
swapped_before_login(void)
{
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	ca_stage_other(&t);
	pull(&t);
	insert(&t, t.other);
	CA_STAGE_ONE_OF(ca_stage_login(&t), CKR_DEVICE_REMOVED,
	    CKR_SESSION_HANDLE_INVALID);
	CU_ASSERT_EQUAL(ca_sim_count(t.other, CA_SIM_VERIFIES), 0);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

static void
reader_gone(void)
{
	CK_TOKEN_INFO ti;
	CK_SLOT_INFO si;
	CK_SLOT_ID before;
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	before = t.slot;
	CU_ASSERT(ca_sim_world_unplug(t.w, CA_STAGE_READER) == CA_OK);
	CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_DEVICE_REMOVED,
	    CKR_SESSION_HANDLE_INVALID);
	sessions_are_dead(&t);
	CA_STAGE_IS(t.f->C_GetSlotInfo(t.slot, &si), CKR_OK);
	CU_ASSERT((si.flags & CKF_TOKEN_PRESENT) == 0);
	CA_STAGE_IS(t.f->C_GetTokenInfo(t.slot, &ti), CKR_TOKEN_NOT_PRESENT);
	CU_ASSERT(ca_sim_world_add(t.w, CA_STAGE_READER, NULL) == CA_OK);
	insert(&t, t.card);
	ca_stage_works(&t);
	CU_ASSERT_EQUAL(t.slot, before);
	ca_stage_end(&t);
}

/* A reader that comes later appears when the list is asked for anew. */
static void
reader_later(void)
{
	CK_SLOT_ID ids[8];
	CK_ULONG n = 0;
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	ca_stage_other(&t);
	CU_ASSERT(ca_sim_world_add(t.w, CA_STAGE_READER2, NULL) == CA_OK);
	CU_ASSERT(ca_sim_world_insert(t.w, CA_STAGE_READER2, t.other) == CA_OK);
	CA_STAGE_IS(t.f->C_GetSlotList(CK_TRUE, NULL, &n), CKR_OK);
	CU_ASSERT_EQUAL(n, 2);
	n = 8;
	CA_STAGE_IS(t.f->C_GetSlotList(CK_TRUE, ids, &n), CKR_OK);
	CU_ASSERT_EQUAL(n, 2);
	CU_ASSERT(n == 2 && ids[0] != ids[1]);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* Finalised with the card gone: nothing to say to it, nothing leaks. */
static void
finalize_without_card(void)
{
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	pull(&t);
	ca_stage_end(&t);
	ca_stage_begin_user(&t, NULL);
	ca_sim_world_service(t.w, false);
	ca_stage_end(&t);
}

void
ca_trouble_pull(CU_pSuite suite)
{
	CU_add_test(suite, "during a signature", during_signature);
	CU_add_test(suite, "during login", during_login);
	CU_add_test(suite, "between calls", between_calls);
	CU_add_test(suite, "out and in", out_and_in);
	CU_add_test(suite, "session keys", session_keys);
	CU_add_test(suite, "session keys cheap", session_keys_cheap);
	CU_add_test(suite, "another card", another_card);
	CU_add_test(suite, "swapped during a signature",
	    swapped_during_signature);
	CU_add_test(suite, "swapped before login", swapped_before_login);
	CU_add_test(suite, "reader gone", reader_gone);
	CU_add_test(suite, "reader later", reader_later);
	CU_add_test(suite, "finalize without card", finalize_without_card);
}
