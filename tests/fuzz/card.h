/*
 * A reader in which the fuzzer is the card: its input answers every command,
 * lies about lengths and status, and goes away. The same reader can stand
 * before a simulated card and write down what it answers, as an input.
 *
 * An input is CARD_SETUP bytes and then one record per command:
 *
 *	kind (4 bits), length (12 bits), that many bytes: the whole answer
 *
 * The kinds are enum card_kind; what happens when no record is left is
 * setup.end. What is short is cut.
 */
#ifndef CA_FUZZ_CARD_H
#define CA_FUZZ_CARD_H

#include <stdbool.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/rd.h"
#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "pcsc/token/token.h"

#define CARD_READER "Reader"

enum card_kind {
	CARD_ANSWER,
	CARD_ANSWER_RESET,   /* then another program resets the card */
	CARD_ANSWER_REMOVED, /* then it is taken out */
	CARD_ANSWER_SERVICE, /* then pcscd starts anew */
	CARD_ERROR,          /* no answer: the transport's error `length` */
	CARD_FULL,           /* as much as there is room for */
};

enum card_end {
	CARD_END_REMOVED,
	CARD_END_NOT_FOUND, /* 6A82 */
	CARD_END_OK,        /* 9000 */
	CARD_END_ONE_BYTE,  /* a byte and 9000: files of any length */
	CARD_END_MORE,      /* 61FF */
	CARD_END_LE,        /* 6C01 */
	CARD_END_AGAIN,     /* all the records once more, and so on */
	CARD_END_STUFF,     /* data objects without end, and 9000 */
	CARD_ENDS
};

/* The first bytes of an input. */
struct card_setup {
	uint8_t atr; /* which of the family's */
	uint8_t flags;
	uint8_t end;             /* enum card_end */
	uint8_t skip, skip_more; /* orders that are not given, card_orders.c */
	uint8_t alloc_high, alloc_low; /* the allocation that fails; 0 none */
	uint8_t pin;                   /* which PIN is typed */
};
#define CARD_SETUP 8

/* Flags. */
#define CARD_T0 0x01
#define CARD_LAST_TRY 0x02 /* allow_last_try */
#define CARD_FORGET 0x04   /* ends as a forked child does */
#define CARD_MAX_APDU 0x18 /* one of four sizes */
#define CARD_CLEAR 0x20    /* secure messaging in clear text */

/* Bits of setup.skip, and behind eight of them of setup.skip_more: orders not
 * given. */
enum {
	CARD_SKIP_CERTS,
	CARD_SKIP_PUBLIC,
	CARD_SKIP_DATA,
	CARD_SKIP_LOGIN,
	CARD_SKIP_SIGN,
	CARD_SKIP_DECIPHER,
	CARD_SKIP_CHANGE,
	CARD_SKIP_UNBLOCK,
	CARD_SKIP_IMPORT,
	CARD_SKIP_RANDOM,
	CARD_SKIP_LOGOUT,
	CARD_SKIP_STATES,
	CARD_SKIP_OTHER_PINS,
	CARD_SKIP_EARLY_SIGN, /* before the login */
	CARD_SKIP_GENERATE,
};

/* What one order may do to the holder's PINs: each command once at most. */
enum card_order {
	CARD_READS,
	CARD_LOGIN,
	CARD_CHANGE,
	CARD_UNBLOCK,
};

struct card {
	struct card_setup setup;
	struct ca_rd records, rest;
	enum ca_proto proto;
	size_t max_apdu;
	uint8_t atr[CA_ATR_MAX];
	size_t atr_n;
	const char *driver;
	const struct ca_profiles *profiles; /* of the family */

	/* A simulated card in our place; its answers are written to *log. */
	const struct ca_transport *inner;
	void *inner_conn, *inner_link;
	struct ca_buf *log;
	struct ca_buf *log_ins; /* the INS of each */

	bool conn, link, in_tx;
	bool removed, was_reset, no_service;
	enum card_order order;
	unsigned long sent;     /* commands, in this order */
	unsigned long sent_all; /* ... and in all */
	unsigned long calls;    /* of the transport, in this order */
	/* Commands with data, in this order: PINs proven, values set. */
	unsigned verify, changes;
	bool refused; /* one of these was not answered 9000 */
};

/* Reads the setup. `driver` names the family; `profiles` are all of them. */
void card_init(struct card *c, struct ca_rd in, const char *driver,
    const struct ca_profiles *profiles);

/* The transport whose argument is the card. */
extern const struct ca_transport_ops card_ops;

/* card_rules.c: what must hold of a command, before and after its answer. */
void card_command(struct card *c, struct ca_rd cmd);
void card_answered(struct card *c, struct ca_rd cmd, struct ca_rd answer);
/* An order begins. */
void card_order(struct card *c, enum card_order order);
/* The PIN that is typed; the old one, or the new one, or the PUK. */
struct ca_rd card_pin(const struct card *c, int which);

/* card_orders.c: everything one can want of a token. */
void card_orders(struct card *c, const struct ca_config *config);

#endif
