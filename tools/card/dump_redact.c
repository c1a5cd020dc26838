/* See dump_redact.h. */
#include "tools/card/dump_redact.h"

#include <string.h>
#include <zlib.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/tlv.h"

#define CPLC_TOLD 10  /* bytes: maker, chip, operating system and its date */
#define PACKED_HEAD 4 /* bytes before the zlib stream */
#define PACKED_MAX 4096

struct where {
	struct ca_dump_names *names;
	bool control;
	struct ca_wr *out;
};

static bool
is_constructed(uint32_t tag)
{
	while (tag > 0xFF)
		tag >>= 8;
	return (tag & 0x20) != 0;
}

/* Certificate (RFC 5280 4.1): SEQUENCE, SEQUENCE, BIT STRING and no more. */
static bool
is_certificate(struct ca_rd in)
{
	struct ca_rd v;

	return ca_tlv_expect(&in, 0x30, &v) && ca_tlv_expect(&in, 0x30, &v) &&
	       ca_tlv_expect(&in, 0x03, &v) && ca_rd_end(&in);
}

static void level(const struct where *w, struct ca_rd in, int depth, bool tbs);

static void
object(const struct where *w, uint32_t tag, struct ca_rd v, int depth,
    bool hide)
{
	if (!is_constructed(tag))
		ca_dump_redact_leaf(w->names, tag, v, w->control, hide, w->out);
	else if (depth >= CA_TLV_DEPTH_MAX)
		ca_dump_redact_blank(v, w->out);
	else
		level(w, v, depth + 1, false);
}

/*
 * The objects of one level, with padding. `tbs`: those of a certificate's
 * first part, whose number is its serial number. TokenInfo's serial number is
 * the octet string behind its version (7816-15).
 */
static void
level(const struct where *w, struct ca_rd in, int depth, bool tbs)
{
	bool cert = is_certificate(in);
	uint32_t before = 0, tag;

	while (in.n > 0) {
		struct ca_rd v, whole, head;
		bool serial;
		uint8_t pad;

		if ((in.p[0] == 0x00 || in.p[0] == 0xFF) &&
		    ca_rd_u8(&in, &pad)) {
			ca_wr_u8(w->out, pad);
			continue;
		}
		if (!ca_tlv_whole(&in, &tag, &v, &whole) ||
		    !ca_rd_take(&whole, whole.n - v.n, &head)) {
			ca_dump_redact_blank(in, w->out);
			return;
		}
		ca_wr_bytes(w->out, head);
		serial = (tbs && tag == 0x02) ||
			 (depth == 1 && before == 0x02 && tag == 0x04);
		if (cert && before == 0 && depth < CA_TLV_DEPTH_MAX)
			level(w, v, depth + 1, true);
		else
			object(w, tag, v, depth, serial);
		before = tag;
	}
}

bool
ca_dump_redact_whole(struct ca_dump_names *names, struct ca_rd v, bool control,
    int depth, struct ca_wr *out)
{
	const struct where w = {names, control, out};
	struct ca_rd rest = v, body;
	uint32_t tag;

	if (!ca_tlv_next(&rest, &tag, &body) || !is_constructed(tag) ||
	    !ca_rd_all(rest, 0))
		return false;
	level(&w, v, depth, false);
	return true;
}

/* How many of these characters are a word of the file system that cards for
 * Windows have: no secret. */
static size_t
file_name(const char *s, size_t n)
{
	static const char *const names[] = {"mscp", "p11", "tinfo", "cardid",
	    "cardcf", "cmapfile", "cardapps", "cardinit"};

	if (n >= 5 && (memcmp(s, "ksc", 3) == 0 || memcmp(s, "kxc", 3) == 0))
		return 5;
	for (size_t i = 0; i < CA_COUNT(names); i++)
		if (n >= strlen(names[i]) &&
		    memcmp(s, names[i], strlen(names[i])) == 0)
			return strlen(names[i]);
	return 0;
}

