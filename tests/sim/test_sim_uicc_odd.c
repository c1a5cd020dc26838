/* The PKI SIM as it may be, and as it may lie. */
#include <stdio.h>
#include <string.h>

#include "tests/sim/t.h"

#define APP_AID "A000000063504B43532D3135"
#define APP "00A4040C0C" APP_AID
#define PIN_NR "3132333435363738"
#define PUK_NR "3837363534333231"
#define SIM_PIN "31323334FFFFFFFF"
#define OTHER "3939393939393939"
#define INFO                                                                   \
	"3031300D060960864801650304020105000420"                               \
	"2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define PSO "002A9E9A33" INFO

static struct ca_rd
read_ef(struct ca_sim *s, const char *fid, unsigned size)
{
	char cmd[32];

	snprintf(cmd, sizeof(cmd), "00A4000C02%s", fid);
	CU_ASSERT_EQUAL(t_send(s, cmd), 0x9000);
	snprintf(cmd, sizeof(cmd), "00B00000%02X", size);
	CU_ASSERT_EQUAL(t_send(s, cmd), 0x9000);
	return t_data();
}

static bool
holds(struct ca_rd r, const void *text, size_t n)
{
	return memmem(r.p, r.n, text, n) != NULL;
}

static void
run(const char *options, const struct t_step *steps, size_t n)
{
	struct ca_sim *s = t_card("uicc", options);

	t_run(s, steps, n);
	ca_sim_free(s);
}
#define RUN(options, steps) run(options, steps, CA_COUNT(steps))

static void
select_forms(void)
{
	static const struct t_step strict[] = {
	    {"00A40000022F00", 0x6A86, NULL},
	    {"00A4020C022F00", 0x6A86, NULL},
	    {"00A4080C027FFF", 0x6A82, NULL}, /* no application yet */
	    {"00A4000C025031", 0x6A82, NULL},
	    {APP, 0x9000, NULL},
	    {"00A40804027FFF", 0x6130, NULL},
	    {"00A40004027FFF", 0x6130, NULL},
	    {"00A40804047FFF5031", 0x6111, NULL},
	    {"00A408040450155031", 0x6111, NULL}, /* the WIM's own path */
	    {"00A40904025031", 0x6111, NULL},
	    {"00A4000C022FE2", 0x9000, NULL},
	    {"00B000000A", 0x9000,
		"98481032547698"
		"10FFFF"},
	    {"00A4000C027FFF", 0x9000, NULL}, /* still current */
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {"00A4044C0C" APP_AID, 0x9000, NULL}, /* ends the session */
	    {"0020008100", 0x6A88, NULL},
	    {APP, 0x9000, NULL},
	    {"0020008100", 0x63C3, NULL},
	    {"00A4080C022F00", 0x9000, NULL},
	    {"00B201F430", 0x9000, "61164F0C"}, /* by short identifier */
	    {"00B2010130", 0x6A86, NULL},
	    {"00B2000430", 0x6A83, NULL},
	};
	static const struct t_step loose[] = {
	    {"00A40000022F00", 0x6114, NULL},
	    {"00C0000014", 0x9000, "621282054221"},
	    {"00A404000C" APP_AID, 0x6130, NULL},
	};

	RUN("", strict);
	RUN("model=select-00", loose);
}

static void
class_bytes(void)
{
	static const struct t_step plain[] = {
	    {"80A4040C0C" APP_AID, 0x6E00, NULL},
	    {"04A4040C0C" APP_AID, 0x6882, NULL},
	    {"10A4040C0C" APP_AID, 0x6884, NULL},
	    {"20A4040C0C" APP_AID, 0x6E00, NULL},
	};
	static const struct t_step class80[] = {
	    {"0070000001", 0x9000, "01"},
	    {"81A4080C022F00", 0x6E00, NULL},
	    {"01A404040C" APP_AID, 0x6130, NULL},
	    {"01C0000030", 0x9000, NULL},
	    {"01A4000C025031", 0x6E00, NULL},
	    {"0120008100", 0x6E00, NULL},
	    {"81A40004025031", 0x6111, NULL},
	    {"81C0000011", 0x9000, NULL},
	    {"8120008108" PIN_NR, 0x9000, NULL},
	    {"8122F303", 0x9000, NULL},
	    {"812241B607 840105 81024B01", 0x9000, NULL},
	    {"812A9E9A33" INFO, 0x6100, NULL},
	    {"0070800100", 0x9000, NULL},
	};

	RUN("", plain);
	RUN("model=class80", class80);
}

