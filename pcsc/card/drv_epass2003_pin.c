/*
 * See drv_epass2003.c: PINs. The card keeps a key made from the PIN, and asks
 * for proof of it by a challenge: the PIN itself is never sent. Who has seen
 * one proof can try PINs at home, so proofs and keys are secrets.
 */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_epass2003.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/pin.h"

#define ROOM "epass2003"
#define CHALLENGE_ASKED 16 /* of which the first 8 bytes count */
#define TRIES_MAX 15       /* half a byte */
#define REFERENCE_LOCAL 0x80
#define BLOCK_MAX CA_SECRET_MAX

/* What an authentication is answered with. 6982 is no question of rights here,
 * and of a wrong length the host is to blame. */
static const struct ca_sw_row proof_rows[] = {
    {0xFFFF, 0x6982, CA_E_REFUSED},
    {0xFFFF, 0x6A88, CA_E_PIN_UNSET},
};

static uint8_t
slot_of(const struct ca_pin *pin)
{
	return pin->reference & CA_EPASS2003_SLOT;
}

static struct ca_apdu
authenticate(const struct ca_pin *pin)
{
	struct ca_apdu cmd = {.ins = 0x82,
	    .p1 = 0x01,
	    .p2 = slot_of(pin) | REFERENCE_LOCAL,
	    .secret = true};

	return cmd;
}

static ca_err
challenge_once(struct ca_tx *tx, struct ca_wr *out)
{
	uint8_t b[CHALLENGE_ASKED];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu ask = {.ins = 0x84, .le = CHALLENGE_ASKED};
	struct ca_rd r, first;
	uint16_t sw;
	ca_err e;

	if ((e = ca_epass2003_ready(tx)) != CA_OK ||
	    (e = ca_tx_send(tx, &ask, &w, &sw)) != CA_OK ||
	    (e = ca_sw_err(sw)) != CA_OK)
		return e;
	r = ca_wr_rd(&w);
	if (!ca_rd_take(&r, CA_EPASS2003_CHALLENGE, &first))
		return CA_E_MALFORMED;
	ca_wr_bytes(out, first);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

/* A challenge spends nothing, so it may be asked for twice. */
ca_err
ca_epass2003_ask(struct ca_tx *tx, struct ca_wr *out)
{
	ca_err e = challenge_once(tx, out);

	return ca_epass2003_again(tx, e) ? challenge_once(tx, out) : e;
}

static ca_err
ask_state(struct ca_tx *tx, const struct ca_pin *pin, struct ca_pin_state *out)
{
	const struct ca_epass2003_state *s = tx->state;
	uint8_t b[CA_EPASS2003_CHALLENGE];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu ask = authenticate(pin);
	uint16_t sw;
	ca_err e = CA_OK;

	*out = (struct ca_pin_state){.tries_left = -1};
	/* A channel that lives shows that nobody was here; without one another
	 * application may be selected, with PINs of its own. */
	if (s->kind == CA_EPASS2003_PLAIN)
		e = ca_tx_enter(tx);
	/* The question is asked as an authentication without a proof. */
	if (e != CA_OK || (e = ca_epass2003_ask(tx, &w)) != CA_OK ||
	    (e = ca_tx_send(tx, &ask, NULL, &sw)) != CA_OK)
		return e;
	if (sw == 0x6A88)
		return CA_E_PIN_UNSET;
	out->verified = sw == 0x9000;
	out->tries_left = sw == 0x6983 ? 0 : ca_sw_tries(sw);
	out->blocked = out->tries_left == 0;
	return CA_OK;
}

ca_err
ca_epass2003_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out)
{
	struct ca_epass2003_state *s = tx->state;
	ca_err e;

	*out = (struct ca_pin_state){.tries_left = -1};
	if (s->silent)
		return CA_OK;
	e = ask_state(tx, pin, out);
	if (ca_epass2003_again(tx, e))
		e = ask_state(tx, pin, out);
	/* Newer tokens are said not to answer this question (OpenSC's issue
	 * 3034, with another MAC than here): then nobody tells. */
	s->silent = ca_epass2003_again(tx, e);
	return s->silent ? CA_OK : e;
}

ca_err
ca_epass2003_prove(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd proof, int *tries_left)
{
	struct ca_apdu cmd = authenticate(pin);
	uint16_t sw = 0;
	ca_err e;

	cmd.data = proof;
	if ((e = ca_tx_send(tx, &cmd, NULL, &sw)) != CA_OK)
		return e;
	e = ca_sw_map(proof_rows, CA_COUNT(proof_rows), sw);
	*tries_left = e == CA_E_PIN_BLOCKED ? 0 : ca_sw_tries(sw);
	return e;
}

/* Proves a PIN that has the right form. One try, never repeated. */
static ca_err
prove(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value,
    int *tries_left)
{
	uint8_t cb[CA_EPASS2003_CHALLENGE], pb[CA_EPASS2003_CHALLENGE];
	struct ca_wr random = ca_wr_of(cb, sizeof(cb));
	struct ca_wr proof = ca_wr_of(pb, sizeof(pb));
	ca_err e = ca_epass2003_ask(tx, &random);

	if (e == CA_OK)
		e = ca_epass2003_pin_proof(value, ca_wr_rd(&random), &proof);
	if (e == CA_OK)
		e = ca_epass2003_prove(tx, pin, ca_wr_rd(&proof), tries_left);
	ca_wipe(pb, sizeof(pb));
	return e;
}

