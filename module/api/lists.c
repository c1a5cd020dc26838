/* The function lists and interfaces: what the three exported symbols give. */
#include <string.h>

#include "module/api/enter.h"
#include "pcsc/base/cdefs.h"

#define EXPORT __attribute__((visibility("default")))

/*
 * A NULL mechanism cancels the operation in 3.0 and is a bad argument in 2.40
 * (5.9.1 there), so the two lists differ in these five.
 */
static CK_RV
bad_mechanism(const char *name, CK_SESSION_HANDLE h)
{
	struct ca_enter e = {.name = name};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = CKR_ARGUMENTS_BAD;
	return ca_leave(&e, rv);
}

#define INIT_2_40(name)                                                        \
	static CK_RV name##_2_40(CK_SESSION_HANDLE h, CK_MECHANISM *m,         \
	    CK_OBJECT_HANDLE key)                                              \
	{                                                                      \
		return m == NULL ? bad_mechanism(#name, h) : name(h, m, key);  \
	}

INIT_2_40(C_EncryptInit)
INIT_2_40(C_DecryptInit)
INIT_2_40(C_SignInit)
INIT_2_40(C_VerifyInit)

static CK_RV
C_DigestInit_2_40(CK_SESSION_HANDLE h, CK_MECHANISM *m)
{
	return m == NULL ? bad_mechanism("C_DigestInit", h)
			 : C_DigestInit(h, m);
}

/* clang-format off */
#define FUNCTIONS_2_40(init)                                                   \
	.C_Initialize = C_Initialize, \
	.C_Finalize = C_Finalize, \
	.C_GetInfo = C_GetInfo, \
	.C_GetFunctionList = C_GetFunctionList, \
	.C_GetSlotList = C_GetSlotList, \
	.C_GetSlotInfo = C_GetSlotInfo, \
	.C_GetTokenInfo = C_GetTokenInfo, \
	.C_GetMechanismList = C_GetMechanismList, \
	.C_GetMechanismInfo = C_GetMechanismInfo, \
	.C_InitToken = C_InitToken, \
	.C_InitPIN = C_InitPIN, \
	.C_SetPIN = C_SetPIN, \
	.C_OpenSession = C_OpenSession, \
	.C_CloseSession = C_CloseSession, \
	.C_CloseAllSessions = C_CloseAllSessions, \
	.C_GetSessionInfo = C_GetSessionInfo, \
	.C_GetOperationState = C_GetOperationState, \
	.C_SetOperationState = C_SetOperationState, \
	.C_Login = C_Login, \
	.C_Logout = C_Logout, \
	.C_CreateObject = C_CreateObject, \
	.C_CopyObject = C_CopyObject, \
	.C_DestroyObject = C_DestroyObject, \
	.C_GetObjectSize = C_GetObjectSize, \
	.C_GetAttributeValue = C_GetAttributeValue, \
	.C_SetAttributeValue = C_SetAttributeValue, \
	.C_FindObjectsInit = C_FindObjectsInit, \
	.C_FindObjects = C_FindObjects, \
	.C_FindObjectsFinal = C_FindObjectsFinal, \
	.C_EncryptInit = init(C_EncryptInit), \
	.C_Encrypt = C_Encrypt, \
	.C_EncryptUpdate = C_EncryptUpdate, \
	.C_EncryptFinal = C_EncryptFinal, \
	.C_DecryptInit = init(C_DecryptInit), \
	.C_Decrypt = C_Decrypt, \
	.C_DecryptUpdate = C_DecryptUpdate, \
	.C_DecryptFinal = C_DecryptFinal, \
	.C_DigestInit = init(C_DigestInit), \
	.C_Digest = C_Digest, \
	.C_DigestUpdate = C_DigestUpdate, \
	.C_DigestKey = C_DigestKey, \
	.C_DigestFinal = C_DigestFinal, \
	.C_SignInit = init(C_SignInit), \
	.C_Sign = C_Sign, \
	.C_SignUpdate = C_SignUpdate, \
	.C_SignFinal = C_SignFinal, \
	.C_SignRecoverInit = C_SignRecoverInit, \
	.C_SignRecover = C_SignRecover, \
	.C_VerifyInit = init(C_VerifyInit), \
	.C_Verify = C_Verify, \
	.C_VerifyUpdate = C_VerifyUpdate, \
	.C_VerifyFinal = C_VerifyFinal, \
	.C_VerifyRecoverInit = C_VerifyRecoverInit, \
	.C_VerifyRecover = C_VerifyRecover, \
	.C_DigestEncryptUpdate = C_DigestEncryptUpdate, \
	.C_DecryptDigestUpdate = C_DecryptDigestUpdate, \
	.C_SignEncryptUpdate = C_SignEncryptUpdate, \
	.C_DecryptVerifyUpdate = C_DecryptVerifyUpdate, \
	.C_GenerateKey = C_GenerateKey, \
	.C_GenerateKeyPair = C_GenerateKeyPair, \
	.C_WrapKey = C_WrapKey, \
	.C_UnwrapKey = C_UnwrapKey, \
	.C_DeriveKey = C_DeriveKey, \
	.C_SeedRandom = C_SeedRandom, \
	.C_GenerateRandom = C_GenerateRandom, \
	.C_GetFunctionStatus = C_GetFunctionStatus, \
	.C_CancelFunction = C_CancelFunction, \
	.C_WaitForSlotEvent = C_WaitForSlotEvent

#define AS_IT_IS(name) name
#define OF_2_40(name) name##_2_40

static CK_FUNCTION_LIST list_2_40 = {
	.version = { 2, 40 },
	FUNCTIONS_2_40(OF_2_40),
};

static CK_FUNCTION_LIST_3_0 list_3_0 = {
	.version = { 3, 0 },
	FUNCTIONS_2_40(AS_IT_IS),
	.C_GetInterfaceList = C_GetInterfaceList,
	.C_GetInterface = C_GetInterface,
	.C_LoginUser = C_LoginUser,
	.C_SessionCancel = C_SessionCancel,
	.C_MessageEncryptInit = C_MessageEncryptInit,
	.C_EncryptMessage = C_EncryptMessage,
	.C_EncryptMessageBegin = C_EncryptMessageBegin,
	.C_EncryptMessageNext = C_EncryptMessageNext,
	.C_MessageEncryptFinal = C_MessageEncryptFinal,
	.C_MessageDecryptInit = C_MessageDecryptInit,
	.C_DecryptMessage = C_DecryptMessage,
	.C_DecryptMessageBegin = C_DecryptMessageBegin,
	.C_DecryptMessageNext = C_DecryptMessageNext,
	.C_MessageDecryptFinal = C_MessageDecryptFinal,
	.C_MessageSignInit = C_MessageSignInit,
	.C_SignMessage = C_SignMessage,
	.C_SignMessageBegin = C_SignMessageBegin,
	.C_SignMessageNext = C_SignMessageNext,
	.C_MessageSignFinal = C_MessageSignFinal,
	.C_MessageVerifyInit = C_MessageVerifyInit,
	.C_VerifyMessage = C_VerifyMessage,
	.C_VerifyMessageBegin = C_VerifyMessageBegin,
	.C_VerifyMessageNext = C_VerifyMessageNext,
	.C_MessageVerifyFinal = C_MessageVerifyFinal,
};
/* clang-format on */

static CK_UTF8CHAR standard_name[] = "PKCS 11";

/* Newest first, so that nobody's version is the newest. No flag: a forked
 * child does not keep its parent's sessions. */
static CK_INTERFACE interfaces[] = {
    {standard_name, &list_3_0, 0},
    {standard_name, &list_2_40, 0},
};

EXPORT CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	if (list == NULL)
		return CKR_ARGUMENTS_BAD;
	*list = &list_2_40;
	return CKR_OK;
}

