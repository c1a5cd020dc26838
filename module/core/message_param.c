#include "module/core/message_param.h"

#include <string.h>

#include "module/core/message_iv.h"

size_t
ca_message_param_size(enum ca_cipher mode)
{
	if (mode == CA_CIPHER_CCM)
		return sizeof(CK_CCM_MESSAGE_PARAMS);
	return mode == CA_CIPHER_GCM ? sizeof(CK_GCM_MESSAGE_PARAMS) : 0;
}

/* Tags of SP 800-38D, 5.2.1.2. */
static bool
read_gcm(const void *from, struct ca_message_params *out)
{
	CK_GCM_MESSAGE_PARAMS p;

	memcpy(&p, from, sizeof(p));
	*out = (struct ca_message_params){p.pIv, p.pTag, p.ulIvLen,
	    p.ulTagBits / 8, p.ulIvFixedBits, p.ivGenerator, 0};
	return p.ulIvLen != 0 && p.ulIvLen <= CA_IV_MAX &&
	       p.ulTagBits % 8 == 0 &&
	       (p.ulTagBits == 32 || p.ulTagBits == 64 ||
		   (p.ulTagBits >= 96 && p.ulTagBits <= 128));
}

/* SP 800-38C, A.1: what is left of a block beside the nonce counts the bytes of
 * the message. */
static bool
read_ccm(const void *from, struct ca_message_params *out)
{
	CK_CCM_MESSAGE_PARAMS p;
	size_t length_n;

	memcpy(&p, from, sizeof(p));
	*out = (struct ca_message_params){p.pNonce, p.pMAC, p.ulNonceLen,
	    p.ulMACLen, p.ulNonceFixedBits, p.nonceGenerator, p.ulDataLen};
	if (p.ulNonceLen < 7 || p.ulNonceLen > 13 || p.ulMACLen < 4 ||
	    p.ulMACLen > 16 || p.ulMACLen % 2 != 0)
		return false;
	length_n = 15 - p.ulNonceLen;
	return p.ulDataLen <= CA_CIPHER_KEPT_MAX &&
	       (length_n >= 4 || p.ulDataLen >> 8 * length_n == 0);
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
