/* SELECT, READ BINARY, UPDATE BINARY. */

#include "tests/sim/t.h"

#define PIN16 "31323334353637380000000000000000"

static void
select_forms(void)
{
	static const struct t_step steps[] = {
	    /* by name, whole and right-truncated; by path; by identifier */
	    {"00A4040C0C A000000063504B43532D3135", 0x9000, NULL},
	    {"00A4040C05 A000000063", 0x9000, NULL},
	    {"00A4040C05 A000000064", 0x6A82, NULL},
	    {"00A4080C04 5015 5031", 0x9000, NULL},
	    {"00A4090C02 5032", 0x9000, NULL},
	    {"00A4020C02 5031", 0x9000, NULL},
	    {"00A4020C02 2F00", 0x6A82, NULL},
	    {"00A4010C02 5031", 0x6A82, NULL},
	    {"00A4030C", 0x9000, NULL},
	    {"00A4020C02 2F00", 0x9000, NULL},
	    {"00A4010C02 5015", 0x9000, NULL},
	    {"00A4000C", 0x9000, NULL},
	    {"00A4000C02 3F00", 0x9000, NULL},
	    {"00A4000C02 5015", 0x9000, NULL},
	    {"00A4000C02 5031", 0x9000, NULL},
	    {"00A4000C02 9999", 0x6A82, NULL},
	    /* after a failure the file is still the old one */
	    {"00B0000001", 0x9000, "A8"},
	    /* wrong lengths and parameters */
	    {"00A4000C03 3F0050", 0x6A87, NULL},
	    {"00A4080C03 501550", 0x6A87, NULL},
	    {"00A4080C04 5031 5015", 0x6A82, NULL},
	    {"00A40A0C02 3F00", 0x6A86, NULL},
	    {"00A4000802 3F00 00", 0x6A86, NULL},
	    {"00A4040C", 0x6A87, NULL},
	    /* what comes back */
	    {"00A4080402 2F00 00", 0x9000,
		"620E 80020080 820101 83022F00 8A0105"},
	    {"00A4080002 5015 00", 0x9000, "6F18 820138 83025015 840CA0"},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, steps);
	ca_sim_free(s);
}

