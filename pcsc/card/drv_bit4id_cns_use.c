/* See drv_bit4id_cns.h: PINs and keys, each in its own DF. */
#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_bit4id_cns.h"
#include "pcsc/card/iso7816.h"

#define SE_NUMBER 0x03
#define MSE_P1 0xF1

ca_err
ca_cns_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out)
{
	ca_err e = ca_cns_go_to(tx, ca_cns_place_of_pin(pin));

	return e != CA_OK ? e : ca_iso_drv_pin_state(tx, pin, out);
}

ca_err
ca_cns_verify(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value,
    int *tries_left)
{
	ca_err e = ca_cns_go_to(tx, ca_cns_place_of_pin(pin));

	*tries_left = -1;
	return e != CA_OK ? e : ca_iso_drv_verify(tx, pin, value, tries_left);
}

ca_err
ca_cns_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left)
{
	ca_err e = ca_cns_go_to(tx, ca_cns_place_of_pin(pin));

	*tries_left = -1;
	return e != CA_OK ? e
			  : ca_iso_drv_change_pin(tx, pin, old_value, new_value,
				tries_left);
}

ca_err
ca_cns_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left)
{
	ca_err e = ca_cns_go_to(tx, ca_cns_place_of_pin(pin));

	*tries_left = -1;
	return e != CA_OK ? e
			  : ca_iso_drv_unblock(tx, puk, puk_value, pin,
				new_value, tries_left);
}

ca_err
ca_cns_keying(struct ca_tx *tx, enum ca_order order, const struct ca_pin *pin,
    const struct ca_pin *puk, struct ca_keying *out)
{
	ca_err e = ca_cns_go_to(tx, ca_cns_place_of_pin(pin));

	return e != CA_OK ? e : ca_iso_drv_keying(tx, order, pin, puk, out);
}

/* MSE RESTORE; CNS wants a fifth byte, an Lc of 0. */
static ca_err
restore_se(struct ca_tx *tx)
{
	struct ca_apdu cmd = {
	    .ins = 0x22, .p1 = 0xF3, .p2 = SE_NUMBER, .le = CA_LE_SHORT};

	return ca_tx_do(tx, &cmd, NULL);
}

/* MSE SET with the key in tag 83, and the command. */
static ca_err
set_and_compute(struct ca_tx *tx, const struct ca_key *key,
    const struct ca_way *way, struct ca_rd in, struct ca_wr *out)
{
	const uint8_t data[] = {0x83, 0x01, key->reference};
	struct ca_apdu set = {.ins = 0x22,
	    .p1 = MSE_P1,
	    .p2 = way->crt,
	    .data = ca_rd_of(data, sizeof(data))};
	ca_err e = ca_tx_do(tx, &set, NULL);

	return e != CA_OK
		   ? e
		   : ca_iso_compute(tx, way, in, (key->bits + 7) / 8, out);
}

/*
 * While DF and environment are those of the last use, MSE SET and the command
 * suffice. Another program may have changed both: for what is then refused, or
 * comes out wrong, token.c asks for enter(), which forgets them, and comes
 * again.
 */
static ca_err
compute(struct ca_tx *tx, const struct ca_key *key, const struct ca_way *way,
    struct ca_rd in, struct ca_wr *out)
{
	const struct ca_cns_place *p = ca_cns_place_of_key(key);
	struct ca_cns_state *s = tx->state;
	ca_err e;

	if (s->ready == p && s->resets == ca_card_resets(tx->card))
		return set_and_compute(tx, key, way, in, out);
	if ((e = ca_cns_go_to(tx, p)) != CA_OK || (e = restore_se(tx)) != CA_OK)
		return e;
	if ((e = set_and_compute(tx, key, way, in, out)) == CA_OK) {
		s->ready = p;
		s->resets = ca_card_resets(tx->card);
	}
	return e;
}

static const struct ca_way by_signature = {
    .crt = 0xB6, .command = CA_COMMAND_PSO};
static const struct ca_way by_decipher = {.crt = 0xB8,
    .command = CA_COMMAND_DECIPHER,
    .has_indicator = true,
    .indicator = 0x00};

/* PSO COMPUTE DIGITAL SIGNATURE, and PSO DECIPHER of the padded block, which is
 * what OpenSC sends, for a mask that refuses the first. */
ca_err
ca_cns_sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	if (alg != CA_ALG_RSA_RAW || attempt > 1)
		return CA_E_NOT_FOUND;
	return compute(tx, key, attempt == 0 ? &by_signature : &by_decipher, in,
	    out);
}

ca_err
ca_cns_decipher(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	if (alg != CA_ALG_RSA_DEC_RAW || attempt > 0)
		return CA_E_NOT_FOUND;
	/* Nothing shows whether a plaintext is of the right key. */
	ca_cns_moved(tx);
	return compute(tx, key, &by_decipher, in, out);
}
