/*
 * How a call comes in and goes out: fork, initialisation, locks, trace.
 *
 *     CK_RV
 *     C_Something(CK_SESSION_HANDLE h, ...)
 *     {
 *             struct ca_enter e = CA_ENTER(C_Something);
 *             CK_RV rv;
 *
 *             if ((rv = ca_enter_session(&e, h)) == CKR_OK)
 *                     rv = ca_something(e.session, ...);
 *             return ca_leave(&e, rv);
 *     }
 *
 * The order of locks is told in module/core/lock.h.
 */
#ifndef CA_API_ENTER_H
#define CA_API_ENTER_H

#include <stdbool.h>

#include "module/core/pkcs11_3.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/cdefs.h"

struct ca_enter {
	const char *name;
	bool inside; /* counted by the gate */
	struct ca_slot *slot;
	bool slot_locked;
	struct ca_session *session; /* with a reference */
};

#define CA_ENTER(function)                                                     \
	{                                                                      \
		.name = #function                                              \
	}

/* For calls that need neither slot nor session, or take locks themselves. */
CA_MUST_CHECK CK_RV ca_enter(struct ca_enter *e);

/* Finds the slot: e->slot. Nothing is locked. CKR_SLOT_ID_INVALID. */
CA_MUST_CHECK CK_RV ca_enter_slot(struct ca_enter *e, CK_SLOT_ID id);

/* Finds and locks the slot: e->slot. */
CA_MUST_CHECK CK_RV ca_enter_slot_locked(struct ca_enter *e, CK_SLOT_ID id);

/* Opens the token of the locked slot, if it is not open. CKR_TOKEN_NOT_PRESENT
 * and others. */
CA_MUST_CHECK CK_RV ca_open_token(struct ca_enter *e);

/* Finds the session, locks its slot, checks that the session is still open:
 * e->session. CKR_SESSION_HANDLE_INVALID. */
CA_MUST_CHECK CK_RV ca_enter_session(struct ca_enter *e, CK_SESSION_HANDLE h);

/* Undoes all of it, whatever happened, and gives rv back. */
CK_RV ca_leave(struct ca_enter *e, CK_RV rv);

#endif
