#include <stdlib.h>
#include <string.h>

#include "pcsc/base/tlv.h"
#include "pcsc/base/wr.h"
#include "tests/unit/suites.h"

/* clang-format off */
static const struct {
	const char *in;
	bool ok;
	uint32_t tag;
	const char *val;
	size_t left;
} next_rows[] = {
	{"04 00",                  true,  0x04, "", 0},
	{"04 01 AA 05",            true,  0x04, "AA", 1},
	{"30 02 05 00 00",         true,  0x30, "05 00", 1},
	{"7F 49 01 11",            true,  0x7F49, "11", 0},
	{"5F 20 00",               true,  0x5F20, "", 0},
	{"1F 1F 00",               true,  0x1F1F, "", 0},
	{"DF 01 00",               true,  0xDF01, "", 0},
	{"BF 81 01 01 77",         true,  0xBF8101, "77", 0},
	{"BF 81 81 01 01 77",      true,  0xBF818101, "77", 0},
	{"FF 1F 00",               true,  0xFF1F, "", 0},
	{"04 81 01 AA",            true,  0x04, "AA", 0},
	{"04 82 00 01 AA",         true,  0x04, "AA", 0},
	{"04 83 00 00 01 AA",      true,  0x04, "AA", 0},
	{"04 84 00 00 00 01 AA",   true,  0x04, "AA", 0},
	{"",                       false, 0, NULL, 0},
	{"04",                     false, 0, NULL, 0},
	{"04 01",                  false, 0, NULL, 0},
	{"04 81",                  false, 0, NULL, 0},
	{"04 82 01",               false, 0, NULL, 0},
	{"1F",                     false, 0, NULL, 0},
	{"1F 81",                  false, 0, NULL, 0},
	{"1F 1F",                  false, 0, NULL, 0},
	/* five tag bytes, leading zeros in a tag number, padding */
	{"1F 81 81 81 01 00",      false, 0, NULL, 0},
	{"1F 80 01 00",            false, 0, NULL, 0},
	{"00 00",                  false, 0, NULL, 0},
	{"FF FF FF FF FF FF",      false, 0, NULL, 0},
	/* indefinite, five length bytes, reserved FF */
	{"30 80 05 00 00 00",      false, 0, NULL, 0},
	{"04 85 00 00 00 00 01 AA", false, 0, NULL, 0},
	{"04 FF 01 AA",            false, 0, NULL, 0},
	/* lengths that overflow if somebody adds them */
	{"04 84 FF FF FF FF AA",   false, 0, NULL, 0},
	{"04 84 FF FF FF FA AA",   false, 0, NULL, 0},
	{"04 84 7F FF FF FF AA",   false, 0, NULL, 0},
	{"04 84 80 00 00 00 AA",   false, 0, NULL, 0},
};
/* clang-format on */

static void
next(void)
{
	uint8_t room[32], want[32];

	for (size_t i = 0; i < CA_COUNT(next_rows); i++) {
		struct ca_rd in = ut_hex(next_rows[i].in, room, sizeof(room));
		uint8_t *p = ut_exact(in);
		struct ca_rd r = ca_rd_of(p, in.n);
		struct ca_rd val = {NULL, 4711};
		struct ca_rd whole = {NULL, 4712};
		uint32_t tag = 0xDEAD;
		bool ok = ca_tlv_whole(&r, &tag, &val, &whole);

		UT(ok == next_rows[i].ok, "%s", next_rows[i].in);
		if (ok) {
			UT(tag == next_rows[i].tag && r.n == next_rows[i].left,
			    "%s", next_rows[i].in);
			UT(ca_rd_equal(val,
			       ut_hex(next_rows[i].val, want, sizeof(want))),
			    "%s", next_rows[i].in);
			UT(whole.p == p && whole.n == in.n - r.n, "%s",
			    next_rows[i].in);
		} else {
			UT(r.p == p && r.n == in.n, "%s", next_rows[i].in);
			UT(tag == 0xDEAD && val.n == 4711 && whole.n == 4712,
			    "%s", next_rows[i].in);
		}
		free(p);
	}
}

static const char nested[] =
    "70 0F BF 81 01 0B 5A 01 99 A0 06 9A 01 01 9B 01 42";

