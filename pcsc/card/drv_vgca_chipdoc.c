/*
 * VGCA token type B: bit4id TokenME EVO v2 with NXP's ChipDoc applet, an
 * IAS-ECC card. What was seen on a real token is in its profile; this file asks
 * the card about its own rules where something depends on them: the form of a
 * PIN that the AODF leaves open, who may change or unblock it, and whether the
 * PIN may write a certificate. Whether a real token answers is unknown; where
 * it does not, nothing is tried.
 */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iasecc.h"
#include "pcsc/card/iso7816.h"

#define ROOM "vgca-chipdoc"

/* An answer that only means "I do not tell". */
static bool
untold(ca_err e)
{
	switch (e) {
	case CA_E_NOT_FOUND:
	case CA_E_UNSUPPORTED:
	case CA_E_AUTH_NEEDED:
	case CA_E_REFUSED:
	case CA_E_DATA:
	case CA_E_DATA_LEN:
	case CA_E_IO:
	case CA_E_MALFORMED:
		return true;
	default:
		return false;
	}
}

/* The PIN object, all zero (unknown) where the card does not show it. */
static ca_err
pin_object(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_object *out)
{
	ca_err e = ca_iasecc_pin(tx, pin->reference, out);

	if (!untold(e))
		return e;
	memset(out, 0, sizeof(*out));
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

/*
 * The AODF's PIN with what the PIN object says: the narrower range, and a fixed
 * length where minimum and maximum are one (then the card pads to it, as other
 * IAS-ECC cards do). Two different stored lengths are a contradiction that
 * nobody can settle: then only a PIN that every form sends alike goes through.
 */
static void
narrow(const struct ca_pin_object *o, struct ca_pin *pin)
{
	if (o->min > pin->min)
		pin->min = o->min;
	pin->max = smaller(pin->max, o->max);
	if (o->min > 0 && o->min == o->max) {
		pin->flags |= CA_PINF_NEEDS_PADDING;
		pin->stored = o->max;
		pin->min = 1;
	} else if (o->stored > 0 && pin->stored > 0 &&
		   o->stored != pin->stored) {
		pin->flags &= ~(uint32_t)CA_PINF_NEEDS_PADDING;
	}
}

/* Whether the AODF alone settles how this value is sent. */
static bool
settled(const struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value)
{
	if (value.n == tx->profile->exact_without_padding)
		return true;
	return (pin->flags & CA_PINF_NEEDS_PADDING) != 0 && pin->stored > 0 &&
	       value.n <= pin->stored;
}

static ca_err
verify(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value,
    int *tries_left)
{
	struct ca_pin known = *pin;
	struct ca_pin_object o;
	ca_err e;

	*tries_left = -1;
	if (!settled(tx, pin, value)) {
		if ((e = pin_object(tx, pin, &o)) != CA_OK)
			return e;
		narrow(&o, &known);
	}
	return ca_iso_drv_verify(tx, &known, value, tries_left);
}

/* Whether a rule lets `pin` do it; what the card does not tell is left to the
 * user's order and to the card. */
static bool
allows(const struct ca_rule *r, const struct ca_pin *pin)
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

static ca_err
change_pin(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd old_value,
    struct ca_rd new_value, int *tries_left)
{
	struct ca_pin known = *pin;
	struct ca_pin_object o;
	ca_err e = pin_object(tx, pin, &o);

	*tries_left = -1;
	if (e != CA_OK)
		return e;
	if (!allows(&o.change, pin)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "the card does not let this PIN be "
		    "changed; nothing was sent");
		return CA_E_UNSUPPORTED;
	}
	narrow(&o, &known);
	return ca_iso_drv_change_pin(tx, &known, old_value, new_value,
	    tries_left);
}

static ca_err
unblock(struct ca_tx *tx, const struct ca_pin *puk, struct ca_rd puk_value,
    const struct ca_pin *pin, struct ca_rd new_value, int *tries_left)
{
	struct ca_pin known = *pin;
	struct ca_pin_object o;
	ca_err e = pin_object(tx, pin, &o);

	*tries_left = -1;
	if (e != CA_OK)
		return e;
	/* Before a try of the PUK is spent on what cannot work. */
	if (!allows(&o.reset, puk)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "the card does not let this PUK "
		    "unblock; nothing was sent");
		return CA_E_UNSUPPORTED;
	}
	narrow(&o, &known);
	return ca_iso_drv_unblock(tx, puk, puk_value, &known, new_value,
	    tries_left);
}

