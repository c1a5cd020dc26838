/* See the header. */
#include "pcsc/card/atr.h"

#define INTERFACE_MAX 8 /* TD bytes: an ATR has 33 bytes at most */

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
