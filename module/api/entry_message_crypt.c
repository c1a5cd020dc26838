/* C_*: encrypting and decrypting message by message (3.0). */
#include "module/api/enter.h"
#include "module/core/op_message.h"

CK_RV
C_MessageEncryptInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_MessageEncryptInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_message_encrypt_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_EncryptMessage(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *aad, CK_ULONG aad_len, CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_EncryptMessage);
	struct ca_message_arg arg = {parameter, parameter_len};
	struct ca_message_text text = {in, in_len, out, out_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_crypt_message(e.session, CA_OP_MESSAGE_ENCRYPT, arg,
		    aad, aad_len, &text);
	return ca_leave(&e, rv);
}

CK_RV
C_EncryptMessageBegin(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *aad, CK_ULONG aad_len)
{
	struct ca_enter e = CA_ENTER(C_EncryptMessageBegin);
	struct ca_message_arg arg = {parameter, parameter_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_crypt_message_begin(e.session, CA_OP_MESSAGE_ENCRYPT,
		    arg, aad, aad_len);
	return ca_leave(&e, rv);
}

CK_RV
C_EncryptMessageNext(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len, CK_FLAGS flags)
{
	struct ca_enter e = CA_ENTER(C_EncryptMessageNext);
	struct ca_message_arg arg = {parameter, parameter_len};
	struct ca_message_text text = {in, in_len, out, out_len};
	bool last = (flags & CKF_END_OF_MESSAGE) != 0;
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_crypt_message_next(e.session, CA_OP_MESSAGE_ENCRYPT,
		    arg, &text, last);
	return ca_leave(&e, rv);
}

CK_RV
C_MessageEncryptFinal(CK_SESSION_HANDLE h)
{
	struct ca_enter e = CA_ENTER(C_MessageEncryptFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_message_final(e.session, CA_OP_MESSAGE_ENCRYPT);
	return ca_leave(&e, rv);
}

CK_RV
C_MessageDecryptInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	struct ca_enter e = CA_ENTER(C_MessageDecryptInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_message_decrypt_init(e.session, mechanism, key);
	return ca_leave(&e, rv);
}

CK_RV
C_DecryptMessage(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *aad, CK_ULONG aad_len, CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_DecryptMessage);
	struct ca_message_arg arg = {parameter, parameter_len};
	struct ca_message_text text = {in, in_len, out, out_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_crypt_message(e.session, CA_OP_MESSAGE_DECRYPT, arg,
		    aad, aad_len, &text);
	return ca_leave(&e, rv);
}

CK_RV
C_DecryptMessageBegin(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *aad, CK_ULONG aad_len)
{
	struct ca_enter e = CA_ENTER(C_DecryptMessageBegin);
	struct ca_message_arg arg = {parameter, parameter_len};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_crypt_message_begin(e.session, CA_OP_MESSAGE_DECRYPT,
		    arg, aad, aad_len);
	return ca_leave(&e, rv);
}

CK_RV
C_DecryptMessageNext(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len, CK_FLAGS flags)
{
	struct ca_enter e = CA_ENTER(C_DecryptMessageNext);
	struct ca_message_arg arg = {parameter, parameter_len};
	struct ca_message_text text = {in, in_len, out, out_len};
	bool last = (flags & CKF_END_OF_MESSAGE) != 0;
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_crypt_message_next(e.session, CA_OP_MESSAGE_DECRYPT,
		    arg, &text, last);
	return ca_leave(&e, rv);
}

CK_RV
C_MessageDecryptFinal(CK_SESSION_HANDLE h)
{
	struct ca_enter e = CA_ENTER(C_MessageDecryptFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_message_final(e.session, CA_OP_MESSAGE_DECRYPT);
	return ca_leave(&e, rv);
}