ca_err
ca_epass2003_form(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value)
{
	uint8_t b[BLOCK_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e = ca_pin_encode(tx->profile, pin, value, &w);

	if (e == CA_OK && !ca_rd_equal(ca_wr_rd(&w), value))
		e = CA_E_UNSUPPORTED; /* digits in half bytes: never seen */
	ca_wipe(b, sizeof(b));
	return e;
}

ca_err
ca_epass2003_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left)
{
	ca_err e = ca_epass2003_form(tx, pin, value);

	*tries_left = -1;
	return e != CA_OK ? e : prove(tx, pin, value, tries_left);
}

/* EF 9F00 has a byte for the user's and one for the officer's. */
static ca_err
read_tries_once(struct ca_tx *tx, const struct ca_pin *pin, uint8_t *tries)
{
	const struct ca_ref ref = {.path = {0x9F, 0x00}, .path_n = 2};
	struct ca_buf file = {0};
	struct ca_rd r;
	ca_err e = ca_iso_read_ref(tx, &ref, CA_UNTIL_END, &file);

	r = ca_buf_rd(&file);
	if (e != CA_OK || !ca_rd_skip(&r, pin->role == CA_PIN_SO ? 1 : 0) ||
	    !ca_rd_u8(&r, tries))
		*tries = (uint8_t)pin->tries_max;
	ca_buf_free(&file);
	if (e == CA_E_NOT_FOUND || e == CA_E_AUTH_NEEDED || e == CA_E_REFUSED)
		e = CA_OK;
	return e == CA_OK && *tries > TRIES_MAX ? CA_E_UNSUPPORTED : e;
}

ca_err
ca_epass2003_tries(struct ca_tx *tx, const struct ca_pin *pin, uint8_t *tries)
{
	ca_err e = read_tries_once(tx, pin, tries);

	return ca_epass2003_again(tx, e) ? read_tries_once(tx, pin, tries) : e;
}

/* Writes the key of a PIN and its tries, by the right of what was proven. */
static ca_err
write_pin(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value,
    uint8_t tries)
{
	uint8_t b[1 + CA_EPASS2003_PIN_KEY];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu put = {.cla = 0x80,
	    .ins = 0xE5,
	    .p1 = 0x04,
	    .p2 = slot_of(pin),
	    .secret = true};
	uint16_t sw;
	ca_err e;

	ca_wr_u8(&w, (uint8_t)(tries << 4 | tries));
	e = ca_epass2003_pin_key(value, &w);
	put.data = ca_wr_rd(&w);
	if (e == CA_OK && (e = ca_tx_send(tx, &put, NULL, &sw)) == CA_OK) {
		e = ca_sw_err(sw);
		/* Its rules do not let who was just proven write it. */
		if (e == CA_E_AUTH_NEEDED)
			e = CA_E_REFUSED;
	}
	ca_wipe(b, sizeof(b));
	return e;
}

/* A PIN that was just proven has all its tries. */
static ca_err
full_tries(struct ca_tx *tx, const struct ca_pin *pin, uint8_t *tries)
{
	struct ca_pin_state st;
	ca_err e = ca_epass2003_pin_state(tx, pin, &st);

	if (e == CA_OK && st.tries_left < 1)
		return CA_E_UNSUPPORTED;
	if (e == CA_OK)
		*tries = (uint8_t)st.tries_left;
	return e;
}

ca_err
ca_epass2003_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left)
{
	uint8_t tries;
	ca_err e;

	*tries_left = -1;
	/* The card may let anybody write it: the proof is ours to ask for. */
	if ((e = ca_epass2003_form(tx, pin, old_value)) != CA_OK ||
	    (e = ca_epass2003_form(tx, pin, new_value)) != CA_OK ||
	    (e = ca_epass2003_tries(tx, pin, &tries)) != CA_OK ||
	    (e = prove(tx, pin, old_value, tries_left)) != CA_OK ||
	    (tries == 0 && (e = full_tries(tx, pin, &tries)) != CA_OK))
		return e;
	return write_pin(tx, pin, new_value, tries);
}

ca_err
ca_epass2003_set_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd new_value, uint8_t tries)
{
	int of_pin = -1;
	ca_err e = write_pin(tx, pin, new_value, tries);

	if (e != CA_OK || (e = prove(tx, pin, new_value, &of_pin)) == CA_OK)
		return e;
	ca_log(CA_LOG_ERROR, ROOM, "the card did not take the new PIN");
	return CA_E_REFUSED;
}

ca_err
ca_epass2003_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left)
{
	uint8_t tries;
	ca_err e;

	*tries_left = -1;
	if ((e = ca_epass2003_form(tx, puk, puk_value)) != CA_OK ||
	    (e = ca_epass2003_form(tx, pin, new_value)) != CA_OK ||
	    (e = ca_epass2003_tries(tx, pin, &tries)) != CA_OK)
		return e;
	if (tries == 0)
		return CA_E_UNSUPPORTED;
	if ((e = prove(tx, puk, puk_value, tries_left)) != CA_OK)
		return e;
	return ca_epass2003_set_pin(tx, pin, new_value, tries);
}
