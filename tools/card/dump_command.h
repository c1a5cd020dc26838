/* ca-token card dump, from the reader's name to the file. */
#ifndef CA_CARD_DUMP_COMMAND_H
#define CA_CARD_DUMP_COMMAND_H

#include <stdbool.h>

#include "tools/lib/exit_code.h"

/*
 * Writes the dump of the card in `reader` (NULL: the only reader with a card)
 * to a new file at `path`, or to standard output where that is NULL. What went
 * wrong was told; then there is no file.
 */
enum ca_exit ca_card_dump_command(const char *reader, const char *path,
    bool full);

#endif
