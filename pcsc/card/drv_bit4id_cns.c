/*
 * Carta Nazionale dei Servizi on STIncard masks: bit4id's JS2048 and J-SIGN.
 * No PKCS#15: two keys in fixed places, each with a PIN of its own. Facts as
 * OpenSC's itacns driver shows them; the local PIN of the signature key counts
 * only in its DF, which is therefore selected before every use.
 */
#include <stdio.h>
#include <string.h>

#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"

#define SERIAL_BYTES 16
#define SE_NUMBER 0x03
#define MSE_P1 0xF1
/* On STIncard masks: look for the reference upward from the current DF. */
#define LOCAL 0x80

/* Where things are on every card of the kind. */
static const uint8_t id_carta[] = {0x10, 0x00, 0x10, 0x03};

struct place {
	const char *key_label, *cert_label, *pin_label;
	uint8_t id, key, pin, puk;
	uint8_t cert[4];
	uint8_t df[4]; /* the DF of key and PIN */
	size_t df_n;   /* 0: the MF */
	uint32_t usage;
};

/* clang-format off */
static const struct place places[] = {
	{ "CNS authentication", "CNS authentication", "CNS PIN",
	  0x00, 0x01, 0x10 | LOCAL, 0x11 | LOCAL,
	  { 0x11, 0x00, 0x11, 0x01 }, { 0 }, 0,
	  CA_USE_SIGN | CA_USE_DECRYPT | CA_USE_UNWRAP },
	{ "CNS signature", "CNS signature", "Signature PIN",
	  0x01, 0x10, 0x1A | LOCAL, 0x1B | LOCAL,
	  { 0x14, 0x00, 0x90, 0x10 }, { 0x14, 0x00, 0x81, 0x10 }, 4,
	  CA_USE_SIGN | CA_USE_NON_REPUDIATION | CA_USE_DECRYPT },
};
/* clang-format on */

static const struct place *
place_of_pin(uint8_t reference)
{
	for (size_t i = 0; i < CA_COUNT(places); i++)
		if (places[i].pin == reference || places[i].puk == reference)
			return &places[i];
	return &places[0];
}

static const struct place *
place_of_key(uint8_t reference)
{
	for (size_t i = 0; i < CA_COUNT(places); i++)
		if (places[i].key == reference)
			return &places[i];
	return &places[0];
}

/* Selects without wanting an answer: only whether it is there. */
static ca_err
go_to(struct ca_tx *tx, struct ca_rd path)
{
	static const uint8_t mf[] = {0x3F, 0x00};
	struct ca_apdu cmd = {
	    .ins = 0xA4, .p1 = 0x08, .p2 = 0x0C, .data = path};
	uint16_t sw;
	ca_err e;

	if (path.n == 0) {
		cmd.p1 = 0x00;
		cmd.data = ca_rd_of(mf, sizeof(mf));
	}
	e = ca_tx_send(tx, &cmd, NULL, &sw);
	return e != CA_OK ? e : ca_sw_err(sw);
}

static ca_err
claims(struct ca_tx *tx)
{
	ca_err e = go_to(tx, ca_rd_of(id_carta, sizeof(id_carta)));

	tx->entered = e == CA_OK;
	return e;
}

/* Every file is selected by its path from the MF. */
static ca_err
enter(struct ca_tx *tx)
{
	(void)tx;
	return CA_OK;
}

/* Sixteen characters, filtered: a card's bytes go to the user's screen. */
static ca_err
read_serial(struct ca_tx *tx, struct ca_model *m)
{
	struct ca_ref ref = {.path_n = sizeof(id_carta)};
	struct ca_buf b = {0};
	size_t n = 0;
	ca_err e;

	memcpy(ref.path, id_carta, sizeof(id_carta));
	e = ca_iso_read_ref(tx, &ref, CA_UNTIL_END, &b);
	for (size_t i = 0; e == CA_OK && i < b.n && n < SERIAL_BYTES; i++)
		if (b.p[i] > 0x20 && b.p[i] < 0x7F)
			m->serial[n++] = (char)b.p[i];
	m->serial[n] = '\0';
	ca_buf_free(&b);
	return e == CA_E_NOT_FOUND || e == CA_E_AUTH_NEEDED ? CA_OK : e;
}

