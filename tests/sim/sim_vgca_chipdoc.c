/*
 * The VGCA token with the ChipDoc applet (IAS-ECC, application "ECC generic
 * PKI"): what is reported of a real token, and beside it what an IAS-ECC card
 * must answer so that OpenSC's iasecc driver works with it. Unknown of the real
 * token, and chosen here: content of EF.ATR, EF.DIR and EF.SN, the PUK, the
 * rules in FCPs and objects, key and PIN objects being readable at all.
 *
 * Words of the option "model", for what nobody outside knows:
 *   objects-root  the objects of global PINs are known with the root selected
 *   pin-fixed     the PIN object names one length, minimum and maximum in one
 *   pin-narrow    the PIN object takes 6 to 8 characters
 *   query-le      the tries are told to VERIFY with Le alone, as reported
 *   no-query      they are told by the PIN object alone
 */
#include "pcsc/base/hex.h"
#include "tests/sim/sim_card.h"
#include "tests/sim/sim_p15.h"
#include "tests/sim/sim_sdo.h"

#define READ_MAX 231
#define CHALLENGE 8

static const char *const models[] = {
    "objects-root", "pin-fixed", "pin-narrow", "query-le", "no-query"};

static const uint8_t atr[] = {0x3B, 0xDF, 0x18, 0xFF, 0x81, 0x91, 0xFE, 0x1F,
    0xC3, 0x00, 0x31, 0xB8, 0x64, 0x0C, 0x01, 0xEC, 0xC1, 0x73, 0x94, 0x01,
    0x80, 0x82, 0x90, 0x00, 0xB3};

/* Name of the master file; the token has one of seven bytes, which is not
 * public. */
static const uint8_t root_aid[] = {0xF0, 0x49, 0x61, 0x73, 0x45, 0x63, 0x63};

/*
 * 8A is the reported way: PKCS#1 over whatever PSO brings. 02 by INTERNAL
 * AUTHENTICATE is the standard's. 8C raw and 0A / 1A decipher are guesses by
 * analogy; 8C is off unless the options name it.
 */
static const struct ca_sim_alg algs[] = {
    {CA_SIM_OP_SIGN, 0x8A, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, 0x8C, CA_SIM_RAW},
    {CA_SIM_OP_AUTH, 0x02, CA_SIM_PKCS1},
    {CA_SIM_OP_DECIPHER, 0x1A, CA_SIM_PKCS1},
    {CA_SIM_OP_DECIPHER, 0x0A, CA_SIM_PKCS1},
};

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->label, sizeof(o->label), "VGCA Test");
	(void)snprintf(o->aid, sizeof(o->aid), "E828BD080FD25047656E65726963");
	(void)snprintf(o->algs, sizeof(o->algs), "8A,02");
	(void)snprintf(o->token_algs, sizeof(o->token_algs), "02");
	o->key_ref = 0x81;
	o->pin_stored = 8;
	o->pin_pad = 0xFF;
	o->puk_tries = 3;
	o->read_max = READ_MAX;
	o->cert_alloc = 2048;
}

/* Rules in an FCP. EF: delete, activate, deactivate, update, read; DF: create
 * EF. */
static void
fcp(const struct ca_sim *s, const struct ca_sim_file *f, struct ca_wr *w)
{
	uint8_t update = CA_SIM_SCB_NEVER;

	(void)s;
	if (f->update == CA_SIM_FREE)
		update = CA_SIM_SCB_FREE;
	else if (f->update == CA_SIM_BY_PIN)
		update = CA_SIM_SCB_USER;
	if (f->df) {
		const uint8_t df[] = {0x02, CA_SIM_SCB_USER};

		ca_wr_tlv(w, 0x8C, ca_rd_of(df, sizeof(df)));
	} else {
		const uint8_t ef[] = {
		    0x5B, update, update, update, update, CA_SIM_SCB_FREE};

		ca_wr_tlv(w, 0x8C, ca_rd_of(ef, sizeof(ef)));
	}
}

/* EF.ATR: card service, pre-issuing data, capabilities, name of the MF, four
 * buffer sizes, status. */
static void
atr_file(struct ca_wr *w)
{
	static const uint8_t sizes[] = {0x02, 0x02, 0x00, 0xFF, 0x02, 0x02,
	    0x00, 0xFF, 0x02, 0x02, 0x01, 0x00, 0x02, 0x02, 0x01, 0x00};

	ca_wr_tlv(w, 0x43, ca_rd_of("\xB8", 1));
	ca_wr_tlv(w, 0x46, ca_rd_of("\x0C\x01\xEC\xC1", 4));
	ca_wr_tlv(w, 0x47, ca_rd_of("\x94\x01\x80", 3));
	ca_wr_tlv(w, 0x4F, ca_rd_of(root_aid, sizeof(root_aid)));
	ca_wr_tlv(w, 0xE0, ca_rd_of(sizes, sizeof(sizes)));
	ca_wr_tlv(w, 0x82, ca_rd_of("\x90\x00", 2));
}

