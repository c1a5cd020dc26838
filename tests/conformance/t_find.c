/* C_FindObjectsInit, C_FindObjects, C_FindObjectsFinal: 2.40 clause 5.7. */
#include <string.h>

#include "tests/conformance/groups.h"

#define OBJECTS_MAX 256

static CK_RV
count_all(struct cf *c, CK_ATTRIBUTE *t, CK_ULONG t_n, CK_ULONG *n)
{
	CK_OBJECT_HANDLE all[OBJECTS_MAX];

	return cf_find(c, c->s, t, t_n, all, OBJECTS_MAX, n);
}

/* An empty template finds every object, none twice. */
static CK_RV
find_all(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE all[OBJECTS_MAX];
	CK_ULONG n;
	CK_RV rv = cf_find(c, c->s, NULL, 0, all, OBJECTS_MAX, &n);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	for (CK_ULONG i = 0; i < n; i++) {
		if (all[i] == CK_INVALID_HANDLE)
			return cf_note(c, CF_WRONG, "handle 0");
		for (CK_ULONG j = 0; j < i; j++)
			if (all[i] == all[j])
				return cf_note(c, CF_WRONG, "handle %lu twice",
				    all[i]);
	}
	return n != 0 ? CKR_OK : cf_note(c, CF_WRONG, "nothing found");
}

/* One at a time finds the same, and the end comes again and again. */
static CK_RV
find_one_by_one(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE all[OBJECTS_MAX], o;
	CK_ULONG n, got = 1, i;
	CK_RV rv;

	(void)k;
	if ((rv = cf_find(c, c->s, NULL, 0, all, OBJECTS_MAX, &n)) != CKR_OK ||
	    (rv = c->f->C_FindObjectsInit(c->s, NULL, 0)) != CKR_OK)
		return rv;
	for (i = 0; i < n; i++)
		if ((rv = c->f->C_FindObjects(c->s, &o, 1, &got)) != CKR_OK ||
		    got != 1 || o != all[i])
			return cf_note(c, CF_WRONG, "object %lu", i);
	for (i = 0; i < 3; i++)
		if ((rv = c->f->C_FindObjects(c->s, &o, 1, &got)) != CKR_OK ||
		    got != 0)
			return cf_note(c, CF_WRONG, "no end");
	return c->f->C_FindObjectsFinal(c->s);
}

/* Private objects do not exist before login. */
static CK_RV
find_private(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = CKO_PRIVATE_KEY;
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE t[] = {
	    {CKA_PRIVATE, &yes, sizeof(yes)}, {CKA_CLASS, &cls, sizeof(cls)}};
	CK_ULONG n;
	CK_RV rv = count_all(c, t, k->a, &n);

	if (rv == CKR_OK && (n != 0) != (k->b != 0))
		return cf_note(c, CF_WRONG, "%lu private objects", n);
	return rv;
}

/* a: what is wrong with the template; it must match nothing, or be refused. */
enum { UNKNOWN, SIZE, OTHER, NULL_VALUE };

static CK_RV
find_nothing(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = k->a == OTHER ? 0x7badc0deUL : CKO_CERTIFICATE;
	CK_ATTRIBUTE t = {k->a == UNKNOWN ? 0x7badc0deUL : CKA_CLASS, &cls,
	    k->a == SIZE ? sizeof(cls) - 1 : sizeof(cls)};
	CK_ULONG n;
	CK_RV rv;

	if (k->a == NULL_VALUE)
		t.pValue = NULL;
	rv = count_all(c, &t, 1, &n);
	if (rv == CKR_OK && n != 0)
		return cf_note(c, CF_WRONG, "%lu objects match", n);
	return rv;
}

