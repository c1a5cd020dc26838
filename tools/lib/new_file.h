/* Results that go to a new file, whole or not at all. */
#ifndef CA_TOOL_NEW_FILE_H
#define CA_TOOL_NEW_FILE_H

#include <stdio.h>

#include "tools/lib/exit_code.h"

/* Writes to `out`; what went wrong was told. */
typedef enum ca_exit ca_new_file_write(FILE *out, void *arg);

/*
 * Has `write` fill a new file at `path`, or standard output where that is NULL.
 * A file that is there is not overwritten, and one that could not be written is
 * removed: CA_EXIT_INPUT, CA_EXIT_FAILED, or what `write` gave, all told.
 */
enum ca_exit ca_new_file(const char *path, ca_new_file_write *write, void *arg);

#endif
