/* pcsc/card/uicc.h: FCP, EF.DIR records, PIN status. */
#include "pcsc/card/uicc.h"

#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_rd in = ca_rd_of(data, size);
	uint8_t aid[CA_UICC_AID_MAX];
	size_t length = 0, count = 0, aid_n = 0;

	fuzz_begin();
	if (ca_uicc_records(in, &length, &count))
		FUZZ_CHECK(length > 0 && length <= 256 && count > 0);
	if (ca_uicc_dir_record(in, aid, &aid_n) != CA_UICC_OTHER)
		FUZZ_CHECK(aid_n > 0 && aid_n <= CA_UICC_AID_MAX);
	for (int reference = 0; reference <= 0xFF; reference++) {
		enum ca_uicc_pin p = ca_uicc_pin_status(in, (uint8_t)reference);

		FUZZ_CHECK(p == CA_UICC_PIN_UNKNOWN ||
			   p == CA_UICC_PIN_ENABLED ||
			   p == CA_UICC_PIN_DISABLED);
	}
	return 0;
}
