/* See sim_dump.h: the card. Clause numbers are those of ISO/IEC 7816-4:2005. */
#include "tests/sim/sim_dump.h"

#include <string.h>

#include "tests/sim/sim_card.h"
#include "tests/sim/sim_server.h"

#define FCI_NONE 0x0C

struct own {
	struct ca_sim_dump d;
	size_t at[CA_SIM_DUMP_CHANNELS]; /* the place of each channel */
};

/* How alike a recorded SELECT has to be; other forms count where they led
 * somewhere. */
enum like {
	LIKE_ALL,  /* the same command */
	LIKE_P1,   /* another form of answer */
	LIKE_FILE, /* one identifier, whatever P1 says that it is of */
};

static size_t
channel_of(uint8_t cla)
{
	return (cla & 0x40) != 0 ? 4u + (cla & 0x0F) : cla & 0x03;
}

static size_t *
place(struct ca_sim *s, const struct ca_sim_cmd *c)
{
	struct own *own = s->own;

	return &own->at[channel_of(c->cla)];
}

static bool
is_like(const struct ca_sim_dump_item *i, const struct ca_sim_cmd *c,
    struct ca_rd data, enum like like)
{
	if (i->head[1] != c->ins || i->head[0] != (c->cla & 0x80) ||
	    !ca_rd_equal(ca_rd_of(i->data, i->data_n), data) ||
	    (like != LIKE_ALL && !ca_sim_dump_is_place(i)))
		return false;
	if (like == LIKE_FILE)
		return i->head[2] <= 0x02 && data.n == 2;
	return i->head[2] == c->p1 && (like == LIKE_P1 || i->head[3] == c->p2);
}

/* The number of the item that was recorded at this place, or where it is in; 0:
 * none. */
static size_t
find_from(const struct ca_sim_dump *d, size_t at, const struct ca_sim_cmd *c,
    struct ca_rd data, enum like like)
{
	for (;;) {
		for (size_t n = 0; n < d->items_n; n++)
			if (d->items[n].at == at &&
			    is_like(&d->items[n], c, data, like))
				return n + 1;
		if (at == 0)
			return 0;
		at = d->items[at - 1].at;
	}
}

/* A path as one identifier after the other (7.1.1, P1 08 and 09); the first is
 * in the MF, which may have been selected for it. */
static size_t
walk(const struct ca_sim_dump *d, size_t at, const struct ca_sim_cmd *c)
{
	struct ca_rd path = c->data, fid, mf = ca_rd_of("\x3F\x00", 2);
	size_t n = 0;

	if (c->p1 != 0x08 && c->p1 != 0x09)
		return 0;
	if (c->p1 == 0x08)
		at = find_from(d, 0, c, mf, LIKE_FILE);
	while (path.n >= 2 && ca_rd_take(&path, 2, &fid)) {
		n = find_from(d, at, c, fid, LIKE_FILE);
		if (n == 0 || !ca_sim_dump_is_place(&d->items[n - 1]))
			return 0;
		at = n;
	}
	return n;
}

static size_t
find_select(const struct ca_sim_dump *d, size_t at, const struct ca_sim_cmd *c)
{
	size_t n = find_from(d, at, c, c->data, LIKE_ALL);

	if (n == 0)
		n = find_from(d, at, c, c->data, LIKE_P1);
	if (n == 0 && c->p1 <= 0x02)
		n = find_from(d, at, c, c->data, LIKE_FILE);
	return n != 0 ? n : walk(d, at, c);
}

static uint16_t
dump_select(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	const struct own *own = s->own;
	size_t n = find_select(&own->d, *place(s, c), c);
	const struct ca_sim_dump_item *i;

	if (n == 0)
		return SW_NO_FILE;
	i = &own->d.items[n - 1];
	if (!ca_sim_dump_is_place(i))
		return i->sw;
	*place(s, c) = n;
	if (c->p2 != FCI_NONE && (c->has_le || !s->t1))
		ca_wr_bytes(body, ca_buf_rd(&i->answer));
	return i->sw;
}

/* What was recorded for a command that is not bound to a file, here or, for
 * GET DATA, anywhere. */
static uint16_t
dump_ask(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	const struct own *own = s->own;
	const struct ca_sim_dump *d = &own->d;
	size_t n = find_from(d, *place(s, c), c, c->data, LIKE_ALL);

	if (c->ins == 0xCA || c->ins == 0xCB)
		for (size_t k = 0; k < d->items_n && n == 0; k++)
			if (is_like(&d->items[k], c, c->data, LIKE_ALL))
				n = k + 1;
	if (n == 0)
		return c->ins == 0xB2 ? SW_NO_RECORD : SW_NO_REFERENCE;
	ca_wr_bytes(body, ca_buf_rd(&d->items[n - 1].answer));
	return d->items[n - 1].sw;
}

