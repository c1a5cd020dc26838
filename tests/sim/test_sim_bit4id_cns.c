/* The CNS card gives the bytes of the worked trace, and keeps its rules. */
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/t.h"

#define HASH "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define INFO "3031300D060960864801650304020105000420" HASH
#define PIN "3132333435363738"
#define PUK "3837363534333231"
#define NEW "3131323233333434"
#define BAD "3939393939393939"
#define KEY_DF "00A4080C0414008110"
#define RULES "860900FFFFFFFFFFFFFFFF8A0105"

/* The PKCS#1 block of HASH (of "hello") for 2048 bits, as hex. */
static char block[513];

static void
make_block(void)
{
	size_t at = 0;

	memset(block, 'F', sizeof(block) - 1);
	memcpy(block, "0001", 4);
	at = 512 - strlen(INFO) - 2;
	memcpy(block + at, "00" INFO, strlen(INFO) + 2);
	block[512] = '\0';
}

/* head, n bytes of the block from `from` on, tail: one command. */
static unsigned
send_part(struct ca_sim *s, const char *head, size_t from, size_t n,
    const char *tail)
{
	char cmd[600];

	if (block[0] == '\0')
		make_block();
	(void)snprintf(cmd, sizeof(cmd), "%s%.*s%s", head, (int)(2 * n),
	    block + 2 * from, tail);
	return t_send(s, cmd);
}

static void
trace(void)
{
	static const struct t_step found[] = {
	    {"00A4080C0410001003", 0x9000, ""},
	    {"00B0000010", 0x9000, "37343330303130303030303030303031"},
	    {"00A40800041100110200", 0x9000,
		"6F1E80020190820301000083021102850101" RULES},
	    {"00B00000FF", 0x9000, "303030303735"},
	    {"00B000FF01", 0x9000, ""},
	    {"00B0010090", 0x9000, ""},
	    {"00A4080C0411001101", 0x9000, ""},
	    {"00A40800041100110100", 0x9000,
		"6F1E80020800820301000083021101850101" RULES},
	    {"00B00000FF", 0x9000, "3082"},
	    {"00A4080C042FFF8228", 0x6A82, ""},
	    {"00A40800041400901000", 0x9000,
		"6F1E80020800820301000083029010850101" RULES},
	    {"00A40800022F0000", 0x6A82, ""},
	    {"00A4080C025015", 0x6A82, ""},
	    {KEY_DF, 0x9000, ""},
	    {"0020009A", 0x63C3, ""},
	    {"0020009A08" PIN, 0x9000, ""},
	    {"0022F30300", 0x9000, ""},
	    {"0022F1B603830110", 0x9000, ""},
	};
	static const struct t_step after[] = {
	    {"0024009A10" PIN NEW, 0x9000, ""},
	    {"0020009A08" PIN, 0x63C2, ""},
	    {"002C009A10" PUK PIN, 0x9000, ""},
	    {"0020009A08" PIN, 0x9000, ""},
	};
	static const char atr[] =
	    "3BFF1800FF8131FE55006B02090303011101434E531131808C";
	struct ca_sim *s = t_card("bit4id-cns", "");
	uint8_t want[33];
	uint8_t first[256];
	size_t n = 0;

	CU_ASSERT(ca_hex_parse(atr, want, sizeof(want), &n));
	CU_ASSERT(ca_rd_equal(ca_sim_atr(s), ca_rd_of(want, n)));
	T_RUN(s, found);
	CU_ASSERT_EQUAL(send_part(s, "102A9E9AFF", 0, 255, ""), 0x9000);
	CU_ASSERT_EQUAL(send_part(s, "002A9E9A01", 255, 1, "00"), 0x9000);
	CU_ASSERT_EQUAL_FATAL(t_data().n, 256);
	memcpy(first, t_data().p, 256);
	/* The same number by deciphering. */
	CU_ASSERT_EQUAL(t_send(s, "0022F1B803830110"), 0x9000);
	CU_ASSERT_EQUAL(send_part(s, "102A8086FF00", 0, 254, ""), 0x9000);
	CU_ASSERT_EQUAL(send_part(s, "002A808602", 254, 2, "00"), 0x9000);
	CU_ASSERT(ca_rd_equal(t_data(), ca_rd_of(first, 256)));
	/* In one extended command. */
	CU_ASSERT_EQUAL(send_part(s, "002A808600010100", 0, 256, "0200"),
	    0x9000);
	CU_ASSERT(ca_rd_equal(t_data(), ca_rd_of(first, 256)));
	CU_ASSERT_EQUAL(send_part(s, "002A9E9A000100", 0, 256, "0100"), 0x9000);
	CU_ASSERT(ca_rd_equal(t_data(), ca_rd_of(first, 256)));
	T_RUN(s, after);
	CU_ASSERT_EQUAL(t_send(s, "00A4080C0414009010"), 0x9000);
	CU_ASSERT(t_signs(t_read_all(s, 0xFF), ca_rd_of(first, 256), "hello",
	    5));
	ca_sim_free(s);
}

