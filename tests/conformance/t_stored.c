/* Data objects and certificates on the token: C_CreateObject with CKA_TOKEN,
 * and what becomes of them (2.40 clauses 4.4, 4.5, 4.6, 5.7). */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/stored.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_BYTE other[] = {9, 8, 7}, oid[] = {0x06, 0x03, 0x2a, 0x03, 0x04};
static CK_UTF8CHAR label[] = "other label", application[] = "conformance";
static CK_BYTE no_cert[] = {0x30, 0x03, 0x02, 0x01, 0x05};
static CK_BYTE large[300000];

#define ONE(name, type, v)                                                     \
	static const CK_ATTRIBUTE name##_add[] = {{type, &(v), sizeof(v)}};    \
	static const struct cf_bend name = {CF_KEEP_ALL, name##_add, 1}

ONE(private, CKA_PRIVATE, yes);
ONE(fixed, CKA_MODIFIABLE, no);
ONE(single, CKA_COPYABLE, no);
ONE(bogus, CKA_VALUE, no_cert);
ONE(huge, CKA_VALUE, large);
static const CK_ATTRIBUTE full_add[] = {
    {CKA_APPLICATION, application, sizeof(application) - 1},
    {CKA_OBJECT_ID, oid, sizeof(oid)}, {CKA_VALUE, other, sizeof(other)}};
static const struct cf_bend full = {CF_KEEP_ALL, full_add, CF_COUNT(full_add)};

static const struct cf_bend *
bend_of(const struct cf_case *k)
{
	return ((const struct cf_stored_inner *)k->p)->bend;
}

/* a: which. Made, as given, found once by all that was given. */
static CK_RV
as_given(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[CF_MADE_MAX];
	CK_ULONG n = cf_stored_template((enum cf_made)k->a, bend_of(k), t);
	CK_OBJECT_HANDLE o, found[2] = {0};
	CK_ULONG found_n = 0;
	CK_RV rv = c->f->C_CreateObject(c->s, t, n, &o);

	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		rv = cf_made_is_value(c, o, t[i].type, t[i].pValue,
		    t[i].ulValueLen);
	if (rv == CKR_OK)
		rv = cf_find(c, c->s, t, n, found, 2, &found_n);
	if (rv == CKR_OK && (found_n != 1 || found[0] != o))
		return cf_note(c, CF_WRONG, "%lu found", found_n);
	return rv;
}

static CK_RV
make(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;

	return cf_store(c, c->s, (enum cf_made)k->a, bend_of(k), &o);
}

static CK_RV
make_logged_in(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_RV rv;

	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	if ((rv = cf_login(c, c->s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_Login");
	rv = cf_store(c, c->s, (enum cf_made)k->a, bend_of(k), &o);
	if (rv == CKR_OK)
		rv = c->f->C_DestroyObject(c->s, o);
	return rv;
}

static CK_RV
unique_id(struct cf *c, CK_OBJECT_HANDLE o, CK_BYTE id[256], size_t *n)
{
	CK_RV rv = cf_attr(c, o, CF_CKA_UNIQUE_ID, id, 256, n);

	*n = rv == CKR_OK ? *n : 0;
	/* Only 3.0 has it. */
	return rv == CKR_ATTRIBUTE_TYPE_INVALID && c->f3 == NULL ? CKR_OK : rv;
}

/* a: which. It is there after C_Finalize, and the same. */
static CK_RV
stays(struct cf *c, const struct cf_case *k)
{
	CK_BYTE before[256], after[256];
	size_t before_n, after_n;
	CK_OBJECT_HANDLE o;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_store(c, c->s, (enum cf_made)k->a, NULL, &o)) != CKR_OK ||
	    (rv = unique_id(c, o, before, &before_n)) != CKR_OK ||
	    (rv = c->f->C_Finalize(NULL)) != CKR_OK ||
	    (rv = cf_init(c)) != CKR_OK ||
	    (rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n)) != CKR_OK ||
	    (rv = cf_open(c, CKF_RW_SESSION, &c->s)) != CKR_OK ||
	    (rv = cf_stored_count(c, c->s, &o, &n)) != CKR_OK)
		return rv;
	if (n != 1)
		return cf_note(c, CF_WRONG, "%lu found", n);
	if ((rv = unique_id(c, o, after, &after_n)) != CKR_OK)
		return rv;
	return before_n == after_n && memcmp(before, after, after_n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "another CKA_UNIQUE_ID");
}

/* The same handle in another session, also when its own has ended. */
static CK_RV
same_handle(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o, found;
	CK_ULONG n;
	CK_RV rv;

	(void)k;
	if ((rv = cf_open(c, 0, &s)) != CKR_OK ||
	    (rv = cf_store(c, c->s, CF_DATA, NULL, &o)) != CKR_OK ||
	    (rv = cf_stored_count(c, s, &found, &n)) != CKR_OK)
		return rv;
	if (n != 1 || found != o)
		return cf_note(c, CF_WRONG, "not found beside");
	if ((rv = c->f->C_CloseSession(c->s)) != CKR_OK ||
	    (rv = cf_stored_count(c, s, &found, &n)) != CKR_OK)
		return rv;
	c->s = s;
	return n == 1 && found == o
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "not found afterwards");
}

