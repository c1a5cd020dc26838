/*
 * PKCS#11 3.0 and 3.2 on top of the 2.40 header of p11-kit: types, functions
 * and function lists (OASIS PKCS #11 Specification 3.2, sections 3 and 5). A
 * p11-kit that knows one of them itself brings what is declared here for it.
 */
#ifndef CA_MODULE_PKCS11_3F_H
#define CA_MODULE_PKCS11_3F_H

#include <p11-kit/pkcs11.h>

#define CA_CK_BEFORE(major, minor)                                             \
	(CRYPTOKI_VERSION_MAJOR < (major) ||                                   \
	    (CRYPTOKI_VERSION_MAJOR == (major) &&                              \
		CRYPTOKI_VERSION_MINOR < (minor)))

/* One declaration gives the prototype and the pointer type CK_<name>; args is
 * a parameter list with its own parentheses. */
/* NOLINTBEGIN(bugprone-macro-parentheses): args cannot stand in two pairs */
#define CA_CK_FUNCTION(name, args)                                             \
	typedef CK_RV(*CK_##name) args;                                        \
	CK_RV name args
/* NOLINTEND(bugprone-macro-parentheses) */

#if CA_CK_BEFORE(3, 0)

typedef struct ck_interface {
	CK_CHAR *pInterfaceName;
	CK_VOID_PTR pFunctionList;
	CK_FLAGS flags;
} CK_INTERFACE, *CK_INTERFACE_PTR, **CK_INTERFACE_PTR_PTR;

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

#endif /* before 3.0 */

#if CA_CK_BEFORE(3, 2)

typedef CK_ULONG CK_SESSION_VALIDATION_FLAGS_TYPE;

typedef struct ck_async_data {
	CK_ULONG ulVersion;
	CK_BYTE *pValue;
	CK_ULONG ulValue;
	CK_OBJECT_HANDLE hObject;
	CK_OBJECT_HANDLE hAdditionalObject;
} CK_ASYNC_DATA, *CK_ASYNC_DATA_PTR;

CA_CK_FUNCTION(C_EncapsulateKey,
    (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE public_key, CK_ATTRIBUTE_PTR t, CK_ULONG t_n,
	CK_BYTE_PTR out, CK_ULONG_PTR out_len, CK_OBJECT_HANDLE_PTR key));
CA_CK_FUNCTION(C_DecapsulateKey,
    (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE private_key, CK_ATTRIBUTE_PTR t, CK_ULONG t_n,
	CK_BYTE_PTR in, CK_ULONG in_len, CK_OBJECT_HANDLE_PTR key));
CA_CK_FUNCTION(C_VerifySignatureInit,
    (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE key, CK_BYTE_PTR signature, CK_ULONG signature_len));
CA_CK_FUNCTION(C_VerifySignature,
    (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_len));
CA_CK_FUNCTION(C_VerifySignatureUpdate,
    (CK_SESSION_HANDLE session, CK_BYTE_PTR part, CK_ULONG part_len));
CA_CK_FUNCTION(C_VerifySignatureFinal, (CK_SESSION_HANDLE session));
CA_CK_FUNCTION(C_GetSessionValidationFlags,
    (CK_SESSION_HANDLE session, CK_SESSION_VALIDATION_FLAGS_TYPE type,
	CK_FLAGS *flags));
CA_CK_FUNCTION(C_AsyncComplete,
    (CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function_name,
	CK_ASYNC_DATA_PTR result));
CA_CK_FUNCTION(C_AsyncGetID,
    (CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function_name,
	CK_ULONG_PTR id));
CA_CK_FUNCTION(C_AsyncJoin,
    (CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function_name, CK_ULONG id,
	CK_BYTE_PTR data, CK_ULONG data_len));
CA_CK_FUNCTION(C_WrapKeyAuthenticated,
    (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key,
	CK_BYTE_PTR associated_data, CK_ULONG associated_data_len,
	CK_BYTE_PTR out, CK_ULONG_PTR out_len));
CA_CK_FUNCTION(C_UnwrapKeyAuthenticated,
    (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE unwrapping_key, CK_BYTE_PTR in, CK_ULONG in_len,
	CK_ATTRIBUTE_PTR t, CK_ULONG t_n, CK_BYTE_PTR associated_data,
	CK_ULONG associated_data_len, CK_OBJECT_HANDLE_PTR key));

#endif /* before 3.2 */

/*
 * The functions of each version in the order of its list, which begins with
 * the list of the version before it: 68, then 24, then 12. F is written for
 * each, I for those that answer otherwise through the 2.40 list.
 */
/* clang-format off */
#define CA_CK_FUNCTIONS_2_40(F, I) \
	F(C_Initialize) \
	F(C_Finalize) \
	F(C_GetInfo) \
	F(C_GetFunctionList) \
	F(C_GetSlotList) \
	F(C_GetSlotInfo) \
	F(C_GetTokenInfo) \
	F(C_GetMechanismList) \
	I(C_GetMechanismInfo) \
	F(C_InitToken) \
	F(C_InitPIN) \
	F(C_SetPIN) \
	F(C_OpenSession) \
	F(C_CloseSession) \
	F(C_CloseAllSessions) \
	F(C_GetSessionInfo) \
	F(C_GetOperationState) \
	F(C_SetOperationState) \
	F(C_Login) \
	F(C_Logout) \
	F(C_CreateObject) \
	F(C_CopyObject) \
	F(C_DestroyObject) \
	F(C_GetObjectSize) \
	F(C_GetAttributeValue) \
	F(C_SetAttributeValue) \
	F(C_FindObjectsInit) \
	F(C_FindObjects) \
	F(C_FindObjectsFinal) \
	I(C_EncryptInit) \
	F(C_Encrypt) \
	F(C_EncryptUpdate) \
	F(C_EncryptFinal) \
	I(C_DecryptInit) \
	F(C_Decrypt) \
	F(C_DecryptUpdate) \
	F(C_DecryptFinal) \
	I(C_DigestInit) \
	F(C_Digest) \
	F(C_DigestUpdate) \
	F(C_DigestKey) \
	F(C_DigestFinal) \
	I(C_SignInit) \
	F(C_Sign) \
	F(C_SignUpdate) \
	F(C_SignFinal) \
	I(C_SignRecoverInit) \
	F(C_SignRecover) \
	I(C_VerifyInit) \
	F(C_Verify) \
	F(C_VerifyUpdate) \
	F(C_VerifyFinal) \
	I(C_VerifyRecoverInit) \
	F(C_VerifyRecover) \
	F(C_DigestEncryptUpdate) \
	F(C_DecryptDigestUpdate) \
	F(C_SignEncryptUpdate) \
	F(C_DecryptVerifyUpdate) \
	F(C_GenerateKey) \
	F(C_GenerateKeyPair) \
	F(C_WrapKey) \
	F(C_UnwrapKey) \
	F(C_DeriveKey) \
	F(C_SeedRandom) \
	F(C_GenerateRandom) \
	F(C_GetFunctionStatus) \
	F(C_CancelFunction) \
	F(C_WaitForSlotEvent)
#define CA_CK_ADDED_3_0(F) \
	F(C_GetInterfaceList) \
	F(C_GetInterface) \
	F(C_LoginUser) \
	F(C_SessionCancel) \
	F(C_MessageEncryptInit) \
	F(C_EncryptMessage) \
	F(C_EncryptMessageBegin) \
	F(C_EncryptMessageNext) \
	F(C_MessageEncryptFinal) \
	F(C_MessageDecryptInit) \
	F(C_DecryptMessage) \
	F(C_DecryptMessageBegin) \
	F(C_DecryptMessageNext) \
	F(C_MessageDecryptFinal) \
	F(C_MessageSignInit) \
	F(C_SignMessage) \
	F(C_SignMessageBegin) \
	F(C_SignMessageNext) \
	F(C_MessageSignFinal) \
	F(C_MessageVerifyInit) \
	F(C_VerifyMessage) \
	F(C_VerifyMessageBegin) \
	F(C_VerifyMessageNext) \
	F(C_MessageVerifyFinal)
#define CA_CK_ADDED_3_2(F) \
	F(C_EncapsulateKey) \
	F(C_DecapsulateKey) \
	F(C_VerifySignatureInit) \
	F(C_VerifySignature) \
	F(C_VerifySignatureUpdate) \
	F(C_VerifySignatureFinal) \
	F(C_GetSessionValidationFlags) \
	F(C_AsyncComplete) \
	F(C_AsyncGetID) \
	F(C_AsyncJoin) \
	F(C_WrapKeyAuthenticated) \
	F(C_UnwrapKeyAuthenticated)
/* clang-format on */

#define CA_CK_MEMBER(name) CK_##name name;

#if CA_CK_BEFORE(3, 0)
typedef struct ck_function_list_3_0 {
	CK_VERSION version;
	CA_CK_FUNCTIONS_2_40(CA_CK_MEMBER, CA_CK_MEMBER)
	CA_CK_ADDED_3_0(CA_CK_MEMBER)
} CK_FUNCTION_LIST_3_0;
#endif

#if CA_CK_BEFORE(3, 2)
typedef struct ck_function_list_3_2 {
	CK_VERSION version;
	CA_CK_FUNCTIONS_2_40(CA_CK_MEMBER, CA_CK_MEMBER)
	CA_CK_ADDED_3_0(CA_CK_MEMBER)
	CA_CK_ADDED_3_2(CA_CK_MEMBER)
} CK_FUNCTION_LIST_3_2;
#endif

#endif
