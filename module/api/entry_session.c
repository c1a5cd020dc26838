/* C_*: sessions, login, PINs, random numbers. */
#include "module/api/enter.h"
#include "module/core/login.h"
#include "module/core/op_state.h"
#include "module/core/random.h"
#include "module/core/set_pin.h"

CK_RV
C_CloseSession(CK_SESSION_HANDLE h)
{
	struct ca_enter e = CA_ENTER(C_CloseSession);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK) {
		ca_session_close(e.session);
		if (ca_sessions_count(e.slot).all == 0)
			ca_login_end(e.slot);
	}
	return ca_leave(&e, rv);
}

CK_RV
C_GetSessionInfo(CK_SESSION_HANDLE h, CK_SESSION_INFO *info)
{
	struct ca_enter e = CA_ENTER(C_GetSessionInfo);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_session_info(e.session, info);
	return ca_leave(&e, rv);
}

CK_RV
C_GetOperationState(CK_SESSION_HANDLE h, CK_BYTE *state, CK_ULONG *state_len)
{
	struct ca_enter e = CA_ENTER(C_GetOperationState);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_state_get(e.session, state, state_len);
	return ca_leave(&e, rv);
}

CK_RV
C_SetOperationState(CK_SESSION_HANDLE h, CK_BYTE *state, CK_ULONG state_len,
    CK_OBJECT_HANDLE encryption_key, CK_OBJECT_HANDLE authentication_key)
{
	struct ca_enter e = CA_ENTER(C_SetOperationState);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_state_set(e.session, state, state_len, encryption_key,
		    authentication_key);
	return ca_leave(&e, rv);
}

CK_RV
C_GetSessionValidationFlags(CK_SESSION_HANDLE h,
    CK_SESSION_VALIDATION_FLAGS_TYPE type, CK_FLAGS *flags)
{
	struct ca_enter e = CA_ENTER(C_GetSessionValidationFlags);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_session_validation(type, flags);
	return ca_leave(&e, rv);
}

CK_RV
C_Login(CK_SESSION_HANDLE h, CK_USER_TYPE user, CK_UTF8CHAR *pin,
    CK_ULONG pin_len)
{
	struct ca_enter e = CA_ENTER(C_Login);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_login(e.session, user, pin, pin_len);
	return ca_leave(&e, rv);
}

/* 3.0, 5.6.9: no token here has named users. */
CK_RV
C_LoginUser(CK_SESSION_HANDLE h, CK_USER_TYPE user, CK_UTF8CHAR *pin,
    CK_ULONG pin_len, CK_UTF8CHAR *name, CK_ULONG name_len)
{
	struct ca_enter e = CA_ENTER(C_LoginUser);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK) {
		if (name == NULL && name_len != 0)
			rv = CKR_ARGUMENTS_BAD;
		else if (name_len != 0)
			rv = CKR_FUNCTION_NOT_SUPPORTED;
		else
			rv = ca_login(e.session, user, pin, pin_len);
	}
	return ca_leave(&e, rv);
}

CK_RV
C_Logout(CK_SESSION_HANDLE h)
{
	struct ca_enter e = CA_ENTER(C_Logout);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_logout(e.session);
	return ca_leave(&e, rv);
}

CK_RV
C_InitPIN(CK_SESSION_HANDLE h, CK_UTF8CHAR *pin, CK_ULONG pin_len)
{
	struct ca_enter e = CA_ENTER(C_InitPIN);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_init_pin(e.session, pin, pin_len);
	return ca_leave(&e, rv);
}

CK_RV
C_SetPIN(CK_SESSION_HANDLE h, CK_UTF8CHAR *old_pin, CK_ULONG old_len,
    CK_UTF8CHAR *new_pin, CK_ULONG new_len)
{
	struct ca_enter e = CA_ENTER(C_SetPIN);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_set_pin(e.session, old_pin, old_len, new_pin, new_len);
	return ca_leave(&e, rv);
}

CK_RV
C_SessionCancel(CK_SESSION_HANDLE h, CK_FLAGS flags)
{
	struct ca_enter e = CA_ENTER(C_SessionCancel);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_session_cancel(e.session, flags);
	return ca_leave(&e, rv);
}

CK_RV
C_SeedRandom(CK_SESSION_HANDLE h, CK_BYTE *seed, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_SeedRandom);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_random_seed(seed, n);
	return ca_leave(&e, rv);
}

CK_RV
C_GenerateRandom(CK_SESSION_HANDLE h, CK_BYTE *out, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_GenerateRandom);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_random_get(out, n);
	return ca_leave(&e, rv);
}
