/* See wait.h. */
#include "tests/conformance/wait.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOOKS 5
#define LOOK_NS 10000000L /* between two looks */

static void *
body(void *arg)
{
	struct cf_thread *t = arg;

	t->tid = gettid();
	t->run(t->arg);
	t->ended = true;
	return NULL;
}

bool
cf_thread_start(struct cf_thread *t, void (*run)(void *), void *arg)
{
	t->tid = 0;
	t->ended = false;
	t->run = run;
	t->arg = arg;
	return pthread_create(&t->id, NULL, body, t) == 0;
}

/* The state letter of proc(5), or 0. */
static char
state_of(pid_t tid)
{
	char name[64], line[512], *end;
	FILE *in;
	size_t n;

	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", (int)tid);
	if (tid == 0 || (in = fopen(name, "re")) == NULL)
		return 0;
	n = fread(line, 1, sizeof(line) - 1, in);
	fclose(in);
	line[n] = '\0';
	/* the name of the program stands in parentheses before the state */
	end = strrchr(line, ')');
	return end != NULL && end[1] == ' ' ? end[2] : 0;
}

bool
cf_thread_asleep(struct cf_thread *t, unsigned seconds)
{
	const struct timespec pause = {0, LOOK_NS};
	time_t deadline = time(NULL) + (time_t)seconds;
	int asleep = 0;

	while (time(NULL) <= deadline) {
		if (t->ended)
			return true;
		asleep = state_of(t->tid) == 'S' ? asleep + 1 : 0;
		if (asleep == LOOKS)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

bool
cf_thread_join(struct cf_thread *t, unsigned seconds)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += (time_t)seconds;
	return pthread_timedjoin_np(t->id, NULL, &until) == 0;
}
