#include <stdlib.h>
#include <string.h>

#include "pcsc/card/card.h"
#include "pcsc/card/iso7816.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

#define STEPS 8

/* A card whose application was found: the first step of every script. */
#define FOUND                                                                  \
	{                                                                      \
		"00 A4 08 0C 02 50 15", "90 00", CA_OK                         \
	}

struct scene {
	struct ut_script script;
	struct ut_step steps[STEPS + 2];
	struct ca_profiles *profiles;
	struct ca_profile *p;
	struct ca_card *card;
	struct ca_tx tx;
};

static const char profile_text[] = "[profile]\nmodel = Example card\n"
				   "[match]\natr = 3B 01\n"
				   "[application]\npath = 3F00 5015\n"
				   "select_answer = none\n";

/* Steps end at the first without cmd. The profile selects EFs by path and
 * wants no answer from SELECT; `change` may make it another one. */
static void
scene_begin(struct scene *s, const char *name, const struct ut_step *steps,
    void (*change)(struct ca_profile *p))
{
	unsigned faults;

	*s = (struct scene){.steps = {FOUND}};
	for (size_t i = 0; i < STEPS && steps[i].cmd; i++)
		s->steps[i + 1] = steps[i];
	s->script =
	    (struct ut_script){.name = name, .steps = s->steps, .atr = "3B 01"};
	s->profiles = calloc(1, sizeof(*s->profiles));
	s->profiles->n = 1;
	s->p = &s->profiles->p[0];
	UT(ca_profile_parse(ut_text(profile_text), "example", s->p, &faults) ==
		    CA_OK &&
		faults == 0,
	    "%s", name);
	if (change)
		change(s->p);
	UT(ca_card_open(&ut_script_ops, &s->script, "Reader 0", s->profiles,
	       &s->card, &s->tx) == CA_OK,
	    "%s", name);
}

static void
scene_end(struct scene *s)
{
	ut_script_end(&s->script);
	ca_card_end(&s->tx);
	ca_card_free(&s->card);
	UT(s->script.begins == 1 && s->script.ends == 1 &&
		s->script.disconnects == 1,
	    "%s", s->script.name);
	free(s->profiles);
}

/* ---- SELECT ---- */

/* clang-format off */
static const struct {
	const char *fci;
	size_t size;
} fcp_rows[] = {
	{"6F 0B 80 02 00 80 82 01 01 83 02 2F 00", 128},
	{"62 04 80 02 01 00", 256},
	{"6F 15 81 02 00 80 82 01 01 83 02 2F 00 86 08 FF*8", 128},
	{"6F 08 81 02 00 90 80 02 00 80", 128}, /* 80 goes before 81 */
	{"6F 06 62 04 80 02 00 40", 64},
	{"62 03 80 01 20", 32},
	{"62 05 80 03 01 00 00", CA_FILE_MAX},  /* more than we ever read */
	{"62 06 80 04 FF FF FF FF", CA_FILE_MAX},
	{"62 07 80 05 01 00 00 00 00", 0},      /* nobody's number */
	{"62 02 80 00", 0},
	{"62 03 82 01 01", 0},
	{"62 04 80 02 00 00", 0},
	{"6F 20 80 02 00 80", 0},               /* cut */
	{"", 0}, {"62", 0}, {"30 04 80 02 00 80", 0}, {"00*20", 0},
	{"62 80 80 02 00 80 00 00", 0},
};
/* clang-format on */

static void
file_sizes(void)
{
	for (size_t i = 0; i < CA_COUNT(fcp_rows); i++) {
		char resp[200];
		struct ut_step steps[] = {
		    {"00 A4 02 00 02 44 01 00", resp, CA_OK}, {0}};
		struct ca_fcp fcp = {.size = 4711};
		struct scene s;

		strcpy(resp, fcp_rows[i].fci);
		strcat(resp, " 90 00");
		scene_begin(&s, fcp_rows[i].fci, steps, NULL);
		s.p->select_p2 = 0x00;
		UT(ca_iso_select(&s.tx, 0x02, ca_rd_of("\x44\x01", 2), &fcp) ==
			CA_OK,
		    "%s", fcp_rows[i].fci);
		UT(fcp.size == fcp_rows[i].size, "%s: %zu", fcp_rows[i].fci,
		    fcp.size);
		scene_end(&s);
	}
}

static void
by_fid(struct ca_profile *p)
{
	p->select = CA_SELECT_EF;
}

