#include "module/core/message_param.h"

#include <string.h>

#include "module/core/message_iv.h"
#include "module/core/op_cipher.h"

size_t
ca_message_param_size(enum ca_cipher mode)
{
	if (mode == CA_CIPHER_CCM)
		return sizeof(CK_CCM_MESSAGE_PARAMS);
	return mode == CA_CIPHER_GCM ? sizeof(CK_GCM_MESSAGE_PARAMS) : 0;
}

static bool
read_gcm(const void *from, struct ca_message_params *out)
{
	CK_GCM_MESSAGE_PARAMS p;

	memcpy(&p, from, sizeof(p));
	*out = (struct ca_message_params){p.pIv, p.pTag, p.ulIvLen,
	    p.ulTagBits / 8, p.ulIvFixedBits, p.ivGenerator, 0};
	return p.ulIvLen != 0 && p.ulIvLen <= CA_IV_MAX &&
	       ca_cipher_gcm_fits(p.ulTagBits);
}

static bool
read_ccm(const void *from, struct ca_message_params *out)
{
	CK_CCM_MESSAGE_PARAMS p;

	memcpy(&p, from, sizeof(p));
	*out = (struct ca_message_params){p.pNonce, p.pMAC, p.ulNonceLen,
	    p.ulMACLen, p.ulNonceFixedBits, p.nonceGenerator, p.ulDataLen};
	return ca_cipher_ccm_fits(p.ulNonceLen, p.ulMACLen, p.ulDataLen);
}

CK_RV
ca_message_param_read(enum ca_cipher mode, struct ca_message_arg arg,
    struct ca_message_params *out)
{
	bool good = arg.p != NULL && arg.n == ca_message_param_size(mode);

	if (good)
		good = mode == CA_CIPHER_CCM ? read_ccm(arg.p, out)
					     : read_gcm(arg.p, out);
	return good && out->iv != NULL ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}
