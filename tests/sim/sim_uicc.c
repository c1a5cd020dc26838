/*
 * A PKI SIM in a card reader: a UICC (ETSI TS 102 221) with a WIM, that is a
 * PKCS#15 application whose signing key has a PIN of its own, to be given
 * before every signature. How the SIMs of the operators in Viet Nam look
 * inside is not public; this one follows the standard and the reference
 * implementation of JSR 177.
 *
 * PIN 01 is the subscriber's, with its own counter, and never needed to sign.
 * As in the worked example the PIN directory names it as PIN-G: whoever
 * verifies that puts the telephone at risk. pin2-ref gives PIN-G a number of
 * its own; pin-ref=1 makes the subscriber's PIN that of the signing key.
 * A label that does not begin with "WIM 1.01" makes a plain PKCS#15
 * application of it, which has no environment to restore and may have EC keys.
 *
 * Words of the option "model":
 *   usim         EF.DIR names the USIM in front of the PKI application
 *   path         EF.DIR has a path beside the name
 *   class80      inside the application commands have class 80 plus channel
 *   select-00    SELECT with P2 = 00 is answered, as many cards do
 *   no-channel, one-channel  so many logical channels can be opened
 *   far-channel  they begin with 4
 *   no-restore   a signature needs no MSE RESTORE before MSE SET
 *   se-once      ... and every one needs MSE again
 *   pin-df       PIN-NR lives in a directory below the application
 *   silent       the directory does not say that PIN-NR counts once
 *   arf          a PKCS#15 application with access rules alone comes first
 *   dir-flat     EF.DIR is a transparent file
 *   pin-g-off    PIN-G is disabled
 *   proactive    a SIM Toolkit command waits: what would be 9000 is 91 10
 *   blanks       labels are padded with blanks to 32 bytes
 *   holes        directories begin with free space: FF, objects of tag 00
 * Words of the option "bad":
 *   records      EF.DIR has 255 records, the application is in the last
 *   record0      its FCP says that records have no bytes
 *   record-short its FCP does not tell the size of records
 *   fcp-long     an FCP is longer than the answer
 *   fcp-inner    a field of the FCP is longer than the FCP
 *   fcp-pins     a field of the PIN status template is
 *   odf-loop     every directory is the ODF itself
 *   range        the certificate ends behind its file
 */
#include "tests/sim/sim_uicc.h"

#include <string.h>

#include "tests/sim/sim_card.h"

#define CLA_SM 0x0C
#define CLA_FAR_SM 0x20
#define CLA_CHAIN 0x10
#define CLA_FAR_CHANNEL 0x40 /* channels 4 to 19 */
#define CLA_PROPRIETARY 0x80
#define PUK_OF(ref) (0x40 | (ref)) /* inside alone: a PUK has no reference */
#define SW_TOOLKIT 0x9110
#define SUBSCRIBER_PIN "1234"
#define SUBSCRIBER_PUK "11112222"

static const char *const models[] = {"usim", "path", "class80", "select-00",
    "no-channel", "one-channel", "no-restore", "pin-g-off", "proactive",
    "blanks", "holes", "far-channel", "se-once", "pin-df", "silent", "arf",
    "dir-flat"};
static const char *const lies[] = {"records", "record0", "record-short",
    "fcp-long", "fcp-inner", "fcp-pins", "odf-loop", "range"};

static const struct ca_sim_alg algs[] = {
    {CA_SIM_OP_SIGN, CA_SIM_UICC_ALG, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, CA_SIM_UICC_EC, CA_SIM_ECDSA},
};

