/*
 * The epass2003 command set by Feitian, with the files that OpenSC's profile
 * for it makes. Known from OpenSC's driver and what it sends.
 *
 * Unknown of real tokens, and chosen here: status words of refusals, the form
 * of an ECDSA signature (r and s bare, as OpenSC passes it on; an option),
 * whether the PUK lets write the PIN (an option), what stands in the bytes of
 * GET DATA that no driver looks at.
 */
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_card.h"
#include "tests/sim/sim_epass2003.h"
#include "tests/sim/sim_p15.h"

#define READ_MAX 0xD8
#define SERIAL 8
#define MF_NAME "entersafe-fips"

static const uint8_t atr[] = {0x3B, 0x9F, 0x95, 0x81, 0x31, 0xFE, 0x9F, 0x00,
    0x66, 0x46, 0x53, 0x05, 0x01, 0x00, 0x11, 0x71, 0xDF, 0x00, 0x00, 0x00,
    0x00, 0x00};

struct ca_sim_ep *
ca_sim_ep(const struct ca_sim *s)
{
	return s->own;
}

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->label, sizeof(o->label), "CA Test ePass2003");
	(void)snprintf(o->aid, sizeof(o->aid), "A000000063504B43532D3135");
	o->app_fid = 0x5015;
	o->key_ref = 0;
	o->pin_compare = CA_SIM_TYPED;
	o->pin_padding = 0;
	o->pin_stored = 16;
	o->pin_pad = 0x00;
	o->pin_local = 1;
	o->pin_tries = 6;
	o->puk_tries = 6;
	o->read_max = READ_MAX;
	o->eof = CA_SIM_EOF_9000;
	o->chaining = 0;
	o->extended = 1;
}

static void
forget(struct ca_sim *s)
{
	ca_sim_ep_close(s);
	ca_sim_ep(s)->key = NULL;
	ca_sim_ep(s)->ft.challenged = false;
}

/* ---- files ---- */

/* Low nibble of an access byte: who; the high one says how it is compared. */
static enum ca_sim_rule
rule(uint8_t access)
{
	switch (access & 0x0F) {
	case 0x00:
		return CA_SIM_FREE;
	case 0x06:
		return CA_SIM_BY_PIN;
	case 0x08:
		return CA_SIM_BY_PUK;
	default:
		return CA_SIM_NEVER;
	}
}

static uint8_t
access_of(enum ca_sim_rule r)
{
	switch (r) {
	case CA_SIM_FREE:
		return 0x90;
	case CA_SIM_BY_PIN:
		return 0x96;
	case CA_SIM_BY_PUK:
		return 0x98;
	case CA_SIM_NEVER:
		return 0x9F;
	}
	return 0xFF;
}

static const struct ca_sim_ft_coding coding = {
    .rule = rule,
    .acl_n = CA_SIM_EP_ACL,
    .read = 0,
    .update = 1,
    .del = 3,
    .create = 1,
};

/* Access bytes of a file that build() made: of an EF read, update, append,
 * delete; of a DF list, create, nothing, delete; of a key file read, update,
 * use, delete. */
static void
describe(struct ca_sim *s, size_t i)
{
	struct ca_sim_file *f = &s->files[i];
	struct ca_sim_ft_file *x = &ca_sim_ft(s)->files[i];
	uint8_t use = s->o.key_free != 0 ? 0x90 : 0x96;
	uint8_t a[CA_SIM_EP_ACL] = {
	    0x90, 0x90, 0xFF, 0x90, 0xFF, 0xFF, 0xFF, 0xFF};

	if (f->df) {
		x->kind = CA_SIM_FT_DF;
	} else if (f->fid >> 8 == 0x29) {
		x->kind = CA_SIM_FT_PRIVATE;
		memcpy(a, (const uint8_t[]){0xFF, use, use, use}, 4);
	} else {
		x->kind = f->fid == 0x2F00 ? CA_SIM_FT_RECORDS
					   : CA_SIM_FT_TRANSPARENT;
		if (f->fid != 0x9F00)
			f->update = CA_SIM_BY_PIN;
		a[1] = a[3] = access_of(f->update);
	}
	memcpy(x->acl, a, CA_SIM_EP_ACL);
	x->acl_n = CA_SIM_EP_ACL;
	x->create = f->df ? rule(a[1]) : CA_SIM_NEVER;
	x->del = f->df ? CA_SIM_NEVER : rule(a[3]);
}

/* In the directories objects are counted, on the card every identifier of these
 * classes has its low byte multiplied. */
static bool
stepped(uint16_t fid)
{
	return fid >> 8 == 0x29 || (fid >> 8 >= 0x30 && fid >> 8 <= 0x34);
}