/* clang-format off */
static const struct {
	const char *name;
	void (*change)(struct ca_profile *p);
	const char *path;
	const char *select; /* NULL: refused, nothing is sent */
} locate_rows[] = {
	{"FID, by path", NULL, "44 01", "00 A4 08 0C 04 50 15 44 01"},
	{"absolute, by path", NULL, "3F 00 50 15 44 01", "00 A4 08 0C 04 50 15 44 01"},
	{"relative of two", NULL, "51 00 44 01", "00 A4 08 0C 06 50 15 51 00 44 01"},
	{"elsewhere", NULL, "3F 00 2F 00", "00 A4 08 0C 02 2F 00"},
	{"FID, by FID", by_fid, "44 01", "00 A4 02 0C 02 44 01"},
	{"absolute in the application, by FID", by_fid, "3F 00 50 15 44 01", "00 A4 02 0C 02 44 01"},
	{"absolute elsewhere, by FID", by_fid, "3F 00 2F 00", "00 A4 08 0C 02 2F 00"},
	{"deeper, by FID", by_fid, "3F 00 50 15 51 00 44 01", "00 A4 08 0C 06 50 15 51 00 44 01"},
	{"no path", NULL, "", NULL},
	{"one byte", NULL, "44", NULL},
	{"three bytes", NULL, "3F 00 44", NULL},
};
/* clang-format on */

static void
where_a_file_is(void)
{
	for (size_t i = 0; i < CA_COUNT(locate_rows); i++) {
		struct ut_step steps[] = {
		    {locate_rows[i].select, "90 00", CA_OK},
		    {"00 B0 00 00 00", "41 42 62 82", CA_OK}, {0}};
		struct ca_ref ref = {.path_n = 0};
		struct ca_buf out = {0};
		struct scene s;
		ca_err e;

		ref.path_n =
		    ut_bytes(locate_rows[i].path, ref.path, CA_PATH_MAX).n;
		scene_begin(&s, locate_rows[i].name, steps,
		    locate_rows[i].change);
		e = ca_iso_read_ref(&s.tx, &ref, CA_UNTIL_END, &out);
		UT(e == (locate_rows[i].select ? CA_OK : CA_E_DATA), "%s: %s",
		    locate_rows[i].name, ca_err_name(e));
		UT(out.n == (locate_rows[i].select ? 2 : 0), "%s",
		    locate_rows[i].name);
		ca_buf_free(&out);
		scene_end(&s);
	}
}

/* The application was left without our knowing: it is entered again, once. */
static void
file_not_found(void)
{
	static const struct ut_step again[] = {
	    {"00 A4 02 0C 02 44 01", "6A 82", CA_OK},
	    {"00 A4 08 0C 02 50 15", "90 00", CA_OK},
	    {"00 A4 02 0C 02 44 01", "90 00", CA_OK},
	    {"00 B0 00 00 00", "AA 62 82", CA_OK}, {0}};
	static const struct ut_step never[] = {
	    {"00 A4 02 0C 02 44 01", "6A 82", CA_OK},
	    {"00 A4 08 0C 02 50 15", "90 00", CA_OK},
	    {"00 A4 02 0C 02 44 01", "6A 82", CA_OK}, {0}};
	const struct ca_ref ref = {.path = {0x44, 0x01}, .path_n = 2};
	struct ca_buf out = {0};
	struct scene s;

	scene_begin(&s, "again", again, by_fid);
	UT_OK(ca_iso_read_ref(&s.tx, &ref, CA_UNTIL_END, &out) == CA_OK);
	UT_OK(out.n == 1);
	scene_end(&s);
	ca_buf_free(&out);
	scene_begin(&s, "never", never, by_fid);
	UT_OK(ca_iso_read_ref(&s.tx, &ref, CA_UNTIL_END, &out) ==
	      CA_E_NOT_FOUND);
	UT_OK(out.n == 0);
	scene_end(&s);
	ca_buf_free(&out);
}

/* ---- READ BINARY ---- */

static void
read_100(struct ca_profile *p)
{
	p->read_max = 100;
}

