/* See the header. */
#include "pcsc/token/objstore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/base/log.h"
#include "pcsc/token/folder.h"
#include "pcsc/token/objstore_dir.h"

#define ROOM "objstore"

bool
ca_objstore_usable(const struct ca_config *config, const char *serial)
{
	return ca_folder_usable(config->certs_user, serial);
}

static void
file_name(const char *name, char out[CA_OBJ_FILE])
{
	(void)snprintf(out, CA_OBJ_FILE, "%s" CA_OBJ_SUFFIX, name);
}

/* What was asked of one file: the log line, and what it means. */
static ca_err
failed(const char *what, const char *name, ca_err e)
{
	ca_log(CA_LOG_WARN, ROOM, "%s %s: %s", what, name, strerror(errno));
	return e;
}

static ca_err
from_open(int sys)
{
	switch (sys) {
	case ENOENT:
	case ENOTDIR:
		return CA_E_NOT_FOUND;
	case EACCES:
	case EPERM:
	case ELOOP:
	case EROFS:
	case ENXIO:
	case 0: /* the folder is not ours alone */
		return CA_E_REFUSED;
	default:
		return CA_E_IO;
	}
}

static ca_err
read_all(int fd, size_t n, struct ca_buf *out)
{
	uint8_t part[4096];
	ca_err e = CA_OK;
	ssize_t got;

	while (e == CA_OK && n > 0) {
		got = read(fd, part, n < sizeof(part) ? n : sizeof(part));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return CA_E_IO;
		n -= (size_t)got;
		e = ca_buf_add(out, ca_rd_of(part, (size_t)got));
	}
	return e;
}

/* A plain file of ours that nobody else can write, of a length we take. */
static ca_err
check_file(int fd, struct stat *st)
{
	if (fstat(fd, st) != 0)
		return CA_E_IO;
	if (!S_ISREG(st->st_mode) || st->st_uid != geteuid() ||
	    (st->st_mode & (S_IWGRP | S_IWOTH)) != 0 || st->st_size <= 0 ||
	    st->st_size > CA_OBJSTORE_BYTES)
		return CA_E_REFUSED;
	return CA_OK;
}

static ca_err
read_one(int dir, const char *name, struct ca_buf *out,
    struct ca_obj_stamp *stamp)
{
	char file[CA_OBJ_FILE];
	struct stat st;
	ca_err e;
	int fd;

	file_name(name, file);
	fd = openat(dir, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return from_open(errno);
	e = check_file(fd, &st);
	if (e == CA_OK)
		e = read_all(fd, (size_t)st.st_size, out);
	if (e == CA_OK)
		*stamp = ca_obj_stamp_of(&st);
	(void)close(fd);
	if (e != CA_OK)
		ca_buf_free(out);
	return e;
}

ca_err
ca_objstore_read(const struct ca_config *config, const char *serial,
    const char *name, struct ca_buf *out, struct ca_obj_stamp *stamp)
{
	int dir = ca_folder_open(config->certs_user, serial, false);
	ca_err e;

	if (dir < 0)
		return from_open(errno);
	e = read_one(dir, name, out, stamp);
	(void)close(dir);
	return e;
}

/* The folder, made if need be, and no other writer in it. A file system that
 * knows no locks goes without. */
static ca_err
open_to_write(const struct ca_config *config, const char *serial, bool make,
    int *dir)
{
	*dir = ca_folder_open(config->certs_user, serial, make);
	if (*dir < 0)
		return failed("folder of token", serial, from_open(errno));
	while (flock(*dir, LOCK_EX) != 0 && errno == EINTR)
		continue;
	return CA_OK;
}

/* Closing gives the lock back. What was renamed is on the disk then. */
static void
end_write(int dir)
{
	(void)fsync(dir);
	(void)close(dir);
}

static bool
new_name(char name[CA_OBJ_NAME])
{
	uint8_t random[(CA_OBJ_NAME - 1) / 2];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	for (size_t i = 0; i < sizeof(random); i++)
		(void)snprintf(&name[2 * i], 3, "%02x", (unsigned)random[i]);
	return true;
}

static ca_err
write_one(int dir, const char *name, struct ca_rd data)
{
	char file[CA_OBJ_FILE];
	ca_err e;

	if (data.n > CA_OBJSTORE_BYTES)
		return CA_E_NO_SPACE;
	file_name(name, file);
	e = ca_folder_replace(dir, file, data);
	return e == CA_OK ? CA_OK : failed("writing", file, e);
}

ca_err
ca_objstore_add(const struct ca_config *config, const char *serial,
    struct ca_rd data, char name[CA_OBJ_NAME])
{
	int dir;
	ca_err e = open_to_write(config, serial, true, &dir);

	if (e == CA_E_NOT_FOUND)
		return CA_E_REFUSED; /* it could not be made */
	if (e != CA_OK)
		return e;
	if (ca_obj_count(dir) >= CA_OBJSTORE_MAX) {
		ca_log(CA_LOG_WARN, ROOM, "token %s has %d objects", serial,
		    CA_OBJSTORE_MAX);
		e = CA_E_NO_SPACE;
	}
	if (e == CA_OK)
		e = new_name(name) ? write_one(dir, name, data) : CA_E_IO;
	end_write(dir);
	return e;
}

ca_err
ca_objstore_put(const struct ca_config *config, const char *serial,
    const char *name, struct ca_rd data)
{
	char file[CA_OBJ_FILE];
	struct stat st;
	int dir;
	ca_err e = open_to_write(config, serial, false, &dir);

	if (e != CA_OK)
		return e;
	file_name(name, file);
	if (fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) != 0)
		e = from_open(errno);
	if (e == CA_OK)
		e = write_one(dir, name, data);
	end_write(dir);
	return e;
}

ca_err
ca_objstore_remove(const struct ca_config *config, const char *serial,
    const char *name)
{
	char file[CA_OBJ_FILE];
	int dir;
	ca_err e = open_to_write(config, serial, false, &dir);

	if (e != CA_OK)
		return e;
	file_name(name, file);
	if (unlinkat(dir, file, 0) != 0)
		e = failed("removing", file, from_open(errno));
	end_write(dir);
	return e;
}
