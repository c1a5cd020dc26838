/* Objects made by the application: 2.40 clause 5.7, C_CreateObject to
 * C_SetAttributeValue. Session objects only; nothing stays on the token. */
#include <string.h>

#include "tests/conformance/groups.h"

static CK_OBJECT_CLASS data_class = CKO_DATA;
static CK_OBJECT_CLASS wrong_class = 0x7badc0deUL;
static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_UTF8CHAR label[] = "conformance";
static CK_BYTE value[] = {1, 2, 3, 4, 5};

/* Templates, by number. */
enum { EMPTY, DATA, ON_TOKEN, PRIVATE, NO_SUCH_CLASS, CONTRADICTION, UNIQUE };

static CK_ULONG
make_template(unsigned long which, CK_ATTRIBUTE t[6])
{
	CK_ULONG n = 0;

	if (which == EMPTY)
		return 0;
	t[n++] = (CK_ATTRIBUTE){CKA_CLASS,
	    which == NO_SUCH_CLASS ? &wrong_class : &data_class,
	    sizeof(data_class)};
	t[n++] = (CK_ATTRIBUTE){CKA_TOKEN, which == ON_TOKEN ? &yes : &no, 1};
	t[n++] = (CK_ATTRIBUTE){CKA_PRIVATE, which == PRIVATE ? &yes : &no, 1};
	t[n++] = (CK_ATTRIBUTE){CKA_LABEL, label, sizeof(label) - 1};
	t[n++] = (CK_ATTRIBUTE){CKA_VALUE, value, sizeof(value)};
	if (which == CONTRADICTION)
		t[n++] = (CK_ATTRIBUTE){CKA_LABEL, value, sizeof(value)};
	if (which == UNIQUE)
		t[n++] = (CK_ATTRIBUTE){CF_CKA_UNIQUE_ID, value, sizeof(value)};
	return n;
}

static CK_RV
make(struct cf *c, unsigned long which, CK_OBJECT_HANDLE *o)
{
	CK_ATTRIBUTE t[6];
	CK_ULONG n = make_template(which, t);

	*o = CK_INVALID_HANDLE;
	return c->f->C_CreateObject(c->s, t, n, o);
}

static CK_RV
create(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_RV rv = make(c, k->a, &o);

	if (rv == CKR_OK && o == CK_INVALID_HANDLE)
		return cf_note(c, CF_WRONG, "the handle is 0");
	return rv;
}

/* Made, found, read, destroyed, not found any more. */
static CK_RV
whole_life(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t = {CKA_LABEL, label, sizeof(label) - 1};
	CK_OBJECT_HANDLE o, found;
	CK_BYTE got[16];
	CK_ULONG n;
	size_t got_n;
	CK_RV rv = make(c, DATA, &o);

	(void)k;
	if (rv != CKR_OK ||
	    (rv = cf_find(c, c->s, &t, 1, &found, 1, &n)) != CKR_OK ||
	    (rv = cf_attr(c, o, CKA_VALUE, got, sizeof(got), &got_n)) != CKR_OK)
		return rv;
	if (n != 1 || found != o || got_n != sizeof(value) ||
	    memcmp(got, value, got_n) != 0)
		return cf_note(c, CF_WRONG, "not found as made");
	if ((rv = c->f->C_DestroyObject(c->s, o)) != CKR_OK ||
	    (rv = cf_find(c, c->s, &t, 1, &found, 1, &n)) != CKR_OK)
		return rv;
	if (n != 0)
		return cf_note(c, CF_WRONG, "still found");
	return CKR_OK;
}

static CK_RV
create_null(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[6];
	CK_ULONG n = make_template(DATA, t);
	CK_OBJECT_HANDLE o;

	return k->a == 0 ? c->f->C_CreateObject(c->s, NULL, 1, &o)
			 : c->f->C_CreateObject(c->s, t, n, NULL);
}

/* A session object lives as long as its session. */
static CK_RV
ends_with_session(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[6];
	CK_ULONG n = make_template(DATA, t);
	CK_SESSION_HANDLE s;
	CK_OBJECT_CLASS cls;
	CK_OBJECT_HANDLE o;
	size_t got;
	CK_RV rv = cf_open(c, 0, &s);

	(void)k;
	if (rv != CKR_OK ||
	    (rv = c->f->C_CreateObject(s, t, n, &o)) != CKR_OK ||
	    (rv = c->f->C_CloseSession(s)) != CKR_OK)
		return rv;
	return cf_attr(c, o, CKA_CLASS, &cls, sizeof(cls), &got);
}

/* a: the object: 0 none, 1 unknown, 2 a data object; b: NULL pointers. */
static CK_OBJECT_HANDLE
object_for(struct cf *c, unsigned long which, CK_RV *rv)
{
	CK_OBJECT_HANDLE o = 0x7eadbeefUL;

	*rv = CKR_OK;
	if (which == 0)
		return CK_INVALID_HANDLE;
	if (which == 2)
		*rv = make(c, DATA, &o);
	return o;
}

static CK_RV
copy(struct cf *c, const struct cf_case *k)
{
	CK_RV rv;
	CK_OBJECT_HANDLE o = object_for(c, k->a, &rv), copied;

	if (rv != CKR_OK)
		return rv;
	rv = c->f->C_CopyObject(c->s, o, NULL, k->b == 2 ? 1 : 0,
	    k->b == 1 ? NULL : &copied);
	if (rv == CKR_OK && copied == o)
		return cf_note(c, CF_WRONG, "the same handle");
	return rv;
}

