/*
 * The one door through which a dump reaches a card: a transport around another
 * one that lets reading commands through, keeps them with their answers
 * (dump_record.h), and holds every other command back. One that is held back is
 * answered 6D00 here, as by a card that does not know it, and never sent.
 */
#ifndef CA_CARD_DUMP_GUARD_H
#define CA_CARD_DUMP_GUARD_H

#include <stdbool.h>

#include "pcsc/base/rd.h"
#include "pcsc/transport/transport.h"
#include "tools/card/dump_record.h"

/*
 * Whether a command may be sent: SELECT, READ BINARY, READ RECORD, GET
 * RESPONSE, GET DATA and MANAGE CHANNEL alone, in short form, without chaining
 * and secure messaging. None of these spends a try, takes a PIN, uses a key or
 * changes a byte on the card.
 */
CA_MUST_CHECK bool ca_dump_allows(struct ca_rd cmd);

/* The transport that is wrapped, and who keeps what is seen; both borrowed. */
struct ca_dump_guard {
	const struct ca_transport *tp;
	struct ca_dump *dump;
};

/* The table; its open() wants a struct ca_dump_guard that outlives the
 * connection. */
extern const struct ca_transport_ops ca_dump_guard_ops;

#endif
