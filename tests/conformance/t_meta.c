/* What a token says of itself in objects: mechanism objects and hardware
 * features (3.0 clauses 4.3 and 4.12), and whether the profiles that it claims
 * are true (Profiles 3.0, clause 3). */
#include <string.h>

#include "tests/conformance/groups.h"

#define MAX 512

static CK_BBOOL yes = CK_TRUE;

static CK_RV
find_class(struct cf *c, CK_OBJECT_CLASS cls, CK_OBJECT_HANDLE *o, CK_ULONG *n)
{
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls)};

	return cf_find(c, c->s, &t, 1, o, MAX, n);
}

/* One object for each mechanism of the list. */
static CK_RV
each_mechanism(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o[MAX];
	CK_ULONG n, listed = 0, type;
	bool seen[MAX] = {false};
	CK_MECHANISM_TYPE list[MAX];
	CK_RV rv = CKR_OK;

	/* a: other objects were searched before */
	if (k->a != 0)
		rv = find_class(c, CF_CKO_PROFILE, o, &n);
	if (rv == CKR_OK)
		rv = find_class(c, CKO_MECHANISM, o, &n);
	listed = CF_COUNT(list);
	if (rv == CKR_OK)
		rv = c->f->C_GetMechanismList(c->slot, list, &listed);
	if (rv == CKR_OK && n != listed)
		return cf_note(c, CF_WRONG, "%lu objects, %lu mechanisms", n,
		    listed);
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		CK_ULONG at = 0;

		rv = cf_attr_ulong(c, o[i], CKA_MECHANISM_TYPE, &type);
		while (at < listed && list[at] != type)
			at++;
		if (rv == CKR_OK && (at == listed || seen[at]))
			return cf_note(c, CF_WRONG, "%s", cf_mech_name(type));
		seen[at] = true;
	}
	return rv;
}

/* a: the type; exactly one object has it. */
static CK_RV
one_mechanism(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = CKO_MECHANISM;
	CK_MECHANISM_TYPE type = k->a;
	CK_ATTRIBUTE t[] = {{CKA_MECHANISM_TYPE, &type, sizeof(type)},
	    {CKA_CLASS, &cls, sizeof(cls)}};
	CK_OBJECT_HANDLE o[2];
	CK_ULONG n;
	CK_RV rv = cf_find(c, c->s, t, 2, o, 2, &n);

	if (rv == CKR_OK && n != (cf_mech_listed(c, type) ? 1 : 0))
		return cf_note(c, CF_WRONG, "%lu objects", n);
	return rv;
}

/* a: 0 nothing, 1 TOKEN, 2 MECHANISM_TYPE is asked for, and no class. b: after
 * somebody asked for the class. */
static CK_RV
not_found(struct cf *c, const struct cf_case *k)
{
	static CK_MECHANISM_TYPE type = CKM_SHA256;
	CK_ATTRIBUTE t[] = {{CKA_TOKEN, &yes, sizeof(yes)},
	    {CKA_MECHANISM_TYPE, &type, sizeof(type)}};
	CK_OBJECT_HANDLE o[MAX];
	CK_OBJECT_CLASS cls;
	CK_ULONG n;
	CK_RV rv = k->b != 0 ? find_class(c, CKO_MECHANISM, o, &n) : CKR_OK;

	if (rv == CKR_OK)
		rv = cf_find(c, c->s, k->a == 2 ? &t[1] : t, k->a != 0 ? 1 : 0,
		    o, MAX, &n);
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		rv = cf_attr_ulong(c, o[i], CKA_CLASS, &cls);
		if (rv == CKR_OK &&
		    (cls == CKO_MECHANISM || cls == CKO_HW_FEATURE))
			return cf_note(c, CF_WRONG, "class %lu is found", cls);
	}
	return rv;
}

static CK_RV
hardware_features(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o[MAX];
	CK_OBJECT_CLASS cls;
	CK_ULONG n;
	CK_RV rv = find_class(c, CKO_HW_FEATURE, o, &n);

	(void)k;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		rv = cf_attr_ulong(c, o[i], CKA_CLASS, &cls);
		if (rv == CKR_OK && cls != CKO_HW_FEATURE)
			return cf_note(c, CF_WRONG, "class %lu", cls);
	}
	return rv;
}

/* a: 0 C_DestroyObject, 1 C_SetAttributeValue, 2 C_CopyObject. */
static CK_RV
change_mechanism(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM_TYPE type = CKM_SHA_1;
	CK_ATTRIBUTE t = {CKA_MECHANISM_TYPE, &type, sizeof(type)};
	CK_OBJECT_HANDLE o[MAX], copy;
	CK_ULONG n;
	CK_RV rv = find_class(c, CKO_MECHANISM, o, &n);

	if (rv != CKR_OK || n == 0)
		return rv != CKR_OK
			   ? rv
			   : cf_note(c, CF_SKIP, "no mechanism objects");
	switch (k->a) {
	case 0:
		return c->f->C_DestroyObject(c->s, o[0]);
	case 1:
		return c->f->C_SetAttributeValue(c->s, o[0], &t, 1);
	default:
		return c->f->C_CopyObject(c->s, o[0], NULL, 0, &copy);
	}
}

static CK_RV
claimed(struct cf *c, CK_ULONG id, bool *is)
{
	CK_ATTRIBUTE t = {CF_CKA_PROFILE_ID, &id, sizeof(id)};
	CK_OBJECT_HANDLE o[2];
	CK_ULONG n = 0;
	CK_RV rv = cf_find(c, c->s, &t, 1, o, 2, &n);

	*is = n != 0;
	return rv;
}

