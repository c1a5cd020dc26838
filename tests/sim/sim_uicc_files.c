/*
 * What lies on the PKI SIM: EF.DIR, ICCID, access rules, and in the application
 * the files of the WIM; their content is written in sim_uicc_wim.c.
 */
#include "pcsc/base/hex.h"
#include "tests/sim/sim_p15.h"
#include "tests/sim/sim_uicc.h"

#define ROOM 4096
#define RECORD 48
#define RECORDS_BAD 255
#define SFI_DIR 0x1E
#define DIR_BAD_ENTRY "A0000000870100FF"
#define SPACE 4096

static const uint8_t usim_aid[] = {0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02,
    0xFF, 0x84, 0xFF, 0xFF, 0x89, 0x01, 0x01, 0x00, 0xFF};
static const uint8_t rules_aid[] = {
    0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35};
static const struct ca_rd none = {0};

static void
dir_record(struct ca_wr *w, struct ca_rd aid, const char *label,
    struct ca_rd path)
{
	size_t from = w->n;

	ca_sim_p15_dir_entry(w, aid, label, path);
	if (w->n - from > RECORD)
		w->failed = true;
	else
		ca_wr_fill(w, 0xFF, RECORD - (w->n - from));
}

static void
dir_file(const struct ca_sim *s, struct ca_rd aid, struct ca_wr *w)
{
	static const uint8_t path[] = {
	    0x3F, 0x00, CA_SIM_UICC_APP >> 8, CA_SIM_UICC_APP & 0xFF};
	uint8_t other[8];
	size_t n = 0;

	if (ca_sim_bad(s, "records") &&
	    ca_hex_parse(DIR_BAD_ENTRY, other, sizeof(other), &n))
		for (int i = 1; i < RECORDS_BAD; i++)
			dir_record(w, ca_rd_of(other, n), "-", none);
	if (ca_sim_uicc_is(s, "usim"))
		dir_record(w, ca_rd_of(usim_aid, sizeof(usim_aid)), "USIM",
		    none);
	if (ca_sim_uicc_is(s, "arf"))
		dir_record(w, ca_rd_of(rules_aid, sizeof(rules_aid)), "ARF",
		    none);
	dir_record(w, aid, "PKCS15",
	    ca_sim_uicc_is(s, "path") ? ca_rd_of(path, sizeof(path)) : none);
}

