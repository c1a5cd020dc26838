/*
 * What PKCS#11 3.2 adds for wrapping keys by AES-GCM and AES-CCM, where p11-kit
 * lacks it.
 */
#ifndef CA_MODULE_PKCS11_WRAP_H
#define CA_MODULE_PKCS11_WRAP_H

#include "module/core/pkcs11_3.h"

#if CA_CK_BEFORE(3, 2)

typedef struct ck_gcm_wrap_params {
	CK_BYTE *pIv;
	CK_ULONG ulIvLen;
	CK_ULONG ulIvFixedBits;
	CK_GENERATOR_FUNCTION ivGenerator;
	CK_BYTE *pAAD;
	CK_ULONG ulAADLen;
	CK_ULONG ulTagBits;
} CK_GCM_WRAP_PARAMS;

typedef struct ck_ccm_wrap_params {
	CK_ULONG ulDataLen;
	CK_BYTE *pNonce;
	CK_ULONG ulNonceLen;
	CK_ULONG ulNonceFixedBits;
	CK_GENERATOR_FUNCTION nonceGenerator;
	CK_BYTE *pAAD;
	CK_ULONG ulAADLen;
	CK_ULONG ulMACLen;
} CK_CCM_WRAP_PARAMS;

#endif /* before 3.2 */

#endif
