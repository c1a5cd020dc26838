/*
 * The IDPrime card gives the bytes that public traces and OpenSC's driver are
 * known by, and what OpenSC of Debian cannot ask for: the container map, the
 * key references of a 940, the signature PIN, curves, lies.
 */
#include "tests/sim/test_sim_idprime.h"

#include <string.h>

#include "pcsc/base/hex.h"

bool
t_idprime_says(struct ca_sim *s, const char *cmd, unsigned sw, const char *hex)
{
	uint8_t want[512];
	size_t n = 0;
	unsigned got = t_send(s, cmd);
	bool ok = ca_hex_parse(hex, want, sizeof(want), &n) && got == sw &&
		  ca_rd_equal(t_data(), ca_rd_of(want, n));

	if (!ok)
		fprintf(stderr, "%s -> %zu bytes, %04X\n", cmd, t_data().n,
		    got);
	return ok;
}

static void
trace_t1(void)
{
	struct ca_sim *s = t_card("idprime", PLAIN);
	static const struct t_step found[] = {
	    {AID, 0x9000, ""},
	    {"00CA9F7F2D", 0x9000, "9F7F2A"},
	    {"00A4080002010100", 0x9000, "6F0B8102006A82010183020101"},
	    {"00B000006A", 0x9000,
		"05020100106361726469640000000000000000000000"},
	    {"00A4080002020100", 0x9000, "6F0B8102001082010183020201"},
	    {"00B0000010", 0x9000, "0123456789ABCDEF"},
	    {"00A4080002030100", 0x9000, "6F0B8102002282010183020301"},
	    {"00B0000002", 0x9000, "0120"},
	    {"00B0000220", 0x9000,
		"4341205465737420494450"
		"72696D652020202020202020202020202020202020"},
	    {"00A4000002030000", 0x9000, "6F0B8102"},
	    {"00B0000004", 0x9000, "0100"},
	    {"00A4080002 2F00 00", 0x6A82, ""},
	    {"00A4080C02 5015", 0x6A82, ""},
	    {"00A4080002 5031 00", 0x6A82, ""},
	};
	static const struct t_step used[] = {
	    {"0020001110" PIN16, 0x9000, ""},
	    {"002241B606800142840156", 0x9000, ""},
	    {"0024001120" PIN16 NEW16, 0x9000, ""},
	    {"002C001120" PUK16 PIN16, 0x9000, ""},
	    {"0020001110" PIN16, 0x9000, ""},
	};
	static const char atr[] = "3BFF9600008131FE4380318065B0855956FB120FFE"
				  "82900000";
	uint8_t want[33];
	size_t n = 0;

	CU_ASSERT(ca_hex_parse(atr, want, sizeof(want), &n));
	CU_ASSERT(ca_rd_equal(ca_sim_atr(s), ca_rd_of(want, n)));
	T_RUN(s, found);
	CU_ASSERT_EQUAL(t_send(s, "00CA9F7F2D"), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 0x2D);
	CU_ASSERT_EQUAL(t_data().p[11], 4);
	CU_ASSERT(t_idprime_says(s, "00200011", 0x63C5, ""));
	CU_ASSERT(t_idprime_says(s, "00210011", 0x63C5, ""));
	T_RUN(s, used);
	CU_ASSERT(t_idprime_says(s, "002A90A0229020" HASH "20", 0x9000, HASH));
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 256);
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), t_data(), "hello", 5));
	ca_sim_free(s);
}

