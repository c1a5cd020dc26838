/* AES key wrap by known answers: RFC 3394 section 4, RFC 5649 section 6. Each
 * was compared with an independent implementation. */
#include <stdlib.h>
#include <string.h>

#include "module/crypto/wrap.h"
#include "tests/unit/suites.h"

struct vector {
	enum ca_keywrap kind;
	const char *kek, *key, *wrapped;
};

/* clang-format off */
#define KEK "000102030405060708090A0B0C0D0E0F1011121314151617" "18191A1B1C1D1E1F"
static const struct vector vectors[] = {
	/* RFC 3394, 4.1 to 4.6 */
	{ CA_KEYWRAP_KW, "000102030405060708090A0B0C0D0E0F",
	  "00112233445566778899AABBCCDDEEFF",
	  "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5" },
	{ CA_KEYWRAP_KW, "000102030405060708090A0B0C0D0E0F1011121314151617",
	  "00112233445566778899AABBCCDDEEFF",
	  "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D" },
	{ CA_KEYWRAP_KW, KEK, "00112233445566778899AABBCCDDEEFF",
	  "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7" },
	{ CA_KEYWRAP_KW, "000102030405060708090A0B0C0D0E0F1011121314151617",
	  "00112233445566778899AABBCCDDEEFF0001020304050607",
	  "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2" },
	{ CA_KEYWRAP_KW, KEK,
	  "00112233445566778899AABBCCDDEEFF0001020304050607",
	  "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1" },
	{ CA_KEYWRAP_KW, KEK,
	  "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
	  "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326"
	  "CBC7F0E71A99F43BFB988B9B7A02DD21" },
	/* RFC 5649, 6: 20 and 7 bytes */
	{ CA_KEYWRAP_KWP, "5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8",
	  "C37B7E6492584340BED12207808941155068F738",
	  "138BDEAA9B8FA7FC61F97742E72248EE5AE6AE5360D1AE6A"
	  "5F54F373FA543B6A" },
	{ CA_KEYWRAP_KWP, "5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8",
	  "466F7250617369", "AFBEB0F07DFBF5419200F2CCB50BB24F" },
};
/* clang-format on */

static struct ca_rd
wrap(const struct vector *v, struct ca_rd kek, struct ca_rd in, struct ca_wr *w)
{
	UT(ca_keywrap(v->kind, kek, ca_rd_of(NULL, 0), in, w) == CA_OK, "%s",
	    v->wrapped);
	return ca_wr_rd(w);
}

static void
known_answers(void)
{
	for (size_t i = 0; i < CA_COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		uint8_t a[32], b[64], c[64], d[64], e[64];
		struct ca_rd kek = ut_hex(v->kek, a, sizeof(a));
		struct ca_rd key = ut_hex(v->key, b, sizeof(b));
		struct ca_rd want = ut_hex(v->wrapped, c, sizeof(c));
		struct ca_wr w = ca_wr_of(d, sizeof(d));
		struct ca_wr back = ca_wr_of(e, sizeof(e));

		UT(ca_rd_equal(wrap(v, kek, key, &w), want), "%zu", i);
		UT(want.n == ca_keywrap_size(v->kind, key.n), "%zu", i);
		UT(ca_keyunwrap(v->kind, kek, ca_rd_of(NULL, 0), want, &back) ==
			CA_OK,
		    "%zu", i);
		UT(ca_rd_equal(ca_wr_rd(&back), key), "%zu", i);
	}
}

