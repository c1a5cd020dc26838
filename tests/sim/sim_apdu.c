/*
 * From command bytes to a handler and back: the four cases, short and
 * extended (ISO/IEC 7816-4 5.1), command chaining (5.1.1.1), T=0 and T=1
 * habits of answers, GET RESPONSE (7.6.1).
 */
#include "tests/sim/sim_card.h"

#define CLA_CHAIN 0x10
#define CLA_WRAPPED 0x0C
#define INS_GET_RESPONSE 0xC0

/* Shared commands; a type may put its own rows in front. */
static const struct ca_sim_ins shared[] = {
    {0x20, ca_sim_verify},
    {0x22, ca_sim_mse},
    {0x24, ca_sim_change},
    {0x2A, ca_sim_pso},
    {0x2C, ca_sim_reset_retry},
    {0x84, ca_sim_challenge},
    {0x88, ca_sim_internal_auth},
    {0xA4, ca_sim_select},
    {0xB0, ca_sim_read_binary},
    {0xB1, ca_sim_read_binary_odd},
    {0xD6, ca_sim_update_binary},
};

static const struct ca_sim_ins *
find(const struct ca_sim_ins *rows, size_t n, uint8_t ins)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].ins == ins)
			return &rows[i];
	return NULL;
}

static const struct ca_sim_ins *
find_ins(const struct ca_sim *s, uint8_t ins)
{
	const struct ca_sim_ins *row = find(s->type->ins, s->type->ins_n, ins);

	return row != NULL ? row : find(shared, CA_COUNT(shared), ins);
}

static bool
take_le(struct ca_rd *r, bool ext, struct ca_sim_cmd *c)
{
	uint8_t b = 0;
	uint16_t v = 0;

	if (r->n == 0)
		return true;
	c->has_le = true;
	if (!ext) {
		if (!ca_rd_u8(r, &b) || !ca_rd_end(r))
			return false;
		c->le = b != 0 ? b : 256;
		return true;
	}
	if (!ca_rd_u16(r, &v) || !ca_rd_end(r))
		return false;
	c->le = v != 0 ? v : 65536;
	return true;
}

/* Everything behind the header, extended form: 00, two bytes, ... */
static bool
parse_extended(struct ca_rd r, struct ca_sim_cmd *c)
{
	uint8_t zero = 0;
	uint16_t lc = 0;

	if (!ca_rd_u8(&r, &zero))
		return false;
	if (r.n == 2)
		return take_le(&r, true, c);
	return ca_rd_u16(&r, &lc) && lc != 0 && ca_rd_take(&r, lc, &c->data) &&
	       take_le(&r, true, c);
}

/*
 * False: the length is wrong. T=0 has no case 4: a fifth byte is either Lc of
 * what follows exactly, or Le (ISO/IEC 7816-3:2006 12.2).
 */
static bool
parse(const struct ca_sim *s, struct ca_rd r, struct ca_sim_cmd *c)
{
	uint8_t lc = 0;

	*c = (struct ca_sim_cmd){0};
	if (!ca_rd_u8(&r, &c->cla) || !ca_rd_u8(&r, &c->ins) ||
	    !ca_rd_u8(&r, &c->p1) || !ca_rd_u8(&r, &c->p2))
		return false;
	if (r.n <= 1)
		return take_le(&r, false, c);
	if (r.p[0] == 0)
		return s->t1 && s->o.extended != 0 && parse_extended(r, c);
	if (!ca_rd_u8(&r, &lc) || !ca_rd_take(&r, lc, &c->data))
		return false;
	return (s->t1 || r.n == 0) && take_le(&r, false, c);
}

/* Keeps what did not fit for GET RESPONSE. */
static uint16_t
keep(struct ca_sim *s, struct ca_rd rest)
{
	struct ca_wr w = ca_wr_of(s->more, sizeof(s->more));

	ca_wr_bytes(&w, rest);
	if (!ca_wr_ok(&w))
		return SW_FAULT;
	s->more_n = w.n;
	s->more_at = 0;
	return (uint16_t)(SW_MORE | (rest.n > 255 ? 0 : rest.n));
}

/* Writes data and status word as T=1 does: cut to Le, the rest by 61xx. */
static uint16_t
answer_t1(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_rd body,
    uint16_t sw, struct ca_wr *resp)
{
	struct ca_rd head = body;

	if (!c->has_le)
		return keep(s, body);
	if (body.n <= c->le) {
		ca_wr_bytes(resp, body);
		return sw;
	}
	if (c->le != 256)
		return body.n < 256 ? (uint16_t)(SW_LE | body.n) : SW_LE;
	if (!ca_rd_take(&body, c->le, &head))
		return SW_FAULT;
	ca_wr_bytes(resp, head);
	return keep(s, body);
}

/* T=0: data only for a command that brought none, and exactly Le of it. */
static uint16_t
answer_t0(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_rd body,
    uint16_t sw, struct ca_wr *resp)
{
	struct ca_rd head = body;

	if (c->data.n > 0 || !c->has_le)
		return keep(s, body);
	if (body.n < c->le || (body.n > c->le && c->le != 256))
		return (uint16_t)(SW_LE | (body.n & 0xFF));
	if (!ca_rd_take(&body, c->le, &head))
		return SW_FAULT;
	ca_wr_bytes(resp, head);
	return body.n > 0 ? keep(s, body) : sw;
}

