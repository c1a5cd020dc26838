/* The epass2003: what is known of its commands and its channel, byte for byte,
 * and what goes wrong in it on purpose. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pcsc/base/hex.h"
#include "pcsc/base/tlv.h"
#include "tests/sim/sim_epass2003.h"
#include "tests/sim/t.h"

#define FF10 "FFFFFFFFFFFFFFFFFFFF"
#define FF40 FF10 FF10 FF10 FF10
#define SELECT_MF "00A40000023F0000"
#define SELECT_APP "00A4000002501500"
#define CHALLENGE "421BC94D7306F0D6"
#define ASK "0084000010"
/* PIN 12345678 under that challenge. */
#define PROOF "0082018108 60097145EC0B1228"
#define K_12345678 "7C222FB292 7D828A F22F5921 34E89324 80637C0D 00000008"
#define K_11223344 "B986415C93 241513D33D01FCF532A6C47AC4F3EE 00000008"
#define HELLO                                                                  \
	"3031300D060960864801650304020105000420"                               \
	"2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define OPEN "8050000008 BFC32911C718C340 1C"

static size_t
hex(const char *text, uint8_t *out, size_t cap)
{
	size_t n = 0;

	if (!ca_hex_parse(text, out, cap, &n))
		abort();
	return n;
}

static void
plan(struct ca_sim *s, const char *text)
{
	uint8_t b[16];

	ca_sim_ft_plan(s, ca_rd_of(b, hex(text, b, sizeof(b))));
}

static bool
is(struct ca_rd r, const char *text)
{
	uint8_t b[64];

	return ca_rd_equal(r, ca_rd_of(b, hex(text, b, sizeof(b))));
}

/* ---- values that are known ---- */

static void
channel(void)
{
	static const struct t_step steps[] = {
	    {"00CA018600", 0x9000, "800101"},
	    {OPEN, 0x9000, NULL},
	};
	static const struct t_step rest[] = {
	    {"8482030010 700E75A55024DE94 D17D12486F175C42", 0x9000, NULL},
	    {"0CA4000020 8711010140D949F2CC0BF95C3C9DE986EF2134"
	     "970100 8E0875F6FFEC3BD2B5CD 00",
		0x9000, "87"},
	};
	static const char no_file[] = "99026A82 80000000 00000000 00000000";
	struct ca_sim *s = t_card("epass2003", "keys=0");
	struct ca_sim_ep *ep = ca_sim_ep(s);
	struct ca_rd r;
	uint8_t b[16];
	uint8_t mac[8];
	size_t n = hex(no_file, b, sizeof(b));

	plan(s, "DA705C13B35AC45B");
	T_RUN(s, steps);
	r = t_data();
	CU_ASSERT_EQUAL(r.n, 28);
	CU_ASSERT(ca_rd_skip(&r, 12));
	CU_ASSERT(is(r, "DA705C13B35AC45B 0E7654FC670146E3"));
	CU_ASSERT(is(ca_rd_of(ep->enc.b, 16),
	    "C0F7F556B631D87B630B88A7E3AA7CC6"));
	CU_ASSERT(is(ca_rd_of(ep->mac.b, 16),
	    "C0F7F556B631D87B630B88A7E3AA7CC6"));
	T_RUN(s, rest);
	CU_ASSERT(is(ca_rd_of(ep->counter, 16),
	    "D17D12486F175C420000000000000001"));
	/* The answer for 6A82 under the same counter. */
	CU_ASSERT(ca_sim_ft_mac(&ep->mac, ep->counter, ca_rd_of(b, n), mac));
	CU_ASSERT(is(ca_rd_of(mac, 8), "6C2F303C65BBAA5A"));
	ca_sim_free(s);
}

