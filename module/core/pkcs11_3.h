/*
 * PKCS#11 3.0 and 3.2 on top of the 2.40 header of p11-kit: the constants that
 * they add (OASIS PKCS #11 Cryptographic Token Interface 3.0, and PKCS #11
 * Specification 3.2), where p11-kit lacks them. Types, functions and their
 * lists are in pkcs11_3f.h.
 *
 * The code of module/ includes this one; only pkcs11_3f.h includes pkcs11.h.
 */
#ifndef CA_MODULE_PKCS11_3_H
#define CA_MODULE_PKCS11_3_H

#include "module/core/pkcs11_3f.h"
#include "module/core/pkcs11_mech.h"

/* clang-format off */
#ifndef CKF_INTERFACE_FORK_SAFE
#define CKF_INTERFACE_FORK_SAFE 1UL
#endif
#ifndef CKF_MESSAGE_ENCRYPT
#define CKF_MESSAGE_ENCRYPT 2UL
#define CKF_MESSAGE_DECRYPT 4UL
#define CKF_MESSAGE_SIGN 8UL
#define CKF_MESSAGE_VERIFY 0x10UL
#define CKF_MULTI_MESSAGE 0x20UL
#endif
#ifndef CKF_ENCAPSULATE
#define CKF_ENCAPSULATE 0x10000000UL
#define CKF_DECAPSULATE 0x20000000UL
#endif
#ifndef CKF_END_OF_MESSAGE
#define CKF_END_OF_MESSAGE 1UL
#endif
#ifndef CKG_NO_GENERATE
#define CKG_NO_GENERATE 0UL
#define CKG_GENERATE 1UL
#define CKG_GENERATE_COUNTER 2UL
#define CKG_GENERATE_RANDOM 3UL
#endif
#ifndef CKG_GENERATE_COUNTER_XOR
#define CKG_GENERATE_COUNTER_XOR 4UL
#endif
#ifndef CKF_FIND_OBJECTS
#define CKF_FIND_OBJECTS 0x40UL
#endif

#ifndef CKO_PROFILE
#define CKO_PROFILE 9UL
#endif
#ifndef CKA_UNIQUE_ID
#define CKA_UNIQUE_ID 4UL
#endif
#ifndef CKA_PROFILE_ID
#define CKA_PROFILE_ID 0x601UL
#endif
#ifndef CKA_ENCAPSULATE
#define CKA_ENCAPSULATE 0x633UL
#define CKA_DECAPSULATE 0x634UL
#endif
#ifndef CKP_BASELINE_PROVIDER
#define CKP_BASELINE_PROVIDER 1UL
#endif
#ifndef CKP_EXTENDED_PROVIDER
#define CKP_EXTENDED_PROVIDER 2UL
#endif
#ifndef CKP_AUTHENTICATION_TOKEN
#define CKP_AUTHENTICATION_TOKEN 3UL
#endif
#ifndef CKP_PUBLIC_CERTIFICATES_TOKEN
#define CKP_PUBLIC_CERTIFICATES_TOKEN 4UL
#endif

#ifndef CK_CERTIFICATE_CATEGORY_TOKEN_USER
#define CK_CERTIFICATE_CATEGORY_TOKEN_USER 1UL
#endif
#ifndef CK_CERTIFICATE_CATEGORY_AUTHORITY
#define CK_CERTIFICATE_CATEGORY_AUTHORITY 2UL
#endif
#ifndef CK_SECURITY_DOMAIN_UNSPECIFIED
#define CK_SECURITY_DOMAIN_UNSPECIFIED 0UL
#endif

#ifndef CKM_SHA3_256
#define CKM_SHA3_256 0x2b0UL
#endif
#ifndef CKM_SHA3_224
#define CKM_SHA3_224 0x2b5UL
#endif
#ifndef CKM_SHA3_384
#define CKM_SHA3_384 0x2c0UL
#endif
#ifndef CKM_SHA3_512
#define CKM_SHA3_512 0x2d0UL
#endif

#ifndef CKK_EC_EDWARDS
#define CKK_EC_EDWARDS 0x40UL
#endif
#ifndef CKK_EC_MONTGOMERY
#define CKK_EC_MONTGOMERY 0x41UL
#endif
#ifndef CKM_AES_KEY_WRAP_KWP
#define CKM_AES_KEY_WRAP_KWP 0x210bUL
#endif

#ifndef CKF_ASYNC_SESSION
#define CKF_ASYNC_SESSION 8UL
#endif
#ifndef CKS_LAST_VALIDATION_OK
#define CKS_LAST_VALIDATION_OK 1UL
#endif