/* clang-format off */
static const struct read_row {
	const char *name;
	void (*change)(struct ca_profile *p);
	size_t size; /* what SELECT told, 0 = nothing */
	enum ca_until until;
	struct ut_step steps[STEPS];
	ca_err e;
	const char *out;
} read_rows[] = {
	{"size known, one read", NULL, 10, CA_UNTIL_END,
	 {{"00 B0 00 00 0A", "11*10 90 00", 0}}, CA_OK, "11*10"},
	{"size known, three reads", read_100, 210, CA_UNTIL_END,
	 {{"00 B0 00 00 64", "11*100 90 00", 0},
	  {"00 B0 00 64 64", "22*100 90 00", 0},
	  {"00 B0 00 C8 0A", "33*10 90 00", 0}}, CA_OK, "11*100 22*100 33*10"},
	{"size unknown, 6282", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "11*256 90 00", 0},
	  {"00 B0 01 00 00", "22*4 62 82", 0}}, CA_OK, "11*256 22*4"},
	{"size unknown, 6B00 past the end", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "11*256 90 00", 0},
	  {"00 B0 01 00 00", "6B 00", 0}}, CA_OK, "11*256"},
	{"size unknown, 9000 with nothing", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "11*256 90 00", 0},
	  {"00 B0 01 00 00", "90 00", 0}}, CA_OK, "11*256"},
	/* vgca-chipdoc: at most 231 bytes for Le 00, and more behind them */
	{"fewer bytes than asked", NULL, 0, CA_UNTIL_DER,
	 {{"00 B0 00 00 00", "30 82 01 00 11*227 90 00", 0},
	  {"00 B0 00 E7 1D", "22*29 90 00", 0}}, CA_OK, "30 82 01 00 11*227 22*29"},
	{"one DER element of a longer file", NULL, 1000, CA_UNTIL_DER,
	 {{"00 B0 00 00 00", "30 82 00 FE 11*252 90 00", 0},
	  {"00 B0 01 00 02", "22 33 90 00", 0}}, CA_OK, "30 82 00 FE 11*252 22 33"},
	{"DER element longer than the file says", NULL, 6, CA_UNTIL_DER,
	 {{"00 B0 00 00 06", "30 82 01 00 11 11 90 00", 0}}, CA_OK, "30 82 01 00 11 11"},
	{"no DER element", NULL, 0, CA_UNTIL_DER,
	 {{"00 B0 00 00 00", "00*10 62 82", 0}}, CA_OK, "00*10"},
	{"padding ends it", NULL, 0, CA_UNTIL_PADDING,
	 {{"00 B0 00 00 00", "30 03 04 01 45 00*251 90 00", 0}}, CA_OK, "30 03 04 01 45 00*251"},
	{"zeros inside an object are no padding", NULL, 0, CA_UNTIL_PADDING,
	 {{"00 B0 00 00 00", "30 82 01 00 00*252 90 00", 0},
	  {"00 B0 01 00 00", "00*4 00*200 90 00", 0}}, CA_OK, "30 82 01 00 00*456"},
	{"empty file", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "62 82", 0}}, CA_OK, ""},
	{"refused", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "69 82", 0}}, CA_E_AUTH_NEEDED, ""},
	{"refused in the middle", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "11*256 90 00", 0},
	  {"00 B0 01 00 00", "69 82", 0}}, CA_E_AUTH_NEEDED, ""},
	{"not a transparent file", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "69 81", 0}}, CA_E_REFUSED, ""},
	{"more than a short answer", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "11*300 90 00", 0}}, CA_E_MALFORMED, ""},
	{"removed", NULL, 0, CA_UNTIL_END,
	 {{"00 B0 00 00 00", "11*256 90 00", 0},
	  {"00 B0 01 00 00", "", CA_E_REMOVED}}, CA_E_REMOVED, ""},
};
/* clang-format on */

static void
reading(void)
{
	uint8_t want[600];

	for (size_t i = 0; i < CA_COUNT(read_rows); i++) {
		const struct read_row *r = &read_rows[i];
		struct ca_buf out = {0};
		struct scene s;
		ca_err e;

		UT_OK(ca_buf_set(&out, ut_text("old")) == CA_OK);
		scene_begin(&s, r->name, r->steps, r->change);
		e = ca_iso_read(&s.tx, r->size, r->until, &out);
		UT(e == r->e, "%s: %s", r->name, ca_err_name(e));
		UT(ca_rd_equal(ca_buf_rd(&out),
		       ut_bytes(r->out, want, sizeof(want))),
		    "%s: %zu bytes", r->name, out.n);
		ca_buf_free(&out);
		scene_end(&s);
	}
}

/* A card that never comes to an end is left: by the size of the file, or by
 * the number of commands. */
static void
endless_reading(void)
{
	static const struct {
		const char *resp;
		ca_err e;
		size_t n;
	} rows[] = {
	    {"11*256 90 00", CA_OK, CA_FILE_MAX},
	    {"11 90 00", CA_E_DATA, 0},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ut_step steps[] = {{"", rows[i].resp, CA_OK}, {0}};
		struct ca_buf out = {0};
		struct scene s;
		ca_err e;

		scene_begin(&s, "endless", steps, NULL);
		s.script.forever = true;
		e = ca_iso_read(&s.tx, 0, CA_UNTIL_END, &out);
		UT(e == rows[i].e && out.n == rows[i].n, "%zu: %s, %zu", i,
		    ca_err_name(e), out.n);
		ca_buf_free(&out);
		scene_end(&s);
	}
}

/* clang-format off */
static const struct {
	const char *name;
	size_t index, length;
	const char *cmd; /* NULL: nothing is read */
	const char *resp;
	ca_err e;
	const char *out;
} part_rows[] = {
	{"all", 0, 4, "00 B0 00 00 04", "01 02 03 04 90 00", CA_OK, "01 02 03 04"},
	{"middle", 1, 2, "00 B0 00 01 02", "02 03 90 00", CA_OK, "02 03"},
	{"nothing", 4, 0, NULL, "", CA_OK, ""},
	{"longer than the file", 0, 5, "00 B0 00 00 05", "01 02 03 04 62 82", CA_E_DATA, ""},
	{"beyond its end", 3, 2, "00 B0 00 03 02", "04 62 82", CA_E_DATA, ""},
	{"behind its end", 9, 2, "00 B0 00 09 02", "6B 00", CA_E_DATA, ""},
	{"more than asked for", 1, 2, "00 B0 00 01 02", "02 03 04 90 00", CA_E_DATA, ""},
	{"refused", 1, 2, "00 B0 00 01 02", "69 82", CA_E_AUTH_NEEDED, ""},
	{"far beyond", 65536, 65536, NULL, "", CA_E_DATA, ""},
	/* P1 80 would be a short file identifier, not offset 8000 */
	{"offset that is none", 0x8000, 1, NULL, "", CA_E_DATA, ""},
};
/* clang-format on */

