/* Folders that are named after a token, in stores and caches on the host. */
#ifndef CA_TOKEN_FOLDER_H
#define CA_TOKEN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/conf/config.h"

#define CA_FOLDER_MAX (CA_CONF_PATH + 140)

/*
 * STORE/SERIAL into out; characters of the serial number other than letters,
 * digits, '.', '-' and '_' become '_'. False when there is no such folder to
 * speak of: no store, no serial, or one that begins with a dot.
 */
bool ca_folder(const char *store, const char *serial, char *out, size_t cap);

#endif
