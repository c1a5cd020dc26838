/* The IDPrime card: models, ATR, PINs, card data; see sim_idprime.h. */
#include "tests/sim/sim_idprime.h"

#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_card.h"
#include "tests/sim/sim_der.h"

/* Historical bytes of the line: 80 31 80 65 B0, model, 12 and two country
 * bytes, 82 90 00. */
#define USB "3B FF 96 00 00 81 31 FE 43 80 31 80 65 B0 "
#define CARD "3B 7F 96 00 00 80 31 80 65 B0 "

/*
 * 940 is the eToken 5110 CC, md a card of the line in the form of a token. Key
 * references are those OpenSC's development state knows; 5E is the first of a
 * real 940. Which operating system version a model reports is a guess but
 * for 4.
 */
/* clang-format off */
static const struct ca_sim_idp_model models[] = {
	{"940", CARD "85 59 56 FB 12 0F FE 82 90 00", USB "85 59 56 FB 12 0F FE 82 90 00 00",
	    "4.3.5.D", 4, 0x5E, 1, true, true, false, true, 4096},
	{"940c", CARD "85 05 00 39 12 0F FE 82 90 00", NULL,
	    "4.4.2.A", 4, 0x5E, 1, true, true, false, true, 4096},
	{"5110sc", NULL, USB "85 59 56 FB 12 01 78 82 90 00 88",
	    "4.3.5.D", 4, 0x5E, 1, true, false, false, true, 4096},
	{"930", CARD "84 61 60 FB 12 0F FD 82 90 00", NULL,
	    "4.3.5.D", 4, 0x11, 2, false, false, true, true, 4096},
	{"930plus", NULL, USB "84 65 66 FB 12 01 78 82 90 00 85",
	    "4.3.5.D", 4, 0x10, 2, false, false, true, true, 4096},
	{"840", CARD "85 03 00 EF 12 0F FE 82 90 00", NULL,
	    "4.2.1.A", 3, 0xF7, 1, false, false, false, true, 2048},
	{"md", NULL, "3B FF 96 00 00 81 31 80 43 80 31 80 65 B0 85 03 00 EF 12 0F FE 82 90 00 66",
	    "4.2.1.A", 4, 0x56, 1, false, false, false, false, 2048},
	{"830", CARD "84 56 51 10 12 0F FE 82 90 00", NULL,
	    "4.2.1.A", 2, 0x41, 1, false, false, true, false, 2048},
	{"3810", CARD "84 41 3D F6 12 0F FE 82 90 00", NULL,
	    "4.2.1.A", 1, 0x31, 1, false, false, true, false, 2048},
};
/* clang-format on */

static const char *const lies[] = {"index-count", "index-cut", "index-size",
    "index-short", "index-self", "index-df", "container", "map-cut", "map-name",
    "keymap-cut", "keymap-container", "keymap-twice", "bomb", "zlib-longer",
    "zlib-shorter", "zlib-junk", "label", "echo", "echo-cut",
    /* nothing wrong, only other than usual: files that are not there or in
     * another order, a certificate without a key, a container map with nothing
     * in it, an applet that wants P2 00, logins that end with its SELECT, files
     * that want a login, ECDSA data that is a number however long */
    "no-cardid", "no-tinfo", "no-cmap", "no-keymap", "index-reversed",
    "keymap-reversed", "orphan", "cmap-empty", "aid-fci", "select-logout",
    "files-private", "ec-number"};

