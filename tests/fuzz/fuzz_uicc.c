/* pcsc/card/uicc.h: FCP, EF.DIR records, PIN status. */
#include "pcsc/card/uicc.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_rd in = ca_rd_of(data, size);
	struct ca_uicc_entry app;
	uint8_t path[2 * CA_UICC_PATH_MAX];
	struct ca_wr w = ca_wr_of(path, sizeof(path));
	char digits[21];
	size_t length = 0, count = 0;

	fuzz_begin();
	if (ca_uicc_records(in, &length, &count))
		FUZZ_CHECK(length > 0 && length <= 256 && count > 0);
	ca_uicc_dir_record(in, &app);
	if (app.kind != CA_UICC_OTHER) {
		struct ca_rd aid = ca_rd_of(app.aid, app.aid_n);

		FUZZ_CHECK(aid.n > 0 && aid.n <= CA_UICC_AID_MAX &&
			   app.path_n <= CA_UICC_PATH_MAX);
		(void)ca_uicc_same_app(in, aid);
		if (!ca_uicc_below(in, &app, in, &w))
			FUZZ_CHECK(w.failed || w.n == 0 || w.n == 2);
	}
	ca_uicc_bcd(in, digits, sizeof(digits));
	FUZZ_CHECK(strlen(digits) < sizeof(digits) &&
		   strspn(digits, "0123456789") == strlen(digits));
	for (int reference = 0; reference <= 0xFF; reference++) {
		enum ca_uicc_pin p = ca_uicc_pin_status(in, (uint8_t)reference);

		FUZZ_CHECK(p == CA_UICC_PIN_UNKNOWN ||
			   p == CA_UICC_PIN_ENABLED ||
			   p == CA_UICC_PIN_DISABLED);
	}
	return 0;
}
