/*
 * A plain ISO/IEC 7816-15 card: application DF 5015, PIN padded with 00 to 16
 * bytes, strict MSE, command chaining, every answer as ISO/IEC 7816-4 words it.
 *
 * It also answers the one question by which OpenSC knows the free IsoApplet,
 * and uses that applet's algorithm numbers, so that an independent client can
 * sign with it.
 */
#include "pcsc/base/hex.h"
#include "tests/sim/sim_card.h"
#include "tests/sim/sim_iso_make.h"
#include "tests/sim/sim_p15.h"

/* Algorithm references: 11 and 21 are IsoApplet's, where 21 hashes with SHA-1
 * on the card (seen with OpenSC 0.23: it sends the message). 02, 22 and 23 are
 * our own choice; 23 is PSO DECIPHER of a point, as 7816-15 has it for the
 * mechanism 1050 with the operation decipher. */
#define ALG_RSA_RAW 0x02
#define ALG_RSA_PKCS1 0x11
#define ALG_ECDSA_SHA1 0x21
#define ALG_ECDSA 0x22
#define ALG_ECDH 0x23

static const struct ca_sim_alg algs[] = {
    {CA_SIM_OP_SIGN, ALG_RSA_PKCS1, CA_SIM_PKCS1},
    {CA_SIM_OP_SIGN, ALG_RSA_RAW, CA_SIM_RAW},
    {CA_SIM_OP_SIGN, ALG_ECDSA, CA_SIM_ECDSA},
    {CA_SIM_OP_SIGN, ALG_ECDSA_SHA1, CA_SIM_ECDSA_SHA1},
    {CA_SIM_OP_DECIPHER, ALG_RSA_PKCS1, CA_SIM_PKCS1},
    {CA_SIM_OP_DECIPHER, ALG_RSA_RAW, CA_SIM_RAW},
    {CA_SIM_OP_DECIPHER, ALG_ECDH, CA_SIM_ECDH},
};

static void
defaults(struct ca_sim_opts *o)
{
	(void)snprintf(o->label, sizeof(o->label), "CA Test ISO");
	(void)snprintf(o->aid, sizeof(o->aid), "A000000063504B43532D3135");
	(void)snprintf(o->algs, sizeof(o->algs), "11,21,22");
	(void)snprintf(o->token_algs, sizeof(o->token_algs), "11,21,22,23");
	o->app_fid = 0x5015;
	o->dir_fid = 0x4401;
	o->cert_fid = 0x3400;
	o->key_ref = 1;
	o->pin_stored = 16;
	o->pin_pad = 0x00;
	o->pin_local = 1;
	o->eof = CA_SIM_EOF_9000;
}

/*
 * Historical bytes in compact TLV (ISO/IEC 7816-4 8.1.1): 73 capabilities
 * (select by name and path, data units of one byte, chaining and extended
 * length as the options say), 55 "CAISO".
 */
static void
make_atr(struct ca_sim *s)
{
	uint8_t caps =
	    (uint8_t)((s->o.chaining ? 0x80 : 0) | (s->o.extended ? 0x40 : 0));
	const uint8_t hist[] = {
	    0x80, 0x73, 0xC6, 0x01, caps, 0x55, 'C', 'A', 'I', 'S', 'O'};
	struct ca_wr w = ca_wr_of(s->atr, sizeof(s->atr));
	uint8_t tck = 0;

	ca_wr_u8(&w, 0x3B);
	ca_wr_u8(&w, (uint8_t)((s->o.t1 ? 0x80 : 0) | sizeof(hist)));
	if (s->o.t1 && s->o.t0)
		ca_wr_u8(&w, 0x80); /* T=0 first, another one follows */
	if (s->o.t1)
		ca_wr_u8(&w, 0x01);
	ca_wr_mem(&w, hist, sizeof(hist));
	for (size_t i = 1; i < w.n; i++)
		tck ^= s->atr[i];
	/* ISO/IEC 7816-3:2006 8.2.5: no TCK when T=0 alone is meant. */
	if (s->o.t1)
		ca_wr_u8(&w, tck);
	s->atr_n = w.n;
}

static ca_err
dir_file(struct ca_sim *s, struct ca_rd aid, struct ca_rd path)
{
	uint8_t room[128];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	if (s->o.missing & CA_SIM_NO_EFDIR)
		return CA_OK;
	ca_sim_p15_dir_entry(&w, aid, s->o.label, path);
	return ca_wr_ok(&w) && ca_sim_fs_ef(s, CA_SIM_MF, 0x2F00, ca_wr_rd(&w),
				   128, CA_SIM_NEVER) >= 0
		   ? CA_OK
		   : CA_E_NOMEM;
}