/* AES-CMAC: NIST SP 800-38B, D.1, examples 1 to 4. */
static void
cmac(void)
{
	static const struct {
		const char *text, *mac;
	} rows[] = {
	    {"", "BB1D6929E95937287FA37D129B756746"},
	    {"6BC1BEE22E409F96E93D7E117393172A",
		"070A16B46B4D4144F79BDD9DD04A287C"},
	    {"6BC1BEE22E409F96E93D7E117393172A"
	     "AE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411",
		"DFA66747DE9AE63030CA32611497C827"},
	    {"6BC1BEE22E409F96E93D7E117393172A"
	     "AE2D8A571E03AC9C9EB76FAC45AF8E51"
	     "30C81C46A35CE411E5FBC1191A0A52EF"
	     "F69F2445DF4F9B17AD2B417BE66C3710",
		"51F0BEBF7E3B9D92FC49741779363CFE"},
	};
	uint8_t key[16];
	uint8_t text[64];
	uint8_t mac[16];

	(void)hex("2B7E151628AED2A6ABF7158809CF4F3C", key, sizeof(key));
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		size_t n = rows[i].text[0] != '\0'
			       ? hex(rows[i].text, text, sizeof(text))
			       : 0;

		CU_ASSERT(ca_sim_ft_cmac(key, NULL, ca_rd_of(text, n), mac));
		CU_ASSERT(is(ca_rd_of(mac, 16), rows[i].mac));
	}
}

/* The commands as they are inside the channel. */
static void
transcript(void)
{
	static const struct t_step steps[] = {
	    {SELECT_MF, 0x9000, "6F26820238008302 3F00840E"},
	    {"00A40000022F0000", 0x9000, "6F158205040000400083022F008608"},
	    {"00B2010400", 0x9000,
		"611E4F0CA000000063504B43532D31355008"
		"53494D544F4B454E51043F005015"},
	    {"00B2020400", 0x6A83, NULL},
	    {"00B0000000", 0x6981, NULL},
	    {SELECT_MF, 0x9000, NULL},
	    {SELECT_APP, 0x9000,
		"6F24820238008302 5015840CA000000063504B43532D3135"
		"8502007F86089090FF90FFFFFFFF"},
	    {"00A4000002503100", 0x9000,
		"6F1680020200820201008302503186089096FF96FFFFFFFF"},
	    {"00B00000D8", 0x9000, "A80A300804063F0050154401"},
	    {"00A4000002290000", 0x9000,
		"6F16820211008302290085020800 8608FF969696FFFFFFFF"},
	    {"00B0000010", 0x6981, NULL},
	    {"00A4000002310000", 0x9000, "6F168002"},
	    {"00B00000D8", 0x9000, "3082"},
	    {"00A40000029F0000", 0x9000, NULL},
	    {"00B0000002", 0x9000, "0606"},
	    {"00CA018000", 0x9000, "0123456789ABCDEF"},
	    {"002241B807 800184 81022900", 0x9000, NULL},
	    {"002A808600 0100 0001" FF40 FF40 FF40 FF40 FF40 "FFFF 00" HELLO
	     "0000",
		0x6982, NULL},
	    {ASK, 0x9000, CHALLENGE},
	    {PROOF, 0x9000, NULL},
	    {PROOF, 0x6985, NULL}, /* a challenge counts once */
	    {"00820181", 0x63C6, NULL},
	    {"002A808600 0100 0001" FF40 FF40 FF40 FF40 FF40 "FFFF 00" HELLO
	     "0000",
		0x9000, NULL},
	};
	struct ca_sim *s = t_card("epass2003", "sm=none label=SIMTOKEN");

	plan(s, CHALLENGE);
	T_RUN(s, steps);
	CU_ASSERT_EQUAL(t_data().n, 256);
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), t_data(), "hello", 5));
	ca_sim_free(s);
}

/* Proves a PIN by its key; ref is 81 or 82. */
static unsigned
prove(struct ca_sim *s, const char *pin, unsigned ref)
{
	uint8_t key[CA_SIM_EP_KEY];
	uint8_t reply[8];
	struct ca_sim_ft_key k;
	char cmd[64];

	CU_ASSERT(ca_sim_ep_pin_key(ca_rd_of(pin, strlen(pin)), key));
	k = ca_sim_ft_des(key, sizeof(key));
	CU_ASSERT_EQUAL(t_send(s, ASK), 0x9000);
	CU_ASSERT(ca_sim_ft_cbc(&k, NULL, true, ca_rd_of(t_data().p, 8),
	    reply));
	(void)snprintf(cmd, sizeof(cmd),
	    "008201%02X08%02X%02X%02X%02X%02X%02X%02X%02X", ref, reply[0],
	    reply[1], reply[2], reply[3], reply[4], reply[5], reply[6],
	    reply[7]);
	return t_send(s, cmd);
}