/* PKCS#7 is KW of the padded key. */
static void
pkcs7(void)
{
	uint8_t kek[16] = {1}, key[24], a[64], b[64], c[64];
	struct ca_rd k = ca_rd_of(kek, sizeof(kek)), none = ca_rd_of(NULL, 0);

	memset(key, 0x5A, sizeof(key));
	for (size_t n = 8; n < 24; n++) {
		struct ca_wr one = ca_wr_of(a, sizeof(a));
		struct ca_wr two = ca_wr_of(b, sizeof(b));
		struct ca_wr back = ca_wr_of(c, sizeof(c));
		uint8_t padded[24];
		size_t all = n / 8 * 8 + 8;

		memcpy(padded, key, n);
		memset(padded + n, (int)(all - n), all - n);
		UT(ca_keywrap(CA_KEYWRAP_PKCS7, k, none, ca_rd_of(key, n),
		       &one) == CA_OK,
		    "%zu", n);
		UT(ca_keywrap(CA_KEYWRAP_KW, k, none, ca_rd_of(padded, all),
		       &two) == CA_OK,
		    "%zu", n);
		UT(ca_rd_equal(ca_wr_rd(&one), ca_wr_rd(&two)), "%zu", n);
		UT(ca_wr_rd(&one).n == ca_keywrap_size(CA_KEYWRAP_PKCS7, n),
		    "%zu", n);
		UT(ca_keyunwrap(CA_KEYWRAP_PKCS7, k, none, ca_wr_rd(&one),
		       &back) == CA_OK,
		    "%zu", n);
		UT(ca_rd_equal(ca_wr_rd(&back), ca_rd_of(key, n)), "%zu", n);
	}
}

/* What was wrapped whole with bytes that are no padding. */
static void
no_padding(void)
{
	static const char *const ends[] = {"0000000000000000",
	    "0909090909090909", "0808080808080807", "0108080808080808",
	    "00000000000001FF", "0000000000000302"};
	uint8_t kek[16] = {1}, key[16] = {7}, a[64], b[64];
	struct ca_rd k = ca_rd_of(kek, sizeof(kek)), none = ca_rd_of(NULL, 0);

	for (size_t i = 0; i < CA_COUNT(ends); i++) {
		struct ca_wr w = ca_wr_of(a, sizeof(a));
		struct ca_wr back = ca_wr_of(b, sizeof(b));

		(void)ut_hex(ends[i], key + 8, 8);
		UT_OK(ca_keywrap(CA_KEYWRAP_KW, k, none, ca_rd_of(key, 16),
			  &w) == CA_OK);
		UT(ca_keyunwrap(CA_KEYWRAP_PKCS7, k, none, ca_wr_rd(&w),
		       &back) == CA_E_DATA,
		    "%s", ends[i]);
		UT(ca_wr_rd(&back).n == 0, "%s", ends[i]);
	}
}

