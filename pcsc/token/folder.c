/* See the header. */
#include "pcsc/token/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/base/log.h"

#define ROOM "folder"
#define NAME_MAX_BYTES 256

bool
ca_folder(const char *store, const char *serial, char *out, size_t cap)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz.-_";
	size_t at = strlen(store);

	/* "." and ".." would name other folders. */
	if (at == 0 || serial[0] == '\0' || serial[0] == '.' ||
	    (size_t)snprintf(out, cap, "%s/%s", store, serial) >= cap)
		return false;
	for (char *c = out + at + 1; *c != '\0'; c++)
		if (strchr(plain, *c) == NULL)
			*c = '_';
	return true;
}

/* Opens a folder of ours alone; -1 when it is not. */
static int
open_own(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return fd;
	ca_log(CA_LOG_WARN, ROOM, "%s is not ours alone; not used", path);
	(void)close(fd);
	return -1;
}

/* Makes every folder of the path that is missing. */
static void
make_all(const char *path)
{
	char part[CA_FOLDER_MAX];

	(void)snprintf(part, sizeof(part), "%s", path);
	for (char *c = part + 1; *c != '\0'; c++)
		if (*c == '/') {
			*c = '\0';
			(void)mkdir(part, 0700);
			*c = '/';
		}
	(void)mkdir(part, 0700); /* whether it worked, opening will tell */
}

static int
open_token(const char *store, const char *serial, bool make)
{
	char path[CA_FOLDER_MAX];
	int fd;

	if (!ca_folder(store, serial, path, sizeof(path)))
		return -1;
	if (make)
		make_all(path);
	if ((fd = open_own(store)) < 0)
		return -1;
	(void)close(fd);
	return open_own(path);
}

bool
ca_folder_trusted(const char *store, const char *serial)
{
	int fd = open_token(store, serial, false);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
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
replace(int dir, const char *name, struct ca_rd data)
{
	char temp[NAME_MAX_BYTES];
	bool ok;
	int fd;

	(void)snprintf(temp, sizeof(temp), ".%s.%ld", name, (long)getpid());
	(void)unlinkat(dir, temp, 0); /* of an earlier process that died */
	fd = openat(dir, temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = write_all(fd, data) && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	ok = ok && renameat(dir, temp, dir, name) == 0;
	if (!ok)
		(void)unlinkat(dir, temp, 0);
	return ok;
}

ca_err
ca_folder_write(const char *store, const char *serial, const char *name,
    struct ca_rd data)
{
	int dir = open_token(store, serial, true);
	bool ok = dir >= 0 && replace(dir, name, data);

	if (!ok)
		ca_log(CA_LOG_WARN, ROOM, "%s for token %s not written: %s",
		    name, serial, strerror(errno));
	if (dir >= 0)
		(void)close(dir);
	return ok ? CA_OK : CA_E_IO;
}
