/*
 * Mechanisms, key types and parameters of secret keys that PKCS#11 2.40 errata
 * 01 and 3.0 add to the header of p11-kit. Included by pkcs11_3.h.
 */
#ifndef CA_MODULE_PKCS11_MECH_H
#define CA_MODULE_PKCS11_MECH_H

#include "module/core/pkcs11_3f.h"

/* clang-format off */
#ifndef CKM_SHA3_224_HMAC
#define CKM_SHA3_224_HMAC 0x2b6UL
#define CKM_SHA3_224_HMAC_GENERAL 0x2b7UL
#define CKM_SHA3_256_HMAC 0x2b1UL
#define CKM_SHA3_256_HMAC_GENERAL 0x2b2UL
#define CKM_SHA3_384_HMAC 0x2c1UL
#define CKM_SHA3_384_HMAC_GENERAL 0x2c2UL
#define CKM_SHA3_512_HMAC 0x2d1UL
#define CKM_SHA3_512_HMAC_GENERAL 0x2d2UL
#endif
#ifndef CKM_SHA3_256_KEY_DERIVATION
#define CKM_SHA3_256_KEY_DERIVATION 0x397UL
#define CKM_SHA3_224_KEY_DERIVATION 0x398UL
#define CKM_SHA3_384_KEY_DERIVATION 0x399UL
#define CKM_SHA3_512_KEY_DERIVATION 0x39aUL
#endif
#ifndef CKM_SP800_108_COUNTER_KDF
#define CKM_SP800_108_COUNTER_KDF 0x3acUL
#define CKM_SP800_108_FEEDBACK_KDF 0x3adUL
#endif
#ifndef CKM_HKDF_DERIVE
#define CKM_HKDF_DERIVE 0x402aUL
#define CKM_HKDF_DATA 0x402bUL
#define CKM_HKDF_KEY_GEN 0x402cUL
#endif

#ifndef CKK_SHA3_224_HMAC
#define CKK_SHA3_224_HMAC 0x36UL
#define CKK_SHA3_256_HMAC 0x37UL
#define CKK_SHA3_384_HMAC 0x38UL
#define CKK_SHA3_512_HMAC 0x39UL
#endif
#ifndef CKK_HKDF
#define CKK_HKDF 0x42UL
#endif
#ifndef CKK_SHA512_224_HMAC
#define CKK_SHA512_224_HMAC 0x43UL
#define CKK_SHA512_256_HMAC 0x44UL
#endif
/* clang-format on */

#if CRYPTOKI_VERSION_MAJOR < 3

typedef struct ck_ccm_params {
	CK_ULONG ulDataLen;
	CK_BYTE_PTR pNonce;
	CK_ULONG ulNonceLen;
	CK_BYTE_PTR pAAD;
	CK_ULONG ulAADLen;
	CK_ULONG ulMACLen;
} CK_CCM_PARAMS;

typedef struct ck_hkdf_params {
	CK_BBOOL bExtract;
	CK_BBOOL bExpand;
	CK_MECHANISM_TYPE prfHashMechanism;
	CK_ULONG ulSaltType;
	CK_BYTE_PTR pSalt;
	CK_ULONG ulSaltLen;
	CK_OBJECT_HANDLE hSaltKey;
	CK_BYTE_PTR pInfo;
	CK_ULONG ulInfoLen;
} CK_HKDF_PARAMS;

#define CKF_HKDF_SALT_NULL 1UL
#define CKF_HKDF_SALT_DATA 2UL
#define CKF_HKDF_SALT_KEY 4UL

typedef struct ck_pkcs5_pbkd2_params2 {
	CK_ULONG saltSource;
	CK_VOID_PTR pSaltSourceData;
	CK_ULONG ulSaltSourceDataLen;
	CK_ULONG iterations;
	CK_ULONG prf;
	CK_VOID_PTR pPrfData;
	CK_ULONG ulPrfDataLen;
	CK_UTF8CHAR_PTR pPassword;
	CK_ULONG ulPasswordLen;
} CK_PKCS5_PBKD2_PARAMS2;

typedef struct ck_prf_data_param {
	CK_ULONG type;
	CK_VOID_PTR pValue;
	CK_ULONG ulValueLen;
} CK_PRF_DATA_PARAM, *CK_PRF_DATA_PARAM_PTR;

typedef struct ck_sp800_108_counter_format {
	CK_BBOOL bLittleEndian;
	CK_ULONG ulWidthInBits;
} CK_SP800_108_COUNTER_FORMAT;

typedef struct ck_sp800_108_dkm_length_format {
	CK_ULONG dkmLengthMethod;
	CK_BBOOL bLittleEndian;
	CK_ULONG ulWidthInBits;
} CK_SP800_108_DKM_LENGTH_FORMAT;

typedef struct ck_sp800_108_kdf_params {
	CK_MECHANISM_TYPE prfType;
	CK_ULONG ulNumberOfDataParams;
	CK_PRF_DATA_PARAM_PTR pDataParams;
	CK_ULONG ulAdditionalDerivedKeys;
	CK_VOID_PTR pAdditionalDerivedKeys;
} CK_SP800_108_KDF_PARAMS;

typedef struct ck_sp800_108_feedback_kdf_params {
	CK_MECHANISM_TYPE prfType;
	CK_ULONG ulNumberOfDataParams;
	CK_PRF_DATA_PARAM_PTR pDataParams;
	CK_ULONG ulIVLen;
	CK_BYTE_PTR pIV;
	CK_ULONG ulAdditionalDerivedKeys;
	CK_VOID_PTR pAdditionalDerivedKeys;
} CK_SP800_108_FEEDBACK_KDF_PARAMS;

#define CK_SP800_108_ITERATION_VARIABLE 1UL
#define CK_SP800_108_OPTIONAL_COUNTER 2UL
#define CK_SP800_108_DKM_LENGTH 3UL
#define CK_SP800_108_BYTE_ARRAY 4UL
#define CK_SP800_108_DKM_LENGTH_SUM_OF_KEYS 1UL
#define CK_SP800_108_DKM_LENGTH_SUM_OF_SEGMENTS 2UL

#define CKZ_SALT_SPECIFIED 1UL
#define CKP_PKCS5_PBKD2_HMAC_SHA1 1UL
#define CKP_PKCS5_PBKD2_HMAC_SHA224 3UL
#define CKP_PKCS5_PBKD2_HMAC_SHA256 4UL
#define CKP_PKCS5_PBKD2_HMAC_SHA384 5UL
#define CKP_PKCS5_PBKD2_HMAC_SHA512 6UL
#define CKP_PKCS5_PBKD2_HMAC_SHA512_224 7UL
#define CKP_PKCS5_PBKD2_HMAC_SHA512_256 8UL

#endif

#endif
