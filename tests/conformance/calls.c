/*
 * Every function once, with arguments that would be good if the handle were.
 * The cases that ask the same question of every function walk this table.
 */
#include <string.h>

#include "tests/conformance/cf.h"

#define S CF_CALL_SESSION
#define S3 (CF_CALL_SESSION | CF_CALL_3)
#define S32 (CF_CALL_SESSION | CF_CALL_32)

/* What the calls write to and read from; nobody looks at it. */
static struct {
	CK_INFO info;
	CK_SLOT_INFO slot_info;
	CK_TOKEN_INFO token_info;
	CK_SESSION_INFO session_info;
	CK_MECHANISM_INFO mech_info;
	CK_MECHANISM_TYPE mechs[512];
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE objects[4];
	CK_BYTE in[64], out[1024];
	CK_ULONG out_n, count;
	CK_OBJECT_CLASS cls;
	CK_UTF8CHAR pin[8], label[32];
} w;

static CK_MECHANISM sha1 = {CKM_SHA_1, NULL, 0};
static CK_MECHANISM rsa = {CKM_RSA_PKCS, NULL, 0};
static CK_MECHANISM rsa_gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
static CK_MECHANISM aes_gen = {CKM_AES_KEY_GEN, NULL, 0};
static CK_ATTRIBUTE any = {CKA_CLASS, &w.cls, sizeof(w.cls)};

/* Resets the lengths that calls change. */
static CK_ULONG *
out_len(void)
{
	w.out_n = sizeof(w.out);
	return &w.out_n;
}

#define CALL(fn, ...)                                                          \
	static CK_RV call_##fn(struct cf *c, CK_ULONG h)                       \
	{                                                                      \
		(void)h;                                                       \
		return c->f->fn(__VA_ARGS__);                                  \
	}
#define CALL3(fn, ...)                                                         \
	static CK_RV call_##fn(struct cf *c, CK_ULONG h)                       \
	{                                                                      \
		(void)h;                                                       \
		return c->f3->fn(__VA_ARGS__);                                 \
	}

#define CALL32(fn, ...)                                                        \
	static CK_RV call_##fn(struct cf *c, CK_ULONG h)                       \
	{                                                                      \
		return c->f32->fn(__VA_ARGS__);                                \
	}

