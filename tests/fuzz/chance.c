/*
 * What stands between the fuzzer and a card with secure messaging. The linker
 * sends our own calls here (-Wl,--wrap):
 *  - the host's random numbers are the same in each run, so that what a card
 *    once answered to them fits again;
 *  - a MAC is always right; that a wrong one is refused is for tests/sim;
 *  - on order nothing is enciphered, so that the fuzzer writes plain text.
 */
#include <string.h>

#include "pcsc/base/rd.h"
#include "pcsc/sm/aes.h"
#include "pcsc/sm/des.h"
#include "tests/fuzz/fuzz.h"

int __wrap_RAND_bytes(unsigned char *b, int n);
int __wrap_ca_const_cmp(const void *a, const void *b, size_t n);
ca_err __real_ca_aes_cbc(struct ca_rd key, const uint8_t *iv, int encrypt,
    uint8_t *data, size_t n);
ca_err __wrap_ca_aes_cbc(struct ca_rd key, const uint8_t *iv, int encrypt,
    uint8_t *data, size_t n);
ca_err __real_ca_des_cbc(struct ca_rd key, const uint8_t *iv, int encrypt,
    uint8_t *data, size_t n);
ca_err __wrap_ca_des_cbc(struct ca_rd key, const uint8_t *iv, int encrypt,
    uint8_t *data, size_t n);

typedef ca_err cbc_fn(struct ca_rd key, const uint8_t *iv, int encrypt,
    uint8_t *data, size_t n);

static bool clear_text;
static fuzz_seen *seen;
static void *seen_arg;

void
fuzz_clear_text(bool on)
{
	clear_text = on;
}

void
fuzz_see(fuzz_seen *fn, void *arg)
{
	seen = fn;
	seen_arg = arg;
}

int
__wrap_RAND_bytes(unsigned char *b, int n)
{
	memset(b, 0x5C, (size_t)n);
	return 1;
}

int
__wrap_ca_const_cmp(const void *a, const void *b, size_t n)
{
	fuzz_touch(ca_rd_of(a, n));
	fuzz_touch(ca_rd_of(b, n));
	return 0;
}

static ca_err
cbc(cbc_fn *real, struct ca_rd key, const uint8_t *iv, int encrypt,
    uint8_t *data, size_t n)
{
	uint8_t before[4096];
	ca_err e;

	fuzz_touch(ca_rd_of(data, n));
	if (clear_text)
		return CA_OK;
	if (seen == NULL || encrypt || n > sizeof(before))
		return real(key, iv, encrypt, data, n);
	memcpy(before, data, n);
	e = real(key, iv, encrypt, data, n);
	seen(seen_arg, ca_rd_of(before, n), ca_rd_of(data, n));
	return e;
}

ca_err
__wrap_ca_aes_cbc(struct ca_rd key, const uint8_t *iv, int encrypt,
    uint8_t *data, size_t n)
{
	return cbc(__real_ca_aes_cbc, key, iv, encrypt, data, n);
}

ca_err
__wrap_ca_des_cbc(struct ca_rd key, const uint8_t *iv, int encrypt,
    uint8_t *data, size_t n)
{
	return cbc(__real_ca_des_cbc, key, iv, encrypt, data, n);
}
