/* See drv_vgca_chipdoc.c: PINs. */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/drv_vgca_chipdoc.h"
#include "pcsc/card/iso7816.h"

#define ROOM "vgca-chipdoc"
#define LOCAL 0x80

bool
ca_chipdoc_untold(ca_err e)
{
	return ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED || e == CA_E_IO ||
	       e == CA_E_MALFORMED;
}

/* IAS-ECC cards know the object of a global PIN with the root selected. A
 * global PIN stays verified meanwhile. *back: whether our application is the
 * current one again, without which no PIN may follow. */
static ca_err
object_at_root(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_object *out, ca_err *back)
{
	static const uint8_t mf[] = {0x3F, 0x00};
	ca_err e;

	tx->entered = false;
	e = ca_iso_select(tx, CA_SELECT_ANY, ca_rd_of(mf, sizeof(mf)), NULL);
	if (e == CA_OK)
		e = ca_iasecc_pin(tx, pin->reference, out);
	*back = ca_tx_enter(tx);
	return e;
}

ca_err
ca_chipdoc_pin_object(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_object *out)
{
	ca_err e = ca_iasecc_pin(tx, pin->reference, out), back = CA_OK;

	if (e == CA_E_NOT_FOUND && (pin->reference & LOCAL) == 0)
		e = object_at_root(tx, pin, out, &back);
	if (back != CA_OK)
		return back;
	if (!ca_chipdoc_untold(e))
		return e;
	*out = (struct ca_pin_object){.tries_left = -1};
	return CA_OK;
}

/* The narrower of two lengths, 0 being unknown. */
static size_t
smaller(size_t a, size_t b)
{
	if (a == 0 || b == 0)
		return a + b;
	return a < b ? a : b;
}

/* What the card says about the length of a PIN in a command. */
struct lengths {
	size_t aodf;   /* storedLength, where the AODF asks for padding */
	size_t object; /* that of the control parameters */
	size_t fixed;  /* minimum and maximum of the object in one */
};

/* The one length all padded PINs have, 0 when there is none; false when the
 * card contradicts itself. */
static bool
padded_length(const struct lengths *l, bool flag, size_t *to)
{
	*to = l->fixed > 0 ? l->fixed : l->aodf;
	if (*to == 0 && flag)
		*to = l->object;
	return *to == 0 || ((l->aodf == 0 || l->aodf == *to) &&
			       (l->object == 0 || l->object == *to));
}

ca_err
ca_chipdoc_narrow(const struct ca_pin_object *o, struct ca_pin *pin)
{
	bool flag = (pin->flags & CA_PINF_NEEDS_PADDING) != 0;
	const struct lengths l = {flag ? pin->stored : 0, o->stored,
	    o->min > 0 && o->min == o->max ? o->max : 0};
	size_t to;

	pin->max = smaller(pin->max, o->max);
	if (l.fixed == 0 && o->min > pin->min)
		pin->min = o->min;
	if (!padded_length(&l, flag, &to)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "PIN '%s': its directory says %zu bytes, its object %zu "
		    "and %zu: no PIN was sent",
		    pin->label, pin->stored, o->stored, l.fixed);
		return CA_E_PIN_LEN;
	}
	pin->flags &= ~(uint32_t)CA_PINF_NEEDS_PADDING;
	if (to > 0) {
		pin->flags |= CA_PINF_NEEDS_PADDING;
		pin->stored = to;
	}
	return CA_OK;
}

/*
 * The PIN in the form in which a value of n bytes has to be sent. Where the
 * card does not say which of the two forms it is, a value goes through that
 * both would send alike: one of the stored length, or of the length that was
 * seen on a token (the profile's). CA_E_PIN_LEN: nothing may be sent.
 */
static ca_err
settle(const struct ca_tx *tx, const struct ca_pin_object *o, size_t n,
    struct ca_pin *pin)
{
	ca_err e = ca_chipdoc_narrow(o, pin);

	if (e != CA_OK || (pin->flags & CA_PINF_NEEDS_PADDING) != 0)
		return e;
	if (n == pin->stored && n == o->stored)
		pin->flags |= CA_PINF_NEEDS_PADDING;
	else if (n != tx->profile->exact_without_padding)
		return CA_E_PIN_LEN;
	return CA_OK;
}