/* Index and length of a Path name bytes that must be there. */
static void
parts(void)
{
	uint8_t want[8];

	for (size_t i = 0; i < CA_COUNT(part_rows); i++) {
		struct ut_step steps[] = {
		    {"00 A4 08 0C 04 50 15 44 01", "90 00", CA_OK},
		    {part_rows[i].cmd, part_rows[i].resp, CA_OK}, {0}};
		struct ca_ref ref = {.path = {0x44, 0x01},
		    .path_n = 2,
		    .ranged = true,
		    .index = part_rows[i].index,
		    .length = part_rows[i].length};
		struct ca_buf out = {0};
		struct scene s;
		ca_err e;

		scene_begin(&s, part_rows[i].name, steps, NULL);
		e = ca_iso_read_ref(&s.tx, &ref, CA_UNTIL_DER, &out);
		UT(e == part_rows[i].e, "%s: %s", part_rows[i].name,
		    ca_err_name(e));
		UT(ca_rd_equal(ca_buf_rd(&out),
		       ut_bytes(part_rows[i].out, want, sizeof(want))),
		    "%s", part_rows[i].name);
		ca_buf_free(&out);
		scene_end(&s);
	}
}

/* ---- PIN ---- */

/* clang-format off */
static const struct {
	const char *sw;
	ca_err e;
	bool verified, blocked;
	int tries;
} query_rows[] = {
	{"90 00", CA_OK, true, false, -1},
	{"63 C3", CA_OK, false, false, 3},
	{"63 C1", CA_OK, false, false, 1},
	{"63 C0", CA_OK, false, true, 0},
	{"63 CF", CA_OK, false, false, 15},
	{"69 83", CA_OK, false, true, 0},
	{"69 84", CA_E_PIN_UNSET, false, false, -1},
	{"6A 88", CA_E_PIN_UNSET, false, false, -1},
	/* no query on this card: nobody knows, and it is not locked */
	{"67 00", CA_OK, false, false, -1},
	{"6A 86", CA_OK, false, false, -1},
	{"6D 00", CA_OK, false, false, -1},
	{"63 00", CA_OK, false, false, -1},
	{"69 82", CA_OK, false, false, -1},
};

static const struct {
	const char *sw;
	ca_err e;
	int tries;
} verify_rows[] = {
	{"90 00", CA_OK, -1},
	{"63 C2", CA_E_PIN_WRONG, 2},
	{"63 C0", CA_E_PIN_BLOCKED, 0},
	{"63 00", CA_E_PIN_WRONG, -1},
	{"69 83", CA_E_PIN_BLOCKED, 0},
	{"69 84", CA_E_PIN_UNSET, -1},
	{"6A 88", CA_E_PIN_UNSET, -1},
	{"67 00", CA_E_PIN_WRONG, -1},
	{"6A 80", CA_E_PIN_WRONG, -1},
	{"69 85", CA_E_REFUSED, -1},
	{"6C 04", CA_E_MALFORMED, -1}, /* and no second VERIFY */
	{"00 00", CA_E_MALFORMED, -1},
};
/* clang-format on */

static void
pin_query(void)
{
	for (size_t i = 0; i < CA_COUNT(query_rows); i++) {
		struct ut_step steps[] = {
		    {"00 20 00 81", query_rows[i].sw, CA_OK}, {0}};
		struct ca_pin_state st = {.tries_left = 77};
		struct scene s;

		scene_begin(&s, query_rows[i].sw, steps, NULL);
		UT(ca_iso_pin_state(&s.tx, 0x81, &st) == query_rows[i].e, "%s",
		    query_rows[i].sw);
		UT(st.verified == query_rows[i].verified &&
			st.blocked == query_rows[i].blocked &&
			st.tries_left == query_rows[i].tries,
		    "%s: %d", query_rows[i].sw, st.tries_left);
		scene_end(&s);
	}
}