/* Each bit counts, and so does the initial value. */
static void
changed(void)
{
	static const enum ca_keywrap kinds[] = {
	    CA_KEYWRAP_KW, CA_KEYWRAP_KWP, CA_KEYWRAP_PKCS7};
	uint8_t kek[16] = {1}, key[16] = {7}, a[64], b[64];
	struct ca_rd k = ca_rd_of(kek, sizeof(kek)), none = ca_rd_of(NULL, 0);

	for (size_t i = 0; i < CA_COUNT(kinds); i++) {
		struct ca_rd iv = ca_rd_of("ABCDEFGH", ca_keywrap_iv(kinds[i]));
		struct ca_wr w = ca_wr_of(a, sizeof(a)), back;
		struct ca_rd in;

		UT_OK(ca_keywrap(kinds[i], k, iv, ca_rd_of(key, 16), &w) ==
		      CA_OK);
		in = ca_wr_rd(&w);
		back = ca_wr_of(b, sizeof(b));
		UT_OK(ca_keyunwrap(kinds[i], k, iv, in, &back) == CA_OK);
		UT_OK(ca_rd_equal(ca_wr_rd(&back), ca_rd_of(key, 16)));
		back = ca_wr_of(b, sizeof(b));
		UT_OK(ca_keyunwrap(kinds[i], k, none, in, &back) == CA_E_DATA);
		for (size_t bit = 0; bit < 8 * in.n; bit++) {
			a[bit / 8] ^= (uint8_t)(1U << bit % 8);
			UT(ca_keyunwrap(kinds[i], k, iv, in, &back) ==
				CA_E_DATA,
			    "bit %zu", bit);
			a[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
		UT_OK(ca_wr_rd(&back).n == 0);
	}
}

static void
lengths(void)
{
	static const struct {
		enum ca_keywrap kind;
		size_t n, wrapped;
	} rows[] = {{CA_KEYWRAP_KW, 0, 0}, {CA_KEYWRAP_KW, 8, 0},
	    {CA_KEYWRAP_KW, 15, 0}, {CA_KEYWRAP_KW, 16, 24},
	    {CA_KEYWRAP_KW, CA_KEYWRAP_MAX, CA_KEYWRAP_MAX + 8},
	    {CA_KEYWRAP_KW, CA_KEYWRAP_MAX + 8, 0}, {CA_KEYWRAP_KWP, 0, 0},
	    {CA_KEYWRAP_KWP, 1, 16}, {CA_KEYWRAP_KWP, 8, 16},
	    {CA_KEYWRAP_KWP, 9, 24}, {CA_KEYWRAP_PKCS7, 0, 0},
	    {CA_KEYWRAP_PKCS7, 7, 0}, {CA_KEYWRAP_PKCS7, 8, 24},
	    {CA_KEYWRAP_PKCS7, 15, 24}, {CA_KEYWRAP_PKCS7, 16, 32},
	    {CA_KEYWRAP_KWP, SIZE_MAX, 0}};
	const size_t cap = CA_KEYWRAP_MAX + CA_KEYWRAP_MORE;
	uint8_t kek[17] = {1}, *in = calloc(1, cap), *room = calloc(1, cap);
	struct ca_rd k = ca_rd_of(kek, 16), none = ca_rd_of(NULL, 0);

	for (size_t i = 0; in != NULL && room != NULL && i < CA_COUNT(rows);
	     i++) {
		struct ca_wr w = ca_wr_of(room, cap);
		ca_err e = rows[i].wrapped == 0 ? CA_E_DATA_LEN : CA_OK;

		UT(ca_keywrap_size(rows[i].kind, rows[i].n) == rows[i].wrapped,
		    "%zu", i);
		if (rows[i].n > cap)
			continue;
		UT(ca_keywrap(rows[i].kind, k, none, ca_rd_of(in, rows[i].n),
		       &w) == e,
		    "%zu", i);
		UT(ca_wr_rd(&w).n == rows[i].wrapped, "%zu", i);
	}
	for (size_t n = 0; in != NULL && room != NULL && n < 24; n++) {
		struct ca_wr w = ca_wr_of(room, cap);
		ca_err e = n == 16 ? CA_E_DATA : CA_E_DATA_LEN;

		UT(ca_keyunwrap(CA_KEYWRAP_KWP, k, none, ca_rd_of(in, n), &w) ==
			e,
		    "%zu", n);
		UT(ca_keyunwrap(CA_KEYWRAP_KW, k, none, ca_rd_of(in, n), &w) ==
			CA_E_DATA_LEN,
		    "%zu", n);
	}
	UT_OK(ca_keywrap(CA_KEYWRAP_KWP, ca_rd_of(kek, 17), none,
		  ca_rd_of("x", 1), &(struct ca_wr){0}) == CA_E_BUG);
	UT_OK(ca_keywrap(CA_KEYWRAP_KWP, k, ca_rd_of("12345", 5),
		  ca_rd_of("x", 1), &(struct ca_wr){0}) == CA_E_BUG);
	free(in);
	free(room);
}

static const CU_TestInfo tests[] = {
    {"known_answers", known_answers},
    {"pkcs7", pkcs7},
    {"no_padding", no_padding},
    {"changed", changed},
    {"lengths", lengths},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_wrap = {"wrap", tests};