static uint16_t
dump_read(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	const struct own *own = s->own;
	size_t at = *place(s, c), offset = (size_t)c->p1 << 8 | c->p2, n = 0;
	const struct ca_sim_dump_item *i;
	struct ca_rd all, known, part;

	if (c->p1 >= 0x80)
		return dump_ask(s, c, body);
	if (at == 0 || !own->d.items[at - 1].file)
		return SW_NO_EF;
	i = &own->d.items[at - 1];
	all = ca_buf_rd(&i->bytes);
	known = ca_buf_rd(&i->known);
	if (all.n == 0)
		return i->end != SW_OK ? i->end : SW_END_OF_FILE;
	if (!ca_rd_skip(&all, offset) || !ca_rd_skip(&known, offset))
		return SW_OFFSET;
	while (n < known.n && n < c->le && known.p[n] != 0)
		n++;
	if (n == 0)
		return SW_OFFSET;
	if (!ca_rd_take(&all, n, &part))
		return SW_FAULT;
	ca_wr_bytes(body, part);
	return n < c->le && i->end == SW_END_OF_FILE ? SW_END_OF_FILE : SW_OK;
}

/* MANAGE CHANNEL (7.1.2): a channel that is opened is the one that was. */
static uint16_t
dump_channel(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct own *own = s->own;
	size_t channel = c->p2;
	uint16_t sw = SW_OK;

	if (c->p1 != 0x80)
		sw = dump_ask(s, c, body);
	if (c->p1 == 0 && c->p2 == 0 && body->n > 0)
		channel = body->p[0];
	if (sw == SW_OK && channel < CA_SIM_DUMP_CHANNELS)
		own->at[channel] = 0;
	return sw == SW_NO_REFERENCE ? SW_NO_CHANNEL : sw;
}

static const struct ca_sim_ins rows[] = {
    {0x70, dump_channel},
    {0xA4, dump_select},
    {0xB0, dump_read},
    {0xB2, dump_ask},
    {0xCA, dump_ask},
    {0xCB, dump_ask},
};

static uint16_t
dump_enter(struct ca_sim *s, const struct ca_sim_cmd *c)
{
	(void)s;
	switch (c->ins) {
	case 0x20: /* VERIFY, CHANGE, RESET RETRY COUNTER, in any form */
	case 0x24:
	case 0x2C:
		return SW_BLOCKED;
	case 0xC0:
		return SW_OK;
	default:
		break;
	}
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].ins == c->ins)
			return SW_OK;
	return SW_INS;
}

/* No chaining and no secure messaging (5.1.1), whatever the card could. */
static uint16_t
dump_cla(const struct ca_sim *s, uint8_t cla)
{
	(void)s;
	if ((cla & 0x30) != 0)
		return (cla & 0x10) != 0 ? SW_NO_CHAINING : SW_NO_SM;
	return (cla & 0x40) == 0 && (cla & 0x0C) != 0 ? SW_NO_SM : SW_OK;
}

static void
dump_defaults(struct ca_sim_opts *o)
{
	o->keys = 0;
	o->chain = 0;
	o->puk[0] = '\0';
	o->chaining = o->extended = 0;
}

static ca_err
build(struct ca_sim *s)
{
	struct own *own = s->own;
	char why[CA_SIM_DUMP_WHY] = "--from-dump FILE is missing";
	ca_err e = CA_E_DATA;

	if (s->o.keys != 0)
		return CA_E_DATA;
	if (s->o.from_dump[0] != '\0')
		e = ca_sim_dump_load(s->o.from_dump, &own->d, why);
	if (e != CA_OK) {
		ca_sim_complain(why, NULL);
		return e;
	}
	s->o.t0 = !own->d.t1;
	s->o.t1 = own->d.t1;
	return ca_rd_copy(ca_rd_of(own->d.atr, own->d.atr_n), s->atr,
		   sizeof(s->atr), &s->atr_n)
		   ? CA_OK
		   : CA_E_DATA;
}

static void
dump_forget(struct ca_sim *s)
{
	struct own *own = s->own;

	memset(own->at, 0, sizeof(own->at));
}

static void
dump_free(struct ca_sim *s)
{
	struct own *own = s->own;

	ca_sim_dump_wipe(&own->d);
}

const struct ca_sim_type ca_sim_dump = {
    .name = "dump",
    .about = "what a file by ca-token card dump holds: --from-dump",
    .defaults = dump_defaults,
    .build = build,
    .ins = rows,
    .ins_n = CA_COUNT(rows),
    .own_size = sizeof(struct own),
    .own_forget = dump_forget,
    .own_free = dump_free,
    .cla = dump_cla,
    .enter = dump_enter,
};
