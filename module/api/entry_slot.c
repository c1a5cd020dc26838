/* C_*: slots and tokens. */
#include "module/api/enter.h"
#include "module/core/info.h"
#include "module/core/init_token.h"
#include "module/core/login.h"
#include "module/core/mech.h"

CK_RV
C_GetSlotList(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count)
{
	struct ca_enter e = CA_ENTER(C_GetSlotList);
	CK_RV rv;

	if ((rv = ca_enter(&e)) == CKR_OK)
		rv = ca_slot_list(present, list, count);
	return ca_leave(&e, rv);
}

CK_RV
C_GetSlotInfo(CK_SLOT_ID id, CK_SLOT_INFO *info)
{
	struct ca_enter e = CA_ENTER(C_GetSlotInfo);
	CK_RV rv;

	if ((rv = ca_enter_slot(&e, id)) == CKR_OK)
		rv = ca_slot_info(e.slot, info);
	return ca_leave(&e, rv);
}

CK_RV
C_GetTokenInfo(CK_SLOT_ID id, CK_TOKEN_INFO *info)
{
	struct ca_enter e = CA_ENTER(C_GetTokenInfo);
	CK_RV rv;

	if ((rv = ca_enter_slot_locked(&e, id)) == CKR_OK)
		rv = ca_token_info(e.slot, info);
	return ca_leave(&e, rv);
}

CK_RV
C_GetMechanismList(CK_SLOT_ID id, CK_MECHANISM_TYPE *list, CK_ULONG *count)
{
	struct ca_enter e = CA_ENTER(C_GetMechanismList);
	CK_RV rv;

	if ((rv = ca_enter_slot_locked(&e, id)) == CKR_OK && count == NULL)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && (rv = ca_open_token(&e)) == CKR_OK)
		rv = ca_mech_list(e.slot, list, count);
	return ca_leave(&e, rv);
}

CK_RV
C_GetMechanismInfo(CK_SLOT_ID id, CK_MECHANISM_TYPE type,
    CK_MECHANISM_INFO *info)
{
	struct ca_enter e = CA_ENTER(C_GetMechanismInfo);
	CK_RV rv;

	if ((rv = ca_enter_slot_locked(&e, id)) == CKR_OK && info == NULL)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && (rv = ca_open_token(&e)) == CKR_OK)
		rv = ca_mech_info(e.slot, type, info);
	return ca_leave(&e, rv);
}

CK_RV
C_InitToken(CK_SLOT_ID id, CK_UTF8CHAR *pin, CK_ULONG pin_len,
    CK_UTF8CHAR *label)
{
	struct ca_enter e = CA_ENTER(C_InitToken);
	CK_RV rv;

	if ((rv = ca_enter_slot_locked(&e, id)) == CKR_OK &&
	    (rv = ca_open_token(&e)) == CKR_OK)
		rv = ca_init_token(e.slot, pin, pin_len, label);
	return ca_leave(&e, rv);
}

CK_RV
C_OpenSession(CK_SLOT_ID id, CK_FLAGS flags, CK_VOID_PTR application,
    CK_NOTIFY notify, CK_SESSION_HANDLE *session)
{
	struct ca_enter e = CA_ENTER(C_OpenSession);
	CK_RV rv;

	/* No call here takes so long that the application should be asked
	 * whether to go on, so nobody is notified. */
	(void)application;
	(void)notify;
	if ((rv = ca_enter_slot_locked(&e, id)) == CKR_OK)
		rv = ca_session_args(flags, session);
	if (rv == CKR_OK && (rv = ca_open_token(&e)) == CKR_OK)
		rv = ca_session_open(e.slot, flags, session);
	return ca_leave(&e, rv);
}

CK_RV
C_CloseAllSessions(CK_SLOT_ID id)
{
	struct ca_enter e = CA_ENTER(C_CloseAllSessions);
	CK_RV rv;

	if ((rv = ca_enter_slot_locked(&e, id)) == CKR_OK) {
		ca_sessions_close_all(e.slot);
		ca_login_end(e.slot);
	}
	return ca_leave(&e, rv);
}
