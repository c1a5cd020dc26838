/* The VGCA token of type A: what was read from a real one, byte for byte, and
 * the signature as it is planned. */
#include <string.h>

#include "pcsc/base/tlv.h"
#include "tests/sim/t.h"

#define AID "E828BD080F014E585030"
#define APP "00A4040C0A" AID
#define PIN8 "3132333435363738"
#define FF8 "FFFFFFFFFFFFFFFF"
#define PIN16 PIN8 FF8
#define PUK16 "3837363534333231" FF8
#define NEW16 "3131323233333434" FF8
#define BAD16 "3939393939393939" FF8
#define INFO                                                                   \
	"3031300D060960864801650304020105000420"                               \
	"2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define MSE "002241B606 840110 800102"
#define PSO "002A9E9A33" INFO "00"

static bool
ends_in_zeros(struct ca_rd r, size_t size)
{
	struct ca_rd v;
	uint32_t tag = 0;
	size_t n = r.n;

	while (ca_tlv_next(&r, &tag, &v) && tag != 0)
		;
	return n == size && r.n > 0 && ca_rd_all(r, 0);
}

static struct ca_rd
read_ef(struct ca_sim *s, const char *fid)
{
	char cmd[32];

	snprintf(cmd, sizeof(cmd), "00A4000C02%s", fid);
	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, cmd), 0x9000);
	return t_read_all(s, 0);
}

static bool
holds(struct ca_rd r, const void *text, size_t n)
{
	return memmem(r.p, r.n, text, n) != NULL;
}

static void
identifies(void)
{
	static const uint8_t atr[] = {0x3B, 0xFF, 0x18, 0x00, 0x00, 0x81, 0x31,
	    0xFE, 0x45, 0x00, 0x6B, 0x15, 0x0C, 0x03, 0x02, 0x01, 0x01, 0x01,
	    0x42, 0x34, 0x44, 0x10, 0x31, 0x80, 0x0D};
	static const struct t_step steps[] = {
	    /* EF.DIR opens only after the AID, by path, and leaves the
	     * application */
	    {"00A4080C022F00", 0x6A82, NULL},
	    {"00A4000C022F00", 0x6A82, NULL},
	    {"00B0000000", 0x6D00, NULL},
	    {"00200083", 0x6D00, NULL},
	    {"00A4040C0EE828BD080FD25047656E65726963", 0x6A82, NULL},
	    {APP, 0x9000, NULL},
	    {"00A4000C022F00", 0x6A82, NULL},
	    {"00A4080C022F00", 0x9000, NULL},
	    {"00B0000000", 0x6282,
		"61194F0A" AID "500B4A434F503442697434496400"},
	    {"00A4000C025031", 0x6A82, NULL},
	    {APP, 0x9000, NULL},
	    {"00A4000C025031", 0x9000, NULL},
	    {"00B0000000", 0x9000, "A80630040402"},
	    {"00A4020C025031", 0x6A86, NULL},
	    {"00A4000C027777", 0x6A82, NULL},
	};
	struct ca_sim *s = t_card("vgca-jcop4", "");

	CU_ASSERT(ca_rd_equal(ca_sim_atr(s), ca_rd_of(atr, sizeof(atr))));
	T_RUN(s, steps);
	ca_sim_reset(s, true);
	CU_ASSERT_EQUAL(t_send(s, "00A4080C022F00"), 0x6A82);
	ca_sim_free(s);
}

static void
files_are_padded(void)
{
	static const char *const files[] = {
	    "5031", "5032", "7001", "7002", "7004", "7005"};
	struct ca_sim *s = t_card("vgca-jcop4", "");
	struct ca_rd r;

	for (size_t i = 0; i < CA_COUNT(files); i++)
		CU_ASSERT(ends_in_zeros(read_ef(s, files[i]), 2048));
	r = read_ef(s, "5032");
	CU_ASSERT(holds(r, "\x80\x0AVGCA Token", 12));
	CU_ASSERT(holds(r,
	    "\x04\x0A"
	    "5301234567",
	    12));
	/* flags without needs-padding; UTF-8, 4, 16, 16, reference 3, FF */
	r = read_ef(s, "7001");
	CU_ASSERT(holds(r,
	    "\x03\x02\x03\xC8\x0A\x01\x02\x02\x01\x04\x02\x01\x10\x02\x01\x10"
	    "\x80\x01\x03\x04\x01\xFF",
	    22));
	CU_ASSERT(holds(r, "\x80\x01\x06\x04\x01\xFF", 6)); /* the PUK */
	CU_ASSERT(holds(read_ef(s, "7002"), "\x02\x01\x10", 3));
	CU_ASSERT(holds(read_ef(s, "7004"), "\x04\x02\xDF\x10", 4));
	ca_sim_free(s);
	s = t_card("vgca-jcop4", "serial=0123456789ABCDEF");
	CU_ASSERT(holds(read_ef(s, "5032"),
	    "\x04\x11"
	    "81985529216486895",
	    19));
	ca_sim_free(s);
}

