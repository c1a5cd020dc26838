/* See drv_iso.h and driver.h: what the directories say of a key pair that was
 * made on the card, and the file of its public half. */
#include <string.h>

#include "pcsc/card/card.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/iso_write.h"
#include "pcsc/card/pkcs15_write.h"

#define ID_OF_HASH 20       /* bytes of SHA-1 */
#define PUBLIC_FILES_MAX 32 /* identifiers that are tried for a public key */

static const struct ca_ref *
find_dir(const struct ca_iso_state *s, enum ca_p15_kind kind)
{
	for (size_t i = 0; i < s->odf.n; i++)
		if (s->odf.dirs[i].kind == kind)
			return &s->odf.dirs[i].ref;
	return NULL;
}

/* The application's path and a file in it, as entries name it. */
static void
full_path(const struct ca_profile *p, uint16_t fid, struct ca_wr *w)
{
	ca_wr_mem(w, p->path.b, p->path.n);
	ca_wr_u16(w, fid);
}

static ca_err
add_to_odf(struct ca_tx *tx, enum ca_p15_kind kind, uint16_t fid)
{
	static const uint8_t usual[] = {0x50, 0x31};
	const struct ca_profile *p = tx->profile;
	struct ca_iso_state *s = tx->state;
	struct ca_ref odf = ca_iso_ref(0x5031);
	uint8_t path[CA_PATH_MAX + 2], b[64];
	struct ca_wr pw = ca_wr_of(path, sizeof(path)),
		     w = ca_wr_of(b, sizeof(b));
	struct ca_iso_dir d;
	ca_err e;

	if (p->odf.n > 0 && !ca_rd_equal(ca_rd_of(p->odf.b, p->odf.n),
				ca_rd_of(usual, sizeof(usual))))
		return CA_E_UNSUPPORTED;
	if (s->odf.n == CA_P15_DIRS_MAX)
		return CA_E_NO_SPACE;
	full_path(p, fid, &pw);
	ca_p15_write_dir(&w, kind, ca_wr_rd(&pw));
	if (!ca_wr_ok(&pw) || !ca_wr_ok(&w))
		return CA_E_BUG;
	if ((e = ca_iso_dir_open(tx, &odf, &d)) != CA_OK)
		return e;
	e = ca_iso_dir_add(tx, &d, ca_wr_rd(&w));
	ca_iso_dir_free(&d);
	if (e != CA_OK)
		return e;
	s->odf.dirs[s->odf.n].kind = kind;
	s->odf.dirs[s->odf.n++].ref = ca_iso_ref(fid);
	return CA_OK;
}

/*
 * A directory that the card does not have yet: the file, then the ODF's entry.
 * A file that an interrupted order left behind is empty, and taken.
 */
static ca_err
make_dir(struct ca_tx *tx, enum ca_p15_kind kind, const struct ca_bytes *where)
{
	const struct ca_generate *g = &tx->profile->gen;
	struct ca_iso_dir d;
	struct ca_ref ref;
	uint16_t fid;
	ca_err e;

	if (where->n != 2 || g->directory_size == 0)
		return CA_E_UNSUPPORTED;
	fid = (uint16_t)(where->b[0] << 8 | where->b[1]);
	ref = ca_iso_ref(fid);
	e = ca_iso_dir_open(tx, &ref, &d);
	if (e == CA_OK) {
		e = d.end == 0 ? CA_OK : CA_E_UNSUPPORTED;
		ca_iso_dir_free(&d);
	} else if (e == CA_E_NOT_FOUND) {
		e = ca_iso_create_ef(tx, fid, g->directory_size,
		    ca_rd_of(g->directory_access.b, g->directory_access.n));
	}
	return e == CA_OK ? add_to_odf(tx, kind, fid) : e;
}

/* The directory of a kind, with room for an entry. */
static ca_err
open_dir(struct ca_tx *tx, enum ca_p15_kind kind, struct ca_iso_dir *d)
{
	const struct ca_generate *g = &tx->profile->gen;
	const struct ca_ref *ref = find_dir(tx->state, kind);
	ca_err e = CA_OK;

	if (ref == NULL) {
		e = make_dir(tx, kind,
		    kind == CA_P15_PRKDF ? &g->prkdf : &g->pukdf);
		ref = find_dir(tx->state, kind);
	}
	if (e != CA_OK)
		return e;
	return ref == NULL ? CA_E_BUG : ca_iso_dir_open(tx, ref, d);
}

