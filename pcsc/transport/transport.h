/*
 * Readers and cards as bytes in and bytes out. The real one is pcsc.c over
 * pcsc-lite; tests stand a simulated reader behind the same table.
 *
 * A connection (`conn`) is one conversation with the resource manager; a link
 * is one card opened through a connection. Calls on different connections may
 * run at the same time; calls on one connection are the caller's to serialise,
 * except cancel(), which may come from any thread at any time.
 *
 * A forked child never uses or closes its parent's connections: it calls
 * forget(), which frees memory and says nothing to the resource manager.
 */
#ifndef CA_TRANSPORT_H
#define CA_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

#define CA_ATR_MAX 33      /* ISO/IEC 7816-3: TS and at most 32 more */
#define CA_READER_NAME 128 /* with the NUL; pcsc-lite's MAX_READERNAME */
#define CA_READERS_MAX 16  /* pcsc-lite's own limit */
#define CA_WAIT_FOREVER UINT32_MAX

enum ca_proto {
	CA_PROTO_T0,
	CA_PROTO_T1,
};

/* What the resource manager knows of a reader without asking the card. */
struct ca_reader {
	char name[CA_READER_NAME];
	bool present;    /* the reader itself is there */
	bool card;       /* a card is in it and answered a reset */
	bool mute;       /* something is in it that does not answer */
	uint32_t events; /* changes at every insertion and removal */
	uint8_t atr[CA_ATR_MAX];
	size_t atr_n;
};

/* What connecting told us. */
struct ca_link_info {
	enum ca_proto proto;
	uint8_t atr[CA_ATR_MAX];
	size_t atr_n;
};

/* The question what a reader has beyond carrying commands: the code that
 * pcsc-lite gives CM_IOCTL_GET_FEATURE_REQUEST (PC/SC part 10, 2.2). The
 * answer is read by features.c. */
#define CA_CONTROL_FEATURES 0x42000D48u

struct ca_transport_ops {
	/* Opens a connection. CA_E_NO_SERVICE when pcscd is not there. */
	ca_err (*open)(void *arg, void **conn);
	/* Ends a connection and every link in it. */
	void (*close)(void *conn);
	/* Frees the memory of a connection inherited over fork(), its links
	 * included, without speaking on it. */
	void (*forget)(void *conn);

	/* All readers with their states, at most cap; does not block. No
	 * reader is CA_OK with *n 0. */
	ca_err (*list)(void *conn, struct ca_reader *out, size_t cap,
	    size_t *n);
	/* The state of the reader io->name, now. One that is gone is CA_OK with
	 * io->present false, or CA_E_NO_READER: watch.c takes both. */
	ca_err (*query)(void *conn, struct ca_reader *io);
	/* Blocks until a reader of `known` differs from what is known, or a
	 * reader comes or goes: CA_OK. CA_E_TIMEOUT after timeout_ms
	 * milliseconds (CA_WAIT_FOREVER: never), CA_E_CANCELLED by cancel().
	 * A cancel() that comes before the wait may be lost: repeat it until
	 * the waiter has returned. */
	ca_err (*wait)(void *conn, const struct ca_reader *known, size_t n,
	    uint32_t timeout_ms);
	void (*cancel)(void *conn);

	/* Powers and opens the card in a reader, shared mode, T=0 or T=1. */
	ca_err (*connect)(void *conn, const char *reader,
	    struct ca_link_info *info, void **link);
	/* Opens the link again after CA_E_RESET, or with `reset` warm-resets
	 * the card, which ends every login on it. */
	ca_err (*reconnect)(void *link, bool reset, struct ca_link_info *info);
	/* Closes the link and leaves the card as it is. */
	void (*disconnect)(void *link);
	/* Blocks until no other program is in a transaction with this card.
	 * CA_E_RESET and CA_E_REMOVED are told here. */
	ca_err (*begin)(void *link);
	void (*end)(void *link);
	/* One command, one answer of at least the two status bytes. `resp` is
	 * written from its start. */
	ca_err (*transmit)(void *link, struct ca_rd cmd, struct ca_wr *resp);
	/* Something for the reader itself: a control code, what goes with it
	 * and what comes back, which is written from the start of `resp`.
	 * CA_E_IO where the reader does not know the code. NULL: these readers
	 * have nothing to ask for. */
	ca_err (*control)(void *link, uint32_t code, struct ca_rd in,
	    struct ca_wr *resp);
};

/* A transport: the table, and what its open() wants. Both are borrowed and
 * outlive every connection. */
struct ca_transport {
	const struct ca_transport_ops *ops;
	void *arg;
};

/* The real one: pcsc-lite. */
extern const struct ca_transport ca_transport_pcsc;

#endif
