/* See dump_write.h. */
#include "tools/card/dump_write.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/secret.h"
#include "tools/card/dump_redact.h"

#define LINE 80
#define PER_LINE 32 /* bytes of hex: 64 characters and what stands before */

struct pen {
	FILE *out;
	bool full;
	uint64_t sum;
	struct ca_dump_names names;
	const struct ca_dump *d;
	uint8_t room[CA_DUMP_FILE];
};

/* One line; every character but the end of it counts in the sum (FNV-1a). */
static void CA_PRINTF(2, 3) line(struct pen *p, const char *fmt, ...)
{
	char text[LINE + CA_DUMP_DATA * 2];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (const char *c = text; *c != '\0'; c++)
		p->sum = (p->sum ^ (uint8_t)*c) * 0x100000001B3u;
	(void)fprintf(p->out, "%s\n", text);
}

static const char *
hex(const void *bytes, size_t n, char *out)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < n; i++)
		(void)snprintf(out + 2 * i, 3, "%02X", b[i]);
	out[2 * n] = '\0';
	return n > 0 ? out : "-";
}

static struct ca_rd
shown(struct pen *p, enum ca_dump_kind kind, struct ca_rd r)
{
	struct ca_wr w = ca_wr_of(p->room, sizeof(p->room));

	if (p->full)
		return r;
	ca_dump_redact(&p->names, kind, r, &w);
	return ca_wr_rd(&w);
}

static void
answer(struct pen *p, enum ca_dump_kind kind, struct ca_rd r)
{
	char text[2 * PER_LINE + 1];
	struct ca_rd part;

	r = shown(p, kind, r);
	while (r.n > 0 &&
	       ca_rd_take(&r, r.n < PER_LINE ? r.n : PER_LINE, &part))
		line(p, ": %s", hex(part.p, part.n, text));
}

/* One run of bytes that were read, from this offset on. */
static void
run(struct pen *p, enum ca_dump_kind kind, size_t offset, struct ca_rd r)
{
	char text[2 * PER_LINE + 1];
	struct ca_rd part;

	r = shown(p, kind, r);
	while (r.n > 0 &&
	       ca_rd_take(&r, r.n < PER_LINE ? r.n : PER_LINE, &part)) {
		line(p, "@ %04zX %s", offset, hex(part.p, part.n, text));
		offset += part.n;
	}
}

static void
runs(struct pen *p, enum ca_dump_kind kind, const struct ca_dump_item *i)
{
	struct ca_rd known = ca_buf_rd(&i->known), all = ca_buf_rd(&i->bytes);
	size_t at = 0;

	while (at < known.n) {
		size_t n = 1;
		struct ca_rd part;

		while (at + n < known.n && known.p[at + n] == known.p[at])
			n++;
		if (!ca_rd_take(&all, n, &part))
			return;
		if (known.p[at] != 0)
			run(p, kind, at, part);
		at += n;
	}
}

/* The files of an IDPrime applet that are tables, by their last identifier
 * (index, map of containers, map of key references). */
static bool
is_table(const struct pen *p, const struct ca_dump_item *i)
{
	static const uint8_t aid[] = {
	    0xA0, 0, 0, 0, 0x18, 0x80, 0, 0, 0, 6, 0x62};
	static const uint16_t tables[] = {0x0101, 0x0204, 0x0005};
	struct ca_rd fid = ca_rd_of(i->data, i->data_n);
	uint16_t n = 0;
	bool here = false;

	for (size_t k = 0; k < p->d->items_n; k++)
		here = here ||
		       (ca_dump_is_place(&p->d->items[k]) &&
			   p->d->items[k].data_n == sizeof(aid) &&
			   memcmp(p->d->items[k].data, aid, sizeof(aid)) == 0);
	while (ca_rd_u16(&fid, &n))
		;
	for (size_t k = 0; k < CA_COUNT(tables); k++)
		if (here && n == tables[k])
			return true;
	return false;
}

static enum ca_dump_kind
kind_of(const struct ca_dump_item *i)
{
	switch (i->head[1]) {
	case 0xB2:
		return CA_DUMP_OBJECTS;
	case 0xA4:
		return CA_DUMP_CONTROL;
	case 0x70: /* the number of a channel */
		return CA_DUMP_TABLE;
	case 0xCA:
		if (i->head[2] == 0x9F && i->head[3] == 0x7F)
			return CA_DUMP_CPLC;
		return CA_DUMP_CONTROL;
	case 0xCB:
		return CA_DUMP_CONTROL;
	default:
		return CA_DUMP_BLANK;
	}
}

/* A file with just these bytes that was written before; 0: there is none. */
static size_t
twin(const struct ca_dump *d, size_t n)
{
	const struct ca_dump_item *i = &d->items[n];

	for (size_t k = 0; k < n; k++) {
		const struct ca_dump_item *o = &d->items[k];

		if (o->end == i->end && o->data_n == i->data_n &&
		    memcmp(o->data, i->data, i->data_n) == 0 &&
		    ca_rd_equal(ca_buf_rd(&o->bytes), ca_buf_rd(&i->bytes)) &&
		    ca_rd_equal(ca_buf_rd(&o->known), ca_buf_rd(&i->known)))
			return k + 1;
	}
	return 0;
}

static void
item(struct pen *p, size_t n)
{
	const struct ca_dump_item *i = &p->d->items[n];
	char head[9], data[2 * CA_DUMP_DATA + 1];
	size_t same;

	line(p, "%s %zu %zu %s %s %04X", i->head[1] == 0xA4 ? "select" : "ask",
	    n + 1, i->at, hex(i->head, sizeof(i->head), head),
	    hex(i->data, i->data_n, data), i->sw);
	answer(p, kind_of(i), ca_buf_rd(&i->answer));
	if (i->df)
		return;
	same = i->bytes.n > 0 ? twin(p->d, n) : 0;
	if (same > 0) {
		line(p, "same %zu", same);
		return;
	}
	line(p, "file %zu %04X", i->bytes.n, i->end);
	runs(p, is_table(p, i) ? CA_DUMP_TABLE : CA_DUMP_OBJECTS, i);
}

ca_err
ca_dump_write(const struct ca_dump *d, const char *family, bool full, FILE *out)
{
	struct pen *p = calloc(1, sizeof(*p));
	char atr[2 * CA_ATR_MAX + 1];

	if (p == NULL)
		return CA_E_NOMEM;
	p->out = out;
	p->full = full;
	p->sum = 0xCBF29CE484222325u;
	p->d = d;
	line(p, "capkcs11-card-dump 1");
	line(p, "content %s", full ? "full" : "redacted");
	line(p, "atr %s", hex(d->atr, d->atr_n, atr));
	line(p, "protocol %d", d->proto == CA_PROTO_T1 ? 1 : 0);
	line(p, "# family %s", family != NULL ? family : "unknown");
	line(p, "# %u commands were not sent%s", d->held,
	    d->cut ? ", and not all answers had room" : "");
	for (size_t n = 0; n < d->items_n; n++)
		item(p, n);
	(void)fprintf(out, "sum %016" PRIX64 "\n", p->sum);
	ca_wipe(p, sizeof(*p));
	free(p);
	return fflush(out) == 0 && ferror(out) == 0 ? CA_OK : CA_E_NO_SPACE;
}
