/* See the header. */
#include "pcsc/card/pin.h"

#define PAD_DEFAULT 0xFF

/* Two digits a byte, an odd last one followed by F (7816-15 pinType bcd). */
static ca_err
bcd(struct ca_rd value, struct ca_wr *out)
{
	uint8_t hi, lo;

	for (struct ca_rd all = value; ca_rd_u8(&all, &hi);)
		if (hi < '0' || hi > '9')
			return CA_E_PIN_LEN;
	while (ca_rd_u8(&value, &hi)) {
		hi = (uint8_t)(hi - '0');
		lo = ca_rd_u8(&value, &lo) ? (uint8_t)(lo - '0') : 0xF;
		ca_wr_u8(out, (uint8_t)(hi << 4 | lo));
	}
	return CA_OK;
}

static ca_err
pad(const struct ca_pin *pin, struct ca_wr *out)
{
	size_t to = pin->stored > 0 ? pin->stored : pin->max;
	uint8_t c = pin->has_pad_char ? pin->pad_char : PAD_DEFAULT;

	if (to == 0)
		return CA_OK; /* padding to an unknown length: as typed */
	if (out->n > to)
		return CA_E_PIN_LEN;
	ca_wr_fill(out, c, to - out->n);
	return CA_OK;
}

ca_err
ca_pin_encode(const struct ca_profile *p, const struct ca_pin *pin,
    struct ca_rd value, struct ca_wr *out)
{
	bool pads =
	    p->pin_always_pads || (pin->flags & CA_PINF_NEEDS_PADDING) != 0;
	ca_err e = CA_OK;

	if (value.n == 0 || value.n < pin->min ||
	    (pin->max > 0 && value.n > pin->max))
		return CA_E_PIN_LEN;
	if (!pads && p->exact_without_padding > 0 &&
	    value.n != p->exact_without_padding)
		return CA_E_PIN_LEN;
	switch (pin->type) {
	case CA_PIN_ASCII:
	case CA_PIN_UTF8:
		ca_wr_bytes(out, value);
		break;
	case CA_PIN_BCD:
		e = bcd(value, out);
		break;
	case CA_PIN_HALF_NIBBLE_BCD:
	case CA_PIN_ISO9564_1:
		return CA_E_UNSUPPORTED;
	}
	if (e == CA_OK && pads)
		e = pad(pin, out);
	return e == CA_OK && !ca_wr_ok(out) ? CA_E_PIN_LEN : e;
}
