/*
 * The Italian CNS card (Carta Nazionale dei Servizi) on an STIncard mask, as
 * sold by Bit4id: fixed files, no PKCS#15, two keys. What the files
 * sim_bit4id_cns*.c share.
 *
 * Known from OpenSC's driver and public traces: layout, references, commands,
 * the FCI of an elementary file. Unknown of real cards, and chosen here: the
 * FCI of a directory, the content of files of which only the name is known,
 * status words for wrong use, whether a PUK is verified on its own.
 */
#ifndef CA_SIM_BIT4ID_CNS_H
#define CA_SIM_BIT4ID_CNS_H

#include "tests/sim/sim_card.h"

#define CA_SIM_CNS_AUTH 0 /* key CNS0, PIN 90, nothing around it */
#define CA_SIM_CNS_SIGN 1 /* key CNS1, PIN 9A, in its own directory */

/* ca_sim.own */
struct ca_sim_cns {
	int df[2];     /* of the two keys: the root, 1400/8110 */
	bool restored; /* security environment 3; lost at a reset */
};

/* True when the option "model" is this. */
bool ca_sim_cns_is(const struct ca_sim *s, const char *model);

/* sim_bit4id_cns_files.c */
CA_MUST_CHECK ca_err ca_sim_cns_files(struct ca_sim *s);

#endif
