/* See dump_guard.h. */
#include "tools/card/dump_guard.h"

#include <stdlib.h>

#include "pcsc/base/cdefs.h"

/* clang-format off */
/* ISO/IEC 7816-4:2005 table 4. */
static const uint8_t allowed[] = {
	0x70, /* MANAGE CHANNEL */
	0xA4, /* SELECT */
	0xB0, /* READ BINARY */
	0xB2, /* READ RECORD */
	0xC0, /* GET RESPONSE */
	0xCA, /* GET DATA */
	0xCB, /* GET DATA, a list of tags in the data */
};
/* clang-format on */

struct conn {
	const struct ca_dump_guard *g;
	void *inner;
};

struct link {
	const struct ca_dump_guard *g;
	void *inner;
};

/* The first interindustry class without chaining and secure messaging, the
 * further one of channels 4 to 19, and both as a maker's own class (5.1.1). */
static bool
plain_class(uint8_t cla)
{
	return (cla & 0x30) == 0 && ((cla & 0x40) != 0 || (cla & 0x0C) == 0);
}

bool
ca_dump_allows(struct ca_rd cmd)
{
	uint8_t cla, ins, lc;
	struct ca_rd data;

	if (!ca_rd_u8(&cmd, &cla) || !ca_rd_u8(&cmd, &ins) ||
	    !ca_rd_skip(&cmd, 2) || !plain_class(cla))
		return false;
	if (cmd.n > 1 && (!ca_rd_u8(&cmd, &lc) || lc == 0 ||
			     lc > CA_DUMP_DATA || !ca_rd_take(&cmd, lc, &data)))
		return false;
	if (cmd.n > 1)
		return false;
	for (size_t i = 0; i < CA_COUNT(allowed); i++)
		if (allowed[i] == ins)
			return true;
	return false;
}

static ca_err
g_open(void *arg, void **out)
{
	const struct ca_dump_guard *g = arg;
	struct conn *c = calloc(1, sizeof(*c));
	ca_err e;

	if (c == NULL)
		return CA_E_NOMEM;
	c->g = g;
	e = g->tp->ops->open(g->tp->arg, &c->inner);
	if (e != CA_OK)
		free(c);
	else
		*out = c;
	return e;
}

static void
g_close(void *conn)
{
	struct conn *c = conn;

	c->g->tp->ops->close(c->inner);
	free(c);
}

static void
g_forget(void *conn)
{
	struct conn *c = conn;

	c->g->tp->ops->forget(c->inner);
	free(c);
}

static ca_err
g_list(void *conn, struct ca_reader *out, size_t cap, size_t *n)
{
	struct conn *c = conn;

	return c->g->tp->ops->list(c->inner, out, cap, n);
}

static ca_err
g_query(void *conn, struct ca_reader *io)
{
	struct conn *c = conn;

	return c->g->tp->ops->query(c->inner, io);
}

static ca_err
g_wait(void *conn, const struct ca_reader *known, size_t n, uint32_t timeout_ms)
{
	struct conn *c = conn;

	return c->g->tp->ops->wait(c->inner, known, n, timeout_ms);
}

static void
g_cancel(void *conn)
{
	struct conn *c = conn;

	c->g->tp->ops->cancel(c->inner);
}

static ca_err
g_connect(void *conn, const char *reader, struct ca_link_info *info, void **out)
{
	struct conn *c = conn;
	struct link *l = calloc(1, sizeof(*l));
	ca_err e;

	if (l == NULL)
		return CA_E_NOMEM;
	l->g = c->g;
	e = c->g->tp->ops->connect(c->inner, reader, info, &l->inner);
	if (e != CA_OK)
		free(l);
	else
		*out = l;
	ca_dump_reset(c->g->dump);
	return e;
}

static ca_err
g_reconnect(void *link, bool reset, struct ca_link_info *info)
{
	struct link *l = link;

	ca_dump_reset(l->g->dump);
	return l->g->tp->ops->reconnect(l->inner, reset, info);
}

static void
g_disconnect(void *link)
{
	struct link *l = link;

	l->g->tp->ops->disconnect(l->inner);
	free(l);
}

static ca_err
g_begin(void *link)
{
	struct link *l = link;

	return l->g->tp->ops->begin(l->inner);
}

static void
g_end(void *link)
{
	struct link *l = link;

	l->g->tp->ops->end(l->inner);
}

static ca_err
g_transmit(void *link, struct ca_rd cmd, struct ca_wr *resp)
{
	struct link *l = link;
	ca_err e;

	if (!ca_dump_allows(cmd)) {
		l->g->dump->held++;
		resp->n = 0;
		ca_wr_u16(resp, 0x6D00);
		return ca_wr_ok(resp) ? CA_OK : CA_E_MALFORMED;
	}
	e = l->g->tp->ops->transmit(l->inner, cmd, resp);
	if (e == CA_OK)
		ca_dump_saw(l->g->dump, cmd, ca_wr_rd(resp));
	return e;
}

/* A keypad could take a PIN: the reader is asked for nothing but what it has.
 */
static ca_err
g_control(void *link, uint32_t code, struct ca_rd in, struct ca_wr *resp)
{
	struct link *l = link;

	if (code != CA_CONTROL_FEATURES || l->g->tp->ops->control == NULL)
		return CA_E_IO;
	return l->g->tp->ops->control(l->inner, code, in, resp);
}

const struct ca_transport_ops ca_dump_guard_ops = {
    .open = g_open,
    .close = g_close,
    .forget = g_forget,
    .list = g_list,
    .query = g_query,
    .wait = g_wait,
    .cancel = g_cancel,
    .connect = g_connect,
    .reconnect = g_reconnect,
    .disconnect = g_disconnect,
    .begin = g_begin,
    .end = g_end,
    .transmit = g_transmit,
    .control = g_control,
};
