/* Certificates of the IDPrime card, and everything it can lie about. */
#include <string.h>
#include <zlib.h>

#include "pcsc/base/hex.h"
#include "tests/sim/test_sim_idprime.h"

/* Raw certificates lie there as they are. */
static void
raw_certificate(void)
{
	struct ca_sim *s = t_card("idprime", "cert-zlib=no cert-alloc=2084");

	(void)t_send(s, AID);
	CU_ASSERT(t_idprime_says(s, "00A4000002030000", 0x9000,
	    "6F0B8102082482010183020300"));
	CU_ASSERT_EQUAL(t_send(s, "00B0000000"), 0x9000);
	CU_ASSERT_EQUAL(memcmp(t_data().p, ca_sim_cert(s, 0).p, 256), 0);
	ca_sim_free(s);
}

/* Inflates the first certificate file; the number of bytes, cut at cap. */
static size_t
inflated(struct ca_sim *s, uint8_t *out, size_t cap, unsigned *stated)
{
	struct ca_rd r;
	z_stream z = {0};
	int rc;

	(void)t_send(s, AID);
	(void)t_send(s, "00A4000C020300");
	r = t_read_all(s, 0);
	*stated = (unsigned)(r.p[2] | r.p[3] << 8);
	z.next_in = (Bytef *)(uintptr_t)(r.p + 4);
	z.avail_in = (uInt)(r.n - 4);
	z.next_out = out;
	z.avail_out = (uInt)cap;
	CU_ASSERT_EQUAL_FATAL(inflateInit(&z), Z_OK);
	rc = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return rc == Z_STREAM_END || rc == Z_BUF_ERROR ? z.total_out : 0;
}

static void
lies(void)
{
	static uint8_t room[1 << 18];
	static const struct {
		const char *bad;
		int more; /* inflated bytes beyond those stated */
	} rows[] = {{"", 0}, {"bad=zlib-longer", -1}, {"bad=zlib-shorter", 1}};
	struct ca_sim *s;
	unsigned stated = 0;
	size_t n;

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		s = t_card("idprime", rows[i].bad);
		n = inflated(s, room, sizeof(room), &stated);
		CU_ASSERT_EQUAL((int)n - (int)stated, rows[i].more);
		CU_ASSERT_EQUAL(memcmp(room, ca_sim_cert(s, 0).p, n), 0);
		ca_sim_free(s);
	}
	s = t_card("idprime", "bad=bomb");
	n = inflated(s, room, sizeof(room), &stated);
	CU_ASSERT(n == sizeof(room) && stated < 4096);
	ca_sim_free(s);
	s = t_card("idprime", "bad=zlib-junk");
	CU_ASSERT_EQUAL(inflated(s, room, sizeof(room), &stated), 0);
	ca_sim_free(s);
}

/* The bytes at the start of a file, or their number, are those of a lie. */
static void
lying_files(void)
{
	static const struct {
		const char *options, *fid;
		size_t size; /* of the file */
		size_t at;   /* these bytes lie there */
		const char *bytes;
	} rows[] = {
	    {"", "0101", 106, 0, "05"},
	    {"bad=index-count", "0101", 106, 0, "FF"},
	    {"bad=index-cut", "0101", 96, 0, "05"},
	    {"bad=index-size", "0101", 106, 1, "0201FFFF"},
	    {"bad=index-self", "0101", 106, 64, "0101"},
	    {"bad=container", "0101", 106, 68, "6B736339390000006D736370"},
	    {"", "0204", 258, 0, "7B00"},
	    {"bad=map-cut", "0204", 83, 0, "7B00"},
	    {"bad=map-name", "0204", 258, 74, "7D00780078000300"},
	    {"", "0005", 32, 0, "015E000000000001"},
	    {"bad=keymap-cut", "0005", 7, 0, "015E00"},
	    {"bad=keymap-container", "0005", 32, 0, "015EEE"},
	    {"bad=keymap-twice keys=2", "0005", 48, 16, "015F00"},
	    {"bad=label", "0301", 34, 0, "01FF"},
	    {"bad=label,index-cut", "0101", 96, 0, "05"},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_sim *s = t_card("idprime", rows[i].options);
		char select[32];
		uint8_t want[32];
		size_t n = 0;
		struct ca_rd r;
		struct ca_rd part = {0};

		(void)t_send(s, AID);
		(void)snprintf(select, sizeof(select), "00A4000C02%s",
		    rows[i].fid);
		CU_ASSERT_EQUAL(t_send(s, select), 0x9000);
		r = t_read_all(s, 0);
		CU_ASSERT_EQUAL(r.n, rows[i].size);
		CU_ASSERT(ca_hex_parse(rows[i].bytes, want, sizeof(want), &n) &&
			  ca_rd_skip(&r, rows[i].at) &&
			  ca_rd_take(&r, n, &part) &&
			  ca_rd_equal(part, ca_rd_of(want, n)));
		ca_sim_free(s);
	}
}

