/*
 * The file tree: dedicated files and transparent elementary files, and SELECT
 * (ISO/IEC 7816-4 7.1.1).
 */
#include <string.h>

#include "tests/sim/sim_card.h"

static int
add(struct ca_sim *s, struct ca_sim_file f)
{
	if (s->files_n == CA_SIM_FILES)
		return -1;
	s->files[s->files_n] = f;
	return (int)s->files_n++;
}

int
ca_sim_fs_df(struct ca_sim *s, int parent, uint16_t fid, struct ca_rd aid)
{
	struct ca_sim_file f = {.fid = fid, .df = true, .parent = parent};

	if (!ca_rd_copy(aid, f.aid, sizeof(f.aid), &f.aid_n))
		return -1;
	return add(s, f);
}

/* "ef-3F00-2F00": where the content is kept once it was updated. */
static void
state_name(const struct ca_sim *s, const struct ca_sim_file *f, char out[24])
{
	(void)snprintf(out, 24, "ef-%04X-%04X", s->files[f->parent].fid,
	    f->fid);
}

int
ca_sim_fs_ef(struct ca_sim *s, int parent, uint16_t fid, struct ca_rd data,
    size_t alloc, enum ca_sim_rule update)
{
	struct ca_sim_file f = {.fid = fid, .parent = parent, .update = update};
	const uint8_t zero = 0;
	char name[24];
	ca_err e;
	int i;

	state_name(s, &f, name);
	e = ca_sim_state_get(s->o.state, name, &f.data);
	if (e == CA_E_NOT_FOUND)
		e = ca_buf_add(&f.data, data);
	while (e == CA_OK && f.data.n < alloc)
		e = ca_buf_add(&f.data, ca_rd_of(&zero, 1));
	i = e == CA_OK ? add(s, f) : -1;
	if (i < 0)
		ca_buf_free(&f.data);
	return i;
}

ca_err
ca_sim_fs_keep(const struct ca_sim *s, const struct ca_sim_file *f)
{
	char name[24];

	state_name(s, f, name);
	return ca_sim_state_put(s->o.state, name, ca_buf_rd(&f->data));
}

int
ca_sim_fs_child(const struct ca_sim *s, int parent, uint16_t fid)
{
	for (size_t i = 1; i < s->files_n; i++)
		if (s->files[i].parent == parent && s->files[i].fid == fid)
			return (int)i;
	return -1;
}

/* P1 = 04; a right-truncated name means the first that starts so. */
static int
by_name(const struct ca_sim *s, struct ca_rd name)
{
	for (size_t i = 0; i < s->files_n; i++) {
		struct ca_rd aid = ca_rd_of(s->files[i].aid, s->files[i].aid_n);
		struct ca_rd head;

		if (aid.n > 0 && ca_rd_take(&aid, name.n, &head) &&
		    ca_rd_equal(head, name))
			return (int)i;
	}
	return -1;
}

/* P1 = 00: the current DF itself, its children, its parent, its siblings. */
static int
by_fid(const struct ca_sim *s, uint16_t fid)
{
	int parent = s->files[s->df].parent;
	int i;

	if (fid == 0x3F00)
		return CA_SIM_MF;
	i = ca_sim_fs_child(s, s->df, fid);
	if (i >= 0)
		return i;
	if (s->files[s->df].fid == fid)
		return s->df;
	if (s->files[parent].fid == fid)
		return parent;
	return ca_sim_fs_child(s, parent, fid);
}

static int
by_path(const struct ca_sim *s, int from, struct ca_rd path)
{
	uint16_t fid = 0;
	int at = from;

	while (path.n > 0) {
		if (!ca_rd_u16(&path, &fid) || !s->files[at].df)
			return -1;
		at = ca_sim_fs_child(s, at, fid);
		if (at < 0)
			return -1;
	}
	return at;
}

