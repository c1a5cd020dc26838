/* Mechanisms: what the token lists, and which the cases use. */
#include <stdio.h>

#include <openssl/rsa.h>

#include "tests/conformance/cf.h"

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
	CK_MECHANISM_INFO info;

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

#define N(x)                                                                   \
	{                                                                      \
		x, #x                                                          \
	}

static const struct {
	CK_MECHANISM_TYPE type;
	const char *name;
} names[] = {
    N(CKM_RSA_PKCS),
    N(CKM_RSA_X_509),
    N(CKM_RSA_PKCS_OAEP),
    N(CKM_RSA_PKCS_PSS),
    N(CKM_SHA1_RSA_PKCS),
    N(CKM_SHA224_RSA_PKCS),
    N(CKM_SHA256_RSA_PKCS),
    N(CKM_SHA384_RSA_PKCS),
    N(CKM_SHA512_RSA_PKCS),
    N(CKM_SHA1_RSA_PKCS_PSS),
    N(CKM_SHA224_RSA_PKCS_PSS),
    N(CKM_SHA256_RSA_PKCS_PSS),
    N(CKM_SHA384_RSA_PKCS_PSS),
    N(CKM_SHA512_RSA_PKCS_PSS),
    N(CKM_ECDSA),
    N(CKM_ECDSA_SHA1),
    N(CKM_ECDSA_SHA224),
    N(CKM_ECDSA_SHA256),
    N(CKM_ECDSA_SHA384),
    N(CKM_ECDSA_SHA512),
    N(CKM_ECDH1_DERIVE),
    N(CKM_ECDH1_COFACTOR_DERIVE),
    N(CKM_SHA_1),
    N(CKM_SHA224),
    N(CKM_SHA256),
    N(CKM_SHA384),
    N(CKM_SHA512),
};

const char *
cf_mech_name(CK_MECHANISM_TYPE m)
{
	static char hex[32];

	for (size_t i = 0; i < CF_COUNT(names); i++)
		if (names[i].type == m)
			return names[i].name;
	snprintf(hex, sizeof(hex), "0x%lx", m);
	return hex;
}
