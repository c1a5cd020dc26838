/* pcsc/card/inflate.h: what comes out is what was announced, or nothing. */
#include "pcsc/card/inflate.h"

#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_rd in = ca_rd_of(data, size);
	struct ca_buf out = {0};
	uint16_t length;

	fuzz_begin();
	if (!ca_rd_u16(&in, &length))
		return 0;
	if (ca_inflate(in, length, &out) == CA_OK)
		FUZZ_CHECK(out.n == length && length <= CA_INFLATE_MAX);
	else
		FUZZ_CHECK(out.n == 0);
	fuzz_touch(ca_buf_rd(&out));
	ca_buf_free(&out);
	return 0;
}
