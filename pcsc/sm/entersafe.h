/*
 * The MAC and cipher of Feitian's FTCOS/PK-01C ("entersafe") administrative
 * commands, class 84. No channel: each such command stands alone, over a fresh
 * challenge.
 */
#ifndef CA_SM_ENTERSAFE_H
#define CA_SM_ENTERSAFE_H

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

#define CA_ENTERSAFE_MAC 4
#define CA_ENTERSAFE_CHALLENGE 8

/* Length byte, data, 80 00.. to whole blocks, each encrypted by itself. */
CA_MUST_CHECK ca_err ca_entersafe_cipher(struct ca_rd key, struct ca_rd plain,
    struct ca_wr *out);

/*
 * Four bytes over `command`, which is CLA INS P1 P2, Lc already with the MAC's
 * length, and the data. `challenge` has 8 bytes; a key of 16 bytes uses its
 * first half but for the last block.
 */
CA_MUST_CHECK ca_err ca_entersafe_mac(struct ca_rd key, struct ca_rd challenge,
    struct ca_rd command, struct ca_wr *out);

#endif
