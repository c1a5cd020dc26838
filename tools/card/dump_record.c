/* See dump_record.h. Clause numbers are those of ISO/IEC 7816-4:2005. */
#include "tools/card/dump_record.h"

#include <string.h>

#include "pcsc/base/secret.h"
#include "pcsc/base/tlv.h"

#define INS_SELECT 0xA4
#define INS_READ 0xB0
#define INS_CHANNEL 0x70
#define INS_MORE 0xC0
#define SELECT_NAME 0x04
#define SELECT_PATH 0x08

/* A command in its parts; the channel of its class byte apart (5.1.1). */
struct parts {
	uint8_t head[4];
	size_t channel;
	struct ca_rd data;
	size_t le; /* 0: none */
};

static bool
parse(struct ca_rd cmd, struct parts *out)
{
	uint8_t b;

	*out = (struct parts){.le = 0};
	for (size_t i = 0; i < sizeof(out->head); i++)
		if (!ca_rd_u8(&cmd, &out->head[i]))
			return false;
	b = out->head[0];
	out->channel = (b & 0x40) != 0 ? 4u + (b & 0x0F) : b & 0x03;
	out->head[0] = b & 0x80;
	if (cmd.n > 1 &&
	    (!ca_rd_u8(&cmd, &b) || !ca_rd_take(&cmd, b, &out->data)))
		return false;
	if (ca_rd_u8(&cmd, &b))
		out->le = b != 0 ? b : 256;
	return ca_rd_end(&cmd) && out->channel < CA_DUMP_CHANNELS &&
	       out->data.n <= CA_DUMP_DATA;
}

bool
ca_dump_is_place(const struct ca_dump_item *i)
{
	uint8_t sw1 = (uint8_t)(i->sw >> 8);

	return i->head[1] == INS_SELECT &&
	       (i->sw == 0x9000 || sw1 == 0x62 || sw1 == 0x63);
}

/* Appends as long as there is room for all that is kept. */
static void
keep(struct ca_dump *d, struct ca_buf *to, struct ca_rd r, size_t max)
{
	if (r.n > CA_DUMP_TOTAL - d->total || r.n > max - to->n ||
	    ca_buf_add(to, r) != CA_OK)
		d->cut = true;
	else
		d->total += r.n;
}

static bool
same(const struct ca_dump_item *i, size_t at, const struct parts *p)
{
	return i->at == at && memcmp(i->head, p->head, sizeof(p->head)) == 0 &&
	       ca_rd_equal(ca_rd_of(i->data, i->data_n), p->data);
}

/* The item of this command at this place, new or as it was; NULL: no room. */
static struct ca_dump_item *
item(struct ca_dump *d, size_t at, const struct parts *p, uint16_t sw,
    struct ca_rd answer)
{
	struct ca_dump_item *i;

	for (size_t n = 0; n < d->items_n; n++) {
		i = &d->items[n];
		if (!same(i, at, p))
			continue;
		if (i->answer.n == 0) /* it was not fetched before */
			keep(d, &i->answer, answer, CA_DUMP_ANSWER);
		return i;
	}
	if (d->items_n == CA_DUMP_ITEMS) {
		d->cut = true;
		return NULL;
	}
	i = &d->items[d->items_n++];
	i->at = at;
	i->sw = sw;
	i->df = true;
	memcpy(i->head, p->head, sizeof(i->head));
	if (!ca_rd_copy(p->data, i->data, sizeof(i->data), &i->data_n))
		d->cut = true;
	keep(d, &i->answer, answer, CA_DUMP_ANSWER);
	return i;
}

/* Whether a SELECT means the same wherever it is sent (7.1.1): by name, from
 * the MF on, or the MF. 7FFF is the application that stands selected. */
static bool
absolute(const struct parts *p)
{
	struct ca_rd r = p->data;
	uint16_t fid = 0x3F00;

	if (p->head[2] == SELECT_NAME)
		return true;
	(void)!ca_rd_u16(&r, &fid);
	return p->head[2] == SELECT_PATH ? fid != 0x7FFF
					 : p->head[2] == 0 && fid == 0x3F00;
}

/* The directory that a place is in, or is. */
static size_t
folder(const struct ca_dump *d, size_t at)
{
	while (at > 0 && !d->items[at - 1].df)
		at = d->items[at - 1].at;
	return at;
}

static void
selected(struct ca_dump *d, const struct parts *p, uint16_t sw,
    struct ca_rd answer)
{
	size_t at = absolute(p) ? 0 : folder(d, d->at[p->channel]);
	struct ca_dump_item *i = item(d, at, p, sw, answer);

