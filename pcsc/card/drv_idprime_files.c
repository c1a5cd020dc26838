/* See drv_idprime.h: the files that tell what is on the card. */
#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_idprime.h"
#include "pcsc/card/iso7816.h"

#define FID_INDEX 0x0101
#define FID_CARDID 0x0201
#define FID_CMAP 0x0204
#define CARDID_BYTES 16

bool
ca_idprime_is_cert(const struct ca_idprime_file *f)
{
	return f->kind == CA_IDPRIME_CERT_SIGN ||
	       f->kind == CA_IDPRIME_CERT_EXCHANGE;
}

ca_err
ca_idprime_read_index(struct ca_tx *tx, struct ca_idprime_tables *t)
{
	struct ca_buf b = {0};
	ca_err e = ca_idprime_read(tx, CA_SELECT_PATH, FID_INDEX, 0, &b);

	if (e == CA_OK)
		t->files_n = ca_idprime_index(ca_buf_rd(&b), t->files,
		    CA_IDPRIME_FILES_MAX);
	ca_buf_free(&b);
	return e;
}

ca_err
ca_idprime_read_serial(struct ca_tx *tx, struct ca_model *m)
{
	struct ca_buf b = {0};
	struct ca_rd r, id;
	ca_err e =
	    ca_idprime_read(tx, CA_SELECT_PATH, FID_CARDID, CARDID_BYTES, &b);

	if (e == CA_OK) {
		r = id = ca_buf_rd(&b);
		(void)!ca_rd_take(&r, CARDID_BYTES, &id);
		(void)ca_log_hex(id, m->serial, sizeof(m->serial));
	}
	ca_buf_free(&b);
	return ca_idprime_absent(e) ? CA_OK : e;
}

ca_err
ca_idprime_read_label(struct ca_tx *tx, const struct ca_idprime_tables *t,
    struct ca_model *m)
{
	struct ca_buf b = {0};
	ca_err e = CA_OK;

	for (size_t i = 0; i < t->files_n; i++)
		if (t->files[i].kind == CA_IDPRIME_TOKEN_INFO) {
			e = ca_idprime_read(tx, CA_SELECT_PATH, t->files[i].fid,
			    0, &b);
			if (e == CA_OK)
				ca_idprime_label(ca_buf_rd(&b), m->label,
				    sizeof(m->label));
			break;
		}
	ca_buf_free(&b);
	return ca_idprime_absent(e) ? CA_OK : e;
}

ca_err
ca_idprime_read_cmap(struct ca_tx *tx, struct ca_idprime_tables *t)
{
	ca_err e = ca_idprime_read(tx, CA_SELECT_PATH, FID_CMAP, 0, &t->cmap);

	return ca_idprime_absent(e) ? CA_OK : e;
}

/*
 * The map of key references, where the model has one, and the container map.
 * That is needed only where the other does not tell what keys there are, or for
 * the types of several: the certificate of a single one is read anyhow.
 */
ca_err
ca_idprime_read_maps(struct ca_tx *tx, struct ca_idprime_tables *t)
{
	struct ca_rd fid =
	    ca_rd_of(tx->profile->key_map.b, tx->profile->key_map.n);
	size_t certs = 0;
	ca_err e = CA_OK;
	uint16_t n;

	if (ca_rd_u16(&fid, &n))
		e = ca_idprime_read(tx, CA_SELECT_PATH, n, 0, &t->keys);
	if (e != CA_OK && !ca_idprime_absent(e))
		return e;
	for (size_t i = 0; i < t->files_n; i++)
		certs += ca_idprime_is_cert(&t->files[i]);
	t->alone = certs == 1 && ca_idprime_has_keys(ca_buf_rd(&t->keys));
	return t->alone ? CA_OK : ca_idprime_read_cmap(tx, t);
}