static void
environment_is_strict(void)
{
	static const struct t_step steps[] = {
	    {"0022F303", 0x6985, NULL}, /* outside the application */
	    {APP, 0x9000, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {PSO, 0x6985, NULL},
	    {"002241B607 840105 81024B01", 0x9000, NULL},
	    {PSO, 0x6985, NULL}, /* nothing was restored */
	    {"0022F301", 0x6A88, NULL},
	    {"0022F303", 0x9000, NULL},
	    {PSO, 0x6985, NULL}, /* no key */
	    {"002241B603 840106", 0x6A88, NULL},
	    {"002241B607 840105 81024B02", 0x6A88, NULL},
	    {"002241B603 830105", 0x6A80, NULL},
	    {"002241B604 81024B01", 0x6A88, NULL},
	    {"002241B8 03 840105", 0x6A86, NULL},
	    {"002241B603 840105", 0x9000, NULL},
	    {"002A9E9A00", 0x6700, NULL},
	    {PSO, 0x6100, NULL},
	};
	static const struct t_step easy[] = {
	    {APP, 0x9000, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {"002241B603 840105", 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	};

	RUN("", steps);
	RUN("model=no-restore", easy);
}

/* Whose try is spent when the directory names the subscriber's PIN. */
static void
subscriber(void)
{
	static const struct t_step own[] = {
	    {"0020000100", 0x63C3, NULL}, {"0020000108" OTHER, 0x63C2, NULL},
	    {APP, 0x9000, NULL}, {"0020000100", 0x63C2, NULL},
	    {"0020000208" OTHER, 0x63C2, NULL},
	    {"0020000208" SIM_PIN, 0x9000, NULL},
	    {"0020008108" OTHER, 0x63C2, NULL}, {"0020000100", 0x63C2, NULL},
	    {"002C000100", 0x63CA, NULL},
	    {"002C000110" PUK_NR OTHER, 0x63C9, NULL}, /* not its PUK */
	};
	static const struct t_step named[] = {
	    {APP, 0x9000, NULL},
	    {"0020008100", 0x6A88, NULL},
	    {"0022F303", 0x9000, NULL},
	    {"002241B603 840105", 0x9000, NULL},
	    {"0020000108" SIM_PIN, 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	};
	struct ca_sim *s = t_card("uicc", "pin2-ref=2");

	T_RUN(s, own);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 1), 2);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 2), 3);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 0x81), 2);
	CU_ASSERT_EQUAL(ca_sim_pin_commands(s, 1), 2);
	CU_ASSERT_EQUAL(t_send(s, "00A404040C" APP_AID), 0x6133);
	CU_ASSERT_EQUAL(t_send(s, "00C0000033"), 0x9000);
	CU_ASSERT(holds(t_data(),
	    "\xC6\x0C\x90\x01\xE0\x83\x01\x01\x83\x01\x02\x83\x01\x81", 14));
	ca_sim_free(s);
	s = t_card("uicc", "pin-ref=1");
	T_RUN(s, named);
	CU_ASSERT_EQUAL(ca_sim_pin_commands(s, 1), 1);
	CU_ASSERT(holds(read_ef(s, "4401", 0x6D), "PIN-NR", 6));
	ca_sim_free(s);
}

static void
pin_g_off(void)
{
	static const struct t_step steps[] = {
	    {"00A404040C" APP_AID, 0x6130, NULL},
	    {"00C0000030", 0x9000, NULL},
	    {"0020000100", 0x9000, NULL},
	    {"0020000108" SIM_PIN, 0x6984, NULL},
	    {"00A4000C024332", 0x9000, NULL},
	    {"00D6000002 3082", 0x9000, NULL},
	};

	RUN("model=pin-g-off", steps);
}

