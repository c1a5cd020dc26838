/*
 * VGCA token type A: bit4id TokenME EVO v2 with the JCOP4 applet, RSA 3072. A
 * PKCS#15 card but for its public key file; the layout was read from a real
 * token, signing is unproven. The certificate file begins with tag 7A and is
 * compressed with a dictionary nobody outside knows: it counts as unreadable,
 * and the certificate comes from the host's store.
 */
#include "pcsc/base/log.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/pkcs15_parse.h"

#define ROOM "vgca-jcop4"
#define PACKED 0x7A
#define EXPONENT_BYTES 4
#define MODULUS_MIN 128
#define MODULUS_MAX 512

/* DF10 and its like: exponent in four bytes, then the modulus; the file may be
 * longer, padded with 00. */
static ca_err
spki_of_file(struct ca_rd file, struct ca_buf *spki)
{
	struct ca_rd exponent, modulus;
	size_t n = MODULUS_MAX;

	if (!ca_rd_take(&file, EXPONENT_BYTES, &exponent))
		return CA_E_MALFORMED;
	/* A modulus is odd and has a round number of bytes: the largest such
	 * part that the file holds and that ends in an odd byte. */
	for (; n >= MODULUS_MIN; n -= MODULUS_MIN) {
		struct ca_rd r = file;

		if (ca_rd_take(&r, n, &modulus) &&
		    (modulus.p[n - 1] & 1) != 0 && ca_rd_all(r, 0))
			return ca_p15_spki_rsa(modulus, exponent, spki);
	}
	return ca_p15_spki(file, spki);
}

/* The file of a key of `bits`; 0 where the directory does not tell. */
static ca_err
read_key(struct ca_tx *tx, struct ca_pub *k)
{
	struct ca_buf file = {0};
	ca_err e = ca_iso_read_front(tx, &k->path,
	    k->bits > 0 ? EXPONENT_BYTES + (k->bits + 7) / 8 : 0, &file);

	if (e == CA_OK && spki_of_file(ca_buf_rd(&file), &k->spki) != CA_OK)
		e = CA_E_DATA;
	ca_buf_free(&file);
	/* A key whose file is not there or is not one stays without. */
	return ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED ? CA_OK : e;
}

static ca_err
describe_public(struct ca_tx *tx, struct ca_model *io)
{
	struct ca_iso_state *s = tx->state;
	ca_err e = ca_p15_list_public(tx, &s->odf, io);

	for (size_t i = 0; e == CA_OK && i < io->pubs_n; i++)
		if (io->pubs[i].spki.n == 0 && io->pubs[i].path.path_n > 0)
			e = read_key(tx, &io->pubs[i]);
	io->pubs_read = e == CA_OK;
	return e;
}

/* A file that begins with 7A is not worth reading, and what cannot be read is
 * not shown: programs list certificates first and read them later. */
static ca_err
hide_packed(struct ca_tx *tx, struct ca_cert *c)
{
	struct ca_buf head = {0};
	ca_err e;

	if (c->path.path_n == 0)
		return CA_OK;
	e = ca_iso_drv_read_part(tx, &c->path, 0, 1, &head);
	if (e == CA_OK && head.n == 1 && head.p[0] == PACKED) {
		ca_log(CA_LOG_INFO, ROOM, "certificate '%s' is compressed",
		    c->label);
		c->state = CA_CERT_BAD;
	}
	ca_buf_free(&head);
	/* What else is wrong with the file shows when it is read. */
	return e == CA_E_REMOVED || e == CA_E_RESET || e == CA_E_NO_SERVICE
		   ? e
		   : CA_OK;
}

/*
 * The public keys at once: no certificate tells them, so whoever signs or looks
 * for a certificate of the host needs them, and later they would cost one more
 * SELECT of the application. That one could also end the login.
 */
static ca_err
describe(struct ca_tx *tx, struct ca_model *out)
{
	ca_err e = ca_iso_drv_describe(tx, out);

	for (size_t i = 0; e == CA_OK && i < out->certs_n; i++)
		e = hide_packed(tx, &out->certs[i]);
	return e != CA_OK ? e : describe_public(tx, out);
}

const struct ca_driver ca_drv_vgca_jcop4 = {
    .name = "vgca-jcop4",
    .state_size = sizeof(struct ca_iso_state),
    .claims = ca_iso_drv_claims,
    .enter = ca_iso_drv_enter,
    .describe = describe,
    .describe_public = describe_public,
    .describe_data = ca_iso_drv_describe_data,
    .read_cert = ca_iso_drv_read_cert,
    .read_part = ca_iso_drv_read_part,
    .pin_state = ca_iso_drv_pin_state,
    .verify = ca_iso_drv_verify,
    .change_pin = ca_iso_drv_change_pin,
    .unblock = ca_iso_drv_unblock,
    .keying = ca_iso_drv_keying,
    .key_in = ca_iso_drv_key_in,
    .logout = ca_iso_drv_logout,
    .sign = ca_iso_drv_sign,
    .decipher = ca_iso_drv_sign,
    .random = ca_iso_drv_random,
};
