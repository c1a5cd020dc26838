/*
 * See drv_uicc.h: PINs (TS 102 221, 9 and 11.1.9 to 11.1.13).
 *
 * The subscriber's own PINs are not ours: references 01 (the SIM PIN) and 11
 * (the universal PIN in its place) are never verified, changed, unblocked or
 * asked about, even if a directory of the PKI application names them; nor is a
 * PIN whose reference no directory tells.
 */
#include <stdio.h>
#include <string.h>

#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_uicc.h"
#include "pcsc/card/iso7816.h"

#define ROOM "uicc"
#define SIM_PIN 0x01
#define UNIVERSAL_PIN 0x11
#define LOCAL 0x80
#define PIN_BYTES 8 /* what travels, padded with FF (9.4) */

static bool
foreign(const struct ca_pin *pin)
{
	return !pin->has_reference || pin->reference == SIM_PIN ||
	       pin->reference == UNIVERSAL_PIN;
}

/* Keys that hang on a PIN which is not ours to use go with it. */
static void
drop_keys(struct ca_model *m, const struct ca_id *auth_id)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->keys_n; i++) {
		struct ca_key *k = &m->keys[i];

		if (ca_id_equal(&k->auth_id, auth_id)) {
			ca_buf_free(&k->spki);
			ca_buf_free(&k->subject);
		} else if (kept++ != i) {
			m->keys[kept - 1] = *k;
		}
	}
	m->keys_n = kept;
}

/* Keys of a disabled PIN want none. */
static void
free_keys(struct ca_model *m, const struct ca_id *auth_id)
{
	for (size_t i = 0; i < m->keys_n; i++) {
		struct ca_key *k = &m->keys[i];

		if (!ca_id_equal(&k->auth_id, auth_id))
			continue;
		k->auth_id.n = 0;
		k->consent = 0;
		k->is_private = false;
	}
}

/* Whether this PIN can be used; what its keys are without it. */
static bool
usable(struct ca_tx *tx, struct ca_model *m, const struct ca_pin *pin)
{
	const struct ca_uicc_state *s = tx->state;

	/* A PUK has no reference of its own here: see add_puk(). */
	if (pin->role == CA_PIN_SO)
		return false;
	if (foreign(pin)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "PIN '%s' is the subscriber's, or nobody's (%02X): refused",
		    pin->label, pin->reference);
		drop_keys(m, &pin->auth_id);
		return false;
	}
	if (ca_uicc_pin_status(ca_rd_of(s->fcp, s->fcp_n), pin->reference) ==
	    CA_UICC_PIN_DISABLED) {
		ca_log(CA_LOG_INFO, ROOM, "PIN '%s' is disabled", pin->label);
		free_keys(m, &pin->auth_id);
		return false;
	}
	return true;
}

/* What 9.4 says of every PIN, where a directory does not. */
static void
complete(struct ca_pin *pin)
{
	if (pin->stored == 0)
		pin->stored = PIN_BYTES;
	if (pin->max == 0)
		pin->max = pin->stored;
	pin->flags |= CA_PINF_NEEDS_PADDING;
}

/* A UICC's PUK has no reference: it belongs to the PIN's own (RESET RETRY
 * COUNTER 2C 00 kk). It is shown as the SO's and never verified. */
static void
add_puk(struct ca_model *m)
{
	const struct ca_pin *user = ca_model_pin(m, CA_PIN_USER);
	struct ca_pin *puk;

	if (user == NULL || m->pins_n == CA_PINS_MAX)
		return;
	puk = &m->pins[m->pins_n++];
	*puk = *user;
	puk->role = CA_PIN_SO;
	puk->flags |= CA_PINF_UNBLOCKING | CA_PINF_CHANGE_DISABLED;
	puk->min = puk->max = puk->stored;
	puk->tries_max = 0;
	puk->auth_id.n = 0;
	(void)snprintf(puk->label, sizeof(puk->label), "PUK");
}

/* Where the PIN lives, as a path from the MF. True: not in the application's
 * own directory. */
static bool
below(const struct ca_uicc_state *s, const struct ca_pin *pin,
    struct ca_wr *path)
{
	return ca_uicc_below(ca_rd_of(s->fcp, s->fcp_n), &s->apps[s->app],
	    ca_rd_of(pin->path.path, pin->path.path_n), path);
}