/* Two keys, a chain: one file holds every certificate. */
static void
shared_file(void)
{
	struct ca_sim *s =
	    t_card("uicc", "keys=2 chain=2 cert-max=900 pin2-ref=2");
	struct ca_rd sub = ca_sim_cert(s, 1);
	size_t first = ca_sim_cert(s, 0).n;
	char want[64];
	const struct t_step auth[] = {
	    {"0022F303", 0x9000, NULL},
	    {"002241B607 840106 81024B02", 0x9000, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {PSO, 0x6982, NULL},
	    {"0020000208" SIM_PIN, 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	    {PSO, 0x6100, NULL},
	};
	struct ca_rd r;

	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	T_RUN(s, auth);
	CU_ASSERT_EQUAL(t_send(s, "00A4000C024404"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0002411") & 0xFF00, 0x9000);
	snprintf(want, sizeof(want), "00B0%04zX10", first);
	CU_ASSERT_EQUAL(t_send(s, "00A4000C024331"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, want), 0x9000);
	r = t_data();
	CU_ASSERT(r.n == 16 && r.p[0] == 0x30 && r.p[1] == 0x82);
	CU_ASSERT_EQUAL(t_send(s, "00A4000C024405"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0000040"), 0x9000);
	CU_ASSERT(holds(t_data(), "Sub CA", 6));
	CU_ASSERT(holds(t_data(), "\x04\x01\x11\x01\x01\xFF", 6));
	CU_ASSERT(sub.n > 0);
	ca_sim_free(s);
}

static void
variants(void)
{
	static const struct t_step usim[] = {
	    {"00A40804022F00", 0x6114, NULL},
	    {"00C0000014", 0x9000, "62128205422100300283022F008A010580020060"},
	    {"00B2010430", 0x9000, "61184F10A0000000871002FF"},
	    {"00B2020430", 0x9000, "61164F0CA000000063"},
	    {"00A404040C"
	     "A0000000871002FF84FFFF89",
		0x6131, NULL},
	};
	static const struct t_step path[] = {
	    {"00A4080C022F00", 0x9000, NULL},
	    {"00B2010430", 0x9000,
		"611C4F0C" APP_AID "5006504B43533135"
		"51043F007F50FF"},
	    {"00A4080C027F50", 0x9000, NULL},
	    {"0020008100", 0x63C3, NULL},
	};
	static const struct t_step wap[] = {
	    {APP, 0x6A82, NULL},
	    {"00A4040C0C"
	     "A0000000635741502D57494D",
		0x9000, NULL},
	};
	static const struct t_step proactive[] = {
	    {"0070000001", 0x9110, "01"},
	    {APP, 0x9110, NULL},
	    {"00A4000C025031", 0x9110, NULL},
	    {"00B0000004", 0x9110, "A8063004"},
	    {"0020008108" PIN_NR, 0x9110, NULL},
	    {"0020008100", 0x9110, NULL},
	    {"0022F303", 0x9110, NULL},
	    {"002241B607 840105 81024B01", 0x9110, NULL},
	    {PSO, 0x6100, NULL},
	    {"00C0000000", 0x9110, NULL},
	    {"0020008100", 0x63C3, NULL},
	};
	static const struct t_step far[] = {
	    {"0070000001", 0x9000, "04"},
	    {"0070000001", 0x9000, "05"},
	    {"01A40804022F00", 0x6881, NULL},
	    {"40A4040C0C" APP_AID, 0x9000, NULL},
	    {"40A40004025031", 0x6111, NULL},
	    {"41C0000011", 0x6985, NULL}, /* of another channel */
	    {"40C0000011", 0x9000, NULL},
	    {"4020008108" PIN_NR, 0x9000, NULL},
	    {"60A40004025031", 0x6882, NULL},
	    {"0070800400", 0x9000, NULL},
	    {"4020008100", 0x6881, NULL},
	};
	/* A PIN in a directory of its own: gone when that is left. */
	static const struct t_step deep[] = {
	    {APP, 0x9000, NULL},
	    {"0020008100", 0x6A88, NULL},
	    {"00A4080C047FFF5300", 0x9000, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {"0022F303", 0x9000, NULL},
	    {"002241B607 840105 81024B01", 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {"00A4000C027FFF", 0x9000, NULL},
	    {PSO, 0x6982, NULL},
	};
	static const struct t_step once[] = {
	    {APP, 0x9000, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {"0022F303", 0x9000, NULL},
	    {"002241B607 840105 81024B01", 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {PSO, 0x6985, NULL},
	};
	static const struct t_step arf[] = {
	    {"00A40804022F00", 0x6114, NULL},
	    {"00B2010430", 0x9000, "61134F0C" APP_AID "5003415246"},
	    {"00B2020430", 0x9000, "61164F0CA0000000635741502D57494D"},
	    {APP, 0x9000, NULL},
	    {"00A4000C025031", 0x9000, NULL},
	    {"00B0000008", 0x9000, "A706300404024310"},
	    {"0020008100", 0x6A88, NULL},
	};
	static const struct t_step flat[] = {
	    {"00A4080C022F00", 0x9000, NULL},
	    {"00B2010430", 0x6981, NULL},
	    {"00B0000030", 0x9000, "61164F0C" APP_AID},
	};
	/* A plain application has nothing to restore. */
	static const struct t_step plain[] = {
	    {APP, 0x9000, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {"0022F303", 0x6A81, NULL},
	    {"002241B603 840105", 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	    /* selected by name again, its session begins anew */
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {"00A4000C027FFF", 0x9000, NULL},
	    {"0020008100", 0x9000, NULL},
	    {APP, 0x9000, NULL},
	    {"0020008100", 0x63C3, NULL},
	};
	static const struct t_step by_file[] = {
	    {APP, 0x9000, NULL},
	    {"0020008108" PIN_NR, 0x9000, NULL},
	    {"0022F303", 0x9000, NULL},
	    {"002241B604 81024B01", 0x9000, NULL},
	    {PSO, 0x6100, NULL},
	};
	static const struct t_step one[] = {
	    {"0070000001", 0x9000, "01"},
	    {"0070000001", 0x6A81, NULL},
	};
	struct ca_sim *s = t_card("uicc", "label=SIM");

	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT(!holds(read_ef(s, "5031", 24), "\xA7", 1));
	CU_ASSERT(holds(read_ef(s, "5032", 0x32), "\x80\x03SIM", 5));
	ca_sim_free(s);
	s = t_card("uicc", "model=blanks,holes");
	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT(holds(read_ef(s, "4401", 64),
	    "\xFF\xFF\x00\x02\x30\x7F\x00\x81\x03\x30\x01\x00", 12));
	CU_ASSERT(holds(read_ef(s, "4401", 80), "\x0C\x20PIN-G     ", 12));
	ca_sim_free(s);
	RUN("model=usim", usim);
	RUN("model=path", path);
	RUN("aid=A0000000635741502D57494D", wap);
	RUN("model=proactive", proactive);
	RUN("model=one-channel", one);
	RUN("model=far-channel", far);
	RUN("model=pin-df", deep);
	RUN("model=se-once", once);
	RUN("model=arf aid=A0000000635741502D57494D", arf);
	RUN("model=dir-flat", flat);
	RUN("label=SIM", plain);
	RUN("missing=128", by_file);
	s = t_card("uicc", "model=silent pin-padding=no");
	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT(!holds(read_ef(s, "4402", 0x32), "\x04\x01\x02\x02", 4));
	CU_ASSERT(holds(read_ef(s, "4401", 0x6D), "\x03\x02\x03\x08", 4));
	ca_sim_free(s);
}

static void
lies(void)
{
	static const struct t_step records[] = {
	    {"00A40804022F00", 0x6114, NULL},
	    {"00C0000014", 0x9000, "6212820542210030FF83022F008A010580022FD0"},
	    {"00B2010430", 0x9000, "610D4F08A0000000870100FF50012D"},
	    {"00B2FF0430", 0x9000, "61164F0CA000000063"},
	};
	static const struct t_step record0[] = {
	    {"00A40804022F00", 0x6114, NULL},
	    {"00C0000014", 0x9000, "62128205422100000183022F00"},
	};
	static const struct t_step record_short[] = {
	    {"00A40804022F00", 0x6111, NULL},
	    {"00C0000011", 0x9000, "620F8202422183022F00"},
	};
	static const struct t_step fcp_long[] = {
	    {"00A40804022F00", 0x6114, NULL},
	    {"00C0000014", 0x9000, "627E82054221003001"},
	};
	static const struct t_step fcp_inner[] = {
	    {"00A40804022F00", 0x6114, NULL},
	    {"00C0000014", 0x9000, "62128205422100300183022F008A0105807F"},
	};
	static const struct t_step fcp_pins[] = {
	    {"00A404040C" APP_AID, 0x6130, NULL},
	    {"00C0000030", 0x9000,
		"622E8202782183027FFF840C" APP_AID "A5038001718A01058B032F0601"
		"C6099001C0830101837F81"},
	};
	static const struct t_step loop[] = {
	    {APP, 0x9000, NULL},
	    {"00A4000C025031", 0x9000, NULL},
	    {"00B0000018", 0x9000,
		"A806300404025031A006300404025031A406300404025031"},
	};
	struct ca_sim *s = t_card("uicc", "bad=range");
	size_t leaf = ca_sim_cert(s, 0).n + 4096;
	uint8_t size[4] = {0x80, 0x02, (uint8_t)(leaf >> 8), (uint8_t)leaf};

	CU_ASSERT_EQUAL(t_send(s, APP), 0x9000);
	CU_ASSERT(holds(read_ef(s, "4404", 0x24), size, sizeof(size)));
	ca_sim_free(s);
	RUN("bad=records", records);
	RUN("bad=record0", record0);
	RUN("bad=record-short", record_short);
	RUN("bad=fcp-long", fcp_long);
	RUN("bad=fcp-inner", fcp_inner);
	RUN("bad=fcp-pins", fcp_pins);
	RUN("bad=odf-loop", loop);
}

/* Trouble strikes here as on any card. */
static void
trouble(void)
{
	struct ca_sim_trouble t;
	struct ca_sim *s = t_card("uicc", "");

	CU_ASSERT_EQUAL(t_send(s, "0070000001"), 0x9000);
	CU_ASSERT_EQUAL(ca_sim_trouble_parse("1:forget", &t), CA_OK);
	ca_sim_trouble(s, &t);
	CU_ASSERT_EQUAL(t_send(s, "01A40804022F00"), 0x6881);
	CU_ASSERT_EQUAL(ca_sim_trouble_parse("insA4:sw=9300", &t), CA_OK);
	ca_sim_trouble(s, &t);
	CU_ASSERT_EQUAL(t_send(s, "00A40804022F00"), 0x9300);
	CU_ASSERT_EQUAL(t_send(s, "00A40804022F00"), 0x6114);
	ca_sim_free(s);
}

static void
atr(void)
{
	static const uint8_t t0[] = {0x3B, 0x9E, 0x96, 0x80, 0x1F, 0xC7, 0x80,
	    0x31, 0xE0, 0x73, 0xFE, 0x21, 0x1B};
	struct ca_sim *s = t_card("uicc", "");
	struct ca_rd r = ca_sim_atr(s);
	uint8_t sum = 0;

	for (size_t i = 1; i < r.n; i++)
		sum ^= r.p[i];
	CU_ASSERT_EQUAL(sum, 0);
	CU_ASSERT(r.n == 6 + 14 + 1 && memcmp(r.p, t0, sizeof(t0)) == 0);
	ca_sim_free(s);
	s = t_card("uicc", "t1=yes");
	CU_ASSERT(ca_sim_atr(s).p[3] == 0x80 && ca_sim_atr(s).p[4] == 0x81);
	CU_ASSERT_EQUAL(t_send(s, "00A404040C" APP_AID "00"), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 48);
	ca_sim_free(s);
}

CU_TestInfo t_uicc_odd[] = {
    {"select_forms", select_forms},
    {"class_bytes", class_bytes},
    {"environment_is_strict", environment_is_strict},
    {"subscriber", subscriber},
    {"pin_g_off", pin_g_off},
    {"shared_file", shared_file},
    {"variants", variants},
    {"lies", lies},
    {"trouble", trouble},
    {"atr", atr},
    CU_TEST_INFO_NULL,
};
