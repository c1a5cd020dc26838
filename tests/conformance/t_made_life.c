/* Session objects once they are made: copied, changed, hidden, seen by others,
 * and gone (2.40 clauses 4.4, 4.10, 5.6, 5.7). */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_BYTE other[] = {9, 8, 7};
static CK_UTF8CHAR label[] = "made to end";
static CK_BYTE mine[32] = {'m', 'i', 'n', 'e'};

#define ONE(name, type, v)                                                     \
	static const CK_ATTRIBUTE name##_add[] = {{type, &(v), sizeof(v)}};    \
	static const struct cf_bend name = {CF_KEEP_ALL, name##_add, 1}

ONE(private, CKA_PRIVATE, yes);
ONE(public, CKA_PRIVATE, no);
ONE(sensitive, CKA_SENSITIVE, yes);
ONE(not_sensitive, CKA_SENSITIVE, no);
ONE(unextractable, CKA_EXTRACTABLE, no);
ONE(extractable, CKA_EXTRACTABLE, yes);
ONE(fixed, CKA_MODIFIABLE, no);
ONE(single, CKA_COPYABLE, no);
ONE(lasting, CKA_DESTROYABLE, no);
ONE(copyable, CKA_COPYABLE, yes);
ONE(of_mine, CKA_VALUE, mine);
ONE(on_token, CKA_TOKEN, yes);
ONE(labelled, CKA_LABEL, label);
ONE(with_value, CKA_VALUE, other);
ONE(with_id, CKA_ID, other);

/* An object, and what is asked of it. */
struct order {
	enum cf_made which;
	const struct cf_bend *made; /* or NULL */
	const struct cf_bend *then; /* the template of the call, or NULL */
};

#define ORDER(name, ...) static const struct order name = {__VA_ARGS__}
ORDER(lower_sensitive, CF_AES, &sensitive, &not_sensitive);
ORDER(raise_sensitive, CF_AES, NULL, &sensitive);
ORDER(raise_extractable, CF_AES, &unextractable, &extractable);
ORDER(lower_extractable, CF_AES, NULL, &unextractable);
ORDER(label_data, CF_DATA, NULL, &labelled);
ORDER(id_cert, CF_CERT, NULL, &with_id);
ORDER(label_fixed, CF_DATA, &fixed, &labelled);
ORDER(value_key, CF_AES, NULL, &of_mine);
ORDER(guess_key, CF_AES, &of_mine, &of_mine);
ORDER(to_token, CF_DATA, NULL, &on_token);
ORDER(to_private, CF_DATA, NULL, &private);
ORDER(to_public, CF_AES, &private, &public);
ORDER(value_data, CF_DATA, NULL, &with_value);
ORDER(plain_data, CF_DATA, NULL, NULL);
ORDER(single_data, CF_DATA, &single, NULL);
ORDER(single_again, CF_DATA, &single, &copyable);
ORDER(lasting_data, CF_DATA, &lasting, NULL);

enum { SET, COPY, DESTROY };

/* a: the call; p: the order. */
static CK_RV
call(struct cf *c, const struct cf_case *k)
{
	const struct order *o = k->p;
	CK_ATTRIBUTE t[1] = {{0}};
	CK_ULONG n = o->then != NULL ? 1 : 0;
	CK_OBJECT_HANDLE h, copy;
	CK_RV rv = cf_make(c, o->which, o->made, &h);

	if (rv != CKR_OK)
		return rv;
	if (n != 0)
		t[0] = o->then->add[0];
	if (k->a == DESTROY)
		return c->f->C_DestroyObject(c->s, h);
	if (k->a == COPY)
		rv = c->f->C_CopyObject(c->s, h, t, n, &copy);
	else
		rv = c->f->C_SetAttributeValue(c->s, h, t, n);
	if (rv != CKR_OK || n == 0)
		return rv;
	return cf_made_is_value(c, k->a == COPY ? copy : h, t[0].type,
	    t[0].pValue, t[0].ulValueLen);
}

/* A copy is an object of its own: the first may go. */
static CK_RV
copy_stays(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t = labelled.add[0];
	CK_OBJECT_HANDLE h, copy;
	CK_RV rv = cf_make(c, CF_AES, &of_mine, &h);

	(void)k;
	if (rv != CKR_OK ||
	    (rv = c->f->C_CopyObject(c->s, h, &t, 1, &copy)) != CKR_OK ||
	    (rv = c->f->C_DestroyObject(c->s, h)) != CKR_OK)
		return rv;
	return cf_made_is_value(c, copy, CKA_VALUE, mine, sizeof(mine));
}

/* p: the bend of a secret key; b: a length is asked only. */
static CK_RV
read_value(struct cf *c, const struct cf_case *k)
{
	CK_BYTE got[64];
	CK_ATTRIBUTE t = {
	    CKA_VALUE, k->b == 0 ? got : NULL, k->b == 0 ? sizeof(got) : 0};
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, (enum cf_made)k->a, k->p, &h);

	if (rv != CKR_OK)
		return rv;
	rv = c->f->C_GetAttributeValue(c->s, h, &t, 1);
	if (rv == CKR_ATTRIBUTE_SENSITIVE &&
	    t.ulValueLen != CK_UNAVAILABLE_INFORMATION)
		return cf_note(c, CF_WRONG, "a length is told");
	return rv;
}

