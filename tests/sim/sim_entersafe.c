/*
 * The entersafe command set by Feitian (FTCOS/PK-01C, and the older ePass3000
 * over T=0), with the files that OpenSC's profile for it makes. Known from
 * OpenSC's driver and what it sends.
 *
 * Unknown of real tokens, and chosen here: the answer to VERIFY without data
 * (that of the standard), status words of refusals, which of the ten access
 * bytes stands for what (read and update first), that the PUK's verification is
 * what lets WRITE KEY set a PIN.
 */
#include "tests/sim/sim_entersafe.h"
#include "pcsc/base/hex.h"
#include "tests/sim/sim_card.h"
#include "tests/sim/sim_p15.h"

#define NAME 16
#define SERIAL 8

/* PK-01C, T=1; ePass3000, T=0. */
static const uint8_t atr_t1[] = {0x3B, 0x9F, 0x95, 0x81, 0x31, 0xFE, 0x9F, 0x00,
    0x65, 0x46, 0x53, 0x05, 0x30, 0x06, 0x71, 0xDF, 0x00, 0x00, 0x00, 0x80,
    0x6A, 0x82, 0x5E};
static const uint8_t atr_t0[] = {0x3B, 0x0F, 0x00, 0x65, 0x46, 0x53, 0x05, 0x19,
    0x05, 0x71, 0xDF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};

static struct ca_sim_es *
own(const struct ca_sim *s)
{
	return s->own;
}

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->label, sizeof(o->label), "CA Test FTCOS");
	(void)snprintf(o->aid, sizeof(o->aid), "A000000063504B43532D3135");
	o->app_fid = 0x5015;
	o->key_ref = 1;
	o->pin_stored = 16;
	o->pin_pad = 0x00;
	o->pin_local = 1;
	o->puk_tries = 3;
	o->read_max = CA_SIM_ES_DATA;
	o->eof = CA_SIM_EOF_9000;
	o->chaining = 0;
}

static void
forget(struct ca_sim *s)
{
	own(s)->key = NULL;
	own(s)->head_n = 0;
	own(s)->ft.challenged = false;
	ca_wipe(own(s)->head, sizeof(own(s)->head));
}

/* ---- files ---- */

static enum ca_sim_rule
rule(uint8_t access)
{
	/* OpenSC means the user's PIN and writes 00, then writes the file
	 * without a PIN: so that is free as well. */
	if (access == 0x10 || access == 0x00)
		return CA_SIM_FREE;
	if (access == 0x04 || (access & 0xF0) == 0x30)
		return CA_SIM_BY_PIN;
	return CA_SIM_NEVER;
}

/* No DELETE FILE. CREATE FILE asks for its MAC alone. */
static const struct ca_sim_ft_coding coding = {
    .rule = rule,
    .acl_n = CA_SIM_FT_ACL,
    .read = 0,
    .update = 1,
    .del = CA_SIM_FT_ACL,
    .create = CA_SIM_FT_ACL,
};

static ca_err
make_atr(struct ca_sim *s)
{
	struct ca_rd atr = s->o.t1 != 0 ? ca_rd_of(atr_t1, sizeof(atr_t1))
					: ca_rd_of(atr_t0, sizeof(atr_t0));

	return ca_rd_copy(atr, s->atr, sizeof(s->atr), &s->atr_n) ? CA_OK
								  : CA_E_BUG;
}

static ca_err
other_files(struct ca_sim *s, int df, struct ca_rd aid, struct ca_rd path)
{
	static const char profile[] = "\x01\x06pkcs15\x02\x06onepin";
	uint8_t room[128];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	bool ok = true;

	ca_sim_p15_dir_entry(&w, aid, s->o.label, path);
	if (!(s->o.missing & CA_SIM_NO_EFDIR))
		ok = ca_wr_ok(&w) && ca_sim_fs_ef(s, CA_SIM_MF, 0x2F00,
					 ca_wr_rd(&w), 128, CA_SIM_BY_PIN) >= 0;
	ok = ok &&
	     ca_sim_fs_ef(s, df, 0x5033, ca_rd_of(NULL, 0), 128,
		 CA_SIM_BY_PIN) >= 0 &&
	     ca_sim_fs_ef(s, df, 0x4946, ca_rd_of(profile, sizeof(profile) - 1),
		 128, CA_SIM_BY_PIN) >= 0;
	return ok ? CA_OK : CA_E_NOMEM;
}