/* Only operation and number count here; see sim_idprime_rsa.c. */
static const struct ca_sim_alg algs[] = {
    {CA_SIM_OP_SIGN, 0x02, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, 0x42, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, 0x52, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, 0x62, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, 0x45, CA_SIM_RAW},
    {CA_SIM_OP_SIGN, 0x55, CA_SIM_RAW},
    {CA_SIM_OP_SIGN, 0x65, CA_SIM_RAW},
    {CA_SIM_OP_SIGN, 0x44, CA_SIM_ECDSA},
    {CA_SIM_OP_DECIPHER, 0x1A, CA_SIM_PKCS1},
    {CA_SIM_OP_DECIPHER, 0x1D, CA_SIM_RAW},
    {CA_SIM_OP_DECIPHER, 0x4D, CA_SIM_RAW},
    {CA_SIM_OP_DECIPHER, 0x5D, CA_SIM_RAW},
    {CA_SIM_OP_DECIPHER, 0x6D, CA_SIM_RAW},
};

struct ca_sim_idp *
ca_sim_idp_of(struct ca_sim *s)
{
	return s->own;
}

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->model, sizeof(o->model), "940");
	(void)snprintf(o->label, sizeof(o->label), "CA Test IDPrime");
	(void)snprintf(o->aid, sizeof(o->aid), "A000000018800000000662");
	(void)snprintf(o->algs, sizeof(o->algs), "02,42,52,62,45,55,65,44");
	o->pin_ref = 0x11;
	o->puk_ref = 0x12;
	o->pin2_ref = CA_SIM_IDP_PIN_SIGN;
	o->pin2_tries = 5;
	o->pin_stored = 16;
	o->pin_tries = 5;
	o->key_ref = 0;
	o->chain = 0;
	o->eof = CA_SIM_EOF_9000;
	o->cert_zlib = 1;
	o->exchange = 2;
}

static const struct ca_sim_idp_model *
find_model(const char *name)
{
	for (size_t i = 0; i < CA_COUNT(models); i++)
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	return NULL;
}

/* The model has such a key, and such a form of card. */
static bool
can_be(const struct ca_sim *s, const struct ca_sim_idp_model *m)
{
	for (size_t i = 0; i < s->keys_n; i++)
		if (s->keys[i].ec ? !m->ec : s->keys[i].bits > m->rsa_max)
			return false;
	return (s->o.t0 != 0) != (s->o.t1 != 0) &&
	       (s->o.t1 != 0 ? m->atr_t1 : m->atr_t0) != NULL;
}

/* The signature PIN: as the first, with a PUK of its own. */
static ca_err
sign_pin(struct ca_sim *s)
{
	const struct ca_sim_opts *o = &s->o;
	const struct ca_sim_pin *first = ca_sim_pin_find(s, o->pin_ref);
	struct ca_sim_pin p;
	ca_err e;

	if (first == NULL)
		return CA_E_BUG;
	p = *first;
	p.ref = (uint8_t)o->pin2_ref;
	p.tries = p.tries_max = (uint8_t)o->pin2_tries;
	p.unblocker = p.unblocker != 0 ? (uint8_t)(p.ref + 1) : 0;
	e = ca_sim_pin_add(s, p, o->pin2[0] != '\0' ? o->pin2 : o->pin);
	if (e == CA_OK && p.unblocker != 0) {
		p.ref++;
		p.tries = p.tries_max = (uint8_t)o->puk_tries;
		p.unblocker = 0;
		e = ca_sim_pin_add(s, p, o->puk2[0] != '\0' ? o->puk2 : o->puk);
	}
	ca_secret_wipe(&p.value);
	return e;
}

static ca_err
pins(struct ca_sim *s, const struct ca_sim_idp_model *m)
{
	ca_err e;

	if (m->typed)
		s->o.pin_compare = CA_SIM_TYPED;
	if (!m->sign_pin)
		s->o.pin2_ref = 0;
	e = ca_sim_pins_make(s, -1);
	return e == CA_OK && s->o.pin2_ref != 0 ? sign_pin(s) : e;
}

static void
keys(struct ca_sim *s, const struct ca_sim_idp_model *m)
{
	for (size_t i = 0; i < s->keys_n; i++) {
		struct ca_sim_key *k = &s->keys[i];
		uint8_t n = ca_sim_idp_container(s, i);

		k->ref = s->o.key_ref != 0
			     ? (uint8_t)(s->o.key_ref + i)
			     : (uint8_t)(m->ref_base + n * m->ref_step);
		if (s->o.pin2_ref != 0 && (s->o.pin2_keys >> i & 1) != 0) {
			k->pin = (uint8_t)s->o.pin2_ref;
			k->consent = true;
		}
	}
}

