/* See card.h: the transport. It holds its users to the contract. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "tests/fuzz/card.h"
#include "tests/fuzz/fuzz.h"

static const size_t sizes[] = {0, 261, 300, 65544};

static void
copy_atr(struct card *c)
{
	size_t n = 0, at;

	for (size_t i = 0; i < c->profiles->n; i++)
		if (strcmp(c->profiles->p[i].driver, c->driver) == 0)
			n += c->profiles->p[i].atrs_n;
	FUZZ_CHECK(n > 0);
	at = c->setup.atr % n;
	for (size_t i = 0; i < c->profiles->n; i++) {
		const struct ca_profile *p = &c->profiles->p[i];

		if (strcmp(p->driver, c->driver) != 0)
			continue;
		if (at < p->atrs_n) {
			c->atr_n = p->atrs[at].n;
			memcpy(c->atr, p->atrs[at].value, c->atr_n);
			return;
		}
		at -= p->atrs_n;
	}
}

void
card_init(struct card *c, struct ca_rd in, const char *driver,
    const struct ca_profiles *profiles)
{
	uint8_t b[CARD_SETUP] = {0};
	struct ca_rd head;

	memset(c, 0, sizeof(*c));
	c->driver = driver;
	c->profiles = profiles;
	if (ca_rd_take(&in, CARD_SETUP < in.n ? CARD_SETUP : in.n, &head) &&
	    head.n > 0)
		memcpy(b, head.p, head.n);
	c->setup = (struct card_setup){.atr = b[0],
	    .flags = b[1],
	    .end = b[2] % CARD_ENDS,
	    .skip = b[3],
	    .skip_more = b[4],
	    .alloc_high = b[5],
	    .alloc_low = b[6],
	    .pin = b[7]};
	c->records = c->rest = in;
	c->proto = c->setup.flags & CARD_T0 ? CA_PROTO_T0 : CA_PROTO_T1;
	c->max_apdu = sizes[(c->setup.flags & CARD_MAX_APDU) >> 3];
	copy_atr(c);
}

/* What every call meets. */
static ca_err
state(struct card *c)
{
	c->calls++;
	if (c->no_service)
		return CA_E_NO_SERVICE;
	if (c->removed)
		return CA_E_REMOVED;
	return c->was_reset ? CA_E_RESET : CA_OK;
}

static ca_err
open_conn(void *arg, void **conn)
{
	struct card *c = arg;

	FUZZ_CHECK(!c->conn);
	c->calls++;
	if (c->inner != NULL &&
	    c->inner->ops->open(c->inner->arg, &c->inner_conn) != CA_OK)
		return CA_E_NO_SERVICE;
	c->conn = true;
	c->no_service = false;
	*conn = c;
	return CA_OK;
}

static void
close_conn(void *conn)
{
	struct card *c = conn;

	FUZZ_CHECK(c->conn && !c->in_tx);
	if (c->inner != NULL)
		c->inner->ops->close(c->inner_conn);
	c->conn = c->link = false;
}

static void
forget(void *conn)
{
	struct card *c = conn;

	FUZZ_CHECK(c->conn && c->inner == NULL);
	c->conn = c->link = false;
}

static void
tell(const struct card *c, struct ca_link_info *info)
{
	memset(info, 0, sizeof(*info));
	info->proto = c->proto;
	memcpy(info->atr, c->atr, c->atr_n);
	info->atr_n = c->atr_n;
}

static ca_err
connect_card(void *conn, const char *reader, struct ca_link_info *info,
    void **link)
{
	struct card *c = conn;

	FUZZ_CHECK(c->conn && !c->link && strcmp(reader, CARD_READER) == 0);
	c->calls++;
	if (c->removed)
		return CA_E_NO_CARD;
	if (c->inner != NULL) {
		ca_err e = c->inner->ops->connect(c->inner_conn, reader, info,
		    &c->inner_link);

		FUZZ_CHECK(e == CA_OK);
		c->proto = info->proto;
	} else {
		tell(c, info);
	}
	c->link = true;
	c->was_reset = false;
	*link = c;
	return CA_OK;
}

