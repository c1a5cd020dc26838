/* The reader a command means. */
#ifndef CA_CARD_READER_H
#define CA_CARD_READER_H

#include <stddef.h>

#include "pcsc/transport/transport.h"
#include "tools/lib/exit_code.h"

struct ca_readers {
	struct ca_reader r[CA_READERS_MAX];
	size_t n;
};

/* The readers of this machine. Anything but CA_EXIT_OK was told. */
enum ca_exit ca_readers_list(struct ca_readers *out);

/* The reader with this name (NULL: the only one) that holds a card, into *out.
 * Anything but CA_EXIT_OK was told. Borrowed from *all. */
enum ca_exit ca_readers_choose(const struct ca_readers *all, const char *wanted,
    const char **out);

#endif
