/* See op_cipher.h: parameters of ciphers (PKCS#11 current mechanisms 3.0,
 * sections 2.10 to 2.13). */
#include <stddef.h>

#include "module/core/mech.h"
#include "module/core/op_cipher.h"
#include "module/core/param.h"

static CK_RV
read_iv(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	size_t block = ca_cipher_block(p);

	if (given->pParameter == NULL || given->ulParameterLen != block)
		return CKR_MECHANISM_PARAM_INVALID;
	p->iv = ca_rd_of(given->pParameter, block);
	return CKR_OK;
}

static CK_RV
read_ctr(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	CK_AES_CTR_PARAMS ctr;
	struct ca_rd iv;

	if (ca_param_copy(given, &ctr, sizeof(ctr)) != CKR_OK)
		return CKR_MECHANISM_PARAM_INVALID;
	iv = ca_rd_of(given->pParameter, sizeof(ctr));
	if (ctr.counter_bits == 0 || ctr.counter_bits > 128 ||
	    !ca_rd_skip(&iv, offsetof(CK_AES_CTR_PARAMS, cb)) ||
	    !ca_rd_take(&iv, sizeof(ctr.cb), &p->iv))
		return CKR_MECHANISM_PARAM_INVALID;
	p->count_bits = (unsigned)ctr.counter_bits;
	return CKR_OK;
}

bool
ca_cipher_gcm_fits(CK_ULONG tag_bits)
{
	return tag_bits == 32 || tag_bits == 64 ||
	       (tag_bits >= 96 && tag_bits <= 128 && tag_bits % 8 == 0);
}

CK_RV
ca_cipher_read_gcm(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	CK_GCM_PARAMS gcm;

	if (ca_param_copy(given, &gcm, sizeof(gcm)) != CKR_OK)
		return CKR_MECHANISM_PARAM_INVALID;
	if (gcm.iv_ptr == NULL || gcm.iv_len == 0 || gcm.iv_len > CA_IV_MAX ||
	    !ca_param_view(gcm.aad_ptr, gcm.aad_len, &p->aad) ||
	    !ca_cipher_gcm_fits(gcm.tag_bits))
		return CKR_MECHANISM_PARAM_INVALID;
	p->iv = ca_rd_of(gcm.iv_ptr, gcm.iv_len);
	p->tag = gcm.tag_bits / 8;
	return CKR_OK;
}

bool
ca_cipher_ccm_fits(CK_ULONG nonce, CK_ULONG tag, CK_ULONG total)
{
	size_t length_n;

	if (nonce < 7 || nonce > 13 || tag < 4 || tag > 16 || tag % 2 != 0)
		return false;
	length_n = 15 - nonce;
	return total <= CA_CIPHER_KEPT_MAX &&
	       (length_n >= 4 || total >> 8 * length_n == 0);
}

static CK_RV
read_ccm(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	CK_CCM_PARAMS ccm;

	if (ca_param_copy(given, &ccm, sizeof(ccm)) != CKR_OK)
		return CKR_MECHANISM_PARAM_INVALID;
	if (ccm.pNonce == NULL ||
	    !ca_param_view(ccm.pAAD, ccm.ulAADLen, &p->aad) ||
	    !ca_cipher_ccm_fits(ccm.ulNonceLen, ccm.ulMACLen, ccm.ulDataLen))
		return CKR_MECHANISM_PARAM_INVALID;
	p->iv = ca_rd_of(ccm.pNonce, ccm.ulNonceLen);
	p->tag = ccm.ulMACLen;
	p->total = ccm.ulDataLen;
	return CKR_OK;
}

CK_RV
ca_cipher_read(struct ca_op *op, const CK_MECHANISM *given)
{
	struct ca_cipher_params *p = &op->cipher_params;

	p->mode = (enum ca_cipher)op->mech->detail;
	p->des3 = op->mech->keys == CA_KEYS_DES3;
	switch (p->mode) {
	case CA_CIPHER_ECB:
		return given->ulParameterLen == 0 ? CKR_OK
						  : CKR_MECHANISM_PARAM_INVALID;
	case CA_CIPHER_CBC:
	case CA_CIPHER_CBC_PAD:
		return read_iv(p, given);
	case CA_CIPHER_CTR:
		return read_ctr(p, given);
	case CA_CIPHER_GCM:
		return ca_cipher_read_gcm(p, given);
	case CA_CIPHER_CCM:
		return read_ccm(p, given);
	}
	return CKR_MECHANISM_INVALID;
}
