/* Commands of the PKI SIM: what differs from ISO/IEC 7816-4. */
#include "tests/sim/sim_uicc.h"

#define TERMINATE 0x40 /* SELECT, P2: end the application's session */
#define CURRENT_ADF 0x7FFF
#define WIM_ROOT 0x5015 /* where relative paths of the WIM start */

/* The identifier that a path with a reserved one in front means; 0 = none. */
static uint16_t
real_name(const struct ca_sim *s, uint16_t fid)
{
	const struct ca_sim_uicc *u = s->own;
	int adf = u->channels[u->at].adf;

	if (fid == WIM_ROOT)
		return CA_SIM_UICC_APP;
	if (fid == CURRENT_ADF)
		return adf >= 0 ? s->files[adf].fid : 0;
	return fid;
}

/* Rewrites "7FFF.." and "5015.." in room; by identifier they become paths. */
static bool
resolve(const struct ca_sim *s, struct ca_sim_cmd *c, struct ca_wr *room)
{
	struct ca_rd rest = c->data;
	uint16_t fid = 0;
	uint16_t real;

	if ((c->p1 != 0x00 && c->p1 != 0x08) || !ca_rd_u16(&rest, &fid))
		return true;
	real = real_name(s, fid);
	if (real == fid)
		return true;
	ca_wr_u16(room, real);
	ca_wr_bytes(room, rest);
	c->p1 = 0x08;
	c->data = ca_wr_rd(room);
	return real != 0 && ca_wr_ok(room);
}

/* A PIN of the application lasts while any channel is in it, and until it is
 * selected by its name again: that resets its session (11.1.1.2). */
static uint16_t
select_and_keep(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	const struct ca_sim_uicc *u = s->own;
	struct ca_sim_pin *p = ca_sim_pin_find(s, s->o.pin_ref);
	bool verified = p != NULL && p->verified;
	bool fresh = p != NULL && p->fresh;
	uint16_t sw = ca_sim_select(s, c, body);

	if (sw != SW_OK || p == NULL)
		return sw;
	if (ca_sim_uicc_elsewhere(s)) {
		p->verified = verified;
		p->fresh = fresh;
	} else if (c->p1 == 0x04 && s->df == u->app && p->df >= 0) {
		p->verified = p->fresh = false;
	}
	return sw;
}

/* TS 102 221 11.1.1. */
static uint16_t
select_file(struct ca_sim *s, const struct ca_sim_cmd *cmd, struct ca_wr *body)
{
	struct ca_sim_uicc *u = s->own;
	struct ca_sim_cmd c = *cmd;
	uint8_t path[16];
	struct ca_wr room = ca_wr_of(path, sizeof(path));
	uint16_t sw;

	if (c.p1 == 0x02 || (c.p2 == 0x00 && !ca_sim_uicc_is(s, "select-00")))
		return SW_P1P2;
	if (c.p1 == 0x04)
		c.p2 &= (uint8_t)~TERMINATE;
	if (c.data.n > sizeof(path))
		return SW_LC_P1P2;
	if (!resolve(s, &c, &room))
		return SW_NO_FILE;
	sw = select_and_keep(s, &c, body);
	if (sw != SW_OK)
		return sw;
	if (s->ef < 0 && s->files[s->df].aid_n > 0)
		u->channels[u->at].adf = s->df;
	if (c.p2 != cmd->p2) {
		s->df = CA_SIM_MF;
		u->channels[u->at].adf = -1;
		if (!ca_sim_uicc_elsewhere(s))
			ca_sim_pin_moved(s);
	}
	return SW_OK;
}

static uint16_t
read_binary(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	if (s->ef >= 0 && s->files[s->ef].record != 0)
		return SW_STRUCTURE;
	return ca_sim_read_binary(s, c, body);
}

static int
by_sfi(const struct ca_sim *s, uint8_t sfi)
{
	for (size_t i = 1; i < s->files_n; i++)
		if (s->files[i].parent == s->df && s->files[i].sfi == sfi)
			return (int)i;
	return -1;
}

/* TS 102 221 11.1.5, absolute mode alone. */
static uint16_t
read_record(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	uint8_t sfi = c->p2 >> 3;
	const struct ca_sim_file *f;
	struct ca_rd r;
	struct ca_rd record;

	if (c->data.n > 0 || !c->has_le)
		return SW_LENGTH;
	if ((c->p2 & 0x07) != 0x04)
		return SW_P1P2;
	if (sfi != 0) {
		int i = by_sfi(s, sfi);

		if (i < 0)
			return SW_NO_FILE;
		s->ef = i;
	}
	if (s->ef < 0)
		return SW_NO_EF;
	f = &s->files[s->ef];
	if (f->record == 0)
		return SW_STRUCTURE;
	r = ca_buf_rd(&f->data);
	if (c->p1 == 0 || !ca_rd_skip(&r, (c->p1 - 1U) * f->record) ||
	    !ca_rd_take(&r, f->record, &record))
		return SW_NO_RECORD;
	ca_wr_bytes(body, record);
	return SW_OK;
}

static bool
pin_g_off(const struct ca_sim *s)
{
	return ca_sim_uicc_is(s, "pin-g-off");
}

/* Everything the application lets be written needs PIN-G. */
static uint16_t
update_binary(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	if (!ca_sim_verified(s, s->o.pin2_ref) && !pin_g_off(s))
		return SW_SECURITY;
	if (s->ef >= 0 && s->files[s->ef].record != 0)
		return SW_STRUCTURE;
	return ca_sim_update_binary(s, c, body);
}

/* A PUK is no PIN that a command could name. */
static bool
names_pin(const struct ca_sim *s, const struct ca_sim_cmd *c, uint16_t *sw)
{
	*sw = SW_NO_REFERENCE;
	if ((c->p2 & 0x40) != 0)
		return false;
	if (pin_g_off(s) && c->p2 == s->o.pin2_ref) {
		*sw = c->data.n == 0 ? SW_OK : SW_UNUSABLE;
		return false;
	}
	return true;
}

static uint16_t
verify(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	uint16_t sw;

	return names_pin(s, c, &sw) ? ca_sim_verify(s, c, body) : sw;
}

static uint16_t
change(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	uint16_t sw;

	return names_pin(s, c, &sw) ? ca_sim_change(s, c, body) : sw;
}

/* TS 102 221 11.1.13; without data it tells the tries of the PUK. */
static uint16_t
unblock(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	const struct ca_sim_pin *p = ca_sim_pin_find(s, c->p2);
	int tries;

	if (c->p1 != 0)
		return SW_P1P2;
	if ((c->p2 & 0x40) != 0 || p == NULL)
		return SW_NO_REFERENCE;
	if (c->data.n > 0 || p->unblocker == 0)
		return ca_sim_reset_retry(s, c, body);
	tries = ca_sim_tries(s, p->unblocker);
	return tries > 0 ? (uint16_t)(SW_TRIES | tries) : SW_BLOCKED;
}

static uint16_t
unknown(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	(void)s;
	(void)c;
	(void)body;
	return SW_INS;
}

const struct ca_sim_ins ca_sim_uicc_ins[CA_SIM_UICC_INS] = {
    {0x20, verify},
    {0x22, ca_sim_uicc_mse},
    {0x24, change},
    {0x2A, ca_sim_uicc_pso},
    {0x2C, unblock},
    {0x70, ca_sim_uicc_manage},
    {0xA4, select_file},
    {0xB0, read_binary},
    {0xB1, unknown},
    {0xB2, read_record},
    {0xD6, update_binary},
};
