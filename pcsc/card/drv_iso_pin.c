/* See drv_iso.h: PINs of a card that a profile describes. */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/pin.h"

#define BLOCK_MAX 255 /* a PIN block: the data of one short command */

ca_err
ca_iso_drv_in_its_df(struct ca_tx *tx, const struct ca_pin *pin)
{
	return tx->profile->select_pin ? ca_iso_select_ref(tx, &pin->path)
				       : CA_OK;
}

ca_err
ca_iso_drv_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out)
{
	ca_err e = ca_iso_drv_in_its_df(tx, pin);

	*out = (struct ca_pin_state){.tries_left = -1};
	return e != CA_OK ? e : ca_iso_pin_state(tx, pin->reference, out);
}

bool
ca_iso_drv_unheard(const struct ca_profile *p, const struct ca_pin *pin)
{
	return pin->role == CA_PIN_SO && (pin->flags & CA_PINF_SO) == 0 &&
	       p->unblock == CA_UNBLOCK_TOGETHER;
}

ca_err
ca_iso_drv_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left)
{
	struct ca_iso_state *s = tx->state;
	uint8_t b[BLOCK_MAX];
	struct ca_wr block = ca_wr_of(b, sizeof(b));
	ca_err e = ca_pin_encode(tx->profile, pin, value, &block);

	*tries_left = -1;
	if (ca_iso_drv_unheard(tx->profile, pin))
		e = CA_E_UNSUPPORTED;
	if (e == CA_OK)
		e = ca_iso_drv_in_its_df(tx, pin);
	if (e == CA_OK)
		e = ca_iso_verify(tx, pin->reference, ca_wr_rd(&block),
		    tries_left);
	ca_wipe(b, sizeof(b));
	if (e == CA_OK) {
		s->undo = pin->role == CA_PIN_USER && (!s->in || s->undo);
		s->reference = pin->reference;
		s->in = true;
	}
	return e;
}

ca_err
ca_iso_drv_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left)
{
	uint8_t ob[BLOCK_MAX], nb[BLOCK_MAX];
	struct ca_wr o = ca_wr_of(ob, sizeof(ob)), n = ca_wr_of(nb, sizeof(nb));
	ca_err e = ca_pin_encode(tx->profile, pin, old_value, &o);

	*tries_left = -1;
	if (e == CA_OK)
		e = ca_pin_encode(tx->profile, pin, new_value, &n);
	if (e == CA_OK)
		e = ca_iso_drv_in_its_df(tx, pin);
	if (e == CA_OK && tx->profile->change_after_verify)
		e = ca_iso_verify(tx, pin->reference, ca_wr_rd(&o), tries_left);
	if (e == CA_OK)
		e = ca_iso_change(tx, pin->reference, ca_wr_rd(&o),
		    ca_wr_rd(&n), tries_left);
	ca_wipe(ob, sizeof(ob));
	ca_wipe(nb, sizeof(nb));
	return e;
}

ca_err
ca_iso_drv_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left)
{
	bool together = tx->profile->unblock == CA_UNBLOCK_TOGETHER;
	uint8_t pb[BLOCK_MAX], nb[BLOCK_MAX];
	struct ca_wr p = ca_wr_of(pb, sizeof(pb)), n = ca_wr_of(nb, sizeof(nb));
	struct ca_rd none = {NULL, 0};
	ca_err e = ca_pin_encode(tx->profile, puk, puk_value, &p);

	*tries_left = -1;
	if (tx->profile->unblock == CA_UNBLOCK_NO)
		return CA_E_UNSUPPORTED;
	if (e == CA_OK)
		e = ca_pin_encode(tx->profile, pin, new_value, &n);
	if (e == CA_OK && !together)
		e = ca_iso_drv_in_its_df(tx, puk);
	if (e == CA_OK && !together)
		e = ca_iso_verify(tx, puk->reference, ca_wr_rd(&p), tries_left);
	if (e == CA_OK)
		e = ca_iso_drv_in_its_df(tx, pin);
	if (e == CA_OK)
		e = ca_iso_reset_retry(tx, pin->reference,
		    together ? ca_wr_rd(&p) : none, ca_wr_rd(&n), tries_left);
	ca_wipe(pb, sizeof(pb));
	ca_wipe(nb, sizeof(nb));
	return e;
}

/* VERIFY with P1 FF, where the user's PIN alone was verified and its reference
 * means it from the application. */
static ca_err
verify_undo(struct ca_tx *tx)
{
	const struct ca_iso_state *s = tx->state;
	struct ca_apdu cmd = {.ins = 0x20, .p1 = 0xFF, .p2 = s->reference};
	ca_err e;

	if (!s->undo || tx->profile->select_pin)
		return CA_E_UNSUPPORTED;
	return (e = ca_tx_enter(tx)) == CA_OK ? ca_tx_do(tx, &cmd, NULL) : e;
}

ca_err
ca_iso_drv_logout(struct ca_tx *tx)
{
	static const uint8_t mf[] = {0x3F, 0x00};
	struct ca_iso_state *s = tx->state;
	ca_err e = CA_E_UNSUPPORTED;

	switch (tx->profile->logout) {
	case CA_LOGOUT_RESET:
		break;
	case CA_LOGOUT_SELECT_MF:
		tx->entered = false;
		e = ca_iso_select(tx, CA_SELECT_ANY, ca_rd_of(mf, sizeof(mf)),
		    NULL);
		break;
	case CA_LOGOUT_VERIFY_FF:
		e = verify_undo(tx);
		break;
	}
	s->in = s->undo = false;
	/* What a card refuses must not leave it open. */
	return e == CA_OK ? CA_OK : ca_tx_reset(tx);
}
