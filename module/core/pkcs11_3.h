/*
 * PKCS#11 3.0 on top of the 2.40 header of p11-kit: the types, constants and
 * the longer function list that 3.0 adds (OASIS PKCS #11 Cryptographic Token
 * Interface Base Specification 3.0, sections 3 and 5). A p11-kit that knows
 * 3.x itself brings the types; the constants are added where they are missing.
 *
 * This is the only header of module/ that includes pkcs11.h.
 */
#ifndef CA_MODULE_PKCS11_3_H
#define CA_MODULE_PKCS11_3_H

#include <p11-kit/pkcs11.h>

/* clang-format off */
#ifndef CKF_INTERFACE_FORK_SAFE
#define CKF_INTERFACE_FORK_SAFE 1UL
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

#ifndef CKR_OPERATION_CANCEL_FAILED
#define CKR_OPERATION_CANCEL_FAILED 0x202UL
#endif
/* clang-format on */

#if CRYPTOKI_VERSION_MAJOR < 3

typedef struct ck_interface {
	CK_CHAR *pInterfaceName;
	CK_VOID_PTR pFunctionList;
	CK_FLAGS flags;
} CK_INTERFACE, *CK_INTERFACE_PTR, **CK_INTERFACE_PTR_PTR;

/* One declaration gives the prototype and the pointer type CK_<name>; args is
 * a parameter list with its own parentheses. */
