/*
 * The one door from ca_err to CK_RV: what the application is told depends on
 * the call, because each function may only give the values its section lists
 * (PKCS#11 base specification, section 5).
 */
#ifndef CA_CORE_RV_H
#define CA_CORE_RV_H

#include <stdbool.h>

#include "module/core/pkcs11_3.h"
#include "pcsc/base/err.h"

/* Groups of functions that share a list of return values. */
enum ca_call {
	CA_CALL_SLOT,    /* takes a slot: C_GetTokenInfo, C_OpenSession ... */
	CA_CALL_LOGIN,   /* C_Login, C_LoginUser, C_Logout */
	CA_CALL_SET_PIN, /* C_SetPIN, C_InitPIN */
	CA_CALL_READ,    /* finding objects, reading attributes */
	CA_CALL_SIGN,    /* C_Sign, C_SignFinal */
	CA_CALL_VERIFY,  /* C_Verify, C_VerifyFinal */
	CA_CALL_ENCRYPT, /* C_Encrypt ..., C_Digest ... */
	CA_CALL_DECRYPT, /* C_Decrypt, C_DecryptFinal */
	CA_CALL_DERIVE,  /* C_DeriveKey */
};

/* The value for `e` in a call of this group. */
CK_RV ca_rv(ca_err e, enum ca_call call);

#endif
