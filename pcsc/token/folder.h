/*
 * Folders that are named after a token, in stores and caches on the host.
 *
 * What we write lies in folders of mode 0700. One that belongs to somebody else
 * or that others can write to is not used, links are not followed as the last
 * part of a path, and a file appears whole or not at all.
 */
#ifndef CA_TOKEN_FOLDER_H
#define CA_TOKEN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/conf/config.h"

#define CA_FOLDER_MAX (CA_CONF_PATH + 140)

/*
 * STORE/SERIAL into out; characters of the serial number other than letters,
 * digits, '.', '-' and '_' become '_'. False when there is no such folder to
 * speak of: no store, no serial, or one that begins with a dot.
 */
bool ca_folder(const char *store, const char *serial, char *out, size_t cap);

/* Whether store and token folder exist and are ours alone. */
bool ca_folder_trusted(const char *store, const char *serial);

/* Opens STORE/SERIAL where both are ours alone, making them if `make`; the
 * caller closes it. -1: there is none (errno), or it is not to be used (0). */
int ca_folder_open(const char *store, const char *serial, bool make);

/* Whether ca_folder_open(..., true) and a file in it would come to something,
 * as far as rights tell. Makes nothing. */
bool ca_folder_usable(const char *store, const char *serial);

/*
 * Writes the file `name` into an open folder. CA_E_NO_SPACE: the disk is full;
 * CA_E_REFUSED: no right to write there; CA_E_IO. An older file is then as it
 * was. errno tells more.
 */
CA_MUST_CHECK ca_err ca_folder_replace(int dir, const char *name,
    struct ca_rd data);

/* Writes STORE/SERIAL/name, making the folders; `name` has no slash. CA_E_IO
 * when it cannot be done (logged); an older file is then as it was. */
ca_err ca_folder_write(const char *store, const char *serial, const char *name,
    struct ca_rd data);

#endif
