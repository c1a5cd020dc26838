#include "pcsc/base/tlv.h"

#define TAG_BYTES_MAX 4
#define LENGTH_BYTES_MAX 4

/*
 * A tag of one to four bytes. 00 is no tag but padding, and a second byte 80
 * would be a tag number with leading zeros (X.690 8.1.2.4.2 c). Tag numbers
 * below 31 in the long form are let through: cards use them (DF01).
 */
static bool
take_tag(struct ca_rd *r, uint32_t *tag)
{
	uint32_t t;
	uint8_t b;

	if (!ca_rd_u8(r, &b) || b == 0x00)
		return false;
	t = b;
	if ((b & 0x1F) == 0x1F) {
		for (int i = 1;; i++) {
			if (i == TAG_BYTES_MAX || !ca_rd_u8(r, &b) ||
			    (i == 1 && b == 0x80))
				return false;
			t = t << 8 | b;
			if (!(b & 0x80))
				break;
		}
	}
	*tag = t;
	return true;
}

static bool
take_length(struct ca_rd *r, size_t *n)
{
	uint32_t len;
	uint8_t b;
	int more;

	if (!ca_rd_u8(r, &b))
		return false;
	len = b;
	if (b >= 0x80) {
		more = b & 0x7F;
		if (more == 0 || more > LENGTH_BYTES_MAX)
			return false;
		len = 0;
		while (more-- > 0) {
			if (!ca_rd_u8(r, &b))
				return false;
			len = len << 8 | b;
		}
	}
	*n = len;
	return true;
}

bool
ca_tlv_next(struct ca_rd *r, uint32_t *tag, struct ca_rd *val)
{
	struct ca_rd whole;

	return ca_tlv_whole(r, tag, val, &whole);
}

bool
ca_tlv_whole(struct ca_rd *r, uint32_t *tag, struct ca_rd *val,
    struct ca_rd *whole)
{
	struct ca_rd look = *r;
	struct ca_rd body;
	struct ca_rd all;
	uint32_t t;
	size_t n;

	if (!take_tag(&look, &t) || !take_length(&look, &n) ||
	    !ca_rd_take(&look, n, &body) || !ca_rd_take(r, r->n - look.n, &all))
		return false;
	/* Outputs last, so that val may be r itself: the view descends. */
	*tag = t;
	*whole = all;
	*val = body;
	return true;
}

bool
ca_tlv_expect(struct ca_rd *r, uint32_t tag, struct ca_rd *val)
{
	struct ca_rd look = *r;
	struct ca_rd body;
	uint32_t t;

	if (!ca_tlv_next(&look, &t, &body) || t != tag)
		return false;
	*r = look;
	*val = body;
	return true;
}

bool
ca_tlv_find(struct ca_rd in, uint32_t tag, struct ca_rd *val)
{
	struct ca_rd body;
	uint32_t t;

	for (;;) {
		/* Only 00: FF may begin a tag of the private class. */
		while (in.n > 0 && in.p[0] == 0x00) {
			in.p++;
			in.n--;
		}
		if (!ca_tlv_next(&in, &t, &body))
			return false;
		if (t == tag) {
			*val = body;
			return true;
		}
	}
}

bool
ca_tlv_path(struct ca_rd in, const uint32_t *tags, size_t depth,
    struct ca_rd *val)
{
	if (depth == 0 || depth > CA_TLV_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < depth; i++)
		if (!ca_tlv_find(in, tags[i], &in))
			return false;
	*val = in;
	return true;
}

bool
ca_tlv_announced(struct ca_rd in, size_t *total)
{
	struct ca_rd look = in;
	uint32_t tag;
	size_t head;
	size_t n;

	if (!take_tag(&look, &tag) || !take_length(&look, &n))
		return false;
	head = in.n - look.n;
	if (n > SIZE_MAX - head)
		return false;
	*total = head + n;
	return true;
}

void
ca_tlv_skip_padding(struct ca_rd *r)
{
	while (r->n > 0 && (r->p[0] == 0x00 || r->p[0] == 0xFF)) {
		r->p++;
		r->n--;
	}
}

bool
ca_der_uint(struct ca_rd val, uint32_t max, uint32_t *out)
{
	uint32_t v = 0;
	uint8_t b;

	if (val.n == 0 || (val.n > 1 && val.p[0] >= 0x80))
		return false;
	while (ca_rd_u8(&val, &b)) {
		if (v > UINT32_MAX >> 8)
			return false;
		v = v << 8 | b;
	}
	if (v > max)
		return false;
	*out = v;
	return true;
}

bool
ca_der_bits(struct ca_rd val, uint32_t *out)
{
	uint32_t bits = 0;
	uint8_t unused;
	uint8_t b;

	if (!ca_rd_u8(&val, &unused) || unused > 7 ||
	    (unused > 0 && val.n == 0))
		return false;
	for (unsigned at = 0; at < 32 && ca_rd_u8(&val, &b); at += 8) {
		if (val.n == 0)
			b &= (uint8_t)(0xFFu << unused);
		for (unsigned i = 0; i < 8; i++)
			if (b & 0x80u >> i)
				bits |= (uint32_t)1 << (at + i);
	}
	*out = bits;
	return true;
}

bool
ca_der_bool(struct ca_rd val, bool *out)
{
	uint8_t b;

	if (!ca_rd_u8(&val, &b) || val.n > 0)
		return false;
	*out = b != 0;
	return true;
}
