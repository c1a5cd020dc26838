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

/* Writes STORE/SERIAL/name, making the folders; `name` has no slash. CA_E_IO
 * when it cannot be done (logged); an older file is then as it was. */
ca_err ca_folder_write(const char *store, const char *serial, const char *name,
    struct ca_rd data);

#endif
