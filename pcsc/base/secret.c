#include "pcsc/base/secret.h"

#include <string.h>

ca_err
ca_secret_set(struct ca_secret *s, struct ca_rd r)
{
	if (r.n > sizeof(s->b))
		return CA_E_PIN_LEN;
	if (r.n > 0)
		memmove(s->b, r.p, r.n);
	/* What a longer secret may have left behind. */
	ca_wipe(s->b + r.n, sizeof(s->b) - r.n);
	s->n = r.n;
	return CA_OK;
}

struct ca_rd
ca_secret_rd(const struct ca_secret *s)
{
	return ca_rd_of(s->b, s->n);
}

void
ca_secret_wipe(struct ca_secret *s)
{
	ca_wipe(s, sizeof(*s));
}

void
ca_wipe(void *p, size_t n)
{
	if (p && n > 0)
		explicit_bzero(p, n);
}

int
ca_const_cmp(const void *a, const void *b, size_t n)
{
	const volatile uint8_t *x = a;
	const volatile uint8_t *y = b;
	uint8_t diff = 0;

	for (size_t i = 0; i < n; i++)
		diff |= (uint8_t)(x[i] ^ y[i]);
	return diff;
}
