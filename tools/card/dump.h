/*
 * What `ca-token card dump` writes: a card as it answers, in text that its
 * owner can read and send, and that ca-simcard --from-dump plays. The format is
 * told in README.md of this folder.
 *
 * The card is only asked, never told: dump_guard.h lists the commands that may
 * be sent to it, and nothing else leaves this program. No PIN is asked for, no
 * try spent, nothing written. Applications are selected, so another program's
 * login on the card may end.
 */
#ifndef CA_CARD_DUMP_H
#define CA_CARD_DUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "pcsc/transport/transport.h"

/*
 * Writes the dump of the card in `reader` (a name of tp's list) to `out`, which
 * the caller closes. Without `full`, names, serial numbers, labels, dates and
 * what identifies keys and certificates are blanked, lengths kept
 * (dump_redact.h). Profiles tell which applications to look for, and with which
 * driver to read a card that is one of ours; all pointers are borrowed for the
 * call. A card of no known family is CA_OK, too.
 *
 * Errors: what connecting said (CA_E_NO_SERVICE, CA_E_NO_READER, CA_E_NO_CARD,
 * CA_E_BUSY, CA_E_IO ...), with nothing written; CA_E_REMOVED or CA_E_RESET
 * when the card left or another program reset it, with nothing written either;
 * CA_E_NOMEM; CA_E_NO_SPACE: writing to `out` failed.
 */
CA_MUST_CHECK ca_err ca_card_dump(const struct ca_transport *tp,
    const struct ca_profiles *profiles, const struct ca_config *config,
    const char *reader, bool full, FILE *out);

#endif
