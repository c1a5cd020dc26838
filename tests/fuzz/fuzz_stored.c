/* module/core/stored_code.h: a file in which an object is kept. What is taken
 * can be written again, and is then the same. */
#include "module/core/stored_code.h"
#include "pcsc/token/objstore.h"
#include "tests/fuzz/fuzz.h"

static void
written_again(const struct ca_attrs *a)
{
	struct ca_buf text = {0};
	struct ca_attrs b = {0};

	if (ca_stored_encode(a, &text) != CA_OK)
		return; /* of memory, or defaults made it too long */
	FUZZ_CHECK(text.n <= CA_OBJSTORE_BYTES);
	if (ca_stored_decode(ca_buf_rd(&text), &b) == CA_OK) {
		FUZZ_CHECK(a->n == b.n);
		for (size_t i = 0; i < a->n; i++)
			FUZZ_CHECK(ca_rd_equal(ca_attrs_value(a, a->v[i].type),
			    ca_attrs_value(&b, a->v[i].type)));
	}
	ca_attrs_free(&b);
	ca_buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_attrs a = {0};

	fuzz_begin();
	if (ca_stored_decode(ca_rd_of(data, size), &a) == CA_OK) {
		FUZZ_CHECK(ca_attrs_flag(&a, CKA_TOKEN));
		FUZZ_CHECK(!ca_attrs_flag(&a, CKA_PRIVATE));
		FUZZ_CHECK(!ca_attrs_flag(&a, CKA_TRUSTED));
		written_again(&a);
	} else {
		FUZZ_CHECK(a.n == 0);
	}
	ca_attrs_free(&a);
	return 0;
}