static void
add_pin(struct ca_model *m, const struct ca_profile_pin *facts,
    const struct place *p, uint8_t reference, enum ca_pin_role role)
{
	struct ca_pin *pin = &m->pins[m->pins_n++];

	memset(pin, 0, sizeof(*pin));
	(void)snprintf(pin->label, sizeof(pin->label), "%s",
	    role == CA_PIN_SO ? "PUK" : p->pin_label);
	pin->role = role;
	pin->reference = reference;
	pin->has_reference = true;
	pin->type = CA_PIN_ASCII;
	pin->flags = CA_PINF_INITIALIZED | CA_PINF_NEEDS_PADDING;
	pin->min = facts->min;
	pin->max = facts->max;
	pin->stored = facts->stored;
	pin->pad_char = facts->pad;
	pin->has_pad_char = true;
	pin->auth_id.b[0] = reference;
	pin->auth_id.n = 1;
}

static void
add_place(struct ca_tx *tx, const struct place *p, struct ca_model *m)
{
	struct ca_key *k = &m->keys[m->keys_n++];
	struct ca_cert *c = &m->certs[m->certs_n++];
	bool first = m->pins_n == 0;

	memset(k, 0, sizeof(*k));
	memset(c, 0, sizeof(*c));
	k->id.b[0] = p->id;
	k->id.n = 1;
	c->id = k->id;
	(void)snprintf(k->label, sizeof(k->label), "%s", p->key_label);
	(void)snprintf(c->label, sizeof(c->label), "%s", p->cert_label);
	k->type = CA_KEY_RSA;
	k->usage = p->usage;
	k->is_private = true;
	k->reference = p->key;
	k->has_reference = true;
	k->algs = CA_ALG_BIT(CA_ALG_RSA_RAW) | CA_ALG_BIT(CA_ALG_RSA_DEC_RAW);
	k->auth_id.b[0] = p->pin;
	k->auth_id.n = 1;
	memcpy(c->path.path, p->cert, sizeof(p->cert));
	c->path.path_n = sizeof(p->cert);
	add_pin(m, &tx->profile->user, p, p->pin,
	    first ? CA_PIN_USER : CA_PIN_KEY);
	if (first)
		add_pin(m, &tx->profile->user, p, p->puk, CA_PIN_SO);
}

static ca_err
describe(struct ca_tx *tx, struct ca_model *out)
{
	const struct ca_profile *p = tx->profile;
	ca_err e = read_serial(tx, out);

	for (size_t i = 0; e == CA_OK && i < CA_COUNT(places); i++) {
		e = go_to(tx, ca_rd_of(places[i].cert, sizeof(places[i].cert)));
		if (e == CA_OK)
			add_place(tx, &places[i], out);
		else if (e == CA_E_NOT_FOUND || e == CA_E_REFUSED)
			e = CA_OK; /* not every card has both */
	}
	memcpy(out->label, p->label, sizeof(p->label));
	memcpy(out->manufacturer, p->manufacturer, sizeof(p->manufacturer));
	memcpy(out->model, p->model, sizeof(p->model));
	out->token_flags = CA_TOKF_LOGIN_REQUIRED;
	out->can_random = p->random_chunk > 0;
	out->pubs_read = true;
	out->data_read = true;
	return e;
}

static ca_err
go_to_place(struct ca_tx *tx, const struct place *p)
{
	return go_to(tx, ca_rd_of(p->df, p->df_n));
}

static ca_err
pin_state(struct ca_tx *tx, const struct ca_pin *pin, struct ca_pin_state *out)
{
	ca_err e = go_to_place(tx, place_of_pin(pin->reference));

	return e != CA_OK ? e : ca_iso_drv_pin_state(tx, pin, out);
}

