#include "pcsc/base/locked.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "pcsc/base/arena.h"
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"

#define WORD 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool complained; /* under `lock` */

/* A fork finds the arenas in order, whatever other threads do. */
static void
before_fork(void)
{
	(void)pthread_mutex_lock(&lock);
}

static void
after_fork(void)
{
	(void)pthread_mutex_unlock(&lock);
}

static void
in_child(void)
{
	ca_arenas_inherited();
	complained = false;
	(void)pthread_mutex_unlock(&lock);
}

static void
watch_forks(void)
{
	(void)pthread_atfork(before_fork, after_fork, in_child);
}

static size_t
piece_for(size_t n)
{
	size_t piece = CA_PIECE_MIN;

	while (piece < n)
		piece *= 2;
	return piece;
}

/* A chunk of this arena with room for a piece, or NULL. */
static struct ca_chunk *
chunk_with_room(struct ca_arena *a, size_t piece)
{
	struct ca_chunk *empty = NULL;

	for (size_t i = 0; i < CA_CHUNKS; i++) {
		struct ca_chunk *c = &a->chunk[i];

		if (c->piece == piece && c->used < CA_CHUNK / piece)
			return c;
		if (c->piece == 0 && empty == NULL)
			empty = c;
	}
	return empty;
}

/* The lowest number that is not taken; there is one. */
static size_t
take_number(struct ca_chunk *c)
{
	size_t word = 0, bit = 0;

	while (c->taken[word] == UINT64_MAX)
		word++;
	while ((c->taken[word] >> bit & 1) != 0)
		bit++;
	c->taken[word] |= (uint64_t)1 << bit;
	return word * WORD + bit;
}

static uint8_t *
take_piece(struct ca_arena *a, struct ca_chunk *c, size_t piece)
{
	size_t chunk = (size_t)(c - a->chunk);

	if (a->inherited)
		ca_arena_relock(a);
	c->piece = piece;
	c->used++;
	a->used++;
	return a->p + chunk * CA_CHUNK + take_number(c) * piece;
}

/* *first: it is the first that could not be locked. */
static uint8_t *
take_locked(size_t piece, bool *first)
{
	struct ca_chunk *c = NULL;
	struct ca_arena *a;
	uint8_t *p;

	for (a = ca_arena_first(); a != NULL; a = a->next)
		if ((c = chunk_with_room(a, piece)) != NULL)
			break;
	if (a == NULL) {
		a = ca_arena_new();
		if (a == NULL)
			return NULL;
		c = &a->chunk[0];
	}
	p = take_piece(a, c, piece);
	*first = !a->locked && !complained;
	complained |= *first;
	return p;
}

void *
ca_locked_new(size_t n)
{
	bool first = false;
	uint8_t *p;

	if (n > CA_LOCKED_MAX)
		return calloc(1, n);
	(void)pthread_once(&once, watch_forks);
	(void)pthread_mutex_lock(&lock);
	p = take_locked(piece_for(n), &first);
	(void)pthread_mutex_unlock(&lock);
	if (first)
		ca_log(CA_LOG_WARN, "locked",
		    "no more memory may be locked (ulimit -l): from here on "
		    "keys of the session can be swapped out");
	return p;
}

/* One arena without pieces is kept, so that a single key that comes and goes
 * costs no mapping each time. */
static bool
is_spare(const struct ca_arena *a)
{
	if (a->used != 0)
		return false;
	if (!a->locked)
		return true;
	for (const struct ca_arena *b = ca_arena_first(); b != NULL;
	     b = b->next)
		if (b != a && b->used == 0)
			return true;
	return false;
}

static void
give_locked(uint8_t *p, size_t piece)
{
	struct ca_arena *a = ca_arena_first();
	struct ca_chunk *c;
	size_t at, number;

	while (a != NULL && (p < a->p || p >= a->p + CA_ARENA))
		a = a->next;
	if (a == NULL)
		abort(); /* not ours: memory is corrupt */
	at = (size_t)(p - a->p);
	c = &a->chunk[at / CA_CHUNK];
	number = at % CA_CHUNK / piece;
	if (c->piece != piece ||
	    (c->taken[number / WORD] >> number % WORD & 1) == 0)
		abort(); /* given back twice, or with another length */
	c->taken[number / WORD] &= ~((uint64_t)1 << number % WORD);
	a->used--;
	if (--c->used == 0)
		c->piece = 0;
	if (is_spare(a))
		ca_arena_free(a);
}

void
ca_locked_free(void *p, size_t n)
{
	if (p == NULL)
		return;
	if (n > CA_LOCKED_MAX) {
		ca_wipe(p, n);
		free(p);
		return;
	}
	ca_wipe(p, piece_for(n));
	(void)pthread_mutex_lock(&lock);
	give_locked(p, piece_for(n));
	(void)pthread_mutex_unlock(&lock);
}

void
ca_locked_trim(void)
{
	struct ca_arena *next;

	(void)pthread_mutex_lock(&lock);
	for (struct ca_arena *a = ca_arena_first(); a != NULL; a = next) {
		next = a->next;
		if (a->used == 0)
			ca_arena_free(a);
	}
	(void)pthread_mutex_unlock(&lock);
}

struct ca_locked_use
ca_locked_use(void)
{
	struct ca_locked_use use = {0, 0, 0};

	(void)pthread_mutex_lock(&lock);
	for (const struct ca_arena *a = ca_arena_first(); a != NULL;
	     a = a->next) {
		use.pieces += a->used;
		use.bytes += CA_ARENA;
		use.unlocked += a->locked ? 0 : CA_ARENA;
	}
	(void)pthread_mutex_unlock(&lock);
	return use;
}
