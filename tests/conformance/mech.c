/* Mechanisms: what the token lists, and which the cases use. */
#include <stdio.h>

#include <openssl/rsa.h>

#include "tests/conformance/cf.h"
#include "tests/conformance/kat.h"

#define MECHS_MAX 512

bool
cf_mech_listed(struct cf *c, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM_TYPE list[MECHS_MAX];
	CK_ULONG n = MECHS_MAX;

	if (c->f->C_GetMechanismList(c->slot, list, &n) != CKR_OK)
		return false;
	for (CK_ULONG i = 0; i < n; i++)
		if (list[i] == type)
			return true;
	return false;
}

bool
cf_mech_can(struct cf *c, CK_MECHANISM_TYPE type, CK_FLAGS flags)
{
	/* Zeros: there are modules that only add to what they find. */
	CK_MECHANISM_INFO info = {0, 0, 0};

	return cf_mech_listed(c, type) &&
	       c->f->C_GetMechanismInfo(c->slot, type, &info) == CKR_OK &&
	       (info.flags & flags) == flags;
}

CK_MECHANISM_TYPE
cf_mech_sign(struct cf *c)
{
	bool rsa = c->key.type == CKK_RSA;
	CK_MECHANISM_TYPE hashing =
	    rsa ? CKM_SHA256_RSA_PKCS : CKM_ECDSA_SHA256;

	if (cf_mech_can(c, hashing, CKF_SIGN))
		return hashing;
	return rsa ? CKM_RSA_PKCS : CKM_ECDSA;
}

void
cf_mech_sign_how(CK_MECHANISM_TYPE m, struct cf_sig *how)
{
	bool hashing = m == CKM_SHA256_RSA_PKCS || m == CKM_ECDSA_SHA256;
	bool rsa = m == CKM_SHA256_RSA_PKCS || m == CKM_RSA_PKCS;

	*how = (struct cf_sig){.md = hashing ? "SHA256" : NULL,
	    .pad = rsa ? RSA_PKCS1_PADDING : 0};
}

CK_RV
cf_mech_sign_once(struct cf *c, CK_SESSION_HANDLE s, CK_BYTE data[32],
    const char **where)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_BYTE sig[1024];
	CK_ULONG n = sizeof(sig);
	struct cf_sig how;
	CK_RV rv;

	*where = "C_SignInit";
	if ((rv = c->f->C_SignInit(s, &m, c->key.priv)) != CKR_OK)
		return rv;
	*where = "C_Sign";
	if ((rv = c->f->C_Sign(s, data, 32, sig, &n)) != CKR_OK)
		return rv;
	*where = "a wrong signature";
	cf_mech_sign_how(m.mechanism, &how);
	return cf_ossl_verify(c->key.pkey, &how, data, 32, sig, n) ? CKR_OK
								   : CF_WRONG;
}

const char *
cf_mech_name(CK_MECHANISM_TYPE m)
{
	static char hex[32];
	const char *name = cf_constant_mech(m);

	snprintf(hex, sizeof(hex), "0x%lx", m);
	return name != NULL ? name : hex;
}
