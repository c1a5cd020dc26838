/* What the host computes with secret keys and points, by known answers. */
#include <string.h>

#include "module/crypto/cipher.h"
#include "module/crypto/mac.h"
#include "module/crypto/point.h"
#include "module/crypto/secret_key.h"
#include "pcsc/ossl/spki.h"
#include "tests/unit/keys.h"
#include "tests/unit/suites.h"

/* AES of a block of zeros under a key of zeros (NIST AESAVS, KAT). */
static void
check_values(void)
{
	static const struct {
		size_t key_n;
		const char *value;
	} rows[] = {{16, "66E94B"}, {24, "AAE069"}, {32, "DC95C0"}};
	uint8_t key[32] = {0}, want[3], got[3];

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		(void)ut_hex(rows[i].value, want, sizeof(want));
		UT(ca_aes_check_value(ca_rd_of(key, rows[i].key_n), got) ==
			CA_OK,
		    "%zu", rows[i].key_n);
		UT(memcmp(got, want, 3) == 0, "%zu", rows[i].key_n);
	}
	UT_OK(ca_aes_check_value(ca_rd_of(key, 17), got) == CA_E_BUG);
}

static void
bit_lengths(void)
{
	static const struct {
		const char *hex;
		size_t bits;
	} rows[] = {{"", 0}, {"00", 0}, {"01", 1}, {"80", 8}, {"0080", 8},
	    {"01FF", 9}, {"FFFF", 16}, {"000000", 0}};
	uint8_t b[8];

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		UT(ca_bit_length(ut_hex(rows[i].hex, b, sizeof(b))) ==
			rows[i].bits,
		    "%s", rows[i].hex);
}

/* The SubjectPublicKeyInfo that is written is the one OpenSSL writes. */
static void
spki_is_the_same(void)
{
	struct ca_buf made = {0};
	struct ca_spki k;

	if (!UT_OK(ca_spki_parse(ut_key_spki(UT_RSA), &k)))
		return;
	UT_OK(ca_spki_make_rsa(k.modulus, k.exponent, &made) == CA_OK);
	UT_OK(ca_rd_equal(ca_buf_rd(&made), ut_key_spki(UT_RSA)));
	if (!UT_OK(ca_spki_parse(ut_key_spki(UT_EC), &k)))
		return;
	UT_OK(ca_spki_make_ec(k.params, k.point, &made) == CA_OK);
	UT_OK(ca_rd_equal(ca_buf_rd(&made), ut_key_spki(UT_EC)));
	ca_buf_free(&made);
}

/* Every bit of a point but a few takes it off its curve. */
static void
points(void)
{
	uint8_t b[CA_POINT_MAX], room[CA_POINT_MAX];
	struct ca_spki k;
	size_t n = 0;

	if (!UT_OK(ca_spki_parse(ut_key_spki(UT_EC), &k)) ||
	    !UT_OK(ca_rd_copy(k.point, b, sizeof(b), &n)))
		return;
	UT_OK(ca_point_field(k.params) == 32);
	for (size_t i = 0; i <= 8 * n; i++) {
		struct ca_wr w = ca_wr_of(room, sizeof(room));
		ca_err e;

		if (i > 0)
			b[(i - 1) / 8] ^= (uint8_t)(1 << (i - 1) % 8);
		e = ca_point_open(k.params, ca_rd_of(b, n), &w);
		UT(e == (i == 0 ? CA_OK : CA_E_DATA), "bit %zu", i);
		if (i > 0)
			b[(i - 1) / 8] ^= (uint8_t)(1 << (i - 1) % 8);
	}
	UT_OK(ca_point_field(ca_rd_of("\x05\x00", 2)) == 0);
}

/* ANSI X9.63 with SHA-256 from one byte to several hashes: each is the
 * beginning of the next. */
static void
kdf_grows(void)
{
	uint8_t before[200] = {0}, out[200];
	struct ca_rd z = ca_rd_of("\x01\x02\x03", 3), info = {0};

	for (size_t n = 1; n <= sizeof(out); n++) {
		UT(ca_kdf_x963(CA_HASH_SHA256, z, info, out, n) == CA_OK, "%zu",
		    n);
		UT(memcmp(out, before, n - 1) == 0, "%zu", n);
		memcpy(before, out, n);
	}
	UT_OK(ca_kdf_x963(CA_HASH_NONE, z, info, out, 1) == CA_E_BUG);
}

/* RFC 7518, appendix C: A128GCM from Alice to Bob. */
static void
kdf_one_step(void)
{
	static const uint8_t z[] = {158, 86, 217, 29, 129, 113, 53, 211, 114,
	    131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106,
	    72, 246, 218, 167, 121, 140, 254, 144, 196};
	static const uint8_t info[] = "\0\0\0\7A128GCM\0\0\0\5Alice\0\0\0\3Bob"
				      "\0\0\0\200";
	static const uint8_t want[] = {86, 170, 141, 234, 248, 35, 109, 32, 92,
	    34, 40, 205, 113, 167, 16, 26};
	struct ca_rd shared = ca_rd_of(info, sizeof(info) - 1);
	uint8_t out[sizeof(want)], longer[100];

	UT_OK(ca_kdf_one_step(CA_HASH_SHA256, ca_rd_of(z, sizeof(z)), shared,
		  out, sizeof(out)) == CA_OK);
	UT_OK(memcmp(out, want, sizeof(want)) == 0);
	UT_OK(ca_kdf_one_step(CA_HASH_SHA256, ca_rd_of(z, sizeof(z)), shared,
		  longer, sizeof(longer)) == CA_OK);
	UT_OK(memcmp(longer, want, sizeof(want)) == 0);
}

/* What is freed twice or was never begun. */
static void
nothing_to_free(void)
{
	struct ca_cipher_params p = {.mode = CA_CIPHER_ECB, .encrypt = true};
	struct ca_cipher_run *c = NULL;
	struct ca_mac_run *m = NULL;
	uint8_t key[17] = {0};

	UT_OK(ca_cipher_new(&p, ca_rd_of(key, 17), &c) == CA_E_BUG);
	UT_OK(c == NULL);
	UT_OK(ca_cipher_new(&p, ca_rd_of(key, 16), &c) == CA_OK);
	ca_cipher_free(&c);
	ca_cipher_free(&c);
	UT_OK(ca_mac_new(CA_HASH_SHA1, ca_rd_of(key, 0), &m) == CA_E_BUG);
	UT_OK(ca_mac_new(CA_HASH_SHA1, ca_rd_of(key, 1), &m) == CA_OK);
	ca_mac_free(&m);
	ca_mac_free(&m);
}

static const CU_TestInfo tests[] = {
    {"check_values", check_values},
    {"bit_lengths", bit_lengths},
    {"spki_is_the_same", spki_is_the_same},
    {"points", points},
    {"kdf_grows", kdf_grows},
    {"kdf_one_step", kdf_one_step},
    {"nothing_to_free", nothing_to_free},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_session_crypto = {"session_crypto", tests};
