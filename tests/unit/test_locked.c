#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pcsc/base/locked.h"
#include "pcsc/base/secret.h"
#include "tests/unit/suites.h"

#define ARENA_BYTES 65536
#define NOBODY 65534

/* Whether the kernel's list of our mappings gives the one at p this flag
 * (proc(5), VmFlags). */
static bool
has_flag(const void *p, const char *flag)
{
	unsigned long from, to;
	char line[512], want[8];
	bool here = false, has = false;
	FILE *in = fopen("/proc/self/smaps", "re");

	if (in == NULL)
		return false;
	snprintf(want, sizeof(want), " %s", flag);
	while (fgets(line, sizeof(line), in) != NULL) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = (uintptr_t)p >= from && (uintptr_t)p < to;
		else if (here && strncmp(line, "VmFlags:", 8) == 0)
			has |= strstr(line, want) != NULL;
	}
	fclose(in);
	return has;
}

/* Tries to lock as much as an arena is; *told: what mlock() says. Sanitizers
 * say that it was done and do nothing. */
static bool
try_lock(bool *told)
{
	void *p = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool done;

	if (p == MAP_FAILED)
		return *told = false;
	*told = mlock(p, ARENA_BYTES) == 0;
	done = *told && has_flag(p, "lo");
	munmap(p, ARENA_BYTES);
	return done;
}

static bool
may_lock(void)
{
	bool told;

	return try_lock(&told);
}

static bool
mlock_lies(void)
{
	bool told, done = try_lock(&told);

	return told && !done;
}

/* Runs it in a child, which gives 0 when all was well, or the number of the
 * check that was not; a signal is told as 1000 and its number. */
static int
in_child(int (*run)(void *), void *arg)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(60);
		_exit(run(arg));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : 1000 + WTERMSIG(status);
}

static void
pieces(void)
{
	static const size_t sizes[] = {
	    1, 16, 31, 32, 33, 64, 100, 255, 1000, 2048, 4095, 4096};
	uint8_t *p[CA_COUNT(sizes)][20];
	size_t held = CA_COUNT(sizes) * 20;

	for (size_t i = 0; i < CA_COUNT(sizes); i++)
		for (size_t k = 0; k < 20; k++) {
			p[i][k] = ca_locked_new(sizes[i]);
			UT(p[i][k] != NULL && (uintptr_t)p[i][k] % 32 == 0 &&
				ca_rd_all(ca_rd_of(p[i][k], sizes[i]), 0),
			    "%zu", sizes[i]);
			memset(p[i][k], (int)(i * 20 + k), sizes[i]);
		}
	UT_OK(ca_locked_use().pieces == held);
	/* Nobody wrote into another's. */
	for (size_t i = 0; i < CA_COUNT(sizes); i++)
		for (size_t k = 0; k < 20; k++) {
			UT(ca_rd_all(ca_rd_of(p[i][k], sizes[i]),
			       (uint8_t)(i * 20 + k)),
			    "%zu", sizes[i]);
			ca_locked_free(p[i][k], sizes[i]);
		}
	ca_locked_free(NULL, 5);
	UT_OK(ca_locked_use().pieces == 0);
	ca_locked_trim();
	UT_OK(ca_locked_use().bytes == 0);
}

static void
kept_from_disk(void)
{
	uint8_t *p = ca_locked_new(32);

	UT_OK(has_flag(p, "dd"));
	UT_OK(has_flag(p, "wf"));
	UT_OK(!may_lock() || has_flag(p, "lo"));
	UT_OK(!may_lock() || ca_locked_use().unlocked == 0);
	ca_locked_free(p, 32);
	ca_locked_trim();
}

