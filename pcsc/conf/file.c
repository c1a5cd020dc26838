#include "pcsc/conf/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"

/* clang-format off */
static const struct {
	int sys;
	ca_err e;
} errno_rows[] = {
	{ENOENT,  CA_E_NOT_FOUND},
	{ENOTDIR, CA_E_NOT_FOUND},
	{EACCES,  CA_E_REFUSED},
	{EPERM,   CA_E_REFUSED},
	{ELOOP,   CA_E_REFUSED},
	{ENXIO,   CA_E_REFUSED}, /* a socket, a device without driver */
	{ENOMEM,  CA_E_NOMEM},
};
/* clang-format on */

static ca_err
from_errno(int sys)
{
	for (size_t i = 0; i < CA_COUNT(errno_rows); i++)
		if (errno_rows[i].sys == sys)
			return errno_rows[i].e;
	return CA_E_IO;
}

static ca_err
check_kind(int fd, size_t max)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return from_errno(errno);
	if (!S_ISREG(st.st_mode))
		return CA_E_REFUSED;
	/* Only spares the reading; what counts is what read() gives. */
	if (st.st_size > 0 && (uintmax_t)st.st_size > max)
		return CA_E_DATA_LEN;
	return CA_OK;
}

/* Appends to the end of the file. The file may grow while it is read. */
static ca_err
read_all(int fd, size_t max, struct ca_buf *out)
{
	uint8_t part[1024];
	ssize_t got;
	ca_err e = CA_OK;

	do {
		got = read(fd, part, sizeof(part));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			e = from_errno(errno);
		else if ((size_t)got > max - out->n)
			e = CA_E_DATA_LEN;
		else
			e = ca_buf_add(out, ca_rd_of(part, (size_t)got));
	} while (e == CA_OK && got != 0);
	ca_wipe(part, sizeof(part));
	return e;
}

static ca_err
read_file(const char *path, int flags, size_t max, struct ca_buf *out)
{
	struct ca_buf fresh = {0};
	ca_err e;
	int fd;

	/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
	if (fd < 0)
		return from_errno(errno);
	if ((e = check_kind(fd, max)) == CA_OK &&
	    (e = read_all(fd, max, &fresh)) == CA_OK)
		ca_buf_take(out, &fresh);
	ca_buf_free(&fresh);
	close(fd);
	return e;
}

ca_err
ca_file_read(const char *path, size_t max, struct ca_buf *out)
{
	return read_file(path, 0, max, out);
}

ca_err
ca_file_read_nofollow(const char *path, size_t max, struct ca_buf *out)
{
	return read_file(path, O_NOFOLLOW, max, out);
}

static bool
wanted(const char *name, const char *suffix)
{
	size_t n = strlen(name);
	size_t tail = strlen(suffix);

	return name[0] != '.' && n < CA_FILE_NAME && n >= tail &&
	       memcmp(name + n - tail, suffix, tail) == 0;
}

/* Puts a name in its place. False when the table is full: the last in order,
 * perhaps the new one, is then dropped. */
static bool
insert(struct ca_file_names *out, const char *name)
{
	bool fits = out->n < CA_FILE_NAMES_MAX;
	size_t at = out->n;

	while (at > 0 && strcmp(name, out->name[at - 1]) < 0)
		at--;
	if (!fits && at == CA_FILE_NAMES_MAX)
		return false;
	memmove(out->name[at + 1], out->name[at],
	    (out->n - at - (fits ? 0 : 1)) * CA_FILE_NAME);
	memcpy(out->name[at], name, strlen(name) + 1);
	if (fits)
		out->n++;
	return fits;
}

/* Reads the names; errno tells an error from the end. */
static ca_err
walk(DIR *d, const char *suffix, struct ca_file_names *out, bool *all)
{
	struct dirent *entry;

	for (;;) {
		errno = 0;
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours */
		if (!(entry = readdir(d)))
			return errno ? from_errno(errno) : CA_OK;
		if (wanted(entry->d_name, suffix) &&
		    !insert(out, entry->d_name))
			*all = false;
	}
}

ca_err
ca_file_list(const char *dir, const char *suffix, struct ca_file_names *out)
{
	bool all = true;
	ca_err e;
	DIR *d;

	out->n = 0;
	if (!(d = opendir(dir)))
		return from_errno(errno);
	e = walk(d, suffix, out, &all);
	closedir(d);
	if (e != CA_OK)
		out->n = 0;
	else if (!all)
		ca_log(CA_LOG_WARN, "conf",
		    "%s: more than %d files *%s, the others are left out", dir,
		    CA_FILE_NAMES_MAX, suffix);
	return e;
}
