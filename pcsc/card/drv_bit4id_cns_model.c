/* See drv_bit4id_cns.c: what is where on such a card, and what it shows. */
#include <stdio.h>
#include <string.h>

#include "pcsc/base/tlv.h"
#include "pcsc/card/atr.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_bit4id_cns.h"
#include "pcsc/card/iso7816.h"

#define SERIAL_BYTES 16
#define MASK_AT 3 /* historical byte H4: who made the mask */
#define MASK_STINCARD 0x09
/* On STIncard masks: look for the reference upward from the current DF. */
#define UPWARD 0x80
#define PUK_AFTER 1 /* the PUK's reference is the PIN's and one */
#define OLD_HEADER 5
#define AUTH_PUK 0x80 /* in our own names of PINs */

static const uint8_t id_carta[] = {0x10, 0x00, 0x10, 0x03};

/* clang-format off */
static const struct ca_cns_place places[] = {
	{ "CNS authentication", "CNS PIN", 0x01, 0x10,
	  { 0x11, 0x00, 0x11, 0x01 }, 4, { 0x3F, 0x01 }, 2, { 0 }, 0, false,
	  CA_USE_SIGN | CA_USE_DECRYPT | CA_USE_UNWRAP },
	{ "CNS signature", "Signature PIN", 0x10, 0x1A,
	  { 0x14, 0x00, 0x90, 0x10 }, 4, { 0x14, 0x00, 0x81, 0x10, 0x80, 0x10 }, 6,
	  { 0x14, 0x00, 0x81, 0x10 }, 4, false,
	  CA_USE_SIGN | CA_USE_NON_REPUDIATION | CA_USE_DECRYPT },
	/* The same on masks by Idemia, once Oberthur. */
	{ "CNS signature", "Signature PIN", 0x02, 0x10,
	  { 0x14, 0x00, 0x90, 0x01, 0x20, 0x02 }, 6, { 0 }, 0,
	  { 0x14, 0x00, 0x90, 0x02 }, 4, false,
	  CA_USE_SIGN | CA_USE_NON_REPUDIATION | CA_USE_DECRYPT },
	/* Infocamere 1204: the certificate's length in front of it. */
	{ "CNS authentication", "CNS PIN", 0x21, 0x10,
	  { 0x2F, 0xFF, 0x82, 0x28 }, 4, { 0 }, 0, { 0x2F, 0xFF }, 2, true,
	  CA_USE_SIGN | CA_USE_DECRYPT | CA_USE_UNWRAP },
};
/* clang-format on */
#define SIGNATURE 1
#define SIGNATURE_IDEMIA 2

const struct ca_cns_place *
ca_cns_place_of_pin(const struct ca_pin *pin)
{
	size_t i = (size_t)(pin->auth_id.b[0] & ~AUTH_PUK) - 1;

	return &places[i < CA_COUNT(places) ? i : 0];
}

const struct ca_cns_place *
ca_cns_place_of_key(const struct ca_key *key)
{
	return &places[key->id.b[0] < CA_COUNT(places) ? key->id.b[0] : 0];
}

ca_err
ca_cns_select_serial(struct ca_tx *tx)
{
	return ca_cns_select(tx, ca_rd_of(id_carta, sizeof(id_carta)));
}

/* Sixteen characters, filtered: a card's bytes go to the user's screen. */
static ca_err
read_serial(struct ca_tx *tx, struct ca_model *m)
{
	const struct ca_cns_state *s = tx->state;
	struct ca_buf b = {0};
	size_t n = 0;
	ca_err e = CA_OK;

	if (!s->at_serial || s->resets != ca_card_resets(tx->card))
		e = ca_cns_select_serial(tx);
	if (e == CA_OK)
		e = ca_iso_read(tx, SERIAL_BYTES, CA_UNTIL_END, &b);
	for (size_t i = 0; e == CA_OK && i < b.n && n < SERIAL_BYTES; i++)
		if (b.p[i] > 0x20 && b.p[i] < 0x7F)
			m->serial[n++] = (char)b.p[i];
	m->serial[n] = '\0';
	ca_buf_free(&b);
	return ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED ? CA_OK : e;
}

/* Who made the mask; 0 when the ATR does not tell. */
static uint8_t
mask_of(struct ca_tx *tx)
{
	struct ca_rd h;
	uint8_t mask = 0;

	if (!ca_atr_historical(ca_card_atr(tx->card), &h) ||
	    !ca_rd_skip(&h, MASK_AT) || !ca_rd_u8(&h, &mask))
		return 0;
	return mask;
}

static void
add_pin(struct ca_tx *tx, struct ca_model *m, size_t place,
    enum ca_pin_role role)
{
	const struct ca_profile_pin *facts = &tx->profile->user;
	const struct ca_cns_place *p = &places[place];
	struct ca_pin *pin = &m->pins[m->pins_n++];
	bool puk = role == CA_PIN_SO;

	memset(pin, 0, sizeof(*pin));
	(void)snprintf(pin->label, sizeof(pin->label), "%s",
	    puk ? "PUK" : p->pin_label);
	pin->role = role;
	pin->reference = (uint8_t)(p->pin + (puk ? PUK_AFTER : 0));
	if (mask_of(tx) == MASK_STINCARD)
		pin->reference |= UPWARD;
	pin->has_reference = true;
	pin->type = CA_PIN_ASCII;
	pin->flags = CA_PINF_INITIALIZED | CA_PINF_NEEDS_PADDING;
	pin->min = facts->min;
	pin->max = facts->max;
	pin->stored = facts->stored;
	pin->pad_char = facts->pad;
	pin->has_pad_char = true;
	pin->dies_outside = p->df_n > 0;
	pin->auth_id.b[0] = (uint8_t)(place + 1 + (puk ? AUTH_PUK : 0));
	pin->auth_id.n = 1;
}

