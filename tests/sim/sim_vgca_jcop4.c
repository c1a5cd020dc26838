/*
 * The VGCA token of type A (applet "JCOP4Bit4Id" on NXP JCOP4, RSA 3072): the
 * layout is that read from a real token, signing is only planned by those who
 * read it. Unknown of the real token, and chosen here: which forms of SELECT
 * work beside the ones reported, the path-less key object, where a read ends,
 * the PUK, changing the PIN, every status word but those of VERIFY.
 *
 * Words of the option "model", for what nobody outside knows:
 *   no-change      CHANGE REFERENCE DATA does not exist
 *   no-unblock     nor does RESET RETRY COUNTER
 *   unblock-login  the PUK is verified first, RESET RETRY COUNTER has no data,
 *                  and a new PIN is then set by 00 24 01: so does a later
 *                  applet of this line
 *   select-fci     the application is selected with its FCI as the answer, no
 *                  other way
 *   select-ends    selecting the application ends its logins, also when it is
 *                  the current one: so do applets that keep them by themselves
 *   alg-named      a signature wants the algorithm in MSE
 *   key-padded     the public key file is allocated like the others
 *   long-only      a signature wants an Le that has room for it: 6700 without
 *   long-6c        the same with 6Cxx, which cannot say so many
 */
#include <openssl/core_names.h>

#include "pcsc/base/hex.h"
#include "pcsc/base/tlv.h"
#include "tests/sim/sim_card.h"
#include "tests/sim/sim_p15.h"

#define ALG_PKCS1 0x02
#define ALG_PKCS1_JAVA 0x8A
#define ALG_RAW_JAVA 0x8C
#define EXPONENT 4 /* bytes in a public key file */
#define MODULUS_MAX 512
#define ALLOCATED 2048
#define UTF8_PIN 2
#define INS_MSE 0x22
#define INS_PSO 0x2A
#define INS_SELECT 0xA4
#define INS_GET_RESPONSE 0xC0
#define SET_ONLY 0x01 /* CHANGE: the new value alone */

static const uint8_t atr[] = {0x3B, 0xFF, 0x18, 0x00, 0x00, 0x81, 0x31, 0xFE,
    0x45, 0x00, 0x6B, 0x15, 0x0C, 0x03, 0x02, 0x01, 0x01, 0x01, 0x42, 0x34,
    0x44, 0x10, 0x31, 0x80, 0x0D};

static const char *const models[] = {"no-change", "no-unblock", "unblock-login",
    "select-fci", "select-ends", "alg-named", "key-padded", "long-only",
    "long-6c"};

/* 02 is the planned one; the others are guesses by analogy with type B, off
 * unless the options name them. */
static const struct ca_sim_alg algs[] = {
    {CA_SIM_OP_SIGN, ALG_PKCS1, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, ALG_PKCS1_JAVA, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, ALG_RAW_JAVA, CA_SIM_RAW},
};

struct own {
	bool selected; /* the application, since the reset */
};

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->label, sizeof(o->label), "VGCA Token");
	(void)snprintf(o->serial, sizeof(o->serial), "5301234567");
	(void)snprintf(o->aid, sizeof(o->aid), "E828BD080F014E585030");
	(void)snprintf(o->key, sizeof(o->key), "rsa3072");
	(void)snprintf(o->algs, sizeof(o->algs), "02");
	o->key_ref = 0x10;
	o->key_usage = 0x204; /* sign, nonRepudiation */
	o->pin_ref = 0x83;
	o->puk_ref = 0x86;
	o->pin_stored = 16;
	o->pin_pad = 0xFF;
	o->pin_padding = 0; /* and yet the card compares all 16 */
	o->pin_local = 1;
	o->puk_tries = 3;
	o->decipher = 0;
	o->chain = 0;
	o->cert = CA_SIM_CERT_PACKED;
	o->cert_alloc = ALLOCATED;
}