/* As much as an entry of this order will need: the id may become a hash. */
static size_t
most(const struct ca_profile *p, const struct ca_pin *pin,
    const struct ca_keygen *g)
{
	struct ca_keygen any = *g;
	uint8_t b[CA_P15_ENTRY_MAX], path[CA_PATH_MAX + 2] = {0};
	struct ca_wr w = ca_wr_of(b, sizeof(b));

	if (any.id.n == 0)
		any.id.n = ID_OF_HASH;
	if (strlen(any.public_label) > strlen(any.label))
		memcpy(any.label, any.public_label, sizeof(any.label));
	ca_p15_write_private(&w, &any, &pin->auth_id, 0xFF,
	    ca_rd_of(path, p->path.n + 2));
	return ca_wr_ok(&w) ? w.n : CA_P15_ENTRY_MAX;
}

ca_err
ca_iso_drv_room_for_key(struct ca_tx *tx, const struct ca_pin *pin,
    const struct ca_keygen *g)
{
	static const enum ca_p15_kind kinds[] = {CA_P15_PUKDF, CA_P15_PRKDF};

	for (size_t i = 0; i < CA_COUNT(kinds); i++) {
		struct ca_iso_dir d;
		ca_err e = open_dir(tx, kinds[i], &d);

		if (e != CA_OK)
			return e;
		if (!ca_iso_dir_has_room(&d, most(tx->profile, pin, g)))
			e = CA_E_NO_SPACE;
		ca_iso_dir_free(&d);
		if (e != CA_OK)
			return e;
	}
	return CA_OK;
}

/* An identifier that no file has. */
static ca_err
free_fid(struct ca_tx *tx, uint16_t *out)
{
	const struct ca_bytes *from = &tx->profile->gen.public_file;
	unsigned first = (unsigned)from->b[0] << 8 | from->b[1];

	for (unsigned fid = first; fid < first + PUBLIC_FILES_MAX; fid++) {
		struct ca_ref ref = ca_iso_ref((uint16_t)fid);
		ca_err e = ca_iso_select_ref(tx, &ref);

		*out = (uint16_t)fid;
		if (e != CA_OK)
			return e == CA_E_NOT_FOUND ? CA_OK : e;
	}
	return CA_E_NO_SPACE;
}

/* The public half in a file of its own, read back. */
static ca_err
file_public(struct ca_tx *tx, struct ca_rd pub, uint16_t *fid)
{
	const struct ca_bytes *access = &tx->profile->gen.public_access;
	struct ca_buf now = {0};
	struct ca_ref ref;
	ca_err e;

	if ((e = free_fid(tx, fid)) != CA_OK ||
	    (e = ca_iso_create_ef(tx, *fid, pub.n,
		 ca_rd_of(access->b, access->n))) != CA_OK)
		return e;
	ref = ca_iso_ref(*fid);
	if ((e = ca_tx_enter(tx)) != CA_OK ||
	    (e = ca_iso_select_ref(tx, &ref)) != CA_OK ||
	    (e = ca_iso_update(tx, pub)) != CA_OK ||
	    (e = ca_tx_enter(tx)) != CA_OK ||
	    (e = ca_iso_read_ref(tx, &ref, CA_UNTIL_END, &now)) != CA_OK)
		return e;
	e = ca_rd_equal(ca_buf_rd(&now), pub) ? CA_OK : CA_E_IO;
	ca_buf_free(&now);
	return e;
}

static ca_err
append(struct ca_tx *tx, enum ca_p15_kind kind, const struct ca_wr *entry)
{
	struct ca_iso_dir d;
	ca_err e;

	if (!ca_wr_ok(entry))
		return CA_E_BUG;
	if ((e = open_dir(tx, kind, &d)) != CA_OK)
		return e;
	e = ca_iso_dir_add(tx, &d, ca_wr_rd(entry));
	ca_iso_dir_free(&d);
	return e;
}

ca_err
ca_iso_drv_list_key(struct ca_tx *tx, const struct ca_pin *pin,
    const struct ca_keygen *g, uint8_t reference, struct ca_rd pub)
{
	const struct ca_profile *p = tx->profile;
	uint8_t path[CA_PATH_MAX + 2], a[CA_P15_ENTRY_MAX], b[CA_P15_ENTRY_MAX];
	struct ca_wr pw = ca_wr_of(path, sizeof(path)),
		     public = ca_wr_of(a, sizeof(a)),
		     private = ca_wr_of(b, sizeof(b));
	uint16_t fid;
	ca_err e;

	if ((e = ca_tx_enter(tx)) != CA_OK ||
	    (e = file_public(tx, pub, &fid)) != CA_OK)
		return e;
	full_path(p, fid, &pw);
	ca_p15_write_public(&public, g, ca_wr_rd(&pw));
	ca_p15_write_private(&private, g, &pin->auth_id, reference,
	    ca_rd_of(p->path.b, p->path.n));
	e = append(tx, CA_P15_PUKDF, &public);
	return e == CA_OK ? append(tx, CA_P15_PRKDF, &private) : e;
}
