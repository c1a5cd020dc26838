/*
 * Carta Nazionale dei Servizi: bit4id's JS2048 and J-SIGN on STIncard masks,
 * and cards of other makers. No PKCS#15: keys in fixed places, each with a PIN
 * of its own. Facts as OpenSC's itacns driver shows them; the local PIN of the
 * signature key counts only in its DF, which is therefore selected before.
 */
#include "pcsc/card/drv_bit4id_cns.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"

static struct ca_cns_state *
state(struct ca_tx *tx)
{
	return tx->state;
}

ca_err
ca_cns_select(struct ca_tx *tx, struct ca_rd path)
{
	static const uint8_t mf[] = {0x3F, 0x00};
	struct ca_apdu cmd = {
	    .ins = 0xA4, .p1 = 0x08, .p2 = 0x0C, .data = path};

	ca_cns_moved(tx);
	if (path.n == 0) {
		cmd.p1 = 0x00;
		cmd.data = ca_rd_of(mf, sizeof(mf));
	}
	return ca_tx_do(tx, &cmd, NULL);
}

ca_err
ca_cns_go_to(struct ca_tx *tx, const struct ca_cns_place *p)
{
	return ca_cns_select(tx, ca_rd_of(p->df, p->df_n));
}

void
ca_cns_moved(struct ca_tx *tx)
{
	state(tx)->ready = NULL;
	state(tx)->at_serial = false;
}

static ca_err
claims(struct ca_tx *tx)
{
	ca_err e = ca_cns_select_serial(tx);

	tx->entered = state(tx)->at_serial = e == CA_OK;
	state(tx)->resets = ca_card_resets(tx->card);
	return e;
}

/* Every file is selected by its path from the MF. Asked for when something
 * does not go as it should, so nothing is taken for set. */
static ca_err
enter(struct ca_tx *tx)
{
	ca_cns_moved(tx);
	return CA_OK;
}

static ca_err
read_cert(struct ca_tx *tx, const struct ca_ref *ref, struct ca_buf *out)
{
	ca_cns_moved(tx);
	return ca_iso_drv_read_cert(tx, ref, out);
}

static ca_err
read_part(struct ca_tx *tx, const struct ca_ref *ref, size_t offset, size_t n,
    struct ca_buf *out)
{
	ca_cns_moved(tx);
	return ca_iso_drv_read_part(tx, ref, offset, n, out);
}

const struct ca_driver ca_drv_bit4id_cns = {
    .name = "bit4id-cns",
    .state_size = sizeof(struct ca_cns_state),
    .claims = claims,
    .enter = enter,
    .describe = ca_cns_describe,
    .describe_public = ca_cns_describe_public,
    .read_cert = read_cert,
    .read_part = read_part,
    .pin_state = ca_cns_pin_state,
    .verify = ca_cns_verify,
    .change_pin = ca_cns_change_pin,
    .unblock = ca_cns_unblock,
    .keying = ca_cns_keying,
    .key_in = ca_iso_drv_key_in,
    .logout = ca_iso_drv_logout,
    .sign = ca_cns_sign,
    .decipher = ca_cns_decipher,
    .random = ca_iso_drv_random,
};