static ca_err
step_files(struct ca_sim *s)
{
	char name[24];

	for (size_t i = 1; i < s->files_n; i++) {
		struct ca_sim_file *f = &s->files[i];
		ca_err e;

		if (f->parent != ca_sim_ep(s)->df || !stepped(f->fid))
			continue;
		f->fid = (uint16_t)((f->fid & 0xFF00) |
				    ((f->fid * CA_SIM_EP_STEP) & 0xFF));
		/* What was written to it was kept under this name. */
		(void)snprintf(name, sizeof(name), "ef-%04X-%04X",
		    s->files[f->parent].fid, f->fid);
		e = ca_sim_state_get(s->o.state, name, &f->data);
		if (e != CA_OK && e != CA_E_NOT_FOUND)
			return e;
	}
	return CA_OK;
}

/* EF.DIR is a file of records, each kept behind its length. */
static ca_err
dir_file(struct ca_sim *s, struct ca_rd aid, struct ca_rd path)
{
	uint8_t room[128];
	uint8_t whole[129];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	struct ca_wr f = ca_wr_of(whole, sizeof(whole));

	if (s->o.missing & CA_SIM_NO_EFDIR)
		return CA_OK;
	ca_sim_p15_dir_entry(&w, aid, s->o.label, path);
	ca_wr_u8(&f, (uint8_t)w.n);
	ca_wr_bytes(&f, ca_wr_rd(&w));
	return ca_wr_ok(&w) && ca_wr_ok(&f) &&
		       ca_sim_fs_ef(s, CA_SIM_MF, 0x2F00, ca_wr_rd(&f), 0,
			   CA_SIM_BY_PIN) >= 0
		   ? CA_OK
		   : CA_E_NOMEM;
}

static ca_err
other_files(struct ca_sim *s, int df)
{
	static const uint8_t tries[2];
	bool ok =
	    ca_sim_fs_ef(s, df, 0x5033, ca_rd_of(NULL, 0), 128,
		CA_SIM_BY_PIN) >= 0 &&
	    ((s->o.missing & CA_SIM_NO_TRIES_FILE) != 0 ||
		ca_sim_fs_ef(s, df, 0x9F00, ca_rd_of(tries, sizeof(tries)), 0,
		    CA_SIM_NEVER) >= 0);

	for (uint16_t i = 0; ok && i < s->keys_n; i++)
		ok = ca_sim_fs_ef(s, df, (uint16_t)(0x2900 + i),
			 ca_rd_of(NULL, 0), 0, CA_SIM_NEVER) >= 0;
	return ok ? CA_OK : CA_E_NOMEM;
}

static ca_err
make_names(struct ca_sim *s, uint8_t *aid, size_t *aid_n)
{
	struct ca_sim_file *mf = &s->files[CA_SIM_MF];
	uint8_t tck = 0;

	if (!ca_hex_parse(s->o.aid, aid, 16, aid_n) || s->o.t1 == 0 ||
	    s->o.t0 != 0)
		return CA_E_DATA;
	if (!ca_rd_copy(ca_rd_of(atr, sizeof(atr)), s->atr, sizeof(s->atr) - 1,
		&s->atr_n) ||
	    !ca_rd_copy(ca_rd_of(MF_NAME, sizeof(MF_NAME) - 1), mf->aid,
		sizeof(mf->aid), &mf->aid_n))
		return CA_E_BUG;
	for (size_t i = 1; i < s->atr_n; i++)
		tck ^= s->atr[i];
	s->atr[s->atr_n++] = tck;
	return CA_OK;
}

static ca_err
make_files(struct ca_sim *s, const struct ca_sim_layout *l, struct ca_rd aid)
{
	ca_err e;

	if ((e = ca_sim_pins_make(s, l->df)) != CA_OK ||
	    (e = ca_sim_ep_pins(s)) != CA_OK ||
	    (e = dir_file(s, aid, l->prefix)) != CA_OK ||
	    (e = other_files(s, l->df)) != CA_OK ||
	    (e = ca_sim_ep_tries_file(s, true)) != CA_OK ||
	    (e = ca_sim_p15_make(s, l)) != CA_OK ||
	    (e = step_files(s)) != CA_OK ||
	    (e = ca_sim_ft_grow(s, l->df, 0x4404, 2048)) != CA_OK)
		return e;
	for (size_t i = 0; i < s->files_n; i++)
		describe(s, i);
	return ca_sim_ft_load(s);
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
	    .chain = {0x3104, 0x3105},
	    .pub = {0x3000, 0x3001, 0x3002, 0x3003},
	    .key = {0x2900, 0x2901, 0x2902, 0x2903},
	    .alloc_odf = 512,
	    .alloc_tokeninfo = 128,
	    .alloc_dir = 512,
	    .pin_path = app,
	    .key_path = app,
	    .manufacturer = "EnterSafe",
	    .puk_unlisted = true,
	};
	uint8_t aid[16];
	size_t aid_n = 0;
	ca_err e = make_names(s, aid, &aid_n);

	ca_sim_ft(s)->coding = &coding;
	if (e != CA_OK)
		return e;
	l.df = ca_sim_fs_df(s, CA_SIM_MF, (uint16_t)s->o.app_fid,
	    ca_rd_of(aid, aid_n));
	ca_sim_ep(s)->df = l.df;
	return make_files(s, &l, ca_rd_of(aid, aid_n));
}

