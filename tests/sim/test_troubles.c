/* Planned trouble strikes when and how it was ordered. */

#include "tests/sim/t.h"

#define APP "00A4080C025015"

static void
plan(struct ca_sim *s, const char *text)
{
	struct ca_sim_trouble t;

	CU_ASSERT_EQUAL(ca_sim_trouble_parse(text, &t), CA_OK);
	ca_sim_trouble(s, &t);
}

static void
words(void)
{
	static const char *const bad[] = {"", "1", ":remove", "0:remove",
	    "1:nothing", "1:remove:", "1:remove:x", "ins:remove",
	    "ins123:remove", "ins2A#0:remove", "-1:remove",
	    "1:sw=", "1:sw=12345", "1:removed", "1:remove:2:3"};
	struct ca_sim_trouble t;

	for (size_t i = 0; i < CA_COUNT(bad); i++)
		CU_ASSERT_EQUAL(ca_sim_trouble_parse(bad[i], &t), CA_E_DATA);
	CU_ASSERT_EQUAL(ca_sim_trouble_parse("ins2A#3:sw=6F00:7", &t), CA_OK);
	CU_ASSERT(t.by_ins && t.ins == 0x2A && t.at == 3 && t.times == 7 &&
		  t.what == CA_SIM_T_SW && t.sw == 0x6F00);
	CU_ASSERT_EQUAL(ca_sim_trouble_parse("5:61", &t), CA_OK);
	CU_ASSERT(!t.by_ins && t.at == 5 && t.times == CA_SIM_ALWAYS);
	CU_ASSERT_EQUAL(ca_sim_trouble_parse("1:remove-after:always", &t),
	    CA_OK);
	CU_ASSERT(t.what == CA_SIM_T_REMOVE_AFTER && t.times == CA_SIM_ALWAYS);
}

static void
answers(void)
{
	static const struct {
		const char *trouble;
		unsigned sw;
		size_t n;
	} rows[] = {
	    {"1:garbage", 0x9000, 37},
	    {"1:badsw", 0x0000, 0},
	    {"1:long", 0x9000, 400},
	    {"1:trunc", 0x9000, 8},
	    {"1:short", 0x0000, 0},
	    {"1:empty", 0x0000, 0},
	    {"1:61:1", 0x6110, 0},
	    {"1:61data:1", 0x6110, 16},
	    {"1:6c:1", 0x6C10, 0},
	    {"1:sw=6581", 0x6581, 0},
	    {"insA4:sw=6F00", 0x6F00, 0},
	    {"1:forget", 0x9000, 16},
	    {"1:none", 0x9000, 16},
	    {"ins20:sw=6F00", 0x9000, 16},
	    {"2:sw=6F00", 0x9000, 16},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		plan(s, rows[i].trouble);
		CU_ASSERT_EQUAL(t_send(s, "00A40800022F0000"), rows[i].sw);
		CU_ASSERT_EQUAL(t_data().n, rows[i].n);
		CU_ASSERT_EQUAL(t_event(), CA_SIM_ANSWERED);
		ca_sim_trouble_clear(s);
		/* struck once, and over */
		CU_ASSERT_EQUAL(t_send(s, "00A40800022F0000"), 0x9000);
		CU_ASSERT_EQUAL(t_data().n, 16);
	}
	ca_sim_free(s);
}

static void
moments(void)
{
	struct ca_sim *s = t_card("iso7816-15", "");

	plan(s, "3:sw=6F00:2");
	CU_ASSERT_TRUE(ca_sim_trouble_pending(s));
	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT_TRUE(ca_sim_trouble_pending(s));
	CU_ASSERT_EQUAL(t_send(s, APP), 0x6F00);
	CU_ASSERT_FALSE(ca_sim_trouble_pending(s));
	CU_ASSERT_EQUAL(t_send(s, APP), 0x6F00);
	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	plan(s, "ins20#2:sw=6F00");
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x63C3);
	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x6F00);
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x63C3);
	ca_sim_free(s);
}

/* 61xx for ever answers GET RESPONSE as well, whatever began it. */
static void
for_ever(void)
{
	struct ca_sim *s = t_card("iso7816-15", "");

	plan(s, "insB0:61");
	t_send(s, "00A4080C022F00");
	CU_ASSERT_EQUAL(t_send(s, "00B0000000"), 0x6110);
	for (int i = 0; i < 200; i++)
		CU_ASSERT_EQUAL(t_send(s, "00C0000010"), 0x6110);
	ca_sim_trouble_clear(s);
	CU_ASSERT_EQUAL(t_send(s, "00A4080C022F00"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0000000"), 0x9000);
	ca_sim_free(s);
}

static void
events(void)
{
	static const struct {
		const char *trouble;
		enum ca_sim_event ev;
		uint64_t verifies; /* was it carried out? */
	} rows[] = {
	    {"1:remove", CA_SIM_GONE, 0},
	    {"1:remove-after", CA_SIM_GONE, 1},
	    {"1:swap", CA_SIM_SWAPPED, 0},
	    {"1:reset", CA_SIM_WAS_RESET, 0},
	    {"1:reset-after", CA_SIM_RESET_SINCE, 1},
	    {"1:forget", CA_SIM_ANSWERED, 1},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_sim *s = t_card("vgca-chipdoc", "");

		plan(s, rows[i].trouble);
		t_send(s, "00200001083132333435363738");
		CU_ASSERT_EQUAL(t_event(), rows[i].ev);
		CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_VERIFIES),
		    rows[i].verifies);
		CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_APDUS), 1);
		ca_sim_free(s);
	}
}

/* A silent loss of the login; a spent try that nobody was told of. */
static void
forgetting(void)
{
	struct ca_sim *s = t_card("vgca-chipdoc", "");

	t_send(s, "00200001083132333435363738");
	CU_ASSERT_TRUE(ca_sim_verified(s, 1));
	plan(s, "1:forget");
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x63C3);
	plan(s, "1:remove-after");
	t_send(s, "00200001083939393939393939");
	CU_ASSERT_EQUAL(ca_sim_tries(s, 1), 2);
	plan(s, "1:remove");
	t_send(s, "00200001083939393939393939");
	CU_ASSERT_EQUAL(ca_sim_tries(s, 1), 2);
	ca_sim_free(s);
}

CU_TestInfo t_troubles[] = {
    {"words", words},
    {"answers", answers},
    {"moments", moments},
    {"for_ever", for_ever},
    {"events", events},
    {"forgetting", forgetting},
    CU_TEST_INFO_NULL,
};
