/* C_*: signing and checking message by message (3.0). */
#include "module/api/enter.h"
#include "module/core/op_message.h"

CK_RV
C_MessageSignInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_MessageSignInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_message_sign_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_SignMessage(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	struct ca_enter e = CA_ENTER(C_SignMessage);
	struct ca_message_arg arg = {parameter, parameter_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign_message(e.session, arg, in, in_len, sig, sig_len);
	return ca_leave(&e, rv);
}

CK_RV
C_SignMessageBegin(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len)
{
	struct ca_enter e = CA_ENTER(C_SignMessageBegin);
	struct ca_message_arg arg = {parameter, parameter_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign_message_begin(e.session, arg);
	return ca_leave(&e, rv);
}

CK_RV
C_SignMessageNext(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	struct ca_enter e = CA_ENTER(C_SignMessageNext);
	struct ca_message_arg arg = {parameter, parameter_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign_message_next(e.session, arg, in, in_len, sig,
		    sig_len);
	return ca_leave(&e, rv);
}

CK_RV
C_MessageSignFinal(CK_SESSION_HANDLE h)
{
	struct ca_enter e = CA_ENTER(C_MessageSignFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_message_final(e.session, CA_OP_MESSAGE_SIGN);
	return ca_leave(&e, rv);
}

CK_RV
C_MessageVerifyInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_MessageVerifyInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_message_verify_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifyMessage(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG sig_len)
{
	struct ca_enter e = CA_ENTER(C_VerifyMessage);
	struct ca_message_arg arg = {parameter, parameter_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv =
		    ca_verify_message(e.session, arg, in, in_len, sig, sig_len);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifyMessageBegin(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len)
{
	struct ca_enter e = CA_ENTER(C_VerifyMessageBegin);
	struct ca_message_arg arg = {parameter, parameter_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_message_begin(e.session, arg);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifyMessageNext(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG sig_len)
{
	struct ca_enter e = CA_ENTER(C_VerifyMessageNext);
	struct ca_message_arg arg = {parameter, parameter_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_message_next(e.session, arg, in, in_len, sig,
		    sig_len);
	return ca_leave(&e, rv);
}

CK_RV
C_MessageVerifyFinal(CK_SESSION_HANDLE h)
{
	struct ca_enter e = CA_ENTER(C_MessageVerifyFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_message_final(e.session, CA_OP_MESSAGE_VERIFY);
	return ca_leave(&e, rv);
}
