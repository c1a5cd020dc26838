/* The PKI SIM: the worked trace of a WIM in a card reader, byte for byte. */
#include <stdio.h>
#include <string.h>

#include "tests/sim/t.h"

#define APP_AID "A000000063504B43532D3135"
#define PIN_NR "3132333435363738"
#define PUK_NR "3837363534333231"
#define NEW_NR "3131323233333434"
#define SIM_PIN "31323334FFFFFFFF"
#define BAD "3939393939393939"
#define DIR_FCP "62128205422100300183022F008A010580020030"
#define ADF_FCP                                                                \
	"622E8202782183027FFF840C" APP_AID                                     \
	"A5038001718A01058B032F0601C6099001C0830101830181"
#define EF_FCP(fid, size) "620F820241218302" fid "8A01058002" size
#define TOKENINFO                                                              \
	"304702010004088984012345678901"                                       \
	"0C0953494D206D616B6572800C57494D20312E303120504B49030100"             \
	"300C300A020103060567"                                                 \
	"2B010102A20E300C02010102010005000302"                                 \
	"0640"
#define ODF                                                                    \
	"A806300404024401A006300404024402A406300404024404"                     \
	"A718A01630143012300030060604672B0103A106040"                          \
	"43F005015"
#define AODF                                                                   \
	"3034300B0C0550494E2D47030206C03003040101A120301E0302020C0A0101"       \
	"020104020108020108800101"                                             \
	"0401FF300604043F007FFF"                                               \
	"3035300C0C0650494E2D4E52030206C03003040102A120301E0302020C0A0101"     \
	"020104020108020108800181"                                             \
	"0401FF300604043F007FFF"
#define PRKDF                                                                  \
	"303330120C064E52206B65790302078004010202"                             \
	"0101"                                                                 \
	"300F0401450303060040030203B8020105A10C300A300404024B0102020800"
#define PSO                                                                    \
	"012A9E9A333031300D0609608648016503040201050004202CF24DBA5FB0A30E"     \
	"26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"

static void
select_app(struct ca_sim *s)
{
	static const struct t_step steps[] = {
	    {"0070000001", 0x9000, "01"},
	    {"01A404040C" APP_AID, 0x6130, NULL},
	    {"01C0000030", 0x9000, ADF_FCP},
	};

	T_RUN(s, steps);
}

static struct ca_rd
read_at(struct ca_sim *s, size_t at, size_t n)
{
	char cmd[40];

	snprintf(cmd, sizeof(cmd), "01B0%04zX%02zX", at, n & 0xFF);
	CU_ASSERT_EQUAL(t_send(s, cmd), 0x9000);
	return t_data();
}

/* Steps 1 to 3. */
static void
is_found(void)
{
	static const struct t_step steps[] = {
	    {"00A40804022F00", 0x6114, NULL},
	    {"00C0000014", 0x9000, DIR_FCP},
	    {"00B2010400", 0x6C30, NULL},
	    {"00B2010430", 0x9000,
		"61164F0C" APP_AID "5006504B43533135"
		"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"},
	    {"00B2020430", 0x6A83, NULL},
	    {"00B0000030", 0x6981, NULL},
	};
	struct ca_sim *s = t_card("uicc", "");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(t_data().n, 0);
	select_app(s);
	CU_ASSERT_EQUAL(t_data().n, 48);
	ca_sim_free(s);
}

/* Step 4: whole files, in the length that the FCP tells. */
static void
directories(void)
{
	static const struct t_step steps[] = {
	    {"01A40004025032", 0x6111, NULL},
	    {"01C0000011", 0x9000, EF_FCP("5032", "0049")},
	    {"01B0000049", 0x9000, TOKENINFO}, {"01B0000000", 0x6C49, NULL},
	    {"01B0004900", 0x6B00, NULL}, {"01A40004025031", 0x6111, NULL},
	    {"01C0000011", 0x9000, EF_FCP("5031", "0032")},
	    {"01B0000032", 0x9000, ODF}, {"01A40004024401", 0x6111, NULL},
	    {"01C0000011", 0x9000, EF_FCP("4401", "006D")},
	    {"01B000006D", 0x9000, AODF}, {"01A40004024402", 0x6111, NULL},
	    {"01C0000011", 0x9000, EF_FCP("4402", "0035")},
	    {"01B0000035", 0x9000, PRKDF}, {"01A40004024B01", 0x6111, NULL},
	    {"01B0000010", 0x6982, NULL}, /* the key itself */
	};
	struct ca_sim *s = t_card("uicc", "");

	select_app(s);
	T_RUN(s, steps);
	ca_sim_free(s);
}

/* Steps 4 and 5: the directory gives the certificate's place and size. */
static void
certificate(void)
{
	struct ca_sim *s = t_card("uicc", "");
	struct ca_rd leaf = ca_sim_cert(s, 0);
	uint8_t file[2048];
	struct ca_wr w = ca_wr_of(file, sizeof(file));
	char cdf[128];

	snprintf(cdf, sizeof(cdf),
	    "3022300A0C0443657274030206403003040145A10F300D300B04024331020100"
	    "8002%04zX",
	    leaf.n);
	select_app(s);
	CU_ASSERT_EQUAL(t_send(s, "01A400040C" APP_AID), 0x6A87);
	CU_ASSERT_EQUAL(t_send(s, "01A40004024404"), 0x6111);
	CU_ASSERT_EQUAL(t_send(s, "01B0000024"), 0x9000);
	{
		const struct t_step step[] = {{"01B0000024", 0x9000, cdf}};

		T_RUN(s, step);
	}
	CU_ASSERT_EQUAL(t_send(s, "01A40004024331"), 0x6111);
	while (w.n < leaf.n) {
		size_t left = leaf.n - w.n;

		ca_wr_bytes(&w, read_at(s, w.n, left < 256 ? left : 256));
	}
	CU_ASSERT(ca_rd_equal(ca_wr_rd(&w), leaf));
	ca_sim_free(s);
}