/* Every file the PIN's holder may write, as the profile means it (what it does:
 * anybody), and the sizes that are known. */
static ca_err
finish_files(struct ca_sim *s, int df)
{
	struct ca_sim_ft *ft = ca_sim_ft(s);
	ca_err e = ca_sim_ft_grow(s, df, 0x4404, 2048);

	for (size_t i = 0; i < s->files_n; i++) {
		ft->files[i].kind =
		    s->files[i].df ? CA_SIM_FT_DF : CA_SIM_FT_TRANSPARENT;
		ft->files[i].create = CA_SIM_FREE;
		ft->files[i].del = CA_SIM_NEVER;
		s->files[i].update =
		    s->o.key_free != 0 ? CA_SIM_FREE : CA_SIM_BY_PIN;
	}
	return e == CA_OK ? ca_sim_ft_load(s) : e;
}

static ca_err
build(struct ca_sim *s)
{
	uint8_t path[] = {
	    0x3F, 0x00, (uint8_t)(s->o.app_fid >> 8), (uint8_t)s->o.app_fid};
	struct ca_rd app = ca_rd_of(path, sizeof(path));
	struct ca_sim_layout l = {
	    .prefix = app,
	    .odf = 0x5031,
	    .tokeninfo = 0x5032,
	    .aodf = 0x4401,
	    .prkdf = 0x4402,
	    .pukdf = 0x4403,
	    .cdf = 0x4404,
	    .dodf = 0x4405,
	    .leaf = {0x3100, 0x3101, 0x3102, 0x3103},
	    .chain = {0x3110, 0x3111},
	    .pub = {0x3000, 0x3001, 0x3002, 0x3003},
	    .alloc_odf = 512,
	    .alloc_tokeninfo = 128,
	    .alloc_dir = 512,
	    .pin_path = app,
	    .key_path = app,
	    .manufacturer = "EnterSafe",
	    .puk_unlisted = true,
	};
	uint8_t aid[NAME];
	size_t aid_n = 0;
	ca_err e;

	if (!ca_hex_parse(s->o.aid, aid, sizeof(aid), &aid_n) ||
	    (s->keys_n > 0 && s->keys[0].ec) || (s->o.t0 != 0 && s->o.t1 != 0))
		return CA_E_DATA;
	ca_sim_ft(s)->coding = &coding;
	if ((e = make_atr(s)) != CA_OK)
		return e;
	l.df = ca_sim_fs_df(s, CA_SIM_MF, (uint16_t)s->o.app_fid,
	    ca_rd_of(aid, aid_n));
	if ((e = ca_sim_pins_make(s, l.df)) != CA_OK ||
	    (e = other_files(s, l.df, ca_rd_of(aid, aid_n), app)) != CA_OK ||
	    (e = ca_sim_p15_make(s, &l)) != CA_OK)
		return e;
	return finish_files(s, l.df);
}

/* A DF's name is always 16 bytes: the AID and what follows it on real cards. */
static void
df_name(const struct ca_sim_file *f, struct ca_wr *w)
{
	static const uint8_t tail[] = {0x00, 0x00, 0x10, 0x10};
	size_t rest;

	if (f->aid_n == 0) {
		ca_wr_fill(w, 0x20, 3);
		ca_wr_fill(w, 0x00, NAME - 3);
		return;
	}
	ca_wr_mem(w, f->aid, f->aid_n);
	rest = NAME - f->aid_n;
	ca_wr_mem(w, tail, rest < sizeof(tail) ? rest : sizeof(tail));
	ca_wr_fill(w, 0x00, rest > sizeof(tail) ? rest - sizeof(tail) : 0);
}