static struct ca_sim *
plain_card(const char *options)
{
	struct ca_sim *s = t_card("epass2003", options);

	CU_ASSERT_EQUAL(t_send(s, SELECT_APP), 0x9000);
	return s;
}

#define NEW_VALUE "80E5040119 66" K_11223344

static void
pins(void)
{
	struct ca_sim *s = plain_card("sm=none keys=0");
	uint8_t key[CA_SIM_EP_KEY];

	CU_ASSERT(ca_sim_ep_pin_key(ca_rd_of("12345678", 8), key));
	CU_ASSERT(is(ca_rd_of(key, sizeof(key)), K_12345678));
	CU_ASSERT_EQUAL(prove(s, "1234567", 0x81), 0x63C5);
	CU_ASSERT_EQUAL(t_send(s, "00820181"), 0x63C5);
	CU_ASSERT_EQUAL(t_send(s, NEW_VALUE), 0x6982);
	CU_ASSERT_EQUAL(prove(s, "12345678", 0x81), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00820181"), 0x63C6);
	CU_ASSERT_EQUAL(t_send(s, NEW_VALUE), 0x9000);
	CU_ASSERT_EQUAL(prove(s, "12345678", 0x81), 0x63C5);
	CU_ASSERT_EQUAL(prove(s, "11223344", 0x81), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "80E5040118 66" K_11223344), 0x6700);
	CU_ASSERT_EQUAL(t_send(s, "80E5040119 60" K_11223344), 0x6A80);
	CU_ASSERT_EQUAL(t_send(s, "80E5040319 66" K_11223344), 0x6A88);
	CU_ASSERT_EQUAL(t_send(s, "80E5040219 66" K_11223344), 0x6982);
	ca_sim_free(s);
}

/* A card that lets a PIN be written without the old one. */
static void
no_proof(void)
{
	struct ca_sim *s = plain_card("sm=none keys=0 change-proof=no");

	CU_ASSERT_EQUAL(t_send(s, NEW_VALUE), 0x9000);
	CU_ASSERT_EQUAL(prove(s, "11223344", 0x81), 0x9000);
	ca_sim_free(s);
}

static void
block(struct ca_sim *s)
{
	for (unsigned i = 6; i-- > 0;)
		CU_ASSERT_EQUAL(prove(s, "00000000", 0x81), 0x63C0 | i);
	CU_ASSERT_EQUAL(prove(s, "12345678", 0x81), 0x6983);
	CU_ASSERT_EQUAL(t_send(s, "00820181"), 0x6983);
}

