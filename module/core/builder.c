#include "module/core/builder.h"

#include "module/core/key_value.h"
#include "module/core/officer.h"
#include "module/core/schema.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/core/stored.h"
#include "module/core/wrap_rule.h"

static CK_RV
rv_of(ca_err e)
{
	return e == CA_OK ? CKR_OK : CKR_HOST_MEMORY;
}

CK_RV
ca_build_on_token(const struct ca_session *ss)
{
	return ss->rw ? CKR_TOKEN_WRITE_PROTECTED : CKR_SESSION_READ_ONLY;
}

/* One number of a template; false when it is not there. The first counts: two
 * that differ are found later. */
static bool
number_in(const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type,
    CK_ULONG *out)
{
	size_t got = 0;

	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].type == type)
			return t[i].ulValueLen == sizeof(*out) &&
			       ca_rd_copy(ca_rd_of(t[i].pValue, sizeof(*out)),
				   out, sizeof(*out), &got) &&
			       got == sizeof(*out);
	return false;
}

static bool
mentions(const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type)
{
	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].type == type)
			return true;
	return false;
}

static CK_RV
settle_class(struct ca_build *b, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	bool said = number_in(t, n, CKA_CLASS, &b->cls);

	if (!said && mentions(t, n, CKA_CLASS))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	if (b->makes == 0)
		return !said ? CKR_TEMPLATE_INCOMPLETE
		       : ca_schema_class(b->cls) != 0
			   ? CKR_OK
			   : CKR_ATTRIBUTE_VALUE_INVALID;
	if (said && b->cls != b->makes)
		return CKR_TEMPLATE_INCONSISTENT;
	b->cls = b->makes;
	return rv_of(ca_attrs_put_number(&b->a, CKA_CLASS, b->cls));
}

static CK_RV
settle_type(struct ca_build *b, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	CK_ATTRIBUTE_TYPE attr = ca_schema_type_attr(b->cls);
	CK_ULONG told;
	bool said = number_in(t, n, attr, &told);

	if (attr == CKA_CLASS)
		return CKR_OK;
	if (!said && mentions(t, n, attr))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	if (!said && !b->has_type &&
	    (b->how == CA_BUILD_CREATE || b->cls != CKO_SECRET_KEY))
		return CKR_TEMPLATE_INCOMPLETE;
	if (said && b->has_type && told != b->type)
		return CKR_TEMPLATE_INCONSISTENT;
	if (!b->has_type)
		b->type = said ? told : CKK_GENERIC_SECRET;
	if (ca_schema_type(b->cls, b->type) == 0)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	return rv_of(ca_attrs_put_number(&b->a, attr, b->type));
}

/* The row for an entry, and its value, if it has the row's shape. */
static CK_RV
entry(const CK_ATTRIBUTE *a, CK_OBJECT_CLASS cls, CK_ULONG type,
    const struct ca_schema **row, struct ca_rd *value)
{
	*row = ca_schema_row(a->type, cls, type);
	if (*row == NULL) /* PKCS#11 4.1.1: invalid, or not for this one */
		return ca_schema_known(a->type) ? CKR_TEMPLATE_INCONSISTENT
						: CKR_ATTRIBUTE_TYPE_INVALID;
	if (a->pValue == NULL && a->ulValueLen != 0)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	*value = ca_rd_of(a->pValue, a->ulValueLen);
	return ca_schema_check(*row, *value);
}

/* True when the value is CK_TRUE; only of flags. */
static bool
is_true(struct ca_rd value)
{
	uint8_t b;

	return ca_rd_u8(&value, &b) && b == CK_TRUE;
}

static CK_RV
take_entry(struct ca_build *b, struct ca_slot *s, const CK_ATTRIBUTE *a)
{
	unsigned never =
	    b->how == CA_BUILD_CREATE ? CA_ROW_NO_CREATE : CA_ROW_NO_MADE;
	const struct ca_schema *row;
	struct ca_rd value, before;
	CK_RV rv = entry(a, b->cls, b->type, &row, &value);

	if (rv != CKR_OK && rv != CKR_DEVICE_MEMORY)
		return rv;
	if ((row->rules & never) != 0)
		return CKR_ATTRIBUTE_READ_ONLY;
	if (rv != CKR_OK)
		return rv;
	if ((row->rules & CA_ROW_OFFICER) != 0 && is_true(value) &&
	    !ca_officer_in(s))
		return CKR_ATTRIBUTE_READ_ONLY;
	/* Each use of such a key would have to be allowed by a PIN; a session
	 * object has none. */
	if (a->type == CKA_ALWAYS_AUTHENTICATE && is_true(value))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	if (ca_attrs_get(&b->a, a->type, &before))
		return ca_rd_equal(before, value) ? CKR_OK
						  : CKR_TEMPLATE_INCONSISTENT;
	return rv_of(ca_attrs_put(&b->a, a->type, value));
}

/* Whether such an object may be made in this session now. What is private
 * when nobody says: secrets, while the user is logged in. */
static CK_RV
check_access(const struct ca_session *ss, struct ca_attrs *a, bool token_too)
{
	struct ca_slot *s = ss->slot;
	CK_OBJECT_CLASS cls = ca_attrs_number(a, CKA_CLASS);
	bool secret = cls == CKO_PRIVATE_KEY || cls == CKO_SECRET_KEY;

	if (!ca_attrs_has(a, CKA_PRIVATE) &&
	    ca_attrs_put_flag(a, CKA_PRIVATE, secret && ca_slot_logged_in(s)) !=
		CA_OK)
		return CKR_HOST_MEMORY;
	if (ca_attrs_flag(a, CKA_TOKEN) && !token_too)
		return ca_stored_allowed(ss, a);
	if (ca_attrs_flag(a, CKA_PRIVATE) && !ca_slot_logged_in(s))
		return CKR_USER_NOT_LOGGED_IN;
	return CKR_OK;
}