/* clang-format off */
CALL(C_Finalize, NULL)
CALL(C_GetInfo, &w.info)
CALL(C_GetSlotList, CK_FALSE, NULL, &w.count)
CALL(C_GetSlotInfo, h, &w.slot_info)
CALL(C_GetTokenInfo, h, &w.token_info)
CALL(C_GetMechanismList, h, NULL, &w.count)
CALL(C_GetMechanismInfo, h, CKM_RSA_PKCS, &w.mech_info)
CALL(C_InitToken, h, w.pin, sizeof(w.pin), w.label)
CALL(C_InitPIN, h, w.pin, sizeof(w.pin))
CALL(C_SetPIN, h, w.pin, 0, w.pin, 0)
CALL(C_OpenSession, h, CKF_SERIAL_SESSION, NULL, NULL, &w.session)
CALL(C_CloseSession, h)
CALL(C_CloseAllSessions, h)
CALL(C_GetSessionInfo, h, &w.session_info)
CALL(C_GetOperationState, h, w.out, out_len())
CALL(C_SetOperationState, h, w.in, sizeof(w.in), 0, 0)
CALL(C_Login, h, 77, w.pin, sizeof(w.pin))
CALL(C_Logout, h)
CALL(C_CreateObject, h, &any, 1, w.objects)
CALL(C_CopyObject, h, 1, NULL, 0, w.objects)
CALL(C_DestroyObject, h, 0)
CALL(C_GetObjectSize, h, 0, &w.count)
CALL(C_GetAttributeValue, h, 0, &any, 1)
CALL(C_SetAttributeValue, h, 0, &any, 1)
CALL(C_FindObjectsInit, h, NULL, 0)
CALL(C_FindObjects, h, w.objects, 4, &w.count)
CALL(C_FindObjectsFinal, h)
CALL(C_EncryptInit, h, &rsa, 0)
CALL(C_Encrypt, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_EncryptUpdate, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_EncryptFinal, h, w.out, out_len())
CALL(C_DecryptInit, h, &rsa, 0)
CALL(C_Decrypt, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_DecryptUpdate, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_DecryptFinal, h, w.out, out_len())
CALL(C_DigestInit, h, &sha1)
CALL(C_Digest, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_DigestUpdate, h, w.in, sizeof(w.in))
CALL(C_DigestKey, h, 0)
CALL(C_DigestFinal, h, w.out, out_len())
CALL(C_SignInit, h, &rsa, 0)
CALL(C_Sign, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_SignUpdate, h, w.in, sizeof(w.in))
CALL(C_SignFinal, h, w.out, out_len())
CALL(C_SignRecoverInit, h, &rsa, 0)
CALL(C_SignRecover, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_VerifyInit, h, &rsa, 0)
CALL(C_Verify, h, w.in, sizeof(w.in), w.in, sizeof(w.in))
CALL(C_VerifyUpdate, h, w.in, sizeof(w.in))
CALL(C_VerifyFinal, h, w.in, sizeof(w.in))
CALL(C_VerifyRecoverInit, h, &rsa, 0)
CALL(C_VerifyRecover, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_DigestEncryptUpdate, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_DecryptDigestUpdate, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_SignEncryptUpdate, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_DecryptVerifyUpdate, h, w.in, sizeof(w.in), w.out, out_len())
CALL(C_GenerateKey, h, &aes_gen, NULL, 0, w.objects)
CALL(C_GenerateKeyPair, h, &rsa_gen, NULL, 0, NULL, 0, w.objects, w.objects + 1)
CALL(C_WrapKey, h, &rsa, 0, 0, w.out, out_len())
CALL(C_UnwrapKey, h, &rsa, 0, w.in, sizeof(w.in), &any, 1, w.objects)
CALL(C_DeriveKey, h, &rsa, 0, &any, 1, w.objects)
CALL(C_SeedRandom, h, w.in, sizeof(w.in))
CALL(C_GenerateRandom, h, w.out, 16)
CALL(C_GetFunctionStatus, h)
CALL(C_CancelFunction, h)
CALL(C_WaitForSlotEvent, CKF_DONT_BLOCK, &w.count, NULL)
CALL3(C_LoginUser, h, 77, w.pin, sizeof(w.pin), NULL, 0)
CALL3(C_SessionCancel, h, 0)
CALL3(C_MessageEncryptInit, h, &rsa, 0)
CALL3(C_EncryptMessage, h, NULL, 0, NULL, 0, w.in, sizeof(w.in), w.out, out_len())
CALL3(C_EncryptMessageBegin, h, NULL, 0, NULL, 0)
CALL3(C_EncryptMessageNext, h, NULL, 0, w.in, sizeof(w.in), w.out, out_len(), 0)
CALL3(C_MessageEncryptFinal, h)
CALL3(C_MessageDecryptInit, h, &rsa, 0)
CALL3(C_DecryptMessage, h, NULL, 0, NULL, 0, w.in, sizeof(w.in), w.out, out_len())
CALL3(C_DecryptMessageBegin, h, NULL, 0, NULL, 0)
CALL3(C_DecryptMessageNext, h, NULL, 0, w.in, sizeof(w.in), w.out, out_len(), 0)
CALL3(C_MessageDecryptFinal, h)
CALL3(C_MessageSignInit, h, &rsa, 0)
CALL3(C_SignMessage, h, NULL, 0, w.in, sizeof(w.in), w.out, out_len())
CALL3(C_SignMessageBegin, h, NULL, 0)
CALL3(C_SignMessageNext, h, NULL, 0, w.in, sizeof(w.in), w.out, out_len())
CALL3(C_MessageSignFinal, h)
CALL3(C_MessageVerifyInit, h, &rsa, 0)
CALL3(C_VerifyMessage, h, NULL, 0, w.in, sizeof(w.in), w.in, sizeof(w.in))
CALL3(C_VerifyMessageBegin, h, NULL, 0)
CALL3(C_VerifyMessageNext, h, NULL, 0, w.in, sizeof(w.in), w.in, sizeof(w.in))
CALL3(C_MessageVerifyFinal, h)
CALL32(C_EncapsulateKey, h, &rsa, 0, &any, 1, w.out, out_len(), w.objects)
CALL32(C_DecapsulateKey, h, &rsa, 0, &any, 1, w.in, sizeof(w.in), w.objects)
CALL32(C_VerifySignatureInit, h, &rsa, 0, w.in, sizeof(w.in))
CALL32(C_VerifySignature, h, w.in, sizeof(w.in))
CALL32(C_VerifySignatureUpdate, h, w.in, sizeof(w.in))
CALL32(C_VerifySignatureFinal, h)
CALL32(C_GetSessionValidationFlags, h, CF_CKS_LAST_VALIDATION_OK, &w.count)
CALL32(C_AsyncComplete, h, w.label, NULL)
CALL32(C_AsyncGetID, h, w.label, &w.count)
CALL32(C_AsyncJoin, h, w.label, 1, w.out, sizeof(w.out))
CALL32(C_WrapKeyAuthenticated, h, &rsa, 0, 0, NULL, 0, w.out, out_len())
CALL32(C_UnwrapKeyAuthenticated, h, &rsa, 0, w.in, sizeof(w.in), &any, 1, NULL, 0, w.objects)
/* clang-format on */

#define ROW(fn, flags)                                                         \
	{                                                                      \
#fn, flags, call_##fn                                          \
	}

