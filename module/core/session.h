/*
 * Sessions. A session belongs to one slot; whoever works on it holds that
 * slot's lock. The table of sessions is under the module lock, and a
 * reference keeps a session's memory while somebody waits for the slot.
 */
#ifndef CA_CORE_SESSION_H
#define CA_CORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/find.h"
#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_module;
struct ca_slot;

struct ca_session {
	CK_SESSION_HANDLE handle;
	struct ca_slot *slot;
	bool rw;

	/* under the module lock */
	struct ca_session *next; /* in its bucket, or of those that end */
	unsigned refs;           /* the table's and each call's */

	/* under the slot lock */
	bool open;
	size_t objects; /* that it made and that are there */
	struct ca_find find;
	struct ca_op op[CA_OP_COUNT];
};

struct ca_session_count {
	CK_ULONG all, rw;
};

/* C_OpenSession: what is wrong with the arguments, before a token is looked
 * for; and the rest, with the slot lock held and its token open. */
CA_MUST_CHECK CK_RV ca_session_args(CK_FLAGS flags,
    const CK_SESSION_HANDLE *out);
CA_MUST_CHECK CK_RV ca_session_open(struct ca_slot *s, CK_FLAGS flags,
    CK_SESSION_HANDLE *out);

/* Finds a session and takes a reference; NULL when there is none. */
struct ca_session *ca_session_ref(CK_SESSION_HANDLE h);

/* Gives a reference back; the last one frees. */
void ca_session_unref(struct ca_session *ss);

/* Ends one session, or all of a slot; the slot lock is held. These only close:
 * logging out is login.h. */
void ca_session_close(struct ca_session *ss);
void ca_sessions_close_all(struct ca_slot *s);

/* The login is over: what the slot's operations hold of private objects of the
 * session goes, and so do they (PKCS#11 5.6.9: they may). */
void ca_sessions_login_over(struct ca_slot *s);

/* How many sessions a slot has. */
struct ca_session_count ca_sessions_count(const struct ca_slot *s);

/* C_GetSessionInfo; asks once whether the card is still there. */
CA_MUST_CHECK CK_RV ca_session_info(struct ca_session *ss,
    CK_SESSION_INFO *out);

/* C_SessionCancel: ends the operations whose CKF_ bits are given. */
CA_MUST_CHECK CK_RV ca_session_cancel(struct ca_session *ss, CK_FLAGS flags);

/* C_GetSessionValidationFlags: no authority has validated anything here, and
 * there are no validation objects, so no flag is ever set. CKR_ARGUMENTS_BAD
 * for a type that 3.2 does not know. */
CA_MUST_CHECK CK_RV ca_session_validation(CK_SESSION_VALIDATION_FLAGS_TYPE type,
    CK_FLAGS *out);

/* In a forked child: frees all sessions of the parent. */
void ca_sessions_forget(struct ca_module *m);

#endif
