/* The entersafe card: what is known of its commands, byte for byte. */
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_entersafe.h"
#include "tests/sim/t.h"

#define FF10 "FFFFFFFFFFFFFFFFFFFF"
#define FF40 FF10 FF10 FF10 FF10
#define SELECT_MF "00A40000023F00E0"
#define SELECT_APP "00A40000025015E0"
#define PIN "313233343536373800000000 00000000"
#define NEW_PIN "313132323333343400000000 00000000"
#define PUK "383736353433323100000000 00000000"
#define VERIFY "0020000110" PIN
/* SHA-256 of "hello" in its DigestInfo. */
#define HELLO                                                                  \
	"3031300D060960864801650304020105000420"                               \
	"2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define MSE_HEAD "0022 41B8 49 800180 83020122 8940 0001" FF40 FF10 FF10 "FFFF"
#define PSO_REST "002A 8680 C0" FF40 FF40 FF40 FF10 FF10 "00" HELLO "00"
/* The maintenance key's command for PIN 12345678 under a known challenge. */
#define UNBLOCK_CHALLENGE "174C94AB48DF540A"
#define UNBLOCK                                                                \
	"84F40B011C 13A40B0B7E5D46145C4A24F0505078FADDA7EDE34C07BF3F 1AA55F07"

static struct ca_rd
bytes(const char *hex)
{
	static uint8_t room[64];
	size_t n = 0;

	if (!ca_hex_parse(hex, room, sizeof(room), &n))
		abort();
	return ca_rd_of(room, n);
}

static void
plan(struct ca_sim *s, const char *hex)
{
	ca_sim_ft_plan(s, bytes(hex));
}

static void
macs(void)
{
	static const uint8_t transport[] = {
	    0x92, 0x34, 0x2E, 0xEF, 0x23, 0x40, 0x4F, 0xD1};
	struct ca_sim *s = t_card("entersafe", "keys=0");
	struct ca_sim_ft_key keys[] = {
	    ca_sim_ft_des(transport, sizeof(transport)),
	    ca_sim_es_admin_key(s, CA_SIM_ES_INITIAL),
	    ca_sim_es_admin_key(s, CA_SIM_ES_MAINTAIN),
	};
	static const struct {
		const char *challenge, *head, *data, *mac;
	} rows[] = {
	    {"08123A0963F137E0", "84E00000",
		"3F00041103 0010C010202020 00000000000000000000000000"
		"0102030405060708090A0B0C0D0E0F10",
		"274AF575"},
	    {"89BC0CB16F32225C", "84E00200",
		"2F00 0080 0000 00 10101010101010101010 0000", "4EE6E61C"},
	    {UNBLOCK_CHALLENGE, "84F40B01",
		"13A40B0B7E5D46145C4A24F0505078FADDA7EDE34C07BF3F", "1AA55F07"},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		uint8_t challenge[8];
		uint8_t head[4];
		uint8_t mac[4];

		memcpy(challenge, bytes(rows[i].challenge).p, 8);
		memcpy(head, bytes(rows[i].head).p, 4);
		CU_ASSERT(ca_sim_es_mac(&keys[i], challenge, head,
		    bytes(rows[i].data), mac));
		CU_ASSERT(ca_rd_equal(ca_rd_of(mac, 4), bytes(rows[i].mac)));
	}
	ca_sim_free(s);
}

/* From the first SELECT to a signature, a new PIN and the old one back. */
static void
transcript(void)
{
	static const struct t_step steps[] = {
	    {SELECT_MF, 0x9000,
		"6F1683023F00841020202000000000000000000000000000"},
	    {"00A40000022F00E0", 0x9000, "6F0B8102008082010183022F00"},
	    {"00B0000080", 0x9000,
		"611E4F0CA000000063504B43532D31355008"
		"53494D544F4B454E51043F00501500"},
	    {SELECT_MF, 0x9000, NULL},
	    {SELECT_APP, 0x9000,
		"6F16830250158410A000000063504B43532D313500001010"},
	    {"00A40000025031E0", 0x9000, "6F0B8102020082010183025031"},
	    {"00B00000E0", 0x9000, "A80A300804063F0050154401"},
	    {"00B000E0E0", 0x9000, NULL},
	    {"00B001C040", 0x9000, NULL},
	    {"00A40000024404E0", 0x9000, "6F0B8102080082010183024404"},
	    {"00A40000023100E0", 0x9000, "6F0B8102"},
	    {"00B00000E0", 0x9000, "3082"},
	    {"00200001", 0x63C3, NULL},
	    {VERIFY, 0x9000, NULL},
	    {MSE_HEAD, 0x9000, NULL},
	    {PSO_REST, 0x9000, NULL},
	};
	static const struct t_step after[] = {
	    {"0024000120" PIN NEW_PIN, 0x9000, NULL},
	    {VERIFY, 0x63C2, NULL},
	    {"0020000110" NEW_PIN, 0x9000, NULL},
	    {"0020000210" PUK, 0x9000, NULL},
	    {"0084000008", 0x9000, UNBLOCK_CHALLENGE},
	    {UNBLOCK, 0x9000, NULL},
	    {"0020000110" NEW_PIN, 0x63C2, NULL},
	    {VERIFY, 0x9000, NULL},
	};
	struct ca_sim *s = t_card("entersafe", "label=SIMTOKEN");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(t_data().n, 256);
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), t_data(), "hello", 5));
	plan(s, UNBLOCK_CHALLENGE);
	T_RUN(s, after);
	ca_sim_free(s);
}

