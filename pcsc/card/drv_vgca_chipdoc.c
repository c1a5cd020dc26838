/*
 * VGCA token type B: bit4id TokenME EVO v2 with NXP's ChipDoc applet, an
 * IAS-ECC card. What was seen on a real token is in its profile; this file and
 * drv_vgca_chipdoc_pin.c ask the card about its own rules where something
 * depends on them: the form of a PIN that the AODF leaves open, who may change
 * or unblock it, and whether the PIN may write a certificate. Whether a real
 * token answers is unknown; where it does not, nothing is tried.
 */
#include "pcsc/card/drv_vgca_chipdoc.h"
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iasecc.h"
#include "pcsc/card/iso7816.h"

#define ROOM "vgca-chipdoc"

/* Where the public half of a key stands, or would. */
static struct ca_pub *
pub_of(struct ca_model *m, const struct ca_key *k)
{
	struct ca_pub *p;

	for (size_t i = 0; i < m->pubs_n; i++)
		if (ca_id_equal(&m->pubs[i].id, &k->id))
			return &m->pubs[i];
	if (m->pubs_n == CA_KEYS_MAX)
		return NULL;
	p = &m->pubs[m->pubs_n];
	memset(p, 0, sizeof(*p));
	p->id = k->id;
	memcpy(p->label, k->label, sizeof(p->label));
	p->type = k->type;
	p->bits = k->bits;
	return p;
}

static bool
in_certificate(const struct ca_model *m, const struct ca_key *k)
{
	for (size_t i = 0; i < m->certs_n; i++)
		if (m->certs[i].state == CA_CERT_READ && !m->certs[i].local &&
		    ca_id_equal(&m->certs[i].id, &k->id))
			return true;
	return false;
}

/* A key that neither a certificate nor a file shows the public half of: the
 * card's own object does. Without one its signatures could not be checked, and
 * no certificate of the host be matched. */
static ca_err
ask_for_public(struct ca_tx *tx, struct ca_model *m, const struct ca_key *k)
{
	struct ca_pub *p = pub_of(m, k);
	ca_err e;

	if (p == NULL || p->spki.n > 0 || k->type != CA_KEY_RSA ||
	    !k->has_reference || in_certificate(m, k))
		return CA_OK;
	e = ca_iasecc_public(tx, k->reference, &p->spki);
	if (e == CA_OK && p == &m->pubs[m->pubs_n])
		m->pubs_n++;
	return ca_chipdoc_untold(e) ? CA_OK : e;
}

static ca_err
describe_public(struct ca_tx *tx, struct ca_model *io)
{
	ca_err e = ca_iso_drv_describe_public(tx, io);

	for (size_t i = 0; e == CA_OK && i < io->keys_n; i++)
		e = ask_for_public(tx, io, &io->keys[i]);
	return e;
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
cert_room(struct ca_tx *tx, const struct ca_pin *pin, const struct ca_ref *ref,
    size_t *size)
{
	struct ca_rd fid = ca_rd_of(ref->path, ref->path_n);
	struct ca_rule rule;
	ca_err e;

	if (fid.n < 2 || !ca_rd_skip(&fid, fid.n - 2) || ref->ranged)
		return CA_E_UNSUPPORTED;
	if ((e = ca_tx_enter(tx)) != CA_OK)
		return e;
	e = ca_iasecc_update_rule(tx, fid, &rule, size);
	if (ca_chipdoc_untold(e))
		return CA_E_UNSUPPORTED;
	if (e != CA_OK)
		return e;
	/* Never by trying: unknown is no. */
	if (rule.right == CA_RIGHT_UNKNOWN || !ca_chipdoc_allows(&rule, pin))
		return CA_E_UNSUPPORTED;
	return CA_OK;
}

static ca_err
write_cert(struct ca_tx *tx, const struct ca_pin *pin, const struct ca_ref *ref,
    struct ca_rd der)
{
	struct ca_buf old = {0}, new = {0};
	size_t size = 0;
	ca_err e = cert_room(tx, pin, ref, &size);

	if (e != CA_OK)
		return e;
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
    .describe_public = describe_public,
    .describe_data = ca_iso_drv_describe_data,
    .read_cert = ca_iso_drv_read_cert,
    .read_part = ca_iso_drv_read_part,
    .pin_state = ca_chipdoc_pin_state,
    .verify = ca_chipdoc_verify,
    .change_pin = ca_chipdoc_change_pin,
    .unblock = ca_chipdoc_unblock,
    .keying = ca_chipdoc_keying,
    .key_in = ca_iso_drv_key_in,
    .logout = ca_iso_drv_logout,
    .sign = ca_iso_drv_sign,
    .decipher = ca_iso_drv_sign,
    .cert_room = cert_room,
    .write_cert = write_cert,
    .random = ca_iso_drv_random,
};
