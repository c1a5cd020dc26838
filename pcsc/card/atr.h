/*
 * What an answer to reset (ISO/IEC 7816-3 clause 8.2) tells of a card by its
 * historical bytes, wherever optional interface bytes put them (7816-4 clause
 * 8.1.1). It is as hostile as everything else from a card.
 */
#ifndef CA_CARD_ATR_H
#define CA_CARD_ATR_H

#include <stdbool.h>

#include "pcsc/base/rd.h"

/*
 * The historical bytes of an ATR, a view into it. False: the ATR is not one, it
 * announces more bytes than it has, or has more than it announces but the one
 * byte TCK.
 */
CA_MUST_CHECK bool ca_atr_historical(struct ca_rd atr, struct ca_rd *out);

/*
 * Whether the card's historical bytes say that it takes no extended length:
 * there is a card capabilities object with a third byte, and bit 40 of it is
 * clear. False also where nothing is said.
 */
bool ca_atr_denies_extended(struct ca_rd atr);

#endif