/* The calls that change an object. */
enum { SET, COPY, DESTROY };

static CK_RV
change(struct cf *c, CK_SESSION_HANDLE s, unsigned long how, CK_OBJECT_HANDLE o)
{
	CK_ATTRIBUTE t = {CKA_LABEL, label, sizeof(label) - 1};
	CK_ATTRIBUTE back = {CKA_LABEL, cf_stored_label, CF_STORED_LABEL_N - 1};
	CK_OBJECT_HANDLE copy;
	CK_RV rv;

	switch (how) {
	case SET:
		rv = c->f->C_SetAttributeValue(s, o, &t, 1);
		if (rv != CKR_OK || (rv = cf_made_is_value(c, o, CKA_LABEL,
					 label, sizeof(label) - 1)) != CKR_OK)
			return rv;
		return c->f->C_SetAttributeValue(s, o, &back, 1);
	case COPY:
		return c->f->C_CopyObject(s, o, &back, 1, &copy);
	default:
		return c->f->C_DestroyObject(s, o);
	}
}

/* a: which; b: the call. */
static CK_RV
changes(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_RV rv = cf_store(c, c->s, (enum cf_made)k->a, bend_of(k), &o);

	return rv == CKR_OK ? change(c, c->s, k->b, o) : rv;
}

/* The same in a read-only session. */
static CK_RV
changes_read_only(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o;
	CK_RV rv = cf_store(c, c->s, (enum cf_made)k->a, NULL, &o);

	if (rv != CKR_OK || (rv = cf_open(c, 0, &s)) != CKR_OK)
		return rv;
	return change(c, s, k->b, o);
}

/* a: which; b: 0 from the session to the token, 1 the other way. */
static CK_RV
copies(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[] = {{CKA_TOKEN, k->b == 0 ? &yes : &no, 1},
	    {CKA_LABEL, cf_stored_label, CF_STORED_LABEL_N - 1}};
	const CK_ATTRIBUTE off = {CKA_TOKEN, &no, 1};
	const struct cf_bend in_session = {CF_KEEP_ALL, &off, 1};
	CK_OBJECT_HANDLE o, copy, found;
	CK_ULONG n;
	CK_RV rv = cf_store(c, c->s, (enum cf_made)k->a,
	    k->b == 0 ? &in_session : NULL, &o);

	if (rv != CKR_OK ||
	    (rv = c->f->C_CopyObject(c->s, o, t, 2, &copy)) != CKR_OK ||
	    (rv = cf_made_is_flag(c, copy, CKA_TOKEN, k->b == 0)) != CKR_OK ||
	    (rv = cf_stored_count(c, c->s, &found, &n)) != CKR_OK)
		return rv;
	return n == 1 && found == (k->b == 0 ? copy : o)
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "%lu on the token", n);
}

