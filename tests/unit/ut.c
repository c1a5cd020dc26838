#include "tests/unit/ut.h"

#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/base/hex.h"

#define PATHS 8

static int log_fd = -1;
static char *log_text;

/* The tests themselves cannot go on. */
__attribute__((noreturn)) static void
die(const char *what)
{
	fprintf(stderr, "unit: %s: %s\n", what, strerror(errno));
	abort();
}

bool
ut_pass(const char *file, unsigned line)
{
	CU_assertImplementation(CU_TRUE, line, "", file, "", CU_FALSE);
	return true;
}

bool
ut_fail(const char *cond, const char *file, unsigned line, const char *fmt, ...)
{
	char text[1024];
	char name[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	snprintf(text, sizeof(text), "%.400s%s%s%s", cond, name[0] ? " [" : "",
	    name, name[0] ? "]" : "");
	CU_assertImplementation(CU_FALSE, line, text, file, "", CU_FALSE);
	return false;
}

struct ca_rd
ut_text(const char *text)
{
	return ca_rd_of(text, strlen(text));
}

struct ca_rd
ut_hex(const char *hex, void *room, size_t cap)
{
	size_t n;

	if (!ca_hex_parse(hex, room, cap, &n))
		die(hex);
	return ca_rd_of(room, n);
}

uint8_t *
ut_exact(struct ca_rd r)
{
	uint8_t *p = malloc(r.n > 0 ? r.n : 1);

	if (!p)
		die("malloc");
	if (r.n > 0)
		memcpy(p, r.p, r.n);
	return p;
}

void
ut_touch(void *p)
{
	(void)p;
}

struct ut_dice
ut_dice_of(uint64_t seed)
{
	return (struct ut_dice){seed * 2654435761u + 1};
}

/* The generator splitmix64. */
uint32_t
ut_roll(struct ut_dice *d, uint32_t n)
{
	uint64_t z = d->state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (uint32_t)((z ^ z >> 31) >> 32) % n;
}

void
ut_roll_bytes(struct ut_dice *d, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)ut_roll(d, 256);
}

struct ut_dir
ut_dir_new(void)
{
	const char *tmp = getenv("TMPDIR");
	struct ut_dir d;

	snprintf(d.path, sizeof(d.path), "%s/ca-unit.XXXXXX",
	    tmp && tmp[0] ? tmp : "/tmp");
	if (!mkdtemp(d.path))
		die(d.path);
	return d;
}

const char *
ut_dir_at(const struct ut_dir *d, const char *name)
{
	static char paths[PATHS][600];
	static unsigned next;
	char *path = paths[next++ % PATHS];

	snprintf(path, sizeof(paths[0]), "%s/%s", d->path, name);
	return path;
}

const char *
ut_dir_put(const struct ut_dir *d, const char *name, struct ca_rd content)
{
	const char *path = ut_dir_at(d, name);
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(content.p ? content.p : (const uint8_t *)"", 1,
		      content.n, f) != content.n)
		die(path);
	if (fclose(f) != 0)
		die(path);
	return path;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void
ut_dir_free(struct ut_dir *d)
{
	if (nftw(d->path, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		die(d->path);
	d->path[0] = '\0';
}

void
ut_log_begin(enum ca_log_level level)
{
	ut_log_end();
	if ((log_fd = memfd_create("log", MFD_CLOEXEC)) < 0)
		die("memfd_create");
	ca_log_setup(level, log_fd);
}

const char *
ut_log_text(void)
{
	struct stat st;
	ssize_t n;

	free(log_text);
	log_text = NULL;
	if (fstat(log_fd, &st) != 0 ||
	    !(log_text = malloc((size_t)st.st_size + 1)))
		die("log");
	n = pread(log_fd, log_text, (size_t)st.st_size, 0);
	if (n != st.st_size)
		die("log");
	log_text[n] = '\0';
	return log_text;
}

unsigned
ut_log_count(const char *part)
{
	const char *at = ut_log_text();
	unsigned n = 0;

	while ((at = strstr(at, part)) != NULL) {
		at += strlen(part);
		n++;
	}
	return n;
}

void
ut_log_end(void)
{
	ca_log_setup(CA_LOG_OFF, -1);
	if (log_fd >= 0)
		close(log_fd);
	log_fd = -1;
	free(log_text);
	log_text = NULL;
}
