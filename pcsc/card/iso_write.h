/*
 * Files and directory entries added to a card (ISO/IEC 7816-4 7.2.5, -9 CREATE
 * FILE). An entry is added behind those that are there, in a way that loses
 * none of them wherever it is interrupted.
 */
#ifndef CA_CARD_ISO_WRITE_H
#define CA_CARD_ISO_WRITE_H

#include "pcsc/base/buf.h"
#include "pcsc/card/driver.h"

/* A directory file as it was read. */
struct ca_iso_dir {
	struct ca_ref ref;
	struct ca_buf file; /* all of it, free space included */
	size_t end;         /* where the next entry goes */
};

/*
 * Reads a directory file for adding to it. CA_E_UNSUPPORTED: what is behind its
 * entries is no free space (00, FF), so it is left alone. *d is the caller's,
 * to be freed.
 */
ca_err ca_iso_dir_open(struct ca_tx *tx, const struct ca_ref *ref,
    struct ca_iso_dir *d);
void ca_iso_dir_free(struct ca_iso_dir *d);

/* Whether so many bytes of entry fit. */
bool ca_iso_dir_has_room(const struct ca_iso_dir *d, size_t n);

/*
 * Adds an entry, and reads the file back. What a command does not hold is
 * written from its end, so that the entry begins to be one with the last
 * command. CA_E_NO_SPACE: it does not fit, nothing was written. CA_E_IO: the
 * file reads otherwise than it was written.
 */
ca_err ca_iso_dir_add(struct ca_tx *tx, struct ca_iso_dir *d,
    struct ca_rd entry);

/* CREATE FILE of a transparent file under the application, which is then the
 * current DF. `access` is the content of its tag 86; n 0: none is sent. */
ca_err ca_iso_create_ef(struct ca_tx *tx, uint16_t fid, size_t size,
    struct ca_rd access);

/* A file of the application, by its identifier alone. */
struct ca_ref ca_iso_ref(uint16_t fid);

#endif
