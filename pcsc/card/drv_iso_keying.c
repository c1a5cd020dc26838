/* See drv_iso.h and driver.h: PINs keyed in at the reader. The commands are
 * those of iso_pin.c, with blocks in the form that pin.h tells. */
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/pin.h"

#define VERIFY 0x20
#define CHANGE 0x24
#define RESET_RETRY 0x2C
#define NEW_ALONE 0x02 /* P1: the PUK was verified before */

static void
add(struct ca_keying *k, uint8_t ins, uint8_t p1, const struct ca_pin *pin,
    const struct ca_pin_form *f)
{
	k->steps[k->n++] = (struct ca_entry){.ins = ins,
	    .p1 = p1,
	    .p2 = pin->reference,
	    .ask_old = p1 != NEW_ALONE,
	    .ask_new = ins != VERIFY,
	    .bcd = f->bcd,
	    .pad = f->pad,
	    .block = f->block,
	    .min = f->min,
	    .max = f->max};
}

/* Where one ends and the other begins must be known; the reader has one form
 * and one range of digits for both. That of the new PIN must stay what it is,
 * and the PUK has to fit in. */
static bool
go_together(const struct ca_pin_form *puk, const struct ca_pin_form *pin)
{
	return puk->block > 0 && puk->block == pin->block &&
	       puk->bcd == pin->bcd && puk->pad == pin->pad &&
	       puk->min >= pin->min && puk->max <= pin->max;
}

static ca_err
change(const struct ca_profile *p, const struct ca_pin *pin,
    struct ca_keying *out)
{
	struct ca_pin_form f;
	ca_err e = ca_pin_form(p, pin, &f);

	if (e == CA_OK && f.block == 0)
		e = CA_E_UNSUPPORTED;
	if (e != CA_OK)
		return e;
	if (p->change_after_verify)
		add(out, VERIFY, 0, pin, &f);
	add(out, CHANGE, 0, pin, &f);
	return CA_OK;
}

static ca_err
unblock(const struct ca_profile *p, const struct ca_pin *pin,
    const struct ca_pin *puk, struct ca_keying *out)
{
	struct ca_pin_form f, of_puk;
	ca_err e = ca_pin_form(p, pin, &f);

	if (e == CA_OK)
		e = ca_pin_form(p, puk, &of_puk);
	if (e != CA_OK)
		return e;
	switch (p->unblock) {
	case CA_UNBLOCK_TOGETHER:
		if (!go_together(&of_puk, &f))
			return CA_E_UNSUPPORTED;
		add(out, RESET_RETRY, 0, pin, &f);
		return CA_OK;
	case CA_UNBLOCK_AFTER_VERIFY:
		add(out, VERIFY, 0, puk, &of_puk);
		add(out, RESET_RETRY, NEW_ALONE, pin, &f);
		return CA_OK;
	case CA_UNBLOCK_NO:
		break;
	}
	return CA_E_UNSUPPORTED;
}

static ca_err
commands(const struct ca_profile *p, enum ca_order order,
    const struct ca_pin *pin, const struct ca_pin *puk, struct ca_keying *out)
{
	struct ca_pin_form f;
	ca_err e;

	switch (order) {
	case CA_ORDER_VERIFY:
		if (ca_iso_drv_unheard(p, pin))
			return CA_E_UNSUPPORTED;
		if ((e = ca_pin_form(p, pin, &f)) == CA_OK)
			add(out, VERIFY, 0, pin, &f);
		return e;
	case CA_ORDER_CHANGE:
		return change(p, pin, out);
	case CA_ORDER_UNBLOCK:
		return unblock(p, pin, puk, out);
	case CA_ORDER_COUNT:
		break;
	}
	return CA_E_BUG;
}

ca_err
ca_iso_drv_keying(struct ca_tx *tx, enum ca_order order,
    const struct ca_pin *pin, const struct ca_pin *puk, struct ca_keying *out)
{
	ca_err e;

	*out = (struct ca_keying){.n = 0};
	e = commands(tx->profile, order, pin, puk, out);
	return e != CA_OK ? e : ca_iso_drv_in_its_df(tx, pin);
}

ca_err
ca_iso_drv_key_in(struct ca_tx *tx, const struct ca_entry *entry,
    int *tries_left)
{
	struct ca_iso_state *s = tx->state;
	ca_err e = ca_iso_key_in(tx, entry, tries_left);

	if (e == CA_OK && entry->ins == VERIFY) {
		s->in = true;
		s->undo = false;
	}
	return e;
}
