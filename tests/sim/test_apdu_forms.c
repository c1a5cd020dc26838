/* The forms of commands and answers: lengths, T=0, chaining, 61xx, 6Cxx. */
#include "tests/sim/t.h"

#define PIN8 "3132333435363738"
#define PIN16 PIN8 "0000000000000000"

static void
wrong_forms(void)
{
	static const struct t_step steps[] = {
	    {"", 0x6700, NULL},
	    {"00A400", 0x6700, NULL},
	    {"80A4000C023F00", 0x6E00, NULL},
	    {"FFA4000C023F00", 0x6E00, NULL},
	    {"0CA4000C023F00", 0x6882, NULL},
	    {"01A4000C023F00", 0x6881, NULL},
	    {"00FF0000", 0x6D00, NULL},
	    /* Lc longer and shorter than the data, extended length */
	    {"00A4000C033F00", 0x6700, NULL},
	    {"00A4000C013F0000", 0x6700, NULL},
	    {"00A4000C0000023F00", 0x6700, NULL},
	    {"00B00000000100", 0x6700, NULL},
	    /* READ without Le, with data */
	    {"00A4080C025015 00", 0x9000, ""},
	    {"00B00000", 0x6700, NULL},
	    {"00C0000000", 0x6985, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, steps);
	ca_sim_free(s);
}

static void
chaining(void)
{
	static const struct t_step steps[] = {
	    {"00A4080C025015", 0x9000, NULL},
	    /* another command in the middle, then all is well again */
	    {"102000010431323334", 0x9000, NULL},
	    {"0020000104 31323334", 0x6700, NULL},
	    {"102000010431323334", 0x9000, NULL},
	    {"0022000104 31323334", 0x6883, NULL},
	    {"1020000108" PIN8, 0x9000, NULL},
	    {"0020000108 0000000000000000", 0x9000, NULL},
	};
	static const struct t_step off[] = {
	    {"1020000108" PIN8, 0x6884, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, steps);
	ca_sim_free(s);
	s = t_card("iso7816-15", "chaining=no");
	T_RUN(s, off);
	ca_sim_free(s);
}

static void
chain_too_long(void)
{
	char part[600];
	struct ca_sim *s = t_card("iso7816-15", "");
	int n = snprintf(part, sizeof(part), "102A9E9AFF");

	for (int i = 0; i < 255; i++)
		n += snprintf(part + n, sizeof(part) - (size_t)n, "AA");
	for (int i = 0; i < 16; i++)
		CU_ASSERT_EQUAL(t_send(s, part), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, part), 0x6700);
	/* the chain is gone, a new one may begin */
	CU_ASSERT_EQUAL(t_send(s, part), 0x9000);
	ca_sim_free(s);
}

static void
t0_has_no_case_4(void)
{
	static const struct t_step steps[] = {
	    {"00A4080002 2F00", 0x6110, NULL},
	    {"00C0000010", 0x9000, "6F0E8002"},
	    {"00C0000010", 0x6985, NULL},
	    {"00A4080002 2F00 00", 0x6700, NULL},
	    {"00A4080002 2F00", 0x6110, NULL},
	    {"00C0000005", 0x610B, "6F0E800200"},
	    {"00C0000000", 0x6C0B, NULL},
	    {"00C000000B", 0x9000, NULL},
	    /* Le must be exact, all else is 6Cxx */
	    {"00B0000080", 0x9000, "61"},
	    {"00B0000000", 0x6C80, NULL},
	    {"00B0007F05", 0x6C01, NULL},
	    {"00B0007F01", 0x9000, "00"},
	    /* a query comes with and without the fifth byte */
	    {"00A4080C02 5015", 0x9000, NULL},
	    {"0020000100", 0x63C3, NULL},
	    {"00200001", 0x63C3, NULL},
	    /* the answer waits for GET RESPONSE alone */
	    {"00A4080002 2F00", 0x6110, NULL},
	    {"00A4080C02 5015", 0x9000, NULL},
	    {"00C0000010", 0x6985, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "t0=yes t1=no");

	T_RUN(s, steps);
	ca_sim_free(s);
}

static void
t1_answers(void)
{
	static const struct t_step steps[] = {
	    /* an answer nobody asked for is offered */
	    {"00A40C00023F00", 0x6A86, NULL},
	    {"0084000008", 0x9000, NULL},
	    {"00A4080002 2F00", 0x9000, ""},
	    {"00A4080002 2F00 00", 0x9000, "6F"},
	    {"00A4080002 2F00 05", 0x6C10, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, steps);
	ca_sim_free(s);
}

/* 3072 bits do not fit into a short answer: the rest comes by 61xx. */
static void
long_answer(void)
{
	struct ca_sim *s = t_card("iso7816-15", "key=rsa3072");
	static const struct t_step steps[] = {
	    {"00A4080C02 5015", 0x9000, NULL},
	    {"0020000110" PIN16, 0x9000, NULL},
	    {"002241B606 800111 840101", 0x9000, NULL},
	    {"002A9E9A02 AABB 00", 0x6180, NULL},
	    {"00C0000080", 0x9000, NULL},
	    {"00C0000080", 0x6985, NULL},
	    {"002A9E9A02 AABB", 0x6100, ""},
	    {"00C0000000", 0x6180, NULL},
	};

	T_RUN(s, steps);
	ca_sim_free(s);
}

static void
extended(void)
{
	static const struct t_step steps[] = {
	    {"00A4080400 0002 2F00 0000", 0x9000, "62"},
	    {"00B00000 00 0000", 0x9000, "61"},
	    {"00B00000 00 0080", 0x9000, "61"},
	    {"00A4080400 0003 2F00 0000", 0x6700, NULL},
	    {"00A4080400 0000", 0x6A87, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "extended=yes read-max=2000");

	T_RUN(s, steps);
	ca_sim_free(s);
}

CU_TestInfo t_forms[] = {
    {"wrong_forms", wrong_forms},
    {"chaining", chaining},
    {"chain_too_long", chain_too_long},
    {"t0_has_no_case_4", t0_has_no_case_4},
    {"t1_answers", t1_answers},
    {"long_answer", long_answer},
    {"extended", extended},
    CU_TEST_INFO_NULL,
};
