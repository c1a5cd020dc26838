/*
 * C_Login, C_Logout and how a login ends. The slot lock is held everywhere.
 * The card is the truth: what is asked here is what the token says.
 */
#ifndef CA_CORE_LOGIN_H
#define CA_CORE_LOGIN_H

#include <stdbool.h>

#include "module/core/pkcs11_3.h"
#include "module/core/session.h"
#include "pcsc/base/cdefs.h"

/* Whether PINs of this token can be keyed in at the reader:
 * CKF_PROTECTED_AUTHENTICATION_PATH. Asks nothing from the card. */
bool ca_login_is_keyed(const struct ca_slot *s);

/* C_Login. At most one try of the PIN is spent, none when the answer can be
 * known before. `pin` is borrowed and not copied here; NULL without length: it
 * is keyed in at the reader, CKR_ARGUMENTS_BAD where that cannot be. */
CA_MUST_CHECK CK_RV ca_login(struct ca_session *ss, CK_USER_TYPE user,
    const CK_UTF8CHAR *pin, CK_ULONG pin_len);

/* C_Logout. */
CA_MUST_CHECK CK_RV ca_logout(struct ca_session *ss);

/* Ends a login, if there is one, because the last session closes or the
 * module ends; problems are logged. */
void ca_login_end(struct ca_slot *s);

/* The CKS_ state of a session. */
CK_STATE ca_login_state(const struct ca_session *ss);

/* Updates slot->epoch when a login ended by itself: somebody reset the card,
 * or the officer's time is over. */
void ca_login_notice(struct ca_slot *s);

#endif
