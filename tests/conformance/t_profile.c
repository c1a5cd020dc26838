/* The mandatory test cases of the Profiles text, and profile objects. */
#include <string.h>

#include "tests/conformance/groups.h"

static CK_BBOOL yes = CK_TRUE;

/* How each mandatory case begins, after C_Initialize. */
static CK_RV
open_case(struct cf *c, CK_FLAGS flags)
{
	CK_SLOT_ID slots[64];
	CK_ULONG n = 0;
	CK_INFO info;
	CK_RV rv;

	if ((rv = c->f->C_GetInfo(&info)) != CKR_OK ||
	    (rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n)) != CKR_OK ||
	    n > CF_COUNT(slots) ||
	    (rv = c->f->C_GetSlotList(CK_TRUE, slots, &n)) != CKR_OK)
		return rv;
	if (flags == CKF_RW_SESSION &&
	    (c->token.flags & CKF_WRITE_PROTECTED) != 0)
		flags = 0;
	return cf_open(c, flags, &c->s);
}

static CK_RV
end_case(struct cf *c)
{
	CK_RV rv;

	if ((rv = c->f->C_CloseSession(c->s)) != CKR_OK ||
	    (rv = c->f->C_CloseAllSessions(c->slot)) != CKR_OK)
		return rv;
	return c->f->C_Finalize(NULL);
}

static CK_RV
search_token(struct cf *c)
{
	CK_ATTRIBUTE t = {CKA_TOKEN, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE o;
	CK_ULONG n;
	CK_RV rv = cf_find(c, c->s, &t, 1, &o, 1, &n);

	return rv == CKR_OK && n != 1 ? cf_note(c, CF_WRONG, "no token object")
				      : rv;
}

static CK_RV
bl_m_1(struct cf *c, const struct cf_case *k)
{
	CK_SLOT_INFO si;
	CK_RV rv;

	(void)k;
	if ((rv = c->f->C_GetSlotInfo(c->slot, &si)) != CKR_OK ||
	    (rv = c->f->C_GetTokenInfo(c->slot, &c->token)) != CKR_OK ||
	    (rv = open_case(c, 0)) != CKR_OK ||
	    (rv = search_token(c)) != CKR_OK)
		return rv;
	return end_case(c);
}

static CK_RV
ext_m_1(struct cf *c, const struct cf_case *k)
{
	static const CK_MECHANISM_TYPE asked[] = {
	    CKM_SHA512, CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_PKCS};
	CK_MECHANISM_INFO info;
	CK_ULONG n = 0;
	CK_RV rv;

	(void)k;
	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	if ((rv = c->f->C_GetMechanismList(c->slot, NULL, &n)) != CKR_OK)
		return rv;
	/* what is listed may vary, says the text; what is listed must answer */
	for (size_t i = 0; i < CF_COUNT(asked); i++)
		if (cf_mech_listed(c, asked[i]) &&
		    (rv = c->f->C_GetMechanismInfo(c->slot, asked[i], &info)) !=
			CKR_OK)
			return rv;
	if ((rv = open_case(c, CKF_RW_SESSION)) != CKR_OK ||
	    (rv = cf_login(c, c->s)) != CKR_OK ||
	    (rv = search_token(c)) != CKR_OK ||
	    (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return rv;
	return end_case(c);
}

/* TOKEN, LABEL and CLASS, as the text searches. */
static CK_RV
find_labelled(struct cf *c, CK_OBJECT_CLASS cls, const uint8_t *label,
    size_t label_n, CK_OBJECT_HANDLE *o)
{
	uint8_t copy[256];
	CK_ATTRIBUTE t[] = {{CKA_TOKEN, &yes, sizeof(yes)},
	    {CKA_LABEL, copy, label_n}, {CKA_CLASS, &cls, sizeof(cls)}};
	CK_ULONG n;
	CK_RV rv;

	memcpy(copy, label, label_n);
	rv = cf_find(c, c->s, t, 3, o, 1, &n);
	return rv == CKR_OK && n != 1
		   ? cf_note(c, CF_WRONG, "class %lu is not found by its label",
			 cls)
		   : rv;
}

static CK_RV
auth_m_1(struct cf *c, const struct cf_case *k)
{
	uint8_t label[256], modulus[1024], exponent[1024], sig[512];
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_OBJECT_HANDLE pub, priv;
	CK_ULONG n = sizeof(sig);
	size_t label_n, a, b;
	CK_RV rv;

	(void)k;
	if (!cf_mech_can(c, CKM_SHA256_RSA_PKCS, CKF_SIGN))
		return cf_note(c, CF_SKIP, "no CKM_SHA256_RSA_PKCS");
	rv = cf_attr(c, c->key.pub, CKA_LABEL, label, sizeof(label), &label_n);
	if (rv != CKR_OK ||
	    (rv = find_labelled(c, CKO_PUBLIC_KEY, label, label_n, &pub)) !=
		CKR_OK ||
	    (rv = cf_attr(c, pub, CKA_MODULUS, modulus, sizeof(modulus), &a)) !=
		CKR_OK ||
	    (rv = cf_attr(c, pub, CKA_PUBLIC_EXPONENT, exponent,
		 sizeof(exponent), &b)) != CKR_OK)
		return rv;
	rv = cf_attr(c, c->key.priv, CKA_LABEL, label, sizeof(label), &label_n);
	if (rv != CKR_OK ||
	    (rv = find_labelled(c, CKO_PRIVATE_KEY, label, label_n, &priv)) !=
		CKR_OK ||
	    (rv = c->f->C_SignInit(c->s, &m, priv)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, label, label_n, sig, &n)) != CKR_OK ||
	    (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return rv;
	return end_case(c);
}

/* Without login; the attributes are read while the search is open. */
static CK_RV
cert_m_1(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = CKO_CERTIFICATE;
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls)};
	CK_OBJECT_HANDLE o[5];
	uint8_t label[256], value[8192];
	EVP_PKEY *pkey;
	size_t label_n, n;
	CK_ULONG found;
	CK_RV rv;

	(void)k;
	if ((rv = open_case(c, 0)) != CKR_OK ||
	    (rv = c->f->C_FindObjectsInit(c->s, &t, 1)) != CKR_OK ||
	    (rv = c->f->C_FindObjects(c->s, o, 5, &found)) != CKR_OK)
		return rv;
	if (found == 0)
		return cf_note(c, CF_WRONG, "no certificate without login");
	if ((rv = cf_attr(c, o[0], CKA_LABEL, label, sizeof(label),
		 &label_n)) != CKR_OK ||
	    (rv = cf_attr(c, o[0], CKA_VALUE, value, sizeof(value), &n)) !=
		CKR_OK ||
	    (rv = c->f->C_FindObjectsFinal(c->s)) != CKR_OK)
		return rv;
	if ((pkey = cf_ossl_cert_key(value, n)) == NULL)
		return cf_note(c, CF_WRONG, "CKA_VALUE does not parse");
	EVP_PKEY_free(pkey);
	return end_case(c);
}

#define PROFILES_MAX 16

static CK_RV
profiles(struct cf *c, CK_OBJECT_HANDLE *o, CK_ULONG *n)
{
	CK_OBJECT_CLASS cls = CF_CKO_PROFILE;
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls)};
	CK_RV rv = cf_find(c, c->s, &t, 1, o, PROFILES_MAX, n);

	return rv == CKR_OK && *n == 0
		   ? cf_note(c, CF_WRONG, "no profile object")
		   : rv;
}

