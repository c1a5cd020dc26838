/* See worker.h. */
#include "tests/conformance/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a worker tells about the case it is at. */
struct message {
	size_t index;
	bool done;
	enum cf_outcome outcome;
};

/* How long a worker may take to unload and exit, in seconds. */
#define EXIT_SECONDS 60

static const struct cf_case exit_case = {
    .name = "worker/exit", .clause = "no leak and no crash at exit(3)"};

static enum cf_outcome
run_case(struct cf *c, const struct cf_case *k)
{
	enum cf_outcome outcome;
	CK_RV rv;

	c->note[0] = '\0';
	rv = cf_up(c, k->state, k->need);
	if (rv == CKR_OK)
		rv = k->run(c, k);
	outcome = cf_report(k, rv, c->note);
	fflush(stdout);
	cf_down(c);
	return outcome;
}

static bool
tell(int fd, size_t index, bool done, enum cf_outcome outcome)
{
	struct message m;

	memset(&m, 0, sizeof(m));
	m.index = index;
	m.done = done;
	m.outcome = outcome;
	return write(fd, &m, sizeof(m)) == (ssize_t)sizeof(m);
}

static int
work(const struct cf_options *opt, const struct cf_case *const *list, size_t n,
    size_t from, int fd)
{
	struct cf c = {.opt = opt};

	if (!cf_load(&c))
		return 2;
	for (size_t i = from; i < n; i++)
		if (!tell(fd, i, false, CF_FAILED) ||
		    !tell(fd, i, true, run_case(&c, list[i])))
			return 2;
	return 0;
}

/* A worker as its parent sees it. */
struct worker {
	pid_t pid;
	int fd;
	size_t next; /* the first case not done */
	bool begun;  /* ... which has begun */
};

static bool
start(struct worker *w, const struct cf_options *opt,
    const struct cf_case *const *list, size_t n)
{
	int p[2];

	fflush(stdout);
	if (pipe(p) != 0)
		return false;
	if ((w->pid = fork()) < 0)
		return false;
	if (w->pid == 0) {
		close(p[0]);
		exit(work(opt, list, n, w->next, p[1]));
	}
	close(p[1]);
	w->fd = p[0];
	w->begun = false;
	return true;
}

/* One message; 0 at the end of the pipe, -1 when time is over. */
static int
listen_to(struct worker *w, unsigned seconds, struct message *m)
{
	struct pollfd pfd = {.fd = w->fd, .events = POLLIN};
	int ready;

	do
		ready = poll(&pfd, 1, (int)seconds * 1000);
	while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return -1;
	return read(w->fd, m, sizeof(*m)) == (ssize_t)sizeof(*m) ? 1 : 0;
}

/* Follows a worker to its end. True when it hung and was killed. */
static bool
follow(struct worker *w, const struct cf_options *opt, size_t n,
    struct cf_total *total)
{
	struct message m;
	int got;

	while ((got = listen_to(w, w->next < n ? opt->timeout : EXIT_SECONDS,
		    &m)) > 0) {
		w->begun = !m.done;
		w->next = m.done ? m.index + 1 : m.index;
		if (m.done)
			total->n[m.outcome]++;
	}
	if (got < 0)
		kill(w->pid, SIGKILL);
	close(w->fd);
	return got < 0;
}

/* What a dead worker means for the case it was at. */
static void
bury(struct worker *w, const struct cf_case *const *list, size_t n, bool hung,
    int status, struct cf_total *total)
{
	char note[80];

	if (WIFSIGNALED(status))
		snprintf(note, sizeof(note), "%s by signal %d",
		    hung ? "did not end, killed" : "killed", WTERMSIG(status));
	else
		snprintf(note, sizeof(note), "exit status %d",
		    WEXITSTATUS(status));
	if (w->next < n && w->begun) {
		total->n[cf_report(list[w->next], hung ? CF_HANG : CF_CRASH,
		    note)]++;
		w->next++;
	} else {
		printf("not ok %s - %s (%s)\n", exit_case.name, note,
		    exit_case.clause);
		total->n[CF_FAILED]++;
		w->next = n;
	}
}

static bool
run_in_process(const struct cf_options *opt, const struct cf_case *const *list,
    size_t n, struct cf_total *total)
{
	static struct cf c; /* what the module keeps stays reachable */

	c.opt = opt;
	if (!cf_load(&c))
		return false;
	for (size_t i = 0; i < n; i++)
		total->n[run_case(&c, list[i])]++;
	return true;
}

bool
cf_worker_run(const struct cf_options *opt, const struct cf_case *const *list,
    size_t n, struct cf_total *total)
{
	struct worker w = {0};
	int status;
	bool hung;

	if (opt->in_process)
		return run_in_process(opt, list, n, total);
	while (w.next < n) {
		if (!start(&w, opt, list, n))
			return false;
		hung = follow(&w, opt, n, total);
		while (waitpid(w.pid, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
			return false;
		if (hung || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
			bury(&w, list, n, hung, status, total);
	}
	return true;
}