/* EF.ICCID: the serial number, nibbles swapped, up to ten bytes. */
static void
iccid(const struct ca_sim *s, struct ca_wr *w)
{
	uint8_t b[CA_SIM_TEXT / 2];
	size_t n = 0;

	if (!ca_hex_parse(s->o.serial, b, sizeof(b), &n) || n > 10) {
		w->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		ca_wr_u8(w, (uint8_t)(b[i] << 4 | b[i] >> 4));
	ca_wr_fill(w, 0xFF, 10 - n);
}

/* One file with what was written; the index, -1 for a fault. */
static int
add(struct ca_sim *s, int df, uint16_t fid, struct ca_wr *w, size_t record)
{
	int i = -1;

	if (ca_wr_ok(w))
		i = ca_sim_fs_ef(s, df, fid, ca_wr_rd(w), 0, CA_SIM_FREE);
	if (i >= 0)
		s->files[i].record = record;
	w->n = 0;
	return i;
}

static ca_err
root_files(struct ca_sim *s, struct ca_rd aid)
{
	static uint8_t room[(RECORDS_BAD + 2) * RECORD];
	/* EF.ARR: reading is free, updating needs an administrator. */
	static const uint8_t arr[] = {0x80, 0x01, 0x01, 0x90, 0x00, 0x80, 0x01,
	    0x02, 0xA4, 0x06, 0x83, 0x01, 0x0A, 0x95, 0x01, 0x08};
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	int dir = -1;

	if ((s->o.missing & CA_SIM_NO_EFDIR) == 0) {
		dir_file(s, aid, &w);
		dir = add(s, CA_SIM_MF, 0x2F00, &w,
		    ca_sim_uicc_is(s, "dir-flat") ? 0 : RECORD);
		if (dir < 0)
			return CA_E_NOMEM;
		s->files[dir].sfi = SFI_DIR;
	}
	iccid(s, &w);
	if (add(s, CA_SIM_MF, 0x2FE2, &w, 0) < 0)
		return CA_E_NOMEM;
	ca_wr_mem(&w, arr, sizeof(arr));
	return add(s, CA_SIM_MF, 0x2F06, &w, sizeof(arr)) >= 0 ? CA_OK
							       : CA_E_NOMEM;
}

/* The file of certificates, and the two directories that name its parts. */
static ca_err
certificates(struct ca_sim *s, struct ca_wr *cdf, struct ca_wr *ca_cdf,
    struct ca_buf *all)
{
	ca_err e = CA_OK;

	ca_sim_uicc_hole(s, cdf);
	ca_sim_uicc_hole(s, ca_cdf);
	for (size_t i = 0; e == CA_OK && i < s->keys_n; i++) {
		struct ca_buf b = {0};

		e = ca_sim_leaf_content(s, i, &b);
		ca_sim_uicc_certificate(s, cdf, i == 0 ? "Cert" : "Auth cert",
		    s->keys[i].id, false, all->n, b.n);
		if (e == CA_OK)
			e = ca_buf_add(all, ca_buf_rd(&b));
		else if (e == CA_E_NOT_FOUND)
			e = CA_OK;
		ca_buf_free(&b);
	}
	for (size_t i = 0; e == CA_OK && i < s->o.chain; i++) {
		const struct ca_buf *b = i == 0 ? &s->sub : &s->root;

		ca_sim_uicc_certificate(s, ca_cdf,
		    i == 0 ? "Sub CA" : "Root CA", (uint8_t)(0x11 + i), true,
		    all->n, b->n);
		e = ca_buf_add(all, ca_buf_rd(b));
	}
	return e;
}

static ca_err
certificate_files(struct ca_sim *s, int df)
{
	uint8_t a[ROOM];
	uint8_t b[ROOM];
	struct ca_wr cdf = ca_wr_of(a, sizeof(a));
	struct ca_wr ca_cdf = ca_wr_of(b, sizeof(b));
	struct ca_buf all = {0};
	ca_err e = certificates(s, &cdf, &ca_cdf, &all);

	if (e == CA_OK && (add(s, df, CA_SIM_UICC_CDF, &cdf, 0) < 0 ||
			      add(s, df, CA_SIM_UICC_CA_CDF, &ca_cdf, 0) < 0))
		e = CA_E_NOMEM;
	if (e == CA_OK && s->o.cert != CA_SIM_CERT_NONE &&
	    ca_sim_fs_ef(s, df, CA_SIM_UICC_CERTS, ca_buf_rd(&all),
		s->o.cert_alloc, CA_SIM_FREE) < 0)
		e = CA_E_NOMEM;
	ca_buf_free(&all);
	return e;
}

/* Private keys are files that nobody reads. */
static ca_err
key_files(struct ca_sim *s, int df)
{
	for (size_t i = 0; i < s->keys_n; i++) {
		int f = ca_sim_fs_ef(s, df, (uint16_t)(CA_SIM_UICC_KEY + i),
		    none, 16, CA_SIM_NEVER);

		if (f < 0)
			return CA_E_NOMEM;
		s->files[f].read = CA_SIM_NEVER;
	}
	return CA_OK;
}

/* UnusedSpace and the file it speaks of. */
static ca_err
space_files(struct ca_sim *s, int df, struct ca_wr *w)
{
	ca_wr_mem(w,
	    "\x30\x10\x30\x0B\x04\x02\x43\x32\x02\x01\x00\x80\x02\x10\x00\x04"
	    "\x01\x01",
	    18);
	if (add(s, df, CA_SIM_UICC_UNUSED, w, 0) < 0)
		return CA_E_NOMEM;
	return ca_sim_fs_ef(s, df, CA_SIM_UICC_SPACE, none, SPACE,
		   CA_SIM_FREE) >= 0
		   ? CA_OK
		   : CA_E_NOMEM;
}

/* Access rules alone: a directory of data objects, no keys, no PINs. */
static ca_err
rules(struct ca_sim *s)
{
	uint8_t room[64];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	int df;

	if (!ca_sim_uicc_is(s, "arf"))
		return CA_OK;
	df = ca_sim_fs_df(s, CA_SIM_MF, CA_SIM_UICC_RULES,
	    ca_rd_of(rules_aid, sizeof(rules_aid)));
	ca_wr_mem(&w, "\xA7\x06\x30\x04\x04\x02\x43\x10", 8);
	if (df < 0 || add(s, df, CA_SIM_UICC_ODF, &w, 0) < 0)
		return CA_E_NOMEM;
	ca_wr_mem(&w, "\x30\x09\x02\x01\x00\x80\x01-\x03\x01\x00", 11);
	return add(s, df, CA_SIM_UICC_TOKENINFO, &w, 0) >= 0 ? CA_OK
							     : CA_E_NOMEM;
}

ca_err
ca_sim_uicc_files(struct ca_sim *s)
{
	static const struct {
		uint16_t fid;
		void (*fill)(const struct ca_sim *, struct ca_wr *);
	} rows[] = {
	    {CA_SIM_UICC_ODF, ca_sim_uicc_odf},
	    {CA_SIM_UICC_TOKENINFO, ca_sim_uicc_tokeninfo},
	    {CA_SIM_UICC_AODF, ca_sim_uicc_aodf},
	    {CA_SIM_UICC_PRKDF, ca_sim_uicc_prkdf},
	};
	struct ca_sim_uicc *u = s->own;
	uint8_t room[ROOM];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	uint8_t aid[16];
	size_t n = 0;
	ca_err e;

	if (!ca_hex_parse(s->o.aid, aid, sizeof(aid), &n))
		return CA_E_DATA;
	e = root_files(s, ca_rd_of(aid, n));
	if (e == CA_OK)
		e = rules(s);
	if (e != CA_OK)
		return e;
	u->app = ca_sim_fs_df(s, CA_SIM_MF, CA_SIM_UICC_APP, ca_rd_of(aid, n));
	if (u->app < 0 || ca_sim_fs_df(s, CA_SIM_MF, CA_SIM_UICC_USIM,
			      ca_rd_of(usim_aid, sizeof(usim_aid))) < 0)
		return CA_E_NOMEM;
	u->pins = ca_sim_uicc_is(s, "pin-df")
		      ? ca_sim_fs_df(s, u->app, CA_SIM_UICC_PINS, none)
		      : u->app;
	if (u->pins < 0)
		return CA_E_NOMEM;
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		if (rows[i].fid == CA_SIM_UICC_TOKENINFO &&
		    (s->o.missing & CA_SIM_NO_TOKENINFO) != 0)
			continue;
		rows[i].fill(s, &w);
		if (s->o.pad > 0)
			ca_wr_fill(&w, 0x00, s->o.pad);
		if (add(s, u->app, rows[i].fid, &w, 0) < 0)
			return CA_E_NOMEM;
	}
	e = certificate_files(s, u->app);
	if (e == CA_OK)
		e = key_files(s, u->app);
	return e == CA_OK ? space_files(s, u->app, &w) : e;
}
