/*
 * SafeNet eToken 5110 CC and the IDPrime MD line (IDPrime applet). No PKCS#15:
 * an index file names the certificates of numbered containers, and the number
 * gives the key reference by a rule that differs with the model (profiles), or
 * through a map file on the 940. Facts as OpenSC's idprime driver shows them.
 */
#include "pcsc/card/drv_idprime.h"
#include "pcsc/apdu/sw.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/idprime.h"
#include "pcsc/card/iso7816.h"

#define RANDOM_CHUNK 16

bool
ca_idprime_absent(ca_err e)
{
	return ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED;
}

/*
 * SELECT of the applet that asks for no answer, as the public traces have it;
 * on T=0 the answer would cost a command more. Where P2 0C is refused, the
 * usual form.
 */
static ca_err
select_applet(struct ca_tx *tx)
{
	struct ca_rd aid = ca_rd_of(tx->profile->aid.b, tx->profile->aid.n);
	struct ca_apdu cmd = {.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = aid};
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &cmd, NULL, &sw);

	if (e != CA_OK)
		return e;
	if (sw == 0x6A86)
		return ca_iso_select_aid(tx, aid);
	e = ca_sw_err(sw);
	return e == CA_E_IO ? CA_E_NOT_FOUND : e;
}

static ca_err
claims(struct ca_tx *tx)
{
	ca_err e = select_applet(tx);

	tx->entered = e == CA_OK;
	return e;
}

ca_err
ca_idprime_read(struct ca_tx *tx, uint8_t p1, uint16_t fid, size_t size,
    struct ca_buf *out)
{
	const uint8_t b[] = {(uint8_t)(fid >> 8), (uint8_t)fid};
	struct ca_fcp fcp = {.size = size};
	ca_err e = ca_iso_select(tx, p1, ca_rd_of(b, sizeof(b)),
	    size == 0 ? &fcp : NULL);

	ca_buf_free(out);
	if (e == CA_OK && fcp.size == 0)
		e = CA_E_DATA; /* a directory, or nothing in it */
	return e != CA_OK ? e : ca_iso_read(tx, fcp.size, CA_UNTIL_END, out);
}

static ca_err
cert_of_size(struct ca_tx *tx, uint16_t fid, size_t size, struct ca_buf *out)
{
	struct ca_buf file = {0};
	ca_err e = ca_idprime_read(tx, CA_SELECT_ANY, fid, size, &file);

	if (e == CA_OK)
		e = ca_idprime_certificate(ca_buf_rd(&file), out);
	ca_buf_free(&file);
	return e;
}

ca_err
ca_idprime_read_cert(struct ca_tx *tx, uint16_t fid, size_t size,
    struct ca_buf *out)
{
	ca_err e = CA_E_DATA;

	if (size > 0 && size <= CA_FILE_MAX)
		e = cert_of_size(tx, fid, size, out);
	/* No certificate, nothing to read so far behind its end, or (6986) no
	 * file at all. */
	if (e == CA_E_DATA || e == CA_E_DATA_LEN || e == CA_E_UNSUPPORTED ||
	    e == CA_E_IO)
		e = cert_of_size(tx, fid, 0, out);
	return e;
}

/*
 * The applet is selected again only where the file is not there or is no
 * certificate, another program having selected its own: on some applets that
 * ends the login, and often a certificate is read after it.
 */
static ca_err
read_cert(struct ca_tx *tx, const struct ca_ref *ref, struct ca_buf *out)
{
	struct ca_rd r = ca_rd_of(ref->path, ref->path_n);
	uint16_t fid;
	ca_err e;

	if (!ca_rd_u16(&r, &fid))
		return CA_E_BUG;
	e = ca_idprime_read_cert(tx, fid, ref->length, out);
	if (!ca_idprime_absent(e) || tx->entered ||
	    (e = ca_tx_enter(tx)) != CA_OK)
		return e;
	return ca_idprime_read_cert(tx, fid, ref->length, out);
}

/* GET CHALLENGE of 16 bytes at a time: fewer than 9 want another P2. */
static ca_err
random_bytes(struct ca_tx *tx, struct ca_wr *out, size_t n)
{
	return ca_iso_random(tx, RANDOM_CHUNK, n, out);
}

const struct ca_driver ca_drv_idprime = {
    .name = "idprime",
    .state_size = sizeof(struct ca_idprime_state),
    .claims = claims,
    .enter = select_applet,
    .describe = ca_idprime_describe,
    .read_cert = read_cert,
    .pin_state = ca_iso_drv_pin_state,
    .verify = ca_iso_drv_verify,
    .change_pin = ca_iso_drv_change_pin,
    .keying = ca_iso_drv_keying,
    .key_in = ca_iso_drv_key_in,
    .logout = ca_iso_drv_logout,
    .sign = ca_idprime_sign,
    .decipher = ca_idprime_decipher,
    .random = random_bytes,
};
