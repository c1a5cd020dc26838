/* pcsc/base/tlv.h: every function on the same bytes. */
#include "pcsc/base/tlv.h"

#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

static void
values(struct ca_rd val)
{
	uint32_t n;
	bool b;

	if (ca_der_uint(val, 1000, &n))
		FUZZ_CHECK(n <= 1000);
	(void)!ca_der_bits(val, &n);
	(void)!ca_der_bool(val, &b);
}

/* Every data object is met once, and what is met lies in the input. */
static void
walk(struct ca_rd in, int depth)
{
	struct ca_rd all = in, val, whole, again;
	uint32_t tag, same;
	size_t total;

	/* Leading padding is for the walker to skip. */
	ca_tlv_skip_padding(&in);
	fuzz_within(in, all);
	all = in;
	for (;;) {
		struct ca_rd before = in;
		bool announced = ca_tlv_announced(in, &total);

		if (!ca_tlv_whole(&in, &tag, &val, &whole)) {
			FUZZ_CHECK(in.p == before.p && in.n == before.n);
			break;
		}
		fuzz_within(whole, before);
		fuzz_within(val, whole);
		FUZZ_CHECK(in.n < before.n && announced && total == whole.n);
		FUZZ_CHECK(ca_tlv_next(&before, &same, &again));
		FUZZ_CHECK(same == tag && ca_rd_equal(val, again));
		FUZZ_CHECK(ca_tlv_find(all, tag, &again));
		FUZZ_CHECK(ca_tlv_expect(&whole, tag, &again) && whole.n == 0);
		values(val);
		if (depth > 0)
			walk(val, depth - 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t paths[][CA_TLV_DEPTH_MAX + 1] = {{0x30, 0x30},
	    {0x70, 0xBF8101, 0xA0, 0x9B}, {0x6F, 0x84},
	    {0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30,
		0x30, 0x30, 0x30, 0x30, 0x30, 0x30}};
	struct ca_rd in = ca_rd_of(data, size), val;

	for (size_t i = 0; i < CA_COUNT(paths); i++)
		for (size_t depth = 0; depth <= CA_TLV_DEPTH_MAX + 1; depth++)
			if (ca_tlv_path(in, paths[i], depth, &val)) {
				FUZZ_CHECK(depth <= CA_TLV_DEPTH_MAX);
				fuzz_within(val, in);
			}
	walk(in, 8);
	return 0;
}