EXPORT CK_RV
C_GetInterfaceList(CK_INTERFACE *list, CK_ULONG *count)
{
	CK_ULONG room;

	if (count == NULL)
		return CKR_ARGUMENTS_BAD;
	room = *count;
	*count = CA_COUNT(interfaces);
	if (list == NULL)
		return CKR_OK;
	if (room < CA_COUNT(interfaces))
		return CKR_BUFFER_TOO_SMALL;
	memcpy(list, interfaces, sizeof(interfaces));
	return CKR_OK;
}

/* Every function list begins with its version. */
static bool
matches(const CK_INTERFACE *i, const CK_UTF8CHAR *name,
    const CK_VERSION *version, CK_FLAGS flags)
{
	CK_VERSION have;

	memcpy(&have, i->pFunctionList, sizeof(have));
	if (name != NULL &&
	    strcmp((const char *)name, (const char *)i->pInterfaceName) != 0)
		return false;
	if (version != NULL &&
	    (version->major != have.major || version->minor != have.minor))
		return false;
	return (i->flags & flags) == flags;
}

EXPORT CK_RV
C_GetInterface(CK_UTF8CHAR *name, CK_VERSION *version, CK_INTERFACE **out,
    CK_FLAGS flags)
{
	if (out == NULL)
		return CKR_ARGUMENTS_BAD;
	for (size_t i = 0; i < CA_COUNT(interfaces); i++)
		if (matches(&interfaces[i], name, version, flags)) {
			*out = &interfaces[i];
			return CKR_OK;
		}
	return CKR_ARGUMENTS_BAD;
}
