/* See the header. */
#include "pcsc/card/atr.h"

#define INTERFACE_MAX 8          /* TD bytes: an ATR has 33 bytes at most */
#define CATEGORY_TLV 0x80        /* compact data objects */
#define CATEGORY_TLV_STATUS 0x00 /* ... and three bytes of status */
#define STATUS_BYTES 3
#define CAPABILITIES 0x7
#define EXTENDED 0x40

/* The interface bytes Y announces; *more: TD is there, and *y is what it
 * announces in turn. */
static bool
skip_interface(struct ca_rd *r, uint8_t *y, bool *more)
{
	size_t n = (*y >> 4 & 1u) + (*y >> 5 & 1u) + (*y >> 6 & 1u);

	*more = (*y & 0x80) != 0;
	return ca_rd_skip(r, n) && (!*more || ca_rd_u8(r, y));
}

bool
ca_atr_historical(struct ca_rd atr, struct ca_rd *out)
{
	uint8_t ts, t0, y;
	bool more = true;

	if (!ca_rd_u8(&atr, &ts) || !ca_rd_u8(&atr, &t0))
		return false;
	y = t0;
	for (int i = 0; more && i < INTERFACE_MAX; i++)
		if (!skip_interface(&atr, &y, &more))
			return false;
	return !more && ca_rd_take(&atr, t0 & 0x0F, out) && atr.n <= 1;
}

bool
ca_atr_denies_extended(struct ca_rd atr)
{
	uint8_t category, head, third;
	struct ca_rd r, v;

	if (!ca_atr_historical(atr, &r) || !ca_rd_u8(&r, &category))
		return false;
	if (category == CATEGORY_TLV_STATUS) {
		if (r.n < STATUS_BYTES ||
		    !ca_rd_take(&r, r.n - STATUS_BYTES, &r))
			return false;
	} else if (category != CATEGORY_TLV) {
		return false;
	}
	while (ca_rd_u8(&r, &head) && ca_rd_take(&r, head & 0x0F, &v))
		if (head >> 4 == CAPABILITIES)
			return ca_rd_skip(&v, 2) && ca_rd_u8(&v, &third) &&
			       (third & EXTENDED) == 0;
	return false;
}
