#include "pcsc/base/rd.h"

#include <string.h>

struct ca_rd
ca_rd_of(const void *p, size_t n)
{
	return (struct ca_rd){p, p ? n : 0};
}

bool
ca_rd_u8(struct ca_rd *r, uint8_t *out)
{
	if (r->n < 1)
		return false;
	*out = r->p[0];
	r->p += 1;
	r->n -= 1;
	return true;
}

bool
ca_rd_u16(struct ca_rd *r, uint16_t *out)
{
	if (r->n < 2)
		return false;
	*out = (uint16_t)(r->p[0] << 8 | r->p[1]);
	r->p += 2;
	r->n -= 2;
	return true;
}

bool
ca_rd_take(struct ca_rd *r, size_t n, struct ca_rd *sub)
{
	struct ca_rd head = {r->p, n};

	if (!ca_rd_skip(r, n))
		return false;
	/* Last, so that r and sub may be one view: it becomes the part. */
	*sub = head;
	return true;
}

bool
ca_rd_skip(struct ca_rd *r, size_t n)
{
	if (n > r->n)
		return false;
	/* An empty view may have no pointer to add to. */
	if (n > 0)
		r->p += n;
	r->n -= n;
	return true;
}

bool
ca_rd_end(const struct ca_rd *r)
{
	return r->n == 0;
}

bool
ca_rd_equal(struct ca_rd a, struct ca_rd b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
ca_rd_all(struct ca_rd r, uint8_t value)
{
	for (size_t i = 0; i < r.n; i++)
		if (r.p[i] != value)
			return false;
	return true;
}

bool
ca_rd_copy(struct ca_rd r, void *out, size_t cap, size_t *out_n)
{
	if (r.n > cap)
		return false;
	if (r.n > 0)
		memcpy(out, r.p, r.n);
	*out_n = r.n;
	return true;
}
