#include "tests/sim/sim_p15.h"

#include <openssl/x509.h>
#include <string.h>

#include "tests/sim/sim_der.h"

#define ROOM 4096

void
ca_sim_p15_path(struct ca_wr *w, struct ca_rd prefix, uint16_t fid)
{
	size_t seq = ca_sim_der_open(w, 0x30);
	size_t path = ca_sim_der_open(w, 0x04);

	ca_wr_bytes(w, prefix);
	if (fid != 0)
		ca_wr_u16(w, fid);
	ca_sim_der_close(w, path);
	ca_sim_der_close(w, seq);
}

void
ca_sim_p15_dir_entry(struct ca_wr *w, struct ca_rd aid, const char *label,
    struct ca_rd path)
{
	size_t m = ca_sim_der_open(w, 0x61);

	ca_wr_tlv(w, 0x4F, aid);
	ca_sim_der_text(w, 0x50, label);
	if (path.n > 0)
		ca_wr_tlv(w, 0x51, path);
	ca_sim_der_close(w, m);
}

static void
odf_entry(struct ca_wr *w, uint32_t tag, const struct ca_sim_layout *l,
    uint16_t fid)
{
	size_t m;

	if (fid == 0)
		return;
	m = ca_sim_der_open(w, tag);
	ca_sim_p15_path(w, l->prefix, fid);
	ca_sim_der_close(w, m);
}

/* An object of a class that nobody has defined. */
static void
stranger(const struct ca_sim *s, struct ca_wr *w)
{
	if (s->o.unknown == 0)
		return;
	ca_wr_mem(w, "\xAF\x08\x30\x06\x04\x04\x3F\x00\x7F\x7F", 10);
}

static void
odf(const struct ca_sim *s, const struct ca_sim_layout *l, struct ca_wr *w)
{
	stranger(s, w);
	odf_entry(w, 0xA8, l, s->o.missing & CA_SIM_NO_AODF ? 0 : l->aodf);
	odf_entry(w, 0xA0, l, s->o.missing & CA_SIM_NO_PRKDF ? 0 : l->prkdf);
	odf_entry(w, 0xA1, l, s->o.pukdf == 0 ? 0 : l->pukdf);
	odf_entry(w, 0xA4, l, s->o.missing & CA_SIM_NO_CDF ? 0 : l->cdf);
	odf_entry(w, 0xA7, l, l->dodf);
}

typedef void (*writer)(const struct ca_sim *, const struct ca_sim_layout *,
    struct ca_wr *);

/* One directory file with its padding; fid 0 makes none. */
static ca_err
directory(struct ca_sim *s, const struct ca_sim_layout *l, uint16_t fid,
    size_t alloc, writer fill, enum ca_sim_rule update)
{
	uint8_t room[ROOM];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	size_t size;

	if (fid == 0)
		return CA_OK;
	fill(s, l, &w);
	if (!ca_wr_ok(&w))
		return CA_E_NOMEM;
	size = w.n + s->o.pad;
	if (size < alloc)
		size = alloc;
	return ca_sim_fs_ef(s, l->df, fid, ca_wr_rd(&w), size, update) >= 0
		   ? CA_OK
		   : CA_E_NOMEM;
}

static void
aodf(const struct ca_sim *s, const struct ca_sim_layout *l, struct ca_wr *w)
{
	stranger(s, w);
	ca_sim_p15_aodf(s, l, w);
}

static void
prkdf(const struct ca_sim *s, const struct ca_sim_layout *l, struct ca_wr *w)
{
	stranger(s, w);
	ca_sim_p15_prkdf(s, l, w);
}

static void
pukdf(const struct ca_sim *s, const struct ca_sim_layout *l, struct ca_wr *w)
{
	stranger(s, w);
	ca_sim_p15_pukdf(s, l, w);
}

static void
cdf(const struct ca_sim *s, const struct ca_sim_layout *l, struct ca_wr *w)
{
	stranger(s, w);
	ca_sim_p15_cdf(s, l, w);
	stranger(s, w);
}

static void
dodf(const struct ca_sim *s, const struct ca_sim_layout *l, struct ca_wr *w)
{
	ca_sim_p15_dodf(s, l, w);
}