static uint16_t
get_data(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	uint8_t number[CA_SIM_TEXT / 2] = {0};
	size_t n = 0;

	if (c->p1 != 0x01)
		return SW_NO_REFERENCE;
	if (c->data.n > 0 || !c->has_le)
		return SW_LENGTH;
	if (c->p2 == 0x86) {
		ca_sim_ep_mode(s, body);
		return SW_OK;
	}
	if (c->p2 != 0x80)
		return SW_NO_REFERENCE;
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
	if (c->data.n > 0 || !c->has_le || (c->le != 8 && c->le != 16))
		return SW_LENGTH;
	return ca_sim_ft_challenge(s, c->le, body);
}

/* clang-format off */
static const struct ca_sim_ft_row rows[] = {
	{0x00, 0x22, ca_sim_ep_mse},
	{0x00, 0x2A, ca_sim_ep_pso},
	{0x80, 0x34, ca_sim_ep_list},
	{0x80, 0x50, ca_sim_ep_begin},
	{0x00, 0x82, ca_sim_ep_prove},
	{0x84, 0x82, ca_sim_ep_authenticate},
	{0x00, 0x84, challenge},
	{0x00, 0xA4, ca_sim_ep_select},
	{0x00, 0xB0, ca_sim_ft_read},
	{0x00, 0xB2, ca_sim_ep_read_record},
	{0x80, 0xB4, ca_sim_ep_modulus},
	{0x00, 0xCA, get_data},
	{0x00, 0xD6, ca_sim_ep_update},
	{0x00, 0xE0, ca_sim_ep_create},
	{0x00, 0xE2, ca_sim_ep_append_record},
	{0x00, 0xE4, ca_sim_ep_delete},
	{0x80, 0xE5, ca_sim_ep_write_pin},
};
/* clang-format on */

/* What may come outside the channel: the question which one there is, and the
 * two steps that open it. */
static bool
outside(const struct ca_sim_cmd *c)
{
	return (c->cla == 0x00 && c->ins == 0xCA && c->p2 == 0x86) ||
	       (c->cla == 0x80 && c->ins == 0x50) ||
	       (c->cla == 0x84 && c->ins == 0x82);
}

static uint16_t
run(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	bool wrapped = ca_sim_ep(s)->inside || s->o.sm == CA_SIM_SM_NONE;

	if (!wrapped && !outside(c))
		return SW_CONDITIONS;
	return ca_sim_ft_dispatch(rows, CA_COUNT(rows), s, c, body);
}

/* Those that are here, and those of the shared core that are not. */
static const struct ca_sim_ins ins[] = {
    {0x20, run},
    {0x22, run},
    {0x24, run},
    {0x2A, run},
    {0x2C, run},
    {0x34, run},
    {0x50, run},
    {0x82, run},
    {0x84, run},
    {0x88, run},
    {0xA4, run},
    {0xB0, run},
    {0xB1, run},
    {0xB2, run},
    {0xB4, run},
    {0xCA, run},
    {0xD6, run},
    {0xE0, run},
    {0xE2, run},
    {0xE4, run},
    {0xE5, run},
};

static uint16_t class(const struct ca_sim *s, uint8_t cla)
{
	if (cla == 0x0C || cla == 0x8C)
		return s->o.sm != CA_SIM_SM_NONE ? SW_OK : SW_NO_SM;
	return cla == 0x00 || cla == 0x80 || cla == 0x84 ? SW_OK : SW_CLA;
}

const struct ca_sim_type ca_sim_epass2003 = {
    .name = "epass2003",
    .about = "Feitian ePass2003, secure messaging, raw RSA or ECDSA",
    .defaults = defaults,
    .build = build,
    .ins = ins,
    .ins_n = CA_COUNT(ins),
    .own_size = sizeof(struct ca_sim_ep),
    .own_forget = forget,
    .cla = class,
    .wrapped = ca_sim_ep_wrapped,
};
