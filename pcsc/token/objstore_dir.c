/* See objstore.h: what lies in the folder, and whether that changed. */
#include "pcsc/token/objstore_dir.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pcsc/base/log.h"
#include "pcsc/token/folder.h"

#define ROOM "objstore"
/* Two changes within a tick of the file system's clock look like one: only what
 * is older than this, in seconds, is believed to be the last. Coarse clocks of
 * file systems have two. */
#define SETTLED_AFTER 3

struct ca_obj_stamp
ca_obj_stamp_of(const struct stat *st)
{
	struct timespec now = {0, 0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (struct ca_obj_stamp){
	    .dev = (uint64_t)st->st_dev,
	    .ino = (uint64_t)st->st_ino,
	    .size = (uint64_t)st->st_size,
	    .sec = st->st_mtim.tv_sec,
	    .nsec = st->st_mtim.tv_nsec,
	    .settled = st->st_mtim.tv_sec + SETTLED_AFTER <= now.tv_sec,
	};
}

bool
ca_obj_stamp_same(const struct ca_obj_stamp *a, const struct ca_obj_stamp *b)
{
	return a->settled && b->settled && a->dev == b->dev &&
	       a->ino == b->ino && a->size == b->size && a->sec == b->sec &&
	       a->nsec == b->nsec;
}

struct ca_obj_stamp
ca_objstore_stamp(const struct ca_config *config, const char *serial)
{
	char path[CA_FOLDER_MAX];
	struct stat st;

	if (!ca_folder(config->certs_user, serial, path, sizeof(path)) ||
	    lstat(path, &st) != 0)
		return (struct ca_obj_stamp){.settled = true};
	return ca_obj_stamp_of(&st);
}

/* 32 digits and the suffix; anything else is none of ours. */
static bool
is_object(const char *file)
{
	size_t digits = strspn(file, "0123456789abcdef");

	return digits == CA_OBJ_NAME - 1 &&
	       strcmp(&file[digits], CA_OBJ_SUFFIX) == 0;
}

/* The directory stream has a descriptor of its own. */
static DIR *
open_stream(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (d == NULL && fd >= 0)
		(void)close(fd);
	return d;
}

/* The next object's file; NULL after the last. */
static const char *
next_object(DIR *d)
{
	const struct dirent *e;

	/* Nobody else uses this stream. */
	while ((e = readdir(d)) != NULL) /* NOLINT(concurrency-mt-unsafe) */
		if (is_object(e->d_name))
			return e->d_name;
	return NULL;
}

size_t
ca_obj_count(int dir)
{
	DIR *d = open_stream(dir);
	size_t n = 0;

	while (d != NULL && n < CA_OBJSTORE_MAX && next_object(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

static int
by_name(const void *a, const void *b)
{
	const struct ca_obj_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
list_folder(int dir, struct ca_obj_list *out)
{
	DIR *d = open_stream(dir);
	const char *file;
	struct stat st;

	while (d != NULL && (file = next_object(d)) != NULL) {
		if (out->n == CA_OBJSTORE_MAX) {
			ca_log(CA_LOG_WARN, ROOM,
			    "more than %d objects: the rest is not seen",
			    CA_OBJSTORE_MAX);
			break;
		}
		if (fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue; /* it went since */
		memcpy(out->v[out->n].name, file, CA_OBJ_NAME - 1);
		out->v[out->n].name[CA_OBJ_NAME - 1] = '\0';
		out->v[out->n].stamp = ca_obj_stamp_of(&st);
		out->n++;
	}
	if (d != NULL)
		(void)closedir(d);
	qsort(out->v, out->n, sizeof(out->v[0]), by_name);
}

void
ca_objstore_list(const struct ca_config *config, const char *serial,
    struct ca_obj_list *out)
{
	int dir;

	out->n = 0;
	/* Before the names are read: what comes later shows as a change. */
	out->folder = ca_objstore_stamp(config, serial);
	if (out->folder.ino == 0)
		return;
	dir = ca_folder_open(config->certs_user, serial, false);
	if (dir < 0)
		return;
	list_folder(dir, out);
	(void)close(dir);
}
