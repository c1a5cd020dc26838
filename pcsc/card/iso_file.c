/* See iso7816.h: reading and writing files. */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/iso7816.h"

#define ROOM "iso7816"
#define READ_CHUNK 256
#define UPDATE_CHUNK 255
/* Commands for one file: a card that answers a byte at a time ends here. */
#define READ_ROUNDS_MAX 512

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

ca_err
ca_iso_read_ref(struct ca_tx *tx, const struct ca_ref *ref, enum ca_until until,
    struct ca_buf *out)
{
	struct ca_fcp fcp = {0};
	/* A part says itself how long it is. */
	ca_err e = ca_iso_find_(tx, ref, ref->ranged ? NULL : &fcp);

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
	if ((e = ca_iso_find_(tx, ref, ref->ranged ? NULL : &fcp)) != CA_OK)
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
	if ((e = ca_iso_find_(tx, ref, &fcp)) != CA_OK)
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
