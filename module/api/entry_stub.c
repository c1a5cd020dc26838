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
