/*
 * PKCS#11 as the suite sees it: the 2.40 header of p11-kit, and what 3.0 and
 * 3.2 add, declared here from the OASIS texts (clauses 3.1 and 5.2). The suite
 * shares no declaration with the module it tests, and its own names carry the
 * prefix cf_, so that a p11-kit that knows 3.x does not clash with them.
 */
#ifndef CF_P11_H
#define CF_P11_H

#include <p11-kit/pkcs11.h>

/* Return values of 3.0 and later that the 2.40 header lacks. */
#define CF_CKR_AEAD_DECRYPT_FAILED 0x42UL
#define CF_CKR_TOKEN_RESOURCE_EXCEEDED 0x201UL
#define CF_CKR_OPERATION_CANCEL_FAILED 0x202UL
#define CF_CKR_KEY_EXHAUSTED 0x203UL
#define CF_CKR_SESSION_ASYNC_NOT_SUPPORTED 0x205UL

#define CF_CKF_ASYNC_SESSION 8UL
#define CF_CKF_ASYNC_SESSION_SUPPORTED 0x04000000UL
#define CF_CKS_LAST_VALIDATION_OK 1UL

#define CF_CKF_FIND_OBJECTS 0x40UL
#define CF_CKO_PROFILE 0x9UL
#define CF_CKA_UNIQUE_ID 0x4UL
#define CF_CKA_PROFILE_ID 0x601UL
#define CF_CKA_ENCAPSULATE 0x633UL
#define CF_CKA_DECAPSULATE 0x634UL
#define CF_CKM_SHA3_256 0x2b0UL
#define CF_CKM_SHA3_384 0x2c0UL
#define CF_CKM_SHA3_512 0x2d0UL
#define CF_CKD_SHA256_KDF_SP800 0x10UL
#define CF_CKM_AES_KEY_WRAP_KWP 0x210bUL
#define CF_CKM_AES_KEY_WRAP_PKCS7 0x210cUL
#define CF_CKP_BASELINE 1UL
#define CF_CKP_EXTENDED 2UL
#define CF_CKP_AUTHENTICATION 3UL
#define CF_CKP_PUBLIC_CERTIFICATES 4UL

#define CF_CKF_MESSAGE_ENCRYPT 2UL
#define CF_CKF_MESSAGE_DECRYPT 4UL
#define CF_CKF_MESSAGE_SIGN 8UL
#define CF_CKF_MESSAGE_VERIFY 0x10UL
#define CF_CKF_MULTI_MESSAGE 0x20UL
#define CF_CKF_END_OF_MESSAGE 1UL
#define CF_CKF_ENCAPSULATE 0x10000000UL
#define CF_CKF_DECAPSULATE 0x20000000UL
#define CF_CKF_EC_F_2M 0x200000UL
#define CF_CKF_EC_ECPARAMETERS 0x400000UL
#define CF_CKF_EC_CURVENAME 0x4000000UL

enum { /* CKG_ */
	CF_CKG_NO_GENERATE,
	CF_CKG_GENERATE,
	CF_CKG_COUNTER,
	CF_CKG_RANDOM,
	CF_CKG_COUNTER_XOR,
};

/* CK_CCM_MESSAGE_PARAMS */
struct cf_ccm_message {
	CK_ULONG data_n;
	CK_BYTE *nonce;
	CK_ULONG nonce_n, fixed_bits, generator;
	CK_BYTE *mac;
	CK_ULONG mac_n;
};

/* CK_GCM_MESSAGE_PARAMS */
struct cf_gcm_message {
	CK_BYTE *iv;
	CK_ULONG iv_n, fixed_bits, generator;
	CK_BYTE *tag;
	CK_ULONG tag_bits;
};

struct cf_interface {
	CK_UTF8CHAR *name;
	void *list;
	CK_FLAGS flags;
};

typedef CK_RV (*cf_get_interface_list)(struct cf_interface *, CK_ULONG *);
typedef CK_RV (*cf_get_interface)(CK_UTF8CHAR *name, CK_VERSION *version,
    struct cf_interface **, CK_FLAGS);

/* Shapes that several functions of 3.0 share. */
typedef CK_RV (*cf_msg_init)(CK_SESSION_HANDLE, CK_MECHANISM *,
    CK_OBJECT_HANDLE);
typedef CK_RV (*cf_msg_crypt)(CK_SESSION_HANDLE, void *param,
    CK_ULONG param_len, CK_BYTE *aad, CK_ULONG aad_len, CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len);
typedef CK_RV (*cf_msg_crypt_begin)(CK_SESSION_HANDLE, void *param,
    CK_ULONG param_len, CK_BYTE *aad, CK_ULONG aad_len);
typedef CK_RV (*cf_msg_crypt_next)(CK_SESSION_HANDLE, void *param,
    CK_ULONG param_len, CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
    CK_ULONG *out_len, CK_FLAGS);
