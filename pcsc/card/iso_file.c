/* See iso7816.h: selecting and reading files. */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/iso7816.h"

#define ROOM "iso7816"
#define FCI_MAX 258
#define READ_CHUNK 256
#define UPDATE_CHUNK 255
/* Commands for one file: a card that answers a byte at a time ends here. */
#define READ_ROUNDS_MAX 512

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

/* How many bytes of the file are wanted in all, as far as `got` tells; 0 when
 * that is not known yet. */
static size_t
wanted(struct ca_rd got, size_t size, enum ca_until until)
{
	size_t total;

	if (until == CA_UNTIL_DER && ca_tlv_announced(got, &total) &&
	    (size == 0 || total < size))
		return total < CA_FILE_MAX ? total : CA_FILE_MAX;
	return size;
}

/* Whether whole data objects are followed by padding. */
static bool
padding_began(struct ca_rd got)
{
	uint32_t tag;
	struct ca_rd v;

	while (got.n > 0 && got.p[0] != 0x00 && got.p[0] != 0xFF)
		if (!ca_tlv_next(&got, &tag, &v))
			return false;
	return got.n > 0;
}

static bool
complete(struct ca_rd got, size_t size, enum ca_until until)
{
	size_t want = wanted(got, size, until);

	if (got.n >= CA_FILE_MAX || (want > 0 && got.n >= want))
		return true;
	return until == CA_UNTIL_PADDING && padding_began(got);
}

static ca_err
read_at(struct ca_tx *tx, size_t offset, size_t le, struct ca_buf *out,
    bool *end)
{
	uint8_t b[READ_CHUNK];
	struct ca_wr answer = ca_wr_of(b, sizeof(b));
	struct ca_apdu cmd = {.ins = 0xB0,
	    .p1 = (uint8_t)(offset >> 8),
	    .p2 = (uint8_t)(offset & 0xFF),
	    .le = le};
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &cmd, &answer, &sw);

	if (e != CA_OK)
		return e;
	/* The end of the file: fewer bytes than asked (6282, data kept), or an
	 * offset at or past it. */
	*end = sw == 0x6282 || answer.n == 0;
	if (offset > 0 && (sw == 0x6B00 || sw == 0x6A86))
		return CA_OK;
	if (sw != 0x6282 && (e = ca_sw_err(sw)) != CA_OK)
		return e;
	return ca_buf_add(out, ca_wr_rd(&answer));
}

ca_err
ca_iso_read(struct ca_tx *tx, size_t size, enum ca_until until,
    struct ca_buf *out)
{
	size_t max = tx->profile->read_max;
	bool end = false;

	ca_buf_free(out);
	for (int i = 0; i < READ_ROUNDS_MAX; i++) {
		size_t want = wanted(ca_buf_rd(out), size, until);
		size_t le = want > out->n ? want - out->n : max;
		ca_err e = read_at(tx, out->n, le < max ? le : max, out, &end);

		if (e != CA_OK) {
			ca_buf_free(out);
			return e;
		}
		if (end || complete(ca_buf_rd(out), size, until))
			return CA_OK;
	}
	ca_log(CA_LOG_ERROR, ROOM, "file not at its end after %d reads",
	    READ_ROUNDS_MAX);
	ca_buf_free(out);
	return CA_E_DATA;
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

/* The bytes that a reference names, in the selected file; a file that ends
 * before them is not what should be there. */
static ca_err
read_range(struct ca_tx *tx, const struct ca_ref *ref, struct ca_buf *out)
{
	bool end = false;

	ca_buf_free(out);
	/* Offsets have 15 bits: with the 16th READ BINARY names a file. */
	if (ref->index > CA_FILE_MAX || ref->length > CA_FILE_MAX - ref->index)
		return CA_E_DATA;
	for (int i = 0; i < READ_ROUNDS_MAX && out->n < ref->length; i++) {
		size_t want = ref->length - out->n;
		size_t max = tx->profile->read_max;
		ca_err e = end ? CA_E_DATA
			       : read_at(tx, ref->index + out->n,
				     want < max ? want : max, out, &end);

		if (e != CA_OK) {
			ca_buf_free(out);
			return e;
		}
	}
	if (out->n == ref->length)
		return CA_OK;
	ca_buf_free(out);
	return CA_E_DATA;
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

static ca_err
select_ref(struct ca_tx *tx, const struct ca_ref *ref, struct ca_fcp *fcp)
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
	e = select_ref(tx, ref, NULL);
	tx->entered = false;
	return e;
}

ca_err
ca_iso_read_ref(struct ca_tx *tx, const struct ca_ref *ref, enum ca_until until,
    struct ca_buf *out)
{
	struct ca_fcp fcp = {0};
	/* A part says itself how long it is. */
	ca_err e = select_ref(tx, ref, ref->ranged ? NULL : &fcp);

	if (e != CA_OK)
		return e;
	return ref->ranged ? read_range(tx, ref, out)
			   : ca_iso_read(tx, fcp.size, until, out);
}

/* The n bytes that matter are there, and nothing but zeros follows them. */
static bool
front_read(struct ca_rd got, size_t n)
{
	return n > 0 && ca_rd_skip(&got, n) && ca_rd_all(got, 0);
}

ca_err
ca_iso_read_front(struct ca_tx *tx, const struct ca_ref *ref, size_t n,
    struct ca_buf *out)
{
	struct ca_fcp fcp = {0};
	bool end = false;
	ca_err e;

	ca_buf_free(out);
	if ((e = select_ref(tx, ref, ref->ranged ? NULL : &fcp)) != CA_OK)
		return e;
	if (ref->ranged)
		return read_range(tx, ref, out);
	for (int i = 0; i < READ_ROUNDS_MAX && e == CA_OK; i++) {
		e = read_at(tx, out->n, tx->profile->read_max, out, &end);
		if (e == CA_OK &&
		    (end || front_read(ca_buf_rd(out), n) ||
			complete(ca_buf_rd(out), fcp.size, CA_UNTIL_END)))
			return CA_OK;
	}
	ca_buf_free(out);
	return e != CA_OK ? e : CA_E_DATA;
}

ca_err
ca_iso_read_part(struct ca_tx *tx, const struct ca_ref *ref, size_t offset,
    size_t n, struct ca_buf *out)
{
	struct ca_fcp fcp = {0};
	bool end;
	ca_err e;

	if (offset >= CA_FILE_MAX || n > READ_CHUNK)
		return CA_E_BUG;
	ca_buf_free(out);
	if ((e = select_ref(tx, ref, &fcp)) != CA_OK)
		return e;
	return read_at(tx, offset, n, out, &end);
}

ca_err
ca_iso_update(struct ca_tx *tx, struct ca_rd data)
{
	size_t offset = 0;

	if (data.n > CA_FILE_MAX)
		return CA_E_NO_SPACE;
	while (data.n > 0) {
		size_t n = data.n < UPDATE_CHUNK ? data.n : UPDATE_CHUNK;
		struct ca_apdu cmd = {.ins = 0xD6,
		    .p1 = (uint8_t)(offset >> 8),
		    .p2 = (uint8_t)offset};
		uint16_t sw;
		ca_err e;

		if (!ca_rd_take(&data, n, &cmd.data))
			return CA_E_BUG;
		if ((e = ca_tx_send(tx, &cmd, NULL, &sw)) != CA_OK ||
		    (e = ca_sw_err(sw)) != CA_OK)
			return e;
		offset += n;
	}
	return CA_OK;
}