#ifndef CKR_AEAD_DECRYPT_FAILED
#define CKR_AEAD_DECRYPT_FAILED 0x42UL
#endif
#ifndef CKR_KEY_EXHAUSTED
#define CKR_KEY_EXHAUSTED 0x203UL
#endif
#ifndef CKR_SESSION_ASYNC_NOT_SUPPORTED
#define CKR_SESSION_ASYNC_NOT_SUPPORTED 0x205UL
#endif

/* Edwards and Montgomery curves, and SHA-3 with private and public keys. */
#ifndef CKK_EC_EDWARDS
#define CKK_EC_EDWARDS 0x40UL
#endif
#ifndef CKK_EC_MONTGOMERY
#define CKK_EC_MONTGOMERY 0x41UL
#endif
#ifndef CKM_EC_EDWARDS_KEY_PAIR_GEN
#define CKM_EC_EDWARDS_KEY_PAIR_GEN 0x1055UL
#endif
#ifndef CKM_EC_MONTGOMERY_KEY_PAIR_GEN
#define CKM_EC_MONTGOMERY_KEY_PAIR_GEN 0x1056UL
#endif
#ifndef CKM_EDDSA
#define CKM_EDDSA 0x1057UL
#endif
#ifndef CKF_EC_CURVENAME
#define CKF_EC_CURVENAME 0x04000000UL
#endif
#ifndef CKM_SHA3_256_RSA_PKCS
#define CKM_SHA3_256_RSA_PKCS 0x60UL
#define CKM_SHA3_384_RSA_PKCS 0x61UL
#define CKM_SHA3_512_RSA_PKCS 0x62UL
#define CKM_SHA3_256_RSA_PKCS_PSS 0x63UL
#define CKM_SHA3_384_RSA_PKCS_PSS 0x64UL
#define CKM_SHA3_512_RSA_PKCS_PSS 0x65UL
#define CKM_SHA3_224_RSA_PKCS 0x66UL
#define CKM_SHA3_224_RSA_PKCS_PSS 0x67UL
#endif
#ifndef CKM_ECDSA_SHA3_224
#define CKM_ECDSA_SHA3_224 0x1047UL
#define CKM_ECDSA_SHA3_256 0x1048UL
#define CKM_ECDSA_SHA3_384 0x1049UL
#define CKM_ECDSA_SHA3_512 0x104AUL
#endif
#ifndef CKG_MGF1_SHA3_224
#define CKG_MGF1_SHA3_224 6UL
#define CKG_MGF1_SHA3_256 7UL
#define CKG_MGF1_SHA3_384 8UL
#define CKG_MGF1_SHA3_512 9UL
#endif
#ifndef CKD_SHA3_224_KDF
#define CKD_SHA3_224_KDF 0xAUL
#define CKD_SHA3_256_KDF 0xBUL
#define CKD_SHA3_384_KDF 0xCUL
#define CKD_SHA3_512_KDF 0xDUL
#endif
#ifndef CKD_SHA1_KDF_SP800
#define CKD_SHA1_KDF_SP800 0xEUL
#define CKD_SHA224_KDF_SP800 0xFUL
#define CKD_SHA256_KDF_SP800 0x10UL
#define CKD_SHA384_KDF_SP800 0x11UL
#define CKD_SHA512_KDF_SP800 0x12UL
#define CKD_SHA3_224_KDF_SP800 0x13UL
#define CKD_SHA3_256_KDF_SP800 0x14UL
#define CKD_SHA3_384_KDF_SP800 0x15UL
#define CKD_SHA3_512_KDF_SP800 0x16UL
#endif

#ifndef CKR_OPERATION_CANCEL_FAILED
#define CKR_OPERATION_CANCEL_FAILED 0x202UL
#endif
/* clang-format on */

#if CA_CK_BEFORE(3, 0)

typedef CK_ULONG CK_GENERATOR_FUNCTION;

typedef struct ck_gcm_message_params {
	CK_BYTE *pIv;
	CK_ULONG ulIvLen;
	CK_ULONG ulIvFixedBits;
	CK_GENERATOR_FUNCTION ivGenerator;
	CK_BYTE *pTag;
	CK_ULONG ulTagBits;
} CK_GCM_MESSAGE_PARAMS;

typedef struct ck_ccm_message_params {
	CK_ULONG ulDataLen;
	CK_BYTE *pNonce;
	CK_ULONG ulNonceLen;
	CK_ULONG ulNonceFixedBits;
	CK_GENERATOR_FUNCTION nonceGenerator;
	CK_BYTE *pMAC;
	CK_ULONG ulMACLen;
} CK_CCM_MESSAGE_PARAMS;

typedef struct ck_eddsa_params {
	CK_BBOOL phFlag;
	CK_ULONG ulContextDataLen;
	CK_BYTE_PTR pContextData;
} CK_EDDSA_PARAMS;

#endif /* before 3.0 */

#endif
