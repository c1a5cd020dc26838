/* PIN rules and counters. */
#include "tests/sim/t.h"

#define APP "00A4080C025015"
#define PIN8 "3132333435363738"
#define PIN16 PIN8 "0000000000000000"
#define PUK8 "3837363534333231"
#define PUK16 PUK8 "0000000000000000"
#define NEW8 "3131323233333434"
#define NEW16 NEW8 "0000000000000000"
#define BAD8 "3939393939393939"
#define BAD16 BAD8 "0000000000000000"

static void
counts_down(void)
{
	static const struct t_step steps[] = {
	    {"00200001", 0x6A88, NULL}, /* local: not from the root */
	    {APP, 0x9000, NULL},
	    {"00200001", 0x63C3, NULL},
	    {"00200009", 0x6A88, NULL},
	    {"00200101", 0x6A86, NULL},
	    {"0020FF01", 0x6A86, NULL},
	    {"0020000108" PIN8, 0x6700, NULL}, /* costs nothing */
	    {"00200001", 0x63C3, NULL},
	    {"0020000110" BAD16, 0x63C2, NULL},
	    {"00200001", 0x63C2, NULL},
	    {"0020000110" PIN16, 0x9000, NULL},
	    {"00200001", 0x9000, NULL},
	    {"0020000110" BAD16, 0x63C2, NULL},
	    {"00200001", 0x63C2, NULL}, /* a wrong PIN logs out */
	    {"0020000110" BAD16, 0x63C1, NULL},
	    {"0020000110" BAD16, 0x63C0, NULL},
	    {"0020000110" PIN16, 0x6983, NULL},
	    {"00200001", 0x6983, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 1), 0);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 7), -1);
	CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_WRONG_TRIES), 4);
	CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_VERIFIES), 7);
	ca_sim_free(s);
}

static void
scope(void)
{
	static const struct t_step local[] = {
	    {APP, 0x9000, NULL},
	    {"0020000110" PIN16, 0x9000, NULL},
	    {"00A4080C0450155031", 0x9000, NULL},
	    {"00200001", 0x9000, NULL},
	    {"00A4000C", 0x9000, NULL},
	    {APP, 0x9000, NULL},
	    {"00200001", 0x63C3, NULL},
	};
	static const struct t_step global[] = {
	    {"0020000108" PIN8, 0x9000, NULL},
	    {"00A4040C0EE828BD080FD25047656E65726963", 0x9000, NULL},
	    {"00200001", 0x9000, NULL},
	    {"00A4040407F049617345636300", 0x9000, NULL},
	    {"0020000100", 0x9000, NULL},
	};
	static const struct t_step undo[] = {
	    {APP, 0x9000, NULL},
	    {"0020000110" PIN16, 0x9000, NULL},
	    {"0020FF01", 0x9000, NULL},
	    {"00200001", 0x63C3, NULL},
	    {"0020FF05", 0x6A88, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, local);
	ca_sim_free(s);
	s = t_card("vgca-chipdoc", "");
	T_RUN(s, global);
	ca_sim_reset(s, true);
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x63C3);
	ca_sim_free(s);
	s = t_card("iso7816-15", "verify-undo=yes");
	T_RUN(s, undo);
	ca_sim_free(s);
}

static void
iso_change_and_unblock(void)
{
	static const struct t_step steps[] = {
	    {APP, 0x9000, NULL},
	    {"0024000120" PIN16 NEW16, 0x9000, NULL},
	    {"0020000110" PIN16, 0x63C2, NULL},
	    {"0020000110" NEW16, 0x9000, NULL},
	    {"0024000118" NEW16 PIN8, 0x6700, NULL},
	    {"0024000120" BAD16 PIN16, 0x63C2, NULL},
	    {"0024010110" PIN16, 0x6A86, NULL},
	    {"0024000520" PIN16 NEW16, 0x6A88, NULL},
	    {"0020000110" BAD16, 0x63C1, NULL},
	    {"0020000110" BAD16, 0x63C0, NULL},
	    {"0024000120" NEW16 PIN16, 0x6983, NULL},
	    {"002C000120" BAD16 PIN16, 0x63C4, NULL},
	    {"002C000120" PUK16 PIN16, 0x9000, NULL},
	    {"0020000110" PIN16, 0x9000, NULL},
	    {"002C010110" PUK16, 0x9000, NULL},
	    {"002C040110" PUK16, 0x6A86, NULL},
	    {"002C000220" PUK16 PIN16, 0x6985, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 2), 5);
	ca_sim_free(s);
}

