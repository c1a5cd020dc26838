/* Public key files as cards keep them, and the checks that use the result. */
#include <string.h>

#include "pcsc/card/pkcs15_parse.h"
#include "pcsc/token/selfcheck.h"
#include "pcsc/token/x509.h"
#include "tests/fuzz/fuzz.h"

/* No signature is a signature, whatever the key. */
static void
check(struct ca_rd spki, struct ca_rd sig)
{
	uint8_t hash[32];

	memset(hash, 0x2A, sizeof(hash));
	for (int alg = 0; alg < CA_ALG_COUNT; alg++) {
		ca_err e = ca_selfcheck(spki, (enum ca_alg)alg,
		    ca_rd_of(hash, sizeof(hash)), ca_rd_of(NULL, 0));

		FUZZ_CHECK(e != CA_OK);
		(void)!ca_selfcheck(spki, (enum ca_alg)alg,
		    ca_rd_of(hash, sizeof(hash)), sig);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_rd in = ca_rd_of(data, size), modulus, sig = {NULL, 0};
	size_t what = fuzz_choose(&in, 3), n;
	struct ca_buf spki = {0};
	ca_err e;

	fuzz_begin();
	if (what == 0) {
		e = ca_p15_spki(in, &spki);
	} else if (what == 1) {
		n = fuzz_choose(&in, 256) + 1;
		if (!ca_rd_take(&in, n < in.n ? n : in.n, &modulus))
			return 0;
		e = ca_p15_spki_rsa(modulus, in, &spki);
		sig = modulus;
	} else {
		e = ca_buf_set(&spki, in);
		sig = in;
	}
	FUZZ_CHECK(e == CA_OK || spki.n == 0);
	if (e == CA_OK) {
		(void)ca_x509_key_bits(ca_buf_rd(&spki));
		check(ca_buf_rd(&spki), sig);
	}
	ca_buf_free(&spki);
	return 0;
}
