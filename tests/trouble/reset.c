/* Other programs on the same card: resets, transactions, their logouts. */
#include <pthread.h>
#include <string.h>

#include "tests/trouble/stage.h"

#define MILLISECONDS 10000

static CK_STATE
state_of(struct ca_stage *t)
{
	CK_SESSION_INFO info = {0};

	CA_STAGE_IS(t->f->C_GetSessionInfo(t->s, &info), CKR_OK);
	return info.state;
}

/* The login went with the reset: the application is told, the session lives,
 * and a new login is all it takes. */
static void
login_again(struct ca_stage *t)
{
	CU_ASSERT_EQUAL(state_of(t), CKS_RO_PUBLIC_SESSION);
	CA_STAGE_IS(ca_stage_login(t), CKR_OK);
	CA_STAGE_IS(ca_stage_find_key(t), CKR_OK);
	CA_STAGE_IS(ca_stage_sign(t), CKR_OK);
	CU_ASSERT_EQUAL(ca_stage_tries(t), 3);
	ca_stage_end(t);
}

static void
between_signatures(void)
{
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	CA_STAGE_IS(ca_stage_sign(&t), CKR_OK);
	CU_ASSERT(ca_sim_world_reset(t.w, CA_STAGE_READER) == CA_OK);
	CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_USER_NOT_LOGGED_IN);
	login_again(&t);
}

/* Between C_SignInit and C_Sign. */
static void
inside_an_operation(void)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE data[8] = {1}, sig[512];
	CK_ULONG n = sizeof(sig);
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	CA_STAGE_IS(t.f->C_SignInit(t.s, &m, t.key), CKR_OK);
	CU_ASSERT(ca_sim_world_reset(t.w, CA_STAGE_READER) == CA_OK);
	CA_STAGE_IS(t.f->C_Sign(t.s, data, sizeof(data), sig, &n),
	    CKR_USER_NOT_LOGGED_IN);
	login_again(&t);
}

/* In the middle of the commands of one signature. */
static void
during_signature(void)
{
	static const enum ca_sim_what resets[] = {
	    CA_SIM_T_RESET, CA_SIM_T_RESET_AFTER, CA_SIM_T_FORGET};
	static const uint32_t moments[] = {
	    CA_STAGE_FIRST_OF_SIGN, CA_STAGE_SECOND_OF_SIGN};

	for (size_t i = 0; i < CA_COUNT(resets); i++)
		for (size_t j = 0; j < CA_COUNT(moments); j++) {
			struct ca_stage t;
			CK_RV rv;

			ca_stage_begin_user(&t, NULL);
			ca_stage_plan(&t, resets[i], 0, moments[j], 1);
			rv = ca_stage_sign(&t);
			/* after the last answer the signature is complete */
			CA_STAGE_ONE_OF(rv, CKR_USER_NOT_LOGGED_IN, CKR_OK);
			CU_ASSERT(rv != CKR_OK ||
				  (resets[i] == CA_SIM_T_RESET_AFTER &&
				      moments[j] == CA_STAGE_SECOND_OF_SIGN));
			CU_ASSERT_EQUAL(ca_sim_count(t.card,
					    CA_SIM_WRONG_TRIES),
			    0);
			ca_stage_works(&t);
			ca_stage_end(&t);
		}
}

/* Before anybody logged in nothing is lost, and nobody is told. */
static void
before_login(void)
{
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	CU_ASSERT(ca_sim_world_reset(t.w, CA_STAGE_READER) == CA_OK);
	CA_STAGE_IS(ca_stage_read_cert(&t), CKR_OK);
	CU_ASSERT(ca_sim_world_reset(t.w, CA_STAGE_READER) == CA_OK);
	CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
	CA_STAGE_IS(ca_stage_find_key(&t), CKR_OK);
	CA_STAGE_IS(ca_stage_sign(&t), CKR_OK);
	ca_stage_end(&t);
}

/* Reset again and again; each time a login suffices. */
static void
many_resets(void)
{
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	for (int i = 0; i < 10; i++) {
		CA_STAGE_IS(ca_stage_login(&t), CKR_OK);
		CA_STAGE_IS(ca_stage_find_key(&t), CKR_OK);
		CA_STAGE_IS(ca_stage_sign(&t), CKR_OK);
		CU_ASSERT(ca_sim_world_reset(t.w, CA_STAGE_READER) == CA_OK);
		CA_STAGE_IS(ca_stage_sign(&t), CKR_USER_NOT_LOGGED_IN);
	}
	ca_stage_end(&t);
}

