/* The keypad of a simulated reader, with structures written by hand. */
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_transport.h"
#include "tests/sim/t.h"

#define READER "Reader 0"
#define VERIFY 0x42000E06u
#define MODIFY 0x42000E07u
#define START 0x42000E01u
#define FINISH 0x42000E02u

struct fix {
	struct ca_sim_world *w;
	const struct ca_transport_ops *ops;
	struct ca_sim *card;
	void *conn, *link;
};

static void
set_up(struct fix *f, const struct ca_sim_keypad *keypad)
{
	const struct ca_sim_reader reader = {.keypad = *keypad};
	struct ca_link_info info;

	memset(f, 0, sizeof(*f));
	f->w = ca_sim_world_new();
	f->ops = ca_sim_world_transport(f->w)->ops;
	/* The PIN's directory is in the MF's DF; a global PIN needs none. */
	f->card = t_card("iso7816-15", "pin-max=8 pin-stored=8 pin-local=no");
	CU_ASSERT_EQUAL(ca_sim_world_add(f->w, READER, &reader), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_insert(f->w, READER, f->card), CA_OK);
	CU_ASSERT_EQUAL(f->ops->open(ca_sim_world_transport(f->w)->arg,
			    &f->conn),
	    CA_OK);
	CU_ASSERT_EQUAL(f->ops->connect(f->conn, READER, &info, &f->link),
	    CA_OK);
	CU_ASSERT_EQUAL(f->ops->begin(f->link), CA_OK);
}

static void
tear_down(struct fix *f)
{
	f->ops->end(f->link);
	f->ops->close(f->conn);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f->w), 0);
	ca_sim_world_free(f->w);
	ca_sim_free(f->card);
}

/* The parts of a structure, and between them what has several bytes: digits,
 * language, length, in the host's order. The status word; 1 when
 * there was no answer, 2 when the code failed. */
static unsigned
control(struct fix *f, uint32_t code, const char *head, uint16_t digits,
    const char *middle, const char *tail, const char *command)
{
	uint8_t b[300], part[64];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	const char *texts[] = {head, middle, tail, command};
	const uint16_t language = 0x042A;
	struct ca_wr resp;
	uint8_t answer[8];
	uint16_t sw;
	struct ca_rd r;

	for (size_t i = 0; i < CA_COUNT(texts); i++) {
		uint32_t n32;
		size_t n = 0;

		CU_ASSERT(ca_hex_parse(texts[i], part, sizeof(part), &n));
		n32 = (uint32_t)n;
		if (i == 1)
			ca_wr_mem(&w, &digits, sizeof(digits));
		if (i == 2)
			ca_wr_mem(&w, &language, sizeof(language));
		if (i == 3)
			ca_wr_mem(&w, &n32, sizeof(n32));
		ca_wr_mem(&w, part, n);
	}
	resp = ca_wr_of(answer, sizeof(answer));
	if (f->ops->control(f->link, code, ca_wr_rd(&w), &resp) != CA_OK)
		return 2;
	r = ca_wr_rd(&resp);
	return ca_rd_u16(&r, &sw) ? sw : 1;
}

#define PADDED                                                                 \
	"1E 1E 82 08 00", 0x0408, "02 00", "00 00 00 00",                      \
	    "00 20 00 01 08 00 00 00 00 00 00 00 00"

static void
verify(void)
{
	static const struct ca_sim_keypad k = {.verify = true};
	struct fix f;

	set_up(&f, &k);
	ca_sim_world_keys(f.w, READER, "99999999 12345678 123 cancel away");
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 0x63C2);
	CU_ASSERT(!ca_sim_verified(f.card, 1));
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 0x9000);
	CU_ASSERT(ca_sim_verified(f.card, 1));
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 0x6403);
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 0x6401);
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 0x6400);
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 0x6400);
	CU_ASSERT_EQUAL(ca_sim_world_entries(f.w, READER), 6);
	CU_ASSERT_EQUAL(ca_sim_count(f.card, CA_SIM_VERIFIES), 2);
	/* what this reader has not */
	CU_ASSERT_EQUAL(control(&f, MODIFY, PADDED), 2);
	CU_ASSERT_EQUAL(control(&f, START, PADDED), 2);
	tear_down(&f);
}

static void
modify(void)
{
	static const struct ca_sim_keypad k = {.modify = true};
	struct fix f;
#define CHANGE(old_at, new_at, confirm)                                        \
	control(&f, MODIFY, "1E 1E 82 08 00 " old_at " " new_at, 0x0408,       \
	    confirm " 02 00", "00 00 00 00 00 00",                             \
	    "00 24 00 01 10 00 00 00 00 00 00 00 00"                           \
	    " 00 00 00 00 00 00 00 00")

	set_up(&f, &k);
	ca_sim_world_keys(f.w, READER,
	    "12345678 8642 8643 12345678 8642 8642 8642 5555 5555");
	CU_ASSERT_EQUAL(CHANGE("00", "08", "03"), 0x6402);
	CU_ASSERT_EQUAL(CHANGE("00", "08", "03"), 0x9000);
	CU_ASSERT_EQUAL(CHANGE("00", "08", "03"), 0x9000);
	/* overlapping, beyond the end, no confirmation */
	CU_ASSERT_EQUAL(CHANGE("00", "00", "03"), 0x6B80);
	CU_ASSERT_EQUAL(CHANGE("00", "09", "03"), 0x6B80);
	CU_ASSERT_EQUAL(CHANGE("04", "08", "03"), 0x6B80);
	CU_ASSERT_EQUAL(CHANGE("00", "08", "02"), 0x6B80);
	CU_ASSERT_EQUAL(ca_sim_world_entries(f.w, READER), 9);
	tear_down(&f);
#undef CHANGE
}