/* NOLINTBEGIN(bugprone-macro-parentheses): args cannot stand in two pairs */
#define CA_CK_FUNCTION(name, args)                                             \
	typedef CK_RV(*CK_##name) args;                                        \
	CK_RV name args
/* NOLINTEND(bugprone-macro-parentheses) */

CA_CK_FUNCTION(C_GetInterfaceList,
    (CK_INTERFACE_PTR interfaces_list, CK_ULONG_PTR count));
CA_CK_FUNCTION(C_GetInterface,
    (CK_UTF8CHAR_PTR interface_name, CK_VERSION_PTR version,
	CK_INTERFACE_PTR_PTR interface, CK_FLAGS flags));
CA_CK_FUNCTION(C_LoginUser,
    (CK_SESSION_HANDLE session, CK_USER_TYPE user_type, CK_UTF8CHAR_PTR pin,
	CK_ULONG pin_len, CK_UTF8CHAR_PTR username, CK_ULONG username_len));
CA_CK_FUNCTION(C_SessionCancel, (CK_SESSION_HANDLE session, CK_FLAGS flags));

/* The message functions come in four kinds of five; their shapes: */
#define CA_CK_MESSAGE_INIT(name)                                               \
	CA_CK_FUNCTION(name,                                                   \
	    (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,            \
		CK_OBJECT_HANDLE key))
#define CA_CK_MESSAGE_CRYPT(name)                                              \
	CA_CK_FUNCTION(name,                                                   \
	    (CK_SESSION_HANDLE session, CK_VOID_PTR parameter,                 \
		CK_ULONG parameter_len, CK_BYTE_PTR associated_data,           \
		CK_ULONG associated_data_len, CK_BYTE_PTR in, CK_ULONG in_len, \
		CK_BYTE_PTR out, CK_ULONG_PTR out_len))
#define CA_CK_MESSAGE_CRYPT_BEGIN(name)                                        \
	CA_CK_FUNCTION(name,                                                   \
	    (CK_SESSION_HANDLE session, CK_VOID_PTR parameter,                 \
		CK_ULONG parameter_len, CK_BYTE_PTR associated_data,           \
		CK_ULONG associated_data_len))
#define CA_CK_MESSAGE_CRYPT_NEXT(name)                                         \
	CA_CK_FUNCTION(name,                                                   \
	    (CK_SESSION_HANDLE session, CK_VOID_PTR parameter,                 \
		CK_ULONG parameter_len, CK_BYTE_PTR in, CK_ULONG in_len,       \
		CK_BYTE_PTR out, CK_ULONG_PTR out_len, CK_FLAGS flags))
#define CA_CK_MESSAGE_BEGIN(name)                                              \
	CA_CK_FUNCTION(name,                                                   \
	    (CK_SESSION_HANDLE session, CK_VOID_PTR parameter,                 \
		CK_ULONG parameter_len))
#define CA_CK_MESSAGE_SIGN(name)                                               \
	CA_CK_FUNCTION(name,                                                   \
	    (CK_SESSION_HANDLE session, CK_VOID_PTR parameter,                 \
		CK_ULONG parameter_len, CK_BYTE_PTR data, CK_ULONG data_len,   \
		CK_BYTE_PTR signature, CK_ULONG_PTR signature_len))
#define CA_CK_MESSAGE_VERIFY(name)                                             \
	CA_CK_FUNCTION(name,                                                   \
	    (CK_SESSION_HANDLE session, CK_VOID_PTR parameter,                 \
		CK_ULONG parameter_len, CK_BYTE_PTR data, CK_ULONG data_len,   \
		CK_BYTE_PTR signature, CK_ULONG signature_len))
#define CA_CK_MESSAGE_FINAL(name)                                              \
	CA_CK_FUNCTION(name, (CK_SESSION_HANDLE session))

CA_CK_MESSAGE_INIT(C_MessageEncryptInit);
CA_CK_MESSAGE_CRYPT(C_EncryptMessage);
CA_CK_MESSAGE_CRYPT_BEGIN(C_EncryptMessageBegin);
CA_CK_MESSAGE_CRYPT_NEXT(C_EncryptMessageNext);
CA_CK_MESSAGE_FINAL(C_MessageEncryptFinal);
CA_CK_MESSAGE_INIT(C_MessageDecryptInit);
CA_CK_MESSAGE_CRYPT(C_DecryptMessage);
CA_CK_MESSAGE_CRYPT_BEGIN(C_DecryptMessageBegin);
CA_CK_MESSAGE_CRYPT_NEXT(C_DecryptMessageNext);
CA_CK_MESSAGE_FINAL(C_MessageDecryptFinal);
CA_CK_MESSAGE_INIT(C_MessageSignInit);
CA_CK_MESSAGE_SIGN(C_SignMessage);
CA_CK_MESSAGE_BEGIN(C_SignMessageBegin);
CA_CK_MESSAGE_SIGN(C_SignMessageNext);
CA_CK_MESSAGE_FINAL(C_MessageSignFinal);
CA_CK_MESSAGE_INIT(C_MessageVerifyInit);
CA_CK_MESSAGE_VERIFY(C_VerifyMessage);
CA_CK_MESSAGE_BEGIN(C_VerifyMessageBegin);
CA_CK_MESSAGE_VERIFY(C_VerifyMessageNext);
CA_CK_MESSAGE_FINAL(C_MessageVerifyFinal);

/* 92 functions; the first 68 in the order of CK_FUNCTION_LIST. */
/* clang-format off */
typedef struct ck_function_list_3_0 {
	CK_VERSION version;
	CK_C_Initialize C_Initialize;
	CK_C_Finalize C_Finalize;
	CK_C_GetInfo C_GetInfo;
	CK_C_GetFunctionList C_GetFunctionList;
	CK_C_GetSlotList C_GetSlotList;
	CK_C_GetSlotInfo C_GetSlotInfo;
	CK_C_GetTokenInfo C_GetTokenInfo;
	CK_C_GetMechanismList C_GetMechanismList;
	CK_C_GetMechanismInfo C_GetMechanismInfo;
	CK_C_InitToken C_InitToken;
	CK_C_InitPIN C_InitPIN;
	CK_C_SetPIN C_SetPIN;
	CK_C_OpenSession C_OpenSession;
	CK_C_CloseSession C_CloseSession;
	CK_C_CloseAllSessions C_CloseAllSessions;
	CK_C_GetSessionInfo C_GetSessionInfo;
	CK_C_GetOperationState C_GetOperationState;
	CK_C_SetOperationState C_SetOperationState;
	CK_C_Login C_Login;
	CK_C_Logout C_Logout;
	CK_C_CreateObject C_CreateObject;
	CK_C_CopyObject C_CopyObject;
	CK_C_DestroyObject C_DestroyObject;
	CK_C_GetObjectSize C_GetObjectSize;
	CK_C_GetAttributeValue C_GetAttributeValue;
	CK_C_SetAttributeValue C_SetAttributeValue;
	CK_C_FindObjectsInit C_FindObjectsInit;
	CK_C_FindObjects C_FindObjects;
	CK_C_FindObjectsFinal C_FindObjectsFinal;
	CK_C_EncryptInit C_EncryptInit;
	CK_C_Encrypt C_Encrypt;
	CK_C_EncryptUpdate C_EncryptUpdate;
	CK_C_EncryptFinal C_EncryptFinal;
	CK_C_DecryptInit C_DecryptInit;
	CK_C_Decrypt C_Decrypt;
	CK_C_DecryptUpdate C_DecryptUpdate;
	CK_C_DecryptFinal C_DecryptFinal;
	CK_C_DigestInit C_DigestInit;
	CK_C_Digest C_Digest;
	CK_C_DigestUpdate C_DigestUpdate;
	CK_C_DigestKey C_DigestKey;
	CK_C_DigestFinal C_DigestFinal;
	CK_C_SignInit C_SignInit;
	CK_C_Sign C_Sign;
	CK_C_SignUpdate C_SignUpdate;
	CK_C_SignFinal C_SignFinal;
	CK_C_SignRecoverInit C_SignRecoverInit;
	CK_C_SignRecover C_SignRecover;
	CK_C_VerifyInit C_VerifyInit;
	CK_C_Verify C_Verify;
	CK_C_VerifyUpdate C_VerifyUpdate;
	CK_C_VerifyFinal C_VerifyFinal;
	CK_C_VerifyRecoverInit C_VerifyRecoverInit;
	CK_C_VerifyRecover C_VerifyRecover;
	CK_C_DigestEncryptUpdate C_DigestEncryptUpdate;
	CK_C_DecryptDigestUpdate C_DecryptDigestUpdate;
	CK_C_SignEncryptUpdate C_SignEncryptUpdate;
	CK_C_DecryptVerifyUpdate C_DecryptVerifyUpdate;
	CK_C_GenerateKey C_GenerateKey;
	CK_C_GenerateKeyPair C_GenerateKeyPair;
	CK_C_WrapKey C_WrapKey;
	CK_C_UnwrapKey C_UnwrapKey;
	CK_C_DeriveKey C_DeriveKey;
	CK_C_SeedRandom C_SeedRandom;
	CK_C_GenerateRandom C_GenerateRandom;
	CK_C_GetFunctionStatus C_GetFunctionStatus;
	CK_C_CancelFunction C_CancelFunction;
	CK_C_WaitForSlotEvent C_WaitForSlotEvent;
	CK_C_GetInterfaceList C_GetInterfaceList;
	CK_C_GetInterface C_GetInterface;
	CK_C_LoginUser C_LoginUser;
	CK_C_SessionCancel C_SessionCancel;
	CK_C_MessageEncryptInit C_MessageEncryptInit;
	CK_C_EncryptMessage C_EncryptMessage;
	CK_C_EncryptMessageBegin C_EncryptMessageBegin;
	CK_C_EncryptMessageNext C_EncryptMessageNext;
	CK_C_MessageEncryptFinal C_MessageEncryptFinal;
	CK_C_MessageDecryptInit C_MessageDecryptInit;
	CK_C_DecryptMessage C_DecryptMessage;
	CK_C_DecryptMessageBegin C_DecryptMessageBegin;
	CK_C_DecryptMessageNext C_DecryptMessageNext;
	CK_C_MessageDecryptFinal C_MessageDecryptFinal;
	CK_C_MessageSignInit C_MessageSignInit;
	CK_C_SignMessage C_SignMessage;
	CK_C_SignMessageBegin C_SignMessageBegin;
	CK_C_SignMessageNext C_SignMessageNext;
	CK_C_MessageSignFinal C_MessageSignFinal;
	CK_C_MessageVerifyInit C_MessageVerifyInit;
	CK_C_VerifyMessage C_VerifyMessage;
	CK_C_VerifyMessageBegin C_VerifyMessageBegin;
	CK_C_VerifyMessageNext C_VerifyMessageNext;
	CK_C_MessageVerifyFinal C_MessageVerifyFinal;
} CK_FUNCTION_LIST_3_0;
/* clang-format on */

#endif /* CRYPTOKI_VERSION_MAJOR < 3 */

#endif
