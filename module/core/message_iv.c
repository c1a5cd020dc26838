#include "module/core/message_iv.h"

#include <string.h>

#include "module/core/random.h"

#define RANDOM_BITS_MIN 56 /* the shortest nonce of CCM */
#define GENERATE_BITS_MIN 32

/* The bits of byte i that are not fixed. */
static uint8_t
free_mask(CK_ULONG fixed, size_t i)
{
	if (fixed <= i * 8)
		return 0xFF;
	if (fixed >= i * 8 + 8)
		return 0;
	return (uint8_t)(0xFF >> (fixed - i * 8));
}

static void
mix(uint8_t *iv, size_t n, CK_ULONG fixed, const uint8_t *with)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t mask = free_mask(fixed, i);

		iv[i] = (uint8_t)((iv[i] & ~mask) | (with[i] & mask));
	}
}

/* A number as the last bytes of as many as an IV has. */
static void
number(uint64_t value, uint8_t *out, size_t n)
{
	memset(out, 0, n);
	for (; n > 0 && value != 0; value >>= 8)
		out[--n] = (uint8_t)value;
}

CK_RV
ca_iv_random(uint8_t *iv, size_t n, CK_ULONG fixed)
{
	uint8_t chance[CA_IV_MAX];
	CK_RV rv = n <= sizeof(chance) ? ca_random_get(chance, n)
				       : CKR_MECHANISM_PARAM_INVALID;

	if (rv == CKR_OK)
		mix(iv, n, fixed, chance);
	return rv;
}

/* Chance, but for the last 64 bits, which go on from one to the next. */
static CK_RV
make_any(struct ca_iv_gen *g, uint8_t *iv, size_t n, CK_ULONG fixed)
{
	uint8_t with[CA_IV_MAX], low[CA_IV_MAX];
	CK_RV rv = ca_random_get(with, n);

	if (rv == CKR_OK && g->used == 0)
		rv = ca_random_get((CK_BYTE *)&g->start, sizeof(g->start));
	if (rv != CKR_OK)
		return rv;
	number(g->start + g->used, low, n);
	mix(with, n, n > 8 ? (n - 8) * 8 : 0, low);
	mix(iv, n, fixed, with);
	return CKR_OK;
}

/* The same was given before, or this is the first. */
static bool
same_again(struct ca_iv_gen *g, const uint8_t *iv, size_t n)
{
	if (n > sizeof(g->first))
		return false;
	if (g->used == 0) {
		memcpy(g->first, iv, n);
		g->first_n = n;
	}
	return n == g->first_n && memcmp(g->first, iv, n) == 0;
}

static void
xor_in(uint8_t *iv, size_t n, const uint8_t *with)
{
	for (size_t i = 0; i < n; i++)
		iv[i] ^= with[i];
}

CK_RV
ca_iv_make(struct ca_iv_gen *g, CK_GENERATOR_FUNCTION generator, CK_ULONG fixed,
    uint8_t *iv, size_t n)
{
	uint8_t with[CA_IV_MAX];
	CK_ULONG bits;
	CK_RV rv = CKR_OK;

	if (generator == CKG_NO_GENERATE)
		return CKR_OK;
	if (n > sizeof(with) || fixed >= n * 8)
		return CKR_MECHANISM_PARAM_INVALID;
	bits = n * 8 - fixed;
	if (generator != CKG_GENERATE_RANDOM && bits < 64 &&
	    g->used >> bits != 0)
		return CKR_KEY_EXHAUSTED;
	number(g->used, with, n);
	if (generator == CKG_GENERATE && bits >= GENERATE_BITS_MIN)
		rv = make_any(g, iv, n, fixed);
	else if (generator == CKG_GENERATE_RANDOM && bits >= RANDOM_BITS_MIN)
		rv = ca_iv_random(iv, n, fixed);
	else if (generator == CKG_GENERATE_COUNTER)
		mix(iv, n, fixed, with);
	else if (generator == CKG_GENERATE_COUNTER_XOR && same_again(g, iv, n))
		xor_in(iv, n, with);
	else
		rv = CKR_MECHANISM_PARAM_INVALID;
	if (rv == CKR_OK)
		g->used++;
	return rv;
}
