/* EF.DIR records, FCPs and paths of a UICC. */
#include <stdlib.h>
#include <string.h>

#include "pcsc/card/uicc.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

#define AID15 "A0 00 00 00 63 50 4B 43 53 2D 31 35"
#define AIDW "A0 00 00 00 63 57 41 50 2D 57 49 4D"
#define USIM "A0 00 00 00 87 10 02 FF"

/* clang-format off */
static const struct {
	const char *record;
	enum ca_uicc_app kind;
	size_t aid_n, path_n;
} dir_rows[] = {
	{"61 16 4F 0C " AID15 " 50 06 50 4B 43 53 31 35 FF FF", CA_UICC_PKCS15, 12, 0},
	{"61 0E 4F 0C " AIDW, CA_UICC_WIM, 12, 0},
	{"61 14 51 04 3F 00 7F 50 4F 0C " AID15, CA_UICC_PKCS15, 12, 4},
	{"61 12 4F 10 " AID15 " FF 01 02 03", CA_UICC_PKCS15, 16, 0},
	{"61 13 4F 11 " AID15 " FF 01 02 03 04", CA_UICC_OTHER, 0, 0},
	{"61 13 4F 11 E8 28 BD 08 0F " AID15, CA_UICC_OTHER, 0, 0},
	{"61 0F 4F 0D E8 28 BD 08 0F A0 00 00 01 67 45 53 49", CA_UICC_PKCS15, 13, 0},
	{"61 0A 4F 08 " USIM, CA_UICC_OTHER, 8, 0},
	{"61 0D 4F 0B A0 00 00 00 63 50 4B 43 53 2D 31", CA_UICC_OTHER, 11, 0},
	{"61 0F 4F 0C " AID15, CA_UICC_OTHER, 0, 0}, /* longer than it is */
	{"61 0E 4F 0D " AID15, CA_UICC_OTHER, 0, 0},
	{"61 80 4F 0C " AID15 " 00 00", CA_UICC_OTHER, 0, 0},
	{"FF FF FF FF", CA_UICC_OTHER, 0, 0},
	{"00", CA_UICC_OTHER, 0, 0},
	{"", CA_UICC_OTHER, 0, 0},
};

/* The FCP's 83, where a PIN is said to live, and what SELECT 08 wants. */
static const struct {
	const char *fid, *path, *select;
	bool below;
} path_rows[] = {
	{"7F FF", "", "7FFF", false},
	{"7F FF", "3F 00", "7FFF", false},
	{"7F FF", "3F 00 7F FF", "7FFF", false},
	{"7F FF", "3F 00 50 15", "7FFF", false},
	{"7F 50", "3F 00 7F 50", "7FFF", false},
	{"7F FF", "3F 00 7F 60", "7FFF", false}, /* what EF.DIR says */
	{"7F FF", "3F 00 7F 50", "7F50", true},
	{"7F FF", "3F 00 50 15 53 00", "7FFF5300", true},
	{"7F FF", "3F 00 7F FF 53 00", "7FFF5300", true},
	{"7F FF", "53 00", "7FFF5300", true},
	{"7F FF", "53 00 53 01", "7FFF53005301", true},
	{"7F FF", "3F 00 7F 10 5F 3A", "7F105F3A", true},
};
/* clang-format on */

static void
dir_records(void)
{
	for (size_t i = 0; i < CA_COUNT(dir_rows); i++) {
		uint8_t b[64];
		struct ca_rd r = ut_bytes(dir_rows[i].record, b, sizeof(b));
		uint8_t *exact = ut_exact(r);
		struct ca_uicc_entry e;

		memset(&e, 0xA5, sizeof(e));
		ca_uicc_dir_record(ca_rd_of(exact, r.n), &e);
		UT(e.kind == dir_rows[i].kind, "row %zu", i);
		UT(e.aid_n == dir_rows[i].aid_n, "row %zu: %zu", i, e.aid_n);
		UT(e.path_n == dir_rows[i].path_n, "row %zu: %zu", i, e.path_n);
		free(exact);
	}
}

static void
paths(void)
{
	struct ca_uicc_entry app;
	uint8_t dir[64];

	ca_uicc_dir_record(ut_bytes("61 14 4F 0C " AID15 " 51 04 3F 00 7F 60",
			       dir, sizeof(dir)),
	    &app);
	UT_OK(app.kind == CA_UICC_PKCS15);
	for (size_t i = 0; i < CA_COUNT(path_rows); i++) {
		char text[64];
		uint8_t fcp[16], path[16], want[16], got[16];
		struct ca_wr w = ca_wr_of(got, sizeof(got));
		bool below;

		snprintf(text, sizeof(text), "62 04 83 02 %s",
		    path_rows[i].fid);
		below = ca_uicc_below(ut_bytes(text, fcp, sizeof(fcp)), &app,
		    ut_bytes(path_rows[i].path, path, sizeof(path)), &w);
		UT(below == path_rows[i].below, "row %zu", i);
		UT(ca_wr_ok(&w) &&
			ca_rd_equal(ca_wr_rd(&w),
			    ut_bytes(path_rows[i].select, want, sizeof(want))),
		    "row %zu: %zu bytes", i, w.n);
	}
}

