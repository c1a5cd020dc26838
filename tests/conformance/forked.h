/* Forked children that hand the answer of a call to their parent. */
#ifndef CF_FORKED_H
#define CF_FORKED_H

#include <sys/types.h>

#include "tests/conformance/cf.h"

/* fork(): 0 in the child, which a signal ends after a minute. -1: CF_SETUP with
 * a note. *fd is the end of a pipe for the two functions below. */
pid_t cf_fork(struct cf *c, int *fd);

/* In the child: its answer. False when it cannot be handed over. */
bool cf_fork_tell(int fd, CK_RV rv);

/* In the parent: the answer, CF_CRASH without one. The child has ended then;
 * *status is that of waitpid(). */
CK_RV cf_fork_answer(pid_t pid, int fd, int *status);

/* That the child left by itself with 0. Under valgrind the status also says
 * whether memory was lost, and a child always loses what it may not give back:
 * the parent's connections, and what its other threads held. There only a
 * signal is a bad end. */
bool cf_fork_ended_well(int status);

#endif
