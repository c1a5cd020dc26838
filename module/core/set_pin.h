/*
 * C_SetPIN and C_InitPIN: new values for the PINs that a login takes. The slot
 * lock is held. At most one try is spent, none of the last one (unless
 * that was ordered: last_try.h), and none when a length is wrong.
 */
#ifndef CA_CORE_SET_PIN_H
#define CA_CORE_SET_PIN_H

#include "module/core/pkcs11_3.h"
#include "module/core/session.h"
#include "pcsc/base/cdefs.h"

/*
 * C_SetPIN: the user's PIN, or the officer's in his session. Values besides
 * the usual: CKR_PIN_INCORRECT, CKR_PIN_LOCKED (also: one try is left),
 * CKR_PIN_LEN_RANGE and CKR_PIN_INVALID for the new one, CKR_SESSION_READ_ONLY,
 * CKR_FUNCTION_NOT_SUPPORTED where the card knows no way. Both NULL without
 * length: both are keyed in at the reader, CKR_ARGUMENTS_BAD where PINs are
 * not.
 */
CA_MUST_CHECK CK_RV ca_set_pin(struct ca_session *ss,
    const CK_UTF8CHAR *old_pin, CK_ULONG old_len, const CK_UTF8CHAR *new_pin,
    CK_ULONG new_len);

/*
 * C_InitPIN in the officer's session: unblocks the user PIN by the PUK that
 * C_Login brought, and gives it a new value. CKR_USER_NOT_LOGGED_IN elsewhere,
 * and when the PUK is not held any more (officer.h). CKR_PIN_INCORRECT: the PUK
 * was wrong, and the login is over. NULL without length after a login whose PUK
 * was keyed in: both are keyed in; CKR_ARGUMENTS_BAD after another one.
 */
CA_MUST_CHECK CK_RV ca_init_pin(struct ca_session *ss, const CK_UTF8CHAR *pin,
    CK_ULONG pin_len);

#endif
