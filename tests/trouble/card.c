/* Cards that answer nonsense, sign wrongly, or are no card of ours. */
#include <string.h>

#include "tests/trouble/stage.h"

#define INS_READ 0xB0

/* What the card does instead of answering, and for how long. */
static const struct {
	enum ca_sim_what what;
	uint32_t times;
} nonsense[] = {
    {CA_SIM_T_GARBAGE, 1},
    {CA_SIM_T_BADSW, 1},
    {CA_SIM_T_LONG, 1},
    {CA_SIM_T_TRUNC, 1},
    {CA_SIM_T_SHORT, 1},
    {CA_SIM_T_EMPTY, 1},
    {CA_SIM_T_61, CA_SIM_ALWAYS},
    {CA_SIM_T_61DATA, CA_SIM_ALWAYS},
    {CA_SIM_T_6C, CA_SIM_ALWAYS},
    {CA_SIM_T_SW, 1},
    {CA_SIM_T_WRONGSIG, 1},
};

/* The card is there, so nobody says removed. CKR_OK is for a module that asked
 * the card in another way and got a signature that OpenSSL accepts. */
static void
nonsense_for_a_signature(void)
{
	for (size_t i = 0; i < CA_COUNT(nonsense); i++) {
		struct ca_stage t;

		ca_stage_begin_user(&t, NULL);
		ca_stage_plan(&t, nonsense[i].what, 0, CA_STAGE_SECOND_OF_SIGN,
		    nonsense[i].times);
		CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_OK, CKR_DEVICE_ERROR,
		    CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR, CKR_DEVICE_MEMORY);
		CU_ASSERT(!ca_sim_trouble_pending(t.card));
		ca_sim_trouble_clear(t.card);
		CA_STAGE_ONE_OF(ca_stage_sign(&t), CKR_OK,
		    CKR_USER_NOT_LOGGED_IN);
		ca_stage_works(&t);
		CU_ASSERT_EQUAL(ca_stage_tries(&t), 3);
		ca_stage_end(&t);
	}
}

/* A card that signs wrongly every time never gets a signature out. */
static void
signs_wrongly(void)
{
	struct ca_sim_opts o;
	struct ca_stage t;

	ca_stage_opts(&o);
	o.wrong_sign = 1;
	ca_stage_begin_login(&t, &o);
	for (int i = 0; i < 3; i++)
		CA_STAGE_IS(ca_stage_sign(&t), CKR_DEVICE_ERROR);
	ca_stage_end(&t);
}

/* Nonsense while the directories are read, for ever: no token, no harm. */
static void
nonsense_from_the_start(void)
{
	for (size_t i = 0; i < CA_COUNT(nonsense); i++) {
		struct ca_stage t;

		ca_stage_begin(&t, NULL);
		ca_stage_plan(&t, nonsense[i].what, 0, 1, CA_SIM_ALWAYS);
		CA_STAGE_ONE_OF(ca_stage_flow(&t), CA_STAGE_NO_TOKEN,
		    CA_STAGE_NO_CERT, CA_STAGE_NO_KEY, CKR_TOKEN_NOT_PRESENT,
		    CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_ERROR,
		    CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR,
		    CKR_USER_PIN_NOT_INITIALIZED, CKR_DEVICE_MEMORY,
		    CKR_OBJECT_HANDLE_INVALID);
		CU_ASSERT_EQUAL(ca_sim_count(t.card, CA_SIM_WRONG_TRIES), 0);
		ca_stage_end(&t);
	}
}

/* Nothing sensible in the certificate file, once: asked again it is read. */
static void
nonsense_for_a_certificate(void)
{
	for (size_t i = 0; i < CA_COUNT(nonsense); i++) {
		struct ca_stage t;

		ca_stage_begin(&t, NULL);
		CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
		ca_stage_plan(&t, nonsense[i].what, INS_READ, 1,
		    nonsense[i].times);
		CA_STAGE_ONE_OF(ca_stage_read_cert(&t), CKR_OK,
		    CA_STAGE_NO_CERT, CKR_DEVICE_ERROR, CKR_FUNCTION_FAILED,
		    CKR_GENERAL_ERROR, CKR_OBJECT_HANDLE_INVALID,
		    CKR_ATTRIBUTE_TYPE_INVALID, CKR_DEVICE_MEMORY);
		ca_sim_trouble_clear(t.card);
		CU_ASSERT(ca_sim_world_remove(t.w, CA_STAGE_READER) == CA_OK);
		CU_ASSERT(ca_sim_world_insert(t.w, CA_STAGE_READER, t.card) ==
			  CA_OK);
		ca_stage_works(&t);
		ca_stage_end(&t);
	}
}