/* Gone for all sessions, and for good. */
static CK_RV
gone(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls;
	CK_OBJECT_HANDLE o, found;
	CK_ULONG count;
	size_t n;
	CK_RV rv = cf_store(c, c->s, (enum cf_made)k->a, NULL, &o);

	if (rv != CKR_OK || (rv = c->f->C_DestroyObject(c->s, o)) != CKR_OK ||
	    (rv = cf_stored_count(c, c->s, &found, &count)) != CKR_OK)
		return rv;
	if (count != 0)
		return cf_note(c, CF_WRONG, "still found");
	return cf_attr(c, o, CKA_CLASS, &cls, sizeof(cls), &n);
}

#define ROW(what, fn, a, b, bend, ...)                                         \
	{                                                                      \
		what, "2.40 4.4 to 4.6, 5.7", CF_RW, CF_NEED_DESTRUCTIVE,      \
		    cf_stored_between, a, b,                                   \
		    (&(const struct cf_stored_inner){fn, bend}),               \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define CREATE(what, ...) ROW("C_CreateObject/token-" what, __VA_ARGS__)
#define RO CKR_SESSION_READ_ONLY

static const struct cf_case table[] = {
    CREATE("data", as_given, CF_DATA, 0, NULL, CKR_OK),
    CREATE("data-with-all", as_given, CF_DATA, 0, &full, CKR_OK),
    CREATE("certificate", as_given, CF_CERT, 0, NULL, CKR_OK),
    CREATE("data-stays", stays, CF_DATA, 0, NULL, CKR_OK),
    CREATE("certificate-stays", stays, CF_CERT, 0, NULL, CKR_OK),
    CREATE("same-handle", same_handle, 0, 0, NULL, CKR_OK),
    CREATE("private-not-logged-in", make, CF_DATA, 0, &private,
	CKR_USER_NOT_LOGGED_IN),
    /* A token may have no safe place for it. */
    CREATE("private-logged-in", make_logged_in, CF_DATA, 0, &private, CKR_OK,
	CKR_TOKEN_WRITE_PROTECTED),
    CREATE("no-certificate", make, CF_CERT, 0, &bogus,
	CKR_ATTRIBUTE_VALUE_INVALID),
    CREATE("huge-data", make, CF_DATA, 0, &huge, CKR_OK, CKR_DEVICE_MEMORY),
    ROW("C_CopyObject/token-data", changes, CF_DATA, COPY, NULL, CKR_OK),
    ROW("C_CopyObject/token-data-read-only", changes_read_only, CF_DATA, COPY,
	NULL, RO),
    ROW("C_CopyObject/token-uncopyable", changes, CF_DATA, COPY, &single,
	CKR_ACTION_PROHIBITED),
    ROW("C_CopyObject/data-to-token", copies, CF_DATA, 0, NULL, CKR_OK),
    ROW("C_CopyObject/certificate-to-token", copies, CF_CERT, 0, NULL, CKR_OK),
    ROW("C_CopyObject/data-to-session", copies, CF_DATA, 1, NULL, CKR_OK),
    ROW("C_SetAttributeValue/token-data", changes, CF_DATA, SET, NULL, CKR_OK),
    ROW("C_SetAttributeValue/token-certificate", changes, CF_CERT, SET, NULL,
	CKR_OK),
    ROW("C_SetAttributeValue/token-data-read-only", changes_read_only, CF_DATA,
	SET, NULL, RO),
    ROW("C_SetAttributeValue/token-unmodifiable", changes, CF_DATA, SET, &fixed,
	CKR_ACTION_PROHIBITED),
    ROW("C_DestroyObject/token-data", gone, CF_DATA, 0, NULL,
	CKR_OBJECT_HANDLE_INVALID),
    ROW("C_DestroyObject/token-certificate", gone, CF_CERT, 0, NULL,
	CKR_OBJECT_HANDLE_INVALID),
    ROW("C_DestroyObject/token-data-read-only", changes_read_only, CF_DATA,
	DESTROY, NULL, RO),
};

CF_GROUP(cf_group_stored, table)
