/*
 * A card as a script: the commands it expects and what it answers, behind the
 * transport table. A wrong byte, a missing or an extra command fails the test
 * and names the step. A script is used up once; it does not start over.
 */
#ifndef UT_SCRIPT_H
#define UT_SCRIPT_H

#include "pcsc/apdu/apdu.h"
#include "tests/unit/ut.h"

struct ut_step {
	/* Hex; AB*255 stands for 255 times AB. NULL ends a script; an empty
	 * text takes any command. */
	const char *cmd;
	const char *resp;
	ca_err e; /* instead of an answer */
};

struct ut_script {
	const char *name; /* for messages */
	const struct ut_step *steps;
	size_t at;
	bool forever; /* the last step repeats */
	/* Instead of steps: makes an answer up. */
	void (*answer)(void *arg, struct ca_rd cmd, struct ca_wr *resp);
	void *arg;
	bool watch; /* look at the buffer for answers when it is freed */
	/* What connecting finds, in the notation of a step; and what happened.
	 */
	const char *atr;
	unsigned begins, ends, resets, disconnects;
};

/* The table; a connection and a link are the struct ut_script. */
extern const struct ca_transport_ops ut_script_ops;

/* A channel to the script, T=1, short APDUs, no chaining. */
struct ca_chan ut_script_chan(struct ut_script *s);

/* Fails the test unless every step was taken. */
void ut_script_end(const struct ut_script *s);

/* Bytes in the notation of a step. Ends the program when it is wrong. */
struct ca_rd ut_bytes(const char *text, void *room, size_t cap);

#endif
