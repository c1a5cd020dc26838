/*
 * VGCA token type B: bit4id TokenME EVO v2 with NXP's ChipDoc applet, an
 * IAS-ECC card. What was seen on a real token is in its profile; this file and
 * drv_vgca_chipdoc_pin.c ask the card about its own rules where something
 * depends on them: the form of a PIN that the AODF leaves open, who may change
 * or unblock it, and whether the PIN may write a certificate. Whether a real
 * token answers is unknown; where it does not, nothing is tried.
 */
#include "pcsc/card/drv_vgca_chipdoc.h"
#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iasecc.h"
#include "pcsc/card/iso7816.h"

#define ROOM "vgca-chipdoc"

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
	if (ca_chipdoc_untold(e))
		return CA_E_UNSUPPORTED;
	if (e != CA_OK)
		return e;
	/* Never by trying: unknown is no. */
	if (rule.right == CA_RIGHT_UNKNOWN || !ca_chipdoc_allows(&rule, pin))
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
    .pin_state = ca_chipdoc_pin_state,
    .verify = ca_chipdoc_verify,
    .change_pin = ca_chipdoc_change_pin,
    .unblock = ca_chipdoc_unblock,
    .logout = ca_iso_drv_logout,
    .sign = ca_iso_drv_sign,
    .decipher = ca_iso_drv_sign,
    .write_cert = write_cert,
    .random = ca_iso_drv_random,
};
