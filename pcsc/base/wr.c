#include "pcsc/base/wr.h"

#include <string.h>

#include "pcsc/base/secret.h"

/* The longest header: a tag of four bytes and 82 xx xx. */
#define HEAD_MAX 7

struct ca_wr
ca_wr_of(void *p, size_t cap)
{
	return (struct ca_wr){.p = p, .cap = p ? cap : 0};
}

/* Where n more bytes go, or NULL when there is no room or nothing to do. */
static uint8_t *
reserve(struct ca_wr *w, size_t n)
{
	uint8_t *at;

	if (w->failed || w->n > w->cap || n > w->cap - w->n) {
		w->failed = true;
		return NULL;
	}
	if (n == 0)
		return NULL;
	at = w->p + w->n;
	w->n += n;
	return at;
}

void
ca_wr_u8(struct ca_wr *w, uint8_t v)
{
	ca_wr_fill(w, v, 1);
}

void
ca_wr_u16(struct ca_wr *w, uint16_t v)
{
	uint8_t *at = reserve(w, 2);

	if (!at)
		return;
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

void
ca_wr_bytes(struct ca_wr *w, struct ca_rd r)
{
	uint8_t *at = reserve(w, r.n);

	if (at)
		memmove(at, r.p, r.n);
}

void
ca_wr_mem(struct ca_wr *w, const void *p, size_t n)
{
	ca_wr_bytes(w, ca_rd_of(p, n));
}

void
ca_wr_fill(struct ca_wr *w, uint8_t v, size_t n)
{
	uint8_t *at = reserve(w, n);

	if (at)
		memset(at, v, n);
}

static void
head_tag(struct ca_wr *head, uint32_t tag)
{
	if (tag > 0xFFFFFF)
		ca_wr_u8(head, (uint8_t)(tag >> 24));
	if (tag > 0xFFFF)
		ca_wr_u8(head, (uint8_t)(tag >> 16));
	if (tag > 0xFF)
		ca_wr_u8(head, (uint8_t)(tag >> 8));
	ca_wr_u8(head, (uint8_t)tag);
}

static void
head_length(struct ca_wr *head, size_t n)
{
	if (n > 0xFF) {
		ca_wr_u8(head, 0x82);
		ca_wr_u16(head, (uint16_t)n);
		return;
	}
	if (n > 0x7F)
		ca_wr_u8(head, 0x81);
	ca_wr_u8(head, (uint8_t)n);
}

void
ca_wr_tlv(struct ca_wr *w, uint32_t tag, struct ca_rd val)
{
	uint8_t room[HEAD_MAX];
	struct ca_wr head = ca_wr_of(room, sizeof(room));

	if (val.n > UINT16_MAX) {
		w->failed = true;
		return;
	}
	head_tag(&head, tag);
	head_length(&head, val.n);
	/* All or nothing: a header without its value helps nobody. */
	if (w->n > w->cap || head.n + val.n > w->cap - w->n)
		w->failed = true;
	ca_wr_bytes(w, ca_wr_rd(&head));
	ca_wr_bytes(w, val);
}

bool
ca_wr_ok(const struct ca_wr *w)
{
	return !w->failed;
}

struct ca_rd
ca_wr_rd(const struct ca_wr *w)
{
	return ca_rd_of(w->p, w->failed ? 0 : w->n);
}

void
ca_wr_wipe(struct ca_wr *w)
{
	ca_wipe(w->p, w->cap);
	w->n = 0;
	w->failed = false;
}
