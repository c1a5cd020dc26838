/*
 * What a reader has beyond carrying short commands, by PC/SC part 10 (IFDs
 * with secure PIN entry capabilities) and its first amendment: a keypad on
 * which the holder enters PINs, and extended length.
 *
 * All of it is asked from the reader's driver, nothing from the card, and is
 * read as hostile bytes: of a list with one entry that is wrong nothing is
 * believed, and a feature that is not believed is a feature that is not there.
 */
#ifndef CA_FEATURES_H
#define CA_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/transport/transport.h"

struct ca_features {
	/* Control codes; 0: the reader cannot. With a `finish` of its own the
	 * first only starts the entry, and the second waits for its end. */
	uint32_t verify, verify_finish;
	uint32_t modify, modify_finish;
	bool display;
	/* When an entry is complete: 01 enough digits, 02 a key was pressed,
	 * 04 the time is over. 0: the reader does not say. */
	uint8_t conditions;
	/* Digits that its keypad takes; 0: it does not say. */
	size_t digits_min, digits_max;
	/* Bytes of command or answer that it carries (dwMaxAPDUDataSize); 0
	 * with `max_told` is its word for short APDUs alone. */
	bool max_told;
	size_t max_apdu;
};

/* Asks the reader of this link. Nothing found out is nothing there, also where
 * the transport has no control() or the reader does not answer. */
void ca_features_learn(const struct ca_transport_ops *ops, void *link,
    struct ca_features *out);

#endif