/* P1 = 00, 01, 02: what one identifier means. */
static int
by_id(const struct ca_sim *s, uint8_t p1, struct ca_rd data)
{
	uint16_t fid = 0x3F00;
	int i;

	if (data.n > 0 && !ca_rd_u16(&data, &fid))
		return -1;
	if (p1 == 0x00)
		return by_fid(s, fid);
	i = ca_sim_fs_child(s, s->df, fid);
	return i >= 0 && s->files[i].df == (p1 == 0x01) ? i : -1;
}

/* SW_OK and the file, or why not. */
static uint16_t
look_up(const struct ca_sim *s, const struct ca_sim_cmd *c, int *out)
{
	struct ca_rd d = c->data;
	int i = -1;

	switch (c->p1) {
	case 0x00:
		if (d.n != 0 && d.n != 2)
			return SW_LC_P1P2;
		i = by_id(s, c->p1, d);
		break;
	case 0x01:
	case 0x02:
		if (d.n != 2)
			return SW_LC_P1P2;
		i = by_id(s, c->p1, d);
		break;
	case 0x03:
		if (d.n != 0)
			return SW_LC_P1P2;
		i = s->files[s->df].parent;
		break;
	case 0x04:
		if (d.n == 0 || d.n > 16)
			return SW_LC_P1P2;
		i = by_name(s, d);
		break;
	case 0x08:
	case 0x09:
		if (d.n == 0 || d.n % 2 != 0 || d.n > 16)
			return SW_LC_P1P2;
		i = by_path(s, c->p1 == 0x08 ? CA_SIM_MF : s->df, d);
		break;
	default:
		return SW_P1P2;
	}
	*out = i;
	return i >= 0 ? SW_OK : SW_NO_FILE;
}

/* ISO/IEC 7816-4 table 12. The size is that of the data alone (tag 80). */
static void
write_fcp(const struct ca_sim *s, const struct ca_sim_file *f, uint8_t p2,
    struct ca_wr *body)
{
	uint8_t room[96];
	uint8_t num[2] = {(uint8_t)(f->data.n >> 8), (uint8_t)f->data.n};
	uint8_t fid[2] = {(uint8_t)(f->fid >> 8), (uint8_t)f->fid};
	uint8_t kind = f->df ? 0x38 : 0x01;
	uint8_t sfi = (uint8_t)(f->sfi << 3);
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	if (!f->df)
		ca_wr_tlv(&w, 0x80, ca_rd_of(num, 2));
	ca_wr_tlv(&w, 0x82, ca_rd_of(&kind, 1));
	ca_wr_tlv(&w, 0x83, ca_rd_of(fid, 2));
	if (f->aid_n > 0)
		ca_wr_tlv(&w, 0x84, ca_rd_of(f->aid, f->aid_n));
	if (f->sfi != 0)
		ca_wr_tlv(&w, 0x88, ca_rd_of(&sfi, 1));
	ca_wr_tlv(&w, 0x8A, ca_rd_of("\x05", 1));
	if (s->type->fcp != NULL)
		s->type->fcp(s, f, &w);
	ca_wr_tlv(body, p2 == 0x04 ? 0x62 : 0x6F, ca_wr_rd(&w));
	body->failed |= w.failed;
}

static bool
p2_known(const struct ca_sim *s, uint8_t p2)
{
	return memchr(s->type->select_p2, p2, s->type->select_p2_n) != NULL;
}

uint16_t
ca_sim_select(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	int i = -1;
	uint16_t sw;

	if (!p2_known(s, c->p2))
		return SW_P1P2;
	sw = look_up(s, c, &i);
	if (sw != SW_OK)
		return sw;
	s->ef = s->files[i].df ? -1 : i;
	s->df = s->files[i].df ? i : s->files[i].parent;
	ca_sim_pin_moved(s);
	/* Under T=0 a command with data cannot ask: it is offered by 61xx. */
	if (c->p2 == 0x0C || (!c->has_le && s->t1))
		return SW_OK;
	if (s->type->fci != NULL)
		s->type->fci(s, &s->files[i], c->p2, body);
	else
		write_fcp(s, &s->files[i], c->p2, body);
	return SW_OK;
}
