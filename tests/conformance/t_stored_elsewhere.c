/* Objects on the token that another process makes, changes or destroys
 * (2.40 clauses 4.4, 4.6, 5.7). */
#include "tests/conformance/groups.h"
#include "tests/conformance/stored.h"

static CK_UTF8CHAR label[] = "other label", application[] = "conformance";

static CK_RV
one_there(struct cf *c)
{
	CK_OBJECT_HANDLE o;
	CK_ULONG n = 0;
	CK_RV rv = cf_stored_count(c, c->s, &o, &n);

	return rv == CKR_OK && n != 1 ? CF_WRONG : rv;
}

static CK_RV
store_one(struct cf *c)
{
	CK_OBJECT_HANDLE o;

	return cf_store(c, c->s, CF_DATA, NULL, &o);
}

static CK_RV
relabel_one(struct cf *c)
{
	CK_ATTRIBUTE t = {CKA_APPLICATION, application, 4};
	CK_OBJECT_HANDLE o, copy;
	CK_ULONG n;
	CK_RV rv = cf_stored_count(c, c->s, &o, &n);

	/* A copy in place of the first, for all to see. */
	if (rv == CKR_OK)
		rv = c->f->C_CopyObject(c->s, o, &t, 1, &copy);
	return rv == CKR_OK ? c->f->C_DestroyObject(c->s, o) : rv;
}

static CK_RV
destroy_one(struct cf *c)
{
	CK_OBJECT_HANDLE o;
	CK_ULONG n;
	CK_RV rv = cf_stored_count(c, c->s, &o, &n);

	return rv == CKR_OK ? c->f->C_DestroyObject(c->s, o) : rv;
}

static CK_RV
set_one(struct cf *c)
{
	CK_ATTRIBUTE t = {CKA_LABEL, label, sizeof(label) - 1};
	CK_OBJECT_HANDLE o;
	CK_ULONG n;
	CK_RV rv = cf_stored_count(c, c->s, &o, &n);

	return rv == CKR_OK ? c->f->C_SetAttributeValue(c->s, o, &t, 1) : rv;
}

static CK_RV
seen_elsewhere(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = store_one(c);

	(void)k;
	return rv == CKR_OK ? cf_stored_elsewhere(c, one_there) : rv;
}

static CK_RV
made_elsewhere(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = cf_stored_elsewhere(c, store_one);

	(void)k;
	rv = rv == CKR_OK ? one_there(c) : rv;
	return rv == CF_WRONG ? cf_note(c, rv, "not found") : rv;
}

/* Replaced elsewhere: the old handle is dead, one other object is there. */
static CK_RV
replaced_elsewhere(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE old, fresh;
	CK_OBJECT_CLASS cls;
	CK_ULONG n;
	size_t len;
	CK_RV rv = cf_store(c, c->s, CF_DATA, NULL, &old);

	(void)k;
	if (rv != CKR_OK ||
	    (rv = cf_stored_elsewhere(c, relabel_one)) != CKR_OK ||
	    (rv = cf_stored_count(c, c->s, &fresh, &n)) != CKR_OK)
		return rv;
	if (n != 1 || fresh == old)
		return cf_note(c, CF_WRONG, "%lu found", n);
	rv = cf_made_is_value(c, fresh, CKA_APPLICATION, application, 4);
	if (rv != CKR_OK)
		return rv;
	return cf_attr(c, old, CKA_CLASS, &cls, sizeof(cls), &len);
}

/* Changed elsewhere: the same object, its new label. */
static CK_RV
changed_elsewhere(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_ATTRIBUTE back = {CKA_LABEL, cf_stored_label, CF_STORED_LABEL_N - 1};
	CK_RV rv = cf_store(c, c->s, CF_DATA, NULL, &o);

	(void)k;
	if (rv != CKR_OK || (rv = cf_stored_elsewhere(c, set_one)) != CKR_OK ||
	    (rv = cf_made_is_value(c, o, CKA_LABEL, label,
		 sizeof(label) - 1)) != CKR_OK)
		return rv;
	return c->f->C_SetAttributeValue(c->s, o, &back, 1);
}

static CK_RV
destroyed_elsewhere(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls;
	CK_OBJECT_HANDLE o;
	size_t n;
	CK_RV rv = cf_store(c, c->s, CF_DATA, NULL, &o);

	(void)k;
	if (rv == CKR_OK)
		rv = cf_stored_elsewhere(c, destroy_one);
	return rv == CKR_OK ? cf_attr(c, o, CKA_CLASS, &cls, sizeof(cls), &n)
			    : rv;
}

#define ROW(what, fn, ...)                                                     \
	{                                                                      \
		what, "2.40 4.4 to 4.6, 5.7", CF_RW, CF_NEED_DESTRUCTIVE,      \
		    cf_stored_between, 0, 0,                                   \
		    (&(const struct cf_stored_inner){fn, NULL}),               \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}

static const struct cf_case table[] = {
    ROW("C_CreateObject/token-seen-elsewhere", seen_elsewhere, CKR_OK),
    ROW("C_CreateObject/token-made-elsewhere", made_elsewhere, CKR_OK),
    ROW("C_CopyObject/replaced-elsewhere", replaced_elsewhere,
	CKR_OBJECT_HANDLE_INVALID),
    ROW("C_SetAttributeValue/changed-elsewhere", changed_elsewhere, CKR_OK),
    ROW("C_DestroyObject/destroyed-elsewhere", destroyed_elsewhere,
	CKR_OBJECT_HANDLE_INVALID),
};

CF_GROUP(cf_group_stored_elsewhere, table)
