/* C_*: digests, signing, checking signatures. */
#include "module/api/enter.h"
#include "module/core/op.h"

CK_RV
C_DigestInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism)
{
	struct ca_enter e = CA_ENTER(C_DigestInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_digest_init(e.session, mechanism);
	return ca_leave(&e, rv);
}

CK_RV
C_Digest(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_Digest);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_digest(e.session, in, in_len, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_DigestUpdate(CK_SESSION_HANDLE h, CK_BYTE *part, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_DigestUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_digest_update(e.session, part, n);
	return ca_leave(&e, rv);
}

CK_RV
C_DigestKey(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_DigestKey);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_digest_key(e.session, key);
	return ca_leave(&e, rv);
}

CK_RV
C_DigestFinal(CK_SESSION_HANDLE h, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_DigestFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_digest_final(e.session, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_SignInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_SignInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_Sign(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_Sign);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign(e.session, in, in_len, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_SignUpdate(CK_SESSION_HANDLE h, CK_BYTE *part, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_SignUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign_update(e.session, part, n);
	return ca_leave(&e, rv);
}

CK_RV
C_SignFinal(CK_SESSION_HANDLE h, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_SignFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_sign_final(e.session, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifyInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_VerifyInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_Verify(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG sig_len)
{
	struct ca_enter e = CA_ENTER(C_Verify);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify(e.session, in, in_len, sig, sig_len);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifyUpdate(CK_SESSION_HANDLE h, CK_BYTE *part, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_VerifyUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_update(e.session, part, n);
	return ca_leave(&e, rv);
}

CK_RV
C_VerifyFinal(CK_SESSION_HANDLE h, CK_BYTE *sig, CK_ULONG sig_len)
{
	struct ca_enter e = CA_ENTER(C_VerifyFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_verify_final(e.session, sig, sig_len);
	return ca_leave(&e, rv);
}
