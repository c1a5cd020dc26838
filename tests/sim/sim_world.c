/* The world itself and what tests do to it. */
#include "tests/sim/sim_world.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A child of fork() has the only thread, whoever held the lock before. */
void
ca_sim_world_lock(struct ca_sim_world *w)
{
	if (w->pid != getpid()) {
		pthread_mutex_init(&w->lock, NULL);
		w->pid = getpid();
	}
	pthread_mutex_lock(&w->lock);
}

void
ca_sim_world_unlock(struct ca_sim_world *w)
{
	pthread_mutex_unlock(&w->lock);
}

void
ca_sim_world_changed(struct ca_sim_world *w)
{
	pthread_cond_broadcast(&w->changed);
}

ca_err
ca_sim_world_called(struct ca_sim_world *w, enum ca_sim_call call)
{
	struct ca_sim_failure *f = &w->failures[call];

	w->calls[call]++;
	if (f->n == 0 || --f->n > 0)
		return CA_OK;
	return f->e;
}

struct timespec
ca_sim_deadline(uint32_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000L;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000L;
	}
	return t;
}

/* Waits for a change; false when the time is over. */
bool
ca_sim_world_await(struct ca_sim_world *w, uint32_t ms,
    const struct timespec *until)
{
	if (ms == CA_WAIT_FOREVER)
		return pthread_cond_wait(&w->changed, &w->lock) == 0;
	return pthread_cond_timedwait(&w->changed, &w->lock, until) !=
	       ETIMEDOUT;
}

struct ca_sim_world *
ca_sim_world_new(void)
{
	struct ca_sim_world *w = calloc(1, sizeof(*w));
	pthread_condattr_t attr;

	if (w == NULL)
		return NULL;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->changed, &attr);
	pthread_condattr_destroy(&attr);
	w->pid = getpid();
	w->up = true;
	w->transport =
	    (struct ca_transport){.ops = &ca_sim_transport_ops, .arg = w};
	return w;
}

void
ca_sim_world_free(struct ca_sim_world *w)
{
	if (w == NULL)
		return;
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

const struct ca_transport *
ca_sim_world_transport(struct ca_sim_world *w)
{
	return &w->transport;
}

ca_err
ca_sim_world_add(struct ca_sim_world *w, const char *reader,
    const struct ca_sim_reader *info)
{
	struct ca_sim_slot *s;
	ca_err e = CA_OK;

	ca_sim_world_lock(w);
	s = ca_sim_slot_find(w, reader);
	if (s == NULL && w->slots_n < CA_READERS_MAX) {
		s = &w->slots[w->slots_n++];
		(void)snprintf(s->name, sizeof(s->name), "%s", reader);
	}
	if (s != NULL) {
		s->info = info != NULL ? *info : (struct ca_sim_reader){0};
		s->plugs += !s->present;
		s->present = true;
		ca_sim_world_changed(w);
	} else {
		e = CA_E_NOMEM;
	}
	ca_sim_world_unlock(w);
	return e;
}

void
ca_sim_world_fail(struct ca_sim_world *w, enum ca_sim_call call, uint32_t n,
    ca_err e)
{
	ca_sim_world_lock(w);
	w->failures[call] = (struct ca_sim_failure){.n = n, .e = e};
	ca_sim_world_unlock(w);
}

uint64_t
ca_sim_world_calls(struct ca_sim_world *w, enum ca_sim_call call)
{
	uint64_t n;

	ca_sim_world_lock(w);
	n = w->calls[call];
	ca_sim_world_unlock(w);
	return n;
}

uint64_t
ca_sim_world_breaches(struct ca_sim_world *w)
{
	uint64_t n;

	ca_sim_world_lock(w);
	n = w->breaches;
	ca_sim_world_unlock(w);
	return n;
}

size_t
ca_sim_world_open_conns(struct ca_sim_world *w)
{
	size_t n;

	ca_sim_world_lock(w);
	n = w->conns;
	ca_sim_world_unlock(w);
	return n;
}

size_t
ca_sim_world_open_links(struct ca_sim_world *w)
{
	size_t n;

	ca_sim_world_lock(w);
	n = w->links;
	ca_sim_world_unlock(w);
	return n;
}

/* Waits until a count of sleepers is not zero. */
static bool
await_count(struct ca_sim_world *w, const size_t *count, uint32_t timeout_ms)
{
	struct timespec until = ca_sim_deadline(timeout_ms);
	bool in_time = true;
	bool there;

	ca_sim_world_lock(w);
	while (*count == 0 && in_time)
		in_time = ca_sim_world_await(w, timeout_ms, &until);
	there = *count > 0;
	ca_sim_world_unlock(w);
	return there;
}

bool
ca_sim_world_await_waiter(struct ca_sim_world *w, uint32_t timeout_ms)
{
	return await_count(w, &w->waiters, timeout_ms);
}

bool
ca_sim_world_await_blocked(struct ca_sim_world *w, uint32_t timeout_ms)
{
	return await_count(w, &w->blocked, timeout_ms);
}