typedef CK_RV (*cf_msg_sign)(CK_SESSION_HANDLE, void *param, CK_ULONG param_len,
    CK_BYTE *data, CK_ULONG data_len, CK_BYTE *sig, CK_ULONG *sig_len);
typedef CK_RV (*cf_msg_verify)(CK_SESSION_HANDLE, void *param,
    CK_ULONG param_len, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *sig,
    CK_ULONG sig_len);
typedef CK_RV (*cf_msg_begin)(CK_SESSION_HANDLE, void *param,
    CK_ULONG param_len);
typedef CK_RV (*cf_msg_final)(CK_SESSION_HANDLE);

/* The list of 3.0: the whole list of 2.40, then 24 more. */
struct cf_list3 {
	CK_FUNCTION_LIST base;
	cf_get_interface_list C_GetInterfaceList;
	cf_get_interface C_GetInterface;
	CK_RV(*C_LoginUser)
	(CK_SESSION_HANDLE, CK_USER_TYPE, CK_UTF8CHAR *pin, CK_ULONG pin_len,
	    CK_UTF8CHAR *name, CK_ULONG name_len);
	CK_RV (*C_SessionCancel)(CK_SESSION_HANDLE, CK_FLAGS);
	cf_msg_init C_MessageEncryptInit;
	cf_msg_crypt C_EncryptMessage;
	cf_msg_crypt_begin C_EncryptMessageBegin;
	cf_msg_crypt_next C_EncryptMessageNext;
	cf_msg_final C_MessageEncryptFinal;
	cf_msg_init C_MessageDecryptInit;
	cf_msg_crypt C_DecryptMessage;
	cf_msg_crypt_begin C_DecryptMessageBegin;
	cf_msg_crypt_next C_DecryptMessageNext;
	cf_msg_final C_MessageDecryptFinal;
	cf_msg_init C_MessageSignInit;
	cf_msg_sign C_SignMessage;
	cf_msg_begin C_SignMessageBegin;
	cf_msg_sign C_SignMessageNext;
	cf_msg_final C_MessageSignFinal;
	cf_msg_init C_MessageVerifyInit;
	cf_msg_verify C_VerifyMessage;
	cf_msg_begin C_VerifyMessageBegin;
	cf_msg_verify C_VerifyMessageNext;
	cf_msg_final C_MessageVerifyFinal;
};

/* The list of 3.2: that of 3.0, then 12 more. */
struct cf_list32 {
	struct cf_list3 base;
	CK_RV(*C_EncapsulateKey)
	(CK_SESSION_HANDLE, CK_MECHANISM *, CK_OBJECT_HANDLE, CK_ATTRIBUTE *,
	    CK_ULONG n, CK_BYTE *out, CK_ULONG *out_len, CK_OBJECT_HANDLE *);
	CK_RV(*C_DecapsulateKey)
	(CK_SESSION_HANDLE, CK_MECHANISM *, CK_OBJECT_HANDLE, CK_ATTRIBUTE *,
	    CK_ULONG n, CK_BYTE *in, CK_ULONG in_len, CK_OBJECT_HANDLE *);
	CK_RV(*C_VerifySignatureInit)
	(CK_SESSION_HANDLE, CK_MECHANISM *, CK_OBJECT_HANDLE, CK_BYTE *sig,
	    CK_ULONG sig_len);
	CK_RV (*C_VerifySignature)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG);
	CK_RV(*C_VerifySignatureUpdate)
	(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG);
	CK_RV (*C_VerifySignatureFinal)(CK_SESSION_HANDLE);
	CK_RV(*C_GetSessionValidationFlags)
	(CK_SESSION_HANDLE, CK_ULONG type, CK_FLAGS *flags);
	CK_RV(*C_AsyncComplete)
	(CK_SESSION_HANDLE, CK_UTF8CHAR *function, void *result);
	CK_RV(*C_AsyncGetID)
	(CK_SESSION_HANDLE, CK_UTF8CHAR *function, CK_ULONG *id);
	CK_RV(*C_AsyncJoin)
	(CK_SESSION_HANDLE, CK_UTF8CHAR *function, CK_ULONG id, CK_BYTE *,
	    CK_ULONG);
	CK_RV(*C_WrapKeyAuthenticated)
	(CK_SESSION_HANDLE, CK_MECHANISM *, CK_OBJECT_HANDLE wrapping,
	    CK_OBJECT_HANDLE key, CK_BYTE *aad, CK_ULONG aad_len, CK_BYTE *out,
	    CK_ULONG *out_len);
	CK_RV(*C_UnwrapKeyAuthenticated)
	(CK_SESSION_HANDLE, CK_MECHANISM *, CK_OBJECT_HANDLE unwrapping,
	    CK_BYTE *in, CK_ULONG in_len, CK_ATTRIBUTE *, CK_ULONG n,
	    CK_BYTE *aad, CK_ULONG aad_len, CK_OBJECT_HANDLE *);
};

#define CF_FUNCTIONS_240 68
#define CF_FUNCTIONS_30 92
#define CF_FUNCTIONS_32 104

#endif
