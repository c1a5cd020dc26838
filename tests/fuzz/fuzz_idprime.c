/* pcsc/card/idprime.h: index, container map, key map, label, certificates. */
#include "pcsc/card/idprime.h"

#include "pcsc/base/cdefs.h"
#include "pcsc/card/inflate.h"
#include "pcsc/token/x509.h"
#include "tests/fuzz/fuzz.h"

static void
index_file(struct ca_rd in)
{
	struct ca_idprime_file f[CA_IDPRIME_FILES_MAX];
	size_t cap = fuzz_choose(&in, CA_IDPRIME_FILES_MAX + 1);
	size_t n = ca_idprime_index(in, f, cap);

	FUZZ_CHECK(n <= cap && n * 21 + 1 <= in.n + (n == 0));
	for (size_t i = 0; i < n; i++)
		FUZZ_CHECK(f[i].container < CA_IDPRIME_CONTAINERS_MAX &&
			   f[i].kind <= CA_IDPRIME_TOKEN_INFO);
}

static void
container_map(struct ca_rd in)
{
	struct ca_idprime_container c;

	for (int n = 0; n <= 0xFF; n++)
		if (ca_idprime_container(in, (uint8_t)n, &c))
			FUZZ_CHECK(((size_t)n + 1) * 86 <= in.n);
}

static void
key_map(struct ca_rd in)
{
	struct ca_idprime_key k;

	for (int n = 0; n < CA_IDPRIME_CONTAINERS_MAX; n++)
		for (unsigned nth = 0; nth < 3; nth++)
			if (ca_idprime_key(in, (uint8_t)n, nth, &k))
				FUZZ_CHECK(in.n >= 8 * ((size_t)nth + 1));
}

static void
certificate(struct ca_rd in)
{
	struct ca_buf der = {0};
	bool ec;
	size_t bits;

	if (ca_idprime_certificate(in, &der) == CA_OK) {
		struct ca_rd one;

		FUZZ_CHECK(der.n <= CA_INFLATE_MAX || der.n == in.n);
		if (ca_idprime_cert_key(ca_buf_rd(&der), &ec, &bits))
			FUZZ_CHECK(bits <= 8 * der.n);
		(void)!ca_x509_open(ca_buf_rd(&der), &one, NULL);
	}
	ca_buf_free(&der);
	(void)!ca_idprime_cert_key(in, &ec, &bits);
}

static void
label(struct ca_rd in)
{
	char text[64];
	size_t cap = 1 + fuzz_choose(&in, sizeof(text));

	ca_idprime_label(in, text, cap);
	fuzz_text(text, cap);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct ca_rd) = {
	    index_file, container_map, key_map, certificate, label};
	struct ca_rd in = ca_rd_of(data, size);

	fuzz_begin();
	readers[fuzz_choose(&in, CA_COUNT(readers))](in);
	return 0;
}