static ca_err
reconnect(void *link, bool reset, struct ca_link_info *info)
{
	struct card *c = link;
	ca_err e = state(c);

	FUZZ_CHECK(c->link);
	if (e != CA_OK && e != CA_E_RESET)
		return e;
	if (c->inner != NULL)
		return c->inner->ops->reconnect(c->inner_link, reset, info);
	c->was_reset = false;
	tell(c, info);
	return CA_OK;
}

static void
disconnect(void *link)
{
	struct card *c = link;

	FUZZ_CHECK(c->link && !c->in_tx);
	if (c->inner != NULL)
		c->inner->ops->disconnect(c->inner_link);
	c->link = false;
}

static ca_err
begin(void *link)
{
	struct card *c = link;
	ca_err e = state(c);

	FUZZ_CHECK(c->link && !c->in_tx);
	if (e == CA_OK && c->inner != NULL)
		e = c->inner->ops->begin(c->inner_link);
	c->in_tx = e == CA_OK;
	return e;
}

static void
end(void *link)
{
	struct card *c = link;

	FUZZ_CHECK(c->link && c->in_tx);
	if (c->inner != NULL)
		c->inner->ops->end(c->inner_link);
	c->in_tx = false;
}

/* What a transport may say. */
static ca_err
error(struct card *c, uint16_t n)
{
	static const ca_err errors[] = {CA_E_IO, CA_E_REMOVED, CA_E_RESET,
	    CA_E_NO_SERVICE, CA_E_NO_READER, CA_E_MALFORMED, CA_E_BUSY};
	ca_err e = errors[n % CA_COUNT(errors)];

	c->removed |= e == CA_E_REMOVED || e == CA_E_NO_READER;
	c->was_reset |= e == CA_E_RESET;
	c->no_service |= e == CA_E_NO_SERVICE;
	return e;
}

static ca_err
at_end(struct card *c, struct ca_wr *resp)
{
	switch ((enum card_end)c->setup.end) {
	case CARD_END_REMOVED:
	case CARD_END_AGAIN:
	case CARD_ENDS:
		c->removed = true;
		return CA_E_REMOVED;
	case CARD_END_NOT_FOUND:
		ca_wr_u16(resp, 0x6A82);
		break;
	case CARD_END_OK:
		ca_wr_u16(resp, 0x9000);
		break;
	case CARD_END_ONE_BYTE:
		ca_wr_u8(resp, 0x30);
		ca_wr_u16(resp, 0x9000);
		break;
	case CARD_END_MORE:
		ca_wr_u16(resp, 0x61FF);
		break;
	case CARD_END_LE:
		ca_wr_u16(resp, 0x6C01);
		break;
	case CARD_END_STUFF:
		for (int i = 0; i < 64; i++)
			ca_wr_mem(resp, "\xA0\x02\x30\x00", 4);
		ca_wr_u16(resp, 0x9000);
		break;
	}
	return CA_OK;
}

static ca_err
answer(struct card *c, struct ca_wr *resp)
{
	struct ca_rd bytes;
	uint16_t head, n;
	bool again = c->setup.end == CARD_END_AGAIN && c->records.n > 2;

	if (c->rest.n < 2 && again)
		c->rest = c->records;
	if (!ca_rd_u16(&c->rest, &head))
		return at_end(c, resp);
	n = head & 0x0FFF;
	if (head >> 12 == CARD_ERROR)
		return error(c, n);
	if (head >> 12 == CARD_FULL) {
		ca_wr_fill(resp, (uint8_t)n, resp->cap - 2);
		ca_wr_u16(resp, 0x9000);
		return CA_OK;
	}
	if (!ca_rd_take(&c->rest, n < c->rest.n ? n : c->rest.n, &bytes))
		return CA_E_IO;
	c->was_reset |= head >> 12 == CARD_ANSWER_RESET;
	c->removed |= head >> 12 == CARD_ANSWER_REMOVED;
	c->no_service |= head >> 12 == CARD_ANSWER_SERVICE;
	/* Longer than the room for it: as the resource manager says it. */
	if (bytes.n > resp->cap)
		return CA_E_MALFORMED;
	ca_wr_bytes(resp, bytes);
	return CA_OK;
}

