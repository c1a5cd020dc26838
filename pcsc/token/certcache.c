/* See the header. */
#include "pcsc/token/certcache.h"

#include <stdio.h>

#include "pcsc/base/log.h"
#include "pcsc/conf/file.h"
#include "pcsc/token/folder.h"

#define CERT_MAX 16384
#define NAME_BYTES (2 * CA_PATH_MAX + 8)

static bool
usable(const struct ca_config *config, const struct ca_ref *ref)
{
	return config->cache && ref->path_n > 0 && !ref->ranged;
}

static void
file_name(const struct ca_ref *ref, char *out, size_t cap)
{
	char hex[2 * CA_PATH_MAX + 1];

	(void)ca_log_hex(ca_rd_of(ref->path, ref->path_n), hex, sizeof(hex));
	(void)snprintf(out, cap, "%s.der", hex);
}

ca_err
ca_certcache_get(const struct ca_config *config, const char *serial,
    const struct ca_ref *ref, struct ca_buf *der)
{
	char dir[CA_FOLDER_MAX], name[NAME_BYTES];
	char path[CA_FOLDER_MAX + NAME_BYTES + 1];

	if (!usable(config, ref) ||
	    !ca_folder_trusted(config->cache_dir, serial) ||
	    !ca_folder(config->cache_dir, serial, dir, sizeof(dir)))
		return CA_E_NOT_FOUND;
	file_name(ref, name, sizeof(name));
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return ca_file_read_nofollow(path, CERT_MAX, der) == CA_OK
		   ? CA_OK
		   : CA_E_NOT_FOUND;
}

void
ca_certcache_put(const struct ca_config *config, const char *serial,
    const struct ca_ref *ref, struct ca_rd der)
{
	char name[NAME_BYTES];

	if (!usable(config, ref) || der.n > CERT_MAX ||
	    config->cache_dir[0] == '\0' || serial[0] == '\0')
		return;
	file_name(ref, name, sizeof(name));
	/* Told in the log, and of no consequence. */
	if (ca_folder_write(config->cache_dir, serial, name, der) != CA_OK)
		return;
}
