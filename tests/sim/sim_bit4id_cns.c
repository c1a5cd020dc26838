/* The CNS card: ATR, FCI, PINs, security environment; see
 * sim_bit4id_cns.h. */
#include "tests/sim/sim_bit4id_cns.h"

#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_card.h"
#include "tests/sim/sim_der.h"

#define SE_NUMBER 0x03
#define KEY_AUTH 0x01
#define KEY_SIGN 0x10
#define KEY_IDEMIA 0x02
#define KEY_OLD 0x21
#define CHALLENGE 8
#define HISTORICAL 15

/* Historical bytes: 00 6B, maker 02, mask 09 (STIncard), version, 01, .., CNS,
 * version of CNS, 31 80. */
static const struct {
	const char *name, *atr;
} models[] = {
    {"cns11", "3BFF1800FF8131FE55006B02090303011101434E531131808C"},
    {"jsign2048l", "3BFF1800008131FE55006B02090503010101434E5310318064"},
    {"jsign2048lb", "3BFF1800008131FE55006B02090403010101434E5310318065"},
    {"jsign3", "3BFF1800008131FE55006B02090603010101434E5310318067"},
    {"infocert", "3BFF1800008131FE55006B02091403010101434E5310318075"},
    {"aruba", "3BFF1800FF8131FE55006B02091303010101434E531031808D"},
    /* Other makers, with invented versions. The signature key of the first is
     * elsewhere; the second is of a time with one key, its certificate behind
     * a length. Their references have no bit for "from here up". */
    {"idemia", "3BFF1800FF8131FE55006B05052001011101434E53113180A6"},
    {"infocamere", "3BDF18FF8131FE55006B04080400010101434E53103180BE"},
};

static const char *const lies[] = {"size", "acl-cut", "idcarta",
    "idcarta-short", "idcarta-long", "personal", "personal-hex", "old-length",
    "old-none", "no-certs", "no-auth"};

/* The card adds nothing and takes nothing away, in both directions. */
static const struct ca_sim_alg algs[] = {
    {CA_SIM_OP_SIGN, 0x00, CA_SIM_RAW},
    {CA_SIM_OP_DECIPHER, 0x00, CA_SIM_RAW},
};

static struct ca_sim_cns *
own(struct ca_sim *s)
{
	return s->own;
}

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->model, sizeof(o->model), "cns11");
	(void)snprintf(o->label, sizeof(o->label), "CNS");
	(void)snprintf(o->serial, sizeof(o->serial), "7430010000000001");
	(void)snprintf(o->algs, sizeof(o->algs), "00");
	o->pin_ref = 0x90;
	o->puk_ref = 0x91;
	o->pin2_ref = 0x9A;
	o->pin_min = 5;
	o->pin_max = 8;
	o->pin_stored = 8;
	o->pin_pad = 0xFF;
	o->keys = 2;
	o->chain = 0;
	o->read_max = 255;
	o->cert_alloc = 2048;
	o->extended = 1;
}