/* The key for logging in, from the root, with the other PIN. */
static void
auth_key(void)
{
	static const struct t_step steps[] = {
	    {"00200090", 0x63C3, ""},
	    {"0020009008" PIN, 0x9000, ""},
	    {"0022F30300", 0x9000, ""},
	    {"0022F1B603830101", 0x9000, ""},
	};
	struct ca_sim *s = t_card("bit4id-cns", "pin2=87654321");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(send_part(s, "102A9E9AFF", 0, 255, ""), 0x9000);
	CU_ASSERT_EQUAL(send_part(s, "002A9E9A01", 255, 1, "00"), 0x9000);
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), t_data(), "hello", 5));
	ca_sim_free(s);
}

static void
strict(void)
{
	static const struct t_step steps[] = {
	    {"00200010", 0x6A88, NULL}, /* without the bit for "from here up" */
	    {"0020009A", 0x6A88, NULL}, /* not from the root */
	    {"0022F303", 0x6700, NULL}, /* the card wants the length of zero */
	    {"0022F30100", 0x6A88, NULL},
	    {"0022F1B603830101", 0x6985, NULL}, /* nothing restored */
	    {"0022F30300", 0x9000, NULL},
	    {"002241B603830101", 0x6A86, NULL},
	    {"0022F1B603840101", 0x6A80, NULL},
	    {"0022F1B603830110", 0x6A88, NULL}, /* not from the root */
	    {"0022F1B603830101", 0x9000, NULL},
	    {"002A9E9A20" HASH "00", 0x6982, NULL},
	    {"0020009008" BAD, 0x63C2, NULL},
	    {"00200090063132333435 36", 0x6700, NULL},
	    {"002000900831323334353637FF", 0x63C1, NULL},
	    {"0020009008" PIN, 0x9000, NULL},
	    {"002A9E9A20" HASH "00", 0x6700, NULL}, /* a hash alone */
	    {KEY_DF, 0x9000, NULL},
	    {"0020009A08" PIN, 0x9000, NULL},
	    {"0020009A", 0x9000, NULL},
	    {"00A4000C023F00", 0x9000, NULL},
	    {KEY_DF, 0x9000, NULL},
	    {"0020009A", 0x63C3, NULL}, /* left, and forgotten */
	    {"00200090", 0x9000, NULL},
	    {"0084000008", 0x9000, NULL},
	    {"0084000010", 0x6700, NULL},
	    {"00A4080C0410001003", 0x9000, NULL},
	    {"00B0000011", 0x6282, "37343330"},
	    {"00B0001001", 0x6B00, NULL},
	    {"00D6000001FF", 0x6982, NULL},
	    {"00A4080404 1000 1003 00", 0x6A86, NULL},
	};
	struct ca_sim *s = t_card("bit4id-cns", "");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_SIGNATURES), 0);
	ca_sim_free(s);
}

/* A reset ends the environment; a selection elsewhere hides the key. */
static void
environment(void)
{
	struct ca_sim *s = t_card("bit4id-cns", "");

	(void)t_send(s, KEY_DF);
	(void)t_send(s, "0020009A08" PIN);
	(void)t_send(s, "0022F30300");
	CU_ASSERT_EQUAL(t_send(s, "0022F1B603830110"), 0x9000);
	(void)t_send(s, "00A4000C023F00");
	CU_ASSERT_EQUAL(send_part(s, "102A9E9AFF", 0, 255, ""), 0x9000);
	CU_ASSERT_EQUAL(send_part(s, "002A9E9A01", 255, 1, "00"), 0x6A88);
	ca_sim_reset(s, true);
	(void)t_send(s, KEY_DF);
	CU_ASSERT_EQUAL(t_send(s, "0022F1B603830110"), 0x6985);
	ca_sim_free(s);
}

static void
short_pins(void)
{
	struct ca_sim *s = t_card("bit4id-cns", "pin=12345 pin2=654321");

	CU_ASSERT_EQUAL(t_send(s, "00200090083132333435FFFFFF"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, KEY_DF), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "0020009A08363534333231FFFF"), 0x9000);
	ca_sim_free(s);
}