/* Logged in: a private and a public key. */
static CK_RV
authentication(struct cf *c, const struct cf_case *k)
{
	bool is;
	CK_RV rv = claimed(c, CF_CKP_AUTHENTICATION, &is);

	(void)k;
	if (rv != CKR_OK || !is)
		return rv;
	return cf_find_class(c, c->s, CKO_PRIVATE_KEY, NULL, 0) != 0 &&
		       cf_find_class(c, c->s, CKO_PUBLIC_KEY, NULL, 0) != 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "no pair of keys");
}

struct certs {
	CK_ULONG n;
	CK_OBJECT_HANDLE o[MAX];
};

/* The identifiers of private keys, each of which a certificate shares that was
 * found before: was a key found by it as well? */
static CK_RV
keys_by_id(struct cf *c, const struct certs *certs, const bool *found)
{
	CK_BYTE id[CF_ID_MAX];
	size_t n;

	for (CK_ULONG i = 0; i < certs->n; i++) {
		CK_RV rv = cf_attr(c, certs->o[i], CKA_ID, id, sizeof(id), &n);

		if (rv != CKR_OK)
			return rv;
		if (n != 0 && !found[i] &&
		    cf_find_class(c, c->s, CKO_PRIVATE_KEY, id, n) != 0)
			return cf_note(c, CF_WRONG,
			    "a key is not found by the CKA_ID without login");
	}
	return CKR_OK;
}

/* Without login: all certificates, and a key by the CKA_ID of each that is a
 * private key's. */
static CK_RV
public_certificates(struct cf *c, const struct cf_case *k)
{
	static struct certs before, after;
	bool is, found[MAX] = {false};
	CK_BYTE id[CF_ID_MAX], value[8192];
	size_t n;
	CK_RV rv = claimed(c, CF_CKP_PUBLIC_CERTIFICATES, &is);

	(void)k;
	if (rv != CKR_OK || !is || c->opt->pin == NULL)
		return rv;
	rv = find_class(c, CKO_CERTIFICATE, before.o, &before.n);
	for (CK_ULONG i = 0; rv == CKR_OK && i < before.n; i++) {
		rv = cf_attr(c, before.o[i], CKA_VALUE, value, sizeof(value),
		    &n);
		if (rv == CKR_OK)
			rv =
			    cf_attr(c, before.o[i], CKA_ID, id, sizeof(id), &n);
		found[i] =
		    rv == CKR_OK && n != 0 &&
		    (cf_find_class(c, c->s, CKO_PUBLIC_KEY, id, n) != 0 ||
			cf_find_class(c, c->s, CKO_PRIVATE_KEY, id, n) != 0);
	}
	if (rv != CKR_OK || (rv = cf_login(c, c->s)) != CKR_OK ||
	    (rv = find_class(c, CKO_CERTIFICATE, after.o, &after.n)) != CKR_OK)
		return rv;
	if (after.n != before.n)
		return cf_note(c, CF_WRONG, "%lu certificates, %lu logged in",
		    before.n, after.n);
	return keys_by_id(c, &before, found);
}

#define ROW(what, clause, state, fn, a, b, ...)                                \
	{                                                                      \
		what, clause, state, 0, fn, a, b, NULL, CF_ALLOW(__VA_ARGS__)  \
	}
#define MECH(what, ...) ROW("mechanism-object/" what, "3.0 4.12", __VA_ARGS__)
#define REFUSED                                                                \
	CKR_SESSION_READ_ONLY, CKR_ACTION_PROHIBITED,                          \
	    CKR_TOKEN_WRITE_PROTECTED, CKR_ATTRIBUTE_READ_ONLY

static const struct cf_case table[] = {
    MECH("each", CF_RO, each_mechanism, 0, 0, CKR_OK),
    MECH("each-after-others", CF_RO, each_mechanism, 1, 0, CKR_OK),
    MECH("each-logged-in", CF_USER, each_mechanism, 0, 0, CKR_OK),
    MECH("by-type", CF_RO, one_mechanism, CKM_SHA256, 0, CKR_OK),
    MECH("by-unknown-type", CF_RO, one_mechanism, 0x7badc0deUL, 0, CKR_OK),
    MECH("not-without-class", CF_RO, not_found, 0, 0, CKR_OK),
    MECH("not-without-class-afterwards", CF_RO, not_found, 0, 1, CKR_OK),
    MECH("not-by-token", CF_RO, not_found, 1, 1, CKR_OK),
    MECH("not-by-type-alone", CF_RO, not_found, 2, 1, CKR_OK),
    MECH("destroy", CF_RO, change_mechanism, 0, 0, REFUSED),
    MECH("set", CF_RO, change_mechanism, 1, 0, REFUSED),
    MECH("copy", CF_RO, change_mechanism, 2, 0, REFUSED),
    ROW("hardware-feature/search", "3.0 4.3", CF_RO, hardware_features, 0, 0,
	CKR_OK),
    ROW("profile/true-authentication", "prof 3", CF_USER, authentication, 0, 0,
	CKR_OK),
    ROW("profile/true-public-certificates", "prof 3", CF_RO,
	public_certificates, 0, 0, CKR_OK),
};

CF_GROUP(cf_group_meta, table)
