/* See dump_redact.h: primitive values. */
#include "tools/card/dump_redact.h"

#include "pcsc/base/cdefs.h"
#include "pcsc/base/tlv.h"

#define UTC_TIME "000101000000Z"
#define TIME "20000101000000Z"

static bool
is_letter(uint8_t b)
{
	return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
}

static bool
is_digit(uint8_t b)
{
	return b >= '0' && b <= '9';
}

void
ca_dump_redact_text(struct ca_rd v, struct ca_wr *out)
{
	for (uint8_t b; ca_rd_u8(&v, &b);) {
		if (is_letter(b) || b >= 0x80)
			b = 'x';
		else if (is_digit(b))
			b = '0';
		ca_wr_u8(out, b);
	}
}

void
ca_dump_redact_blank(struct ca_rd v, struct ca_wr *out)
{
	for (uint8_t b; ca_rd_u8(&v, &b);) {
		if (is_letter(b))
			b = 'x';
		else if (is_digit(b))
			b = '0';
		else if (b != 0x00 && b != 0xFF)
			b = '*';
		ca_wr_u8(out, b);
	}
}

/* FNV-1a: it only tells values of one card apart, and is not written out. */
static uint64_t
fingerprint(struct ca_rd v)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (uint8_t b; ca_rd_u8(&v, &b);)
		h = (h ^ b) * 0x100000001B3u;
	return h;
}

void
ca_dump_redact_name(struct ca_dump_names *names, struct ca_rd v,
    struct ca_wr *out)
{
	uint64_t h = fingerprint(v);
	size_t i = 0;

	while (i < names->n && names->seen[i] != h)
		i++;
	if (i == names->n && names->n < CA_DUMP_NAMES)
		names->seen[names->n++] = h;
	if (v.n > 2)
		ca_wr_fill(out, 0xEE, v.n - 2);
	if (v.n > 1)
		ca_wr_u8(out, (uint8_t)(i >> 8));
	if (v.n > 0)
		ca_wr_u8(out, (uint8_t)i);
}

static void
number(struct ca_rd v, bool hide, struct ca_wr *out)
{
	struct ca_rd rest = v;
	bool short_one = v.n <= 2 || (v.n == 3 && v.p[0] <= 1);
	uint8_t b;

	if (short_one && !hide) {
		ca_wr_bytes(out, v);
		return;
	}
	if (rest.n > 1 && rest.p[0] == 0x00) {
		if (ca_rd_u8(&rest, &b))
			ca_wr_u8(out, 0x00);
		if (ca_rd_u8(&rest, &b))
			ca_wr_u8(out, 0x81);
	}
	ca_wr_fill(out, 0x01, rest.n);
}

static void
bits(struct ca_dump_names *names, struct ca_rd v, struct ca_wr *out)
{
	uint8_t unused;

	if (v.n <= 4) {
		ca_wr_bytes(out, v);
		return;
	}
	if (ca_rd_u8(&v, &unused))
		ca_wr_u8(out, unused & 7);
	if (ca_dump_redact_whole(names, v, false, 0, out))
		return;
	/* A point of a curve keeps the byte that says so (SEC 1, 2.3.3). */
	if (v.n % 2 == 1 && v.p[0] == 0x04 && ca_rd_u8(&v, &unused))
		ca_wr_u8(out, 0x04);
	ca_wr_fill(out, 0x00, v.n);
}

/* From the MF, or beginning as a registered or national application does. */
static bool
is_path(struct ca_rd v)
{
	if (v.n < 2 || v.n > 16)
		return false;
	return (v.p[0] == 0x3F && v.p[1] == 0x00) || v.p[0] == 0x7F ||
	       (v.n >= 5 && v.p[0] == 0xA0 && v.p[1] == 0x00) ||
	       (v.n >= 5 && v.p[0] == 0xE8 && v.p[1] == 0x28);
}

static void
octets(struct ca_dump_names *names, struct ca_rd v, bool control, bool hide,
    struct ca_wr *out)
{
	if (!hide && (v.n <= 4 || is_path(v)))
		ca_wr_bytes(out, v);
	else if (hide || !ca_dump_redact_whole(names, v, control, 0, out))
		ca_dump_redact_name(names, v, out);
}

static bool
is_text(struct ca_rd v)
{
	bool text = v.n > 2;

	for (uint8_t b; ca_rd_u8(&v, &b);)
		text = text && b >= 0x20 && b < 0x7F;
	return text;
}

static void
time_of(struct ca_rd v, struct ca_wr *out)
{
	if (v.n == sizeof(UTC_TIME) - 1)
		ca_wr_mem(out, UTC_TIME, v.n);
	else if (v.n == sizeof(TIME) - 1)
		ca_wr_mem(out, TIME, v.n);
	else
		ca_dump_redact_text(v, out);
}

/* The tags of file control information that tell nothing of the holder
 * (7816-4:2005 table 12; C6 and 90 of TS 102 221 11.1.1.4.10). */
static bool
is_control(uint32_t tag)
{
	return (tag >= 0x80 && tag <= 0x8E && tag != 0x85) || tag == 0x90 ||
	       tag == 0xC6;
}

void
ca_dump_redact_leaf(struct ca_dump_names *names, uint32_t tag, struct ca_rd v,
    bool control, bool hide, struct ca_wr *out)
{
	switch (tag) {
	case 0x02:
	case 0x0A:
		number(v, hide, out);
		return;
	case 0x03:
		bits(names, v, out);
		return;
	case 0x04:
		octets(names, v, control, hide, out);
		return;
	case 0x01: /* BOOLEAN, NULL, OBJECT IDENTIFIER */
	case 0x05:
	case 0x06:
	case 0x4F: /* AID and path of an application template */
	case 0x51:
		ca_wr_bytes(out, v);
		return;
	case 0x0C:
	case 0x50: /* an application's label */
		ca_dump_redact_text(v, out);
		return;
	case 0x17:
	case 0x18:
		time_of(v, out);
		return;
	default:
		break;
	}
	if ((tag >= 0x12 && tag <= 0x1E))
		ca_dump_redact_text(v, out);
	else if (v.n <= 2 || (control && is_control(tag) && v.n <= 24))
		ca_wr_bytes(out, v);
	else if (is_text(v))
		ca_dump_redact_text(v, out);
	else if (!ca_dump_redact_whole(names, v, control, 0, out))
		ca_dump_redact_name(names, v, out);
}
