/* The older eToken: its ATR, and no to everything. */
#include "tests/sim/t.h"

static void
says_no(void)
{
	static const uint8_t atr[] = {0x3B, 0xD5, 0x18, 0x00, 0x81, 0x31, 0xFE,
	    0x7D, 0x80, 0x73, 0xC8, 0x21, 0x10, 0xF4};
	static const struct t_step steps[] = {
	    {"00A4000C023F00", 0x6A82, NULL},
	    {"00A404000CA000000063504B43532D313500", 0x6A82, NULL},
	    {"80A4000000", 0x6A82, NULL},
	    {"0020000108"
	     "3132333435363738",
		0x6D00, NULL},
	    {"00CA9F7F00", 0x6D00, NULL},
	    {"0CB0000000", 0x6D00, NULL},
	    {"00C0000000", 0x6D00, NULL},
	};
	struct ca_sim *s = t_card("etoken-java", "");

	CU_ASSERT(ca_rd_equal(ca_sim_atr(s), ca_rd_of(atr, sizeof(atr))));
	T_RUN(s, steps);
	CU_ASSERT_EQUAL(ca_sim_seen(s, 0xA4), 3);
	CU_ASSERT_EQUAL(ca_sim_seen(s, 0x20), 1);
	CU_ASSERT_EQUAL(ca_sim_seen(s, 0x84), 0);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 1), -1);
	ca_sim_count_clear(s);
	CU_ASSERT_EQUAL(ca_sim_seen(s, 0xA4), 0);
	ca_sim_free(s);
	s = t_card("etoken-java", "model=72k");
	CU_ASSERT_EQUAL(ca_sim_atr(s).p[6], 0x3A);
	ca_sim_free(s);
}

CU_TestInfo t_etoken_java[] = {
    {"says_no", says_no},
    CU_TEST_INFO_NULL,
};
