/*
 * A reader as a script: the control codes it is asked with and what it answers,
 * behind the transport table, for the tests of features.c and pinpad.c.
 */
#ifndef UT_PAD_H
#define UT_PAD_H

#include "pcsc/transport/transport.h"
#include "tests/unit/ut.h"

#define UT_PAD_STEPS 4
#define UT_PAD_SEEN 96

struct ut_pad_step {
	uint32_t code;
	const char *answer; /* hex; NULL: CA_E_IO */
};

/* Codes that are not among the steps are CA_E_IO as well. */
struct ut_pad {
	struct ut_pad_step steps[UT_PAD_STEPS];
	uint32_t asked[UT_PAD_STEPS];
	size_t asked_n;
	uint8_t seen[UT_PAD_SEEN]; /* what came with the first */
	size_t seen_n;
	ca_err fails; /* what every code is answered with, unless CA_OK */
};

/* The table; a link is the struct ut_pad. */
extern const struct ca_transport_ops ut_pad_ops;

#endif
