/*
 * C_*: what is not built. Each checks that the module runs and the session
 * exists, because those answers come before any other.
 */
#include "module/api/enter.h"
#include "module/api/stub.h"

CK_RV
ca_not_built(const char *name, CK_SESSION_HANDLE h)
{
	struct ca_enter e = {.name = name};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = CKR_FUNCTION_NOT_SUPPORTED;
	return ca_leave(&e, rv);
}

CK_RV
C_SignRecoverInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	(void)mechanism;
	(void)key;
	return ca_not_built("C_SignRecoverInit", h);
}

CK_RV
C_SignRecover(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len)
{
	(void)in;
	(void)in_len;
	(void)out;
	(void)out_len;
	return ca_not_built("C_SignRecover", h);
}

CK_RV
C_VerifyRecoverInit(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE key)
{
	(void)mechanism;
	(void)key;
	return ca_not_built("C_VerifyRecoverInit", h);
}

CK_RV
C_VerifyRecover(CK_SESSION_HANDLE h, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len)
{
	(void)in;
	(void)in_len;
	(void)out;
	(void)out_len;
	return ca_not_built("C_VerifyRecover", h);
}
