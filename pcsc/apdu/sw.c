/* See the header. */
#include "pcsc/apdu/sw.h"

#include "pcsc/base/cdefs.h"

/* clang-format off */
static const struct ca_sw_row general[] = {
	{ 0xFFFF, 0x9000, CA_OK },
	/* Left over here they mean nothing: no Le was sent, or all was read. */
	{ 0xFF00, 0x6100, CA_E_MALFORMED },
	{ 0xFF00, 0x6C00, CA_E_MALFORMED },
	{ 0xFFFF, 0x6281, CA_E_IO },          /* data may be corrupt */
	{ 0xFFFF, 0x6283, CA_E_REFUSED },     /* file deactivated */
	{ 0xFFFF, 0x6285, CA_E_REFUSED },     /* file terminated */
	{ 0xFFFF, 0x63C0, CA_E_PIN_BLOCKED }, /* that was the last try */
	{ 0xFFF0, 0x63C0, CA_E_PIN_WRONG },
	{ 0xFFFF, 0x6300, CA_E_PIN_WRONG },
	{ 0xFFFF, 0x6700, CA_E_DATA_LEN },
	{ 0xFF00, 0x6800, CA_E_UNSUPPORTED }, /* channel, SM, chaining */
	{ 0xFFFF, 0x6981, CA_E_REFUSED },     /* wrong file structure */
	{ 0xFFFF, 0x6982, CA_E_AUTH_NEEDED },
	{ 0xFFFF, 0x6983, CA_E_PIN_BLOCKED },
	{ 0xFFFF, 0x6984, CA_E_PIN_UNSET },   /* reference data not usable */
	{ 0xFFFF, 0x6985, CA_E_REFUSED },
	{ 0xFFFF, 0x6A80, CA_E_DATA },
	{ 0xFFFF, 0x6A81, CA_E_UNSUPPORTED },
	{ 0xFFFF, 0x6A82, CA_E_NOT_FOUND },
	{ 0xFFFF, 0x6A83, CA_E_NOT_FOUND },
	{ 0xFFFF, 0x6A84, CA_E_NO_SPACE },
	{ 0xFFFF, 0x6A86, CA_E_UNSUPPORTED },
	{ 0xFFFF, 0x6A88, CA_E_NOT_FOUND },
	{ 0xFFFF, 0x6B00, CA_E_UNSUPPORTED },
	{ 0xFF00, 0x6D00, CA_E_UNSUPPORTED },
	{ 0xFF00, 0x6E00, CA_E_UNSUPPORTED },
};
/* clang-format on */

ca_err
ca_sw_map(const struct ca_sw_row *rows, size_t n, uint16_t sw)
{
	for (size_t i = 0; i < n; i++)
		if ((sw & rows[i].mask) == rows[i].value)
			return rows[i].e;
	for (size_t i = 0; i < CA_COUNT(general); i++)
		if ((sw & general[i].mask) == general[i].value)
			return general[i].e;
	return CA_E_IO;
}

ca_err
ca_sw_err(uint16_t sw)
{
	return ca_sw_map(NULL, 0, sw);
}

int
ca_sw_tries(uint16_t sw)
{
	return (sw & 0xFFF0) == 0x63C0 ? sw & 0x0F : -1;
}