/* Steps 6 to 10. */
static void
signs(void)
{
	static const struct t_step first[] = {
	    {"0120008100", 0x63C3, NULL},
	    {"0120008108" PIN_NR, 0x9000, NULL},
	    {"0120008100", 0x9000, NULL},
	    {"0122F303", 0x9000, NULL},
	    {"012241B607 840105 81024B01", 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	};
	static const struct t_step again[] = {
	    /* the signature has used PIN-NR up */
	    {"0120008100", 0x63C3, NULL},
	    {PSO, 0x6982, NULL},
	    {"0120008108" PIN_NR, 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	};
	struct ca_sim *s = t_card("uicc", "");

	select_app(s);
	T_RUN(s, first);
	CU_ASSERT_EQUAL(t_send(s, "01C0000000"), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 256);
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), t_data(), "hello", 5));
	T_RUN(s, again);
	CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_SIGNATURES), 2);
	CU_ASSERT_EQUAL(ca_sim_pin_commands(s, 1), 0);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 1), 3);
	ca_sim_free(s);
}

/* Steps 11 and 12. */
static void
changes_and_unblocks(void)
{
	static const struct t_step steps[] = {
	    {"0124008110" PIN_NR NEW_NR, 0x9000, NULL},
	    {"0120008108" PIN_NR, 0x63C2, NULL},
	    {"0120008108" PIN_NR, 0x63C1, NULL},
	    {"0120008108" PIN_NR, 0x63C0, NULL},
	    {"0120008108" NEW_NR, 0x6983, NULL},
	    {"0120008100", 0x6983, NULL},
	    {"012C008100", 0x63CA, NULL}, /* tries of the PUK */
	    {"012C008110" BAD NEW_NR, 0x63C9, NULL},
	    {"012C008110" PUK_NR NEW_NR, 0x9000, NULL},
	    {"0120008108" NEW_NR, 0x9000, NULL},
	    {"0120008104"
	     "31323334",
		0x6700, NULL},
	    {"012000C100", 0x6A88, NULL}, /* a PUK is no PIN */
	    {"0120008200", 0x6A88, NULL},
	};
	struct ca_sim *s = t_card("uicc", "");

	select_app(s);
	T_RUN(s, steps);
	CU_ASSERT_EQUAL(ca_sim_pin_commands(s, 1), 0);
	ca_sim_free(s);
}

/* Step 13: with PIN-G, here the subscriber's own. */
static void
renews_certificate(void)
{
	static const struct t_step steps[] = {
	    {"01A4000C024332", 0x9000, NULL},
	    {"01D6000004 30820102", 0x6982, NULL},
	    {"0120000108" SIM_PIN, 0x9000, NULL},
	    {"01D6000004 30820102", 0x9000, NULL},
	    {"01D60FFE04 30820102", 0x6A84, NULL},
	    {"01A4000C025033", 0x9000, NULL},
	    {"01B0000012", 0x9000,
		"3010300B04024332020100800210000401"
		"01"},
	    {"01D6000D02 0C00", 0x9000, NULL},
	    {"01A4000C024404", 0x9000, NULL},
	    {"01D6000004 30220000", 0x9000, NULL},
	};
	struct ca_sim *s = t_card("uicc", "");

	select_app(s);
	T_RUN(s, steps);
	CU_ASSERT_EQUAL(ca_sim_pin_commands(s, 1), 1);
	ca_sim_free(s);
}

/* Step 14, and what a channel is. */
static void
channels(void)
{
	static const struct t_step steps[] = {
	    {"01A40004022F00", 0x6881, NULL}, /* not open */
	    {"0070000000", 0x6C01, NULL},
	    {"0070000001", 0x9000, "01"},
	    {"01A4040C0C" APP_AID, 0x9000, NULL},
	    {"0120008108" PIN_NR, 0x9000, NULL},
	    /* the basic channel has its own place and no PIN of the WIM */
	    {"0020008100", 0x6A88, NULL},
	    {"00A4080C022F00", 0x9000, NULL},
	    {"01B0000010", 0x6986, NULL},
	    {"0120008100", 0x9000, NULL},
	    {"0070000001", 0x9000, "02"},
	    {"0070000001", 0x9000, "03"},
	    {"0070000001", 0x6A81, NULL},
	    {"02A40004022F00", 0x6114, NULL},
	    {"01C0000014", 0x6985, NULL}, /* of another channel */
	    {"02C0000014", 0x9000, DIR_FCP},
	    {"40A40004022F00", 0x6881, NULL},
	    {"0070800100", 0x9000, NULL},
	    {"0070800100", 0x6881, NULL},
	    {"0120008100", 0x6881, NULL},
	    {"0070000001", 0x9000, "01"},
	    {"01A4040C0C" APP_AID, 0x9000, NULL},
	    {"0120008100", 0x63C3, NULL}, /* forgotten with the channel */
	    {"0070800000", 0x6A86, NULL},
	};
	struct ca_sim *s = t_card("uicc", "");

	T_RUN(s, steps);
	ca_sim_reset(s, false);
	CU_ASSERT_EQUAL(t_send(s, "01A40004022F00"), 0x6881);
	ca_sim_free(s);
}

CU_TestInfo t_uicc[] = {
    {"is_found", is_found},
    {"directories", directories},
    {"certificate", certificate},
    {"signs", signs},
    {"changes_and_unblocks", changes_and_unblocks},
    {"renews_certificate", renews_certificate},
    {"channels", channels},
    CU_TEST_INFO_NULL,
};
