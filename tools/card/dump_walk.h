/*
 * The way through a card of which nothing is known: EF.DIR and the other files
 * below the MF that ISO/IEC 7816-4 names, every application that EF.DIR or a
 * profile names, and in each what ISO/IEC 7816-15 puts there: ODF, TokenInfo,
 * and every file that a file read so far has the path of. What is found stays
 * with the guard (dump_guard.h), so nothing is returned.
 */
#ifndef CA_CARD_DUMP_WALK_H
#define CA_CARD_DUMP_WALK_H

#include "pcsc/apdu/apdu.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/card/profile.h"

/*
 * Walks over the card behind `ch`, which is in a transaction. What a card
 * refuses is passed over. Ends early with the error of a card that is gone, was
 * reset or cannot be talked to any more; all counts are capped.
 */
CA_MUST_CHECK ca_err ca_dump_walk(struct ca_chan *ch,
    const struct ca_profiles *profiles);

#endif