static void
lying_answers(void)
{
	struct ca_sim *s = t_card("idprime", PLAIN " bad=echo");
	struct ca_sim_opts o;

	(void)t_send(s, "002241B606800142840156");
	CU_ASSERT_EQUAL(t_send(s, "002A90A0229020" HASH "20"), 0x9000);
	CU_ASSERT(t_data().n == 32 && t_data().p[31] == 0x25);
	ca_sim_free(s);
	s = t_card("idprime", PLAIN " bad=echo-cut");
	(void)t_send(s, "002241B606800142840156");
	CU_ASSERT_EQUAL(t_send(s, "002A90A0229020" HASH "00"), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 31);
	ca_sim_free(s);
	s = t_card("idprime", "map-private=yes");
	(void)t_send(s, AID);
	(void)t_send(s, "00A4000C020204");
	CU_ASSERT_EQUAL(t_send(s, "00B0000056"), 0x6982);
	(void)t_send(s, "0020001110" PIN16);
	CU_ASSERT_EQUAL(t_send(s, "00B0000056"), 0x9000);
	ca_sim_free(s);
	/* No such lie, no such card. */
	s = NULL;
	CU_ASSERT_EQUAL(ca_sim_opts_init(&o, "idprime"), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "bad", "echo,none"), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_new(&o, &s), CA_E_DATA);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "bad", ""), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "model", "830"), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_new(&o, &s), CA_E_DATA);
	CU_ASSERT_PTR_NULL(s);
}

/* The troubles of every card, on this one's way of signing. */
static void
troubles(void)
{
	static const struct {
		const char *text;
		unsigned sw;
		size_t n;
		enum ca_sim_event event;
	} rows[] = {
	    {"ins2A#2:remove", 0, 0, CA_SIM_GONE},
	    {"ins2A#2:sw=6F00", 0x6F00, 0, CA_SIM_ANSWERED},
	    {"ins2A#2:trunc", 0x9000, 128, CA_SIM_ANSWERED},
	    {"ins2A#2:forget", 0x6985, 0, CA_SIM_ANSWERED},
	    {"ins2A#2:wrongsig", 0x9000, 256, CA_SIM_ANSWERED},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_sim *s = t_card("idprime", PLAIN);
		struct ca_sim_trouble t;

		CU_ASSERT_EQUAL(ca_sim_trouble_parse(rows[i].text, &t), CA_OK);
		(void)t_send(s, AID);
		(void)t_send(s, "0020001110" PIN16);
		(void)t_send(s, "002241B606800142840156");
		ca_sim_trouble(s, &t);
		(void)t_send(s, "002A90A0229020" HASH "20");
		CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), rows[i].sw);
		CU_ASSERT_EQUAL(t_data().n, rows[i].n);
		CU_ASSERT_EQUAL(t_event(), rows[i].event);
		CU_ASSERT_FALSE(t_signs(ca_sim_cert(s, 0), t_data(), "hello",
		    5));
		ca_sim_free(s);
	}
}

/* The second PIN has its own tries, and its own PUK. */
static void
blocked_stays(void)
{
	static const struct t_step steps[] = {
	    {"0020008310" BAD16, 0x63C1, ""},
	    {"0020008310" BAD16, 0x63C0, ""},
	    {"0020008310" PIN16, 0x6983, ""},
	    {"00200011", 0x63C5, ""},
	    {"002C008320" BAD16 PIN16, 0x63C4, ""},
	    {"002C001120" PUK16 PIN16, 0x9000, ""},
	    {"00200083", 0x6983, ""},
	};
	struct ca_sim *s = t_card("idprime", "pin2-tries=2 puk2=11112222");

	T_RUN(s, steps);
	ca_sim_reset(s, true);
	CU_ASSERT_EQUAL(t_send(s, "0020008310" PIN16), 0x6983);
	CU_ASSERT_EQUAL(ca_sim_tries(s, 0x83), 0);
	CU_ASSERT_EQUAL(t_send(s, "002C008320"
				  "31313131323232320000000000000000" PIN16),
	    0x9000);
	CU_ASSERT_EQUAL(t_send(s, "0020008310" PIN16), 0x9000);
	ca_sim_free(s);
}

CU_TestInfo t_idprime_lies[] = {
    {"raw_certificate", raw_certificate},
    {"lies", lies},
    {"lying_files", lying_files},
    {"lying_answers", lying_answers},
    {"troubles", troubles},
    {"blocked_stays", blocked_stays},
    CU_TEST_INFO_NULL,
};
