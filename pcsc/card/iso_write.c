/* See the header. */
#include "pcsc/card/iso_write.h"

#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/pkcs15_parse.h"

#define ROOM "iso7816"
#define UPDATE_CHUNK 255
#define EF_TRANSPARENT 0x01

struct ca_ref
ca_iso_ref(uint16_t fid)
{
	struct ca_ref ref = {.path_n = 2};

	ref.path[0] = (uint8_t)(fid >> 8);
	ref.path[1] = (uint8_t)(fid & 0xFF);
	return ref;
}

void
ca_iso_dir_free(struct ca_iso_dir *d)
{
	ca_buf_free(&d->file);
}

/* Behind the last entry; false when something else is there. */
static bool
find_end(struct ca_iso_dir *d)
{
	struct ca_rd r = ca_buf_rd(&d->file), v;
	uint32_t tag;

	for (int i = 0; i < CA_P15_ENTRIES_MAX && r.n > 0; i++) {
		if (r.p[0] == 0x00 || r.p[0] == 0xFF)
			break;
		if (!ca_tlv_next(&r, &tag, &v))
			return false;
	}
	d->end = d->file.n - r.n;
	return ca_rd_all(r, 0x00) || ca_rd_all(r, 0xFF);
}

ca_err
ca_iso_dir_open(struct ca_tx *tx, const struct ca_ref *ref,
    struct ca_iso_dir *d)
{
	ca_err e;

	memset(d, 0, sizeof(*d));
	d->ref = *ref;
	/* Holes, and parts of files, have rules of their own. */
	if (ref->ranged || tx->profile->tlv_holes)
		return CA_E_UNSUPPORTED;
	e = ca_iso_read_ref(tx, ref, CA_UNTIL_END, &d->file);
	if (e == CA_OK && !find_end(d)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "a directory does not end in free space: left alone");
		e = CA_E_UNSUPPORTED;
	}
	if (e != CA_OK)
		ca_iso_dir_free(d);
	return e;
}

bool
ca_iso_dir_has_room(const struct ca_iso_dir *d, size_t n)
{
	return n <= d->file.n - d->end;
}

static ca_err
update_at(struct ca_tx *tx, size_t offset, struct ca_rd part)
{
	struct ca_apdu cmd = {.ins = 0xD6,
	    .p1 = (uint8_t)(offset >> 8),
	    .p2 = (uint8_t)(offset & 0xFF),
	    .data = part};

	return offset >= CA_FILE_MAX ? CA_E_NO_SPACE : ca_tx_do(tx, &cmd, NULL);
}

/* The last part first. */
static ca_err
update_backwards(struct ca_tx *tx, size_t offset, struct ca_rd data)
{
	size_t parts = (data.n + UPDATE_CHUNK - 1) / UPDATE_CHUNK;

	for (size_t i = parts; i-- > 0;) {
		struct ca_rd part = data, rest;
		ca_err e;

		if (!ca_rd_skip(&part, i * UPDATE_CHUNK))
			return CA_E_BUG;
		if (part.n > UPDATE_CHUNK) {
			rest = part;
			if (!ca_rd_take(&rest, UPDATE_CHUNK, &part))
				return CA_E_BUG;
		}
		e = update_at(tx, offset + i * UPDATE_CHUNK, part);
		if (e != CA_OK)
			return e;
	}
	return CA_OK;
}

ca_err
ca_iso_dir_add(struct ca_tx *tx, struct ca_iso_dir *d, struct ca_rd entry)
{
	struct ca_buf now = {0};
	ca_err e;

	if (!ca_iso_dir_has_room(d, entry.n))
		return CA_E_NO_SPACE;
	if ((e = ca_tx_enter(tx)) != CA_OK ||
	    (e = ca_iso_select_ref(tx, &d->ref)) != CA_OK ||
	    (e = update_backwards(tx, d->end, entry)) != CA_OK)
		return e;
	memcpy(d->file.p + d->end, entry.p, entry.n);
	d->end += entry.n;
	tx->entered = false;
	if ((e = ca_tx_enter(tx)) == CA_OK)
		e = ca_iso_read_ref(tx, &d->ref, CA_UNTIL_END, &now);
	if (e == CA_OK && !ca_rd_equal(ca_buf_rd(&now), ca_buf_rd(&d->file))) {
		ca_log(CA_LOG_ERROR, ROOM,
		    "a directory reads otherwise than it was written");
		e = CA_E_IO;
	}
	ca_buf_free(&now);
	return e;
}

ca_err
ca_iso_create_ef(struct ca_tx *tx, uint16_t fid, size_t size,
    struct ca_rd access)
{
	uint8_t in[64], out[80];
	struct ca_wr w = ca_wr_of(in, sizeof(in)),
		     t = ca_wr_of(out, sizeof(out));
	uint8_t two[2] = {(uint8_t)(size >> 8), (uint8_t)(size & 0xFF)};
	const uint8_t kind = EF_TRANSPARENT;
	struct ca_apdu cmd = {.ins = 0xE0};
	ca_err e;

	if (size == 0 || size > CA_FILE_MAX)
		return CA_E_NO_SPACE;
	ca_wr_tlv(&w, 0x81, ca_rd_of(two, sizeof(two)));
	ca_wr_tlv(&w, 0x82, ca_rd_of(&kind, 1));
	two[0] = (uint8_t)(fid >> 8);
	two[1] = (uint8_t)(fid & 0xFF);
	ca_wr_tlv(&w, 0x83, ca_rd_of(two, sizeof(two)));
	if (access.n > 0)
		ca_wr_tlv(&w, 0x86, access);
	ca_wr_tlv(&t, 0x6F, ca_wr_rd(&w));
	if (!ca_wr_ok(&w) || !ca_wr_ok(&t))
		return CA_E_BUG;
	cmd.data = ca_wr_rd(&t);
	tx->entered = false;
	if ((e = ca_tx_enter(tx)) != CA_OK)
		return e;
	e = ca_tx_do(tx, &cmd, NULL);
	tx->entered = false; /* a card may make it the current file */
	return e;
}
