/* C_*: checking a signature that is given first (3.2). */
#include "module/api/enter.h"
#include "module/core/op.h"

CK_RV
C_VerifySignatureInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key, CK_BYTE *sig, CK_ULONG sig_len)
{
	struct ca_enter e = CA_ENTER(C_VerifySignatureInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_given_init(e.session, mechanism, key, sig,
		    sig_len);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifySignature(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len)
{
	struct ca_enter e = CA_ENTER(C_VerifySignature);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_given(e.session, in, in_len);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifySignatureUpdate(CK_SESSION_HANDLE h, CK_BYTE *part, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_VerifySignatureUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_given_update(e.session, part, n);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifySignatureFinal(CK_SESSION_HANDLE h)
{
	struct ca_enter e = CA_ENTER(C_VerifySignatureFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_given_final(e.session);
	return ca_leave(&e, rv);
}