static void
chipdoc_change_and_unblock(void)
{
	static const struct t_step steps[] = {
	    {"0024000110" PIN8 NEW8, 0x6982, NULL},
	    {"0020000108" PIN8, 0x9000, NULL},
	    {"0024000110" PIN8 NEW8, 0x9000, NULL},
	    {"0020000108" NEW8, 0x9000, NULL},
	    {"002C000110" PUK8 PIN8, 0x6A86, NULL},
	    {"002C020108" PIN8, 0x6982, NULL},
	    {"0020000208" PUK8, 0x9000, NULL},
	    {"002C020108" PIN8, 0x9000, NULL},
	    {"0020000108" PIN8, 0x9000, NULL},
	    {"0020000108" BAD8, 0x63C2, NULL},
	    {"002C0301", 0x9000, NULL},
	    {"00200001", 0x63C3, NULL},
	};
	struct ca_sim *s = t_card("vgca-chipdoc", "");

	T_RUN(s, steps);
	ca_sim_free(s);
	s = t_card("vgca-chipdoc", "puk=");
	CU_ASSERT_EQUAL(t_send(s, "00200002"), 0x6A88);
	CU_ASSERT_EQUAL(t_send(s, "002C020108" PIN8), 0x6985);
	ca_sim_free(s);
}

/* What the card compares may differ from what its directory says. */
static void
comparison(void)
{
	static const struct t_step padded[] = {
	    {"0020000106 313233343536", 0x6700, NULL},
	    {"0020000108 313233343536FFFF", 0x9000, NULL},
	    {"0020000109 313233343536373839", 0x63C2, NULL},
	    {"0020000111 3132333435363738313233343536373831", 0x6700, NULL},
	};
	static const struct t_step longer[] = {
	    {"0020000108 3132333435363738", 0x63C2, NULL},
	    {"002000010A 31323334353637383930", 0x9000, NULL},
	};
	static const struct t_step typed[] = {
	    {"0020000108 313233343536FFFF", 0x63C2, NULL},
	    {"0020000106 313233343536", 0x9000, NULL},
	    {"0020000103 313233", 0x6700, NULL},
	    {"0024000110 313233343536 31313232333334343535", 0x9000, NULL},
	    {"002000010A 31313232333334343535", 0x9000, NULL},
	};
	static const struct t_step sixteen[] = {
	    {"0020000108 313233343536FFFF", 0x6700, NULL},
	    {"0020000110 313233343536FFFFFFFFFFFFFFFFFFFF", 0x9000, NULL},
	};
	struct ca_sim *s = t_card("vgca-chipdoc", "pin=123456");

	T_RUN(s, padded);
	ca_sim_free(s);
	s = t_card("vgca-chipdoc", "pin=1234567890");
	T_RUN(s, longer);
	ca_sim_free(s);
	s = t_card("vgca-chipdoc", "pin=123456 pin-compare=typed");
	T_RUN(s, typed);
	ca_sim_free(s);
	s = t_card("vgca-chipdoc", "pin=123456 pin-real=16");
	T_RUN(s, sixteen);
	ca_sim_free(s);
}

static void
tries_set(void)
{
	struct ca_sim *s = t_card("vgca-chipdoc", "");

	CU_ASSERT_EQUAL(ca_sim_tries_set(s, 1, 1), CA_OK);
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x63C1);
	CU_ASSERT_EQUAL(ca_sim_tries_set(s, 1, 4), CA_E_NOT_FOUND);
	CU_ASSERT_EQUAL(ca_sim_tries_set(s, 9, 1), CA_E_NOT_FOUND);
	CU_ASSERT_EQUAL(ca_sim_tries_set(s, 1, 0), CA_OK);
	CU_ASSERT_EQUAL(t_send(s, "0020000108" PIN8), 0x6983);
	CU_ASSERT_FALSE(ca_sim_verified(s, 1));
	ca_sim_free(s);
}

CU_TestInfo t_pins[] = {
    {"counts_down", counts_down},
    {"scope", scope},
    {"iso_change_and_unblock", iso_change_and_unblock},
    {"chipdoc_change_and_unblock", chipdoc_change_and_unblock},
    {"comparison", comparison},
    {"tries_set", tries_set},
    CU_TEST_INFO_NULL,
};
