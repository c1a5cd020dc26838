/* See the header. */
#include "pcsc/token/certcache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/base/log.h"
#include "pcsc/conf/file.h"
#include "pcsc/token/folder.h"

#define ROOM "certcache"
#define CERT_MAX 16384
#define NAME_MAX_BYTES (2 * CA_PATH_MAX + 8)

/* Opens a folder of ours alone; makes it when `make` is set. -1: not usable. */
static int
open_own(const char *path, bool make)
{
	struct stat st;
	int fd;

	if (make && mkdir(path, 0700) != 0 && errno != EEXIST)
		return -1;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return fd;
	ca_log(CA_LOG_WARN, ROOM, "%s is not ours alone; not used", path);
	(void)close(fd);
	return -1;
}

static bool
usable(const struct ca_config *config, const struct ca_ref *ref)
{
	return config->cache && ref->path_n > 0 && !ref->ranged;
}

static void
file_name(const struct ca_ref *ref, const char *suffix, char *out, size_t cap)
{
	char hex[2 * CA_PATH_MAX + 1];

	(void)ca_log_hex(ca_rd_of(ref->path, ref->path_n), hex, sizeof(hex));
	(void)snprintf(out, cap, "%s%s", hex, suffix);
}

/* The token's folder, opened; -1 when there is none. */
static int
open_folder(const struct ca_config *config, const char *serial, bool make)
{
	char path[CA_FOLDER_MAX];
	int fd;

	if (!ca_folder(config->cache_dir, serial, path, sizeof(path)))
		return -1;
	if ((fd = open_own(config->cache_dir, make)) < 0)
		return -1;
	(void)close(fd);
	return open_own(path, make);
}

ca_err
ca_certcache_get(const struct ca_config *config, const char *serial,
    const struct ca_ref *ref, struct ca_buf *der)
{
	char dir[CA_FOLDER_MAX], name[NAME_MAX_BYTES];
	char path[CA_FOLDER_MAX + NAME_MAX_BYTES + 1];
	int fd;

	if (!usable(config, ref) ||
	    (fd = open_folder(config, serial, false)) < 0)
		return CA_E_NOT_FOUND;
	(void)close(fd);
	file_name(ref, ".der", name, sizeof(name));
	if (!ca_folder(config->cache_dir, serial, dir, sizeof(dir)))
		return CA_E_NOT_FOUND;
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (ca_file_read_nofollow(path, CERT_MAX, der) != CA_OK)
		return CA_E_NOT_FOUND;
	return CA_OK;
}

static bool
write_all(int fd, struct ca_rd r)
{
	while (r.n > 0) {
		ssize_t n = write(fd, r.p, r.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || !ca_rd_skip(&r, (size_t)n))
			return false;
	}
	return true;
}

/* Beside, then renamed: a reader sees the old file or the new one. */
static bool
replace(int dir, const struct ca_ref *ref, struct ca_rd der)
{
	char name[NAME_MAX_BYTES], temp[NAME_MAX_BYTES + 24], suffix[24];
	bool ok;
	int fd;

	(void)snprintf(suffix, sizeof(suffix), ".%ld", (long)getpid());
	file_name(ref, ".der", name, sizeof(name));
	file_name(ref, suffix, temp, sizeof(temp));
	(void)unlinkat(dir, temp, 0); /* of an earlier process that died */
	fd = openat(dir, temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = write_all(fd, der);
	ok = close(fd) == 0 && ok;
	ok = ok && renameat(dir, temp, dir, name) == 0;
	if (!ok)
		(void)unlinkat(dir, temp, 0);
	return ok;
}

void
ca_certcache_put(const struct ca_config *config, const char *serial,
    const struct ca_ref *ref, struct ca_rd der)
{
	int dir;

	if (!usable(config, ref) || der.n > CERT_MAX ||
	    (dir = open_folder(config, serial, true)) < 0)
		return;
	if (!replace(dir, ref, der))
		ca_log(CA_LOG_WARN, ROOM, "certificate not kept: %s",
		    strerror(errno));
	(void)close(dir);
}
