/*
 * The secure channel of Feitian's ePass2003: both sides prove that they know
 * the static keys, derive session keys from two challenges, and from then on
 * every command and every answer is enciphered and has a MAC.
 *
 * The static keys of these tokens are public constants. The channel therefore
 * hides nothing from who sees its beginning, and keeps nobody out; it is there
 * because the card wants it. Its MACs are checked all the same: each answer
 * without a right one is refused.
 *
 * No command is sent here. The order is: ca_epass2003_kind() of what GET DATA
 * 0186 gave; ca_epass2003_begin(); with its challenge 80 50 00 00 to the card;
 * ca_epass2003_answer() of that; 84 82 03 00 with the proof it made; when the
 * card accepts it, ca_epass2003_channel().
 */
#ifndef CA_SM_EPASS2003_H
#define CA_SM_EPASS2003_H

#include <stdbool.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"
#include "pcsc/sm/sm.h"

#define CA_EPASS2003_KEY 16
#define CA_EPASS2003_CHALLENGE 8
#define CA_EPASS2003_PROOF 16 /* cryptogram of the host, MAC */
#define CA_EPASS2003_COUNTER 16

enum ca_epass2003_kind {
	CA_EPASS2003_PLAIN, /* a card that wants no channel */
	CA_EPASS2003_DES,
	CA_EPASS2003_AES,
	CA_EPASS2003_FIPS, /* AES; keys, cryptograms and MACs are CMACs */
};

/* A channel that is being opened. Wipe it with ca_wipe() on every path. */
struct ca_epass2003 {
	enum ca_epass2003_kind kind;
	uint8_t host[CA_EPASS2003_CHALLENGE];
	uint8_t enc[CA_EPASS2003_KEY], mac[CA_EPASS2003_KEY]; /* of this one */
	uint8_t counter[CA_EPASS2003_COUNTER];
};

/* What GET DATA 0186 says of the card. Tokens tell more the newer they
 * are; what is missing counts as 00. CA_E_UNSUPPORTED: not even the cipher. */
CA_MUST_CHECK ca_err ca_epass2003_kind(struct ca_rd data,
    enum ca_epass2003_kind *out);

/* The bytes that a card of this kind answers to the challenge. */
size_t ca_epass2003_answer_size(enum ca_epass2003_kind kind);

/* Starts over with a random challenge (s->host). CA_E_IO: there are no random
 * bytes to be had. */
CA_MUST_CHECK ca_err ca_epass2003_begin(struct ca_epass2003 *s,
    enum ca_epass2003_kind kind);

/*
 * Takes the card's answer to the challenge s->host: derives the session keys
 * from the static ones (16 bytes each), checks the card's cryptogram, and
 * writes the host's proof, CA_EPASS2003_PROOF bytes, to `proof`.
 * CA_E_MALFORMED: the answer has not the right length. CA_E_REFUSED: the card
 * has other keys; it must not be asked again. In both cases no proof is made.
 */
CA_MUST_CHECK ca_err ca_epass2003_answer(struct ca_epass2003 *s,
    struct ca_rd static_enc, struct ca_rd static_mac, struct ca_rd answer,
    struct ca_wr *proof);

/* The open channel; the keys are copied. Ended by its close(). */
CA_MUST_CHECK ca_err ca_epass2003_channel(const struct ca_epass2003 *s,
    struct ca_sm **out);

/* True when the card has refused a command as not of this channel: whatever is
 * sent through it is lost, and it has to be opened anew. */
bool ca_epass2003_lost(const struct ca_sm *sm);

/* ---- the PIN ---- */

#define CA_EPASS2003_PIN_KEY 24

/* The key that the card keeps for a PIN: 24 bytes, a secret like the PIN. */
CA_MUST_CHECK ca_err ca_epass2003_pin_key(struct ca_rd pin, struct ca_wr *out);

/* The 8 bytes that prove it to the card: its challenge, enciphered. */
CA_MUST_CHECK ca_err ca_epass2003_pin_proof(struct ca_rd pin,
    struct ca_rd challenge, struct ca_wr *out);

#endif
