#include "module/core/param.h"

#include <string.h>

#include "pcsc/base/buf.h"

CK_RV
ca_param_copy(const CK_MECHANISM *given, void *out, size_t n)
{
	if (given->pParameter == NULL || given->ulParameterLen != n)
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(out, given->pParameter, n);
	return CKR_OK;
}

bool
ca_param_view(const void *p, CK_ULONG n, struct ca_rd *out)
{
	if ((p == NULL && n != 0) || n > CA_BUF_MAX)
		return false;
	*out = ca_rd_of(p, n);
	return true;
}