static void
renewed_certificate(void)
{
	struct ca_sim *s = t_card("bit4id-cns", "cert-write=yes");

	CU_ASSERT_EQUAL(t_send(s, "00A40800041400901000"), 0x9000);
	CU_ASSERT_PTR_NOT_NULL(memmem(t_data().p, t_data().n,
	    "\x86\x09\x00\x10\xFF", 5));
	CU_ASSERT_EQUAL(t_send(s, "00D60000023082"), 0x6982);
	(void)t_send(s, "0020009008" PIN);
	CU_ASSERT_EQUAL(t_send(s, "00D6000002 3082"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00D607FF023082"), 0x6A84);
	ca_sim_free(s);
}

/* Each ATR has the fifteen historical bytes that make it a CNS. */
static void
models(void)
{
	static const char *const names[] = {"model=cns11", "model=jsign2048l",
	    "model=jsign2048lb", "model=jsign3", "model=infocert",
	    "model=aruba"};

	for (size_t i = 0; i < CA_COUNT(names); i++) {
		struct ca_sim *s = t_card("bit4id-cns", names[i]);
		struct ca_rd atr = ca_sim_atr(s);
		uint8_t tck = 0;

		for (size_t k = 1; k < atr.n; k++)
			tck ^= atr.p[k];
		CU_ASSERT_EQUAL(tck, 0);
		CU_ASSERT_EQUAL_FATAL(atr.n, 25);
		CU_ASSERT_EQUAL(memcmp(atr.p + 9, "\x00\x6B\x02\x09", 4), 0);
		CU_ASSERT_EQUAL(memcmp(atr.p + 18, "CNS", 3), 0);
		ca_sim_free(s);
	}
}

static void
lies(void)
{
	static const struct {
		const char *options, *select;
		const char *fci;  /* begins so */
		const char *data; /* the file begins so */
	} rows[] = {
	    {"bad=size", "00A40800041000100300",
		"6F1E80020110820301000083021003", "3734"},
	    {"bad=acl-cut", "00A40800041100110100",
		"6F1680020800820301000083021101850101"
		"8601008A0105",
		"3082"},
	    {"bad=idcarta", "00A40800041000100300", "6F1E80020010",
		"1B5B324A00FF800A"},
	    {"bad=personal", "00A40800041100110200", "6F1E80020190",
		"464646464646"},
	    {"bad=old-length", "00A40800042FFF822800", "6F1E80020040",
		"01FFF0000030"},
	    {"bad=old-none", "00A40800042FFF822800", "6F1E80020040",
		"010000000000"},
	};
	struct ca_sim *s;
	struct ca_rd r;

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct t_step steps[] = {
		    {rows[i].select, 0x9000, rows[i].fci},
		    {"00B0000008", 0x9000, rows[i].data},
		};

		s = t_card("bit4id-cns", rows[i].options);
		T_RUN(s, steps);
		ca_sim_free(s);
	}
	s = t_card("bit4id-cns", "bad=personal-hex");
	(void)t_send(s, "00A4080C0411001102");
	r = t_read_all(s, 0xFF);
	CU_ASSERT_PTR_NOT_NULL(memmem(r.p, r.n, "G!", 2));
	ca_sim_free(s);
}

/* Masks of other makers, and T=0. */
static void
other_makers(void)
{
	static const struct t_step idemia[] = {
	    {"00200090", 0x6A88, NULL}, /* no bit for "from here up" */
	    {"00200010", 0x63C3, NULL},
	    {"00A4080C0414009010", 0x6A82, NULL},
	    {"00A4080C061400900120 02", 0x9000, NULL},
	    {"00B0000002", 0x9000, "3082"},
	    {"00A4080C0414009002", 0x9000, NULL},
	    {"0020001008" PIN, 0x9000, NULL},
	    {"0022F30300", 0x9000, NULL},
	    {"0022F1B603830110", 0x6A88, NULL},
	    {"0022F1B603830102", 0x9000, NULL},
	    /* what was restored ends with the directory */
	    {"00A4000C023F00", 0x9000, NULL},
	    {"0022F1B603830101", 0x6985, NULL},
	};
	static const struct t_step infocamere[] = {
	    {"00A4080C0411001101", 0x6A82, NULL},
	    {"00A4080C042FFF8228", 0x9000, NULL},
	    {"00A4080C022FFF", 0x9000, NULL},
	    {"0020001008" PIN, 0x9000, NULL},
	    {"0022F30300", 0x9000, NULL},
	    {"0022F1B603830121", 0x9000, NULL},
	};
	struct ca_sim *s = t_card("bit4id-cns",
	    "model=idemia pin-ref=0x10 puk-ref=0x11 pin2-ref=0x10");
	struct ca_rd r;

	T_RUN(s, idemia);
	ca_sim_free(s);
	s = t_card("bit4id-cns",
	    "model=infocamere keys=1 pin-ref=0x10 puk-ref=0x11");
	T_RUN(s, infocamere);
	CU_ASSERT_EQUAL(t_send(s, "00A4080C042FFF8228"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0000009"), 0x9000);
	r = t_data();
	CU_ASSERT(r.n == 9 && r.p[0] == 0x01 && r.p[5] == 0x30 &&
		  r.p[6] == 0x82);
	CU_ASSERT((size_t)(r.p[1] << 8 | r.p[2]) == ca_sim_cert(s, 0).n);
	ca_sim_free(s);
	s = t_card("bit4id-cns", "t0=yes t1=no");
	r = ca_sim_atr(s);
	CU_ASSERT(r.n == 18 && r.p[1] == 0x1F &&
		  memcmp(r.p + 12, "CNS", 3) == 0);
	CU_ASSERT_EQUAL(t_send(s, "00A4080C0410001003"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B00000FF"), 0x6C10);
	ca_sim_free(s);
}

CU_TestInfo t_bit4id_cns[] = {
    {"other_makers", other_makers},
    {"trace", trace},
    {"auth_key", auth_key},
    {"strict", strict},
    {"environment", environment},
    {"short_pins", short_pins},
    {"renewed_certificate", renewed_certificate},
    {"models", models},
    {"lies", lies},
    CU_TEST_INFO_NULL,
};