static void
unblocking(void)
{
	static const struct t_step block[] = {
	    {SELECT_MF, 0x9000, NULL},
	    {SELECT_APP, 0x9000, NULL},
	    {"0020000110" NEW_PIN, 0x63C2, NULL},
	    {"0020000110" NEW_PIN, 0x63C1, NULL},
	    {"0020000110" NEW_PIN, 0x63C0, NULL},
	    {VERIFY, 0x6983, NULL},
	    {"00200001", 0x6983, NULL},
	    {"0024000120" PIN NEW_PIN, 0x6983, NULL},
	    /* no challenge; one, but no PUK; a challenge counts once */
	    {UNBLOCK, 0x6985, NULL},
	    {"0020000210" NEW_PIN, 0x63C2, NULL},
	    {"0084000008", 0x9000, UNBLOCK_CHALLENGE},
	    {UNBLOCK, 0x6982, NULL},
	    {UNBLOCK, 0x6985, NULL},
	    {VERIFY, 0x6983, NULL},
	    {"0020000210" PUK, 0x9000, NULL},
	    /* another challenge than the MAC is for */
	    {"0084000008", 0x9000, NULL},
	    {UNBLOCK, 0x6988, NULL},
	    {VERIFY, 0x6983, NULL},
	};
	static const struct t_step mend[] = {
	    {"0084000008", 0x9000, UNBLOCK_CHALLENGE},
	    {UNBLOCK, 0x9000, NULL},
	    {VERIFY, 0x9000, NULL},
	};
	static const struct t_step other[] = {
	    {SELECT_MF, 0x9000, NULL},
	    {SELECT_APP, 0x9000, NULL},
	    {"0020000210" PUK, 0x9000, NULL},
	    {"0084000008", 0x9000, UNBLOCK_CHALLENGE},
	    {UNBLOCK, 0x6988, NULL},
	};
	struct ca_sim *s = t_card("entersafe", "keys=0");

	plan(s, UNBLOCK_CHALLENGE);
	T_RUN(s, block);
	plan(s, UNBLOCK_CHALLENGE);
	T_RUN(s, mend);
	ca_sim_free(s);
	s = t_card("entersafe", "keys=0 admin-keys=other");
	plan(s, UNBLOCK_CHALLENGE);
	T_RUN(s, other);
	ca_sim_free(s);
}

/* A file of its own making, as for a renewed certificate. */
static void
creating(void)
{
	static const struct t_step steps[] = {
	    {"00A40000022F00E0", 0x6A82, NULL},
	    {"0084000008", 0x9000, "89BC0CB16F32225C"},
	    {"84E0020017 2F00008000000010101010101010101010 0000 4EE6E61C",
		0x9000, NULL},
	    {"00A40000022F00E0", 0x9000, "6F0B8102008082010183022F00"},
	    {"00D6000004 61024F00", 0x9000, NULL},
	    {"00B0000006", 0x9000, "61024F000000"},
	    {"00D6008001 00", 0x6A84, NULL},
	    {"00D6008101 00", 0x6B00, NULL},
	};
	static const struct t_step again[] = {
	    {"0084000008", 0x9000, "89BC0CB16F32225C"},
	    {"84E0020017 2F00008000000010101010101010101010 0000 4EE6E61C",
		0x6A89, NULL},
	    {"84E0020017 2F00008000000010101010101010101010 0000 4EE6E61C",
		0x6985, NULL},
	    {"84E0010017 2F00008000000010101010101010101010 0000 4EE6E61C",
		0x6A86, NULL},
	    {"84E0020004 4EE6E61C", 0x6700, NULL},
	    {"00E0020004 4EE6E61C", 0x6E00, NULL},
	};
	/* 4096: no EF.DIR */
	struct ca_sim *s = t_card("entersafe", "keys=0 missing=4096");

	plan(s, "89BC0CB16F32225C");
	T_RUN(s, steps);
	plan(s, "89BC0CB16F32225C");
	T_RUN(s, again);
	ca_sim_free(s);
}

