/*
 * Objects that an IAS-ECC card describes on request: PINs, keys, security
 * environments. GET DATA 00 CB 3F FF with 4D { 70 { BF cc nn { tag 80 } } }.
 */
#ifndef CA_SIM_SDO_H
#define CA_SIM_SDO_H

#include "tests/sim/sim_card.h"

/* Security environments that rules refer to: who is meant by "user". */
#define CA_SIM_SE_USER 3
#define CA_SIM_SE_UNBLOCK 4

/* Security condition bytes: any time, never, user of an environment. */
#define CA_SIM_SCB_FREE 0x00
#define CA_SIM_SCB_NEVER 0xFF
#define CA_SIM_SCB_USER (0x10 | CA_SIM_SE_USER)
#define CA_SIM_SCB_UNBLOCK (0x10 | CA_SIM_SE_UNBLOCK)

uint16_t ca_sim_sdo_get(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

#endif
