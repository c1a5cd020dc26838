/*
 * An answer to reset (ISO/IEC 7816-3 clause 8.2) as far as a family is known by
 * it: the historical bytes, wherever optional interface bytes put them.
 */
#ifndef CA_CARD_ATR_H
#define CA_CARD_ATR_H

#include "pcsc/base/rd.h"

/*
 * The historical bytes of an ATR, a view into it. False: the ATR is not one, it
 * announces more bytes than it has, or has more than it announces but the one
 * byte TCK.
 */
CA_MUST_CHECK bool ca_atr_historical(struct ca_rd atr, struct ca_rd *out);

#endif