static void
certificate_is_packed(void)
{
	struct ca_sim *s = t_card("vgca-jcop4", "");
	struct ca_rd leaf = ca_sim_cert(s, 0);
	struct ca_rd r = read_ef(s, "0001");
	struct ca_rd v;
	uint32_t tag = 0;

	CU_ASSERT(ends_in_zeros(r, 2048));
	CU_ASSERT(ca_tlv_next(&r, &tag, &v) && tag == 0x7A);
	/* a last block with fixed codes */
	CU_ASSERT(v.n > 1000 && v.p[0] == 0x03);
	CU_ASSERT(!holds(v, leaf.p, 16));

	/* the public key: exponent and modulus, as the certificate has it */
	r = read_ef(s, "DF10");
	CU_ASSERT_EQUAL(r.n, 4 + 384);
	CU_ASSERT(holds(r, "\x00\x01\x00\x01", 4) && r.p[1] == 1);
	CU_ASSERT(ca_rd_skip(&r, 4) && holds(leaf, r.p, r.n));
	ca_sim_free(s);
	s = t_card("vgca-jcop4", "cert=good");
	leaf = ca_sim_cert(s, 0);
	CU_ASSERT(holds(read_ef(s, "0001"), leaf.p, leaf.n));
	ca_sim_free(s);
}

static void
pin(void)
{
	static const struct t_step steps[] = {
	    {APP, 0x9000, NULL},
	    {"00200083", 0x63C3, NULL},
	    {"0020008308" PIN8, 0x6700, NULL}, /* all sixteen, or nothing */
	    {"00200003", 0x6A88, NULL},
	    {"0020008310" BAD16, 0x63C2, NULL},
	    {"00200083", 0x63C2, NULL},
	    {"0020008310" PIN16, 0x9000, NULL},
	    {"00200083", 0x9000, NULL},
	    /* local: gone with the application */
	    {"00A4080C022F00", 0x9000, NULL},
	    {APP, 0x9000, NULL},
	    {"00200083", 0x63C3, NULL},
	    {"0024008320" PIN16 NEW16, 0x9000, NULL},
	    {"0020008310" PIN16, 0x63C2, NULL},
	    {"0020008310" PIN16, 0x63C1, NULL},
	    {"0020008310" PIN16, 0x63C0, NULL},
	    {"0020008310" NEW16, 0x6983, NULL},
	    {"00200083", 0x6983, NULL},
	    {"002C008320" BAD16 PIN16, 0x63C2, NULL},
	    {"002C008320" PUK16 PIN16, 0x9000, NULL},
	    {"0020008310" PIN16, 0x9000, NULL},
	};
	struct ca_sim *s = t_card("vgca-jcop4", "");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(ca_sim_pin_commands(s, 0x83), 11);
	CU_ASSERT_EQUAL(ca_sim_seen(s, 0x20), 14);
	ca_sim_free(s);
}

static void
pin_variants(void)
{
	static const struct t_step none[] = {
	    {APP, 0x9000, NULL},
	    {"0024008320" PIN16 NEW16, 0x6D00, NULL},
	    {"002C008320" PUK16 PIN16, 0x6D00, NULL},
	};
	static const struct t_step login[] = {
	    {APP, 0x9000, NULL},
	    {"002C008320" PUK16 NEW16, 0x6A86, NULL},
	    {"002C0383", 0x6982, NULL},
	    {"0024018310" NEW16, 0x6982, NULL},
	    {"0020008610" PUK16, 0x9000, NULL},
	    {"002C0383", 0x9000, NULL},
	    {"0024018310" NEW16, 0x9000, NULL},
	    {"0020008310" NEW16, 0x9000, NULL},
	};
	static const struct t_step no_puk[] = {
	    {APP, 0x9000, NULL},
	    {"002C008320" PUK16 NEW16, 0x6985, NULL},
	    {"00200086", 0x6A88, NULL},
	};
	struct ca_sim *s = t_card("vgca-jcop4", "model=no-change,no-unblock");

	T_RUN(s, none);
	ca_sim_free(s);
	s = t_card("vgca-jcop4", "model=unblock-login");
	T_RUN(s, login);
	ca_sim_free(s);
	s = t_card("vgca-jcop4", "puk=");
	T_RUN(s, no_puk);
	ca_sim_free(s);
}

/* 384 bytes: in two parts, or in one extended answer. */
static void
signs(void)
{
	static const struct t_step before[] = {
	    {APP, 0x9000, NULL},
	    {PSO, 0x6985, NULL},
	    {"002241B606 840181 800102", 0x6A88, NULL},
	    {"002241B606 840110 80018A", 0x6A80, NULL},
	    {MSE, 0x9000, NULL},
	    {PSO, 0x6982, NULL},
	    {"0020008310" PIN16, 0x9000, NULL},
	};
	struct ca_sim *s = t_card("vgca-jcop4", "");
	uint8_t sig[384];
	struct ca_wr w = ca_wr_of(sig, sizeof(sig));

	T_RUN(s, before);
	CU_ASSERT_EQUAL(t_send(s, PSO), 0x6180);
	ca_wr_bytes(&w, t_data());
	CU_ASSERT_EQUAL(t_send(s, "00C0000080"), 0x9000);
	ca_wr_bytes(&w, t_data());
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), ca_wr_rd(&w), "hello", 5));
	/* the algorithm may be left out, the answer asked for afterwards */
	CU_ASSERT_EQUAL(t_send(s, "002241B603 840110"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A33" INFO), 0x6100);
	CU_ASSERT_EQUAL(t_send(s, "00C0000000"), 0x6180);
	CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_SIGNATURES), 2);
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A000033" INFO "0000"), 0x6700);
	ca_sim_free(s);

	s = t_card("vgca-jcop4", "extended=yes");
	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "0020008310" PIN16), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, MSE), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A000033" INFO "0000"), 0x9000);
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), t_data(), "hello", 5));
	ca_sim_free(s);
}

CU_TestInfo t_vgca_jcop4[] = {
    {"identifies", identifies},
    {"files_are_padded", files_are_padded},
    {"certificate_is_packed", certificate_is_packed},
    {"pin", pin},
    {"pin_variants", pin_variants},
    {"signs", signs},
    CU_TEST_INFO_NULL,
};
