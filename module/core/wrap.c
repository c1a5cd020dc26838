/* See wrap.h. Not built: the answer of 5.1.6 (2.40) for such a function. */
#include "module/core/wrap.h"

CK_RV
ca_encapsulate_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE public_key, CK_BYTE *sent, CK_ULONG *sent_len,
    const struct ca_wrap_new *out)
{
	(void)ss;
	(void)mech;
	(void)public_key;
	(void)sent;
	(void)sent_len;
	(void)out;
	return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV
ca_decapsulate_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE private_key, const CK_BYTE *sent, CK_ULONG sent_len,
    const struct ca_wrap_new *out)
{
	(void)ss;
	(void)mech;
	(void)private_key;
	(void)sent;
	(void)sent_len;
	(void)out;
	return CKR_FUNCTION_NOT_SUPPORTED;
}