static void
wiped_when_given_back(void)
{
	uint8_t *kept = ca_locked_new(64), *p = ca_locked_new(64), *large;

	memset(p, 0xE7, 64);
	ut_touch(p);
	ca_locked_free(p, 64);
	/* The mapping stays for the other piece, and can be looked at. */
	UT_OK(ca_rd_all(ca_rd_of(p, 64), 0));
	ca_locked_free(kept, 64);
	large = ca_locked_new(CA_LOCKED_MAX + 1);
	UT_OK(ca_rd_all(ca_rd_of(large, CA_LOCKED_MAX + 1), 0));
	memset(large, 0xE7, CA_LOCKED_MAX + 1);
	ut_mem_watch(large, CA_LOCKED_MAX + 1);
	ca_locked_free(large, CA_LOCKED_MAX + 1);
	UT_OK(ut_mem_freed_clean());
	ca_locked_trim();
}

static void
no_memory(void)
{
	ca_locked_trim();
	ut_mem_fail(1);
	UT_OK(ca_locked_new(32) == NULL && ut_mem_failed());
	ut_mem_fail(1);
	UT_OK(ca_locked_new(CA_LOCKED_MAX + 1) == NULL && ut_mem_failed());
	UT_OK(ca_locked_use().bytes == 0);
}

/* The last byte of an arena, all of which is taken. */
static int
past_the_end(void *arg)
{
	uint8_t *last = NULL, *p;
	long step = *(const long *)arg;

	signal(SIGSEGV, SIG_DFL);
	for (size_t i = 0; i < ARENA_BYTES / CA_LOCKED_MAX; i++) {
		p = ca_locked_new(CA_LOCKED_MAX);
		if (last == NULL || p > last)
			last = p;
	}
	last[CA_LOCKED_MAX - 1] = 1;
	ut_touch(last);
	*(volatile uint8_t *)(last +
			      (step > 0 ? CA_LOCKED_MAX
					: CA_LOCKED_MAX - ARENA_BYTES - 1)) = 1;
	return 0;
}

static int
twice(void *arg)
{
	uint8_t *p = ca_locked_new(32);

	(void)arg;
	signal(SIGABRT, SIG_DFL);
	ca_locked_free(p, 32);
	ca_locked_free(p, 32);
	return 0;
}

static void
misuse_ends(void)
{
	long ahead = 1, behind = -1;

	ca_locked_trim();
	UT_OK(in_child(past_the_end, &ahead) == 1000 + SIGSEGV);
	UT_OK(in_child(past_the_end, &behind) == 1000 + SIGSEGV);
	UT_OK(in_child(twice, NULL) == 1000 + SIGABRT);
}

/* A process that may lock nothing. */
static int
unlocked(void *arg)
{
	const struct rlimit none = {0, 0};
	uint8_t *p, *q;

	(void)arg;
	if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 ||
	    (geteuid() == 0 && setuid(NOBODY) != 0))
		return 1;
	p = ca_locked_new(32);
	q = ca_locked_new(4096);
	if (p == NULL || q == NULL || !ca_rd_all(ca_rd_of(q, 4096), 0))
		return 2;
	memset(p, 7, 32);
	if (ca_locked_use().unlocked != ARENA_BYTES ||
	    ca_locked_use().bytes != ARENA_BYTES)
		return 3;
	if (ut_log_count("can be swapped out") != 1)
		return 4;
	ca_locked_free(p, 32);
	ca_locked_free(q, 4096);
	return ca_locked_use().bytes == 0 ? 0 : 5;
}

static void
nothing_may_be_locked(void)
{
	if (mlock_lies())
		return;
	ca_locked_trim();
	ut_log_begin(CA_LOG_WARN);
	UT_OK(in_child(unlocked, NULL) == 0);
	ut_log_end();
}

/* We take our share and no more; what is beyond it is used all the same. */
static void
share_is_limited(void)
{
	const size_t n = CA_LOCKED_TOTAL / CA_LOCKED_MAX + 3;
	uint8_t **p = calloc(n, sizeof(*p));

	ca_locked_trim();
	ut_log_begin(CA_LOG_WARN);
	for (size_t i = 0; i < n; i++)
		p[i] = ca_locked_new(CA_LOCKED_MAX);
	UT_OK(p[n - 1] != NULL);
	UT_OK(!may_lock() || ca_locked_use().bytes - ca_locked_use().unlocked <=
				 CA_LOCKED_TOTAL);
	UT_OK(ca_locked_use().unlocked >= ARENA_BYTES);
	UT_OK(ut_log_count("can be swapped out") <= 1);
	for (size_t i = 0; i < n; i++)
		ca_locked_free(p[i], CA_LOCKED_MAX);
	ut_log_end();
	free(p);
	ca_locked_trim();
	UT_OK(ca_locked_use().bytes == 0);
}

