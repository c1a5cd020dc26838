/*
 * Objects that applications keep with a token and that its card has no place
 * for: files on the host, in the token's folder of the user's certificate store
 * (certstore.h, folder.h). What stands in a file is module/core's; here it is
 * bytes with a name.
 *
 * A file is NAME.p11, NAME being 32 random hexadecimal digits, for good: it
 * tells objects apart in every process. Files appear and change as a whole.
 * Writers exclude each other by a lock on the folder.
 */
#ifndef CA_TOKEN_OBJSTORE_H
#define CA_TOKEN_OBJSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/conf/config.h"

#define CA_OBJSTORE_MAX 256     /* objects of one token */
#define CA_OBJSTORE_BYTES 60000 /* of one object's file */
#define CA_OBJ_NAME 33          /* bytes, with the NUL */

/* Which state of a file or folder was seen. Zeroes: none. */
struct ca_obj_stamp {
	uint64_t dev, ino, size;
	int64_t sec;
	int64_t nsec;
	bool settled; /* so old that a later change shows in the time */
};

struct ca_obj_file {
	char name[CA_OBJ_NAME];
	struct ca_obj_stamp stamp;
};

/* 20 KiB: for the heap. */
struct ca_obj_list {
	struct ca_obj_file v[CA_OBJSTORE_MAX]; /* in byte order of the names */
	size_t n;
	struct ca_obj_stamp folder;
};

/* Whether objects of this token can be kept, as far as rights tell. A token
 * without serial number and a user without home have no store. */
bool ca_objstore_usable(const struct ca_config *config, const char *serial);

/* Whether two stamps say that nothing changed between them for sure. */
bool ca_obj_stamp_same(const struct ca_obj_stamp *a,
    const struct ca_obj_stamp *b);

/* The folder's state now; a missing folder has zeroes, and is settled. */
struct ca_obj_stamp ca_objstore_stamp(const struct ca_config *config,
    const char *serial);

/* The files that are there; none where there is no folder, or one that is not
 * ours alone. More than CA_OBJSTORE_MAX are not seen (logged). */
void ca_objstore_list(const struct ca_config *config, const char *serial,
    struct ca_obj_list *out);

/*
 * Reads one file; out->n is CA_OBJSTORE_BYTES at most. CA_E_NOT_FOUND: it is
 * gone. CA_E_REFUSED: it is no plain file of ours, or too long. CA_E_IO,
 * CA_E_NOMEM. *stamp is that of the bytes read.
 */
CA_MUST_CHECK ca_err ca_objstore_read(const struct ca_config *config,
    const char *serial, const char *name, struct ca_buf *out,
    struct ca_obj_stamp *stamp);

/*
 * Keeps a new object; *name is what it is called. CA_E_NO_SPACE: the disk is
 * full, or a cap is reached. CA_E_REFUSED: no right to write. CA_E_IO.
 */
CA_MUST_CHECK ca_err ca_objstore_add(const struct ca_config *config,
    const char *serial, struct ca_rd data, char name[CA_OBJ_NAME]);

/* Writes one again. Besides: CA_E_NOT_FOUND, it is gone. */
CA_MUST_CHECK ca_err ca_objstore_put(const struct ca_config *config,
    const char *serial, const char *name, struct ca_rd data);

/* Removes one. CA_E_NOT_FOUND, CA_E_REFUSED, CA_E_IO. */
CA_MUST_CHECK ca_err ca_objstore_remove(const struct ca_config *config,
    const char *serial, const char *name);

#endif
