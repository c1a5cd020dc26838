/* See drv_uicc.h: what stands outside the application (TS 102 221, 13). */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_uicc.h"
#include "pcsc/card/iso7816.h"

#define ROOM "uicc"
#define RECORDS_MAX 254
#define RECORD_MAX 256
#define ICCID_BYTES 10

/* The applications found so far: PKCS#15 first, as the WIM's own client asks
 * for them. */
struct found {
	struct ca_uicc_entry wim[CA_UICC_APPS_MAX];
	size_t wims;
	struct ca_uicc_state *s;
};

static void
note(struct found *f, struct ca_rd record)
{
	struct ca_uicc_entry a;

	ca_uicc_dir_record(record, &a);
	if (a.kind == CA_UICC_PKCS15 && f->s->apps_n < CA_UICC_APPS_MAX)
		f->s->apps[f->s->apps_n++] = a;
	else if (a.kind == CA_UICC_WIM && f->wims < CA_UICC_APPS_MAX)
		f->wim[f->wims++] = a;
}

/* EF.DIR as one file: records are what 13.1 wants, ISO/IEC 7816-4 allows
 * both. */
static ca_err
read_whole(struct ca_tx *tx, struct found *f)
{
	struct ca_buf file = {0};
	struct ca_rd r, v, whole;
	uint32_t tag;
	ca_err e = ca_iso_read(tx, 0, CA_UNTIL_PADDING, &file);

	r = ca_buf_rd(&file);
	for (int i = 0; i < RECORDS_MAX && ca_tlv_whole(&r, &tag, &v, &whole);
	     i++)
		note(f, whole);
	ca_buf_free(&file);
	return e;
}

/* The records of the selected file, as far as the FCP tells; else until the
 * card says that there are no more. */
static ca_err
read_records(struct ca_tx *tx, struct ca_rd fcp, struct found *f)
{
	size_t length, count;
	ca_err e = CA_OK;

	if (!ca_uicc_records(fcp, &length, &count)) {
		length = RECORD_MAX;
		count = RECORDS_MAX;
	}
	for (size_t i = 1; i <= count && i <= RECORDS_MAX; i++) {
		uint8_t b[RECORD_MAX];
		struct ca_wr record = ca_wr_of(b, sizeof(b));
		struct ca_apdu read = {
		    .ins = 0xB2, .p1 = (uint8_t)i, .p2 = 0x04, .le = length};

		if ((e = ca_tx_do(tx, &read, &record)) != CA_OK)
			break;
		note(f, ca_wr_rd(&record));
	}
	return e;
}

static ca_err
read_dir(struct ca_tx *tx, struct found *f)
{
	static const uint8_t dir[] = {0x2F, 0x00};
	uint8_t b[CA_UICC_FCP_MAX];
	struct ca_wr fcp = ca_wr_of(b, sizeof(b));
	struct ca_apdu select = {.ins = 0xA4,
	    .p1 = 0x08,
	    .p2 = 0x04,
	    .data = ca_rd_of(dir, sizeof(dir)),
	    .le = CA_LE_SHORT};
	ca_err e = ca_tx_do(tx, &select, &fcp);

	if (e != CA_OK)
		return e;
	e = read_records(tx, ca_wr_rd(&fcp), f);
	if (e == CA_E_REFUSED && f->s->apps_n + f->wims == 0) /* 6981 */
		e = read_whole(tx, f);
	/* A record that is not there is the end. */
	return ca_err_is_refusal(e) ? CA_OK : e;
}

/* No EF.DIR: the names themselves, selected and left again at once, so that
 * the basic channel does not keep a login of the application alive. */
static ca_err
try_names(struct ca_tx *tx, struct found *f)
{
	static const uint8_t mf[] = {0x3F, 0x00};
	struct ca_apdu leave = {
	    .ins = 0xA4, .p2 = 0x0C, .data = ca_rd_of(mf, sizeof(mf))};
	struct ca_apdu select = {.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C};

	for (enum ca_uicc_app kind = CA_UICC_PKCS15; kind <= CA_UICC_WIM;
	     kind++) {
		struct ca_uicc_entry a;
		ca_err e;

		ca_uicc_name(kind, &a);
		select.data = ca_rd_of(a.aid, a.aid_n);
		e = ca_tx_do(tx, &select, NULL);
		if (e == CA_OK) {
			f->s->apps[f->s->apps_n++] = a;
			return ca_tx_do(tx, &leave, NULL);
		}
		if (!ca_err_is_refusal(e))
			return e;
	}
	return CA_OK;
}

ca_err
ca_uicc_find(struct ca_tx *tx)
{
	struct found f = {.s = tx->state};
	ca_err e;

	f.s->apps_n = 0;
	e = read_dir(tx, &f);
	if (e == CA_E_NOT_FOUND)
		e = try_names(tx, &f);
	if (e != CA_OK)
		return e;
	for (size_t i = 0; i < f.wims && f.s->apps_n < CA_UICC_APPS_MAX; i++)
		f.s->apps[f.s->apps_n++] = f.wim[i];
	return f.s->apps_n > 0 ? CA_OK : CA_E_NOT_FOUND;
}

void
ca_uicc_iccid(struct ca_tx *tx, struct ca_model *m)
{
	static const uint8_t ef[] = {0x2F, 0xE2};
	struct ca_uicc_state *s = tx->state;
	struct ca_fcp fcp;
	struct ca_buf b = {0};

	/* On the basic channel: ours stays where it is. */
	ca_tx_set_class(tx, 0);
	if (ca_iso_select(tx, CA_SELECT_PATH, ca_rd_of(ef, sizeof(ef)), &fcp) ==
		CA_OK &&
	    ca_iso_read(tx, ICCID_BYTES, CA_UNTIL_END, &b) == CA_OK)
		ca_uicc_bcd(ca_buf_rd(&b), m->serial, sizeof(m->serial));
	ca_buf_free(&b);
	ca_uicc_use_class(tx, s->class_wim);
	if (s->channel == 0) {
		tx->entered = false;
		tx->lost = true;
	}
}
