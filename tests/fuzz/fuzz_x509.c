/* pcsc/token/x509.h: certificates of cards and of persons' files. */
#include "pcsc/token/x509.h"

#include "tests/fuzz/fuzz.h"

static void
open_it(struct ca_rd in)
{
	struct ca_rd der;
	struct ca_buf spki = {0};

	if (ca_x509_open(in, &der, &spki) == CA_OK) {
		FUZZ_CHECK(spki.n > 0 && der.n > 0);
		fuzz_within(der, in);
		(void)ca_x509_key_bits(ca_buf_rd(&spki));
		FUZZ_CHECK(ca_x509_open(der, &der, NULL) == CA_OK);
	} else {
		FUZZ_CHECK(spki.n == 0);
	}
	ca_buf_free(&spki);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_rd in = ca_rd_of(data, size);
	struct ca_buf der = {0};

	fuzz_begin();
	open_it(in);
	if (ca_x509_from_file(in, &der) == CA_OK) {
		FUZZ_CHECK(der.n > 0);
		open_it(ca_buf_rd(&der));
	}
	ca_buf_free(&der);
	(void)ca_x509_key_bits(in);
	return 0;
}