/* The PIN as this value has to be sent. A value of the length that was seen to
 * work on a token, the AODF naming the same, needs no question. */
static ca_err
pin_for(struct ca_tx *tx, const struct ca_pin *pin, size_t n,
    struct ca_pin *out)
{
	struct ca_pin_object o;
	ca_err e;

	*out = *pin;
	if (n == pin->stored && n == tx->profile->exact_without_padding)
		return CA_OK;
	if ((e = ca_chipdoc_pin_object(tx, pin, &o)) != CA_OK)
		return e;
	return settle(tx, &o, n, out);
}

/* The query with Le, the one reported of a token; then the object. */
ca_err
ca_chipdoc_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out)
{
	struct ca_apdu with_le = {
	    .ins = 0x20, .p2 = pin->reference, .le = CA_LE_SHORT};
	struct ca_pin_object o;
	uint16_t sw;
	ca_err e = ca_iso_pin_state(tx, pin->reference, out);

	if (e != CA_OK || out->verified || out->tries_left >= 0)
		return e;
	if ((e = ca_tx_send(tx, &with_le, NULL, &sw)) != CA_OK)
		return e;
	out->verified = sw == 0x9000;
	out->blocked = sw == 0x6983 || ca_sw_tries(sw) == 0;
	out->tries_left = out->blocked ? 0 : ca_sw_tries(sw);
	if (out->verified || out->tries_left >= 0)
		return CA_OK;
	if ((e = ca_chipdoc_pin_object(tx, pin, &o)) != CA_OK)
		return e;
	out->tries_left = o.tries_left;
	out->blocked = o.tries_left == 0;
	return CA_OK;
}

ca_err
ca_chipdoc_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left)
{
	struct ca_pin known;
	ca_err e = pin_for(tx, pin, value.n, &known);

	*tries_left = -1;
	return e != CA_OK ? e
			  : ca_iso_drv_verify(tx, &known, value, tries_left);
}

bool
ca_chipdoc_allows(const struct ca_rule *r, const struct ca_pin *pin)
{
	switch (r->right) {
	case CA_RIGHT_UNKNOWN:
	case CA_RIGHT_FREE:
		return true;
	case CA_RIGHT_PIN:
		return r->pin_reference == 0 ||
		       r->pin_reference == pin->reference;
	case CA_RIGHT_NEVER:
		break;
	}
	return false;
}

ca_err
ca_chipdoc_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left)
{
	struct ca_pin known = *pin, as_new = *pin;
	struct ca_pin_object o;
	ca_err e = ca_chipdoc_pin_object(tx, pin, &o);

	*tries_left = -1;
	if (e != CA_OK)
		return e;
	if (!ca_chipdoc_allows(&o.change, pin)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "the card does not let this PIN be "
		    "changed; nothing was sent");
		return CA_E_UNSUPPORTED;
	}
	if ((e = settle(tx, &o, old_value.n, &known)) != CA_OK ||
	    (e = settle(tx, &o, new_value.n, &as_new)) != CA_OK)
		return e;
	/* Two lengths, each sure by itself, are no known form of both. */
	if (known.flags != as_new.flags || known.stored != as_new.stored)
		return CA_E_PIN_LEN;
	return ca_iso_drv_change_pin(tx, &known, old_value, new_value,
	    tries_left);
}

ca_err
ca_chipdoc_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left)
{
	struct ca_pin known = *pin, known_puk;
	struct ca_pin_object o;
	ca_err e = ca_chipdoc_pin_object(tx, pin, &o);

	*tries_left = -1;
	if (e != CA_OK)
		return e;
	/* Before a try of the PUK is spent on what cannot work. */
	if (!ca_chipdoc_allows(&o.reset, puk)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "the card does not let this PUK "
		    "unblock; nothing was sent");
		return CA_E_UNSUPPORTED;
	}
	if ((e = settle(tx, &o, new_value.n, &known)) != CA_OK ||
	    (e = pin_for(tx, puk, puk_value.n, &known_puk)) != CA_OK)
		return e;
	return ca_iso_drv_unblock(tx, &known_puk, puk_value, &known, new_value,
	    tries_left);
}