bool
ca_sim_uicc_is(const struct ca_sim *s, const char *word)
{
	return ca_sim_word_listed(s->o.model, word);
}

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->label, sizeof(o->label), "WIM 1.01 PKI");
	(void)snprintf(o->serial, sizeof(o->serial), "8984012345678901");
	(void)snprintf(o->aid, sizeof(o->aid), "A000000063504B43532D3135");
	(void)snprintf(o->algs, sizeof(o->algs), "02,04");
	(void)snprintf(o->token_algs, sizeof(o->token_algs), "02");
	(void)snprintf(o->pin2, sizeof(o->pin2), SUBSCRIBER_PIN);
	(void)snprintf(o->puk2, sizeof(o->puk2), SUBSCRIBER_PUK);
	o->pin_ref = 0x81;
	o->pin2_ref = CA_SIM_UICC_SUBSCRIBER;
	o->puk_ref = PUK_OF(0x81);
	o->puk_tries = 10;
	o->pin_max = 8;
	o->pin_stored = 8;
	o->pin_pad = 0xFF;
	o->pin_local = 1;
	o->pin2_keys = 0x0E;
	o->key_ref = 5;
	o->key_usage = 0x204; /* sign, nonRepudiation */
	o->consent = 1;
	o->chain = 0;
	o->pukdf = 0;
	o->decipher = 0;
	o->eof = CA_SIM_EOF_9000; /* and T=0 then says 6Cxx */
	o->chaining = 0;
	o->t0 = 1;
	o->t1 = 0;
}

/* TA1 96, a second and perhaps third TD, the UICC class in the block of T=15;
 * historical bytes as TS 102 221 wants them, with an invented tail. */
static void
make_atr(struct ca_sim *s)
{
	static const uint8_t hist[] = {0x80, 0x31, 0xE0, 0x73, 0xFE, 0x21, 0x1B,
	    0x63, 'C', 'A', 'S', 0x82, 0x90, 0x00};
	struct ca_wr w = ca_wr_of(s->atr, sizeof(s->atr));
	uint8_t tck = 0;

	ca_wr_u8(&w, 0x3B);
	ca_wr_u8(&w, (uint8_t)(0x90 | sizeof(hist)));
	ca_wr_u8(&w, 0x96);
	ca_wr_u8(&w, s->o.t0 != 0 ? 0x80 : 0x81);
	if (s->o.t0 != 0 && s->o.t1 != 0)
		ca_wr_u8(&w, 0x81);
	ca_wr_u8(&w, 0x1F);
	ca_wr_u8(&w, 0xC7);
	ca_wr_mem(&w, hist, sizeof(hist));
	for (size_t i = 1; i < w.n; i++)
		tck ^= s->atr[i];
	ca_wr_u8(&w, tck);
	s->atr_n = w.n;
}

/* A PIN and its PUK, which travels in RESET RETRY COUNTER alone. */
static ca_err
add_pin(struct ca_sim *s, uint8_t ref, const char *pin, const char *puk)
{
	const struct ca_sim_uicc *u = s->own;
	struct ca_sim_pin p = {
	    .ref = ref,
	    .tries = (uint8_t)s->o.pin_tries,
	    .tries_max = (uint8_t)s->o.pin_tries,
	    .min = (uint8_t)s->o.pin_min,
	    .max = (uint8_t)s->o.pin_max,
	    .real = (uint8_t)s->o.pin_stored,
	    .pad = (uint8_t)s->o.pin_pad,
	    .df = (ref & 0x80) == 0     ? -1
		  : ref == s->o.pin_ref ? u->pins
					: u->app,
	    .unblocker = puk[0] != '\0' ? PUK_OF(ref) : 0,
	};
	ca_err e = ca_sim_pin_add(s, p, pin);

	if (e != CA_OK || p.unblocker == 0)
		return e;
	p.ref = p.unblocker;
	p.unblocker = 0;
	p.tries = p.tries_max = (uint8_t)s->o.puk_tries;
	return ca_sim_pin_add(s, p, puk);
}

static ca_err
add_pins(struct ca_sim *s)
{
	const struct ca_sim_opts *o = &s->o;
	bool own_g = o->pin2_ref != 0 && o->pin2_ref != CA_SIM_UICC_SUBSCRIBER;
	ca_err e = add_pin(s, CA_SIM_UICC_SUBSCRIBER,
	    own_g ? SUBSCRIBER_PIN : o->pin2, own_g ? SUBSCRIBER_PUK : o->puk2);

	if (e == CA_OK && o->pin_ref != CA_SIM_UICC_SUBSCRIBER)
		e = add_pin(s, (uint8_t)o->pin_ref, o->pin, o->puk);
	if (e == CA_OK && own_g)
		e = add_pin(s, (uint8_t)o->pin2_ref, o->pin2, o->puk2);
	return e;
}