/* What EXTERNAL AUTHENTICATE says otherwise than VERIFY. */
static void
external(void)
{
	/* clang-format off */
	static const struct {
		const char *sw;
		ca_err e;
		int tries;
	} rows[] = {
		{"90 00", CA_OK, -1},
		{"63 C2", CA_E_PIN_WRONG, 2},
		{"63 C0", CA_E_PIN_BLOCKED, 0},
		{"63 00", CA_E_PIN_WRONG, -1},
		{"69 83", CA_E_PIN_BLOCKED, 0},
		{"69 82", CA_E_REFUSED, -1},
		{"69 85", CA_E_REFUSED, -1}, /* there is no challenge */
		{"67 00", CA_E_DATA_LEN, -1},
		{"6A 88", CA_E_PIN_UNSET, -1},
		{"6D 00", CA_E_UNSUPPORTED, -1},
	};
	/* clang-format on */

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ut_step steps[] = {{"00 82 00 9A", "63 C3", CA_OK},
		    {"00 82 00 9A 08 11 22 33 44 55 66 77 88", rows[i].sw,
			CA_OK},
		    {0}};
		uint8_t b[8];
		struct ca_rd answer =
		    ut_bytes("11 22 33 44 55 66 77 88", b, sizeof(b));
		struct ca_pin_state st = {.tries_left = 77};
		struct scene s;
		int tries = 77;

		scene_begin(&s, rows[i].sw, steps, NULL);
		UT_OK(ca_iso_external_state(&s.tx, 0x00, 0x9A, &st) == CA_OK);
		UT_OK(st.tries_left == 3 && !st.blocked);
		UT(ca_iso_external(&s.tx, 0x00, 0x9A, answer, &tries) ==
			rows[i].e,
		    "%s", rows[i].sw);
		UT(tries == rows[i].tries, "%s: %d", rows[i].sw, tries);
		scene_end(&s);
	}
}

static void
pin_verify(void)
{
	for (size_t i = 0; i < CA_COUNT(verify_rows); i++) {
		struct ut_step steps[] = {
		    {"00 20 00 01 08 37 33 39 31 35 FF FF FF",
			verify_rows[i].sw, CA_OK},
		    {0}};
		uint8_t block[8];
		struct ca_rd b =
		    ut_bytes("37 33 39 31 35 FF*3", block, sizeof(block));
		struct scene s;
		int tries = 77;

		ut_log_begin(CA_LOG_APDU);
		scene_begin(&s, verify_rows[i].sw, steps, NULL);
		UT(ca_iso_verify(&s.tx, 0x01, b, &tries) == verify_rows[i].e,
		    "%s", verify_rows[i].sw);
		UT(tries == verify_rows[i].tries, "%s: %d", verify_rows[i].sw,
		    tries);
		scene_end(&s);
		UT(ut_log_count("37333931") == 0 && ut_log_count("7391") == 0,
		    "%s", ut_log_text());
		UT(ut_log_count("00 20 00 01, 8 secret bytes") == 1, "%s",
		    ut_log_text());
		ut_log_end();
	}
}

/* ---- keys ---- */

/* clang-format off */
static const struct {
	const char *name;
	struct ca_way way;
	const char *ref;
	const char *cmd;
} mse_rows[] = {
	{"sign", {.p1 = 0x41, .crt = 0xB6, .key_tag = 0x84}, "02", "00 22 41 B6 06 80 01 02 84 01 11"},
	{"key first", {.p1 = 0x41, .crt = 0xA4, .key_tag = 0x84, .key_first = true}, "02", "00 22 41 A4 06 84 01 11 80 01 02"},
	{"no algorithm", {.p1 = 0xC1, .crt = 0xB8, .key_tag = 0x84}, "", "00 22 C1 B8 03 84 01 11"},
	{"with file", {.p1 = 0x41, .crt = 0xB6, .key_tag = 0x84, .file = {{0x50, 0x15}, 2}}, "11", "00 22 41 B6 0A 80 01 11 81 02 50 15 84 01 11"},
	{"as a secret key", {.p1 = 0x41, .crt = 0xB6, .key_tag = 0x83}, "", "00 22 41 B6 03 83 01 11"},
	{"the key's path", {.p1 = 0x41, .crt = 0xB6, .key_tag = 0x84, .key_file = CA_KEY_FILE_PATH}, "", "00 22 41 B6 0B 81 06 3F 00 50 15 4B 01 84 01 11"},
	{"the key's file alone", {.p1 = 0x41, .crt = 0xB6, .key_file = CA_KEY_FILE_LAST}, "02", "00 22 41 B6 07 80 01 02 81 02 4B 01"},
};
/* clang-format on */

static void
mse(void)
{
	for (size_t i = 0; i < CA_COUNT(mse_rows); i++) {
		struct ut_step steps[] = {{mse_rows[i].cmd, "90 00", CA_OK},
		    {mse_rows[i].cmd, "6A 88", CA_OK}, {0}};
		uint8_t ref[8];
		struct ca_rd r = ut_bytes(mse_rows[i].ref, ref, sizeof(ref));
		struct ca_key key = {.reference = 0x11,
		    .path = {.path = {0x3F, 0x00, 0x50, 0x15, 0x4B, 0x01},
			.path_n = 6}};
		struct scene s;

		scene_begin(&s, mse_rows[i].name, steps, NULL);
		UT(ca_iso_mse(&s.tx, &mse_rows[i].way, r, &key) == CA_OK, "%s",
		    mse_rows[i].name);
		UT(ca_iso_mse(&s.tx, &mse_rows[i].way, r, &key) ==
			CA_E_NOT_FOUND,
		    "%s", mse_rows[i].name);
		key.path.path_n = 0;
		if (mse_rows[i].way.key_file != CA_KEY_FILE_NONE)
			UT(ca_iso_mse(&s.tx, &mse_rows[i].way, r, &key) ==
				CA_E_UNSUPPORTED,
			    "%s", mse_rows[i].name);
		scene_end(&s);
	}
}

