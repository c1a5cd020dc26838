/*
 * C_*: the message functions of 3.0. No card mechanism works on messages, so
 * none of them is built; stubs conform (3.0, 5.1).
 */
#include "module/api/stub.h"

CK_RV
C_MessageEncryptInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	(void)mechanism;
	(void)key;
	return ca_not_built("C_MessageEncryptInit", h);
}

CK_RV
C_EncryptMessage(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len,
    CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	(void)parameter;
	(void)parameter_len;
	(void)associated;
	(void)associated_len;
	(void)in;
	(void)in_len;
	(void)out;
	(void)out_len;
	return ca_not_built("C_EncryptMessage", h);
}

CK_RV
C_EncryptMessageBegin(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len)
{
	(void)parameter;
	(void)parameter_len;
	(void)associated;
	(void)associated_len;
	return ca_not_built("C_EncryptMessageBegin", h);
}

CK_RV
C_EncryptMessageNext(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len, CK_FLAGS flags)
{
	(void)parameter;
	(void)parameter_len;
	(void)in;
	(void)in_len;
	(void)out;
	(void)out_len;
	(void)flags;
	return ca_not_built("C_EncryptMessageNext", h);
}

CK_RV
C_MessageEncryptFinal(CK_SESSION_HANDLE h)
{
	return ca_not_built("C_MessageEncryptFinal", h);
}

CK_RV
C_MessageDecryptInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	(void)mechanism;
	(void)key;
	return ca_not_built("C_MessageDecryptInit", h);
}

CK_RV
C_DecryptMessage(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len,
    CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	(void)parameter;
	(void)parameter_len;
	(void)associated;
	(void)associated_len;
	(void)in;
	(void)in_len;
	(void)out;
	(void)out_len;
	return ca_not_built("C_DecryptMessage", h);
}

CK_RV
C_DecryptMessageBegin(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len)
{
	(void)parameter;
	(void)parameter_len;
	(void)associated;
	(void)associated_len;
	return ca_not_built("C_DecryptMessageBegin", h);
}

CK_RV
C_DecryptMessageNext(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len, CK_FLAGS flags)
{
	(void)parameter;
	(void)parameter_len;
	(void)in;
	(void)in_len;
	(void)out;
	(void)out_len;
	(void)flags;
	return ca_not_built("C_DecryptMessageNext", h);
}

CK_RV
C_MessageDecryptFinal(CK_SESSION_HANDLE h)
{
	return ca_not_built("C_MessageDecryptFinal", h);
}

CK_RV
C_MessageSignInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	(void)mechanism;
	(void)key;
	return ca_not_built("C_MessageSignInit", h);
}

CK_RV
C_SignMessage(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	(void)parameter;
	(void)parameter_len;
	(void)in;
	(void)in_len;
	(void)sig;
	(void)sig_len;
	return ca_not_built("C_SignMessage", h);
}

CK_RV
C_SignMessageBegin(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len)
{
	(void)parameter;
	(void)parameter_len;
	return ca_not_built("C_SignMessageBegin", h);
}

CK_RV
C_SignMessageNext(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	(void)parameter;
	(void)parameter_len;
	(void)in;
	(void)in_len;
	(void)sig;
	(void)sig_len;
	return ca_not_built("C_SignMessageNext", h);
}

CK_RV
C_MessageSignFinal(CK_SESSION_HANDLE h)
{
	return ca_not_built("C_MessageSignFinal", h);
}

CK_RV
C_MessageVerifyInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	(void)mechanism;
	(void)key;
	return ca_not_built("C_MessageVerifyInit", h);
}

CK_RV
C_VerifyMessage(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG sig_len)
{
	(void)parameter;
	(void)parameter_len;
	(void)in;
	(void)in_len;
	(void)sig;
	(void)sig_len;
	return ca_not_built("C_VerifyMessage", h);
}

CK_RV
C_VerifyMessageBegin(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len)
{
	(void)parameter;
	(void)parameter_len;
	return ca_not_built("C_VerifyMessageBegin", h);
}

CK_RV
C_VerifyMessageNext(CK_SESSION_HANDLE h, CK_VOID_PTR parameter,
    CK_ULONG parameter_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG sig_len)
{
	(void)parameter;
	(void)parameter_len;
	(void)in;
	(void)in_len;
	(void)sig;
	(void)sig_len;
	return ca_not_built("C_VerifyMessageNext", h);
}

CK_RV
C_MessageVerifyFinal(CK_SESSION_HANDLE h)
{
	return ca_not_built("C_MessageVerifyFinal", h);
}
