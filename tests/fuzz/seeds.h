/* First inputs, made from simulated cards. */
#ifndef CA_FUZZ_SEEDS_H
#define CA_FUZZ_SEEDS_H

#include "pcsc/base/rd.h"
#include "tests/sim/sim.h"

/* Writes CORPUS/harness/name; the folder is made. */
void seeds_put(const char *harness, const char *name, struct ca_rd bytes);

/* seeds_files.c: what was read in a session, for the parsers: one INS per
 * record (card.h), and the records. */
void seeds_files(const char *name, struct ca_rd ins, struct ca_rd records);
/* The card's certificates, and what can be made of them. */
void seeds_certs(const char *name, const struct ca_sim *card);
/* Profiles and settings of the folder conf/. */
void seeds_conf(const char *conf);

#endif
