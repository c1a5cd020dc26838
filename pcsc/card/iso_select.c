/* See iso7816.h: selecting applications and files. */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/iso7816.h"

#define FCI_MAX 258

ca_err
ca_iso_select_aid(struct ca_tx *tx, struct ca_rd aid)
{
	const struct ca_profile *p = tx->profile;
	struct ca_apdu cmd = {.ins = 0xA4,
	    .p1 = 0x04,
	    .p2 = p->select_p2,
	    .data = aid,
	    .le = p->select_p2 == 0x0C ? CA_LE_NONE : p->select_le};
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &cmd, NULL, &sw);

	/* An application that cannot be selected without an answer: 7816-4
	 * leaves both forms to the card. Not asked of a card that is only
	 * looked at. */
	if (e == CA_OK && sw == 0x6A86 && cmd.p2 == 0x0C && p->atrs_n > 0) {
		cmd.p2 = 0x00;
		cmd.le = p->select_le;
		e = ca_tx_send(tx, &cmd, NULL, &sw);
	}
	if (e != CA_OK)
		return e;
	/* Whatever a card says that has no such application: the exchange
	 * worked, so it is an answer and no fault. */
	e = ca_sw_err(sw);
	return e == CA_E_IO ? CA_E_NOT_FOUND : e;
}

/* The sizes of 7816-4 table 12, in 62 or 6F; a 62 inside a 6F is also met. */
static void
parse_fcp(struct ca_rd r, struct ca_fcp *out)
{
	struct ca_rd body, inner, v;
	uint32_t size;

	out->size = 0;
	if (!ca_tlv_expect(&r, 0x62, &body) && !ca_tlv_expect(&r, 0x6F, &body))
		return;
	if (ca_tlv_find(body, 0x62, &inner))
		body = inner;
	if ((ca_tlv_find(body, 0x80, &v) || ca_tlv_find(body, 0x81, &v)) &&
	    v.n >= 1 && v.n <= 4) {
		size = 0;
		for (uint8_t b; ca_rd_u8(&v, &b);)
			size = size << 8 | b;
		out->size = size <= CA_FILE_MAX ? size : CA_FILE_MAX;
	}
}

ca_err
ca_iso_select(struct ca_tx *tx, uint8_t p1, struct ca_rd file,
    struct ca_fcp *fcp)
{
	uint8_t p2 = tx->profile->select_p2;
	uint8_t b[FCI_MAX];
	struct ca_wr answer = ca_wr_of(b, sizeof(b));
	struct ca_apdu cmd = {.ins = 0xA4,
	    .p1 = p1,
	    .p2 = p2,
	    .data = file,
	    .le = p2 == 0x0C ? CA_LE_NONE : tx->profile->select_le,
	    .no_answer = fcp == NULL};
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &cmd, &answer, &sw);

	if (e != CA_OK || (e = ca_sw_err(sw)) != CA_OK)
		return e;
	if (fcp != NULL)
		parse_fcp(ca_wr_rd(&answer), fcp);
	return CA_OK;
}

/*
 * The P1 and the data of SELECT for a reference. A FID alone is under the
 * application; a longer path is from the MF when it begins with 3F00, else from
 * the application's own path (7816-15 clause on Path).
 */
static ca_err
locate(const struct ca_profile *p, struct ca_rd path, struct ca_wr *w,
    uint8_t *p1)
{
	struct ca_rd app = ca_rd_of(p->path.b, p->path.n), head, rest = path;
	bool absolute = path.n >= 2 && path.p[0] == 0x3F && path.p[1] == 0x00;

	if (path.n < 2 || path.n % 2 != 0)
		return CA_E_DATA;
	if (absolute && app.n > 0 && ca_rd_take(&rest, app.n, &head) &&
	    ca_rd_equal(head, app))
		absolute = false; /* in our application after all */
	else
		rest = path;
	if (!absolute && rest.n == 2 && p->select != CA_SELECT_PATH) {
		*p1 = (uint8_t)p->select;
		ca_wr_bytes(w, rest);
		return CA_OK;
	}
	*p1 = CA_SELECT_PATH;
	if (!absolute) {
		if (app.n < 2)
			return CA_E_UNSUPPORTED; /* where it starts is unknown
						  */
		if (!ca_rd_skip(&app, 2))
			return CA_E_BUG;
		ca_wr_bytes(w, app);
	} else if (!ca_rd_skip(&rest, 2)) {
		return CA_E_BUG;
	}
	ca_wr_bytes(w, rest);
	return ca_wr_ok(w) ? CA_OK : CA_E_DATA;
}

/*
 * A FID is looked for under the current DF. Where it is not found there the
 * application may have been left without our knowing (a card that leaves it
 * after each file is reported for vgca-chipdoc): enter again, once.
 */
static ca_err
select_again(struct ca_tx *tx, uint8_t p1, struct ca_rd file,
    struct ca_fcp *fcp)
{
	ca_err e = ca_iso_select(tx, p1, file, fcp);

	if (e != CA_E_NOT_FOUND || p1 == CA_SELECT_PATH)
		return e;
	tx->entered = false;
	tx->lost = true;
	if ((e = ca_tx_enter(tx)) != CA_OK)
		return e;
	return ca_iso_select(tx, p1, file, fcp);
}

/*
 * An application that is known by its AID has no path from the MF, yet some
 * directories write one: only its last FID means anything then.
 */
static ca_err
select_last(struct ca_tx *tx, const struct ca_ref *ref, struct ca_fcp *fcp)
{
	struct ca_rd path = ca_rd_of(ref->path, ref->path_n);

	if (tx->profile->select == CA_SELECT_PATH || path.n <= 2 ||
	    !ca_rd_skip(&path, path.n - 2))
		return CA_E_NOT_FOUND;
	return select_again(tx, (uint8_t)tx->profile->select, path, fcp);
}

ca_err
ca_iso_find_(struct ca_tx *tx, const struct ca_ref *ref, struct ca_fcp *fcp)
{
	uint8_t b[2 * CA_PATH_MAX], p1;
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e =
	    locate(tx->profile, ca_rd_of(ref->path, ref->path_n), &w, &p1);

	if (e != CA_OK)
		return e;
	e = select_again(tx, p1, ca_wr_rd(&w), fcp);
	if ((e == CA_E_NOT_FOUND || e == CA_E_UNSUPPORTED) &&
	    p1 == CA_SELECT_PATH)
		e = select_last(tx, ref, fcp);
	return e;
}

ca_err
ca_iso_select_ref(struct ca_tx *tx, const struct ca_ref *ref)
{
	ca_err e;

	if (ref->path_n == 0)
		return CA_OK;
	e = ca_iso_find_(tx, ref, NULL);
	tx->entered = false;
	return e;
}
