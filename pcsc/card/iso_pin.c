/* See iso7816.h: PINs. */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/iso7816.h"

/* A command that proves a secret, without data: a question, and no try. */
static ca_err
ask_state(struct ca_tx *tx, const struct ca_apdu *cmd, struct ca_pin_state *out)
{
	uint16_t sw;
	ca_err e = ca_tx_send(tx, cmd, NULL, &sw);

	*out = (struct ca_pin_state){.tries_left = -1};
	if (e != CA_OK)
		return e;
	switch (sw) {
	case 0x9000:
		out->verified = true;
		return CA_OK;
	case 0x6983:
		out->blocked = true;
		out->tries_left = 0;
		return CA_OK;
	case 0x6984:
	case 0x6A88:
		return CA_E_PIN_UNSET;
	default:
		/* Whatever else it says, it does not tell a count: 6700, 6A86
		 * and 6D00 are met on cards without the query. */
		out->tries_left = ca_sw_tries(sw);
		out->blocked = out->tries_left == 0;
		return CA_OK;
	}
}

ca_err
ca_iso_pin_state(struct ca_tx *tx, uint8_t reference, struct ca_pin_state *out)
{
	struct ca_apdu cmd = {.ins = 0x20, .p2 = reference};

	return ask_state(tx, &cmd, out);
}

ca_err
ca_iso_external_state(struct ca_tx *tx, uint8_t algorithm, uint8_t reference,
    struct ca_pin_state *out)
{
	struct ca_apdu cmd = {.ins = 0x82, .p1 = algorithm, .p2 = reference};

	return ask_state(tx, &cmd, out);
}

/* What a command that proves a secret is answered with. */
/* clang-format off */
static const struct ca_sw_row proof_rows[] = {
	{ 0xFFFF, 0x6700, CA_E_PIN_WRONG },
	{ 0xFFFF, 0x6A80, CA_E_PIN_WRONG },
	{ 0xFFFF, 0x6A88, CA_E_PIN_UNSET },
};
/* ... which is an answer to a challenge: 6982 is no question of rights here, and
 * of a length the host is to blame. */
static const struct ca_sw_row external_rows[] = {
	{ 0xFFFF, 0x6982, CA_E_REFUSED },
	{ 0xFFFF, 0x6A80, CA_E_PIN_WRONG },
	{ 0xFFFF, 0x6A88, CA_E_PIN_UNSET },
};
/* ... and one that also sets a new one, which the card may not like. */
static const struct ca_sw_row change_rows[] = {
	{ 0xFFFF, 0x6700, CA_E_PIN_LEN },
	{ 0xFFFF, 0x6A80, CA_E_DATA },
	{ 0xFFFF, 0x6A88, CA_E_PIN_UNSET },
};
/* clang-format on */

static ca_err
heard(const struct ca_sw_row *rows, size_t n, uint16_t sw, int *tries_left)
{
	ca_err e = ca_sw_map(rows, n, sw);

	*tries_left = e == CA_E_PIN_BLOCKED ? 0 : ca_sw_tries(sw);
	return e;
}

static ca_err
prove(struct ca_tx *tx, const struct ca_apdu *cmd, const struct ca_sw_row *rows,
    size_t n, int *tries_left)
{
	uint16_t sw;
	ca_err e = ca_tx_send(tx, cmd, NULL, &sw);

	*tries_left = -1;
	return e != CA_OK ? e : heard(rows, n, sw, tries_left);
}

ca_err
ca_iso_verify(struct ca_tx *tx, uint8_t reference, struct ca_rd block,
    int *tries_left)
{
	struct ca_apdu cmd = {
	    .ins = 0x20, .p2 = reference, .data = block, .secret = true};

	return prove(tx, &cmd, proof_rows, CA_COUNT(proof_rows), tries_left);
}

ca_err
ca_iso_external(struct ca_tx *tx, uint8_t algorithm, uint8_t reference,
    struct ca_rd answer, int *tries_left)
{
	struct ca_apdu cmd = {.ins = 0x82,
	    .p1 = algorithm,
	    .p2 = reference,
	    .data = answer,
	    .secret = true};

	return prove(tx, &cmd, external_rows, CA_COUNT(external_rows),
	    tries_left);
}

/* One command with one or two blocks as its data. */
static ca_err
two_blocks(struct ca_tx *tx, struct ca_apdu *cmd, struct ca_rd first,
    struct ca_rd second, int *tries_left)
{
	uint8_t b[255];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e = CA_E_PIN_LEN;

	*tries_left = -1;
	ca_wr_bytes(&w, first);
	ca_wr_bytes(&w, second);
	cmd->data = ca_wr_rd(&w);
	cmd->secret = true;
	if (ca_wr_ok(&w))
		e = prove(tx, cmd, change_rows, CA_COUNT(change_rows),
		    tries_left);
	ca_wipe(b, sizeof(b));
	return e;
}

ca_err
ca_iso_change(struct ca_tx *tx, uint8_t reference, struct ca_rd old_block,
    struct ca_rd new_block, int *tries_left)
{
	struct ca_apdu cmd = {.ins = 0x24, .p2 = reference};

	return two_blocks(tx, &cmd, old_block, new_block, tries_left);
}

ca_err
ca_iso_reset_retry(struct ca_tx *tx, uint8_t reference, struct ca_rd puk,
    struct ca_rd new_block, int *tries_left)
{
	struct ca_apdu cmd = {
	    .ins = 0x2C, .p1 = puk.n > 0 ? 0x00 : 0x02, .p2 = reference};

	return two_blocks(tx, &cmd, puk, new_block, tries_left);
}

ca_err
ca_iso_key_in(struct ca_tx *tx, const struct ca_entry *entry, int *tries_left)
{
	uint16_t sw;
	ca_err e = ca_tx_key_in(tx, entry, &sw);

	*tries_left = -1;
	if (e != CA_OK)
		return e;
	return entry->ask_new
		   ? heard(change_rows, CA_COUNT(change_rows), sw, tries_left)
		   : heard(proof_rows, CA_COUNT(proof_rows), sw, tries_left);
}
