#include <stdlib.h>
#include <string.h>

#include "pcsc/base/tlv.h"
#include "pcsc/base/wr.h"
#include "tests/unit/suites.h"

static bool
holds(const struct ca_wr *w, const char *hex)
{
	uint8_t want[512];

	return ca_wr_ok(w) &&
	       ca_rd_equal(ca_wr_rd(w), ut_hex(hex, want, sizeof(want)));
}

static void
plain(void)
{
	uint8_t room[16];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	UT_OK(ca_wr_ok(&w) && ca_wr_rd(&w).n == 0);
	ca_wr_u8(&w, 0x80);
	ca_wr_u16(&w, 0x1234);
	ca_wr_bytes(&w, ut_text("ab"));
	ca_wr_mem(&w, "c", 1);
	ca_wr_fill(&w, 0xFF, 3);
	ca_wr_bytes(&w, ca_rd_of(NULL, 0));
	ca_wr_mem(&w, NULL, 0);
	ca_wr_fill(&w, 0xEE, 0);
	UT_OK(holds(&w, "80 12 34 61 62 63 FF FF FF"));
}

/* A write that does not fit writes nothing, and nothing is written after. */
static void
overflow(void)
{
	static const uint8_t more[5] = {1, 2, 3, 4, 5};
	uint8_t room[8];

	for (int kind = 0; kind < 5; kind++) {
		struct ca_wr w = ca_wr_of(room, 4);

		memset(room, 0xAA, sizeof(room));
		ca_wr_fill(&w, 0x11, kind == 0 ? 4 : 3);
		UT(ca_wr_ok(&w), "kind %d", kind);
		if (kind == 0)
			ca_wr_u8(&w, 0x22);
		else if (kind == 1)
			ca_wr_u16(&w, 0x2222);
		else if (kind == 2)
			ca_wr_bytes(&w, ca_rd_of(more, sizeof(more)));
		else if (kind == 3)
			ca_wr_fill(&w, 0x22, SIZE_MAX);
		else
			ca_wr_tlv(&w, 0x04, ca_rd_of(more, 0));
		UT(!ca_wr_ok(&w) && ca_wr_rd(&w).n == 0, "kind %d", kind);
		UT(room[3] == (kind == 0 ? 0x11 : 0xAA), "kind %d", kind);
		/* Would fit, but the writer has failed. */
		ca_wr_fill(&w, 0x33, 0);
		if (kind > 0)
			ca_wr_u8(&w, 0x33);
		UT(!ca_wr_ok(&w), "kind %d", kind);
		UT(room[3] != 0x33 && room[4] == 0xAA, "kind %d", kind);
	}
}

static void
no_room(void)
{
	struct ca_wr w = ca_wr_of(NULL, 10);

	ca_wr_fill(&w, 0, 0);
	UT_OK(ca_wr_ok(&w));
	ca_wr_u8(&w, 0);
	UT_OK(!ca_wr_ok(&w));
	ca_wr_wipe(&w);
	UT_OK(ca_wr_ok(&w));
}

static const struct {
	uint32_t tag;
	size_t n;
	const char *head;
} tlv_rows[] = {
    {0x04, 0, "04 00"},
    {0x30, 1, "30 01"},
    {0x30, 127, "30 7F"},
    {0x30, 128, "30 81 80"},
    {0x30, 255, "30 81 FF"},
    {0x30, 256, "30 82 01 00"},
    {0x30, 65535, "30 82 FF FF"},
    {0x5F20, 2, "5F 20 02"},
    {0x7F49, 128, "7F 49 81 80"},
    {0xBF8101, 3, "BF 81 01 03"},
    {0xBF818101, 256, "BF 81 81 01 82 01 00"},
};

static void
tlv_heads(void)
{
	uint8_t *value = malloc(65536);
	uint8_t *room = malloc(65536 + 8);
	uint8_t want[8];

	memset(value, 0x5A, 65536);
	for (size_t i = 0; i < CA_COUNT(tlv_rows); i++) {
		struct ca_rd head =
		    ut_hex(tlv_rows[i].head, want, sizeof(want));
		size_t total = head.n + tlv_rows[i].n;
		struct ca_rd val = ca_rd_of(value, tlv_rows[i].n);
		struct ca_wr w = ca_wr_of(room, total);
		struct ca_rd r, got;

		ca_wr_tlv(&w, tlv_rows[i].tag, val);
		r = ca_wr_rd(&w);
		UT(ca_wr_ok(&w) && r.n == total, "row %zu", i);
		UT(ca_rd_take(&r, head.n, &got) && ca_rd_equal(got, head) &&
			ca_rd_equal(r, val),
		    "row %zu", i);
		/* One byte less, and not even the tag is written. */
		w = ca_wr_of(room, total - 1);
		memset(room, 0xA5, 8);
		ca_wr_tlv(&w, tlv_rows[i].tag, val);
		UT(!ca_wr_ok(&w) && room[0] == 0xA5 && w.n == 0, "row %zu", i);
	}
	free(value);
	free(room);
}

