/* See op_cipher.h: parameters of ciphers (PKCS#11 current mechanisms 3.0,
 * sections 2.10 to 2.13). */
#include <stddef.h>
#include <string.h>

#include "module/core/mech.h"
#include "module/core/op_cipher.h"

/* Of OpenSSL: no more can be set. */
#define GCM_IV_MAX 128

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

	if (given->pParameter == NULL || given->ulParameterLen != sizeof(ctr))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&ctr, given->pParameter, sizeof(ctr));
	iv = ca_rd_of(given->pParameter, sizeof(ctr));
	if (ctr.counter_bits == 0 || ctr.counter_bits > 128 ||
	    !ca_rd_skip(&iv, offsetof(CK_AES_CTR_PARAMS, cb)) ||
	    !ca_rd_take(&iv, sizeof(ctr.cb), &p->iv))
		return CKR_MECHANISM_PARAM_INVALID;
	p->count_bits = (unsigned)ctr.counter_bits;
	return CKR_OK;
}

/* Tags of SP 800-38D, 5.2.1.2. */
static bool
is_tag(CK_ULONG bits)
{
	return bits == 32 || bits == 64 ||
	       (bits >= 96 && bits <= 128 && bits % 8 == 0);
}

CK_RV
ca_cipher_read_gcm(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	CK_GCM_PARAMS gcm;

	if (given->pParameter == NULL || given->ulParameterLen != sizeof(gcm))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&gcm, given->pParameter, sizeof(gcm));
	if (gcm.iv_ptr == NULL || gcm.iv_len == 0 || gcm.iv_len > GCM_IV_MAX ||
	    (gcm.aad_ptr == NULL && gcm.aad_len != 0) ||
	    gcm.aad_len > CA_BUF_MAX || !is_tag(gcm.tag_bits))
		return CKR_MECHANISM_PARAM_INVALID;
	p->iv = ca_rd_of(gcm.iv_ptr, gcm.iv_len);
	p->aad = ca_rd_of(gcm.aad_ptr, gcm.aad_len);
	p->tag = gcm.tag_bits / 8;
	return CKR_OK;
}

/* SP 800-38C, A.1: what is left of a block beside the nonce counts the bytes of
 * the message. */
static CK_RV
read_ccm(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	CK_CCM_PARAMS ccm;
	size_t length_n;

	if (given->pParameter == NULL || given->ulParameterLen != sizeof(ccm))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&ccm, given->pParameter, sizeof(ccm));
	if (ccm.pNonce == NULL || ccm.ulNonceLen < 7 || ccm.ulNonceLen > 13 ||
	    (ccm.pAAD == NULL && ccm.ulAADLen != 0) ||
	    ccm.ulAADLen > CA_BUF_MAX || ccm.ulMACLen < 4 ||
	    ccm.ulMACLen > 16 || ccm.ulMACLen % 2 != 0)
		return CKR_MECHANISM_PARAM_INVALID;
	length_n = 15 - ccm.ulNonceLen;
	if (ccm.ulDataLen > CA_CIPHER_KEPT_MAX ||
	    (length_n < 4 && ccm.ulDataLen >> 8 * length_n != 0))
		return CKR_MECHANISM_PARAM_INVALID;
	p->iv = ca_rd_of(ccm.pNonce, ccm.ulNonceLen);
	p->aad = ca_rd_of(ccm.pAAD, ccm.ulAADLen);
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