/* Cut at every byte, a TLV is refused and nothing moves; whole, it is taken. */
static void
truncated(void)
{
	uint8_t room[32];
	const struct ca_rd all = ut_hex(nested, room, sizeof(room));

	for (size_t n = 0; n <= all.n; n++) {
		uint8_t *p = ut_exact(ca_rd_of(room, n));
		struct ca_rd r = ca_rd_of(p, n);
		struct ca_rd val = {NULL, 1};
		uint32_t tag = 7;
		size_t total = 5;
		bool told = ca_tlv_announced(r, &total);

		UT(ca_tlv_next(&r, &tag, &val) == (n == all.n), "%zu", n);
		if (n < all.n)
			UT(r.n == n && r.p == p && tag == 7 && val.n == 1,
			    "%zu", n);
		/* The header of the outer one has two bytes. */
		UT(told == (n >= 2) && total == (n >= 2 ? all.n : 5), "%zu", n);
		free(p);
	}
}

static void
expect(void)
{
	uint8_t room[8], more[8];
	const struct ca_rd all = ut_hex("04 01 AA 05 00", room, sizeof(room));
	struct ca_rd r = all;
	struct ca_rd val = {NULL, 9};

	UT_OK(!ca_tlv_expect(&r, 0x05, &val) && r.n == all.n && val.n == 9);
	UT_OK(ca_tlv_expect(&r, 0x04, &val) && val.n == 1 && r.n == 2);
	UT_OK(!ca_tlv_expect(&r, 0x04, &val) && r.n == 2);
	UT_OK(ca_tlv_expect(&r, 0x05, &val) && val.n == 0 && ca_rd_end(&r));
	UT_OK(!ca_tlv_expect(&r, 0x05, &val));
	/* Tags are compared whole. */
	r = ut_hex("5F 20 01 AA", more, sizeof(more));
	UT_OK(!ca_tlv_expect(&r, 0x20, &val) &&
	      !ca_tlv_expect(&r, 0x7F20, &val));
	UT_OK(ca_tlv_expect(&r, 0x5F20, &val) && val.n == 1);
	/* One view for both: it descends. */
	r = all;
	UT_OK(ca_tlv_expect(&r, 0x04, &r) && r.n == 1 && r.p == room + 2);
}

/* clang-format off */
static const struct {
	const char *in;
	uint32_t tag;
	const char *val; /* NULL: not there */
} find_rows[] = {
	{"80 01 11 81 01 22 80 01 33", 0x80, "11"},
	{"80 01 11 81 01 22",          0x81, "22"},
	{"80 01 11 00 00 81 01 22",    0x81, "22"},
	{"00 00 00",                   0x80, NULL},
	{"FF FF FF",                   0x80, NULL},
	{"80 01 11",                   0x82, NULL},
	{"",                           0x80, NULL},
	/* never inside another one */
	{"A0 03 80 01 11",             0x80, NULL},
	/* a wrong sibling in between ends the search */
	{"81 05 22 80 01 11",          0x80, NULL},
	/* before the fault it is still found */
	{"80 01 11 81 05 22",          0x80, "11"},
};
/* clang-format on */

static void
find(void)
{
	uint8_t room[32], want[8];

	for (size_t i = 0; i < CA_COUNT(find_rows); i++) {
		struct ca_rd in = ut_hex(find_rows[i].in, room, sizeof(room));
		struct ca_rd val = {NULL, 31};
		bool ok = ca_tlv_find(in, find_rows[i].tag, &val);

		UT(ok == (find_rows[i].val != NULL), "row %zu", i);
		if (find_rows[i].val)
			UT(ca_rd_equal(val,
			       ut_hex(find_rows[i].val, want, sizeof(want))),
			    "row %zu", i);
		else
			UT(val.p == NULL && val.n == 31, "row %zu", i);
	}
}

static void
path(void)
{
	static const uint32_t way[] = {0x70, 0xBF8101, 0xA0, 0x9B};
	static const uint32_t off[] = {0x70, 0xBF8101, 0xA1, 0x9B};
	uint32_t deep[CA_TLV_DEPTH_MAX + 1];
	uint8_t room[64];
	struct ca_rd in = ut_hex(nested, room, sizeof(room));
	struct ca_rd val = {NULL, 3};
	size_t n = 0;

	UT_OK(ca_tlv_path(in, way, CA_COUNT(way), &val));
	UT_OK(val.n == 1 && val.p[0] == 0x42);
	UT_OK(ca_tlv_path(in, way, 1, &val) && val.n == in.n - 2);
	val.n = 3;
	UT_OK(!ca_tlv_path(in, off, CA_COUNT(off), &val) && val.n == 3);
	UT_OK(!ca_tlv_path(in, way, 0, &val) && val.n == 3);
	/* One level more than we go down, although it is there. */
	for (size_t i = 0; i < CA_COUNT(deep); i++)
		deep[i] = 0x30;
	for (size_t i = CA_COUNT(deep); i-- > 0; n += 2) {
		room[n] = 0x30;
		room[n + 1] = (uint8_t)(2 * i);
	}
	in = ca_rd_of(room, n);
	UT_OK(ca_tlv_path(in, deep, CA_TLV_DEPTH_MAX, &val));
	UT_OK(!ca_tlv_path(in, deep, CA_TLV_DEPTH_MAX + 1, &val));
}