static void
unblocking(void)
{
	struct ca_sim *s = plain_card("sm=none keys=0");

	block(s);
	CU_ASSERT_EQUAL(prove(s, "12345678", 0x82), 0x63C5);
	CU_ASSERT_EQUAL(t_send(s, NEW_VALUE), 0x6982);
	CU_ASSERT_EQUAL(prove(s, "87654321", 0x82), 0x9000);
	/* The PUK alone changes nothing. */
	CU_ASSERT_EQUAL(t_send(s, "00820181"), 0x6983);
	CU_ASSERT_EQUAL(t_send(s, "80E5040119 33" K_11223344), 0x9000);
	CU_ASSERT_EQUAL(prove(s, "11223344", 0x81), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00820181"), 0x63C3);
	CU_ASSERT_EQUAL(t_send(s, "00A40000029F0000"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0000002"), 0x9000);
	CU_ASSERT(is(t_data(), "0306"));
	ca_sim_free(s);

	s = plain_card("sm=none keys=0 unblock-by-so=no");
	block(s);
	CU_ASSERT_EQUAL(prove(s, "87654321", 0x82), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, NEW_VALUE), 0x6982);
	ca_sim_free(s);
}

static void
strict(void)
{
	static const struct t_step steps[] = {
	    {"00A404000CA000000063504B43532D3135", 0x6A86, NULL},
	    {"00200001083132333435363738", 0x6D00, NULL},
	    {"0084000004", 0x6700, NULL},
	    {"00820101", 0x6A88, NULL},
	    {"00820281", 0x6A86, NULL},
	    {"0082018107 00000000000000", 0x6700, NULL},
	    {"002241B807 800184 81022910", 0x6A88, NULL},
	    {"002241B807 800184 81022940", 0x6A88, NULL},
	    {"002241B807 800191 81022900", 0x6A80, NULL},
	    {"002241B607 800184 81022900", 0x6A80, NULL},
	    {"002241B807 800184 81022920", 0x9000, NULL},
	    {"002A9E9A01 0000", 0x6985, NULL},
	    {"002A86800100", 0x6A86, NULL},
	    {"00CA018100", 0x6A88, NULL},
	    {"0CA4000002310000", 0x6882, NULL}, /* a card without channel */
	    {"80500000080000000000000000 1C", 0x6D00, NULL},
	};
	struct ca_sim *s = plain_card("sm=none keys=2");

	T_RUN(s, steps);
	ca_sim_free(s);
}

/* ---- files of its own making ---- */

#define NEW_FILE "00E0000018 6216800203118202010083023140 86089096FF96FFFFFFFF"

static void
created(struct ca_sim *s)
{
	static const struct t_step steps[] = {
	    {NEW_FILE, 0x9000, NULL},
	    {NEW_FILE, 0x6A89, NULL},
	    {"00A4000002314000", 0x9000,
		"6F1680020311820201008302314086089096FF96FFFFFFFF"},
	    {"00D6000004 30820304", 0x6982, NULL},
	    {"00E4000002 3100", 0x6982, NULL},
	    {ASK, 0x9000, CHALLENGE},
	    {PROOF, 0x9000, NULL},
	    {"00D6000004 30820304", 0x9000, NULL},
	    {"00E4000002 3100", 0x9000, NULL},
	    {"00A4000002310000", 0x6A82, NULL},
	    {"00E4000002 3100", 0x6A82, NULL},
	    /* In place of a deleted one: nothing of it is left. */
	    {"00E0000018 6216800200108202010083023100 86089090FF90FFFFFFFF",
		0x9000, NULL},
	    {"00A4000002310000", 0x9000, NULL},
	    {"00B0000008", 0x9000, "0000000000000000"},
	    {"00D6000002 AABB", 0x9000, NULL},
	};

	plan(s, CHALLENGE);
	T_RUN(s, steps);
}

static void
remove_dir(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[400];

	while (d != NULL && (e = readdir(d)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.')
			(void)unlink(path);
	}
	if (d != NULL)
		closedir(d);
	CU_ASSERT_EQUAL(rmdir(dir), 0);
}

/* The same card, taken out and put in again. */
static void
kept(void)
{
	static const struct t_step steps[] = {
	    {SELECT_APP, 0x9000, NULL},
	    {"00A4000002314000", 0x9000,
		"6F1680020311820201008302314086089096FF96FFFFFFFF"},
	    {"00B0000006", 0x9000, "308203040000"},
	    {"00A4000002310000", 0x9000, "6F16800200108202"},
	    {"00B0000004", 0x9000, "AABB0000"},
	};
	char dir[] = "/tmp/ca-sim-test-XXXXXX";
	char options[96];
	struct ca_sim *s;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	(void)snprintf(options, sizeof(options), "sm=none ca-key=p256 state=%s",
	    dir);
	s = plain_card(options);
	created(s);
	CU_ASSERT_EQUAL(prove(s, "12345678", 0x81), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "80E5040119 77" K_11223344), 0x9000);
	ca_sim_free(s);

	s = t_card("epass2003", options);
	T_RUN(s, steps);
	CU_ASSERT_EQUAL(prove(s, "11223344", 0x81), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00820181"), 0x63C7);
	ca_sim_free(s);
	remove_dir(dir);
}

static void
records(void)
{
	static const struct t_step steps[] = {
	    {ASK, 0x9000, CHALLENGE},
	    {PROOF, 0x9000, NULL},
	    {SELECT_MF, 0x9000, NULL},
	    {"00A40000022F0000", 0x9000, NULL},
	    {"00E2000005 6103500141", 0x6982, NULL},
	    {"00B2020400", 0x6A83, NULL},
	    {"00B2000400", 0x6A86, NULL},
	};
	struct ca_sim *s = plain_card("sm=none keys=0");

	plan(s, CHALLENGE);
	T_RUN(s, steps);
	ca_sim_free(s);
}

/* ---- a reader's side of the channel ---- */

struct host {
	struct ca_sim *s;
	enum ca_sim_sm kind;
	struct ca_sim_ft_key enc, mac;
	uint8_t counter[16];
};

/* The session keys are taken from the card: that they are right is known from
 * the transcript and from OpenSC. */
static void
open_channel(struct host *h, struct ca_sim *s)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	uint8_t room[16] = {0x84, 0x82, 0x03, 0x00, 0x10};
	uint8_t mac[16];
	char cmd[64] = "8482030010";
	size_t n = 10;
	bool ok;

	*h = (struct host){.s = s, .kind = (enum ca_sim_sm)s->o.sm};
	CU_ASSERT_EQUAL(t_send(s, h->kind == CA_SIM_SM_FIPS
				      ? "8050000008 BFC32911C718C340 1D"
				      : OPEN),
	    0x9000);
	CU_ASSERT_EQUAL(t_data().n, h->kind == CA_SIM_SM_FIPS ? 29 : 28);
	h->enc = ep->enc;
	h->mac = ep->mac;
	memcpy(room + 5, ep->expected, 8);
	room[13] = 0x80;
	if (h->kind == CA_SIM_SM_FIPS)
		ok = ca_sim_ft_cmac(h->mac.b, NULL, ca_rd_of(room, 13), mac);
	else
		ok =
		    ca_sim_ft_cbc(&h->mac, NULL, true, ca_rd_of(room, 16), mac);
	CU_ASSERT(ok);
	memcpy(h->counter, h->kind == CA_SIM_SM_3DES ? mac + 8 : mac, 8);
	for (size_t i = 0; i < 16; i++)
		n += (size_t)snprintf(cmd + n, sizeof(cmd) - n, "%02X",
		    i < 8 ? room[5 + i] : h->counter[i - 8]);
	CU_ASSERT_EQUAL(t_send(s, cmd), 0x9000);
}

static void
mac_of(const struct host *h, struct ca_rd head, struct ca_rd objects,
    uint8_t out[8])
{
	uint8_t room[1024];
	uint8_t mac[16];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	size_t block = ca_sim_ft_block(&h->mac);

	ca_wr_bytes(&w, head);
	/* The FIPS variant leaves the one command without objects bare. */
	if (head.n > 0 && (objects.n > 0 || h->kind != CA_SIM_SM_FIPS))
		ca_sim_ft_pad(&w, block);
	ca_wr_bytes(&w, objects);
	if (h->kind == CA_SIM_SM_FIPS) {
		CU_ASSERT(ca_sim_ft_cmac(h->mac.b, h->counter, ca_wr_rd(&w),
		    mac));
		memcpy(out, mac, 8);
		return;
	}
	if (objects.n > 0)
		ca_sim_ft_pad(&w, block);
	CU_ASSERT(ca_sim_ft_mac(&h->mac, h->counter, ca_wr_rd(&w), out));
}

/* Sends a command wrapped: header, data, Le (-1 = none). */
static unsigned
wrapped(struct host *h, const char *head, const char *data, int le)
{
	uint8_t header[4];
	uint8_t room[512];
	uint8_t plain[256];
	uint8_t mac[8];
	char cmd[1100];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	struct ca_wr p = ca_wr_of(plain + 1, sizeof(plain) - 1);
	size_t n;

	(void)hex(head, header, sizeof(header));
	header[0] |= 0x0C;
	for (size_t i = ca_sim_ft_block(&h->mac); i-- > 0;)
		if (++h->counter[i] != 0)
			break;
	if (data[0] != '\0') {
		p.n = hex(data, p.p, p.cap);
		ca_sim_ft_pad(&p, ca_sim_ft_block(&h->enc));
		plain[0] = 0x01;
		CU_ASSERT(ca_sim_ft_cbc(&h->enc, NULL, true, ca_wr_rd(&p),
		    p.p));
		ca_wr_tlv(&w, 0x87, ca_rd_of(plain, 1 + p.n));
	}
	if (le >= 0) {
		ca_wr_u16(&w, 0x9701);
		ca_wr_u8(&w, (uint8_t)le);
	}
	mac_of(h, ca_rd_of(header, 4), ca_wr_rd(&w), mac);
	ca_wr_tlv(&w, 0x8E, ca_rd_of(mac, 8));
	n = (size_t)snprintf(cmd, sizeof(cmd), "%02X%02X%02X%02X%02zX",
	    header[0], header[1], header[2], header[3], w.n);
	for (size_t i = 0; i < w.n; i++)
		n +=
		    (size_t)snprintf(cmd + n, sizeof(cmd) - n, "%02X", room[i]);
	(void)snprintf(cmd + n, sizeof(cmd) - n, "00");
	return t_send(h->s, cmd);
}

/* What a careful reader finds in the last answer. */
enum found { GOOD, NO_TLV, NO_SW, OTHER_SW, NO_MAC, BAD_MAC, BLOCKS, PADDING };

static enum found
check(const struct host *h, unsigned sw, uint8_t *out, size_t *out_n)
{
	struct ca_rd all = t_data();
	struct ca_rd r = all;
	struct ca_rd data = {0};
	struct ca_rd inner;
	struct ca_rd mac_in;
	struct ca_rd mac;
	uint16_t v = 0;
	uint8_t pi = 0;
	uint8_t want[8];

	if (r.n > 0 && r.p[0] != 0x87 && r.p[0] != 0x99 && r.p[0] != 0x8E)
		return NO_TLV;
	if (r.n > 0 && r.p[0] == 0x87 && !ca_tlv_expect(&r, 0x87, &data))
		return NO_TLV;
	if (!ca_tlv_expect(&r, 0x99, &inner) || !ca_rd_u16(&inner, &v))
		return NO_SW;
	if (v != sw)
		return OTHER_SW;
	if (!ca_rd_take(&all, all.n - r.n, &mac_in) ||
	    !ca_tlv_expect(&r, 0x8E, &mac) || mac.n != 8)
		return NO_MAC;
	mac_of(h, ca_rd_of(NULL, 0), mac_in, want);
	if (memcmp(want, mac.p, 8) != 0)
		return BAD_MAC;
	*out_n = 0;
	if (data.n == 0)
		return GOOD;
	if (!ca_rd_u8(&data, &pi) || pi != 1 ||
	    !ca_sim_ft_cbc(&h->enc, NULL, false, data, out))
		return BLOCKS;
	data = ca_rd_of(out, data.n);
	if (!ca_sim_ft_unpad(&data))
		return PADDING;
	*out_n = data.n;
	return GOOD;
}

static void
kinds(void)
{
	static const char *const names[] = {"aes", "3des", "fips"};
	char options[64];
	uint8_t out[512];
	size_t n = 0;

	for (size_t i = 0; i < CA_COUNT(names); i++) {
		struct ca_sim *s;
		struct host h;
		unsigned sw;

		(void)snprintf(options, sizeof(options), "keys=0 sm=%s",
		    names[i]);
		s = t_card("epass2003", options);
		open_channel(&h, s);
		sw = wrapped(&h, "00A40000", "3F00", 0);
		CU_ASSERT_EQUAL(sw, 0x9000);
		CU_ASSERT_EQUAL(check(&h, sw, out, &n), GOOD);
		CU_ASSERT_EQUAL(n, 0x28);
		CU_ASSERT_EQUAL(out[0], 0x6F);
		sw = wrapped(&h, "00A40000", "1234", 0);
		CU_ASSERT_EQUAL(sw, 0x6A82);
		CU_ASSERT_EQUAL(check(&h, sw, out, &n), GOOD);
		CU_ASSERT_EQUAL(n, 0);
		sw = wrapped(&h, "00A40000", "5015", -1);
		CU_ASSERT_EQUAL(check(&h, sw, out, &n), GOOD);
		CU_ASSERT_EQUAL(n, 0);
		sw = wrapped(&h, "00820181", "", -1);
		CU_ASSERT_EQUAL(sw, 0x63C6);
		CU_ASSERT_EQUAL(check(&h, sw, out, &n), GOOD);
		ca_sim_free(s);
	}
}

static void
losses(void)
{
	static const struct ca_sim_trouble forget = {
	    .what = CA_SIM_T_FORGET, .at = 1, .times = 1};
	struct ca_sim *s = t_card("epass2003", "keys=0");
	struct host h;
	uint8_t out[512];
	size_t n = 0;

	/* Nothing outside the channel but what opens it. */
	CU_ASSERT_EQUAL(t_send(s, SELECT_MF), 0x6985);
	CU_ASSERT_EQUAL(t_send(s, "00CA018000"), 0x6985);
	CU_ASSERT_EQUAL(t_send(s, "8482030010 0000000000000000"
				  "0000000000000000"),
	    0x6985);
	CU_ASSERT_EQUAL(t_send(s, OPEN), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "8482030010 0000000000000000"
				  "0000000000000000"),
	    0x6300);
	h = (struct host){.s = s};
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "3F00", 0), 0x6985);
	/* A wrong counter is a wrong MAC, and the end of the channel. */
	open_channel(&h, s);
	h.counter[15] = 7;
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "3F00", 0), 0x6988);
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "3F00", 0), 0x6985);
	/* No MAC. */
	open_channel(&h, s);
	CU_ASSERT_EQUAL(t_send(s, "0CA4000003 970100 00"), 0x6987);
	/* The card forgets: once more from the start, and it works. */
	open_channel(&h, s);
	ca_sim_trouble(s, &forget);
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "3F00", 0), 0x6985);
	open_channel(&h, s);
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "3F00", 0), 0x9000);
	CU_ASSERT_EQUAL(check(&h, 0x9000, out, &n), GOOD);
	/* Other keys: the host's proof is wrong. */
	ca_sim_free(s);
	s = t_card("epass2003", "keys=0 admin-keys=other");
	plan(s, "DA705C13B35AC45B");
	CU_ASSERT_EQUAL(t_send(s, OPEN), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "8482030010 700E75A55024DE94"
				  "D17D12486F175C42"),
	    0x6300);
	ca_sim_free(s);
}

