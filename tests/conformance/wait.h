/*
 * Waiting for conditions with a deadline, and threads that are watched from
 * outside. No case sleeps for a fixed time.
 */
#ifndef CF_WAIT_H
#define CF_WAIT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

struct cf_thread {
	pthread_t id;
	_Atomic pid_t tid; /* 0 until it runs */
	atomic_bool ended;
	void (*run)(void *arg);
	void *arg;
};

/* Starts a thread; false when the system refuses. */
bool cf_thread_start(struct cf_thread *t, void (*run)(void *), void *arg);

/* Waits until the thread sleeps in the kernel, in several looks one after the
 * other, or has ended. False at the deadline. */
bool cf_thread_asleep(struct cf_thread *t, unsigned seconds);

/* Joins; false when the thread has not ended by the deadline (it is left). */
bool cf_thread_join(struct cf_thread *t, unsigned seconds);

#endif