static void
add_key(struct ca_tx *tx, struct ca_model *m, size_t place)
{
	const struct ca_cns_place *p = &places[place];
	struct ca_key *k = &m->keys[m->keys_n++];
	bool first = m->pins_n == 0;

	memset(k, 0, sizeof(*k));
	k->id.b[0] = (uint8_t)place;
	k->id.n = 1;
	(void)snprintf(k->label, sizeof(k->label), "%s", p->label);
	k->type = CA_KEY_RSA;
	k->usage = p->usage;
	k->is_private = true;
	k->reference = p->key;
	k->has_reference = true;
	k->algs = CA_ALG_BIT(CA_ALG_RSA_RAW) | CA_ALG_BIT(CA_ALG_RSA_DEC_RAW);
	add_pin(tx, m, place, first ? CA_PIN_USER : CA_PIN_KEY);
	k->auth_id = m->pins[m->pins_n - 1].auth_id;
	if (first)
		add_pin(tx, m, place, CA_PIN_SO);
}

static void
add_cert(struct ca_model *m, size_t place, size_t index, size_t length)
{
	const struct ca_cns_place *p = &places[place];
	struct ca_cert *c = &m->certs[m->certs_n++];

	memset(c, 0, sizeof(*c));
	c->id.b[0] = (uint8_t)place;
	c->id.n = 1;
	(void)snprintf(c->label, sizeof(c->label), "%s", p->label);
	memcpy(c->path.path, p->cert, p->cert_n);
	c->path.path_n = p->cert_n;
	c->path.ranged = length > 0;
	c->path.index = index;
	c->path.length = length;
}

/* The length in the second and third byte of an old file; 0 when it holds no
 * certificate. */
static ca_err
old_length(struct ca_tx *tx, size_t *out)
{
	uint8_t b[OLD_HEADER + 1], skipped, tag;
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu read = {.ins = 0xB0, .le = sizeof(b)};
	struct ca_rd r;
	uint16_t length;
	ca_err e = ca_tx_do(tx, &read, &w);

	*out = 0;
	if (e != CA_OK)
		return ca_err_is_refusal(e) ? CA_OK : e;
	r = ca_wr_rd(&w);
	if (ca_rd_u8(&r, &skipped) && ca_rd_u16(&r, &length) &&
	    ca_rd_skip(&r, 2) && ca_rd_u8(&r, &tag) && tag == 0x30 &&
	    length <= CA_FILE_MAX - OLD_HEADER)
		*out = length;
	return CA_OK;
}

/* A key is where its certificate is, or at least its public half. */
static ca_err
look(struct ca_tx *tx, size_t place, struct ca_model *m)
{
	const struct ca_cns_place *p = &places[place];
	size_t length = 0;
	ca_err e = ca_cns_select(tx, ca_rd_of(p->cert, p->cert_n));

	if (e == CA_OK && p->old_file &&
	    ((e = old_length(tx, &length)) != CA_OK || length == 0))
		return e;
	if (e == CA_OK)
		add_cert(m, place, p->old_file ? OLD_HEADER : 0, length);
	else if (ca_err_is_refusal(e) && p->pub_n > 0)
		e = ca_cns_select(tx, ca_rd_of(p->pub, p->pub_n));
	if (e == CA_OK)
		add_key(tx, m, place);
	return ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED ? CA_OK : e;
}

ca_err
ca_cns_describe(struct ca_tx *tx, struct ca_model *out)
{
	const struct ca_profile *p = tx->profile;
	ca_err e = read_serial(tx, out);
	size_t keys = 0;

	for (size_t i = 0; e == CA_OK && i < CA_COUNT(places); i++) {
		if (i == SIGNATURE)
			keys = out->keys_n;
		if (i != SIGNATURE_IDEMIA || out->keys_n == keys)
			e = look(tx, i, out);
	}
	memcpy(out->label, p->label, sizeof(p->label));
	memcpy(out->manufacturer, p->manufacturer, sizeof(p->manufacturer));
	memcpy(out->model, p->model, sizeof(p->model));
	out->token_flags = CA_TOKF_LOGIN_REQUIRED;
	out->can_random = p->random_chunk > 0;
	out->data_read = true;
	return e;
}

/* The public halves of keys whose certificate does not show them. */
ca_err
ca_cns_describe_public(struct ca_tx *tx, struct ca_model *io)
{
	for (size_t i = 0; i < io->keys_n; i++) {
		const struct ca_cns_place *p =
		    ca_cns_place_of_key(&io->keys[i]);
		struct ca_pub *k = &io->pubs[io->pubs_n];
		bool shown = p->pub_n == 0 || io->pubs_n == CA_KEYS_MAX;

		for (size_t c = 0; c < io->certs_n; c++)
			shown |=
			    ca_id_equal(&io->certs[c].id, &io->keys[i].id) &&
			    io->certs[c].state == CA_CERT_READ;
		if (shown)
			continue;
		memset(k, 0, sizeof(*k));
		k->id = io->keys[i].id;
		k->type = CA_KEY_RSA;
		k->usage = CA_USE_VERIFY | CA_USE_ENCRYPT;
		memcpy(k->label, io->keys[i].label, sizeof(k->label));
		memcpy(k->path.path, p->pub, p->pub_n);
		k->path.path_n = p->pub_n;
		io->pubs_n++;
	}
	ca_cns_moved(tx);
	return ca_p15_read_public(tx, ca_p15_spki, io);
}
