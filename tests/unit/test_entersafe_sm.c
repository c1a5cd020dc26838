#include <stdlib.h>
#include <string.h>

#include "pcsc/sm/des.h"
#include "pcsc/sm/entersafe.h"
#include "tests/unit/suites.h"

#define TRANSPORT "92 34 2E EF 23 40 4F D1"
#define INITIAL "01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10"
#define MAINTENANCE "12 34 56 78 21 43 65 87 11 22 AA BB 33 44 CD EF"
#define ROOM_BYTES 320

/* Commands that OpenSC and a simulated card agreed on; Lc counts the MAC. */
/* clang-format off */
static const struct {
	const char *name, *key, *challenge, *command, *mac;
} rows[] = {
	{"create MF, 8-byte key", TRANSPORT, "08 12 3A 09 63 F1 37 E0",
	 "84 E0 00 00 2D 3F 00 04 11 03 00 10 C0 10 20 20 20 "
	 "00 00 00 00 00 00 00 00 00 00 00 00 00 " INITIAL,
	 "27 4A F5 75"},
	{"create EF, 16-byte key", INITIAL, "89 BC 0C B1 6F 32 22 5C",
	 "84 E0 02 00 17 2F 00 00 80 00 00 00 "
	 "10 10 10 10 10 10 10 10 10 10 00 00",
	 "4E E6 E6 1C"},
	{"write PIN, enciphered", MAINTENANCE, "17 4C 94 AB 48 DF 54 0A",
	 "84 F4 0B 01 1C 13 A4 0B 0B 7E 5D 46 14 5C 4A 24 F0 50 50 78 FA DD "
	 "A7 ED E3 4C 07 BF 3F",
	 "1A A5 5F 07"},
};
/* clang-format on */

static void
mac(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		uint8_t kb[16], hb[8], cb[64], mb[4], ob[CA_ENTERSAFE_MAC];
		struct ca_wr out = ca_wr_of(ob, sizeof(ob));
		struct ca_rd key = ut_hex(rows[i].key, kb, sizeof(kb));
		struct ca_rd ch = ut_hex(rows[i].challenge, hb, sizeof(hb));
		struct ca_rd cmd = ut_hex(rows[i].command, cb, sizeof(cb));

		UT(ca_entersafe_mac(key, ch, cmd, &out) == CA_OK, "%s",
		    rows[i].name);
		UT(ca_rd_equal(ca_wr_rd(&out),
		       ut_hex(rows[i].mac, mb, sizeof(mb))),
		    "%s", rows[i].name);
		/* Another challenge, another MAC. */
		hb[0] ^= 1;
		out = ca_wr_of(ob, sizeof(ob));
		UT(ca_entersafe_mac(key, ch, cmd, &out) == CA_OK &&
			!ca_rd_equal(ca_wr_rd(&out),
			    ut_hex(rows[i].mac, mb, sizeof(mb))),
		    "%s", rows[i].name);
	}
}

static void
cipher(void)
{
	uint8_t kb[16], pb[18], wb[24], ob[24];
	struct ca_wr out = ca_wr_of(ob, sizeof(ob));
	struct ca_rd key = ut_hex(MAINTENANCE, kb, sizeof(kb));

	UT_OK(ca_entersafe_cipher(key,
		  ut_hex("33 00 31 32 33 34 35 36 37 38 00 00 00 00 00 00 00 "
			 "00",
		      pb, sizeof(pb)),
		  &out) == CA_OK);
	UT_OK(ca_rd_equal(ca_wr_rd(&out),
	    ut_hex("13 A4 0B 0B 7E 5D 46 14 5C 4A 24 F0 50 50 78 FA DD A7 ED "
		   "E3 4C 07 BF 3F",
		wb, sizeof(wb))));
}