static void
strict(void)
{
	static const struct t_step steps[] = {
	    {"80EA000008", 0x9000, "0123456789ABCDEF"},
	    {"80EA000004", 0x6700, NULL},
	    {"0084000004", 0x6700, NULL},
	    {"00A404000CA000000063504B43532D3135", 0x6A86, NULL},
	    {"00A400000431005015", 0x6A87, NULL},
	    {"00A40000023100", 0x6A82, NULL}, /* not from here */
	    {"0020000110" PIN, 0x6A88, NULL}, /* the PIN is in 5015 */
	    {SELECT_APP, 0x9000, NULL},
	    {"00A40000023100", 0x9000, NULL},
	    {"00B0000000", 0x9000, NULL},
	    {"00B100000454020000 00", 0x6D00, NULL},
	    {"002C000102 3131", 0x6D00, NULL},
	    {"0088000001 00 00", 0x6D00, NULL},
	    {"8020000110" PIN, 0x6E00, NULL},
	    {"0CA40000023100", 0x6E00, NULL},
	    {"00B0800010", 0x6A86, NULL}, /* no short identifiers */
	    {"80B0800010", 0x6B00, NULL}, /* an offset of 32768 */
	    {"80B0000404", 0x9000, NULL},
	    {"00D6000004 30820000", 0x6982, NULL},
	    {"0020000108 3132333435363738", 0x6700, NULL},
	    {MSE_HEAD, 0x9000, NULL},
	    {PSO_REST, 0x6982, NULL}, /* no PIN */
	    {VERIFY, 0x9000, NULL},
	    {PSO_REST, 0x6985, NULL}, /* MSE counts once */
	    {"002241B6 07 800180 83020122", 0x6A86, NULL},
	    {"002241B8 07 800181 83020122", 0x6A80, NULL},
	    {"002241B8 07 800180 8302012A", 0x6A80, NULL},
	    {"002241B8 07 800180 83020922", 0x6A88, NULL},
	    {"002241B8 03 800180", 0x6A80, NULL},
	    {"002241B8 07 800180 83020122", 0x9000, NULL},
	    {"002A868001 0000", 0x6700, NULL}, /* no whole block */
	    {"80E62A0200", 0x6A88, NULL},
	    {"80E6220100", 0x6A86, NULL},
	    {"80E62A0100", 0x610A, "4504010001004E820100"},
	    {"00C000000A", 0x9000, NULL},
	};
	char big[600] = "00D60000E1";
	struct ca_sim *s = t_card("entersafe", "");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(t_data().n, 10);
	/* 225 bytes are one too many. */
	memset(big + 10, '0', 450);
	CU_ASSERT_EQUAL(t_send(s, big), 0x6700);
	big[9] = '0';
	big[10 + 448] = '\0';
	t_send(s, "00A4000002310000");
	CU_ASSERT_EQUAL(t_send(s, big), 0x9000);
	ca_sim_free(s);
}

static void
older(void)
{
	static const struct t_step steps[] = {
	    {"00A40000023F00", 0x6118, NULL},
	    {"00C0000018", 0x9000, "6F1683023F008410"},
	    {"00A40000025015", 0x6118, NULL},
	    {"00A40000024404", 0x610D, NULL},
	    {"00B00000E0", 0x9000, NULL},
	    {"00B0071600", 0x6CE0, NULL},
	    {VERIFY, 0x9000, NULL},
	    {"0022 41B8 49 800180 83020122 8940 0001" FF40 FF10 FF10 "FFFF",
		0x9000, NULL},
	    {"002A 8680 C0" FF40 FF40 FF40 FF10 FF10 "00" HELLO, 0x6100, NULL},
	    {"00C0000000", 0x9000, NULL},
	};
	struct ca_sim *s = t_card("entersafe", "t0=yes t1=no");

	CU_ASSERT_EQUAL(ca_sim_atr(s).p[1], 0x0F);
	T_RUN(s, steps);
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), t_data(), "hello", 5));
	ca_sim_free(s);
}

CU_TestInfo t_entersafe[] = {
    {"MACs of administrative commands", macs},
    {"from SELECT to a signature and a new PIN", transcript},
    {"unblocking", unblocking},
    {"creating a file", creating},
    {"status words", strict},
    {"ePass3000, T=0", older},
    CU_TEST_INFO_NULL,
};
