/* Shared steps of the cards by Feitian; see sim_feitian.h. */
#include "tests/sim/sim_feitian.h"

#include <openssl/rand.h>
#include <string.h>

struct ca_sim_ft *
ca_sim_ft(const struct ca_sim *s)
{
	return s->own;
}

uint16_t
ca_sim_ft_dispatch(const struct ca_sim_ft_row *rows, size_t n, struct ca_sim *s,
    const struct ca_sim_cmd *c, struct ca_wr *body)
{
	uint16_t sw = SW_INS;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].ins != c->ins)
			continue;
		if (rows[i].cla == c->cla)
			return rows[i].run(s, c, body);
		sw = SW_CLA;
	}
	return sw;
}

uint16_t
ca_sim_ft_select(struct ca_sim *s, const struct ca_sim_cmd *c, int *out)
{
	struct ca_rd d = c->data;
	uint16_t fid = 0;
	int i;

	if (c->p1 != 0x00 || c->p2 != 0x00)
		return SW_P1P2;
	if (!ca_rd_u16(&d, &fid) || !ca_rd_end(&d))
		return SW_LC_P1P2;
	i = ca_sim_fs_child(s, s->df, fid);
	if (fid == 0x3F00)
		i = CA_SIM_MF;
	else if (i < 0 && s->files[s->df].fid == fid)
		i = s->df;
	if (i < 0)
		return SW_NO_FILE;
	s->ef = s->files[i].df ? -1 : i;
	s->df = s->files[i].df ? i : s->files[i].parent;
	ca_sim_pin_moved(s);
	*out = i;
	return SW_OK;
}

/* Where in which file; class 80 has room for the sixteenth bit. */
static uint16_t
locate(struct ca_sim *s, const struct ca_sim_cmd *c, size_t *offset)
{
	*offset = (size_t)(c->p1 << 8 | c->p2);
	if (c->cla == 0x00 && (c->p1 & 0x80) != 0)
		return SW_P1P2;
	if (s->ef < 0)
		return SW_NO_EF;
	return ca_sim_ft(s)->files[s->ef].kind == CA_SIM_FT_TRANSPARENT ||
		       ca_sim_ft(s)->files[s->ef].kind == CA_SIM_FT_PUBLIC
		   ? SW_OK
		   : SW_STRUCTURE;
}

uint16_t
ca_sim_ft_read(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	size_t offset = 0;
	size_t want = c->le < s->o.read_max ? c->le : s->o.read_max;
	struct ca_rd r;
	struct ca_rd part;
	uint16_t sw = locate(s, c, &offset);

	if (c->data.n > 0 || !c->has_le)
		return SW_LENGTH;
	if (sw != SW_OK)
		return sw;
	if (!ca_sim_allowed(s, s->files[s->ef].read))
		return SW_SECURITY;
	r = ca_buf_rd(&s->files[s->ef].data);
	if (!ca_rd_skip(&r, offset) || r.n == 0)
		return SW_OFFSET;
	if (r.n < want && s->o.eof == CA_SIM_EOF_6B00)
		return SW_OFFSET;
	if (!ca_rd_take(&r, r.n < want ? r.n : want, &part))
		return SW_FAULT;
	ca_wr_bytes(body, part);
	return part.n < want && s->o.eof == CA_SIM_EOF_6282 ? SW_END_OF_FILE
							    : SW_OK;
}

uint16_t
ca_sim_ft_update(struct ca_sim *s, const struct ca_sim_cmd *c, size_t max)
{
	size_t offset = 0;
	struct ca_sim_file *f;
	struct ca_wr w;
	uint16_t sw = locate(s, c, &offset);

	if (c->data.n == 0 || c->data.n > max)
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

/* ---- keys ---- */

static uint16_t
may_use(const struct ca_sim *s, const struct ca_sim_key *k,
    const struct ca_sim_pin *p)
{
	if (s->o.key_free != 0 || p == NULL)
		return SW_OK;
	return p->verified && (!k->consent || p->fresh) ? SW_OK : SW_SECURITY;
}

uint16_t
ca_sim_ft_private(struct ca_sim *s, const struct ca_sim_key *k, struct ca_rd in,
    struct ca_wr *body)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, k->pin);
	uint16_t sw = may_use(s, k, p);

	if (sw == SW_OK)
		sw =
		    ca_sim_sign(k, k->ec ? CA_SIM_ECDSA : CA_SIM_RAW, in, body);
	if (sw != SW_OK)
		return sw;
	if (p != NULL)
		p->fresh = false;
	s->counts[CA_SIM_SIGNATURES]++;
	if (s->o.wrong_sign != 0 &&
	    s->counts[CA_SIM_SIGNATURES] % s->o.wrong_sign == 0)
		body->p[body->n - 1] ^= 0x01;
	return SW_OK;
}

/* ---- random numbers ---- */

void
ca_sim_ft_plan(struct ca_sim *s, struct ca_rd numbers)
{
	struct ca_sim_ft *ft = ca_sim_ft(s);

	if (!ca_rd_copy(numbers, ft->planned, sizeof(ft->planned),
		&ft->planned_n))
		ft->planned_n = 0;
}

bool
ca_sim_ft_random(struct ca_sim *s, uint8_t *out, size_t n)
{
	struct ca_sim_ft *ft = ca_sim_ft(s);
	size_t known = ft->planned_n < n ? ft->planned_n : n;

	if (RAND_bytes(out, (int)n) != 1)
		return false;
	memcpy(out, ft->planned, known);
	ft->planned_n = 0;
	return true;
}

uint16_t
ca_sim_ft_challenge(struct ca_sim *s, size_t n, struct ca_wr *body)
{
	struct ca_sim_ft *ft = ca_sim_ft(s);
	uint8_t random[16];

	if (n < sizeof(ft->challenge) || n > sizeof(random) ||
	    !ca_sim_ft_random(s, random, n))
		return SW_FAULT;
	memcpy(ft->challenge, random, sizeof(ft->challenge));
	ft->challenged = true;
	ca_wr_mem(body, random, n);
	return SW_OK;
}

bool
ca_sim_ft_challenged(struct ca_sim *s, uint8_t out[CA_SIM_FT_CHALLENGE])
{
	struct ca_sim_ft *ft = ca_sim_ft(s);
	bool had = ft->challenged;

	ft->challenged = false;
	if (had)
		memcpy(out, ft->challenge, CA_SIM_FT_CHALLENGE);
	return had;
}
