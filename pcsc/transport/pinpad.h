/*
 * PINs that the holder keys in at the reader (PC/SC part 10, 2.5): the reader
 * puts them into a command that we give it, sends it, and hands back the
 * card's answer. No program ever sees the digits.
 *
 * A pinpad types digits. It knows one place and one length for each value in a
 * command, so not every PIN can go through it: who describes the command
 * (struct ca_entry) describes a PIN whose form does not depend on its value.
 */
#ifndef CA_PINPAD_H
#define CA_PINPAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/transport/features.h"

/* The longest block a reader can be told of: bmPINBlockString has four bits
 * for it. */
#define CA_ENTRY_BLOCK_MAX 15

/* A command with room for what is keyed in: first the value that is there
 * already, then the new one, each in a block of the same size. */
struct ca_entry {
	uint8_t cla, ins, p1, p2;
	bool ask_old, ask_new; /* at least one; a new one is asked for twice */
	bool bcd;              /* two digits in a byte; else ASCII */
	uint8_t pad;           /* behind the digits of a block */
	/* Bytes of a block, at most CA_ENTRY_BLOCK_MAX. 0: as many as digits
	 * were keyed in, which only one value alone can have. */
	size_t block;
	size_t min, max; /* digits; max 0: whatever the reader takes */
};

/* Whether a reader with these features can do that. */
bool ca_pinpad_can(const struct ca_features *f, const struct ca_entry *entry);

/*
 * Has the holder key in what the entry asks for. Blocks until that is done, at
 * the longest for the time the reader is given (a minute for each value), and
 * is called inside a transaction. CA_OK: the card was asked, and *sw is what it
 * said; one try was spent where it said so.
 *
 * The reader's own words mean that the card was not asked and no try is gone:
 * CA_E_CANCELLED (the holder cancelled, or keyed in nothing in time), CA_E_DATA
 * (the two new values differ), CA_E_PIN_LEN (too few or too many digits),
 * CA_E_REFUSED (it does not take this entry). CA_E_UNSUPPORTED: see
 * ca_pinpad_can(), nothing was sent. CA_E_MALFORMED: what came back is no
 * status word. Otherwise what the transport said.
 */
CA_MUST_CHECK ca_err ca_pinpad_enter(const struct ca_transport_ops *ops,
    void *link, const struct ca_features *f, const struct ca_entry *entry,
    uint16_t *sw);

#endif
