/* C_*: signatures that hold the data. */
#include "module/api/enter.h"
#include "module/core/op.h"

CK_RV
C_SignRecoverInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_SignRecoverInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign_recover_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_SignRecover(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	struct ca_enter e = CA_ENTER(C_SignRecover);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign_recover(e.session, in, in_len, sig, sig_len);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifyRecoverInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_VerifyRecoverInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_recover_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifyRecover(CK_SESSION_HANDLE h, CK_BYTE *sig, CK_ULONG sig_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_VerifyRecover);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_recover(e.session, sig, sig_len, out, out_len);
	return ca_leave(&e, rv);
}