static ca_err
build(struct ca_sim *s)
{
	const struct ca_sim_idp_model *m = find_model(s->o.model);
	struct ca_sim_file *mf = &s->files[CA_SIM_MF];
	ca_err e;

	if (m == NULL || !can_be(s, m) ||
	    !ca_sim_bad_known(s, lies, CA_COUNT(lies)))
		return CA_E_DATA;
	ca_sim_idp_of(s)->model = m;
	if (!ca_hex_parse(s->o.t1 != 0 ? m->atr_t1 : m->atr_t0, s->atr,
		sizeof(s->atr), &s->atr_n) ||
	    !ca_hex_parse(s->o.aid, mf->aid, sizeof(mf->aid), &mf->aid_n))
		return CA_E_DATA;
	e = pins(s, m);
	if (e != CA_OK)
		return e;
	keys(s, m);
	return ca_sim_idp_files(s);
}

static void
forget(struct ca_sim *s)
{
	struct ca_sim_idp *d = ca_sim_idp_of(s);

	d->selected = false;
	d->hashed = false;
	d->input_n = 0;
	ca_wipe(d->input, sizeof(d->input));
}

/* The size of a file stands under tag 81 alone. */
static void
fci(const struct ca_sim *s, const struct ca_sim_file *f, uint8_t p2,
    struct ca_wr *body)
{
	size_t m = ca_sim_der_open(body, 0x6F);

	(void)s;
	(void)p2;
	if (!f->df) {
		ca_wr_mem(body, "\x81\x02", 2);
		ca_wr_u16(body, (uint16_t)f->data.n);
	}
	ca_sim_der_byte(body, 0x82, f->df ? 0x38 : 0x01);
	ca_wr_mem(body, "\x83\x02", 2);
	ca_wr_u16(body, f->fid);
	if (f->aid_n > 0)
		ca_wr_tlv(body, 0x84, ca_rd_of(f->aid, f->aid_n));
	ca_sim_der_close(body, m);
}

/* No file of the applet's is there before the applet is selected. */
static uint16_t
select_file(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_sim_idp *d = ca_sim_idp_of(s);
	uint16_t sw;

	if (!d->selected && c->p1 != 0x04)
		return SW_NO_FILE;
	if (c->p1 == 0x04 && c->p2 == 0x0C && ca_sim_bad(s, "aid-fci"))
		return SW_P1P2;
	sw = ca_sim_select(s, c, body);
	if (sw == SW_OK)
		d->selected = true;
	if (sw == SW_OK && c->p1 == 0x04 && ca_sim_bad(s, "select-logout"))
		for (size_t i = 0; i < s->pins_n; i++)
			s->pins[i].verified = s->pins[i].fresh = false;
	return sw;
}

static const struct ca_sim_ins ins[] = {
    {0x21, ca_sim_idp_query},
    {0x2A, ca_sim_idp_pso},
    {0x84, ca_sim_idp_challenge},
    {0xA4, select_file},
    {0xCA, ca_sim_idp_get_data},
    {0xCB, ca_sim_idp_pin_object},
};

const struct ca_sim_type ca_sim_idprime = {
    .name = "idprime",
    .about = "IDPrime applet: eToken 5110 CC, IDPrime 940, 930, 840, ...",
    .defaults = defaults,
    .build = build,
    .ins = ins,
    .ins_n = CA_COUNT(ins),
    .algs = algs,
    .algs_n = CA_COUNT(algs),
    .select_p2 = {0x00, 0x0C},
    .select_p2_n = 2,
    .fci = fci,
    .own_size = sizeof(struct ca_sim_idp),
    .own_forget = forget,
};