/* EF.SN: the last eight bytes are the chip's number; here the token's, filled
 * with zeros in front. */
static void
sn_file(const struct ca_sim *s, struct ca_wr *w)
{
	uint8_t serial[CA_SIM_TEXT / 2];
	uint8_t room[CA_SIM_TEXT];
	struct ca_wr v = ca_wr_of(room, sizeof(room));
	size_t n = 0;

	if (!ca_hex_parse(s->o.serial, serial, sizeof(serial), &n))
		w->failed = true;
	ca_wr_mem(&v, "\x00\x00\x00\x00", 4);
	if (n < 8)
		ca_wr_fill(&v, 0x00, 8 - n);
	ca_wr_mem(&v, serial, n);
	ca_wr_tlv(w, 0x5A, ca_wr_rd(&v));
}

static ca_err
root_file(struct ca_sim *s, uint16_t fid, uint8_t sfi, const struct ca_wr *w,
    size_t alloc)
{
	int i = -1;

	if (ca_wr_ok(w))
		i = ca_sim_fs_ef(s, CA_SIM_MF, fid, ca_wr_rd(w), alloc,
		    CA_SIM_NEVER);
	if (i < 0)
		return CA_E_NOMEM;
	s->files[i].sfi = sfi;
	return CA_OK;
}

static ca_err
root_files(struct ca_sim *s, struct ca_rd aid)
{
	uint8_t room[256];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	ca_err e;

	atr_file(&w);
	e = root_file(s, 0x2F01, 0x1D, &w, 0);
	ca_wr_wipe(&w);
	sn_file(s, &w);
	if (e == CA_OK)
		e = root_file(s, 0xD003, 0x1C, &w, 0);
	ca_wr_wipe(&w);
	ca_sim_p15_dir_entry(&w, aid, s->o.label, ca_rd_of(NULL, 0));
	if (e == CA_OK && !(s->o.missing & CA_SIM_NO_EFDIR))
		e = root_file(s, 0x2F00, 0x1E, &w, 128);
	return e;
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
	    .leaf = {0x0003, 0x0004, 0x0005, 0x0006},
	    .chain = {0x0002, 0x0001},
	    .alloc_odf = 96,
	    .alloc_dir = 600,
	    .manufacturer = "Test",
	};
	struct ca_sim_file *mf = &s->files[CA_SIM_MF];
	uint8_t aid[16];
	size_t aid_n = 0;
	ca_err e;

	if (!ca_hex_parse(s->o.aid, aid, sizeof(aid), &aid_n) || s->o.t1 == 0 ||
	    !ca_sim_words_known(s->o.model, models, CA_COUNT(models)))
		return CA_E_DATA;
	if (!ca_rd_copy(ca_rd_of(atr, sizeof(atr)), s->atr, sizeof(s->atr),
		&s->atr_n) ||
	    !ca_rd_copy(ca_rd_of(root_aid, sizeof(root_aid)), mf->aid,
		sizeof(mf->aid), &mf->aid_n))
		return CA_E_BUG;
	e = root_files(s, ca_rd_of(aid, aid_n));
	l.df = ca_sim_fs_df(s, CA_SIM_MF, 0xDF01, ca_rd_of(aid, aid_n));
	if (e == CA_OK)
		e = ca_sim_pins_make(s, l.df);
	return e == CA_OK ? ca_sim_p15_make(s, &l) : e;
}

/* Eight bytes at a time, as OpenSC asks; more is not known to work. */
static uint16_t
challenge(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	return c->has_le && c->le != CHALLENGE ? SW_LENGTH
					       : ca_sim_challenge(s, c, body);
}

/* The query for the tries of a PIN, in the forms the card knows. */
static uint16_t
verify(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	if (c->data.n == 0 &&
	    (ca_sim_word_listed(s->o.model, "no-query") ||
		(ca_sim_word_listed(s->o.model, "query-le") && !c->has_le)))
		return SW_LENGTH;
	return ca_sim_verify(s, c, body);
}

static const struct ca_sim_ins ins[] = {
    {0x20, verify},
    {0x84, challenge},
    {0xCB, ca_sim_sdo_get},
};

const struct ca_sim_type ca_sim_vgca_chipdoc = {
    .name = "vgca-chipdoc",
    .about = "VGCA token with the ChipDoc (IAS-ECC) applet, RSA 2048",
    .defaults = defaults,
    .build = build,
    .ins = ins,
    .ins_n = CA_COUNT(ins),
    .algs = algs,
    .algs_n = CA_COUNT(algs),
    .decipher_pi = 0x81,
    .mse_anything = true,
    .change_after_login = true,
    .unblock_by_login = true,
    .select_p2 = {0x04, 0x0C},
    .select_p2_n = 2,
    .fcp = fcp,
};
