/*
 * Feitian ePass2003: a PKCS#15 card behind a secure channel (pcsc/sm), files
 * selected one identifier at a time, PINs proven by challenge and response.
 * Facts as OpenSC's driver shows them. Otherwise than there the answers' MACs
 * are always checked, a PIN change proves the old PIN, and an unblocking
 * writes the new one.
 */
#include "pcsc/card/drv_epass2003.h"
#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/sm/epass2003.h"

#define ANSWER_MAX 256
#define SERIAL_BYTES 8

/* ---- what is on the card ---- */

/* The chip's number, where TokenInfo has none. */
static ca_err
read_serial(struct ca_tx *tx, struct ca_model *m)
{
	uint8_t b[ANSWER_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu ask = {
	    .ins = 0xCA, .p1 = 0x01, .p2 = 0x80, .le = SERIAL_BYTES};
	ca_err e = m->serial[0] != '\0' ? CA_OK : ca_tx_do(tx, &ask, &w);

	if (e == CA_OK && w.n == SERIAL_BYTES)
		(void)ca_log_hex(ca_wr_rd(&w), m->serial, sizeof(m->serial));
	return e;
}

/* What the card refuses to tell is unknown; other errors are faults. */
static ca_err
optional(ca_err e)
{
	switch (e) {
	case CA_E_NOT_FOUND:
	case CA_E_AUTH_NEEDED:
	case CA_E_REFUSED:
	case CA_E_UNSUPPORTED:
	case CA_E_DATA:
	case CA_E_DATA_LEN:
		return CA_OK;
	default:
		return e;
	}
}

static struct ca_pin *
pin_with_role(struct ca_model *m, enum ca_pin_role role)
{
	for (size_t i = 0; i < m->pins_n; i++)
		if (m->pins[i].role == role)
			return &m->pins[i];
	return NULL;
}

/* A PIN is hashed as it was typed, whatever the directory says of padding. The
 * PUK, which it does not list, is the slot behind the user's. */
static void
mend_pins(struct ca_model *m)
{
	struct ca_pin *user = pin_with_role(m, CA_PIN_USER);
	struct ca_pin *puk = pin_with_role(m, CA_PIN_SO);

	for (size_t i = 0; i < m->pins_n; i++)
		m->pins[i].flags &= ~(uint32_t)CA_PINF_NEEDS_PADDING;
	if (user != NULL && puk != NULL &&
	    (user->reference & CA_EPASS2003_SLOT) ==
		(puk->reference & CA_EPASS2003_SLOT))
		puk->reference = (uint8_t)(user->reference + 1);
}

static ca_err
describe_once(struct ca_tx *tx, struct ca_model *m)
{
	uint8_t fid[2];
	ca_err e = ca_iso_drv_describe(tx, m);

	if (e != CA_OK)
		return e;
	for (size_t i = 0; i < m->certs_n; i++)
		ca_epass2003_place(&m->certs[i].path);
	for (size_t i = 0; i < m->keys_n; i++) {
		struct ca_key *k = &m->keys[i];

		/* The one curve the card knows. */
		if ((k->type == CA_KEY_EC && k->bits != 0 &&
			k->bits != CA_EPASS2003_EC_BITS) ||
		    ca_epass2003_key_file(k, fid) != CA_OK)
			k->algs = k->unproven = 0;
	}
	mend_pins(m);
	return optional(read_serial(tx, m));
}

static ca_err
describe(struct ca_tx *tx, struct ca_model *out)
{
	ca_err e = describe_once(tx, out);

	if (ca_epass2003_again(tx, e)) {
		ca_model_wipe(out);
		e = describe_once(tx, out);
	}
	return e;
}

static ca_err
describe_public(struct ca_tx *tx, struct ca_model *io)
{
	const struct ca_epass2003_state *s = tx->state;
	ca_err e;

	ca_epass2003_stay(tx);
	e = ca_p15_list_public(tx, &s->iso.odf, io);

	for (size_t i = 0; i < io->pubs_n; i++)
		ca_epass2003_place(&io->pubs[i].path);
	return e != CA_OK ? e : ca_p15_read_public(tx, ca_p15_spki, io);
}

static ca_err
describe_data(struct ca_tx *tx, struct ca_model *io)
{
	const struct ca_epass2003_state *s = tx->state;
	ca_err e;

	ca_epass2003_stay(tx);
	e = ca_p15_list_data(tx, &s->iso.odf, io);

	for (size_t i = 0; i < io->data_n; i++)
		ca_epass2003_place(&io->data[i].path);
	return e != CA_OK ? e : ca_p15_read_data(tx, io);
}

static ca_err
read_cert(struct ca_tx *tx, const struct ca_ref *ref, struct ca_buf *out)
{
	ca_err e;

	ca_epass2003_stay(tx);
	e = ca_iso_drv_read_cert(tx, ref, out);
	return ca_epass2003_again(tx, e) ? ca_iso_drv_read_cert(tx, ref, out)
					 : e;
}

static ca_err
read_part(struct ca_tx *tx, const struct ca_ref *ref, size_t offset, size_t n,
    struct ca_buf *out)
{
	ca_err e;

	ca_epass2003_stay(tx);
	e = ca_iso_drv_read_part(tx, ref, offset, n, out);
	return ca_epass2003_again(tx, e)
		   ? ca_iso_drv_read_part(tx, ref, offset, n, out)
		   : e;
}

static ca_err
random_once(struct ca_tx *tx, struct ca_wr *out, size_t n)
{
	ca_err e = ca_epass2003_ready(tx);

	return e != CA_OK ? e : ca_iso_drv_random(tx, out, n);
}

static ca_err
random_bytes(struct ca_tx *tx, struct ca_wr *out, size_t n)
{
	struct ca_wr before = *out;
	ca_err e = random_once(tx, out, n);

	if (!ca_epass2003_again(tx, e))
		return e;
	*out = before;
	return random_once(tx, out, n);
}

const struct ca_driver ca_drv_epass2003 = {
    .name = "epass2003",
    .state_size = sizeof(struct ca_epass2003_state),
    .claims = ca_epass2003_claims,
    .enter = ca_epass2003_enter,
    .describe = describe,
    .describe_public = describe_public,
    .describe_data = describe_data,
    .read_cert = read_cert,
    .read_part = read_part,
    .pin_state = ca_epass2003_pin_state,
    .verify = ca_epass2003_verify,
    .change_pin = ca_epass2003_change_pin,
    .unblock = ca_epass2003_unblock,
    .remote = ca_epass2003_remote,
    .remote_state = ca_epass2003_pin_state, /* the PUK's */
    .remote_ask = ca_epass2003_remote_ask,
    .remote_set = ca_epass2003_remote_set,
    .logout = NULL, /* no command for it is known: card.c resets the card */
    .sign = ca_epass2003_use,
    .decipher = ca_epass2003_use,
    .random = random_bytes,
};
