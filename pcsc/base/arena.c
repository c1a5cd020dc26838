#include "pcsc/base/arena.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct ca_arena *arenas;
static size_t locked_bytes;

struct ca_arena *
ca_arena_first(void)
{
	return arenas;
}

static size_t
guard(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

void
ca_arena_relock(struct ca_arena *a)
{
	a->inherited = false;
	if (locked_bytes > CA_LOCKED_TOTAL - CA_ARENA ||
	    mlock(a->p, CA_ARENA) != 0)
		return;
	a->locked = true;
	locked_bytes += CA_ARENA;
}

/* Maps it; false without memory. */
static bool
map(struct ca_arena *a)
{
	size_t n = CA_ARENA + 2 * guard();
	void *p = mmap(NULL, n, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return false;
	a->map = p;
	a->p = a->map + guard();
	if (mprotect(a->p, CA_ARENA, PROT_READ | PROT_WRITE) != 0) {
		(void)munmap(p, n);
		return false;
	}
	/* A kernel that does not know one of these keeps the rest. */
	(void)madvise(a->p, CA_ARENA, MADV_DONTDUMP);
	(void)madvise(a->p, CA_ARENA, MADV_WIPEONFORK);
	return true;
}

struct ca_arena *
ca_arena_new(void)
{
	struct ca_arena *a = calloc(1, sizeof(*a));

	if (a == NULL || !map(a)) {
		free(a);
		return NULL;
	}
	ca_arena_relock(a);
	a->next = arenas;
	arenas = a;
	return a;
}

void
ca_arena_free(struct ca_arena *a)
{
	struct ca_arena **at = &arenas;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	if (a->locked)
		locked_bytes -= CA_ARENA;
	(void)munmap(a->map, CA_ARENA + 2 * guard());
	free(a);
}

void
ca_arenas_inherited(void)
{
	for (struct ca_arena *a = arenas; a != NULL; a = a->next) {
		a->inherited = true;
		a->locked = false;
	}
	locked_bytes = 0;
}