	if (i == NULL)
		d->at[p->channel] = 0;
	else if (ca_dump_is_place(i))
		d->at[p->channel] = (size_t)(i - d->items) + 1;
}

/* Makes the bytes up to `n` be there, unknown ones as zero. */
static bool
reach(struct ca_dump *d, struct ca_dump_item *i, size_t n)
{
	const uint8_t none[256] = {0};

	while (i->bytes.n < n && !d->cut) {
		size_t left = n - i->bytes.n;
		struct ca_rd r = ca_rd_of(none, left < 256 ? left : 256);

		keep(d, &i->bytes, r, CA_DUMP_FILE);
		if (!d->cut && ca_buf_add(&i->known, r) != CA_OK)
			d->cut = true;
	}
	return i->known.n >= n;
}

/* READ BINARY of the selected file: the bytes go where they belong. */
static void
was_read(struct ca_dump *d, const struct parts *p, uint16_t sw,
    struct ca_rd answer)
{
	size_t at = d->at[p->channel];
	size_t offset = (size_t)p->head[2] << 8 | p->head[3];
	struct ca_dump_item *i;

	if (at == 0 || sw == 0x6986) /* no file stands selected */
		return;
	i = &d->items[at - 1];
	i->df = false;
	if (i->end == 0 && (sw != 0x9000 || answer.n < p->le))
		i->end = sw;
	if (answer.n == 0 || !reach(d, i, offset + answer.n))
		return;
	memcpy(i->bytes.p + offset, answer.p, answer.n);
	memset(i->known.p + offset, 1, answer.n);
}

/* MANAGE CHANNEL: one that is opened or closed stands nowhere (7.1.2). */
static void
managed(struct ca_dump *d, const struct parts *p, uint16_t sw,
    struct ca_rd answer)
{
	size_t channel = p->head[3];
	uint8_t b;

	if (p->head[2] == 0 && p->head[3] == 0 && ca_rd_u8(&answer, &b))
		channel = b;
	if (sw == 0x9000 && channel < CA_DUMP_CHANNELS)
		d->at[channel] = 0;
}

static void
complete(struct ca_dump *d, const struct parts *p, uint16_t sw,
    struct ca_rd answer)
{
	if (p->head[1] == INS_SELECT) {
		selected(d, p, sw, answer);
	} else if (p->head[1] == INS_READ && p->head[2] < 0x80) {
		was_read(d, p, sw, answer);
	} else if (p->head[1] == INS_CHANNEL) {
		(void)item(d, 0, p, sw, answer);
		managed(d, p, sw, answer);
	} else {
		(void)item(d, d->at[p->channel], p, sw, answer);
	}
}

static void
end_with(struct ca_dump *d, uint16_t sw)
{
	struct parts p;

	if (d->cmd_n > 0 && parse(ca_rd_of(d->cmd, d->cmd_n), &p))
		complete(d, &p, sw, ca_buf_rd(&d->answer));
	d->cmd_n = 0;
	ca_buf_free(&d->answer);
}

void
ca_dump_settle(struct ca_dump *d)
{
	end_with(d, 0x9000);
}

void
ca_dump_saw(struct ca_dump *d, struct ca_rd cmd, struct ca_rd resp)
{
	struct ca_rd body, copy = cmd, head;
	uint16_t sw = 0;

	if (resp.n < 2 || !ca_rd_take(&resp, resp.n - 2, &body) ||
	    !ca_rd_u16(&resp, &sw) || !ca_rd_take(&copy, 2, &head))
		return;
	if (head.p[1] != INS_MORE) {
		ca_dump_settle(d);
		if (!ca_rd_copy(cmd, d->cmd, sizeof(d->cmd), &d->cmd_n))
			d->cut = true;
	}
	if (sw >> 8 == 0x6C) { /* the same comes again with this Le */
		if (head.p[1] != INS_MORE)
			d->cmd_n = 0;
		return;
	}
	if (ca_buf_add(&d->answer, body) != CA_OK)
		d->cut = true;
	if (sw >> 8 != 0x61)
		end_with(d, sw);
}

void
ca_dump_reset(struct ca_dump *d)
{
	ca_dump_settle(d);
	memset(d->at, 0, sizeof(d->at));
}

void
ca_dump_wipe(struct ca_dump *d)
{
	for (size_t i = 0; i < d->items_n; i++) {
		ca_buf_free(&d->items[i].answer);
		ca_buf_free(&d->items[i].bytes);
		ca_buf_free(&d->items[i].known);
	}
	ca_buf_free(&d->answer);
	ca_wipe(d, sizeof(*d));
}