/* The PIN of some keys: as the first, with no PUK. */
static ca_err
second_pin(struct ca_sim *s)
{
	const struct ca_sim_opts *o = &s->o;
	const struct ca_sim_pin *first = ca_sim_pin_find(s, o->pin_ref);
	struct ca_sim_pin p;
	ca_err e;

	if (o->pin2_ref == 0)
		return CA_OK;
	if (first == NULL)
		return CA_E_BUG;
	p = *first;
	p.ref = (uint8_t)o->pin2_ref;
	p.tries = p.tries_max = (uint8_t)o->pin2_tries;
	p.unblocker = 0;
	e = ca_sim_pin_add(s, p, o->pin2[0] != '\0' ? o->pin2 : o->pin);
	ca_secret_wipe(&p.value);
	for (size_t i = 0; i < s->keys_n; i++)
		if ((o->pin2_keys >> i & 1) != 0)
			s->keys[i].pin = p.ref;
	return e;
}

static ca_err
build(struct ca_sim *s)
{
	uint16_t dir = (uint16_t)s->o.dir_fid;
	uint16_t cert = (uint16_t)s->o.cert_fid;
	uint8_t path[] = {
	    0x3F, 0x00, (uint8_t)(s->o.app_fid >> 8), (uint8_t)s->o.app_fid};
	struct ca_rd app = ca_rd_of(path, sizeof(path));
	uint8_t aid[16];
	size_t aid_n = 0;
	struct ca_sim_layout l = {
	    .prefix = app,
	    .odf = 0x5031,
	    .tokeninfo = 0x5032,
	    .aodf = dir,
	    .prkdf = (uint16_t)(dir + 1),
	    .pukdf = (uint16_t)(dir + 2),
	    .cdf = (uint16_t)(dir + 3),
	    .pin_path = app,
	    .key_path = app,
	    .manufacturer = "Nhà sản xuất thử",
	    .pin2 = s->o.pin2_ref != 0,
	};
	ca_err e;

	if (!ca_hex_parse(s->o.aid, aid, sizeof(aid), &aid_n))
		return CA_E_DATA;
	make_atr(s);
	e = dir_file(s, ca_rd_of(aid, aid_n), app);
	if (e != CA_OK)
		return e;
	l.df = ca_sim_fs_df(s, CA_SIM_MF, (uint16_t)s->o.app_fid,
	    ca_rd_of(aid, aid_n));
	for (uint16_t i = 0; i < CA_SIM_KEYS; i++) {
		l.leaf[i] = (uint16_t)(cert + i);
		l.pub[i] = (uint16_t)(0x3300 + i);
	}
	l.chain[0] = (uint16_t)(cert + 0x10);
	l.chain[1] = (uint16_t)(cert + 0x11);
	if (s->o.data > 0) {
		l.dodf = (uint16_t)(dir + 4);
		l.data[0] = 0x3500;
		l.data[1] = 0x3501;
	}
	if (s->o.generate != 0) {
		l.alloc_odf = 128;
		l.alloc_dir = CA_SIM_ISO_DIR;
	}
	e = ca_sim_pins_make(s, l.df);
	if (e == CA_OK)
		e = second_pin(s);
	if (e == CA_OK)
		e = ca_sim_p15_make(s, &l);
	if (e == CA_OK)
		e = ca_sim_iso_admin_load(s);
	return e == CA_OK ? ca_sim_iso_load(s) : e;
}

/* IsoApplet's name is answered with its version, not with an FCI. */
static uint16_t
select_file(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	static const uint8_t applet[] = {0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB,
	    0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01};
	static const uint8_t version[] = {0x00, 0x06, 0x06};

	if (c->p1 == 0x04 && s->o.select_logout != 0) {
		s->df = CA_SIM_MF;
		ca_sim_pin_moved(s);
	}
	if (c->p1 != 0x04 ||
	    !ca_rd_equal(c->data, ca_rd_of(applet, sizeof(applet))))
		return ca_sim_select(s, c, body);
	s->df = CA_SIM_MF;
	s->ef = -1;
	ca_sim_pin_moved(s);
	ca_wr_mem(body, version, sizeof(version));
	return SW_OK;
}

static const struct ca_sim_ins ins[] = {
    {0x22, ca_sim_iso_mse},
    {0x2C, ca_sim_iso_retry},
    {0x46, ca_sim_iso_generate},
    {0x82, ca_sim_iso_external},
    {0x84, ca_sim_iso_challenge},
    {0xA4, select_file},
    {0xE0, ca_sim_iso_create},
};

const struct ca_sim_type ca_sim_iso7816_15 = {
    .name = "iso7816-15",
    .about = "plain ISO/IEC 7816-15 card, strict, RSA or ECDSA",
    .defaults = defaults,
    .build = build,
    .ins = ins,
    .ins_n = CA_COUNT(ins),
    .algs = algs,
    .algs_n = CA_COUNT(algs),
    .decipher_pi = 0x00,
    .select_p2 = {0x00, 0x04, 0x0C},
    .select_p2_n = 3,
    .fcp = ca_sim_iso_access,
    .own_size = sizeof(struct ca_sim_iso),
    .own_forget = ca_sim_iso_forget,
    .enter = ca_sim_iso_next,
};
