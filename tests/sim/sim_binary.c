/*
 * READ BINARY in its three forms and UPDATE BINARY (ISO/IEC 7816-4 7.2).
 */
#include "tests/sim/sim_card.h"

#define ODD_OFFSET_TAG 0x54
#define ODD_DATA_TAG 0x53

static int
by_sfi(const struct ca_sim *s, uint8_t sfi)
{
	for (size_t i = 1; i < s->files_n; i++)
		if (s->files[i].parent == s->df && s->files[i].sfi == sfi &&
		    sfi != 0)
			return (int)i;
	return -1;
}

/* The file and offset that P1-P2 name; selects by short identifier. */
static uint16_t
locate(struct ca_sim *s, const struct ca_sim_cmd *c, size_t *offset)
{
	*offset = (size_t)(c->p1 << 8 | c->p2);
	if ((c->p1 & 0x80) != 0) {
		int i = by_sfi(s, c->p1 & 0x1F);

		if ((c->p1 & 0x60) != 0)
			return SW_P1P2;
		if (i < 0)
			return SW_NO_FILE;
		s->ef = i;
		*offset = c->p2;
	}
	return s->ef < 0 ? SW_NO_EF : SW_OK;
}

/* Reads up to le bytes at an offset and says how the file ended. */
static uint16_t
read_at(struct ca_sim *s, size_t offset, size_t le, struct ca_wr *w)
{
	const struct ca_sim_file *f = &s->files[s->ef];
	struct ca_rd r = ca_buf_rd(&f->data);
	struct ca_rd part;
	size_t want = le < s->o.read_max ? le : s->o.read_max;

	if (!ca_sim_allowed(s, f->read))
		return SW_SECURITY;
	if (!ca_rd_skip(&r, offset) || r.n == 0)
		return SW_OFFSET;
	if (r.n < want && s->o.eof == CA_SIM_EOF_6B00 && le != 256)
		return SW_OFFSET;
	if (!ca_rd_take(&r, r.n < want ? r.n : want, &part))
		return SW_FAULT;
	ca_wr_bytes(w, part);
	/* Le 00 asks for what there is (5.1); some cards call it a short
	 * answer all the same, others never do. */
	return part.n < want && s->o.eof == CA_SIM_EOF_6282 ? SW_END_OF_FILE
							    : SW_OK;
}

uint16_t
ca_sim_read_binary(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	size_t offset = 0;
	uint16_t sw = locate(s, c, &offset);

	if (c->data.n > 0 || !c->has_le)
		return SW_LENGTH;
	return sw != SW_OK ? sw : read_at(s, offset, c->le, body);
}

/* INS B1: the offset is a data object, the answer too (7.2.3). */
uint16_t
ca_sim_read_binary_odd(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_rd r = c->data;
	uint8_t tag = 0;
	uint8_t n = 0;
	uint16_t offset = 0;
	uint8_t room[CA_SIM_ANSWER];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	uint16_t sw;

	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (!c->has_le && s->t1)
		return SW_LENGTH;
	if (!ca_rd_u8(&r, &tag) || tag != ODD_OFFSET_TAG || !ca_rd_u8(&r, &n) ||
	    n != 2 || !ca_rd_u16(&r, &offset) || !ca_rd_end(&r))
		return SW_DATA;
	if (s->ef < 0)
		return SW_NO_EF;
	/* Room for tag and length within Le. */
	sw = read_at(s, offset, c->has_le && c->le < 256 ? c->le - 3 : 252, &w);
	if (sw == SW_OK || sw == SW_END_OF_FILE)
		ca_wr_tlv(body, ODD_DATA_TAG, ca_wr_rd(&w));
	return sw;
}

uint16_t
ca_sim_update_binary(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	size_t offset = 0;
	uint16_t sw = locate(s, c, &offset);
	struct ca_sim_file *f;
	struct ca_wr w;

	(void)body;
	if (c->data.n == 0)
		return SW_LENGTH;
	if (sw != SW_OK)
		return sw;
	f = &s->files[s->ef];
	if (!ca_sim_allowed(s, f->update))
		return SW_SECURITY;
	if (offset > f->data.n)
		return SW_OFFSET;
	w = ca_wr_of(f->data.p, f->data.n);
	w.n = offset;
	ca_wr_bytes(&w, c->data);
	if (!ca_wr_ok(&w))
		return SW_NO_SPACE;
	return ca_sim_fs_keep(s, f) == CA_OK ? SW_OK : SW_MEMORY;
}
