#include "module/core/gate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#define NUDGE_NS 5000000 /* 5 ms */

static pthread_mutex_t change = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The process the gate is open in; 0 when it is closed. */
static atomic_long owner;

/* Under `lock`. */
static bool closing;
static unsigned inside;  /* calls at work */
static unsigned waiting; /* calls that wait for a turn or an event */
static bool turn;        /* somebody waits for an event */

static bool legacy; /* in a child: the parent's gate was open at fork() */

/* Only the forking thread is left, and it is not inside the module. */
static void
in_child(void)
{
	(void)pthread_mutex_init(&change, NULL);
	(void)pthread_mutex_init(&lock, NULL);
	(void)pthread_cond_init(&moved, NULL);
	if (atomic_exchange(&owner, 0) != 0)
		legacy = true;
}

static void
watch_forks(void)
{
	(void)pthread_atfork(NULL, NULL, in_child);
}

static bool
is_ours(void)
{
	return atomic_load(&owner) == (long)getpid();
}

bool
ca_gate_enter(void)
{
	bool in;

	if (!is_ours())
		return false;
	pthread_mutex_lock(&lock);
	in = is_ours() && !closing;
	if (in)
		inside++;
	pthread_mutex_unlock(&lock);
	return in;
}

void
ca_gate_leave(void)
{
	pthread_mutex_lock(&lock);
	inside--;
	if (closing)
		pthread_cond_broadcast(&moved);
	pthread_mutex_unlock(&lock);
}

void
ca_gate_change_begin(void)
{
	(void)pthread_once(&once, watch_forks);
	pthread_mutex_lock(&change);
}

void
ca_gate_change_end(void)
{
	pthread_mutex_unlock(&change);
}

bool
ca_gate_is_open(void)
{
	return is_ours();
}

void
ca_gate_open(void)
{
	pthread_mutex_lock(&lock);
	closing = false;
	inside = waiting = 0;
	turn = false;
	pthread_mutex_unlock(&lock);
	atomic_store(&owner, (long)getpid());
}

static void
wait_a_little(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_REALTIME, &at);
	at.tv_nsec += NUDGE_NS;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	(void)pthread_cond_timedwait(&moved, &lock, &at);
}

void
ca_gate_close(void (*nudge)(void))
{
	pthread_mutex_lock(&lock);
	closing = true;
	pthread_cond_broadcast(&moved);
	while (inside + waiting != 0) {
		pthread_mutex_unlock(&lock);
		nudge();
		pthread_mutex_lock(&lock);
		if (inside + waiting != 0)
			wait_a_little();
	}
	pthread_mutex_unlock(&lock);
	atomic_store(&owner, 0);
}

enum ca_gate_legacy
ca_gate_inherited(void)
{
	if (!legacy)
		return CA_LEGACY_NONE;
	legacy = false;
	return inside == 0 ? CA_LEGACY_WHOLE : CA_LEGACY_TORN;
}

bool
ca_gate_turn_take(void)
{
	bool mine;

	pthread_mutex_lock(&lock);
	inside--;
	waiting++;
	while (turn && !closing)
		pthread_cond_wait(&moved, &lock);
	mine = !closing;
	if (mine) {
		turn = true;
	} else {
		waiting--;
		inside++;
	}
	pthread_mutex_unlock(&lock);
	return mine;
}

void
ca_gate_turn_give(void)
{
	pthread_mutex_lock(&lock);
	turn = false;
	waiting--;
	inside++;
	pthread_cond_broadcast(&moved);
	pthread_mutex_unlock(&lock);
}
