/* Profile objects (Profiles 2, PKCS#11 3.0 section 4.13). */
#include "tests/conformance/groups.h"

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