static void
names(void)
{
	uint8_t a[64], b[64], c[64];
	struct ca_rd aid = ut_bytes(AID15, a, sizeof(a)), none = {0};
	struct ca_uicc_entry e;

	UT_OK(ca_uicc_same_app(ut_bytes("62 0E 84 0C " AID15, b, sizeof(b)),
	    aid));
	/* Either may be cut, but not to nothing. */
	UT_OK(ca_uicc_same_app(ut_bytes("62 0F 84 0D " AID15 " FF", b,
				   sizeof(b)),
	    aid));
	UT_OK(!ca_uicc_same_app(ut_bytes("62 07 84 05 A0 00 00 00 63", b,
				    sizeof(b)),
	    aid));
	UT_OK(ca_uicc_same_app(ut_bytes("62 0E 84 0C " AID15, b, sizeof(b)),
	    ut_bytes(AID15 " FF", c, sizeof(c))));
	UT_OK(!ca_uicc_same_app(ut_bytes("62 0A 84 08 " USIM, b, sizeof(b)),
	    aid));
	UT_OK(!ca_uicc_same_app(ut_bytes("62 04 83 02 7F FF", b, sizeof(b)),
	    aid));
	UT_OK(!ca_uicc_same_app(none, aid));
	ca_uicc_name(CA_UICC_PKCS15, &e);
	UT_OK(e.kind == CA_UICC_PKCS15 &&
	      ca_rd_equal(ca_rd_of(e.aid, e.aid_n), aid));
	ca_uicc_name(CA_UICC_WIM, &e);
	UT_OK(e.kind == CA_UICC_WIM && ca_rd_equal(ca_rd_of(e.aid, e.aid_n),
					   ut_bytes(AIDW, b, sizeof(b))));
}

static void
iccid(void)
{
	/* clang-format off */
	static const struct {
		const char *file, *text;
		size_t cap;
	} rows[] = {
		{"98 48 10 32 54 76 98 10 F2", "89840123456789012", 64},
		{"98 48 10 32 54 76 98 10 FF FF", "8984012345678901", 64},
		{"98 48 10", "8984", 6},
		{"FF FF", "", 64},
		{"9A 48", "", 64}, /* A is no digit, and ends it */
		{"", "", 64},
	};
	/* clang-format on */

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		uint8_t b[16];
		char *text = malloc(rows[i].cap);

		ca_uicc_bcd(ut_bytes(rows[i].file, b, sizeof(b)), text,
		    rows[i].cap);
		UT(strcmp(text, rows[i].text) == 0, "row %zu: %s", i, text);
		free(text);
	}
}

/* clang-format off */
static const struct {
	const char *fcp;
	uint8_t reference;
	enum ca_uicc_pin status;
} pin_rows[] = {
	{"62 0B C6 09 90 01 C0 83 01 01 83 01 81", 0x81, CA_UICC_PIN_ENABLED},
	{"62 0B C6 09 90 01 80 83 01 01 83 01 81", 0x81, CA_UICC_PIN_DISABLED},
	{"62 0B C6 09 90 01 80 83 01 01 83 01 81", 0x01, CA_UICC_PIN_ENABLED},
	{"62 0B C6 09 90 01 80 83 01 01 83 01 81", 0x82, CA_UICC_PIN_UNKNOWN},
	/* any order, and usage qualifiers between */
	{"62 11 C6 0F 95 01 08 83 01 01 95 01 00 83 01 81 90 01 40", 0x81, CA_UICC_PIN_ENABLED},
	{"62 08 C6 06 90 00 83 01 81 00", 0x81, CA_UICC_PIN_UNKNOWN},
	{"62 05 C6 03 83 01 81", 0x81, CA_UICC_PIN_UNKNOWN},
	{"62 0B C6 09 90 01 C0 83 01 01 83 7F 81", 0x81, CA_UICC_PIN_UNKNOWN},
	{"62 0B C6 7F 90 01 C0 83 01 01 83 01 81", 0x81, CA_UICC_PIN_UNKNOWN},
	{"6F 0B C6 09 90 01 C0 83 01 01 83 01 81", 0x81, CA_UICC_PIN_UNKNOWN},
	{"", 0x81, CA_UICC_PIN_UNKNOWN},
};
/* clang-format on */

static void
pin_status(void)
{
	for (size_t i = 0; i < CA_COUNT(pin_rows); i++) {
		uint8_t b[64];
		struct ca_rd r = ut_bytes(pin_rows[i].fcp, b, sizeof(b));
		uint8_t *exact = ut_exact(r);

		UT(ca_uicc_pin_status(ca_rd_of(exact, r.n),
		       pin_rows[i].reference) == pin_rows[i].status,
		    "row %zu", i);
		free(exact);
	}
}

static const CU_TestInfo tests[] = {
    {"dir_records", dir_records},
    {"paths", paths},
    {"names", names},
    {"iccid", iccid},
    {"pin_status", pin_status},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_uicc = {"uicc", tests};