/* Something in the reader that does not answer a reset. */
static void
mute(void)
{
	CK_SLOT_INFO si;
	CK_TOKEN_INFO ti;
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CKR_OK);
	CU_ASSERT(ca_sim_world_insert_mute(t.w, CA_STAGE_READER) == CA_OK);
	CA_STAGE_IS(ca_stage_open(&t), CA_STAGE_NO_TOKEN);
	CA_STAGE_IS(t.f->C_GetSlotInfo(t.slot, &si), CKR_OK);
	CU_ASSERT((si.flags & CKF_TOKEN_PRESENT) == 0);
	CA_STAGE_ONE_OF(t.f->C_GetTokenInfo(t.slot, &ti), CKR_TOKEN_NOT_PRESENT,
	    CKR_TOKEN_NOT_RECOGNIZED);
	CU_ASSERT(ca_sim_world_insert(t.w, CA_STAGE_READER, t.card) == CA_OK);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* A card that no profile names: a slot without token. It is asked three things
 * at most, once as long as it stays in the reader, and never for a PIN. */
static void
unknown(void)
{
	CK_TOKEN_INFO ti;
	struct ca_stage t;
	uint64_t probes;

	CU_ASSERT_FATAL(ca_stage_config_without_profiles());
	ca_stage_begin(&t, NULL);
	CA_STAGE_IS(ca_stage_open(&t), CA_STAGE_NO_TOKEN);
	CA_STAGE_ONE_OF(t.f->C_GetTokenInfo(t.slot, &ti), CKR_TOKEN_NOT_PRESENT,
	    CKR_TOKEN_NOT_RECOGNIZED);
	probes = ca_sim_count(t.card, CA_SIM_APDUS);
	CU_ASSERT(probes <= 3);
	for (int i = 0; i < 10; i++)
		CA_STAGE_IS(ca_stage_open(&t), CA_STAGE_NO_TOKEN);
	CU_ASSERT_EQUAL(ca_sim_count(t.card, CA_SIM_APDUS), probes);
	CU_ASSERT_EQUAL(ca_sim_count(t.card, CA_SIM_VERIFIES), 0);
	ca_stage_end(&t);
	CU_ASSERT_FATAL(ca_stage_config(""));
	ca_stage_begin(&t, NULL);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

/* A card with a T=0 answer sequence everywhere. */
static void
t0_only(void)
{
	const struct ca_sim_reader reader = {.no_t1 = true};
	struct ca_sim_opts o;
	struct ca_stage t;

	ca_stage_opts(&o);
	if (strcmp(ca_stage_type_name(), "iso7816-15") != 0)
		return; /* the ChipDoc card speaks T=1 alone */
	o.t0 = 1;
	o.t1 = 0;
	ca_stage_begin(&t, &o);
	CU_ASSERT(ca_sim_world_add(t.w, CA_STAGE_READER2, &reader) == CA_OK);
	ca_stage_works(&t);
	ca_stage_end(&t);
}

void
ca_trouble_card(CU_pSuite suite)
{
	CU_add_test(suite, "nonsense for a signature",
	    nonsense_for_a_signature);
	CU_add_test(suite, "signs wrongly", signs_wrongly);
	CU_add_test(suite, "nonsense from the start", nonsense_from_the_start);
	CU_add_test(suite, "nonsense for a certificate",
	    nonsense_for_a_certificate);
	CU_add_test(suite, "mute", mute);
	CU_add_test(suite, "unknown", unknown);
	CU_add_test(suite, "T=0", t0_only);
}
