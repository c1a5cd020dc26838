#include "module/core/init_token.h"

#include "module/core/login.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/log.h"

CK_RV
ca_init_token(struct ca_slot *s, const CK_UTF8CHAR *pin, CK_ULONG pin_len,
    const CK_UTF8CHAR *label)
{
	if (ca_sessions_count(s).all != 0)
		return CKR_SESSION_EXISTS;
	if (label == NULL)
		return CKR_ARGUMENTS_BAD;
	if (pin == NULL && (pin_len != 0 || !ca_login_is_keyed(s)))
		return CKR_ARGUMENTS_BAD;
	ca_log(CA_LOG_WARN, "token",
	    "C_InitToken: how this token is emptied and set up anew is not "
	    "known; it is left as it is");
	return CKR_FUNCTION_NOT_SUPPORTED;
}
