/* See drv_vgca_chipdoc.c: PINs keyed in at the reader. */
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/drv_vgca_chipdoc.h"

/*
 * The PIN in the one form that all digits go in: whoever keys in a PIN may key
 * in one of any length, so where the card does not say that all are padded to
 * one length, only the length that was seen on a token is left.
 */
static ca_err
settle(const struct ca_tx *tx, const struct ca_pin_object *o,
    struct ca_pin *pin)
{
	size_t exact = tx->profile->exact_without_padding;

	if (ca_chipdoc_narrow(o, pin) != CA_OK)
		return CA_E_UNSUPPORTED;
	if ((pin->flags & CA_PINF_NEEDS_PADDING) != 0)
		return CA_OK;
	if (exact == 0 || exact < pin->min ||
	    (pin->max > 0 && exact > pin->max))
		return CA_E_UNSUPPORTED;
	pin->min = pin->max = exact;
	return CA_OK;
}

/* Whether the rule for an order lets it be done at all: before anybody keys in
 * what cannot work. */
static bool
may(const struct ca_pin_object *o, enum ca_order order,
    const struct ca_pin *pin, const struct ca_pin *puk)
{
	if (order == CA_ORDER_CHANGE)
		return ca_chipdoc_allows(&o->change, pin);
	return order != CA_ORDER_UNBLOCK || ca_chipdoc_allows(&o->reset, puk);
}

ca_err
ca_chipdoc_keying(struct ca_tx *tx, enum ca_order order,
    const struct ca_pin *pin, const struct ca_pin *puk, struct ca_keying *out)
{
	struct ca_pin known = *pin, known_puk;
	struct ca_pin_object o;
	ca_err e = ca_chipdoc_pin_object(tx, pin, &o);

	if (e != CA_OK)
		return e;
	if (!may(&o, order, pin, puk))
		return CA_E_UNSUPPORTED;
	if ((e = settle(tx, &o, &known)) != CA_OK || puk == NULL)
		return e != CA_OK
			   ? e
			   : ca_iso_drv_keying(tx, order, &known, NULL, out);
	known_puk = *puk;
	if ((e = ca_chipdoc_pin_object(tx, puk, &o)) != CA_OK ||
	    (e = settle(tx, &o, &known_puk)) != CA_OK)
		return e;
	return ca_iso_drv_keying(tx, order, &known, &known_puk, out);
}