/* The attributes of an object find it again: a is the attribute. */
static CK_RV
find_by(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE all[OBJECTS_MAX], o;
	uint8_t value[4096];
	CK_ATTRIBUTE t = {k->a, value, sizeof(value)};
	CK_ULONG n;
	size_t len;
	CK_RV rv;

	o = k->b == CKO_PRIVATE_KEY  ? c->key.priv
	    : k->b == CKO_PUBLIC_KEY ? c->key.pub
				     : c->key.cert;
	rv = cf_attr(c, o, k->a, value, sizeof(value), &len);
	if (rv != CKR_OK)
		return cf_note(c, rv, "reading the attribute");
	t.ulValueLen = len;
	rv = cf_find(c, c->s, &t, 1, all, OBJECTS_MAX, &n);
	if (rv != CKR_OK)
		return rv;
	for (CK_ULONG i = 0; i < n; i++)
		if (all[i] == o)
			return CKR_OK;
	return cf_note(c, CF_WRONG, "%lu others found", n);
}

/* The same object has the same handle in another session. */
static CK_RV
find_same_handle(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE a, b;
	CK_RV rv = cf_open(c, 0, &s);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	a = cf_find_class(c, c->s, CKO_PRIVATE_KEY, c->key.id, c->key.id_n);
	b = cf_find_class(c, s, CKO_PRIVATE_KEY, c->key.id, c->key.id_n);
	if (a != c->key.priv || a != b)
		return cf_note(c, CF_WRONG, "handles %lu and %lu", a, b);
	return CKR_OK;
}