static void
iso_reads(void)
{
	static const struct t_step steps[] = {
	    {"00A4000C", 0x9000, NULL},
	    {"00B0000010", 0x6986, NULL},
	    {"00A4080C02 2F00", 0x9000, NULL},
	    {"00B0000000", 0x9000, "61"},
	    {"00B0007F01", 0x9000, "00"},
	    {"00B0007F02", 0x9000, "00"},
	    {"00B0008001", 0x6B00, NULL},
	    {"00B07FFF01", 0x6B00, NULL},
	    {"00B0990001", 0x6A82, NULL},
	    {"00B0B90001", 0x6A86, NULL},
	    {"00B1000004 54020000 05", 0x9000, "5302 61"},
	    {"00B1000004 54020080 00", 0x6B00, NULL},
	    {"00B1000004 55020000 00", 0x6A80, NULL},
	    {"00B1000104 54020000 00", 0x6A86, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, steps);
	ca_sim_free(s);
}

/* The three habits at the end of a file. */
static void
end_of_file(void)
{
	static const struct t_step says_6282[] = {
	    {"00A4080C02 2F00", 0x9000, NULL},
	    {"00B0007C10", 0x6282, "00000000"},
	    {"00B0007C04", 0x9000, "00000000"},
	    {"00B0007C00", 0x6282, "00000000"},
	    {"00B0008000", 0x6B00, NULL},
	};
	static const struct t_step says_6b00[] = {
	    {"00A4080C02 2F00", 0x9000, NULL},
	    {"00B0007C10", 0x6B00, NULL},
	    {"00B0007C00", 0x9000, "00000000"},
	};
	struct ca_sim *s = t_card("iso7816-15", "eof=6282");

	T_RUN(s, says_6282);
	ca_sim_free(s);
	s = t_card("iso7816-15", "eof=6B00");
	T_RUN(s, says_6b00);
	ca_sim_free(s);
}

static void
chipdoc_files(void)
{
	static const struct t_step steps[] = {
	    {"00A4040C0E E828BD080FD25047656E65726963", 0x9000, ""},
	    {"00A4020C02 5031", 0x9000, ""},
	    {"00B0000000", 0x6282, "A806300404027001"},
	    {"00A4020002 5031 00", 0x6A86, NULL},
	    {"00A4020402 0003 00", 0x9000,
		"6216 80020800 820101 83020003 8A0105 8C065B1313131300"},
	    {"00A4000C02 3F00", 0x9000, NULL},
	    {"00A4020C02 0003", 0x6A82, NULL},
	    {"00B09C00C0", 0x6282, "5A0C000000000123456789ABCDEF"},
	    {"00A4040407 F0496173456363 00", 0x9000, "6217 820138"},
	    {"00A4090402 2F01 00", 0x9000, "62"},
	    {"00B0000000", 0x6282, "4301B846040C01ECC1"},
	    /* extended length is refused */
	    {"00B00000000000", 0x6700, NULL},
	    {"0084000008", 0x9000, NULL},
	    {"0084000010", 0x6700, NULL},
	};
	struct ca_sim *s = t_card("vgca-chipdoc", "");
	static const uint8_t atr[] = {0x3B, 0xDF, 0x18, 0xFF, 0x81, 0x91, 0xFE,
	    0x1F, 0xC3, 0x00, 0x31, 0xB8, 0x64, 0x0C, 0x01, 0xEC, 0xC1, 0x73,
	    0x94, 0x01, 0x80, 0x82, 0x90, 0x00, 0xB3};

	CU_ASSERT(ca_rd_equal(ca_sim_atr(s), ca_rd_of(atr, sizeof(atr))));
	T_RUN(s, steps);
	ca_sim_free(s);
}

static void
chipdoc_reads_231(void)
{
	struct ca_sim *s = t_card("vgca-chipdoc", "");
	struct ca_rd all;
	struct ca_rd head;

	t_send(s, "00A4040C0E E828BD080FD25047656E65726963");
	t_send(s, "00A4020C02 0003");
	CU_ASSERT_EQUAL(t_send(s, "00B0000000"), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 231);
	CU_ASSERT_EQUAL(t_send(s, "00B00000E8"), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 231);
	all = t_read_all(s, 0);
	CU_ASSERT_EQUAL(all.n, 2048);
	CU_ASSERT(ca_rd_take(&all, ca_sim_cert(s, 0).n, &head));
	CU_ASSERT(ca_rd_equal(head, ca_sim_cert(s, 0)));
	CU_ASSERT(ca_rd_all(all, 0));
	ca_sim_free(s);
}

static void
update(void)
{
	static const struct t_step steps[] = {
	    {"00A4080C04 5015 3400", 0x9000, NULL},
	    {"00D60000 02 AABB", 0x6982, NULL},
	    {"0020000110" PIN16, 0x9000, NULL},
	    {"00D60000", 0x6700, NULL},
	    {"00D60000 02 AABB", 0x9000, NULL},
	    {"00B0000002", 0x9000, "AABB"},
	    {"00D607FF 01 CC", 0x9000, NULL},
	    {"00D607FF 02 CCDD", 0x6A84, NULL},
	    {"00D60801 01 CC", 0x6B00, NULL},
	    {"00B007FF01", 0x9000, "CC"},
	    /* a directory that nobody may write */
	    {"00A4080C04 5015 4402", 0x9000, NULL},
	    {"00D60000 02 AABB", 0x6982, NULL},
	    {"00A4080C02 5015", 0x9000, NULL},
	    {"00D60000 02 AABB", 0x6986, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "cert-alloc=2048");

	T_RUN(s, steps);
	ca_sim_free(s);
}

/* IsoApplet's name is answered with its version. */
static void
isoapplet(void)
{
	struct ca_sim *s = t_card("iso7816-15", "");

	CU_ASSERT_EQUAL(t_send(s, "00A404000C F276A288BCFBA69D34F31001 00"),
	    0x9000);
	CU_ASSERT_EQUAL(t_data().n, 3);
	ca_sim_free(s);
}

CU_TestInfo t_files[] = {
    {"select_forms", select_forms},
    {"iso_reads", iso_reads},
    {"end_of_file", end_of_file},
    {"chipdoc_files", chipdoc_files},
    {"chipdoc_reads_231", chipdoc_reads_231},
    {"update", update},
    {"isoapplet", isoapplet},
    CU_TEST_INFO_NULL,
};