/* A sensitive value is not found by guessing it either. */
static CK_RV
guess(struct cf *c, const struct cf_case *k)
{
	static const CK_ATTRIBUTE hidden_add[] = {
	    {CKA_VALUE, mine, sizeof(mine)}, {CKA_SENSITIVE, &yes, 1}};
	static const struct cf_bend hidden = {CF_KEEP_ALL, hidden_add, 2};
	CK_ATTRIBUTE t = hidden_add[0];
	CK_OBJECT_HANDLE h, found;
	CK_ULONG n = 0;
	CK_RV rv = cf_make(c, CF_AES, &hidden, &h);

	(void)k;
	if (rv == CKR_OK)
		rv = cf_find(c, c->s, &t, 1, &found, 1, &n);
	if (rv == CKR_OK && n != 0)
		return cf_note(c, CF_WRONG, "it is found by its value");
	return rv;
}

static CK_RV
exists(struct cf *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE h)
{
	CK_OBJECT_CLASS cls;
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls)};

	return c->f->C_GetAttributeValue(s, h, &t, 1);
}

/* All sessions of the application see it; b: and when the other ends, the
 * object does not. */
static CK_RV
seen_by_others(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_DATA, NULL, &h);

	if (rv != CKR_OK || (rv = cf_open(c, 0, &s)) != CKR_OK ||
	    (rv = exists(c, s, h)) != CKR_OK || k->b == 0)
		return rv;
	rv = c->f->C_CloseSession(s);
	return rv == CKR_OK ? exists(c, c->s, h) : rv;
}

static CK_RV
ends_with_all(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_DATA, NULL, &h);

	(void)k;
	if (rv != CKR_OK ||
	    (rv = c->f->C_CloseAllSessions(c->slot)) != CKR_OK ||
	    (rv = cf_open(c, 0, &c->s)) != CKR_OK)
		return rv;
	return exists(c, c->s, h);
}