/* An EF has 81, 82, 83; a DF 83, 84. */
static uint16_t
select_file(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	uint8_t room[64];
	uint8_t name[NAME];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	struct ca_wr n = ca_wr_of(name, sizeof(name));
	const struct ca_sim_file *f;
	int i = 0;
	uint16_t sw = ca_sim_ft_select(s, c, &i);

	if (sw != SW_OK)
		return sw;
	if (s->t1 && !c->has_le)
		return SW_OK;
	f = &s->files[i];
	if (!f->df) {
		const uint8_t size[] = {
		    (uint8_t)(f->data.n >> 8), (uint8_t)f->data.n};

		ca_wr_tlv(&w, 0x81, ca_rd_of(size, sizeof(size)));
		ca_wr_tlv(&w, 0x82, ca_rd_of("\x01", 1));
	}
	ca_wr_u16(&w, 0x8302);
	ca_wr_u16(&w, f->fid);
	if (f->df) {
		df_name(f, &n);
		ca_wr_tlv(&w, 0x84, ca_wr_rd(&n));
	}
	ca_wr_tlv(body, 0x6F, ca_wr_rd(&w));
	return SW_OK;
}

static uint16_t
update(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	(void)body;
	return ca_sim_ft_update(s, c, CA_SIM_ES_DATA);
}

static uint16_t
serial(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	uint8_t number[CA_SIM_TEXT / 2] = {0};
	size_t n = 0;

	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (c->data.n > 0 || !c->has_le || c->le != SERIAL)
		return SW_LENGTH;
	if (!ca_hex_parse(s->o.serial, number, sizeof(number), &n))
		return SW_FAULT;
	ca_wr_mem(body, number, SERIAL);
	return SW_OK;
}

static uint16_t
challenge(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (c->data.n > 0 || !c->has_le || c->le != CA_SIM_FT_CHALLENGE)
		return SW_LENGTH;
	return ca_sim_ft_challenge(s, CA_SIM_FT_CHALLENGE, body);
}

/* clang-format off */
static const struct ca_sim_ft_row rows[] = {
	{0x00, 0x20, ca_sim_verify},
	{0x00, 0x22, ca_sim_es_mse},
	{0x00, 0x24, ca_sim_change},
	{0x00, 0x2A, ca_sim_es_pso},
	{0x00, 0x84, challenge},
	{0x00, 0xA4, select_file},
	{0x00, 0xB0, ca_sim_ft_read},
	{0x80, 0xB0, ca_sim_ft_read},
	{0x00, 0xD6, update},
	{0x80, 0xD6, update},
	{0x84, 0xE0, ca_sim_es_create},
	{0x80, 0xE6, ca_sim_es_public_key},
	{0x80, 0xEA, serial},
	{0x84, 0xF4, ca_sim_es_write_key},
};
/* clang-format on */

static uint16_t
run(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	return ca_sim_ft_dispatch(rows, CA_COUNT(rows), s, c, body);
}

/* Those that are here, and those of the shared core that are not. */
static const struct ca_sim_ins ins[] = {
    {0x20, run},
    {0x22, run},
    {0x24, run},
    {0x2A, run},
    {0x2C, run},
    {0x84, run},
    {0x88, run},
    {0xA4, run},
    {0xB0, run},
    {0xB1, run},
    {0xD6, run},
    {0xE0, run},
    {0xE6, run},
    {0xEA, run},
    {0xF4, run},
};

static uint16_t class(const struct ca_sim *s, uint8_t cla)
{
	(void)s;
	return cla == 0x00 || cla == 0x80 || cla == 0x84 ? SW_OK : SW_CLA;
}

const struct ca_sim_type ca_sim_entersafe = {
    .name = "entersafe",
    .about = "Feitian FTCOS/PK-01C (T=0: ePass3000), raw RSA, MACed "
	     "administration",
    .defaults = defaults,
    .build = build,
    .ins = ins,
    .ins_n = CA_COUNT(ins),
    .own_size = sizeof(struct ca_sim_es),
    .own_forget = forget,
    .cla = class,
};