static void
tlv_too_long(void)
{
	uint8_t *room = calloc(1, 70000);
	struct ca_wr w = ca_wr_of(room, 70000);

	ca_wr_tlv(&w, 0x04, ca_rd_of(room, 65536));
	UT_OK(!ca_wr_ok(&w) && w.n == 0);
	free(room);
}

static void
wipe(void)
{
	uint8_t room[9];
	struct ca_wr w = ca_wr_of(room, 8);

	memset(room, 0xCC, sizeof(room));
	ca_wr_mem(&w, "12345678", 8);
	ca_wr_u8(&w, 9);
	UT_OK(!ca_wr_ok(&w));
	ca_wr_wipe(&w);
	UT_OK(ca_rd_all(ca_rd_of(room, 8), 0) && room[8] == 0xCC);
	UT_OK(ca_wr_ok(&w) && w.n == 0 && w.cap == 8);
	ca_wr_u8(&w, 1);
	UT_OK(holds(&w, "01"));
}

/* A plain model beside the writer: both must agree after every step. */
struct twin {
	uint8_t want[64];
	size_t n;
	bool failed;
};

static void
twin_add(struct twin *t, size_t cap, const uint8_t *p, size_t n)
{
	t->failed = t->failed || n > cap - t->n;
	if (t->failed)
		return;
	memcpy(t->want + t->n, p, n);
	t->n += n;
}

static void
random_step(struct ut_dice *d, struct ca_wr *w, struct twin *t)
{
	uint8_t b[24];
	size_t n = ut_roll(d, 20);

	ut_roll_bytes(d, b + 2, n);
	switch (ut_roll(d, 4)) {
	case 0:
		ca_wr_u8(w, b[2] = (uint8_t)ut_roll(d, 256));
		twin_add(t, w->cap, b + 2, 1);
		break;
	case 1:
		b[2] = (uint8_t)ut_roll(d, 256);
		b[3] = (uint8_t)ut_roll(d, 256);
		ca_wr_u16(w, (uint16_t)(b[2] << 8 | b[3]));
		twin_add(t, w->cap, b + 2, 2);
		break;
	case 2:
		ca_wr_bytes(w, ca_rd_of(b + 2, n));
		twin_add(t, w->cap, b + 2, n);
		break;
	default:
		b[0] = 0x04;
		b[1] = (uint8_t)n;
		ca_wr_tlv(w, 0x04, ca_rd_of(b + 2, n));
		twin_add(t, w->cap, b, n + 2);
		break;
	}
}

static void
random_steps(void)
{
	struct ut_dice d = ut_dice_of(2);

	for (int round = 0; round < 3000; round++) {
		size_t cap = ut_roll(&d, 65);
		uint8_t *room = malloc(cap + 1);
		struct ca_wr w = ca_wr_of(room, cap);
		struct twin t = {.n = 0};

		room[cap] = 0x77;
		for (int i = 0; i < 12; i++) {
			random_step(&d, &w, &t);
			UT(ca_wr_ok(&w) == !t.failed, "round %d", round);
			UT(w.n == t.n && w.n <= cap, "round %d", round);
			UT(memcmp(room, t.want, t.n) == 0, "round %d", round);
			UT(ca_wr_rd(&w).n == (t.failed ? 0 : t.n), "round %d",
			    round);
		}
		UT(room[cap] == 0x77, "round %d", round);
		free(room);
	}
}

static const CU_TestInfo tests[] = {
    {"plain", plain},
    {"overflow", overflow},
    {"no_room", no_room},
    {"tlv_heads", tlv_heads},
    {"tlv_too_long", tlv_too_long},
    {"wipe", wipe},
    {"random_steps", random_steps},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_wr = {"wr", tests};
