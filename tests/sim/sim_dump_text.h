/*
 * A dump while it is read: what the files of the parser share.
 */
#ifndef CA_SIM_DUMP_TEXT_H
#define CA_SIM_DUMP_TEXT_H

#include "tests/sim/sim_dump.h"

#define CA_SIM_DUMP_WORDS 6

struct ca_sim_dump_text {
	struct ca_sim_dump *d;
	unsigned line;
	uint64_t sum;                       /* of the lines so far, FNV-1a */
	bool started, ended, atr, protocol; /* these lines were there */
	const char *fault;                  /* static text; NULL: none so far */
	char *word[CA_SIM_DUMP_WORDS];      /* of this line */
	size_t words;
};

/* Notes what is wrong; gives false. */
bool ca_sim_dump_fail(struct ca_sim_dump_text *t, const char *fault);

/* sim_dump_rows.c: the line whose words are in *t, neither the first nor the
 * last of a dump. */
CA_MUST_CHECK bool ca_sim_dump_row(struct ca_sim_dump_text *t);

#endif
