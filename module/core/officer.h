/*
 * The security officer: C_Login(CKU_SO) with the PUK, and the one secret that
 * this module keeps over a call.
 *
 * PKCS#11 unblocks a user PIN in two calls, C_Login(CKU_SO, PUK) and
 * C_InitPIN(new PIN); most cards want both values in one command, and those
 * that verify a PUK forget it at the next reset. So the PUK given to C_Login
 * is held in the slot, and wiped by whatever comes first: C_InitPIN that
 * reached the card, C_Logout, the end of the last session, the card leaving,
 * C_Finalize, or CA_OFFICER_SECONDS after the login (looked at in every call
 * that takes the slot). With the time the login ends as well. No user PIN is
 * ever kept.
 *
 * C_Login spends no try of the PUK unless the family can verify one.
 *
 * Where PINs are keyed in at the reader and the PUK is not given to C_Login,
 * nothing is held: C_InitPIN has PUK and new PIN keyed in.
 *
 * The slot lock is held for everything here.
 */
#ifndef CA_CORE_OFFICER_H
#define CA_CORE_OFFICER_H

#include <stdbool.h>
#include <stdint.h>

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/model.h"

#define CA_OFFICER_SECONDS 60

struct ca_slot;
struct ca_session;

struct ca_officer {
	bool in;
	bool keyed;            /* the PUK is keyed in at the reader */
	int64_t until;         /* seconds of the clock that counts sleep too */
	struct ca_secret *puk; /* in locked memory; NULL: none is held */
	/* The PUK's state when the card last told it, for CK_TOKEN_INFO. */
	bool seen;
	struct ca_pin_state state;
};

/* C_Login(CKU_SO). CKR_USER_TYPE_INVALID: nothing an officer may do here. A
 * NULL value is keyed in at the reader; CKR_FUNCTION_FAILED where a PUK cannot.
 */
CA_MUST_CHECK CK_RV ca_officer_login(struct ca_session *ss,
    const struct ca_rd *value);

/* Whether the officer is logged in; a login whose time is over ends here. */
bool ca_officer_in(struct ca_slot *s);

/* Wipes the PUK and ends the login; nothing is said to the card. */
void ca_officer_end(struct ca_slot *s);

/* The same, and forgets what was seen of the PUK: the card is another. */
void ca_officer_forget(struct ca_slot *s);

/* The PUK, or an empty view when it is held no more. */
struct ca_rd ca_officer_puk(const struct ca_slot *s);

/* Wipes the PUK; the login stays. */
void ca_officer_wipe(struct ca_slot *s);

/* From now on the PUK is keyed in: it was changed so. */
void ca_officer_let_go(struct ca_slot *s);

/* Holds another value from now on: the PUK was changed. */
CA_MUST_CHECK CK_RV ca_officer_hold(struct ca_slot *s, struct ca_rd value);

/* Notes what a command told of the PUK. */
void ca_officer_note(struct ca_slot *s, const struct ca_pin_state *state);

/* CKF_SO_PIN_ flags, as far as known without asking the card. */
CK_FLAGS ca_officer_flags(const struct ca_slot *s);

#endif