static ca_err
record(struct card *c, struct ca_rd cmd, struct ca_wr *resp)
{
	uint8_t head[2];
	ca_err e = c->inner->ops->transmit(c->inner_link, cmd, resp);

	FUZZ_CHECK(e == CA_OK && resp->n < 0x1000);
	head[0] = (uint8_t)(resp->n >> 8);
	head[1] = (uint8_t)resp->n;
	FUZZ_CHECK(ca_buf_add(c->log, ca_rd_of(head, 2)) == CA_OK);
	FUZZ_CHECK(ca_buf_add(c->log, ca_wr_rd(resp)) == CA_OK);
	FUZZ_CHECK(ca_buf_add(c->log_ins, ca_rd_of(&cmd.p[1], 1)) == CA_OK);
	return e;
}

/* With FUZZ_TRACE in the environment an input tells its story. */
static void
trace(const struct card *c, struct ca_rd cmd, struct ca_rd answer, ca_err e)
{
	char sent[700], got[700];

	if (getenv("FUZZ_TRACE") == NULL)
		return;
	fprintf(stderr, "order %d > %s\n        < %s %s\n", (int)c->order,
	    ca_log_hex(cmd, sent, sizeof(sent)),
	    ca_log_hex(answer, got, sizeof(got)),
	    e != CA_OK ? ca_err_name(e) : "");
}

static ca_err
transmit(void *link, struct ca_rd cmd, struct ca_wr *resp)
{
	struct card *c = link;
	ca_err e = state(c);

	FUZZ_CHECK(c->link && c->in_tx);
	c->sent++;
	c->sent_all++;
	if (e == CA_OK && c->inner == NULL)
		e = answer(c, resp);
	trace(c, cmd, ca_wr_rd(resp), e);
	card_command(c, cmd);
	if (e == CA_OK && c->inner != NULL)
		e = record(c, cmd, resp);
	card_answered(c, cmd, e == CA_OK ? ca_wr_rd(resp) : ca_rd_of(NULL, 0));
	return e;
}

/* The reader tells its size, and has no keypad. */
static ca_err
control(void *link, uint32_t code, struct ca_rd in, struct ca_wr *resp)
{
	enum { PROPERTIES = 0x42000D65 };
	struct card *c = link;
	ca_err e = state(c);

	FUZZ_CHECK(c->link && c->in_tx && in.n == 0);
	*resp = ca_wr_of(resp->p, resp->cap);
	if (e != CA_OK || c->max_apdu == 0)
		return e != CA_OK ? e : CA_E_IO;
	if (code == CA_CONTROL_FEATURES) {
		ca_wr_u16(resp, 0x1204);
		ca_wr_u16(resp, PROPERTIES >> 16);
		ca_wr_u16(resp, PROPERTIES & 0xFFFF);
		return CA_OK;
	}
	FUZZ_CHECK(code == PROPERTIES);
	ca_wr_u16(resp, 0x0A04);
	for (unsigned shift = 0; shift < 32; shift += 8)
		ca_wr_u8(resp, (uint8_t)(c->max_apdu >> shift));
	return CA_OK;
}

const struct ca_transport_ops card_ops = {.open = open_conn,
    .close = close_conn,
    .forget = forget,
    .connect = connect_card,
    .reconnect = reconnect,
    .disconnect = disconnect,
    .begin = begin,
    .end = end,
    .transmit = transmit,
    .control = control};
