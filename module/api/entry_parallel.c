/*
 * C_*: functions that run beside the program that called them. None does: the
 * parallel functions of the first versions were taken back (2.40, 5.15), and a
 * token without asynchronous sessions has no operation for those of 3.2 (5.21)
 * to complete, name or join.
 */
#include "module/api/enter.h"

static CK_RV
refuse(const char *name, CK_SESSION_HANDLE h, CK_RV answer)
{
	struct ca_enter e = {.name = name};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = answer;
	return ca_leave(&e, rv);
}

CK_RV
C_GetFunctionStatus(CK_SESSION_HANDLE h)
{
	return refuse("C_GetFunctionStatus", h, CKR_FUNCTION_NOT_PARALLEL);
}

CK_RV
C_CancelFunction(CK_SESSION_HANDLE h)
{
	return refuse("C_CancelFunction", h, CKR_FUNCTION_NOT_PARALLEL);
}

CK_RV
C_AsyncComplete(CK_SESSION_HANDLE h, CK_UTF8CHAR *function,
    CK_ASYNC_DATA *result)
{
	(void)function;
	(void)result;
	return refuse("C_AsyncComplete", h, CKR_FUNCTION_NOT_SUPPORTED);
}

CK_RV
C_AsyncGetID(CK_SESSION_HANDLE h, CK_UTF8CHAR *function, CK_ULONG *id)
{
	(void)function;
	(void)id;
	return refuse("C_AsyncGetID", h, CKR_FUNCTION_NOT_SUPPORTED);
}

CK_RV
C_AsyncJoin(CK_SESSION_HANDLE h, CK_UTF8CHAR *function, CK_ULONG id,
    CK_BYTE *data, CK_ULONG n)
{
	(void)function;
	(void)id;
	(void)data;
	(void)n;
	return refuse("C_AsyncJoin", h, CKR_FUNCTION_NOT_SUPPORTED);
}