/* The attributes every profile object has, before login. */
static CK_RV
profile_objects(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o[PROFILES_MAX];
	CK_ULONG n, ids[PROFILES_MAX];
	bool token = false, is_private = true, modifiable = true;
	CK_RV rv = profiles(c, o, &n);

	(void)k;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		if ((rv = cf_attr_ulong(c, o[i], CF_CKA_PROFILE_ID, &ids[i])) !=
			CKR_OK ||
		    (rv = cf_attr_bool(c, o[i], CKA_TOKEN, &token)) != CKR_OK ||
		    (rv = cf_attr_bool(c, o[i], CKA_PRIVATE, &is_private)) !=
			CKR_OK ||
		    (rv = cf_attr_bool(c, o[i], CKA_MODIFIABLE, &modifiable)) !=
			CKR_OK)
			return rv;
		if (!token || is_private || modifiable)
			return cf_note(c, CF_WRONG,
			    "not a public, fixed token object");
		for (CK_ULONG j = 0; j < i; j++)
			if (ids[i] == ids[j])
				return cf_note(c, CF_WRONG, "profile %lu twice",
				    ids[i]);
	}
	return rv;
}

/* a: a profile that is claimed. */
static CK_RV
profile_claimed(struct cf *c, const struct cf_case *k)
{
	CK_ULONG id = k->a, n;
	CK_ATTRIBUTE t = {CF_CKA_PROFILE_ID, &id, sizeof(id)};
	CK_OBJECT_HANDLE o[PROFILES_MAX];
	CK_RV rv = cf_find(c, c->s, &t, 1, o, PROFILES_MAX, &n);

	if (rv == CKR_OK && n != 1)
		return cf_note(c, CF_WRONG, "%lu objects", n);
	return rv;
}

#define ROW(what, clause, state, need, fn, a)                                  \
	{                                                                      \
		"profile/" what, "prof " clause, state, need, fn, a, 0, NULL,  \
		    CF_ALLOW(CKR_OK)                                           \
	}

static const struct cf_case table[] = {
    ROW("BL-M-1", "BL-M-1-30", CF_SLOT, 0, bl_m_1, 0),
    ROW("EXT-M-1", "EXT-M-1-30", CF_SLOT, 0, ext_m_1, 0),
    ROW("AUTH-M-1", "AUTH-M-1-30", CF_KEY, CF_NEED_RSA | CF_NEED_PUB, auth_m_1,
	0),
    ROW("CERT-M-1", "CERT-M-1-30", CF_SLOT, 0, cert_m_1, 0),
    ROW("objects", "2, CKO_PROFILE", CF_RO, CF_NEED_3, profile_objects, 0),
    ROW("objects-logged-in", "2, CKO_PROFILE", CF_USER, CF_NEED_3,
	profile_objects, 0),
    ROW("claims-baseline", "2, CKO_PROFILE", CF_RO, CF_NEED_3, profile_claimed,
	CF_CKP_BASELINE),
    ROW("claims-authentication", "2, CKO_PROFILE", CF_KEY, CF_NEED_3,
	profile_claimed, CF_CKP_AUTHENTICATION),
    ROW("claims-public-certificates", "2, CKO_PROFILE", CF_KEY,
	CF_NEED_3 | CF_NEED_CERT, profile_claimed, CF_CKP_PUBLIC_CERTIFICATES),
};

CF_GROUP(cf_group_profile, table)
