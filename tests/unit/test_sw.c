#include "pcsc/apdu/sw.h"
#include "tests/unit/suites.h"

/* clang-format off */
static const struct {
	uint16_t sw;
	ca_err e;
} rows[] = {
	{0x9000, CA_OK},
	{0x9100, CA_E_IO}, {0x91FF, CA_E_IO}, /* a UICC's affair alone */
	{0x63C0, CA_E_PIN_BLOCKED},
	{0x63C1, CA_E_PIN_WRONG}, {0x63CF, CA_E_PIN_WRONG},
	{0x6300, CA_E_PIN_WRONG},
	{0x6700, CA_E_DATA_LEN},
	{0x6881, CA_E_UNSUPPORTED}, {0x6884, CA_E_UNSUPPORTED},
	{0x6982, CA_E_AUTH_NEEDED},
	{0x6983, CA_E_PIN_BLOCKED},
	{0x6984, CA_E_PIN_UNSET},
	{0x6985, CA_E_REFUSED},
	{0x6A80, CA_E_DATA},
	{0x6A81, CA_E_UNSUPPORTED},
	{0x6A82, CA_E_NOT_FOUND},
	{0x6A83, CA_E_NOT_FOUND},
	{0x6A84, CA_E_NO_SPACE},
	{0x6A88, CA_E_NOT_FOUND},
	{0x6D00, CA_E_UNSUPPORTED}, {0x6E00, CA_E_UNSUPPORTED},
	{0x6986, CA_E_IO}, /* no file: a selection that was lost, too */
	{0x6400, CA_E_IO}, {0x6581, CA_E_IO}, {0x6F00, CA_E_IO},
	{0x0000, CA_E_IO}, {0xFFFF, CA_E_IO}, {0x9001, CA_E_IO},
};
/* clang-format on */

static void
table(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		UT(ca_sw_err(rows[i].sw) == rows[i].e, "%04X: %s", rows[i].sw,
		    ca_err_name(ca_sw_err(rows[i].sw)));
}

/* Nothing but 9000 passes as success, and 63Cx alone has a count. */
static void
all_words(void)
{
	for (unsigned sw = 0; sw <= 0xFFFF; sw++) {
		ca_err e = ca_sw_err((uint16_t)sw);
		int tries = ca_sw_tries((uint16_t)sw);

		UT((e == CA_OK) == (sw == 0x9000), "%04X", sw);
		UT(e >= CA_OK && e <= CA_E_LAST_, "%04X", sw);
		UT(tries == ((sw & 0xFFF0) == 0x63C0 ? (int)(sw & 15) : -1),
		    "%04X", sw);
	}
}

static void
own_rows_first(void)
{
	static const struct ca_sw_row own[] = {
	    {0xFFFF, 0x6A88, CA_E_PIN_UNSET},
	    {0xFF00, 0x6A00, CA_E_BUSY},
	    {0xFFFF, 0x6A82, CA_E_CANCELLED},
	};

	UT_OK(ca_sw_map(own, CA_COUNT(own), 0x6A88) == CA_E_PIN_UNSET);
	UT_OK(ca_sw_map(own, CA_COUNT(own), 0x6A99) == CA_E_BUSY);
	/* The first row that fits counts. */
	UT_OK(ca_sw_map(own, CA_COUNT(own), 0x6A82) == CA_E_BUSY);
	UT_OK(ca_sw_map(own, CA_COUNT(own), 0x6982) == CA_E_AUTH_NEEDED);
	UT_OK(ca_sw_map(NULL, 0, 0x6A82) == CA_E_NOT_FOUND);
}

static const CU_TestInfo tests[] = {
    {"table", table},
    {"all_words", all_words},
    {"own_rows_first", own_rows_first},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_sw = {"sw", tests};
