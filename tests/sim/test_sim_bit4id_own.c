/* bit4id's own system: the three answers to reset, and no to everything. */
#include <string.h>

#include "tests/sim/t.h"

/* Whether the check byte of this ATR is right (ISO/IEC 7816-3, 8.2.5). */
static bool
checks(struct ca_rd atr)
{
	uint8_t sum = 0;

	for (size_t i = 1; i < atr.n; i++)
		sum ^= atr.p[i];
	return sum == 0;
}

static void
says_no(void)
{
	static const char *const models[] = {
	    "", "model=touch-and-sign", "model=izenpe"};
	static const char *const versions[] = {"3.0", "1.0", "2.0"};
	static const struct t_step steps[] = {
	    {"00A4040C0CA000000063504B43532D3135", 0x6A82, NULL},
	    {"00A4000C023F00", 0x6A82, NULL},
	    {"0020008300", 0x6D00, NULL},
	};

	for (size_t i = 0; i < CA_COUNT(models); i++) {
		struct ca_sim *s = t_card("bit4id-own", models[i]);
		struct ca_rd atr = ca_sim_atr(s);

		CU_ASSERT(checks(atr));
		CU_ASSERT_PTR_NOT_NULL(memmem(atr.p, atr.n, "BIT4ID ", 7));
		CU_ASSERT_PTR_NOT_NULL(memmem(atr.p, atr.n, versions[i], 3));
		T_RUN(s, steps);
		CU_ASSERT_EQUAL(ca_sim_seen(s, 0xA4), 2);
		ca_sim_free(s);
	}
}

CU_TestInfo t_bit4id_own[] = {
    {"says_no", says_no},
    CU_TEST_INFO_NULL,
};
