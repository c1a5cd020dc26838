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

static uint8_t
pad_char(const struct ca_pin *pin)
{
	return pin->has_pad_char ? pin->pad_char : PAD_DEFAULT;
}

static bool
is_padded(const struct ca_profile *p, const struct ca_pin *pin)
{
	return p->pin_always_pads || (pin->flags & CA_PINF_NEEDS_PADDING) != 0;
}

/* Bytes of a padded block; 0: padding to an unknown length is none. */
static size_t
padded_size(const struct ca_pin *pin)
{
	return pin->stored > 0 ? pin->stored : pin->max;
}

static ca_err
pad(const struct ca_pin *pin, struct ca_wr *out)
{
	size_t to = padded_size(pin);

	if (to == 0)
		return CA_OK;
	if (out->n > to)
		return CA_E_PIN_LEN;
	ca_wr_fill(out, pad_char(pin), to - out->n);
	return CA_OK;
}

ca_err
ca_pin_encode(const struct ca_profile *p, const struct ca_pin *pin,
    struct ca_rd value, struct ca_wr *out)
{
	bool pads = is_padded(p, pin);
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

/* Digits in half bytes: an odd last one is followed by F, which in a block that
 * is there already only a padding of FF can stand for. */
static ca_err
bcd_form(const struct ca_pin *pin, struct ca_pin_form *out)
{
	bool even = out->min == out->max && out->max % 2 == 0;

	out->bcd = true;
	if (out->block == 0 && out->min == out->max)
		out->block = (out->max + 1) / 2;
	else if (out->block > 0 && (out->max == 0 || out->max > 2 * out->block))
		out->max = 2 * out->block;
	if (out->block == 0 || (pad_char(pin) != 0xFF && !even))
		return CA_E_UNSUPPORTED;
	return CA_OK;
}

static ca_err
ascii_form(struct ca_pin_form *out)
{
	if (out->block == 0 && out->min == out->max)
		out->block = out->max;
	else if (out->block > 0 && (out->max == 0 || out->max > out->block))
		out->max = out->block;
	return out->block > 0 && out->min > out->block ? CA_E_UNSUPPORTED
						       : CA_OK;
}

ca_err
ca_pin_form(const struct ca_profile *p, const struct ca_pin *pin,
    struct ca_pin_form *out)
{
	bool pads = is_padded(p, pin);
	size_t exact = p->exact_without_padding;

	*out = (struct ca_pin_form){.pad = pad_char(pin),
	    .block = pads ? padded_size(pin) : 0,
	    .min = pin->min > 0 ? pin->min : 1,
	    .max = pin->max};
	if (!pads && exact > 0) {
		if (exact < out->min || (out->max > 0 && exact > out->max))
			return CA_E_UNSUPPORTED;
		out->min = out->max = exact;
	}
	switch (pin->type) {
	case CA_PIN_ASCII:
	case CA_PIN_UTF8:
		return ascii_form(out);
	case CA_PIN_BCD:
		return bcd_form(pin, out);
	case CA_PIN_HALF_NIBBLE_BCD:
	case CA_PIN_ISO9564_1:
		break;
	}
	return CA_E_UNSUPPORTED;
}