/* clang-format off */
static const struct compute_row {
	const char *name;
	struct ca_way way;
	const char *in;
	size_t out_len;
	struct ut_step steps[3];
	ca_err e;
	const char *out;
} compute_rows[] = {
	{"PSO", {.command = CA_COMMAND_PSO}, "30 01 02", 256,
	 {{"00 2A 9E 9A 03 30 01 02 00", "5A*256 90 00", 0}}, CA_OK, "5A*256"},
	{"PSO HASH", {.command = CA_COMMAND_PSO_HASH}, "AB*32", 256,
	 {{"00 2A 90 A0 22 90 20 AB*32", "90 00", 0},
	  {"00 2A 9E 9A 00", "5A*256 90 00", 0}}, CA_OK, "5A*256"},
	{"PSO HASH refused", {.command = CA_COMMAND_PSO_HASH}, "AB*32", 256,
	 {{"00 2A 90 A0 22 90 20 AB*32", "6A 80", 0}}, CA_E_DATA, ""},
	{"INTERNAL AUTHENTICATE", {.command = CA_COMMAND_INTERNAL}, "30 01 02", 256,
	 {{"00 88 00 00 03 30 01 02 00", "5A*256 90 00", 0}}, CA_OK, "5A*256"},
	{"DECIPHER", {.command = CA_COMMAND_DECIPHER, .has_indicator = true, .indicator = 0x00}, "C1 C2", 256,
	 {{"00 2A 80 86 03 00 C1 C2 00", "01 02 90 00", 0}}, CA_OK, "01 02"},
	{"DECIPHER without indicator", {.command = CA_COMMAND_DECIPHER}, "C1 C2", 256,
	 {{"00 2A 80 86 02 C1 C2 00", "01 02 90 00", 0}}, CA_OK, "01 02"},
	{"DECIPHER, chained", {.command = CA_COMMAND_DECIPHER, .has_indicator = true, .indicator = 0x81}, "C1*256", 256,
	 {{"10 2A 80 86 FF 81 C1*254", "90 00", 0},
	  {"00 2A 80 86 02 C1 C1 00", "01 02 90 00", 0}}, CA_OK, "01 02"},
	{"PSO HASH of the data", {.command = CA_COMMAND_PSO_HASH, .alg = CA_ALG_ECDSA_DATA_SHA256}, "AB*300", 256,
	 {{"10 2A 90 80 FF AB*255", "90 00", 0},
	  {"00 2A 90 80 2D AB*45", "90 00", 0},
	  {"00 2A 9E 9A 00", "5A*70 90 00", 0}}, CA_OK, "5A*70"},
	{"a point", {.command = CA_COMMAND_DECIPHER, .alg = CA_ALG_ECDH}, "04 C1*64", 32,
	 {{"00 2A 80 86 41 04 C1*64 00", "5A*32 90 00", 0}}, CA_OK, "5A*32"},
	{"a point as a key", {.command = CA_COMMAND_DECIPHER, .alg = CA_ALG_ECDH, .point = CA_POINT_KEY}, "04 C1*132", 66,
	 {{"00 2A 80 86 8C 7F 49 81 88 86 81 85 04 C1*132 00", "5A*66 90 00", 0}}, CA_OK, "5A*66"},
	{"a point in a template", {.command = CA_COMMAND_DECIPHER, .alg = CA_ALG_ECDH, .point = CA_POINT_TEMPLATE}, "04 C1*64", 32,
	 {{"00 2A 80 86 48 A6 46 7F 49 43 86 41 04 C1*64 00", "5A*32 90 00", 0}}, CA_OK, "5A*32"},
	{"login needed", {.command = CA_COMMAND_PSO}, "30", 256,
	 {{"00 2A 9E 9A 01 30 00", "69 82", 0}}, CA_E_AUTH_NEEDED, ""},
	{"longer than the room", {.command = CA_COMMAND_PSO}, "30", 256,
	 {{"00 2A 9E 9A 01 30 00", "5A*256 61 FF", 0},
	  {"00 C0 00 00 FF", "5A*255 90 00", 0}}, CA_E_MALFORMED, ""},
};
/* clang-format on */