static ca_err
build(struct ca_sim *s)
{
	ca_err e;

	if (!ca_sim_words_known(s->o.model, models, CA_COUNT(models)) ||
	    !ca_sim_bad_known(s, lies, CA_COUNT(lies)) ||
	    (s->keys_n > 0 && s->keys[0].ec && ca_sim_uicc_wim(s)))
		return CA_E_DATA;
	make_atr(s);
	for (size_t i = 0; i < s->keys_n; i++) {
		s->keys[i].id = (uint8_t)(0x45 + i);
		if ((s->o.pin2_keys >> i & 1) == 0)
			continue;
		s->keys[i].pin = (uint8_t)s->o.pin2_ref;
		s->keys[i].consent = false;
	}
	e = ca_sim_uicc_files(s);
	return e == CA_OK ? add_pins(s) : e;
}

static void
forget(struct ca_sim *s)
{
	struct ca_sim_uicc *u = s->own;

	memset(u->channels, 0, sizeof(u->channels));
	u->channels[0].open = true;
	u->channels[0].adf = -1;
	u->at = 0;
}

/* TS 102 221 10.1.1. No secure messaging, no chaining. */
static uint16_t
cla(const struct ca_sim *s, uint8_t byte)
{
	const struct ca_sim_uicc *u = s->own;
	bool far = (byte & CLA_FAR_CHANNEL) != 0;

	if ((!far && (byte & CLA_FAR_SM) != 0) ||
	    ((byte & CLA_PROPRIETARY) != 0 && !ca_sim_uicc_is(s, "class80")))
		return SW_CLA;
	if ((byte & (far ? CLA_FAR_SM : CLA_SM)) != 0)
		return SW_NO_SM;
	if ((byte & CLA_CHAIN) != 0)
		return SW_NO_CHAINING;
	return u->channels[ca_sim_uicc_of(byte)].open ? SW_OK : SW_NO_CHANNEL;
}

bool
ca_sim_uicc_inside(const struct ca_sim *s, int df)
{
	const struct ca_sim_uicc *u = s->own;

	return df == u->app || df == u->pins;
}

/* Commands that lead into the application or are not its own. */
static bool
outside(const struct ca_sim *s, const struct ca_sim_cmd *c)
{
	return !ca_sim_uicc_inside(s, s->df) || c->ins == 0x70 ||
	       c->ins == 0xC0 || (c->ins == 0xA4 && c->p1 == 0x04);
}

static uint16_t
enter(struct ca_sim *s, const struct ca_sim_cmd *c)
{
	const struct ca_sim_uicc *u = s->own;
	unsigned n = ca_sim_uicc_of(c->cla);

	/* What GET RESPONSE fetches belongs to the channel of the command. */
	if (c->ins == 0xC0 && n != u->at)
		return SW_CONDITIONS;
	ca_sim_uicc_switch(s, n);
	if (!ca_sim_uicc_is(s, "class80") || c->ins == 0xC0)
		return SW_OK;
	if ((c->cla & CLA_PROPRIETARY) != 0)
		return ca_sim_uicc_inside(s, s->df) ? SW_OK : SW_CLA;
	return outside(s, c) ? SW_OK : SW_CLA;
}

static uint16_t
said(const struct ca_sim *s, uint16_t sw)
{
	return sw == SW_OK && ca_sim_uicc_is(s, "proactive") ? SW_TOOLKIT : sw;
}

const struct ca_sim_type ca_sim_uicc = {
    .name = "uicc",
    .about = "PKI SIM: UICC with a WIM, T=0, logical channels",
    .defaults = defaults,
    .build = build,
    .ins = ca_sim_uicc_ins,
    .ins_n = CA_SIM_UICC_INS,
    .algs = algs,
    .algs_n = CA_COUNT(algs),
    .select_p2 = {0x00, 0x04, 0x0C},
    .select_p2_n = 3,
    .fci = ca_sim_uicc_fcp,
    .own_size = sizeof(struct ca_sim_uicc),
    .own_forget = forget,
    .cla = cla,
    .enter = enter,
    .said = said,
};