static CK_RV
destroy(struct cf *c, const struct cf_case *k)
{
	CK_RV rv;
	CK_OBJECT_HANDLE o = object_for(c, k->a, &rv);

	if (rv != CKR_OK)
		return rv;
	rv = c->f->C_DestroyObject(c->s, o);
	if (rv == CKR_OK && k->b == 1)
		rv = c->f->C_DestroyObject(c->s, o);
	return rv;
}

static CK_RV
set(struct cf *c, const struct cf_case *k)
{
	CK_RV rv;
	CK_OBJECT_HANDLE o = object_for(c, k->a, &rv);
	CK_ATTRIBUTE t = {CKA_LABEL, label, 4};

	if (rv != CKR_OK)
		return rv;
	if (k->b == 1)
		return c->f->C_SetAttributeValue(c->s, o, NULL, 1);
	if (k->b == 2)
		t = (CK_ATTRIBUTE){
		    CKA_CLASS, &wrong_class, sizeof(wrong_class)};
	return c->f->C_SetAttributeValue(c->s, o, &t, 1);
}

/* A token object in a read-only session: nothing may change. The private key
 * of a card would be lost if this went wrong, hence --destructive. */
static CK_RV
key_in_read_only(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t = {CKA_LABEL, label, 4};

	return k->a == 0 ? c->f->C_DestroyObject(c->s, c->key.priv)
			 : c->f->C_SetAttributeValue(c->s, c->key.priv, &t, 1);
}

#define ROW(fnname, what, state, need, fn, a, b, ...)                          \
	{                                                                      \
		fnname "/" what, "2.40 5.7 " fnname, state, need, fn, a, b,    \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}
#define CREATE(...) ROW("C_CreateObject", __VA_ARGS__)
#define COPY(...) ROW("C_CopyObject", __VA_ARGS__)
#define DESTROY(...) ROW("C_DestroyObject", __VA_ARGS__)
#define SET(...) ROW("C_SetAttributeValue", __VA_ARGS__)

static const struct cf_case table[] = {
    CREATE("whole-life", CF_RO, 0, whole_life, 0, 0, CKR_OK),
    CREATE("ends-with-session", CF_RO, 0, ends_with_session, 0, 0,
	CKR_OBJECT_HANDLE_INVALID),
    CREATE("empty-template", CF_RO, 0, create, EMPTY, 0,
	CKR_TEMPLATE_INCOMPLETE, CKR_ARGUMENTS_BAD),
    CREATE("null-template", CF_RO, 0, create_null, 0, 0, CKR_ARGUMENTS_BAD),
    CREATE("null-handle", CF_RO, 0, create_null, 1, 0, CKR_ARGUMENTS_BAD),
    CREATE("on-token-read-only", CF_RO, 0, create, ON_TOKEN, 0,
	CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED),
    CREATE("private-not-logged-in", CF_RO, 0, create, PRIVATE, 0,
	CKR_USER_NOT_LOGGED_IN),
    CREATE("unknown-class", CF_RO, 0, create, NO_SUCH_CLASS, 0,
	CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT),
    CREATE("contradiction", CF_RO, 0, create, CONTRADICTION, 0,
	CKR_TEMPLATE_INCONSISTENT),
    CREATE("unique-id", CF_RO, CF_NEED_3, create, UNIQUE, 0,
	CKR_ATTRIBUTE_READ_ONLY),
    COPY("good", CF_RO, 0, copy, 2, 0, CKR_OK),
    COPY("object-zero", CF_RO, 0, copy, 0, 0, CKR_OBJECT_HANDLE_INVALID),
    COPY("object-unknown", CF_RO, 0, copy, 1, 0, CKR_OBJECT_HANDLE_INVALID),
    COPY("null-handle", CF_RO, 0, copy, 2, 1, CKR_ARGUMENTS_BAD),
    COPY("null-template", CF_RO, 0, copy, 2, 2, CKR_ARGUMENTS_BAD),
    DESTROY("good", CF_RO, 0, destroy, 2, 0, CKR_OK),
    DESTROY("twice", CF_RO, 0, destroy, 2, 1, CKR_OBJECT_HANDLE_INVALID),
    DESTROY("object-zero", CF_RO, 0, destroy, 0, 0, CKR_OBJECT_HANDLE_INVALID),
    DESTROY("object-unknown", CF_RO, 0, destroy, 1, 0,
	CKR_OBJECT_HANDLE_INVALID),
    DESTROY("key-in-read-only-session", CF_KEY, CF_NEED_DESTRUCTIVE,
	key_in_read_only, 0, 0, CKR_SESSION_READ_ONLY,
	CKR_TOKEN_WRITE_PROTECTED, CKR_ACTION_PROHIBITED),
    SET("good", CF_RO, 0, set, 2, 0, CKR_OK),
    SET("class", CF_RO, 0, set, 2, 2, CKR_ATTRIBUTE_READ_ONLY),
    SET("null-template", CF_RO, 0, set, 2, 1, CKR_ARGUMENTS_BAD),
    SET("object-zero", CF_RO, 0, set, 0, 0, CKR_OBJECT_HANDLE_INVALID),
    SET("object-unknown", CF_RO, 0, set, 1, 0, CKR_OBJECT_HANDLE_INVALID),
    SET("key-in-read-only-session", CF_KEY, CF_NEED_DESTRUCTIVE,
	key_in_read_only, 1, 0, CKR_SESSION_READ_ONLY,
	CKR_TOKEN_WRITE_PROTECTED, CKR_ACTION_PROHIBITED),
};

CF_GROUP(cf_group_object, table)