static void
bad_answers(void)
{
	static const struct {
		const char *option;
		enum found found;
	} rows[] = {
	    {"good", GOOD},
	    {"bad-mac", BAD_MAC},
	    {"no-mac", NO_MAC},
	    {"no-sw", NO_SW},
	    {"other-sw", OTHER_SW},
	    {"plain", NO_TLV},
	    {"no-padding", PADDING},
	    {"cut-block", BLOCKS},
	    {"cut", NO_TLV},
	};
	char options[64];
	uint8_t out[512];
	size_t n = 0;

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_sim *s;
		struct host h;

		(void)snprintf(options, sizeof(options),
		    "keys=0 sm-from=2 sm-answer=%s", rows[i].option);
		s = t_card("epass2003", options);
		open_channel(&h, s);
		CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "3F00", 0), 0x9000);
		CU_ASSERT_EQUAL(check(&h, 0x9000, out, &n), GOOD);
		CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "5015", 0), 0x9000);
		CU_ASSERT_EQUAL(check(&h, 0x9000, out, &n), rows[i].found);
		ca_sim_free(s);
	}
}

/* Lengths of 80 and more: as BER has them, or in one byte. */
static void
lengths(void)
{
	struct host h;
	struct ca_sim *s = t_card("epass2003", "keys=0 sm-length=yes");

	open_channel(&h, s);
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "5015", 0), 0x9000);
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "4404", 0), 0x9000);
	CU_ASSERT_EQUAL(wrapped(&h, "00B00000", "", 0xD8), 0x9000);
	CU_ASSERT(is(ca_rd_of(t_data().p, 3), "87E101"));
	ca_sim_free(s);
	s = t_card("epass2003", "keys=0");
	open_channel(&h, s);
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "5015", 0), 0x9000);
	CU_ASSERT_EQUAL(wrapped(&h, "00A40000", "4404", 0), 0x9000);
	CU_ASSERT_EQUAL(wrapped(&h, "00B00000", "", 0xD8), 0x9000);
	CU_ASSERT(is(ca_rd_of(t_data().p, 4), "8781E101"));
	ca_sim_free(s);
}

CU_TestInfo t_epass2003[] = {
    {"channel, known values", channel},
    {"AES-CMAC, known values", cmac},
    {"from SELECT to a signature", transcript},
    {"PINs", pins},
    {"PIN change without proof", no_proof},
    {"unblocking", unblocking},
    {"status words", strict},
    {"files made and deleted, and kept", kept},
    {"records", records},
    {"three kinds of channel", kinds},
    {"channels lost", losses},
    {"bad answers", bad_answers},
    {"lengths", lengths},
    CU_TEST_INFO_NULL,
};