/* Whether they are such words alone, one behind the other. */
static bool
are_file_names(const char *s, size_t n)
{
	size_t at = 0, k = 1;

	while (at < n && k > 0) {
		k = file_name(s + at, n - at);
		at += k;
	}
	return at == n;
}

static bool
is_word(uint8_t b)
{
	return (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') ||
	       (b >= 'a' && b <= 'z');
}

/* Whether text goes on here: letters and digits, in one byte each or two. */
static size_t
word(struct ca_rd in)
{
	size_t n = 0;

	while (n < in.n && is_word(in.p[n]))
		n++;
	if (n == 1 && in.n > 3 && in.p[1] == 0 && is_word(in.p[2]) &&
	    in.p[3] == 0)
		while (n + 1 < in.n && is_word(in.p[n - 1]) && in.p[n] == 0)
			n += 2;
	return n;
}

static void
table(struct ca_rd in, struct ca_wr *out)
{
	while (in.n > 0) {
		size_t n = word(in);
		struct ca_rd part;

		if (!ca_rd_take(&in, n > 0 ? n : 1, &part))
			return;
		if (n < 2 || are_file_names((const char *)part.p, n))
			ca_wr_bytes(out, part);
		else
			ca_dump_redact_blank(part, out);
	}
}

static void
cplc(struct ca_rd in, struct ca_wr *out)
{
	struct ca_rd rest = in, v, head;
	uint32_t tag;

	if (ca_tlv_next(&rest, &tag, &v) && tag == 0x9F7F &&
	    ca_rd_take(&in, in.n - v.n - rest.n, &head))
		ca_wr_bytes(out, head);
	if (ca_rd_take(&in, CPLC_TOLD, &head))
		ca_wr_bytes(out, head);
	ca_wr_fill(out, 0x00, in.n);
}

/*
 * A certificate as IDPrime keeps it: 01 00, its length with the low byte first,
 * zlib. What is left of it is packed again; it is shorter then, and zeros make
 * up for that. False: it is none, and nothing is written.
 */
static bool
packed(const struct where *w, struct ca_rd in, struct ca_wr *out)
{
	uint8_t plain[PACKED_MAX], blank[PACKED_MAX], small[PACKED_MAX];
	uLongf n = sizeof(plain), small_n = sizeof(small);
	const struct where inner = {w->names, false, NULL};
	struct ca_wr wr = ca_wr_of(blank, sizeof(blank));
	struct where to = inner;
	struct ca_rd head;

	if (!ca_rd_take(&in, PACKED_HEAD, &head) || head.p[0] != 0x01 ||
	    head.p[1] != 0x00 || in.n > PACKED_MAX ||
	    uncompress2(plain, &n, in.p, &(uLong){in.n}) != Z_OK)
		return false;
	to.out = &wr;
	level(&to, ca_rd_of(plain, n), 0, false);
	if (!ca_wr_ok(&wr) ||
	    compress2(small, &small_n, blank, wr.n, 9) != Z_OK ||
	    small_n > in.n)
		return false;
	ca_wr_bytes(out, head);
	ca_wr_mem(out, small, small_n);
	ca_wr_fill(out, 0x00, in.n - small_n);
	return true;
}

void
ca_dump_redact(struct ca_dump_names *names, enum ca_dump_kind kind,
    struct ca_rd in, struct ca_wr *out)
{
	const struct where w = {names, kind == CA_DUMP_CONTROL, out};
	struct ca_rd rest = in, v;
	uint32_t tag;

	if (kind == CA_DUMP_CPLC)
		cplc(in, out);
	else if (kind == CA_DUMP_TABLE)
		table(in, out);
	else if (kind == CA_DUMP_OBJECTS && packed(&w, in, out))
		return;
	else if (kind != CA_DUMP_BLANK) {
		ca_tlv_skip_padding(&rest);
		if (ca_tlv_next(&rest, &tag, &v) && is_constructed(tag))
			level(&w, in, 0, false);
		else
			ca_dump_redact_blank(in, out);
	} else {
		ca_dump_redact_blank(in, out);
	}
}