/* What makers' manuals refuse is refused before anybody is asked. */
static void
strict(void)
{
	static const struct ca_sim_keypad k = {.verify = true, .max = 12};
	struct fix f;
	static const struct {
		const char *head;
		uint16_t digits;
		const char *middle, *tail, *command;
	} rows[] = {
	    /* position in bits, right, binary, another block, a length */
	    {"1E 1E 02 08 00", 0x0408, "02 00", "00 00 00 00", NULL},
	    {"1E 1E 86 08 00", 0x0408, "02 00", "00 00 00 00", NULL},
	    {"1E 1E 80 08 00", 0x0408, "02 00", "00 00 00 00", NULL},
	    {"1E 1E 82 07 00", 0x0407, "02 00", "00 00 00 00", NULL},
	    {"1E 1E 82 48 04", 0x0408, "02 00", "00 00 00 00", NULL},
	    /* digits: none, crossed, beyond the block, beyond the keypad */
	    {"1E 1E 82 08 00", 0x0008, "02 00", "00 00 00 00", NULL},
	    {"1E 1E 82 08 00", 0x0804, "02 00", "00 00 00 00", NULL},
	    {"1E 1E 82 08 00", 0x0409, "02 00", "00 00 00 00", NULL},
	    {"1E 1E 82 00 00", 0x040D, "02 00", "00 00 00 00",
		"00 20 00 01 00"},
	    /* conditions, a message nobody can show, a prologue */
	    {"1E 1E 82 08 00", 0x0408, "00 00", "00 00 00 00", NULL},
	    {"1E 1E 82 08 00", 0x0408, "02 01", "00 00 00 00", NULL},
	    {"1E 1E 82 08 00", 0x0408, "02 00", "00 00 40 00", NULL},
	    /* commands that do not fit their block, or are none */
	    {"1E 1E 82 08 00", 0x0408, "02 00", "00 00 00 00",
		"00 20 00 01 00"},
	    {"1E 1E 82 00 00", 0x0408, "02 00", "00 00 00 00",
		"00 20 00 01 01 00"},
	    {"1E 1E 82 00 00", 0x0408, "02 00", "00 00 00 00", "00 20 00 01"},
	};

	set_up(&f, &k);
	ca_sim_world_keys(f.w, READER, "12345678");
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		const char *cmd =
		    rows[i].command != NULL
			? rows[i].command
			: "00 20 00 01 08 00 00 00 00 00 00 00 00";

		CU_ASSERT_EQUAL(control(&f, VERIFY, rows[i].head,
				    rows[i].digits, rows[i].middle,
				    rows[i].tail, cmd),
		    0x6B80);
	}
	CU_ASSERT_EQUAL(ca_sim_world_entries(f.w, READER), 0);
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 0x9000);
	tear_down(&f);
}

static void
pair(void)
{
	static const struct ca_sim_keypad k = {.verify = true, .pair = true};
	struct ca_rd none = {NULL, 0};
	uint8_t answer[8];
	struct ca_wr w = ca_wr_of(answer, sizeof(answer));
	struct fix f;

	set_up(&f, &k);
	ca_sim_world_keys(f.w, READER, "12345678");
	CU_ASSERT_EQUAL(f.ops->control(f.link, FINISH, none, &w), CA_E_IO);
	CU_ASSERT_EQUAL(control(&f, START, PADDED), 1);
	CU_ASSERT_EQUAL(ca_sim_world_entries(f.w, READER), 0);
	CU_ASSERT_EQUAL(f.ops->control(f.link, FINISH, none, &w), CA_OK);
	CU_ASSERT(w.n == 2 && answer[0] == 0x90 && answer[1] == 0x00);
	CU_ASSERT_EQUAL(f.ops->control(f.link, FINISH, none, &w), CA_E_IO);
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 2);
	tear_down(&f);
}

/* Outside a transaction an entry is a breach; while another program is in its
 * own the reader is busy. */
static void
transactions(void)
{
	static const struct ca_sim_keypad k = {.verify = true};
	struct fix f;

	set_up(&f, &k);
	f.ops->end(f.link);
	CU_ASSERT_EQUAL(ca_sim_world_hold(f.w, READER, true), CA_OK);
	CU_ASSERT_EQUAL(control(&f, CA_CONTROL_FEATURES, "", 0, "", "", ""), 2);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 0);
	CU_ASSERT_EQUAL(control(&f, VERIFY, PADDED), 2);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 1);
	CU_ASSERT_EQUAL(ca_sim_world_hold(f.w, READER, false), CA_OK);
	CU_ASSERT_EQUAL(f.ops->begin(f.link), CA_OK);
	f.ops->end(f.link);
	f.ops->close(f.conn);
	ca_sim_world_free(f.w);
	ca_sim_free(f.card);
}

CU_TestInfo t_keypad[] = {
    {"verify", verify},
    {"modify", modify},
    {"strict", strict},
    {"start and finish", pair},
    {"transactions", transactions},
    CU_TEST_INFO_NULL,
};
