#include "pcsc/base/buf.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/base/locked.h"
#include "pcsc/base/secret.h"

#define FIRST_CAP 256

/* The capacity to allocate for `need` bytes: doubling, so that a file read in
 * parts is not copied once per part. */
static size_t
cap_for(size_t have, size_t need)
{
	size_t cap = have > 0 ? have : FIRST_CAP;

	while (cap < need)
		cap *= 2;
	return cap < CA_BUF_MAX ? cap : CA_BUF_MAX;
}

ca_err
ca_buf_add(struct ca_buf *b, struct ca_rd r)
{
	struct ca_buf grown = {.secret = b->secret};

	if (r.n > CA_BUF_MAX - b->n)
		return CA_E_NOMEM;
	if (r.n == 0)
		return CA_OK;
	if (r.n <= b->cap - b->n) {
		memmove(b->p + b->n, r.p, r.n);
		b->n += r.n;
		return CA_OK;
	}
	/* Not realloc(): it may leave a copy of a secret behind. */
	grown.cap = cap_for(b->cap, b->n + r.n);
	grown.n = b->n + r.n;
	grown.p = b->secret ? ca_locked_new(grown.cap) : malloc(grown.cap);
	if (!grown.p)
		return CA_E_NOMEM;
	if (b->n > 0)
		memcpy(grown.p, b->p, b->n);
	memcpy(grown.p + b->n, r.p, r.n);
	ca_buf_free(b);
	*b = grown;
	return CA_OK;
}

ca_err
ca_buf_set(struct ca_buf *b, struct ca_rd r)
{
	struct ca_buf fresh = {.secret = b->secret};
	ca_err e;

	if (r.n > b->cap) {
		if ((e = ca_buf_add(&fresh, r)) != CA_OK)
			return e;
		ca_buf_take(b, &fresh);
		return CA_OK;
	}
	ca_wipe(b->p, b->n);
	b->n = 0;
	return ca_buf_add(b, r);
}

struct ca_rd
ca_buf_rd(const struct ca_buf *b)
{
	return ca_rd_of(b->p, b->n);
}

void
ca_buf_take(struct ca_buf *to, struct ca_buf *from)
{
	if (to == from)
		return;
	ca_buf_free(to);
	*to = *from;
	*from = (struct ca_buf){.secret = to->secret};
}

void
ca_buf_free(struct ca_buf *b)
{
	if (b->secret) {
		ca_locked_free(b->p, b->cap);
	} else {
		ca_wipe(b->p, b->cap);
		free(b->p);
	}
	*b = (struct ca_buf){.secret = b->secret};
}