/* Writes data over the file and reads it back. */
static ca_err
write_and_compare(struct ca_tx *tx, const struct ca_ref *ref, struct ca_rd data)
{
	struct ca_buf now = {0};
	struct ca_rd r, head;
	ca_err e = ca_iso_update(tx, data);

	if (e == CA_OK)
		e = ca_iso_read_ref(tx, ref, CA_UNTIL_END, &now);
	r = ca_buf_rd(&now);
	if (e == CA_OK &&
	    (!ca_rd_take(&r, data.n, &head) || !ca_rd_equal(head, data)))
		e = CA_E_MALFORMED;
	ca_buf_free(&now);
	return e;
}

/* The certificate and zeros up to the file's old end. */
static ca_err
padded(struct ca_rd der, size_t size, struct ca_buf *out)
{
	uint8_t zeros[256] = {0};
	ca_err e = ca_buf_set(out, der);

	while (e == CA_OK && out->n < size) {
		size_t n = size - out->n;

		e = ca_buf_add(out,
		    ca_rd_of(zeros, n < sizeof(zeros) ? n : sizeof(zeros)));
	}
	return e;
}

static ca_err
write_cert(struct ca_tx *tx, const struct ca_pin *pin, const struct ca_ref *ref,
    struct ca_rd der)
{
	struct ca_rd fid = ca_rd_of(ref->path, ref->path_n);
	struct ca_buf old = {0}, new = {0};
	struct ca_rule rule;
	size_t size = 0;
	ca_err e;

	if (fid.n < 2 || !ca_rd_skip(&fid, fid.n - 2) || ref->ranged)
		return CA_E_UNSUPPORTED;
	if ((e = ca_tx_enter(tx)) != CA_OK)
		return e;
	e = ca_iasecc_update_rule(tx, fid, &rule, &size);
	if (untold(e))
		return CA_E_UNSUPPORTED;
	if (e != CA_OK)
		return e;
	/* Never by trying: unknown is no. */
	if (rule.right == CA_RIGHT_UNKNOWN || !allows(&rule, pin))
		return CA_E_UNSUPPORTED;
	if (der.n > size)
		return CA_E_NO_SPACE;
	e = ca_iso_read_ref(tx, ref, CA_UNTIL_END, &old);
	if (e == CA_OK)
		e = padded(der, size, &new);
	if (e == CA_OK)
		e = write_and_compare(tx, ref, ca_buf_rd(&new));
	if (e != CA_OK && old.n > 0 && new.n > 0) {
		ca_log(CA_LOG_ERROR, ROOM,
		    "writing the certificate: %s; the old one goes back",
		    ca_err_name(e));
		if (write_and_compare(tx, ref, ca_buf_rd(&old)) != CA_OK)
			ca_log(CA_LOG_ERROR, ROOM, "... and that failed too");
	}
	ca_buf_free(&old);
	ca_buf_free(&new);
	return e;
}

const struct ca_driver ca_drv_vgca_chipdoc = {
    .name = "vgca-chipdoc",
    .state_size = sizeof(struct ca_iso_state),
    .claims = ca_iso_drv_claims,
    .enter = ca_iso_drv_enter,
    .describe = ca_iso_drv_describe,
    .describe_public = ca_iso_drv_describe_public,
    .describe_data = ca_iso_drv_describe_data,
    .read_cert = ca_iso_drv_read_cert,
    .read_part = ca_iso_drv_read_part,
    .pin_state = ca_iso_drv_pin_state,
    .verify = verify,
    .change_pin = change_pin,
    .unblock = unblock,
    .logout = ca_iso_drv_logout,
    .sign = ca_iso_drv_sign,
    .decipher = ca_iso_drv_sign,
    .write_cert = write_cert,
    .random = ca_iso_drv_random,
};
