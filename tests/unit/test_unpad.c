/* Paddings of RSA PKCS#1 v1.5 removed: what is wrong gives one of the lengths
 * that may be, the same for the same cryptogram. */
#include <string.h>

#include "module/crypto/pad.h"
#include "tests/unit/suites.h"

#define K 128

static const struct ca_lengths aes = {16, 32, 8}, one = {20, 20, 1},
			       any = {0, K - 11, 1};

/* A block with a message of n bytes of AB. */
static void
make(uint8_t em[K], size_t n)
{
	memset(em, 0x77, K);
	em[0] = 0;
	em[1] = 2;
	em[K - 1 - n] = 0;
	memset(&em[K - n], 0xAB, n);
}

static struct ca_rd
open_it(const uint8_t em[K], uint8_t salt, const struct ca_lengths *may,
    uint8_t *room)
{
	struct ca_wr w = ca_wr_of(room, K);

	UT_OK(ca_unpad_pkcs1(ca_rd_of(em, K), ca_rd_of(&salt, 1), may, &w) ==
	      CA_OK);
	return ca_wr_rd(&w);
}

static void
right_ones(void)
{
	static const size_t lengths[] = {16, 24, 32};
	uint8_t em[K], room[K];

	for (size_t i = 0; i < CA_COUNT(lengths); i++) {
		struct ca_rd m;

		make(em, lengths[i]);
		m = open_it(em, 1, &aes, room);
		UT(m.n == lengths[i] && ca_rd_all(m, 0xAB), "%zu", m.n);
	}
	make(em, K - 11);
	UT_OK(open_it(em, 1, &any, room).n == K - 11);
	make(em, 0);
	UT_OK(open_it(em, 1, &any, room).n == 0);
}

/* A right padding around a length that is of no use is as wrong as any. */
static void
wrong_lengths(void)
{
	uint8_t em[K], room[K];
	unsigned seen = 0;

	for (size_t n = 0; n <= K - 11; n++) {
		struct ca_rd m;

		make(em, n);
		m = open_it(em, (uint8_t)n, &aes, room);
		UT(m.n == 16 || m.n == 24 || m.n == 32, "%zu gives %zu", n,
		    m.n);
		UT(n == m.n || !ca_rd_all(m, 0xAB), "%zu", n);
		seen |= 1U << m.n / 8;
		UT_OK(open_it(em, (uint8_t)n, &one, room).n == 20);
	}
	UT(seen == 0x1C, "not all lengths come: %x", seen);
}

static void
wrong_paddings(void)
{
	static const size_t at[] = {0, 1, 2, 9};
	uint8_t em[K], room[K], again[K];

	for (size_t i = 0; i < CA_COUNT(at); i++) {
		struct ca_rd m, same, other;

		make(em, 16);
		em[at[i]] = at[i] < 2 ? 0x55 : 0;
		m = open_it(em, 7, &aes, room);
		UT(!ca_rd_all(m, 0xAB), "byte %zu", at[i]);
		same = open_it(em, 7, &aes, again);
		UT(ca_rd_equal(m, same), "byte %zu", at[i]);
		other = open_it(em, 8, &aes, again);
		UT(!ca_rd_equal(m, other), "byte %zu", at[i]);
	}
	make(em, 16);
	em[K - 17] = 0x11; /* no zero at all */
	UT_OK(open_it(em, 7, &one, room).n == 20);
}

/* A card that unpadded by itself and refused gives the same as we would. */
static void
card_refused(void)
{
	uint8_t em[K], room[K], again[K], salt = 7;
	struct ca_wr w = ca_wr_of(again, K);

	make(em, 16);
	em[1] = 1;
	UT_OK(ca_unpad_reject(K, ca_rd_of(&salt, 1), false, &aes, &w) == CA_OK);
	UT_OK(ca_rd_equal(open_it(em, 7, &aes, room), ca_wr_rd(&w)));
}

static struct ca_rd
reject(uint16_t salt, bool padded, const struct ca_lengths *may, uint8_t *room)
{
	struct ca_wr w = ca_wr_of(room, K);

	UT_OK(ca_unpad_reject(K, ca_rd_of(&salt, sizeof(salt)), padded, may,
		  &w) == CA_OK);
	return ca_wr_rd(&w);
}

/* Asked with several lists of lengths, a cryptogram with a wrong padding
 * answers like one with a right padding: all that have its length give one
 * plaintext, the others nothing of it. */
static void
many_lists(void)
{
	static const struct ca_lengths two = {16, 16, 1};
	uint8_t room[K], again[K];
	struct ca_rd m, o;
	unsigned in_aes = 0;

	for (uint16_t salt = 0; salt < 4096; salt++) {
		m = reject(salt, false, &any, room);
		o = reject(salt, false, &aes, again);
		if (ca_length_fits(&aes, m.n)) {
			in_aes++;
			UT(ca_rd_equal(m, o), "salt %u", salt);
		}
		o = reject(salt, true, &two, again);
		if (m.n >= 16)
			UT(ca_rd_skip(&m, m.n - 16) && !ca_rd_equal(m, o),
			    "salt %u", salt);
	}
	UT_OK(in_aes > 0);
}

/* A right padding around a length that is of no use, by the card and by us. */
static void
card_opened(void)
{
	uint8_t em[K], room[K], again[K], salt = 7;
	struct ca_wr w = ca_wr_of(again, K);

	make(em, 17);
	UT_OK(ca_unpad_reject(K, ca_rd_of(&salt, 1), true, &aes, &w) == CA_OK);
	UT_OK(ca_rd_equal(open_it(em, 7, &aes, room), ca_wr_rd(&w)));
}

static void
too_long(void)
{
	static const struct ca_lengths much = {200, 200, 1};
	uint8_t em[K] = {0}, room[K];
	struct ca_wr w = ca_wr_of(room, K);

	UT_OK(ca_unpad_pkcs1(ca_rd_of(em, K), ca_rd_of(em, 1), &much, &w) ==
	      CA_E_DATA_LEN);
	UT_OK(ca_unpad_reject(K, ca_rd_of(em, 1), false, &much, &w) ==
	      CA_E_DATA_LEN);
	UT_OK(ca_unpad_pkcs1(ca_rd_of(em, 10), ca_rd_of(em, 1), &any, &w) ==
	      CA_E_DATA_LEN);
}

static const CU_TestInfo tests[] = {
    {"right_ones", right_ones},
    {"wrong_lengths", wrong_lengths},
    {"wrong_paddings", wrong_paddings},
    {"card_refused", card_refused},
    {"card_opened", card_opened},
    {"many_lists", many_lists},
    {"too_long", too_long},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_unpad = {"unpad", tests};
