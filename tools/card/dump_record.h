/*
 * What a card answered, kept so that it can be asked again: every command with
 * its answer, in the place where it was sent. A place is what stood selected;
 * 0 is the card after a reset, the others are the SELECT that led there, by
 * its number. What READ BINARY gave is put together to files.
 *
 * Everything is bounded: what does not fit is left out, and `cut` says so.
 */
#ifndef CA_CARD_DUMP_RECORD_H
#define CA_CARD_DUMP_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/transport/transport.h"

#define CA_DUMP_ITEMS 512          /* commands that differ */
#define CA_DUMP_DATA 32            /* bytes of a command's data */
#define CA_DUMP_ANSWER 8192        /* bytes of an answer */
#define CA_DUMP_FILE 32768         /* offsets of READ BINARY have 15 bits */
#define CA_DUMP_TOTAL (512 * 1024) /* bytes of answers and files */
#define CA_DUMP_CHANNELS 20        /* ISO/IEC 7816-4:2005, 5.1.1 */

/* A command, its class without the channel, and what the card said. */
struct ca_dump_item {
	size_t at; /* where it was sent */
	uint8_t head[4], data[CA_DUMP_DATA];
	size_t data_n;
	uint16_t sw; /* after GET RESPONSE and with the right Le */
	struct ca_buf answer;
	/* of a SELECT that led somewhere */
	bool df;             /* no file was read there */
	struct ca_buf bytes; /* as far as the last byte known */
	struct ca_buf known; /* of each byte 1, or 0 where none was read */
	uint16_t end;        /* the answer at the end; 0: not reached */
};

struct ca_dump {
	uint8_t atr[CA_ATR_MAX];
	size_t atr_n;
	enum ca_proto proto;
	struct ca_dump_item items[CA_DUMP_ITEMS]; /* place n is items[n - 1] */
	size_t items_n;
	size_t at[CA_DUMP_CHANNELS];   /* the place of each channel */
	uint8_t cmd[CA_DUMP_DATA + 6]; /* whose answer is not complete */
	size_t cmd_n;
	struct ca_buf answer;
	size_t total;
	unsigned held; /* commands that the guard did not let through */
	bool cut;
};

/* The card was reset, or opened: every channel is at place 0. */
void ca_dump_reset(struct ca_dump *d);

/* One command that went to the card, which the guard let through, and the
 * answer with its status word. */
void ca_dump_saw(struct ca_dump *d, struct ca_rd cmd, struct ca_rd resp);

/* Nothing more comes: an answer that was not fetched whole is kept. */
void ca_dump_settle(struct ca_dump *d);

/* True when this is a SELECT after which something stands selected. */
bool ca_dump_is_place(const struct ca_dump_item *i);

/* Releases everything and zeroes it. */
void ca_dump_wipe(struct ca_dump *d);

#endif