/* What a child finds: zeroes in memory that is no longer locked. Its own is. */
static int
child_of_a_fork(void *arg)
{
	uint8_t *p = arg, *q;

	if (!ca_rd_all(ca_rd_of(p, 32), 0))
		return 1;
	if (has_flag(p, "lo"))
		return 2;
	q = ca_locked_new(32);
	if (q == NULL || q == p)
		return 3;
	memset(q, 9, 32);
	if (may_lock() && !has_flag(q, "lo"))
		return 4;
	ca_locked_free(q, 32);
	ca_locked_free(p, 32);
	ca_locked_trim();
	return ca_locked_use().bytes == 0 ? 0 : 5;
}

static void
after_fork(void)
{
	uint8_t *p = ca_locked_new(32);

	memset(p, 0x5A, 32);
	UT_OK(in_child(child_of_a_fork, p) == 0);
	UT_OK(ca_rd_all(ca_rd_of(p, 32), 0x5A));
	UT_OK(!may_lock() || has_flag(p, "lo"));
	ca_locked_free(p, 32);
	ca_locked_trim();
}

static atomic_bool enough;

static void *
come_and_go(void *arg)
{
	struct ut_dice d = ut_dice_of((uintptr_t)arg);
	struct {
		uint8_t *p;
		size_t n;
	} held[32] = {{NULL, 0}};
	bool ok = true;

	while (!atomic_load(&enough)) {
		size_t i = ut_roll(&d, CA_COUNT(held));

		if (held[i].p != NULL) {
			ok &= ca_rd_all(ca_rd_of(held[i].p, held[i].n),
			    (uint8_t)i);
			ca_locked_free(held[i].p, held[i].n);
		}
		held[i].n = ut_roll(&d, 300) + 1;
		held[i].p = ca_locked_new(held[i].n);
		ok &= ca_rd_all(ca_rd_of(held[i].p, held[i].n), 0);
		memset(held[i].p, (int)i, held[i].n);
	}
	for (size_t i = 0; i < CA_COUNT(held); i++)
		ca_locked_free(held[i].p, held[i].n);
	return ok ? arg : NULL;
}

static int
comes_and_goes_once(void *arg)
{
	uint8_t *p = ca_locked_new(40);

	(void)arg;
	memset(p, 1, 40);
	ca_locked_free(p, 40);
	return 0;
}

/* Threads use it while others fork: every child can use it as well. */
static void
threads_and_forks(void)
{
	pthread_t id[4];
	void *ok;

	atomic_store(&enough, false);
	for (uintptr_t i = 0; i < CA_COUNT(id); i++)
		CU_ASSERT_FATAL(pthread_create(&id[i], NULL, come_and_go,
				    (void *)(i + 1)) == 0);
	for (int i = 0; i < 30; i++)
		UT(in_child(comes_and_goes_once, NULL) == 0, "fork %d", i);
	atomic_store(&enough, true);
	for (size_t i = 0; i < CA_COUNT(id); i++) {
		pthread_join(id[i], &ok);
		UT(ok != NULL, "thread %zu", i);
	}
	UT_OK(ca_locked_use().pieces == 0);
	ca_locked_trim();
}

static const CU_TestInfo tests[] = {
    {"pieces", pieces},
    {"kept_from_disk", kept_from_disk},
    {"wiped_when_given_back", wiped_when_given_back},
    {"no_memory", no_memory},
    {"misuse_ends", misuse_ends},
    {"nothing_may_be_locked", nothing_may_be_locked},
    {"share_is_limited", share_is_limited},
    {"after_fork", after_fork},
    {"threads_and_forks", threads_and_forks},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_locked = {"locked", tests};
