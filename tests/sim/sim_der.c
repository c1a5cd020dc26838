#include "tests/sim/sim_der.h"

#include <string.h>

static void
write_tag(struct ca_wr *w, uint32_t tag)
{
	for (int shift = 24; shift > 0; shift -= 8)
		if (tag >> shift != 0)
			ca_wr_u8(w, (uint8_t)(tag >> shift));
	ca_wr_u8(w, (uint8_t)tag);
}

size_t
ca_sim_der_open(struct ca_wr *w, uint32_t tag)
{
	write_tag(w, tag);
	return w->n;
}

void
ca_sim_der_close(struct ca_wr *w, size_t mark)
{
	uint8_t room[3];
	struct ca_wr head = ca_wr_of(room, sizeof(room));
	size_t n;

	if (w->failed || mark > w->n)
		return;
	n = w->n - mark;
	if (n > 0xFF) {
		ca_wr_u8(&head, 0x82);
		ca_wr_u16(&head, (uint16_t)n);
	} else {
		if (n > 0x7F)
			ca_wr_u8(&head, 0x81);
		ca_wr_u8(&head, (uint8_t)n);
	}
	/* Grow first, so that a full writer fails instead of moving. */
	ca_wr_fill(w, 0, head.n);
	if (w->failed)
		return;
	memmove(w->p + mark + head.n, w->p + mark, n);
	memcpy(w->p + mark, room, head.n);
}

void
ca_sim_der_uint(struct ca_wr *w, uint32_t tag, uint32_t v)
{
	size_t m = ca_sim_der_open(w, tag);
	int shift = 24;

	while (shift > 0 && v >> shift == 0)
		shift -= 8;
	if ((v >> shift & 0x80) != 0)
		ca_wr_u8(w, 0);
	for (; shift >= 0; shift -= 8)
		ca_wr_u8(w, (uint8_t)(v >> shift));
	ca_sim_der_close(w, m);
}

void
ca_sim_der_bits(struct ca_wr *w, uint32_t tag, uint32_t bits)
{
	uint8_t b[4] = {0};
	unsigned last = 0;
	size_t m = ca_sim_der_open(w, tag);

	for (unsigned i = 0; i < 32; i++)
		if ((bits >> i & 1) != 0) {
			b[i / 8] |= (uint8_t)(0x80 >> i % 8);
			last = i;
		}
	ca_wr_u8(w, (uint8_t)(7 - last % 8));
	ca_wr_mem(w, b, last / 8 + 1);
	ca_sim_der_close(w, m);
}

void
ca_sim_der_text(struct ca_wr *w, uint32_t tag, const char *text)
{
	ca_wr_tlv(w, tag, ca_rd_of(text, strlen(text)));
}

void
ca_sim_der_byte(struct ca_wr *w, uint32_t tag, uint8_t v)
{
	ca_wr_tlv(w, tag, ca_rd_of(&v, 1));
}
