/* Commands of the epass2003 about files. */
#include "pcsc/base/tlv.h"
#include "tests/sim/sim_epass2003.h"

#define UPDATE_MAX 0xE8

static void
tlv16(struct ca_wr *w, uint32_t tag, size_t v)
{
	const uint8_t b[] = {(uint8_t)(v >> 8), (uint8_t)v};

	ca_wr_tlv(w, tag, ca_rd_of(b, sizeof(b)));
}

size_t
ca_sim_ep_key_bits(const struct ca_sim *s, uint16_t fid)
{
	size_t i = (fid & 0xFFu) / CA_SIM_EP_STEP;

	return i < s->keys_n ? s->keys[i].bits : 0;
}

static void
write_fci(const struct ca_sim *s, int i, struct ca_wr *w)
{
	const struct ca_sim_file *f = &s->files[i];
	const struct ca_sim_ft_file *x = &ca_sim_ft(s)->files[i];

	if (x->kind == CA_SIM_FT_TRANSPARENT)
		tlv16(w, 0x80, f->data.n);
	if (x->kind == CA_SIM_FT_RECORDS)
		ca_wr_tlv(w, 0x82, ca_rd_of("\x04\x00\x00\x40\x00", 5));
	else
		tlv16(w, 0x82, (size_t)x->kind << 8);
	tlv16(w, 0x83, f->fid);
	if (f->aid_n > 0)
		ca_wr_tlv(w, 0x84, ca_rd_of(f->aid, f->aid_n));
	if (f->df)
		tlv16(w, 0x85, 0x007F);
	else if (x->kind == CA_SIM_FT_PRIVATE)
		tlv16(w, 0x85, ca_sim_ep_key_bits(s, f->fid));
	ca_wr_tlv(w, 0x86, ca_rd_of(x->acl, x->acl_n));
}

uint16_t
ca_sim_ep_select(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	uint8_t room[96];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	int i = 0;
	uint16_t sw = ca_sim_ft_select(s, c, &i);

	if (sw != SW_OK)
		return sw;
	write_fci(s, i, &w);
	ca_wr_tlv(body, 0x6F, ca_wr_rd(&w));
	return SW_OK;
}

uint16_t
ca_sim_ep_update(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	(void)body;
	return ca_sim_ft_update(s, c, UPDATE_MAX);
}

/* The current EF if it has records. */
static uint16_t
record_file(struct ca_sim *s, enum ca_sim_rule *need, bool write)
{
	if (s->ef < 0)
		return SW_NO_EF;
	if (ca_sim_ft(s)->files[s->ef].kind != CA_SIM_FT_RECORDS)
		return SW_STRUCTURE;
	*need = write ? s->files[s->ef].update : s->files[s->ef].read;
	return ca_sim_allowed(s, *need) ? SW_OK : SW_SECURITY;
}

uint16_t
ca_sim_ep_read_record(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	enum ca_sim_rule need = CA_SIM_NEVER;
	struct ca_rd r;
	struct ca_rd one = {0};
	uint8_t n = 0;
	uint16_t sw = record_file(s, &need, false);

	if (c->p2 != 0x04 || c->p1 == 0)
		return SW_P1P2;
	if (c->data.n > 0 || !c->has_le)
		return SW_LENGTH;
	if (sw != SW_OK)
		return sw;
	r = ca_buf_rd(&s->files[s->ef].data);
	for (unsigned i = 0; i < c->p1; i++)
		if (!ca_rd_u8(&r, &n) || !ca_rd_take(&r, n, &one))
			return SW_NO_RECORD;
	ca_wr_bytes(body, one);
	return SW_OK;
}

uint16_t
ca_sim_ep_append_record(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	enum ca_sim_rule need = CA_SIM_NEVER;
	struct ca_sim_file *f;
	uint8_t n = (uint8_t)c->data.n;
	uint16_t sw = record_file(s, &need, true);

	(void)body;
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (c->data.n == 0 || c->data.n > UPDATE_MAX)
		return SW_LENGTH;
	if (sw != SW_OK)
		return sw;
	f = &s->files[s->ef];
	if (f->data.n > 1024 ||
	    ca_buf_add(&f->data, ca_rd_of(&n, 1)) != CA_OK ||
	    ca_buf_add(&f->data, c->data) != CA_OK)
		return SW_NO_SPACE;
	return ca_sim_fs_keep(s, f) == CA_OK ? SW_OK : SW_MEMORY;
}

/* 62 { 80 size, 82 kind, 83 identifier, 86 access bytes, ... }. Key files and
 * DFs stay as they were made. */
uint16_t
ca_sim_ep_create(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_rd r = c->data;
	struct ca_rd fcp;
	struct ca_rd v;
	struct ca_rd acl;
	uint16_t size = 0;
	uint16_t fid = 0;
	uint8_t kind = 0;

	(void)body;
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (!ca_tlv_expect(&r, 0x62, &fcp) || r.n != 0 ||
	    !ca_tlv_find(fcp, 0x82, &v) || !ca_rd_u8(&v, &kind) ||
	    !ca_tlv_find(fcp, 0x83, &v) || !ca_rd_u16(&v, &fid) || v.n != 0 ||
	    !ca_tlv_find(fcp, 0x86, &acl) || acl.n != CA_SIM_EP_ACL)
		return SW_DATA;
	if (kind != CA_SIM_FT_TRANSPARENT)
		return SW_NOT_SUPPORTED;
	if (!ca_tlv_find(fcp, 0x80, &v) || !ca_rd_u16(&v, &size) || v.n != 0)
		return SW_DATA;
	return ca_sim_ft_create(s, fid, CA_SIM_FT_TRANSPARENT, size, acl);
}

uint16_t
ca_sim_ep_delete(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_rd d = c->data;
	uint16_t fid = 0;

	(void)body;
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (!ca_rd_u16(&d, &fid) || d.n != 0)
		return SW_LENGTH;
	return ca_sim_ft_delete(s, fid);
}

uint16_t
ca_sim_ep_list(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	for (size_t i = 1; i < s->files_n; i++)
		if (s->files[i].parent == s->df)
			ca_wr_u16(body, s->files[i].fid);
	return SW_OK;
}
