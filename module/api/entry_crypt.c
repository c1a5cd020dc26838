/* C_*: encrypting and decrypting. */
#include "module/api/enter.h"
#include "module/core/op.h"

CK_RV
C_EncryptInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_EncryptInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_encrypt_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_Encrypt(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_Encrypt);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_encrypt(e.session, in, in_len, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_EncryptUpdate(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_EncryptUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_encrypt_update(e.session, in, in_len, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_EncryptFinal(CK_SESSION_HANDLE h, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_EncryptFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_encrypt_final(e.session, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_DecryptInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_DecryptInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_decrypt_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_Decrypt(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_Decrypt);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_decrypt(e.session, in, in_len, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_DecryptUpdate(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_DecryptUpdate);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_decrypt_update(e.session, in, in_len, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_DecryptFinal(CK_SESSION_HANDLE h, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_DecryptFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_decrypt_final(e.session, out, out_len);
	return ca_leave(&e, rv);
}
