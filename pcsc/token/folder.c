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
	errno = 0;
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

int
ca_folder_open(const char *store, const char *serial, bool make)
{
	char path[CA_FOLDER_MAX];
	int fd;

	errno = 0;
	if (!ca_folder(store, serial, path, sizeof(path)))
		return -1;
	if (make)
		make_all(path);
	if ((fd = open_own(store)) < 0)
		return -1;
	(void)close(fd);
	return open_own(path);
}

static bool
may_write(const char *path)
{
	return faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0;
}

/* A folder that is there must be one that would be used. */
static bool
own_writable(const char *path)
{
	int fd = open_own(path);

	if (fd < 0)
		return false;
	(void)close(fd);
	return may_write(path);
}

bool
ca_folder_usable(const char *store, const char *serial)
{
	char path[CA_FOLDER_MAX], *slash;
	size_t store_n = strlen(store);
	struct stat st;

	if (!ca_folder(store, serial, path, sizeof(path)))
		return false;
	/* The first one that exists must let the next be made. */
	while (lstat(path, &st) != 0) {
		slash = strrchr(path, '/');
		if (errno != ENOENT || slash == NULL || slash == path)
			return false;
		*slash = '\0';
	}
	if (strlen(path) < store_n)
		return may_write(path);
	return own_writable(path) &&
	       (strlen(path) == store_n || own_writable(store));
}

bool
ca_folder_trusted(const char *store, const char *serial)
{
	int fd = ca_folder_open(store, serial, false);

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

static ca_err
from_errno(void)
{
	switch (errno) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return CA_E_NO_SPACE;
	case EACCES:
	case EPERM:
	case EROFS:
		return CA_E_REFUSED;
	default:
		return CA_E_IO;
	}
}

/* Beside, then renamed: a reader sees the old file or the new one. */
ca_err
ca_folder_replace(int dir, const char *name, struct ca_rd data)
{
	ca_err e = CA_OK;
	char temp[NAME_MAX_BYTES];
	bool ok;
	int fd;

	(void)snprintf(temp, sizeof(temp), ".%s.%ld", name, (long)getpid());
	(void)unlinkat(dir, temp, 0); /* of an earlier process that died */
	fd = openat(dir, temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return from_errno();
	ok = write_all(fd, data) && fsync(fd) == 0;
	if (!ok)
		e = from_errno();
	if (close(fd) != 0 && e == CA_OK)
		e = from_errno();
	if (e == CA_OK && renameat(dir, temp, dir, name) != 0)
		e = from_errno();
	if (e != CA_OK)
		(void)unlinkat(dir, temp, 0);
	return e;
}

ca_err
ca_folder_write(const char *store, const char *serial, const char *name,
    struct ca_rd data)
{
	int dir = ca_folder_open(store, serial, true);
	bool ok = dir >= 0 && ca_folder_replace(dir, name, data) == CA_OK;

	if (!ok)
		ca_log(CA_LOG_WARN, ROOM, "%s for token %s not written: %s",
		    name, serial, strerror(errno));
	if (dir >= 0)
		(void)close(dir);
	return ok ? CA_OK : CA_E_IO;
}
