/*
 * Command APDUs over a link (ISO/IEC 7816-3 clause 12, 7816-4 clause 5): the
 * four cases, short and extended, command chaining, GET RESPONSE (61xx) and a
 * wrong Le (6Cxx), for T=0 and T=1.
 *
 * A channel belongs to one card and is used by one thread at a time. Buffers
 * for command and answer are wiped on every path, whatever they carried. The
 * log shows header and length alone of a command marked secret, and only the
 * length of an answer marked so.
 */
#ifndef CA_APDU_H
#define CA_APDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"
#include "pcsc/transport/transport.h"

#define CA_LE_NONE 0          /* no answer data wanted (case 1 and 3) */
#define CA_LE_SHORT 256       /* Le byte 00 */
#define CA_LE_EXT 65536       /* Le bytes 00 00 */
#define CA_APDU_DATA_MAX 4096 /* the longest command data we ever send */
/* Rounds of GET RESPONSE before we give up: 64 of 256 bytes cover the largest
 * thing read in one command; a card that answers 61xx for ever ends here. */
#define CA_APDU_ROUNDS_MAX 64

struct ca_apdu {
	uint8_t cla, ins, p1, p2;
	struct ca_rd data;
	size_t le;          /* bytes wanted: CA_LE_NONE, or 1..65536 */
	bool secret;        /* the data must not be logged */
	bool secret_answer; /* the answer must not be logged */
	bool no_answer;     /* what 61xx offers on T=0 need not be fetched */
	bool extended; /* try extended length although nobody promised it */
};

struct ca_chan {
	const struct ca_transport_ops *ops;
	void *link;
	enum ca_proto proto;
	/* Extended length is used, though never with T=0: card and reader both
	 * take it, or the card has nothing else for what is long. */
	bool extended;
	bool chaining; /* the card takes command chaining */
	/* Longest command APDU, and longest answer, with extended length. 0
	 * with `short_only`: the reader carries none; without: nobody knows. */
	size_t max_apdu;
	bool short_only;
	unsigned long sent; /* APDUs sent on this channel, for the bench */
};

/*
 * Sends one command, with all that belongs to it, and collects the answer.
 * `answer` (may be NULL: answer data do not matter) gets the data without the
 * status bytes, from its start. *sw gets the last status word when CA_OK is
 * returned, whatever it says: see ca_sw_err().
 *
 * CA_E_UNSUPPORTED: the data do not fit a short command and neither extended
 * length nor chaining is there. CA_E_MALFORMED: the answer is shorter than a
 * status word, longer than `answer` can hold, or never ends. Otherwise what
 * the transport said. A command without Le, or one whose data are secret, is
 * never sent a second time, whatever the card answers, so a VERIFY cannot be
 * repeated here.
 */
CA_MUST_CHECK ca_err ca_apdu_transmit(struct ca_chan *ch,
    const struct ca_apdu *cmd, struct ca_wr *answer, uint16_t *sw);

#endif