/* PIN and PUK of the signature key exist in its directory alone. */
static ca_err
sign_pins(struct ca_sim *s)
{
	const struct ca_sim_opts *o = &s->o;
	const struct ca_sim_pin *first = ca_sim_pin_find(s, o->pin_ref);
	struct ca_sim_pin p;
	ca_err e;

	if (first == NULL)
		return CA_E_BUG;
	if (o->pin2_ref == o->pin_ref) /* one PIN for both */
		return CA_OK;
	p = *first;
	p.ref = (uint8_t)o->pin2_ref;
	p.tries = p.tries_max = (uint8_t)o->pin2_tries;
	p.df = own(s)->df[CA_SIM_CNS_SIGN];
	if (p.unblocker != 0)
		p.unblocker = (uint8_t)(p.ref + 1);
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

bool
ca_sim_cns_is(const struct ca_sim *s, const char *model)
{
	return strcmp(s->o.model, model) == 0;
}

/* T=0 alone: TA1, the same historical bytes, no TCK. */
static void
atr_t0(struct ca_sim *s)
{
	const uint8_t head[] = {0x3B, 0x1F, 0x18};

	memmove(s->atr + sizeof(head), s->atr + s->atr_n - 1 - HISTORICAL,
	    HISTORICAL);
	memcpy(s->atr, head, sizeof(head));
	s->atr_n = sizeof(head) + HISTORICAL;
}

static uint8_t
key_ref(const struct ca_sim *s, size_t i)
{
	if (i == CA_SIM_CNS_AUTH)
		return ca_sim_cns_is(s, "infocamere") ? KEY_OLD : KEY_AUTH;
	return ca_sim_cns_is(s, "idemia") ? KEY_IDEMIA : KEY_SIGN;
}

static ca_err
build(struct ca_sim *s)
{
	const char *atr = NULL;
	ca_err e;

	for (size_t i = 0; i < CA_COUNT(models); i++)
		if (strcmp(models[i].name, s->o.model) == 0)
			atr = models[i].atr;
	if (atr == NULL || s->o.keys > 2 ||
	    (s->o.keys > 1 && ca_sim_cns_is(s, "infocamere")) ||
	    !ca_hex_parse(atr, s->atr, sizeof(s->atr), &s->atr_n) ||
	    !ca_sim_bad_known(s, lies, CA_COUNT(lies)))
		return CA_E_DATA;
	if (s->o.t1 == 0)
		atr_t0(s);
	for (size_t i = 0; i < s->keys_n; i++) {
		if (s->keys[i].ec)
			return CA_E_DATA;
		s->keys[i].ref = key_ref(s, i);
		s->keys[i].pin =
		    (uint8_t)(i == CA_SIM_CNS_AUTH ? s->o.pin_ref
						   : s->o.pin2_ref);
	}
	e = ca_sim_cns_files(s);
	if (e == CA_OK)
		e = ca_sim_pins_make(s, -1);
	return e == CA_OK ? sign_pins(s) : e;
}

static void
forget(struct ca_sim *s)
{
	own(s)->restored = false;
}

/* 86: who may read, update, append, deactivate, activate, delete, administer,
 * increase, decrease. 00 = anybody, FF = nobody, 10 = the first PIN. */
static void
access_rules(const struct ca_sim *s, const struct ca_sim_file *f,
    struct ca_wr *w)
{
	uint8_t acl[9];

	memset(acl, 0xFF, sizeof(acl));
	if (!f->df)
		acl[0] = f->read == CA_SIM_FREE ? 0x00 : 0xFF;
	if (f->update == CA_SIM_BY_PIN)
		acl[1] = 0x10;
	ca_wr_tlv(w, 0x86,
	    ca_rd_of(acl, ca_sim_bad(s, "acl-cut") ? 1 : sizeof(acl)));
}

static void
fci(const struct ca_sim *s, const struct ca_sim_file *f, uint8_t p2,
    struct ca_wr *body)
{
	size_t m = ca_sim_der_open(body, 0x6F);
	size_t size = f->data.n + (ca_sim_bad(s, "size") ? 256 : 0);

	(void)p2;
	if (!f->df) {
		ca_wr_mem(body, "\x80\x02", 2);
		ca_wr_u16(body, (uint16_t)size);
	}
	ca_wr_tlv(body, 0x82,
	    ca_rd_of(f->df ? "\x38\x00\x00" : "\x01\x00\x00", 3));
	ca_wr_mem(body, "\x83\x02", 2);
	ca_wr_u16(body, f->fid);
	ca_sim_der_byte(body, 0x85, 0x01);
	access_rules(s, f, body);
	ca_sim_der_byte(body, 0x8A, 0x05);
	ca_sim_der_close(body, m);
}

static bool
inside(const struct ca_sim *s, int df)
{
	int at = s->df;

	while (at != df && at != CA_SIM_MF)
		at = s->files[at].parent;
	return at == df;
}

/* A key by its reference, from where it can be seen; -1 = none. */
static int
find_key(struct ca_sim *s, uint8_t ref)
{
	for (size_t i = 0; i < s->keys_n; i++)
		if (s->keys[i].ref == ref && inside(s, own(s)->df[i]))
			return (int)i;
	return -1;
}

/* 00 22 F3 03 00. The fifth byte is a length of zero that the card wants. */
static uint16_t
restore(struct ca_sim *s, const struct ca_sim_cmd *c)
{
	if (c->p2 != SE_NUMBER)
		return SW_NO_REFERENCE;
	if (!c->has_le || c->le != 256 || c->data.n > 0)
		return SW_LENGTH;
	for (size_t i = 0; i < CA_SIM_OPS_; i++)
		s->se[i] = (struct ca_sim_se){.alg = -1, .key = -1};
	own(s)->restored = true;
	return SW_OK;
}

/* 00 22 F1 B6 or B8, 83 01 key. */
static uint16_t
set_key(struct ca_sim *s, enum ca_sim_op op, struct ca_rd r)
{
	uint8_t tag = 0;
	uint8_t n = 0;
	uint8_t ref = 0;

	if (!ca_rd_u8(&r, &tag) || tag != 0x83 || !ca_rd_u8(&r, &n) || n != 1 ||
	    !ca_rd_u8(&r, &ref) || !ca_rd_end(&r))
		return SW_DATA;
	if (!own(s)->restored)
		return SW_CONDITIONS;
	if (find_key(s, ref) < 0)
		return SW_NO_REFERENCE;
	s->se[op] = (struct ca_sim_se){.alg = 0, .key = ref};
	return SW_OK;
}

static uint16_t
mse(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	(void)body;
	if (c->p1 == 0xF3)
		return restore(s, c);
	if (c->p1 != 0xF1 || (c->p2 != 0xB6 && c->p2 != 0xB8))
		return SW_P1P2;
	if (c->data.n == 0)
		return SW_LENGTH;
	return set_key(s, c->p2 == 0xB6 ? CA_SIM_OP_SIGN : CA_SIM_OP_DECIPHER,
	    c->data);
}

/* A key that was set in its directory is not seen from outside. */
static uint16_t
pso(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	const struct ca_sim_se *se =
	    &s->se[c->p1 == 0x9E ? CA_SIM_OP_SIGN : CA_SIM_OP_DECIPHER];

	if (se->key >= 0 && find_key(s, (uint8_t)se->key) < 0)
		return SW_NO_REFERENCE;
	if (!own(s)->restored)
		return SW_CONDITIONS;
	return ca_sim_pso(s, c, body);
}

static uint16_t
challenge(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	return c->has_le && c->le != CHALLENGE ? SW_LENGTH
					       : ca_sim_challenge(s, c, body);
}

/* What was restored belongs to the directory (ISO/IEC 7816-4 6.3.1). */
static uint16_t
select_file(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	int df = s->df;
	uint16_t sw = ca_sim_select(s, c, body);

	if (s->df != df)
		own(s)->restored = false;
	return sw;
}

static const struct ca_sim_ins ins[] = {
    {0x22, mse},
    {0x2A, pso},
    {0x84, challenge},
    {0xA4, select_file},
};

const struct ca_sim_type ca_sim_bit4id_cns = {
    .name = "bit4id-cns",
    .about = "CNS card on STIncard (Bit4id), RSA, two keys with a PIN each",
    .defaults = defaults,
    .build = build,
    .ins = ins,
    .ins_n = CA_COUNT(ins),
    .algs = algs,
    .algs_n = CA_COUNT(algs),
    .decipher_pi = 0x00,
    .select_p2 = {0x00, 0x0C},
    .select_p2_n = 2,
    .fci = fci,
    .own_size = sizeof(struct ca_sim_cns),
    .own_forget = forget,
};