static uint16_t
get_response(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *resp)
{
	struct ca_rd rest = ca_rd_of(s->more, s->more_n);
	struct ca_rd head = rest;

	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (!c->has_le || c->data.n > 0)
		return SW_LENGTH;
	if (!ca_rd_skip(&rest, s->more_at) || rest.n == 0)
		return SW_CONDITIONS;
	if (c->le > rest.n && c->le != 256)
		return (uint16_t)(SW_LE | (rest.n & 0xFF));
	if (!s->t1 && c->le > rest.n)
		return (uint16_t)(SW_LE | (rest.n & 0xFF));
	if (!ca_rd_take(&rest, c->le < rest.n ? c->le : rest.n, &head))
		return SW_FAULT;
	ca_wr_bytes(resp, head);
	s->more_at += head.n;
	if (rest.n == 0) {
		s->more_n = s->more_at = 0;
		return SW_OK;
	}
	return (uint16_t)(SW_MORE | (rest.n > 255 ? 0 : rest.n));
}

static void
chain_end(struct ca_sim *s)
{
	s->chain = false;
	s->chain_n = 0;
	ca_wipe(s->chain_data, sizeof(s->chain_data));
}

/* Adds a part to the chain. True: c is complete and may be carried out (its
 * data then lies in the chain), false: *sw is the answer. */
static bool
chain_add(struct ca_sim *s, struct ca_sim_cmd *c, uint16_t *sw)
{
	bool more = (c->cla & CLA_CHAIN) != 0;
	const uint8_t head[4] = {
	    c->cla & (uint8_t)~CLA_CHAIN, c->ins, c->p1, c->p2};
	struct ca_wr w = ca_wr_of(s->chain_data, sizeof(s->chain_data));

	*sw = SW_OK;
	if (!s->chain && !more)
		return true;
	if (s->chain &&
	    !ca_rd_equal(ca_rd_of(s->chain_head, 4), ca_rd_of(head, 4))) {
		chain_end(s);
		*sw = SW_LAST_OF_CHAIN;
		return false;
	}
	for (size_t i = 0; i < sizeof(head); i++)
		s->chain_head[i] = head[i];
	w.n = s->chain ? s->chain_n : 0;
	ca_wr_bytes(&w, c->data);
	if (!ca_wr_ok(&w)) {
		chain_end(s);
		*sw = SW_LENGTH;
		return false;
	}
	s->chain_n = w.n;
	s->chain = more;
	c->data = ca_wr_rd(&w);
	return !more;
}

/* ISO/IEC 7816-4 5.1.1: the first interindustry values, without channels and
 * secure messaging, unless the type says otherwise. */
static uint16_t
check_cla(const struct ca_sim *s, uint8_t cla)
{
	if (s->type->cla != NULL)
		return s->type->cla(s, cla);
	if ((cla & 0xE0) != 0)
		return SW_CLA;
	if ((cla & 0x0C) != 0)
		return SW_NO_SM;
	if ((cla & 0x03) != 0)
		return SW_NO_CHANNEL;
	if ((cla & CLA_CHAIN) != 0 && s->o.chaining == 0)
		return SW_NO_CHAINING;
	return SW_OK;
}

uint16_t
ca_sim_do(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	const struct ca_sim_ins *row = find_ins(s, c->ins);
	uint16_t sw;

	if (row == NULL)
		return SW_INS;
	sw = row->run(s, c, body);
	return ca_wr_ok(body) ? sw : SW_FAULT;
}

/* Carries out a complete command; the body's bytes are in *resp unless 61xx or
 * an error is the answer. */
static uint16_t
carry_out(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *resp)
{
	uint8_t room[CA_SIM_ANSWER];
	struct ca_wr body = ca_wr_of(room, sizeof(room));
	uint16_t sw;

	s->more_n = s->more_at = 0;
	if ((c->cla & CLA_WRAPPED) == CLA_WRAPPED && s->type->wrapped != NULL)
		return s->type->wrapped(s, c, resp);
	sw = ca_sim_do(s, c, &body);
	if (body.n > 0 && (sw == SW_OK || sw == SW_END_OF_FILE)) {
		sw = s->t1 ? answer_t1(s, c, ca_wr_rd(&body), sw, resp)
			   : answer_t0(s, c, ca_wr_rd(&body), sw, resp);
	}
	ca_wipe(room, sizeof(room));
	return sw;
}

static uint16_t
run(struct ca_sim *s, struct ca_rd cmd, struct ca_wr *resp)
{
	struct ca_sim_cmd c;
	uint16_t sw;

	if (!parse(s, cmd, &c)) {
		chain_end(s);
		return SW_LENGTH;
	}
	sw = check_cla(s, c.cla);
	if (sw == SW_OK && s->type->enter != NULL)
		sw = s->type->enter(s, &c);
	if (sw != SW_OK)
		return sw;
	if (c.ins == INS_GET_RESPONSE)
		return get_response(s, &c, resp);
	if (!chain_add(s, &c, &sw))
		return sw;
	sw = carry_out(s, &c, resp);
	chain_end(s);
	return sw;
}

void
ca_sim_run(struct ca_sim *s, struct ca_rd cmd, struct ca_wr *resp)
{
	uint16_t sw = run(s, cmd, resp);

	if (s->type->said != NULL)
		sw = s->type->said(s, sw);
	ca_wr_u16(resp, sw);
}
