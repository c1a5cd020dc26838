#include "tests/conformance/forked.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS 60

pid_t
cf_fork(struct cf *c, int *fd)
{
	int p[2];
	pid_t pid;

	if (pipe(p) != 0) {
		(void)cf_note(c, CF_SETUP, "pipe");
		return -1;
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		alarm(SECONDS);
	if (pid <= 0)
		close(p[0]);
	if (pid != 0)
		close(p[1]);
	if (pid < 0)
		(void)cf_note(c, CF_SETUP, "fork");
	*fd = p[pid == 0 ? 1 : 0];
	return pid;
}

bool
cf_fork_tell(int fd, CK_RV rv)
{
	return write(fd, &rv, sizeof(rv)) == (ssize_t)sizeof(rv);
}

CK_RV
cf_fork_answer(pid_t pid, int fd, int *status)
{
	CK_RV rv = CF_CRASH;

	if (read(fd, &rv, sizeof(rv)) != (ssize_t)sizeof(rv))
		rv = CF_CRASH;
	close(fd);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return rv;
}

bool
cf_fork_ended_well(int status)
{
	const char *preload = getenv("LD_PRELOAD");

	if (!WIFEXITED(status))
		return false;
	return WEXITSTATUS(status) == 0 ||
	       (preload != NULL && strstr(preload, "vgpreload") != NULL);
}
