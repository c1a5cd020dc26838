/* C_*: two operations in one call. */
#include "module/api/enter.h"
#include "module/core/op.h"

CK_RV
C_DigestEncryptUpdate(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_DigestEncryptUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_digest_encrypt_update(e.session, in, in_len, out,
		    out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_DecryptDigestUpdate(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_DecryptDigestUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_decrypt_digest_update(e.session, in, in_len, out,
		    out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_SignEncryptUpdate(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_SignEncryptUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv =
		    ca_sign_encrypt_update(e.session, in, in_len, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_DecryptVerifyUpdate(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_DecryptVerifyUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_decrypt_verify_update(e.session, in, in_len, out,
		    out_len);
	return ca_leave(&e, rv);
}
