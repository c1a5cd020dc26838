/*
 * Files of the host: configuration, profiles, certificates. They are small and
 * may be anything by mistake, so every read has a maximum and takes regular
 * files only (a FIFO or a device never blocks us).
 */
#ifndef CA_CONF_FILE_H
#define CA_CONF_FILE_H

#include <stddef.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

#define CA_FILE_NAMES_MAX 64
#define CA_FILE_NAME 256 /* bytes, with the NUL: Linux's NAME_MAX and one */

/* File names of one directory, in byte order. 16 KiB: keep it on the heap
 * where the stack is somebody else's. */
struct ca_file_names {
	char name[CA_FILE_NAMES_MAX][CA_FILE_NAME];
	size_t n;
};

/*
 * Replaces the content of *out, which the caller owns, by the file at `path`,
 * which has at most `max` bytes. A symbolic link is followed.
 *
 * Errors, with *out untouched: CA_E_NOT_FOUND (no such file), CA_E_REFUSED (no
 * right to read it, or no regular file), CA_E_DATA_LEN (more than max bytes),
 * CA_E_IO, CA_E_NOMEM.
 */
CA_MUST_CHECK ca_err ca_file_read(const char *path, size_t max,
    struct ca_buf *out);

/* The same for folders that a user can write to: a symbolic link as the last
 * part of the path is CA_E_REFUSED. */
CA_MUST_CHECK ca_err ca_file_read_nofollow(const char *path, size_t max,
    struct ca_buf *out);

/*
 * The names in the directory `dir` that end in `suffix` (".conf") and do not
 * begin with a dot. Of more than CA_FILE_NAMES_MAX the first in byte order are
 * kept and the log warns. What kind of file it is, ca_file_read() finds out.
 *
 * Errors, with out->n 0: CA_E_NOT_FOUND (no such directory), CA_E_REFUSED,
 * CA_E_IO, CA_E_NOMEM.
 */
CA_MUST_CHECK ca_err ca_file_list(const char *dir, const char *suffix,
    struct ca_file_names *out);

#endif