/* Another program is logged in on the card; that is no login of ours. VERIFY
 * with the PIN as both types of card take it. */
static void
others_login(void)
{
	static const uint8_t chipdoc[] = {0x00, 0x20, 0x00, 0x01, 0x08, '1',
	    '2', '3', '4', '5', '6', '7', '8'};
	static const uint8_t iso[] = {0x00, 0x20, 0x00, 0x01, 0x10, '1', '2',
	    '3', '4', '5', '6', '7', '8', 0, 0, 0, 0, 0, 0, 0, 0};
	bool is_iso = strcmp(ca_stage_type_name(), "iso7816-15") == 0;
	uint8_t answer[CA_SIM_ANSWER];
	struct ca_wr w = ca_wr_of(answer, sizeof(answer));
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	CU_ASSERT(ca_sim_world_other(t.w, CA_STAGE_READER,
		      is_iso ? ca_rd_of(iso, sizeof(iso))
			     : ca_rd_of(chipdoc, sizeof(chipdoc)),
		      &w) == CA_OK);
	CU_ASSERT_FATAL(ca_sim_verified(t.card, t.opts.pin_ref));
	CU_ASSERT_EQUAL(state_of(&t), CKS_RO_PUBLIC_SESSION);
	CA_STAGE_IS(ca_stage_find_key(&t), CA_STAGE_NO_KEY);
	CA_STAGE_IS(t.f->C_Logout(t.s), CKR_USER_NOT_LOGGED_IN);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* Another program holds the card exclusively for a while. */
static void
exclusive(void)
{
	CK_SLOT_INFO si;
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CU_ASSERT(ca_sim_world_exclusive(t.w, CA_STAGE_READER, true) == CA_OK);
	CA_STAGE_ONE_OF(ca_stage_flow(&t), CA_STAGE_NO_TOKEN,
	    CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_ERROR,
	    CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR);
	CA_STAGE_IS(t.f->C_GetSlotInfo(t.slot, &si), CKR_OK);
	CU_ASSERT(ca_sim_world_exclusive(t.w, CA_STAGE_READER, false) == CA_OK);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

struct signer {
	struct ca_stage *t;
	CK_RV rv;
};

static void *
sign_thread(void *arg)
{
	struct signer *s = arg;

	s->rv = ca_stage_sign(s->t);
	return NULL;
}

/* While one thread waits for another program's transaction to end, asking for
 * slots does not wait with it. */
static void
held(void)
{
	struct signer s = {0};
	struct ca_stage t;
	CK_SLOT_INFO si;
	CK_ULONG n = 0;
	pthread_t id;

	ca_stage_begin_user(&t, NULL);
	s.t = &t;
	CU_ASSERT(ca_sim_world_hold(t.w, CA_STAGE_READER, true) == CA_OK);
	CU_ASSERT_FATAL(pthread_create(&id, NULL, sign_thread, &s) == 0);
	CU_ASSERT(ca_sim_world_await_blocked(t.w, MILLISECONDS));
	CA_STAGE_IS(t.f->C_GetSlotInfo(t.slot, &si), CKR_OK);
	CU_ASSERT((si.flags & CKF_TOKEN_PRESENT) != 0);
	CA_STAGE_IS(t.f->C_GetSlotList(CK_FALSE, NULL, &n), CKR_OK);
	CU_ASSERT(ca_sim_world_hold(t.w, CA_STAGE_READER, false) == CA_OK);
	pthread_join(id, NULL);
	CA_STAGE_IS(s.rv, CKR_OK);
	ca_stage_end(&t);
}

void
ca_trouble_reset(CU_pSuite suite)
{
	CU_add_test(suite, "between two signatures", between_signatures);
	CU_add_test(suite, "inside an operation", inside_an_operation);
	CU_add_test(suite, "during a signature", during_signature);
	CU_add_test(suite, "before login", before_login);
	CU_add_test(suite, "many resets", many_resets);
	CU_add_test(suite, "no login of others", others_login);
	CU_add_test(suite, "exclusive", exclusive);
	CU_add_test(suite, "held", held);
}
