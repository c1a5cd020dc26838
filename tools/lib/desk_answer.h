/*
 * The desk's side of unblocking at a distance: the answer to a card's challenge
 * from the challenge code and the key, and from nothing else. The order is
 * ca_phone_read() of the challenge, its tag against ca_phone_token_tag() of the
 * serial number that the desk has for this person, ca_desk_answer(), and
 * ca_phone_write() of what that gives.
 *
 * An answer opens one token once: the card makes another challenge next time.
 * But who has heard both codes of a card whose key is made of the PUK can try
 * PUKs at home until one fits: a PUK of eight digits does not stand that, so
 * such codes are as secret as the PUK itself.
 */
#ifndef CA_TOOLS_DESK_ANSWER_H
#define CA_TOOLS_DESK_ANSWER_H

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "tools/lib/phone_code.h"

enum ca_desk_fault {
	CA_DESK_GOOD,
	/* What the file holds is no key for this scheme. */
	CA_DESK_NO_KEY,
	/* OpenSSL has not the cipher, or no memory. */
	CA_DESK_CRYPTO,
};

/*
 * Answers a challenge. `file` is the content of the file with the key, of which
 * one line end is ignored: the PUK as it is typed for CA_REMOTE_PUK_3DES, 1 to
 * 255 bytes without a control character; hex digits for the others, 16 or 24
 * bytes for 3DES, 16, 24 or 32 for AES. Borrowed, and the caller's to wipe.
 * *answer is written only when that is good; wipe it with ca_wipe().
 */
CA_MUST_CHECK enum ca_desk_fault ca_desk_answer(const struct ca_phone *asked,
    struct ca_rd file, struct ca_phone *answer);

#endif