static CK_RV
find_null(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_ULONG n;

	if (k->a == 0)
		return c->f->C_FindObjectsInit(c->s, NULL, 1);
	if (c->f->C_FindObjectsInit(c->s, NULL, 0) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_FindObjectsInit");
	return k->a == 1 ? c->f->C_FindObjects(c->s, NULL, 1, &n)
			 : c->f->C_FindObjects(c->s, &o, 1, NULL);
}

static CK_RV
find_twice(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = c->f->C_FindObjectsInit(c->s, NULL, 0);

	(void)k;
	return rv != CKR_OK ? rv : c->f->C_FindObjectsInit(c->s, NULL, 0);
}

/* a: 0 C_FindObjects, 1 C_FindObjectsFinal, 2 the latter for the second time;
 * nothing is active. */
static CK_RV
find_inactive(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_ULONG n;

	if (k->a == 0)
		return c->f->C_FindObjects(c->s, &o, 1, &n);
	if (k->a == 2 && (c->f->C_FindObjectsInit(c->s, NULL, 0) != CKR_OK ||
			     c->f->C_FindObjectsFinal(c->s) != CKR_OK))
		return cf_note(c, CF_SETUP, "an empty search");
	return c->f->C_FindObjectsFinal(c->s);
}

/* A search in one session does not disturb one in another, nor a signature. */
static CK_RV
find_beside(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_BYTE data[32] = {5}, sig[1024];
	CK_ULONG sig_n = sizeof(sig), n, all;
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o;
	CK_RV rv;

	(void)k;
	if ((rv = cf_open(c, 0, &s)) != CKR_OK ||
	    (rv = c->f->C_SignInit(c->s, &m, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_FindObjectsInit(s, NULL, 0)) != CKR_OK ||
	    (rv = c->f->C_FindObjects(s, &o, 1, &n)) != CKR_OK ||
	    (rv = count_all(c, NULL, 0, &all)) != CKR_OK ||
	    (rv = c->f->C_FindObjects(s, &o, 1, &n)) != CKR_OK ||
	    (rv = c->f->C_FindObjectsFinal(s)) != CKR_OK)
		return rv;
	return c->f->C_Sign(c->s, data, sizeof(data), sig, &sig_n);
}

#define ROW(fnname, what, state, need, fn, a, b, ...)                          \
	{                                                                      \
		fnname "/" what, "2.40 5.7 " fnname, state, need, fn, a, b,    \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}
#define INIT(...) ROW("C_FindObjectsInit", __VA_ARGS__)
#define FIND(...) ROW("C_FindObjects", __VA_ARGS__)
#define FINAL(...) ROW("C_FindObjectsFinal", __VA_ARGS__)
#define MATCH_NOTHING                                                          \
	CKR_OK, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID

static const struct cf_case table[] = {
    INIT("null-template", CF_RO, 0, find_null, 0, 0, CKR_ARGUMENTS_BAD),
    INIT("twice", CF_RO, 0, find_twice, 0, 0, CKR_OPERATION_ACTIVE),
    FIND("all", CF_RO, 0, find_all, 0, 0, CKR_OK),
    FIND("all-logged-in", CF_USER, 0, find_all, 0, 0, CKR_OK),
    FIND("one-by-one", CF_USER, 0, find_one_by_one, 0, 0, CKR_OK),
    FIND("private-before-login", CF_RO, 0, find_private, 1, 0, CKR_OK),
    FIND("private-keys-before-login", CF_RO, 0, find_private, 2, 0, CKR_OK),
    FIND("private-after-login", CF_KEY, 0, find_private, 1, 1, CKR_OK),
    FIND("unknown-attribute", CF_USER, 0, find_nothing, UNKNOWN, 0,
	MATCH_NOTHING),
    FIND("wrong-size", CF_USER, 0, find_nothing, SIZE, 0, MATCH_NOTHING),
    FIND("unknown-class", CF_USER, 0, find_nothing, OTHER, 0, MATCH_NOTHING),
    FIND("null-value", CF_USER, 0, find_nothing, NULL_VALUE, 0, MATCH_NOTHING,
	CKR_ARGUMENTS_BAD),
    FIND("key-by-id", CF_KEY, 0, find_by, CKA_ID, CKO_PRIVATE_KEY, CKR_OK),
    FIND("key-by-label", CF_KEY, 0, find_by, CKA_LABEL, CKO_PRIVATE_KEY,
	CKR_OK),
    FIND("key-by-modulus", CF_KEY, CF_NEED_RSA, find_by, CKA_MODULUS,
	CKO_PRIVATE_KEY, CKR_OK),
    FIND("certificate-by-value", CF_KEY, CF_NEED_CERT, find_by, CKA_VALUE,
	CKO_CERTIFICATE, CKR_OK),
    FIND("certificate-by-subject", CF_KEY, CF_NEED_CERT, find_by, CKA_SUBJECT,
	CKO_CERTIFICATE, CKR_OK),
    FIND("certificate-by-issuer", CF_KEY, CF_NEED_CERT, find_by, CKA_ISSUER,
	CKO_CERTIFICATE, CKR_OK),
    FIND("certificate-by-serial", CF_KEY, CF_NEED_CERT, find_by,
	CKA_SERIAL_NUMBER, CKO_CERTIFICATE, CKR_OK),
    FIND("certificate-by-label", CF_KEY, CF_NEED_CERT, find_by, CKA_LABEL,
	CKO_CERTIFICATE, CKR_OK),
    FIND("public-key-by-modulus", CF_KEY, CF_NEED_RSA | CF_NEED_PUB, find_by,
	CKA_MODULUS, CKO_PUBLIC_KEY, CKR_OK),
    FIND("same-handle-in-all-sessions", CF_KEY, 0, find_same_handle, 0, 0,
	CKR_OK),
    FIND("beside-a-signature", CF_KEY, 0, find_beside, 0, 0, CKR_OK),
    FIND("null-objects", CF_RO, 0, find_null, 1, 0, CKR_ARGUMENTS_BAD),
    FIND("null-count", CF_RO, 0, find_null, 2, 0, CKR_ARGUMENTS_BAD),
    FIND("not-begun", CF_RO, 0, find_inactive, 0, 0,
	CKR_OPERATION_NOT_INITIALIZED),
    FINAL("not-begun", CF_RO, 0, find_inactive, 1, 0,
	CKR_OPERATION_NOT_INITIALIZED),
    FINAL("twice", CF_RO, 0, find_inactive, 2, 0,
	CKR_OPERATION_NOT_INITIALIZED),
};

CF_GROUP(cf_group_find, table)
