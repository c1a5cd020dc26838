/* See scan.h. */
#include "tests/suite/scan.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#define MASK 0xA5
#define STEP ((size_t)1 << 20)
/* What is larger is room that a sanitizer has set aside. */
#define MAPPING_MAX ((size_t)1 << 27)
#define THIRD 12

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "scan: %s\n", what);
	abort();
}

void
ca_scan_mask(uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] ^= MASK;
}

void
ca_needle_make(struct ca_needle *n)
{
	must(getrandom(n->masked, sizeof(n->masked), 0) ==
		 (ssize_t)sizeof(n->masked),
	    "getrandom");
}

void
ca_needle_show(const struct ca_needle *n, uint8_t out[CA_NEEDLE_BYTES])
{
	memcpy(out, n->masked, CA_NEEDLE_BYTES);
	ca_scan_mask(out, CA_NEEDLE_BYTES);
}

bool
ca_scan_works(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload == NULL || strstr(preload, "vgpreload") == NULL;
}

/* What is sought: parts of `masked`, each n bytes from one of the places. */
struct sought {
	const uint8_t *masked;
	const size_t *at;
	size_t parts, n;
};

static bool
is_here(const uint8_t *p, const uint8_t *masked, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((uint8_t)(p[i] ^ MASK) != masked[i])
			return false;
	return true;
}

static size_t
count_part(const uint8_t *p, size_t len, const uint8_t *masked, size_t n)
{
	const uint8_t *end = p + len, *at = p;
	size_t found = 0;

	while ((size_t)(end - at) >= n &&
	       (at = memchr(at, masked[0] ^ MASK,
		    (size_t)(end - at) - n + 1)) != NULL) {
		found += is_here(at, masked, n) ? 1 : 0;
		at++;
	}
	return found;
}

/* One mapping, in steps that overlap by a byte less than what is sought. */
static size_t
count_mapping(int mem, size_t from, size_t to, uint8_t *room,
    const struct sought *w)
{
	size_t found = 0;

	while (from < to) {
		size_t want = to - from < STEP ? to - from : STEP;
		ssize_t got = pread(mem, room, want, (off_t)from);

		if (got <= 0)
			return found; /* a device, or gone meanwhile */
		for (size_t i = 0; i < w->parts; i++)
			found += count_part(room, (size_t)got,
			    w->masked + w->at[i], w->n);
		if ((size_t)got < want || want < STEP)
			return found;
		from += want - (w->n - 1);
	}
	return found;
}

/* The mappings, but for `room`: what was read into it is no copy of its own. */
static size_t
count_all(FILE *maps, int mem, uint8_t *room, const struct sought *w)
{
	size_t from, to, found = 0, own = (uintptr_t)room;
	char line[512], mode[8];

	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%zx-%zx %7s", &from, &to, mode) != 3 ||
		    strncmp(mode, "rw", 2) != 0 || to - from > MAPPING_MAX)
			continue;
		if (own >= from && own < to) {
			found += count_mapping(mem, from, own, room, w);
			from = own + STEP;
		}
		found += count_mapping(mem, from, to, room, w);
	}
	return found;
}

static size_t
count(const struct sought *w)
{
	uint8_t *room = mmap(NULL, STEP, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	FILE *maps = fopen("/proc/self/maps", "re");
	size_t found;

	must(room != MAP_FAILED && mem >= 0 && maps != NULL, "/proc/self");
	found = count_all(maps, mem, room, w);
	fclose(maps);
	close(mem);
	explicit_bzero(room, STEP);
	munmap(room, STEP);
	return found;
}

size_t
ca_scan_count(const uint8_t *masked, size_t n)
{
	static const size_t start[] = {0};

	return count(&(struct sought){masked, start, 1, n});
}

size_t
ca_needle_count(const struct ca_needle *n)
{
	static const size_t thirds[] = {0, 9, 18};
	uint8_t back[CA_NEEDLE_BYTES];

	for (size_t i = 0; i < sizeof(back); i++)
		back[i] = n->masked[sizeof(back) - 1 - i];
	return count(&(struct sought){n->masked, thirds, 3, THIRD}) +
	       count(&(struct sought){back, thirds, 3, THIRD});
}
