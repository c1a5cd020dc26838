/*
 * A card played from a file that `ca-token card dump` wrote: the same answers
 * to the same commands in the same places, files by any offset, and no to
 * everything else. Its PINs are blocked: no value can be verified.
 *
 * The format is told in tools/card/README.md. The file comes from a stranger:
 * every length in it is checked, every count has a maximum.
 */
#ifndef CA_SIM_DUMP_H
#define CA_SIM_DUMP_H

#include "pcsc/base/buf.h"
#include "tests/sim/sim.h"

#define CA_SIM_DUMP_TEXT (2 * 1024 * 1024) /* bytes of the file */
#define CA_SIM_DUMP_LINE 160
#define CA_SIM_DUMP_ITEMS 512
#define CA_SIM_DUMP_DATA 32
#define CA_SIM_DUMP_FILE 32768
#define CA_SIM_DUMP_CHANNELS 20
#define CA_SIM_DUMP_WHY 256 /* bytes of an error message, with the NUL */

/* A command and what the card said to it at one place: after a reset (0), or
 * after the SELECT of that number. */
struct ca_sim_dump_item {
	size_t at; /* less than its own number */
	uint8_t head[4], data[CA_SIM_DUMP_DATA];
	size_t data_n;
	uint16_t sw;
	struct ca_buf answer;
	bool file; /* READ BINARY works there, or says why not */
	struct ca_buf bytes, known; /* known: 1 for each byte that was read */
	uint16_t end;               /* what a read at the end was answered */
};

struct ca_sim_dump {
	uint8_t atr[33];
	size_t atr_n;
	bool t1;
	struct ca_sim_dump_item items[CA_SIM_DUMP_ITEMS]; /* n is at n - 1 */
	size_t items_n;
};

/*
 * Reads the text of a dump into *out, which was zeroed. CA_E_DATA: it is none,
 * or was damaged; `why` (CA_SIM_DUMP_WHY bytes) then says "NAME:LINE: what".
 * CA_E_NOMEM. *out is wiped by the caller in any case.
 */
CA_MUST_CHECK ca_err ca_sim_dump_parse(struct ca_rd text, const char *name,
    struct ca_sim_dump *out, char *why);

/* The same from a file of at most CA_SIM_DUMP_TEXT bytes; CA_E_IO when it
 * cannot be read, and `why` says so. */
CA_MUST_CHECK ca_err ca_sim_dump_load(const char *path, struct ca_sim_dump *out,
    char *why);

/* Frees what it holds and zeroes it. */
void ca_sim_dump_wipe(struct ca_sim_dump *d);

/* True when after this SELECT something stands selected. */
bool ca_sim_dump_is_place(const struct ca_sim_dump_item *i);

#endif