static void
computing(void)
{
	uint8_t in[300], room[300], want[300];

	for (size_t i = 0; i < CA_COUNT(compute_rows); i++) {
		const struct compute_row *r = &compute_rows[i];
		struct ut_step steps[STEPS] = {
		    r->steps[0], r->steps[1], r->steps[2]};
		struct ca_wr out = ca_wr_of(room, sizeof(room));
		struct scene s;
		ca_err e;

		scene_begin(&s, r->name, steps, NULL);
		e = ca_iso_compute(&s.tx, &r->way,
		    ut_bytes(r->in, in, sizeof(in)), r->out_len, &out);
		UT(e == r->e, "%s: %s", r->name, ca_err_name(e));
		UT(ca_rd_equal(ca_wr_rd(&out),
		       ut_bytes(r->out, want, sizeof(want))),
		    "%s", r->name);
		scene_end(&s);
	}
}

static void
some_ways(struct ca_profile *p)
{
	p->ways[0] = (struct ca_way){.alg = CA_ALG_ECDH,
	    .command = CA_COMMAND_DECIPHER,
	    .p1 = 0x41,
	    .crt = 0xA6,
	    .key_tag = 0x84,
	    .bits = 256};
	p->ways[1] = p->ways[0];
	p->ways[1].alg_ref = (struct ca_bytes){{0x0B}, 1};
	p->ways[1].bits = 521;
	p->ways[1].point = CA_POINT_TEMPLATE;
	p->ways[2] = (struct ca_way){.alg = CA_ALG_ECDSA,
	    .p1 = 0x41,
	    .crt = 0xB6,
	    .key_tag = 0x84,
	    .input = 20,
	    .fill = true};
	p->ways_n = 3;
	p->select_key = true;
}

/* clang-format off */
static const struct {
	const char *name;
	size_t bits;
	enum ca_alg alg;
	unsigned attempt;
	const char *in;
	struct ut_step steps[4];
	ca_err e;
	const char *out;
} driver_rows[] = {
	{"P-256", 256, CA_ALG_ECDH, 0, "04 C1*64",
	 {{"00 A4 08 0C 02 60 01", "90 00", 0}, {"00 22 41 A6 03 84 01 11", "90 00", 0},
	  {"00 2A 80 86 41 04 C1*64 00", "00 5A*31 90 00", 0}}, CA_OK, "00 5A*31"},
	{"the whole point", 256, CA_ALG_ECDH, 0, "04 C1*64",
	 {{"00 A4 08 0C 02 60 01", "90 00", 0}, {"00 22 41 A6 03 84 01 11", "90 00", 0},
	  {"00 2A 80 86 41 04 C1*64 00", "04 5A*32 A5*32 90 00", 0}}, CA_OK, "5A*32"},
	{"a coordinate cut short", 256, CA_ALG_ECDH, 0, "04 C1*64",
	 {{"00 A4 08 0C 02 60 01", "90 00", 0}, {"00 22 41 A6 03 84 01 11", "90 00", 0},
	  {"00 2A 80 86 41 04 C1*64 00", "5A*31 90 00", 0}}, CA_E_MALFORMED, ""},
	{"P-521 by the other way", 521, CA_ALG_ECDH, 1, "04 C1*132",
	 {{"00 A4 08 0C 02 60 01", "90 00", 0}, {"00 22 41 A6 06 80 01 0B 84 01 11", "90 00", 0},
	  {"00 2A 80 86 8F A6 81 8C 7F 49 81 88 86 81 85 04 C1*132 00", "01 5A*65 90 00", 0}}, CA_OK, "01 5A*65"},
	{"a way for another size", 521, CA_ALG_ECDH, 0, "04 C1*132", {{NULL, NULL, 0}}, CA_E_DATA_LEN, ""},
	{"no more ways", 256, CA_ALG_ECDH, 2, "04 C1*64", {{NULL, NULL, 0}}, CA_E_NOT_FOUND, ""},
	{"a later way the card does not know", 521, CA_ALG_ECDH, 1, "04 C1*132",
	 {{"00 A4 08 0C 02 60 01", "90 00", 0}, {"00 22 41 A6 06 80 01 0B 84 01 11", "6A 88", 0}}, CA_E_REFUSED, ""},
	{"zeros before a hash", 256, CA_ALG_ECDSA, 0, "AB*20",
	 {{"00 A4 08 0C 02 60 01", "90 00", 0}, {"00 22 41 B6 03 84 01 11", "90 00", 0},
	  {"00 2A 9E 9A 20 00*12 AB*20 00", "5A*64 90 00", 0}}, CA_OK, "5A*64"},
	{"a hash of another length", 256, CA_ALG_ECDSA, 0, "AB*32", {{NULL, NULL, 0}}, CA_E_DATA_LEN, ""},
};
/* clang-format on */

