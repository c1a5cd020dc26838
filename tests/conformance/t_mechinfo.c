/* C_GetMechanismList and C_GetMechanismInfo: 2.40 clause 5.5. */
#include "tests/conformance/groups.h"

#define MECHS_MAX 512

static CK_RV
mech_list(struct cf *c, CK_MECHANISM_TYPE *list, CK_ULONG *n)
{
	*n = MECHS_MAX;
	return c->f->C_GetMechanismList(c->slot, list, n);
}

static CK_RV
mech_list_good(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM_TYPE list[MECHS_MAX];
	CK_ULONG n, only = 0;
	CK_RV rv;

	(void)k;
	if ((rv = mech_list(c, list, &n)) != CKR_OK ||
	    (rv = c->f->C_GetMechanismList(c->slot, NULL, &only)) != CKR_OK)
		return rv;
	if (n != only || n == 0)
		return cf_note(c, CF_WRONG, "%lu and %lu mechanisms", n, only);
	for (CK_ULONG i = 0; i < n; i++)
		for (CK_ULONG j = i + 1; j < n; j++)
			if (list[i] == list[j])
				return cf_note(c, CF_WRONG, "%s twice",
				    cf_mech_name(list[i]));
	return CKR_OK;
}

static CK_RV
mech_list_short(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM_TYPE list[MECHS_MAX];
	CK_ULONG n = 0, all;
	CK_RV rv;

	if ((rv = mech_list(c, list, &all)) != CKR_OK)
		return rv;
	n = k->a != 0 ? all - 1 : 0;
	rv = c->f->C_GetMechanismList(c->slot, list, &n);
	if (rv == CKR_BUFFER_TOO_SMALL && n != all)
		return cf_note(c, CF_WRONG, "the count says %lu, not %lu", n,
		    all);
	return rv;
}

/* The flags a mechanism of this class may carry, beside CKF_HW. */
#define F_SV (CKF_SIGN | CKF_VERIFY)
#define F_ED (CKF_ENCRYPT | CKF_DECRYPT)
#define F_WU (CKF_WRAP | CKF_UNWRAP)
#define F_REC (CKF_SIGN_RECOVER | CKF_VERIFY_RECOVER)
#define F_EC                                                                   \
	(CKF_EC_F_P | (1UL << 21) | (1UL << 22) | CKF_EC_NAMEDCURVE |          \
	    CKF_EC_UNCOMPRESS | CKF_EC_COMPRESS)

static const struct {
	CK_MECHANISM_TYPE first, last;
	CK_FLAGS may;
} classes[] = {
    {CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_PKCS_KEY_PAIR_GEN,
	CKF_GENERATE_KEY_PAIR},
    {CKM_RSA_PKCS, CKM_RSA_PKCS, F_ED | F_SV | F_REC | F_WU},
    {CKM_RSA_X_509, CKM_RSA_X_509, F_ED | F_SV | F_REC | F_WU},
    {CKM_SHA1_RSA_PKCS, CKM_SHA1_RSA_PKCS, F_SV},
    {CKM_RSA_PKCS_OAEP, CKM_RSA_PKCS_OAEP, F_ED | F_WU},
    {CKM_RSA_PKCS_PSS, CKM_SHA1_RSA_PKCS_PSS, F_SV},
    {CKM_SHA256_RSA_PKCS, CKM_SHA224_RSA_PKCS_PSS, F_SV},
    {CKM_SHA_1, CKM_SHA_1, CKF_DIGEST},
    {CKM_SHA256, CKM_SHA256, CKF_DIGEST},
    {CKM_SHA224, CKM_SHA224, CKF_DIGEST},
    {CKM_SHA384, CKM_SHA384, CKF_DIGEST},
    {CKM_SHA512, CKM_SHA512, CKF_DIGEST},
    {CKM_EC_KEY_PAIR_GEN, CKM_EC_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR | F_EC},
    {CKM_ECDSA, CKM_ECDSA_SHA512, F_SV | F_EC},
    {CKM_ECDH1_DERIVE, CKM_ECDH1_DERIVE, CKF_DERIVE | F_EC},
};

static CK_RV
check_mech(struct cf *c, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM_INFO info;
	CK_RV rv = c->f->C_GetMechanismInfo(c->slot, type, &info);

	if (rv != CKR_OK)
		return cf_note(c, rv, "for %s", cf_mech_name(type));
	if (info.ulMinKeySize > info.ulMaxKeySize)
		return cf_note(c, CF_WRONG, "%s: sizes %lu to %lu",
		    cf_mech_name(type), info.ulMinKeySize, info.ulMaxKeySize);
	for (size_t i = 0; i < CF_COUNT(classes); i++)
		if (type >= classes[i].first && type <= classes[i].last &&
		    (info.flags & ~(classes[i].may | CKF_HW)) != 0)
			return cf_note(c, CF_WRONG, "%s: flags %#lx",
			    cf_mech_name(type), info.flags);
	return CKR_OK;
}

static CK_RV
mech_info_all(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM_TYPE list[MECHS_MAX];
	CK_ULONG n;
	CK_RV rv = mech_list(c, list, &n);

	(void)k;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		rv = check_mech(c, list[i]);
	return rv;
}

/* a: a mechanism nobody has. */
static CK_RV
mech_info(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM_INFO info;

	return c->f->C_GetMechanismInfo(c->slot, k->a, &info);
}

#define ROW(what, fnname, state, need, fn, a, b, ...)                          \
	{                                                                      \
		fnname "/" what, "2.40 5.5 " fnname, state, need, fn, a, b,    \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}

static const struct cf_case table[] = {
    ROW("good", "C_GetMechanismList", CF_SLOT, 0, mech_list_good, 0, 0, CKR_OK),
    ROW("too-small", "C_GetMechanismList", CF_SLOT, 0, mech_list_short, 0, 0,
	CKR_BUFFER_TOO_SMALL),
    ROW("one-too-small", "C_GetMechanismList", CF_SLOT, 0, mech_list_short, 1,
	0, CKR_BUFFER_TOO_SMALL),
    ROW("all-listed", "C_GetMechanismInfo", CF_SLOT, 0, mech_info_all, 0, 0,
	CKR_OK),
    ROW("unknown", "C_GetMechanismInfo", CF_SLOT, 0, mech_info, 0x7badc0deUL, 0,
	CKR_MECHANISM_INVALID),
};

CF_GROUP(cf_group_mechinfo, table)