CK_RV
ca_build_begin(struct ca_build *b, struct ca_session *ss, const CK_ATTRIBUTE *t,
    CK_ULONG n)
{
	CK_RV rv;

	if (t == NULL && n != 0)
		return CKR_ARGUMENTS_BAD;
	rv = settle_class(b, t, n);
	if (rv == CKR_OK)
		rv = settle_type(b, t, n);
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		rv = take_entry(b, ss->slot, &t[i]);
	return rv == CKR_OK ? check_access(ss, &b->a, b->token_too) : rv;
}

static ca_err
put_default(struct ca_attrs *a, const struct ca_schema *row)
{
	switch (row->otherwise) {
	case CA_DEFAULT_NONE:
		break;
	case CA_DEFAULT_EMPTY:
		return ca_attrs_put(a, row->type, ca_rd_of(NULL, 0));
	case CA_DEFAULT_FALSE:
	case CA_DEFAULT_TRUE:
		return ca_attrs_put_flag(a, row->type,
		    row->otherwise == CA_DEFAULT_TRUE);
	case CA_DEFAULT_ZERO:
		return ca_attrs_put_number(a, row->type, 0);
	}
	return CA_OK;
}

CK_RV
ca_build_complete(struct ca_build *b)
{
	const struct ca_schema *row;
	ca_err e = ca_wrap_rule_defaults(b);

	for (size_t i = 0;
	     (row = ca_schema_nth(b->cls, b->type, i)) != NULL && e == CA_OK;
	     i++) {
		if (ca_attrs_has(&b->a, row->type))
			continue;
		if ((row->rules & CA_ROW_NEED) != 0)
			return CKR_TEMPLATE_INCOMPLETE;
		e = put_default(&b->a, row);
	}
	return rv_of(e);
}

CK_RV
ca_build_keep(struct ca_session *ss, struct ca_attrs *take,
    CK_OBJECT_HANDLE *out)
{
	return ca_attrs_flag(take, CKA_TOKEN) ? ca_stored_add(ss, take, out)
					      : ca_sobject_add(ss, take, out);
}

CK_RV
ca_build_end(struct ca_build *b, struct ca_session *ss, CK_OBJECT_HANDLE *out)
{
	CK_RV rv = ca_build_complete(b);

	if (rv == CKR_OK)
		rv = ca_key_value_settle(b);
	return rv == CKR_OK ? ca_build_keep(ss, &b->a, out) : rv;
}

void
ca_build_free(struct ca_build *b)
{
	ca_attrs_free(&b->a);
}

/* Whether an object may go from `before` to `value` by this row. */
static CK_RV
check_change(const struct ca_session *ss, const struct ca_schema *row,
    struct ca_rd before, struct ca_rd value, bool copying)
{
	unsigned may = CA_ROW_SET | (copying ? CA_ROW_COPY : 0u);

	/* Not even to say whether a secret was guessed. */
	if ((row->rules & CA_ROW_SECRET) != 0)
		return CKR_ATTRIBUTE_READ_ONLY;
	if (copying && ca_rd_equal(before, value))
		return CKR_OK;
	if ((row->rules & may) == 0)
		return CKR_ATTRIBUTE_READ_ONLY;
	if ((row->rules & CA_ROW_UP) != 0 && is_true(before) && !is_true(value))
		return CKR_ATTRIBUTE_READ_ONLY;
	if ((row->rules & CA_ROW_DOWN) != 0 && !is_true(before) &&
	    is_true(value))
		return CKR_ATTRIBUTE_READ_ONLY;
	if ((row->rules & CA_ROW_OFFICER) != 0 && is_true(value) &&
	    !ca_officer_in(ss->slot))
		return CKR_ATTRIBUTE_READ_ONLY;
	return CKR_OK;
}

static CK_RV
change_entry(const struct ca_session *ss, const struct ca_sobject *x,
    const CK_ATTRIBUTE *a, bool copying, struct ca_attrs *out)
{
	const struct ca_schema *row;
	struct ca_rd value;
	CK_RV rv = entry(a, x->cls, x->type, &row, &value);

	if (rv != CKR_OK)
		return rv;
	if (ca_wrap_rule_gains(x, a->type, ca_attrs_flag(&x->a, a->type),
		is_true(value)))
		return CKR_ATTRIBUTE_READ_ONLY;
	rv = check_change(ss, row, ca_attrs_value(&x->a, a->type), value,
	    copying);
	return rv == CKR_OK ? rv_of(ca_attrs_put(out, a->type, value)) : rv;
}

CK_RV
ca_build_changed(struct ca_session *ss, const struct ca_sobject *x,
    const CK_ATTRIBUTE *t, CK_ULONG n, bool copying, struct ca_attrs *out)
{
	CK_RV rv = rv_of(ca_attrs_put_all(out, &x->a));

	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		rv = change_entry(ss, x, &t[i], copying, out);
	if (rv == CKR_OK && copying)
		rv = check_access(ss, out, false);
	if (rv != CKR_OK)
		ca_attrs_free(out);
	return rv;
}