/* The driver's part: which way, in which DF, in which form. */
static void
using_keys(void)
{
	uint8_t in[300], room[300], want[300];

	for (size_t i = 0; i < CA_COUNT(driver_rows); i++) {
		struct ut_step steps[STEPS] = {driver_rows[i].steps[0],
		    driver_rows[i].steps[1], driver_rows[i].steps[2]};
		struct ca_key key = {.type = CA_KEY_EC,
		    .bits = driver_rows[i].bits,
		    .reference = 0x11,
		    .path = {.path = {0x3F, 0x00, 0x60, 0x01}, .path_n = 4}};
		struct ca_wr out = ca_wr_of(room, sizeof(room));
		const char *name = driver_rows[i].name;
		struct scene s;
		ca_err e;

		scene_begin(&s, name, steps, some_ways);
		e = ca_card_driver(s.card)->decipher(&s.tx, &key,
		    driver_rows[i].alg, driver_rows[i].attempt,
		    ut_bytes(driver_rows[i].in, in, sizeof(in)), &out);
		UT(e == driver_rows[i].e, "%s: %s", name, ca_err_name(e));
		UT(ca_rd_equal(ca_wr_rd(&out),
		       ut_bytes(driver_rows[i].out, want, sizeof(want))),
		    "%s", name);
		scene_end(&s);
	}
}

static void
random_bytes(void)
{
	static const struct ut_step good[] = {
	    {"00 84 00 00 08", "01 02 03 04 05 06 07 08 90 00", CA_OK},
	    {"00 84 00 00 08", "11 12 13 14 15 16 17 18 90 00", CA_OK}, {0}};
	static const struct ut_step fewer[] = {
	    {"00 84 00 00 08", "01 02 03 90 00", CA_OK}, {0}};
	uint8_t room[10], want[10];
	struct ca_wr out = ca_wr_of(room, sizeof(room));
	struct scene s;

	scene_begin(&s, "good", good, NULL);
	UT_OK(ca_iso_random(&s.tx, 8, 10, &out) == CA_OK);
	UT_OK(ca_rd_equal(ca_wr_rd(&out),
	    ut_bytes("01 02 03 04 05 06 07 08 11 12", want, sizeof(want))));
	scene_end(&s);
	out = ca_wr_of(room, sizeof(room));
	/* Fewer bytes than asked are not taken for random ones. */
	scene_begin(&s, "fewer", fewer, NULL);
	UT_OK(ca_iso_random(&s.tx, 8, 8, &out) == CA_E_MALFORMED);
	scene_end(&s);
}

/* ---- finding the family ---- */

static const struct ut_step refuses[] = {{"", "6A 82", CA_OK}, {0}};

/* A card that nobody's ATR rule knows is asked for three applications, then
 * left alone. */
static void
unknown_card(void)
{
	struct ca_profiles *all = calloc(1, sizeof(*all));
	struct ut_script script = {.name = "unknown",
	    .steps = refuses,
	    .forever = true,
	    .atr = "3B 02"};
	struct ut_dice d = ut_dice_of(10);
	struct ca_card *card = NULL;
	unsigned sent = 0;
	struct ca_tx tx;

	/* One whose ATR does not match is not even asked. */
	all->n = 8;
	for (size_t i = 0; i < all->n; i++) {
		struct ca_profile *p = &all->p[i];

		unsigned faults;

		UT_OK(ca_profile_parse(ut_text(profile_text), "example", p,
			  &faults) == CA_OK);
		p->aid.n = 5;
		ut_roll_bytes(&d, p->aid.b, p->aid.n);
		p->atrs_n = i % 2;
	}
	ut_log_begin(CA_LOG_APDU);
	UT_OK(ca_card_open(&ut_script_ops, &script, "Reader 0", all, &card,
		  &tx) == CA_E_UNSUPPORTED);
	sent = ut_log_count("> ");
	ut_log_end();
	UT(sent == CA_PROBE_MAX, "%u commands", sent);
	UT_OK(card == NULL && script.begins == 1 && script.ends == 1 &&
	      script.disconnects == 1);
	free(all);
}

/* No profile at all: not a single command. */
static void
nobody_to_ask(void)
{
	static const struct ut_step none[] = {{0}};
	struct ca_profiles *all = calloc(1, sizeof(*all));
	struct ut_script script = {
	    .name = "nobody", .steps = none, .atr = "3B 02"};
	struct ca_card *card = NULL;
	struct ca_tx tx;

	UT_OK(ca_card_open(&ut_script_ops, &script, "Reader 0", all, &card,
		  &tx) == CA_E_UNSUPPORTED);
	UT_OK(card == NULL && script.ends == 1 && script.disconnects == 1);
	ut_mem_fail(1);
	UT_OK(ca_card_open(&ut_script_ops, &script, "Reader 0", all, &card,
		  &tx) == CA_E_NOMEM);
	ut_mem_fail(0);
	free(all);
}

static const CU_TestInfo tests[] = {
    {"file_sizes", file_sizes},
    {"where_a_file_is", where_a_file_is},
    {"file_not_found", file_not_found},
    {"reading", reading},
    {"endless_reading", endless_reading},
    {"parts", parts},
    {"pin_query", pin_query},
    {"pin_verify", pin_verify},
    {"external", external},
    {"mse", mse},
    {"computing", computing},
    {"using_keys", using_keys},
    {"random_bytes", random_bytes},
    {"unknown_card", unknown_card},
    {"nobody_to_ask", nobody_to_ask},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_iso7816 = {"iso7816", tests};