/* An exponent of four bytes and the modulus, without any structure. */
static void
public_key(const struct ca_sim_key *k, struct ca_wr *w)
{
	uint8_t b[MODULUS_MAX];
	BIGNUM *e = NULL;
	BIGNUM *n = NULL;
	size_t bytes = (k->bits + 7) / 8;
	bool ok =
	    bytes <= sizeof(b) &&
	    EVP_PKEY_get_bn_param(k->pkey, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
	    EVP_PKEY_get_bn_param(k->pkey, OSSL_PKEY_PARAM_RSA_N, &n) == 1;

	if (ok && BN_bn2binpad(e, b, EXPONENT) == EXPONENT)
		ca_wr_mem(w, b, EXPONENT);
	else
		ok = false;
	if (ok && BN_bn2binpad(n, b, (int)bytes) == (int)bytes)
		ca_wr_mem(w, b, bytes);
	else
		w->failed = true;
	BN_free(e);
	BN_free(n);
}

static ca_err
dir_file(struct ca_sim *s, struct ca_rd aid)
{
	uint8_t room[64];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	if (s->o.missing & CA_SIM_NO_EFDIR)
		return CA_OK;
	ca_sim_p15_dir_entry(&w, aid, "JCOP4Bit4Id", ca_rd_of(NULL, 0));
	return ca_wr_ok(&w) && ca_sim_fs_ef(s, CA_SIM_MF, 0x2F00, ca_wr_rd(&w),
				   128, CA_SIM_NEVER) >= 0
		   ? CA_OK
		   : CA_E_NOMEM;
}

static ca_err
build(struct ca_sim *s)
{
	struct ca_sim_layout l = {
	    .odf = 0x5031,
	    .tokeninfo = 0x5032,
	    .aodf = 0x7001,
	    .prkdf = 0x7002,
	    .pukdf = 0x7004,
	    .cdf = 0x7005,
	    .dodf = 0x7006,
	    .leaf = {0x0001, 0x0002, 0x0003, 0x0004},
	    .chain = {0x0011, 0x0012},
	    .pub = {0xDF10, 0xDF11, 0xDF12, 0xDF13},
	    .alloc_odf = ALLOCATED,
	    .alloc_dir = ALLOCATED,
	    .alloc_tokeninfo = ALLOCATED,
	    .manufacturer = "Test",
	    .serial_text = true,
	    .pin_number = true,
	    .pin_type = UTF8_PIN,
	    .public_key = public_key,
	    .alloc_pub =
		ca_sim_word_listed(s->o.model, "key-padded") ? ALLOCATED : 0,
	};
	uint8_t aid[16];
	size_t aid_n = 0;
	ca_err e;

	if (!ca_hex_parse(s->o.aid, aid, sizeof(aid), &aid_n) || s->o.t1 == 0 ||
	    (s->keys_n > 0 && s->keys[0].ec) ||
	    !ca_sim_words_known(s->o.model, models, CA_COUNT(models)))
		return CA_E_DATA;
	if (!ca_rd_copy(ca_rd_of(atr, sizeof(atr)), s->atr, sizeof(s->atr),
		&s->atr_n))
		return CA_E_BUG;
	e = dir_file(s, ca_rd_of(aid, aid_n));
	l.df = ca_sim_fs_df(s, CA_SIM_MF, 0xFFFF, ca_rd_of(aid, aid_n));
	if (e == CA_OK)
		e = ca_sim_pins_make(s, l.df);
	return e == CA_OK ? ca_sim_p15_make(s, &l) : e;
}

static void
forget(struct ca_sim *s)
{
	struct own *own = s->own;

	*own = (struct own){0};
}

/* Before the application is selected something else answers, which knows
 * SELECT and nothing besides. */
static uint16_t
enter(struct ca_sim *s, const struct ca_sim_cmd *c)
{
	const struct own *own = s->own;

	if (own->selected || c->ins == INS_SELECT || c->ins == INS_GET_RESPONSE)
		return SW_OK;
	return SW_INS;
}

/* Files by identifier in the current DF alone, by path from the root; EF.DIR
 * opens only after the application was selected, and leaves it. */
static uint16_t
select_file(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct own *own = s->own;
	struct ca_rd d = c->data;
	uint16_t fid = 0;
	uint16_t sw;

	if (c->p1 == 0x04 && c->p2 != 0x00 &&
	    ca_sim_word_listed(s->o.model, "select-fci"))
		return SW_P1P2;
	if (c->p1 != 0x04 && !own->selected)
		return SW_NO_FILE;
	if (c->p1 == 0x00 && ca_rd_u16(&d, &fid) && ca_rd_end(&d) &&
	    fid != 0x3F00 && ca_sim_fs_child(s, s->df, fid) < 0)
		return SW_NO_FILE;
	if (c->p1 != 0x00 && c->p1 != 0x04 && c->p1 != 0x08)
		return SW_P1P2;
	sw = ca_sim_select(s, c, body);
	own->selected |= sw == SW_OK;
	if (sw == SW_OK && c->p1 == 0x04 &&
	    ca_sim_word_listed(s->o.model, "select-ends"))
		for (size_t i = 0; i < s->pins_n; i++)
			s->pins[i].verified = s->pins[i].fresh = false;
	return sw;
}

/* The algorithm may be left out: 02 is meant then. */
static uint16_t
mse(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_rd v;
	uint16_t sw = ca_sim_mse(s, c, body);

	if (sw == SW_OK && c->p2 == 0xB6 && !ca_tlv_find(c->data, 0x80, &v))
		s->se[CA_SIM_OP_SIGN].alg =
		    ca_sim_word_listed(s->o.model, "alg-named") ? -1
								: ALG_PKCS1;
	return sw;
}

/* A result of 384 bytes, and what Le leaves room for. */
static uint16_t
pso(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	size_t n = s->keys_n > 0 ? s->keys[0].bits / 8 : 0;

	if (c->has_le && c->le < n) {
		if (ca_sim_word_listed(s->o.model, "long-only"))
			return SW_LENGTH;
		if (ca_sim_word_listed(s->o.model, "long-6c"))
			return (uint16_t)(SW_LE | (n & 0xFF));
	}
	return ca_sim_pso(s, c, body);
}

static uint16_t
change(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, s->o.pin_ref);

	if (ca_sim_word_listed(s->o.model, "no-change"))
		return SW_INS;
	if (c->p1 != SET_ONLY ||
	    !ca_sim_word_listed(s->o.model, "unblock-login"))
		return ca_sim_change(s, c, body);
	if (p == NULL || c->p2 != p->ref)
		return SW_NO_REFERENCE;
	if (!ca_sim_verified(s, s->o.puk_ref))
		return SW_SECURITY;
	s->counts[CA_SIM_VERIFIES]++;
	p->commands++;
	return ca_sim_pin_set(s, p, c->data);
}

static uint16_t
reset_retry(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	bool login = ca_sim_word_listed(s->o.model, "unblock-login");

	if (ca_sim_word_listed(s->o.model, "no-unblock"))
		return SW_INS;
	if (c->p1 != (login ? 0x03 : 0x00))
		return SW_P1P2;
	return ca_sim_reset_retry(s, c, body);
}

static const struct ca_sim_ins ins[] = {
    {INS_MSE, mse},
    {0x24, change},
    {INS_PSO, pso},
    {0x2C, reset_retry},
    {INS_SELECT, select_file},
};

const struct ca_sim_type ca_sim_vgca_jcop4 = {
    .name = "vgca-jcop4",
    .about = "VGCA token with the JCOP4Bit4Id applet, RSA 3072",
    .defaults = defaults,
    .build = build,
    .ins = ins,
    .ins_n = CA_COUNT(ins),
    .algs = algs,
    .algs_n = CA_COUNT(algs),
    .select_p2 = {0x00, 0x0C},
    .select_p2_n = 2,
    .own_size = sizeof(struct own),
    .own_forget = forget,
    .enter = enter,
};