static ca_err
directories(struct ca_sim *s, const struct ca_sim_layout *l)
{
	enum ca_sim_rule grows =
	    s->o.generate != 0 ? CA_SIM_BY_PIN : CA_SIM_NEVER;
	const struct {
		uint16_t fid;
		size_t alloc;
		writer fill;
		enum ca_sim_rule update;
	} rows[] = {
	    {l->odf, l->alloc_odf, odf, grows},
	    {s->o.missing & CA_SIM_NO_TOKENINFO ? 0 : l->tokeninfo,
		l->alloc_tokeninfo, ca_sim_p15_tokeninfo, CA_SIM_BY_PIN},
	    {l->aodf, l->alloc_dir, aodf, CA_SIM_NEVER},
	    {l->prkdf, l->alloc_dir, prkdf, grows},
	    {s->o.pukdf != 0 ? l->pukdf : 0, l->alloc_dir, pukdf, grows},
	    {l->cdf, l->alloc_dir, cdf, CA_SIM_BY_PIN},
	    {l->dodf, l->alloc_dir, dodf, CA_SIM_BY_PIN},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		ca_err e = directory(s, l, rows[i].fid, rows[i].alloc,
		    rows[i].fill, rows[i].update);

		if (e != CA_OK)
			return e;
	}
	return CA_OK;
}

static ca_err
certificate(struct ca_sim *s, const struct ca_sim_layout *l, uint16_t fid,
    struct ca_rd der)
{
	return ca_sim_fs_ef(s, l->df, fid, der, s->o.cert_alloc,
		   CA_SIM_BY_PIN) >= 0
		   ? CA_OK
		   : CA_E_NOMEM;
}

/* One of a key; that of the first may be spoilt. */
static ca_err
leaf(struct ca_sim *s, const struct ca_sim_layout *l, size_t i)
{
	bool cut = i == 0 && s->o.cert == CA_SIM_CERT_CUT;
	struct ca_buf b = {0};
	ca_err e = ca_sim_leaf_content(s, i, &b);
	int f = 0;

	if (e == CA_OK)
		f = ca_sim_fs_ef(s, l->df, l->leaf[i], ca_buf_rd(&b),
		    cut ? 0 : s->o.cert_alloc, CA_SIM_BY_PIN);
	ca_buf_free(&b);
	if (f < 0)
		return CA_E_NOMEM;
	return e == CA_E_NOT_FOUND ? CA_OK : e;
}

static ca_err
certificates(struct ca_sim *s, const struct ca_sim_layout *l)
{
	ca_err e = CA_OK;

	for (size_t i = 0; e == CA_OK && i < s->keys_n; i++)
		e = leaf(s, l, i);
	for (size_t i = 0; e == CA_OK && i < s->o.chain; i++)
		e = certificate(s, l, l->chain[i],
		    ca_buf_rd(i == 0 ? &s->sub : &s->root));
	return e;
}

/* RSAPublicKey, or SubjectPublicKeyInfo for a curve. */
static ca_err
public_key(struct ca_sim *s, const struct ca_sim_layout *l, size_t i)
{
	uint8_t room[ROOM];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	unsigned char *der = NULL;
	int n = 0;
	int f = -1;

	if (l->public_key != NULL) {
		l->public_key(&s->keys[i], &w);
		f = ca_wr_ok(&w) ? ca_sim_fs_ef(s, l->df, l->pub[i],
				       ca_wr_rd(&w), l->alloc_pub, CA_SIM_NEVER)
				 : -1;
		return f >= 0 ? CA_OK : CA_E_NOMEM;
	}
	n = s->keys[i].ec ? i2d_PUBKEY(s->keys[i].pkey, &der)
			  : i2d_PublicKey(s->keys[i].pkey, &der);
	if (n > 0)
		f = ca_sim_fs_ef(s, l->df, l->pub[i], ca_rd_of(der, (size_t)n),
		    0, CA_SIM_NEVER);
	OPENSSL_free(der);
	return f >= 0 ? CA_OK : CA_E_NOMEM;
}

/* The second wants the PIN to be read. */
static ca_err
data_objects(struct ca_sim *s, const struct ca_sim_layout *l)
{
	for (size_t i = 0; i < s->o.data && l->data[0] != 0; i++) {
		int f;

		if (i == CA_SIM_DATA)
			return CA_E_DATA;
		f = ca_sim_fs_ef(s, l->df, l->data[i], ca_sim_p15_data(i), 0,
		    CA_SIM_BY_PIN);
		if (f < 0)
			return CA_E_NOMEM;
		s->files[f].read = i == 0 ? CA_SIM_FREE : CA_SIM_BY_PIN;
	}
	return CA_OK;
}

ca_err
ca_sim_p15_make(struct ca_sim *s, const struct ca_sim_layout *l)
{
	ca_err e = directories(s, l);

	if (e == CA_OK)
		e = certificates(s, l);
	if (e == CA_OK)
		e = data_objects(s, l);
	for (size_t i = 0; e == CA_OK && i < s->keys_n; i++)
		if (s->o.pukdf != 0 && l->pub[i] != 0)
			e = public_key(s, l, i);
	return e;
}
