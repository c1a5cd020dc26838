/* See the header. */
#include "pcsc/card/pkcs15.h"

#include <assert.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/iso7816.h"

#define ROOM "pkcs15"

static_assert(CA_AID_MAX <= CA_PATH_MAX, "what ref_of() copies fits");

static struct ca_ref
ref_of(const struct ca_bytes *b, uint16_t otherwise)
{
	struct ca_ref ref = {0};

	if (b->n > 0) {
		memcpy(ref.path, b->b, b->n);
		ref.path_n = b->n;
	} else {
		ref.path[0] = (uint8_t)(otherwise >> 8);
		ref.path[1] = (uint8_t)(otherwise & 0xFF);
		ref.path_n = 2;
	}
	return ref;
}

/*
 * What the card refuses (ca_err_is_refusal) says something about one file, not
 * about the card. An exchange that failed (CA_E_MALFORMED, CA_E_IO) says
 * nothing about either: it fails the whole reading, which is then repeated.
 */

/* The objects of a directory without its holes, `00 L ..` (WIM). */
static ca_err
close_holes(struct ca_buf *file)
{
	struct ca_rd r = ca_buf_rd(file), v, whole;
	struct ca_buf kept = {0};
	ca_err e = CA_OK;
	uint32_t tag;

	while (e == CA_OK && r.n > 0) {
		if (r.p[0] == 0x00 || r.p[0] == 0xFF) {
			size_t total = 1;
			uint8_t as_tag[4] = {0x80};
			struct ca_rd head = r;

			/* The length is written as behind any other tag. */
			for (size_t i = 1; i < sizeof(as_tag) && i < r.n; i++)
				as_tag[i] = r.p[i];
			if (r.p[0] == 0x00 && r.n > 1 &&
			    !ca_tlv_announced(ca_rd_of(as_tag,
						  r.n < sizeof(as_tag)
						      ? r.n
						      : sizeof(as_tag)),
				&total))
				break;
			if (!ca_rd_skip(&r, total < head.n ? total : head.n))
				break;
			continue;
		}
		if (!ca_tlv_whole(&r, &tag, &v, &whole))
			break;
		e = ca_buf_add(&kept, whole);
	}
	if (e == CA_OK)
		ca_buf_take(file, &kept);
	else
		ca_buf_free(&kept);
	return e;
}

static ca_err
read_dir(struct ca_tx *tx, const struct ca_p15_dir *dir, struct ca_model *m)
{
	struct ca_buf file = {0};
	ca_err e = ca_iso_read_ref(tx, &dir->ref,
	    tx->profile->padding_ends ? CA_UNTIL_PADDING : CA_UNTIL_END, &file);

	if (e == CA_OK && tx->profile->tlv_holes)
		e = close_holes(&file);
	if (e == CA_OK)
		e = ca_p15_parse_dir(dir->kind, ca_buf_rd(&file), m);
	ca_buf_free(&file);
	if (e == CA_E_AUTH_NEEDED) {
		m->hidden_before_login = true;
		return CA_OK;
	}
	if (ca_err_is_refusal(e)) {
		ca_log(CA_LOG_WARN, ROOM, "directory %02X: %s", dir->kind,
		    ca_err_name(e));
		return CA_OK;
	}
	return e;
}

static ca_err
read_kinds(struct ca_tx *tx, const struct ca_p15_odf *odf,
    const enum ca_p15_kind *kinds, size_t n, struct ca_model *m)
{
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < odf->n; i++) {
			ca_err e;

			if (odf->dirs[i].kind != kinds[k])
				continue;
			if ((e = read_dir(tx, &odf->dirs[i], m)) != CA_OK)
				return e;
		}
	return CA_OK;
}

/* Directories that the profile names, instead of those of the ODF. */
static void
profile_dirs(const struct ca_profile *p, struct ca_p15_odf *odf)
{
	const struct {
		const struct ca_bytes *at;
		enum ca_p15_kind kind;
	} named[] = {{&p->aodf, CA_P15_AODF}, {&p->prkdf, CA_P15_PRKDF},
	    {&p->pukdf, CA_P15_PUKDF}, {&p->cdf, CA_P15_CDF},
	    {&p->dodf, CA_P15_DODF}};

	for (size_t k = 0; k < CA_COUNT(named); k++) {
		size_t kept = 0;

		if (named[k].at->n == 0)
			continue;
		for (size_t i = 0; i < odf->n; i++)
			if (odf->dirs[i].kind != named[k].kind)
				odf->dirs[kept++] = odf->dirs[i];
		odf->n = kept;
		if (odf->n == CA_P15_DIRS_MAX)
			continue;
		odf->dirs[odf->n].kind = named[k].kind;
		odf->dirs[odf->n++].ref = ref_of(named[k].at, 0);
	}
}