const struct cf_call cf_calls[] = {
    ROW(C_Finalize, 0),
    ROW(C_GetInfo, 0),
    ROW(C_GetSlotList, 0),
    ROW(C_GetSlotInfo, CF_CALL_SLOT),
    ROW(C_GetTokenInfo, CF_CALL_SLOT),
    ROW(C_GetMechanismList, CF_CALL_SLOT),
    ROW(C_GetMechanismInfo, CF_CALL_SLOT),
    ROW(C_InitToken, CF_CALL_SLOT),
    ROW(C_InitPIN, S),
    ROW(C_SetPIN, S),
    ROW(C_OpenSession, CF_CALL_SLOT),
    ROW(C_CloseSession, S),
    ROW(C_CloseAllSessions, CF_CALL_SLOT),
    ROW(C_GetSessionInfo, S),
    ROW(C_GetOperationState, S),
    ROW(C_SetOperationState, S),
    ROW(C_Login, S),
    ROW(C_Logout, S),
    ROW(C_CreateObject, S),
    ROW(C_CopyObject, S),
    ROW(C_DestroyObject, S),
    ROW(C_GetObjectSize, S),
    ROW(C_GetAttributeValue, S),
    ROW(C_SetAttributeValue, S),
    ROW(C_FindObjectsInit, S),
    ROW(C_FindObjects, S),
    ROW(C_FindObjectsFinal, S),
    ROW(C_EncryptInit, S),
    ROW(C_Encrypt, S),
    ROW(C_EncryptUpdate, S),
    ROW(C_EncryptFinal, S),
    ROW(C_DecryptInit, S),
    ROW(C_Decrypt, S),
    ROW(C_DecryptUpdate, S),
    ROW(C_DecryptFinal, S),
    ROW(C_DigestInit, S),
    ROW(C_Digest, S),
    ROW(C_DigestUpdate, S),
    ROW(C_DigestKey, S),
    ROW(C_DigestFinal, S),
    ROW(C_SignInit, S),
    ROW(C_Sign, S),
    ROW(C_SignUpdate, S),
    ROW(C_SignFinal, S),
    ROW(C_SignRecoverInit, S),
    ROW(C_SignRecover, S),
    ROW(C_VerifyInit, S),
    ROW(C_Verify, S),
    ROW(C_VerifyUpdate, S),
    ROW(C_VerifyFinal, S),
    ROW(C_VerifyRecoverInit, S),
    ROW(C_VerifyRecover, S),
    ROW(C_DigestEncryptUpdate, S),
    ROW(C_DecryptDigestUpdate, S),
    ROW(C_SignEncryptUpdate, S),
    ROW(C_DecryptVerifyUpdate, S),
    ROW(C_GenerateKey, S),
    ROW(C_GenerateKeyPair, S),
    ROW(C_WrapKey, S),
    ROW(C_UnwrapKey, S),
    ROW(C_DeriveKey, S),
    ROW(C_SeedRandom, S),
    ROW(C_GenerateRandom, S),
    ROW(C_GetFunctionStatus, S | CF_CALL_LEGACY),
    ROW(C_CancelFunction, S | CF_CALL_LEGACY),
    ROW(C_WaitForSlotEvent, 0),
    ROW(C_LoginUser, S3),
    ROW(C_SessionCancel, S3),
    ROW(C_MessageEncryptInit, S3),
    ROW(C_EncryptMessage, S3),
    ROW(C_EncryptMessageBegin, S3),
    ROW(C_EncryptMessageNext, S3),
    ROW(C_MessageEncryptFinal, S3),
    ROW(C_MessageDecryptInit, S3),
    ROW(C_DecryptMessage, S3),
    ROW(C_DecryptMessageBegin, S3),
    ROW(C_DecryptMessageNext, S3),
    ROW(C_MessageDecryptFinal, S3),
    ROW(C_MessageSignInit, S3),
    ROW(C_SignMessage, S3),
    ROW(C_SignMessageBegin, S3),
    ROW(C_SignMessageNext, S3),
    ROW(C_MessageSignFinal, S3),
    ROW(C_MessageVerifyInit, S3),
    ROW(C_VerifyMessage, S3),
    ROW(C_VerifyMessageBegin, S3),
    ROW(C_VerifyMessageNext, S3),
    ROW(C_MessageVerifyFinal, S3),
    ROW(C_EncapsulateKey, S32),
    ROW(C_DecapsulateKey, S32),
    ROW(C_VerifySignatureInit, S32),
    ROW(C_VerifySignature, S32),
    ROW(C_VerifySignatureUpdate, S32),
    ROW(C_VerifySignatureFinal, S32),
    ROW(C_GetSessionValidationFlags, S32),
    ROW(C_AsyncComplete, S32),
    ROW(C_AsyncGetID, S32),
    ROW(C_AsyncJoin, S32),
    ROW(C_WrapKeyAuthenticated, S32),
    ROW(C_UnwrapKeyAuthenticated, S32),
};
const size_t cf_calls_n = CF_COUNT(cf_calls);
