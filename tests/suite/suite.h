/*
 * What the CUnit programs over the whole module share: a folder of their own,
 * the run, and whether it is a slow one.
 */
#ifndef CA_SUITE_H
#define CA_SUITE_H

#include <stdbool.h>

/* Makes a new folder under /tmp for this process, and ca_suite_path("conf") the
 * module's configuration. False: it cannot be made, or was made already. */
bool ca_suite_folder(void);
/* A name in that folder; valid until the next call. */
const char *ca_suite_path(const char *name);
/* Removes it and all that is in it. */
void ca_suite_remove(void);

/* Under valgrind, where large keys take longer than the rest. */
bool ca_suite_is_slow(void);

/* Runs the suites of the registry, ends it and removes the folder. The status
 * of the program: 0 when nothing failed. */
int ca_suite_run(void);

#endif