static ca_err
read_odf(struct ca_tx *tx, struct ca_p15_odf *odf, struct ca_model *m)
{
	struct ca_ref ref = ref_of(&tx->profile->odf, 0x5031);
	struct ca_buf file = {0};
	ca_err e = ca_iso_read_ref(tx, &ref,
	    tx->profile->padding_ends ? CA_UNTIL_PADDING : CA_UNTIL_END, &file);

	memset(odf, 0, sizeof(*odf));
	if (e == CA_OK && ca_p15_parse_odf(ca_buf_rd(&file), odf, m) != CA_OK)
		e = CA_E_DATA;
	ca_buf_free(&file);
	profile_dirs(tx->profile, odf);
	if (e != CA_OK && odf->n > 0 && ca_err_is_refusal(e))
		e = CA_OK; /* the profile knows where things are */
	return e;
}

static ca_err
read_token_info(struct ca_tx *tx, struct ca_model *m)
{
	struct ca_ref ref = ref_of(&tx->profile->token_info, 0x5032);
	struct ca_buf file = {0};
	ca_err e = ca_iso_read_ref(tx, &ref, CA_UNTIL_DER, &file);

	if (e == CA_OK && ca_p15_parse_token_info(ca_buf_rd(&file), m) != CA_OK)
		e = CA_E_DATA;
	ca_buf_free(&file);
	if (ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED) {
		ca_log(CA_LOG_WARN, ROOM, "TokenInfo: %s", ca_err_name(e));
		m->token_flags = CA_TOKF_LOGIN_REQUIRED;
		return CA_OK;
	}
	return e;
}

ca_err
ca_p15_describe(struct ca_tx *tx, struct ca_p15_odf *odf, struct ca_model *out)
{
	static const enum ca_p15_kind first[] = {CA_P15_AODF, CA_P15_PRKDF,
	    CA_P15_CDF, CA_P15_CDF_TRUSTED, CA_P15_CDF_USEFUL};
	ca_err e;

	if ((e = ca_tx_enter(tx)) != CA_OK ||
	    (e = read_odf(tx, odf, out)) != CA_OK ||
	    (e = read_token_info(tx, out)) != CA_OK ||
	    (e = read_kinds(tx, odf, first, CA_COUNT(first), out)) != CA_OK)
		return e;
	ca_p15_apply_profile(tx->profile, out);
	return CA_OK;
}

ca_err
ca_p15_list_public(struct ca_tx *tx, const struct ca_p15_odf *odf,
    struct ca_model *io)
{
	static const enum ca_p15_kind kinds[] = {
	    CA_P15_PUKDF, CA_P15_PUKDF_TRUSTED};
	ca_err e = ca_tx_enter(tx);

	return e != CA_OK ? e : read_kinds(tx, odf, kinds, CA_COUNT(kinds), io);
}

ca_err
ca_p15_read_public(struct ca_tx *tx, ca_p15_spki_fn *spki, struct ca_model *io)
{
	for (size_t i = 0; i < io->pubs_n; i++) {
		struct ca_pub *k = &io->pubs[i];
		struct ca_buf file = {0};
		ca_err e;

		if (k->spki.n > 0 || k->path.path_n == 0)
			continue;
		e = ca_iso_read_ref(tx, &k->path, CA_UNTIL_DER, &file);
		if (e == CA_OK)
			e = spki(ca_buf_rd(&file), &k->spki);
		ca_buf_free(&file);
		if (e != CA_OK && !ca_err_is_refusal(e) &&
		    e != CA_E_AUTH_NEEDED)
			return e;
	}
	io->pubs_read = true;
	return CA_OK;
}

ca_err
ca_p15_describe_public(struct ca_tx *tx, const struct ca_p15_odf *odf,
    ca_p15_spki_fn *spki, struct ca_model *io)
{
	ca_err e = ca_p15_list_public(tx, odf, io);

	return e != CA_OK ? e : ca_p15_read_public(tx, spki, io);
}

ca_err
ca_p15_list_data(struct ca_tx *tx, const struct ca_p15_odf *odf,
    struct ca_model *io)
{
	static const enum ca_p15_kind kinds[] = {CA_P15_DODF};
	ca_err e = ca_tx_enter(tx);

	if (e != CA_OK || io->data_read)
		return e;
	return read_kinds(tx, odf, kinds, CA_COUNT(kinds), io);
}

ca_err
ca_p15_read_data(struct ca_tx *tx, struct ca_model *io)
{
	for (size_t i = 0; i < io->data_n; i++) {
		struct ca_data *d = &io->data[i];
		ca_err e;

		if (d->read || d->path.path_n == 0)
			continue;
		e = ca_iso_read_ref(tx, &d->path, CA_UNTIL_END, &d->value);
		d->read = e == CA_OK;
		if (e != CA_OK && !ca_err_is_refusal(e) &&
		    e != CA_E_AUTH_NEEDED)
			return e;
	}
	io->data_read = true;
	return CA_OK;
}

ca_err
ca_p15_describe_data(struct ca_tx *tx, const struct ca_p15_odf *odf,
    struct ca_model *io)
{
	ca_err e = ca_p15_list_data(tx, odf, io);

	return e != CA_OK ? e : ca_p15_read_data(tx, io);
}