/* clang-format off */
static const struct {
	const char *in;
	bool ok;
	size_t total;
} announced_rows[] = {
	{"30 82 03 0D 30 82", true, 0x30D + 4},
	{"30 0A",             true, 12},
	{"7F 49 81 80",       true, 132},
	{"30 84 FF FF FF FF", true, (size_t)0xFFFFFFFFu + 6},
	{"30",                false, 0},
	{"30 82 03",          false, 0},
	{"30 80",             false, 0},
	{"00 00",             false, 0},
	{"",                  false, 0},
};
/* clang-format on */

static void
announced(void)
{
	uint8_t room[8];

	for (size_t i = 0; i < CA_COUNT(announced_rows); i++) {
		size_t total = 17;
		bool ok = ca_tlv_announced(ut_hex(announced_rows[i].in, room,
					       sizeof(room)),
		    &total);

		UT(ok == announced_rows[i].ok, "%s", announced_rows[i].in);
		UT(total == (ok ? announced_rows[i].total : 17), "%s",
		    announced_rows[i].in);
	}
}

static void
padding(void)
{
	uint8_t room[16];
	struct ca_rd r = ut_hex("00 FF 00 30 00 FF", room, sizeof(room));

	ca_tlv_skip_padding(&r);
	UT_OK(r.n == 3 && r.p[0] == 0x30);
	ca_tlv_skip_padding(&r);
	UT_OK(r.n == 3);
	r = ut_hex("FF FF 00", room, sizeof(room));
	ca_tlv_skip_padding(&r);
	UT_OK(r.n == 0);
	ca_tlv_skip_padding(&r);
	UT_OK(r.n == 0);
}

/* clang-format off */
static const struct {
	const char *in;
	uint32_t max;
	bool ok;
	uint32_t v;
} uint_rows[] = {
	{"00",             255, true, 0},
	{"7F",             255, true, 127},
	{"81",             255, true, 0x81},
	{"FF",             255, true, 255},
	{"00 81",          255, true, 0x81},
	{"00 00 00 00 05", 255, true, 5},
	{"08 00",          65535, true, 2048},
	{"01 00",          255, false, 0},
	{"81",             0x80, false, 0},
	{"80",             0x80, true, 0x80},
	{"",               255, false, 0},
	{"FF 01",          UINT32_MAX, false, 0},
	{"80 00",          UINT32_MAX, false, 0},
	{"7F FF FF FF",    UINT32_MAX, true, 0x7FFFFFFF},
	{"00 FF FF FF FF", UINT32_MAX, true, UINT32_MAX},
	{"01 00 00 00 00", UINT32_MAX, false, 0},
	{"7F FF FF FF FF FF FF FF FF", UINT32_MAX, false, 0},
	/* wraps to 5 if somebody shifts too far */
	{"01 00 00 00 05", UINT32_MAX, false, 0},
};

static const struct {
	const char *in;
	bool ok;
	uint32_t v;
} bits_rows[] = {
	{"04 10",                true, 1 << 3}, /* the token flags of section 7 */
	{"06 C0",                true, 3},
	{"02 4C",                true, 1 << 1 | 1 << 4 | 1 << 5},
	{"06 00 40",             true, 1 << 9},
	{"00 80",                true, 1},
	{"00 01",                true, 1 << 7},
	{"00 00 80",             true, 1 << 8},
	{"00",                   true, 0},
	{"07 FF",                true, 1}, /* unused bits do not count */
	{"00 00 00 00 80",       true, 1 << 24},
	{"00 FF FF FF FF",       true, UINT32_MAX},
	{"00 00 00 00 00 FF",    true, 0}, /* beyond 32 */
	{"04 FF FF FF FF FF",    true, UINT32_MAX},
	{"04 FF FF FF FF",       true, 0x0FFFFFFF},
	{"",                     false, 0},
	{"08 FF",                false, 0},
	{"FF FF",                false, 0},
	{"01",                   false, 0},
};
/* clang-format on */

