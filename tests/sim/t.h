/*
 * What the tests of the simulator share: cards from a line of options, command
 * transcripts as tables.
 */
#ifndef CA_SIM_T_H
#define CA_SIM_T_H

#include <CUnit/CUnit.h>

#include "tests/sim/sim.h"

/* "name=value" words, blank-separated, on top of the type's defaults and quick
 * authorities; ends the program when the card cannot be made. */
struct ca_sim *t_card(const char *type, const char *options);

/* A step of a transcript. */
struct t_step {
	const char *cmd; /* hex, blanks allowed */
	unsigned sw;
	const char *data; /* hex the answer begins with, NULL = any */
};

/* Sends each step and compares; says on standard error which one failed. */
void t_run(struct ca_sim *s, const struct t_step *steps, size_t n);
#define T_RUN(s, steps) t_run(s, steps, CA_COUNT(steps))

/* One command; returns the status word, 0 when there was none. The data is
 * t_data() until the next one. */
unsigned t_send(struct ca_sim *s, const char *hex);
struct ca_rd t_data(void);
/* The event of the last command. */
enum ca_sim_event t_event(void);

/* Reads the current EF to its end in steps of le bytes. */
struct ca_rd t_read_all(struct ca_sim *s, unsigned le);

/* True when sig is a signature of the text, n bytes, RSA with PKCS#1 padding
 * and SHA-256, by the key in this certificate (DER). */
bool t_signs(struct ca_rd cert, struct ca_rd sig, const char *text, size_t n);

/* Every `CU_TestInfo t_NAME[]` of this folder, gathered by the build. */
extern CU_SuiteInfo t_suites[];

#endif