static void
trace_t0(void)
{
	struct ca_sim *s = t_card("idprime", PLAIN " t0=yes t1=no");

	CU_ASSERT(t_idprime_says(s, AID, 0x9000, ""));
	CU_ASSERT(t_idprime_says(s, "00A40800020101", 0x610D, ""));
	CU_ASSERT(t_idprime_says(s, "00C000000D", 0x9000,
	    "6F0B8102006A82010183020101"));
	CU_ASSERT(t_idprime_says(s, "0020001100", 0x63C5, ""));
	CU_ASSERT(t_idprime_says(s, "0020001110" PIN16, 0x9000, ""));
	CU_ASSERT(t_idprime_says(s, "002241B606800142840156", 0x9000, ""));
	CU_ASSERT(t_idprime_says(s, "002A90A0229020" HASH, 0x6120, ""));
	CU_ASSERT(t_idprime_says(s, "00C0000020", 0x9000, HASH));
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), 0x9000);
	CU_ASSERT(t_signs(ca_sim_cert(s, 0), t_data(), "hello", 5));
	CU_ASSERT(t_idprime_says(s, "00CA9F7F00", 0x6C2D, ""));
	ca_sim_free(s);
}

/* What a newer driver reads of a 940 between version and index. */
static void
maps(void)
{
	struct ca_sim *s =
	    t_card("idprime", "keys=2 key=rsa1024 container=1 unknown=yes");

	CU_ASSERT(t_idprime_says(s, AID, 0x9000, ""));
	CU_ASSERT(t_idprime_says(s, "00CADF3000", 0x9000,
	    "DF3007342E332E352E44"));
	CU_ASSERT(t_idprime_says(s, "00CB00FF05A00383018300", 0x9000,
	    "A01F8301838C04F00000009C04F0000000DF210400FFA504"
	    "DF2702FFFFDF280110"));
	CU_ASSERT(t_idprime_says(s, "00CB00FF05A00383018400", 0x9000,
	    "A01F8301848C04F00000009C04F0000000DF210400FFA504"
	    "DF2702FFFFDF280110"));
	CU_ASSERT(t_idprime_says(s, "00CB00FF05A00383018500", 0x6A88, ""));
	/* Containers: none, a signature key, an exchange key, none, none. */
	CU_ASSERT_EQUAL(t_send(s, "00A4000002020400"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0000056"), 0x9000);
	CU_ASSERT(ca_rd_all(t_data(), 0x00));
	CU_ASSERT_EQUAL(t_send(s, "00B0005656"), 0x9000);
	CU_ASSERT_EQUAL(memcmp(t_data().p, "{\0000\0C\0", 6), 0);
	CU_ASSERT_EQUAL(memcmp(t_data().p + 80, "\3\0\0\4\0\0", 6), 0);
	CU_ASSERT_EQUAL(t_send(s, "00B000AC56"), 0x9000);
	CU_ASSERT_EQUAL(memcmp(t_data().p + 80, "\1\0\0\0\0\4", 6), 0);
	CU_ASSERT_EQUAL(t_send(s, "00B0015856"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B001AE56"), 0x6B00);
	/* Keys: token PIN and 5F, a gap, signature PIN and 60. */
	CU_ASSERT_EQUAL(t_send(s, "00A4000002000500"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0000018"), 0x9000);
	CU_ASSERT_EQUAL(memcmp(t_data().p,
			    "\x01\x5F\x01\0\0\0\0\x01"
			    "\0\0\0\0\0\0\0\0"
			    "\x01\x60\x02\0\0\0\0\x03",
			    24),
	    0);
	/* The index names both certificates. */
	CU_ASSERT_EQUAL(t_send(s, "00A4000002010100"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0000000"), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 1 + 21 * 8);
	CU_ASSERT_EQUAL(t_data().p[0], 8);
	CU_ASSERT_PTR_NOT_NULL(memmem(t_data().p, t_data().n,
	    "ksc01\0\0\0mscp\0\0\0\0", 16));
	CU_ASSERT_PTR_NOT_NULL(memmem(t_data().p, t_data().n,
	    "kxc02\0\0\0mscp\0\0\0\0", 16));
	ca_sim_free(s);
}

static void
steps_are_strict(void)
{
	static const struct t_step steps[] = {
	    {"00A4080002010100", 0x6A82, NULL}, /* no applet yet */
	    {"00CADF3000", 0x6A88, NULL},
	    {AID, 0x9000, NULL},
	    {"002A90A0229020" HASH "20", 0x6985, NULL}, /* no MSE */
	    {"002241B606800142840199", 0x6A88, NULL},
	    {"002241B606800112840156", 0x6A80, NULL}, /* SHA-1 */
	    {"002241B606800142840156", 0x9000, NULL},
	    {"002A9E9A00", 0x6985, NULL}, /* no hash */
	    {"002A90A022802020" HASH "00", 0x6700, NULL},
	    {"002A90A0228020" HASH "20", 0x6A80, NULL},
	    {"002A90A0229021" HASH "20", 0x6A80, NULL},
	    {"002A90A0229020" HASH "20", 0x9000, HASH},
	    {"002A9E9A00", 0x6982, NULL}, /* no PIN */
	    {"0020001108"
	     "3132333435363738",
		0x6700, NULL},
	    {"0020001110" BAD16, 0x63C4, NULL},
	    {"0020001110" PIN16, 0x9000, NULL},
	    {"002A9E9A00", 0x9000, NULL},
	    {"002A9E9A00", 0x6985, NULL}, /* the hash is spent */
	    {"002A90A016901400112233445566778899AABBCCDDEEFF00112233"
	     "00",
		0x9000, NULL},
	    {"002A9E9A00", 0x6700, NULL}, /* 20 bytes for SHA-256 */
	    /* another environment than the hash was made for */
	    {"002A90A0229020" HASH "20", 0x9000, NULL},
	    {"002241B606800145840156", 0x9000, NULL},
	    {"002A9E9A00", 0x6985, NULL},
	    {"0084000108", 0x9000, NULL},
	    {"0084000010", 0x9000, NULL},
	    {"0084000110", 0x6C08, NULL},
	    {"0084000008", 0x6C10, NULL},
	    {"0084000208", 0x6A86, NULL},
	    {"00D6000001FF", 0x6986, NULL},
	    {"00A4000002030000", 0x9000, NULL},
	    {"00D6000001FF", 0x6982, NULL},
	    {"00B2010400", 0x6D00, NULL},
	};
	struct ca_sim *s = t_card("idprime", PLAIN);

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_SIGNATURES), 1);
	ca_sim_free(s);
}

static void
models(void)
{
	static const struct {
		const char *options;
		const char *mse; /* with the key reference of the model */
		const char *pin; /* VERIFY as the model wants it */
	} rows[] = {
	    {"t0=yes t1=no", "002241B60680014284015E", "0020001110" PIN16},
	    {"model=940c t0=yes t1=no", "002241B60680014284015E",
		"0020001110" PIN16},
	    {"model=5110sc", "002241B60680014284015E", "0020001110" PIN16},
	    {"model=930 t0=yes t1=no container=2", "002241B606800142840115",
		"00200011083132333435363738"},
	    {"model=930plus container=2", "002241B606800142840114",
		"00200011083132333435363738"},
	    {"model=840 t0=yes t1=no container=1", "002241B6068001428401F8",
		"0020001110" PIN16},
	    {"model=md container=1", "002241B606800142840157",
		"0020001110" PIN16},
	    {"model=830 t0=yes t1=no", "002241B606800142840141",
		"00200011083132333435363738"},
	    {"model=3810 t0=yes t1=no container=9", "002241B60680014284013A",
		"00200011083132333435363738"},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_sim *s = t_card("idprime", rows[i].options);
		bool map;

		CU_ASSERT_EQUAL(t_send(s, AID), 0x9000);
		map = t_send(s, "00A4000C020005") == 0x9000;
		CU_ASSERT_EQUAL(map, i < 3);
		CU_ASSERT_EQUAL(t_send(s, rows[i].pin), 0x9000);
		CU_ASSERT_EQUAL(t_send(s, rows[i].mse), 0x9000);
		ca_sim_free(s);
	}
}

CU_TestInfo t_idprime[] = {
    {"trace_t1", trace_t1},
    {"trace_t0", trace_t0},
    {"maps", maps},
    {"steps_are_strict", steps_are_strict},
    {"models", models},
    CU_TEST_INFO_NULL,
};