static void
der_uint(void)
{
	uint8_t room[16];

	for (size_t i = 0; i < CA_COUNT(uint_rows); i++) {
		uint32_t v = 0xBAD;
		bool ok =
		    ca_der_uint(ut_hex(uint_rows[i].in, room, sizeof(room)),
			uint_rows[i].max, &v);

		UT(ok == uint_rows[i].ok, "%s", uint_rows[i].in);
		UT(v == (ok ? uint_rows[i].v : 0xBAD), "%s", uint_rows[i].in);
	}
}

static void
der_bits(void)
{
	uint8_t room[16];

	for (size_t i = 0; i < CA_COUNT(bits_rows); i++) {
		uint32_t v = 0xBAD;
		bool ok =
		    ca_der_bits(ut_hex(bits_rows[i].in, room, sizeof(room)),
			&v);

		UT(ok == bits_rows[i].ok, "%s", bits_rows[i].in);
		UT(v == (ok ? bits_rows[i].v : 0xBAD), "%s gives %x",
		    bits_rows[i].in, v);
	}
}

static void
der_bool(void)
{
	bool v = false;

	UT_OK(ca_der_bool(ut_text("\xFF"), &v) && v);
	UT_OK(ca_der_bool(ca_rd_of("\0", 1), &v) && !v);
	UT_OK(ca_der_bool(ut_text("\x01"), &v) && v);
	UT_OK(!ca_der_bool(ut_text(""), &v) && v);
	UT_OK(!ca_der_bool(ca_rd_of("\0\0", 2), &v) && v);
}

/* What ca_wr_tlv() writes, ca_tlv_next() reads. */
static void
round_trip(void)
{
	static const uint32_t tags[] = {
	    0x02, 0x30, 0x5F20, 0x7F49, 0xBF8101, 0xBF818101};
	struct ut_dice d = ut_dice_of(3);
	uint8_t room[700], value[600];

	for (int i = 0; i < 2000; i++) {
		struct ca_wr w = ca_wr_of(room, sizeof(room));
		uint32_t tag = tags[ut_roll(&d, CA_COUNT(tags))];
		size_t n = ut_roll(&d, sizeof(value));
		struct ca_rd r, val;
		size_t total;
		uint32_t got;

		ut_roll_bytes(&d, value, n);
		ca_wr_tlv(&w, tag, ca_rd_of(value, n));
		r = ca_wr_rd(&w);
		UT_OK(ca_wr_ok(&w));
		UT(ca_tlv_announced(r, &total) && total == r.n, "%d", i);
		UT(ca_tlv_next(&r, &got, &val) && got == tag && ca_rd_end(&r) &&
			ca_rd_equal(val, ca_rd_of(value, n)),
		    "%d", i);
	}
}

/* Random bytes, mostly small ones, so that headers often fit: every view given
 * out lies inside, the rest follows it, and the announced size agrees. */
static void
random_bytes(void)
{
	struct ut_dice d = ut_dice_of(4);
	uint8_t bytes[48];
	unsigned taken = 0;

	for (int i = 0; i < 20000; i++) {
		size_t n = ut_roll(&d, sizeof(bytes));
		struct ca_rd r, val, whole;
		uint32_t tag;
		uint8_t *p;
		size_t total;

		for (size_t k = 0; k < n; k++)
			bytes[k] = (uint8_t)ut_roll(&d, k % 3 ? 16 : 256);
		p = ut_exact(ca_rd_of(bytes, n));
		r = ca_rd_of(p, n);
		while (ca_tlv_whole(&r, &tag, &val, &whole)) {
			taken++;
			UT(val.p + val.n == whole.p + whole.n, "%d", i);
			UT(whole.p + whole.n == p + n - r.n, "%d", i);
			UT(ca_tlv_announced(whole, &total) && total == whole.n,
			    "%d", i);
			UT(tag != 0, "%d", i);
		}
		if (ca_tlv_find(ca_rd_of(p, n), bytes[0], &val))
			UT(val.p >= p && val.p + val.n <= p + n, "%d", i);
		free(p);
	}
	/* The dice must have found something to take. */
	UT_OK(taken > 10000);
}

static const CU_TestInfo tests[] = {
    {"next", next},
    {"truncated", truncated},
    {"expect", expect},
    {"find", find},
    {"path", path},
    {"announced", announced},
    {"padding", padding},
    {"der_uint", der_uint},
    {"der_bits", der_bits},
    {"der_bool", der_bool},
    {"round_trip", round_trip},
    {"random_bytes", random_bytes},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_tlv = {"tlv", tests};