/* p: the bend; a logout takes private objects, also for good. */
static CK_RV
after_logout(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_AES, k->p, &h);

	if (rv != CKR_OK || (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return rv;
	if (k->b == 1)
		rv = cf_login(c, c->s);
	return rv == CKR_OK ? exists(c, c->s, h) : rv;
}

/* A search that runs is not disturbed by an object that comes. */
static CK_RV
search_goes_on(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t = labelled.add[0];
	CK_OBJECT_HANDLE first, second, got[4];
	CK_ULONG n = 0;
	CK_RV rv = cf_make(c, CF_DATA, &labelled, &first);

	if (rv != CKR_OK ||
	    (rv = c->f->C_FindObjectsInit(c->s, &t, 1)) != CKR_OK)
		return rv;
	if (k->b == 0)
		rv = cf_make(c, CF_DATA, &labelled, &second);
	else
		rv = c->f->C_DestroyObject(c->s, first);
	if (rv != CKR_OK ||
	    (rv = c->f->C_FindObjects(c->s, got, CF_COUNT(got), &n)) != CKR_OK)
		return rv;
	if (n > 1 || (n == 1 && got[0] != first))
		return cf_note(c, CF_WRONG, "%lu found", n);
	return c->f->C_FindObjectsFinal(c->s);
}

static CK_RV
size(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE h;
	CK_ULONG n = 0;
	CK_RV rv = cf_make(c, CF_AES, NULL, &h);

	(void)k;
	if (rv == CKR_OK)
		rv = c->f->C_GetObjectSize(c->s, h, &n);
	if (rv == CKR_OK && n < 32)
		return cf_note(c, CF_WRONG, "%lu bytes", n);
	return rv;
}

#define ROW(what, state, fn, a, b, p, ...)                                     \
	{                                                                      \
		what, "2.40 4.4, 5.7", state, 0, fn, a, b, p,                  \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define SETS(what, p, ...)                                                     \
	ROW("C_SetAttributeValue/" what, CF_RO, call, SET, 0, &p, __VA_ARGS__)
#define COPIES(what, p, ...)                                                   \
	ROW("C_CopyObject/" what, CF_RO, call, COPY, 0, &p, __VA_ARGS__)
#define READ_ONLY CKR_ATTRIBUTE_READ_ONLY

static const struct cf_case table[] = {
    SETS("label", label_data, CKR_OK),
    SETS("certificate-id", id_cert, CKR_OK),
    SETS("sensitive-up", raise_sensitive, CKR_OK),
    SETS("sensitive-down", lower_sensitive, READ_ONLY),
    SETS("extractable-down", lower_extractable, CKR_OK),
    SETS("extractable-up", raise_extractable, READ_ONLY),
    SETS("key-value", value_key, READ_ONLY),
    SETS("token", to_token, READ_ONLY),
    SETS("private", to_private, READ_ONLY),
    SETS("unmodifiable", label_fixed, CKR_ACTION_PROHIBITED),
    SETS("copyable-up", single_again, READ_ONLY),
    COPIES("same", plain_data, CKR_OK),
    COPIES("label", label_data, CKR_OK),
    COPIES("data-value", value_data, CKR_OK),
    COPIES("sensitive-up", raise_sensitive, CKR_OK),
    COPIES("sensitive-down", lower_sensitive, READ_ONLY),
    COPIES("extractable-up", raise_extractable, READ_ONLY),
    COPIES("key-value", value_key, READ_ONLY),
    COPIES("key-value-guessed", guess_key, READ_ONLY),
    COPIES("to-token-read-only", to_token, CKR_SESSION_READ_ONLY,
	CKR_TOKEN_WRITE_PROTECTED),
    COPIES("to-private-not-logged-in", to_private, CKR_USER_NOT_LOGGED_IN),
    ROW("C_CopyObject/to-public", CF_USER, call, COPY, 0, &to_public, READ_ONLY,
	CKR_TEMPLATE_INCONSISTENT),
    COPIES("uncopyable", single_data, CKR_ACTION_PROHIBITED),
    ROW("C_CopyObject/stays", CF_RO, copy_stays, 0, 0, NULL, CKR_OK),
    ROW("C_DestroyObject/undestroyable", CF_RO, call, DESTROY, 0, &lasting_data,
	CKR_ACTION_PROHIBITED),
    ROW("C_GetAttributeValue/key-value", CF_RO, read_value, CF_AES, 0, NULL,
	CKR_OK),
    ROW("C_GetAttributeValue/sensitive-value", CF_RO, read_value, CF_AES, 0,
	&sensitive, CKR_ATTRIBUTE_SENSITIVE),
    ROW("C_GetAttributeValue/sensitive-length", CF_RO, read_value, CF_AES, 1,
	&sensitive, CKR_ATTRIBUTE_SENSITIVE),
    ROW("C_GetAttributeValue/unextractable-value", CF_RO, read_value, CF_AES, 0,
	&unextractable, CKR_ATTRIBUTE_SENSITIVE),
    ROW("C_GetAttributeValue/private-key-value", CF_USER, read_value,
	CF_EC_PRIV, 0, NULL, CKR_ATTRIBUTE_SENSITIVE),
    ROW("C_FindObjects/sensitive-value", CF_RO, guess, 0, 0, NULL, CKR_OK),
    ROW("C_FindObjects/object-comes", CF_RO, search_goes_on, 0, 0, NULL,
	CKR_OK),
    ROW("C_FindObjects/object-goes", CF_RO, search_goes_on, 0, 1, NULL, CKR_OK),
    ROW("C_CreateObject/seen-by-others", CF_RO, seen_by_others, 0, 0, NULL,
	CKR_OK),
    ROW("C_CreateObject/outlives-others", CF_RO, seen_by_others, 0, 1, NULL,
	CKR_OK),
    ROW("C_CreateObject/ends-with-all-sessions", CF_RO, ends_with_all, 0, 0,
	NULL, CKR_OBJECT_HANDLE_INVALID),
    ROW("C_Logout/ends-private-objects", CF_USER, after_logout, 0, 0, &private,
	CKR_OBJECT_HANDLE_INVALID),
    ROW("C_Logout/ends-private-objects-for-good", CF_USER, after_logout, 0, 1,
	&private, CKR_OBJECT_HANDLE_INVALID),
    ROW("C_Logout/leaves-public-objects", CF_USER, after_logout, 0, 0, NULL,
	CKR_OK),
    ROW("C_GetObjectSize/session-object", CF_RO, size, 0, 0, NULL, CKR_OK,
	CKR_INFORMATION_SENSITIVE),
};

CF_GROUP(cf_group_made_life, table)