/* The length byte, the data and the 80 in whole blocks, for every length. */
static void
cipher_lengths(void)
{
	uint8_t kb[16], plain[256] = {0}, ob[ROOM_BYTES];
	struct ca_rd key = ut_hex(INITIAL, kb, sizeof(kb));

	for (size_t n = 0; n <= sizeof(plain); n++) {
		struct ca_wr out = ca_wr_of(ob, sizeof(ob));
		uint8_t *exact = ut_exact(ca_rd_of(plain, n));
		size_t want = ((n + 2) / CA_DES_BLOCK + 1) * CA_DES_BLOCK;
		ca_err e = ca_entersafe_cipher(key, ca_rd_of(exact, n), &out);

		if (want > 256 || n > 0xFF)
			UT(e == CA_E_BUG && out.n == 0, "%zu bytes", n);
		else
			UT(e == CA_OK && out.n == want, "%zu bytes", n);
		free(exact);
	}
}

static void
wrong_arguments(void)
{
	uint8_t b[16] = {0}, ob[8], big[300] = {0};
	struct ca_rd eight = ca_rd_of(b, 8);
	struct ca_wr out = ca_wr_of(ob, sizeof(ob));

	UT_OK(ca_entersafe_mac(eight, ca_rd_of(b, 7), eight, &out) == CA_E_BUG);
	UT_OK(ca_entersafe_mac(ca_rd_of(b, 7), eight, eight, &out) == CA_E_BUG);
	UT_OK(ca_entersafe_mac(eight, eight, ca_rd_of(big, sizeof(big)),
		  &out) == CA_E_BUG);
	UT_OK(out.n == 0);
	out = ca_wr_of(ob, CA_ENTERSAFE_MAC - 1);
	UT_OK(ca_entersafe_mac(eight, eight, eight, &out) == CA_E_BUG);
	UT_OK(ca_des_cbc(ca_rd_of(b, 9), b, 1, ob, 8) == CA_E_BUG);
	UT_OK(ca_des_cbc(eight, b, 1, ob, 7) == CA_E_BUG);
}

/* DES by a well-known example (FIPS 81, "Now is the time for all "), and triple
 * DES as what it is with one key, with two, and backwards. */
static void
des(void)
{
	static const uint8_t zero[CA_DES_BLOCK];
	uint8_t kb[24], ib[8], b[24], wb[24];
	struct ca_rd key = ut_hex("01 23 45 67 89 AB CD EF", kb, 8);
	struct ca_rd three;

	memcpy(b, "Now is the time for all ", sizeof(b));
	(void)ut_hex("12 34 56 78 90 AB CD EF", ib, sizeof(ib));
	UT_OK(ca_des_cbc(key, ib, 1, b, sizeof(b)) == CA_OK);
	UT_OK(ca_rd_equal(ca_rd_of(b, sizeof(b)),
	    ut_hex("E5 C7 CD DE 87 2B F2 7C 43 E9 34 00 8C 38 9C 0F 68 37 88 "
		   "49 9A 7C 05 F6",
		wb, sizeof(wb))));
	UT_OK(ca_des_cbc(key, ib, 0, b, sizeof(b)) == CA_OK);
	UT_OK(memcmp(b, "Now is the time for all ", sizeof(b)) == 0);
	/* SP 800-67 example: three keys. */
	three = ut_hex("01 23 45 67 89 AB CD EF 23 45 67 89 AB CD EF 01 45 67 "
		       "89 AB CD EF 01 23",
	    kb, sizeof(kb));
	memcpy(b, "The qufck brown fox jump", sizeof(b));
	for (size_t at = 0; at < sizeof(b); at += CA_DES_BLOCK)
		UT_OK(ca_des_cbc(three, zero, 1, b + at, CA_DES_BLOCK) ==
		      CA_OK);
	UT_OK(ca_rd_equal(ca_rd_of(b, sizeof(b)),
	    ut_hex("A8 26 FD 8C E5 3B 85 5F CC E2 1C 81 12 25 6F E6 68 D5 C0 "
		   "5D D9 B6 B9 00",
		wb, sizeof(wb))));
}

static const CU_TestInfo tests[] = {
    {"des", des},
    {"mac", mac},
    {"cipher", cipher},
    {"cipher_lengths", cipher_lengths},
    {"wrong_arguments", wrong_arguments},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_entersafe_sm = {"entersafe_sm", tests};