static ca_err
verify(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value,
    int *tries_left)
{
	ca_err e = go_to_place(tx, place_of_pin(pin->reference));

	*tries_left = -1;
	return e != CA_OK ? e : ca_iso_drv_verify(tx, pin, value, tries_left);
}

static ca_err
change_pin(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd old_value,
    struct ca_rd new_value, int *tries_left)
{
	ca_err e = go_to_place(tx, place_of_pin(pin->reference));

	*tries_left = -1;
	return e != CA_OK ? e
			  : ca_iso_drv_change_pin(tx, pin, old_value, new_value,
				tries_left);
}

static ca_err
unblock(struct ca_tx *tx, const struct ca_pin *puk, struct ca_rd puk_value,
    const struct ca_pin *pin, struct ca_rd new_value, int *tries_left)
{
	ca_err e = go_to_place(tx, place_of_pin(pin->reference));

	*tries_left = -1;
	return e != CA_OK ? e
			  : ca_iso_drv_unblock(tx, puk, puk_value, pin,
				new_value, tries_left);
}

/* MSE RESTORE; CNS wants a fifth byte, an Lc of 0. */
static ca_err
restore_se(struct ca_tx *tx)
{
	struct ca_apdu cmd = {
	    .ins = 0x22, .p1 = 0xF3, .p2 = SE_NUMBER, .le = CA_LE_SHORT};

	return ca_tx_do(tx, &cmd, NULL);
}

/* MSE SET with the key in tag 83. */
static ca_err
set_key(struct ca_tx *tx, uint8_t crt, uint8_t key)
{
	const uint8_t data[] = {0x83, 0x01, key};
	struct ca_apdu cmd = {.ins = 0x22,
	    .p1 = MSE_P1,
	    .p2 = crt,
	    .data = ca_rd_of(data, sizeof(data))};

	return ca_tx_do(tx, &cmd, NULL);
}

static ca_err
compute(struct ca_tx *tx, const struct ca_key *key, const struct ca_way *way,
    struct ca_rd in, struct ca_wr *out)
{
	ca_err e;

	if ((e = go_to_place(tx, place_of_key(key->reference))) != CA_OK ||
	    (e = restore_se(tx)) != CA_OK ||
	    (e = set_key(tx, way->crt, key->reference)) != CA_OK)
		return e;
	return ca_iso_compute(tx, way, in, (key->bits + 7) / 8, out);
}

static const struct ca_way by_signature = {
    .crt = 0xB6, .command = CA_COMMAND_PSO};
static const struct ca_way by_decipher = {.crt = 0xB8,
    .command = CA_COMMAND_DECIPHER,
    .has_indicator = true,
    .indicator = 0x00};

/* PSO COMPUTE DIGITAL SIGNATURE, and PSO DECIPHER of the padded block, which is
 * what OpenSC sends, for a mask that refuses the first. */
static ca_err
sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	if (alg != CA_ALG_RSA_RAW || attempt > 1)
		return CA_E_NOT_FOUND;
	return compute(tx, key, attempt == 0 ? &by_signature : &by_decipher, in,
	    out);
}

static ca_err
decipher(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	if (alg != CA_ALG_RSA_DEC_RAW || attempt > 0)
		return CA_E_NOT_FOUND;
	return compute(tx, key, &by_decipher, in, out);
}

const struct ca_driver ca_drv_bit4id_cns = {
    .name = "bit4id-cns",
    .state_size = sizeof(struct ca_iso_state),
    .claims = claims,
    .enter = enter,
    .describe = describe,
    .read_cert = ca_iso_drv_read_cert,
    .read_part = ca_iso_drv_read_part,
    .pin_state = pin_state,
    .verify = verify,
    .change_pin = change_pin,
    .unblock = unblock,
    .logout = ca_iso_drv_logout,
    .sign = sign,
    .decipher = decipher,
    .random = ca_iso_drv_random,
};