void
ca_uicc_settle_pins(struct ca_tx *tx, struct ca_model *m)
{
	struct ca_uicc_state *s = tx->state;
	uint8_t b[CA_PATH_MAX + 2];
	struct ca_wr path = ca_wr_of(b, sizeof(b));
	size_t kept = 0;

	s->global_pin = s->deep_pin = false;
	for (size_t i = 0; i < m->pins_n; i++) {
		struct ca_pin *p = &m->pins[kept];

		if (!usable(tx, m, &m->pins[i]))
			continue;
		*p = m->pins[i];
		complete(p);
		if ((p->reference & LOCAL) == 0)
			s->global_pin = true;
		else
			p->dies_outside = below(s, p, &path);
		s->deep_pin |= p->dies_outside;
		/* The first that is left is the user's. */
		p->role = kept == 0 ? CA_PIN_USER : CA_PIN_KEY;
		kept++;
	}
	m->pins_n = kept;
	add_puk(m);
}

/*
 * A local PIN may live in a directory below the application, which must be the
 * current one, and so must the application be for its own where there is such
 * a PIN. Nothing is sent where there is none.
 */
static ca_err
go_to(struct ca_tx *tx, const struct ca_pin *pin)
{
	const struct ca_uicc_state *s = tx->state;
	uint8_t b[CA_PATH_MAX + 2];
	struct ca_wr path = ca_wr_of(b, sizeof(b));
	struct ca_apdu cmd = {.ins = 0xA4, .p1 = 0x08, .p2 = 0x0C};
	ca_err e;

	if ((pin->reference & LOCAL) == 0 || !s->deep_pin)
		return CA_OK;
	(void)below(s, pin, &path);
	cmd.data = ca_wr_rd(&path);
	e = ca_wr_ok(&path) ? ca_tx_do(tx, &cmd, NULL) : CA_E_DATA;
	if (!ca_err_is_refusal(e))
		return e;
	ca_log(CA_LOG_WARN, ROOM, "PIN '%s': its directory: %s", pin->label,
	    ca_err_name(e));
	return CA_E_PIN_UNSET;
}

/* The tries of the PUK: RESET RETRY COUNTER without data (11.1.13). */
static ca_err
puk_state(struct ca_tx *tx, const struct ca_pin *puk, struct ca_pin_state *out)
{
	struct ca_apdu cmd = {.ins = 0x2C, .p2 = puk->reference};
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &cmd, NULL, &sw);

	*out = (struct ca_pin_state){.tries_left = -1};
	if (e != CA_OK)
		return e;
	out->tries_left = sw == 0x6983 ? 0 : ca_sw_tries(sw);
	out->blocked = out->tries_left == 0;
	return CA_OK;
}

static ca_err
ask(struct ca_tx *tx, const struct ca_pin *pin, struct ca_pin_state *out)
{
	ca_err e = go_to(tx, pin);

	if (e != CA_OK)
		return e;
	return pin->role == CA_PIN_SO ? puk_state(tx, pin, out)
				      : ca_iso_drv_pin_state(tx, pin, out);
}

ca_err
ca_uicc_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out)
{
	ca_err e;

	if (foreign(pin))
		return CA_E_UNSUPPORTED;
	if ((e = ca_tx_enter(tx)) != CA_OK)
		return e;
	e = ask(tx, pin, out);
	return ca_uicc_again(tx) ? ask(tx, pin, out) : e;
}

/*
 * The three that spend a try are ordered after ca_uicc_pin_state() in the same
 * transaction, which made the PIN's directory the current one.
 */
ca_err
ca_uicc_verify(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value,
    int *tries_left)
{
	*tries_left = -1;
	if (foreign(pin) || pin->role == CA_PIN_SO)
		return CA_E_UNSUPPORTED;
	return ca_iso_drv_verify(tx, pin, value, tries_left);
}

ca_err
ca_uicc_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left)
{
	*tries_left = -1;
	/* CHANGE with the PUK's reference would be about the PIN it shares
	 * that with, and cost a try of it. */
	if (foreign(pin) || pin->role == CA_PIN_SO)
		return CA_E_UNSUPPORTED;
	return ca_iso_drv_change_pin(tx, pin, old_value, new_value, tries_left);
}

ca_err
ca_uicc_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left)
{
	*tries_left = -1;
	/* The reference that is sent is the PIN's: the PUK must be its own. */
	if (foreign(pin) || puk->reference != pin->reference)
		return CA_E_UNSUPPORTED;
	return ca_iso_drv_unblock(tx, puk, puk_value, pin, new_value,
	    tries_left);
}

/* The same for the holder's keypad. */
ca_err
ca_uicc_keying(struct ca_tx *tx, enum ca_order order, const struct ca_pin *pin,
    const struct ca_pin *puk, struct ca_keying *out)
{
	if (foreign(pin) || pin->role == CA_PIN_SO ||
	    (puk != NULL && puk->reference != pin->reference))
		return CA_E_UNSUPPORTED;
	return ca_iso_drv_keying(tx, order, pin, puk, out);
}
