#include "module/core/attr.h"

#include <string.h>

#include "module/core/rv.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/core/stored.h"

void
ca_attr_value_free(struct ca_attr_value *v)
{
	ca_buf_free(&v->own);
	memset(v, 0, sizeof(*v));
}

/* The two-call protocol for one entry (PKCS#11 5.7.5). */
static CK_RV
deliver(struct ca_rd value, CK_ATTRIBUTE *a)
{
	size_t n = 0;

	if (a->pValue == NULL) {
		a->ulValueLen = value.n;
		return CKR_OK;
	}
	if (!ca_rd_copy(value, a->pValue, a->ulValueLen, &n)) {
		a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
		return CKR_BUFFER_TOO_SMALL;
	}
	a->ulValueLen = n;
	return CKR_OK;
}

static CK_RV
refuse(CK_ATTRIBUTE *a, CK_RV rv)
{
	a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
	return rv;
}

/* One entry. The object is looked up anew each time: reading a certificate
 * may show that it is none, and then the object is gone. */
static CK_RV
get_one(struct ca_slot *s, CK_OBJECT_HANDLE h, CK_ATTRIBUTE *a)
{
	const struct ca_object *o = ca_object_get(s, h);
	struct ca_attr_value v = {0};
	const struct ca_attr *row;
	CK_RV rv;
	ca_err e;

	if (o == NULL)
		return refuse(a, CKR_OBJECT_HANDLE_INVALID);
	if (o->kind == CA_KIND_SESSION) {
		rv = ca_sobject_show(o->session, a->type, &v.rd);
		return rv == CKR_OK ? deliver(v.rd, a) : refuse(a, rv);
	}
	row = ca_attr_row(a->type, o->kind);
	if (row == NULL)
		return refuse(a, CKR_ATTRIBUTE_TYPE_INVALID);
	e = row->fetch(s, o, row->arg, &v);
	if (e == CA_OK && (row->flags & CA_ATTR_SENSITIVE) != 0)
		rv = refuse(a, CKR_ATTRIBUTE_SENSITIVE);
	else if (e == CA_OK)
		rv = deliver(v.rd, a);
	else if (e == CA_E_NOT_FOUND)
		rv = refuse(a, CKR_ATTRIBUTE_TYPE_INVALID);
	else
		rv = refuse(a, ca_slot_rv(s, e, CA_CALL_READ));
	ca_attr_value_free(&v);
	return rv;
}

/* The three answers that do not stop C_GetAttributeValue. */
static bool
goes_on(CK_RV rv)
{
	return rv == CKR_OK || rv == CKR_ATTRIBUTE_SENSITIVE ||
	       rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_BUFFER_TOO_SMALL;
}

/* What a card holds is read from it. Of what programs made nobody would notice
 * that the card left, or that another process changed the file: `o` may be gone
 * afterwards. */
static CK_RV
check_made(struct ca_slot *s, const struct ca_object *o)
{
	bool stored = o->session != NULL && o->session->stored;
	CK_RV rv = o->session != NULL ? ca_slot_check_rv(s) : CKR_OK;

	return rv == CKR_OK && stored
		   ? ca_slot_rv(s, ca_stored_sync(s), CA_CALL_READ)
		   : rv;
}

CK_RV
ca_attr_get(struct ca_slot *s, CK_OBJECT_HANDLE h, CK_ATTRIBUTE *t, CK_ULONG n)
{
	const struct ca_object *o = ca_object_get(s, h);
	CK_RV rv, one;
	ca_err e;

	if (o == NULL)
		return CKR_OBJECT_HANDLE_INVALID;
	rv = check_made(s, o);
	if (rv != CKR_OK)
		return rv;
	if (t == NULL && n != 0)
		return CKR_ARGUMENTS_BAD;
	for (CK_ULONG i = 0; i < n; i++) {
		one = get_one(s, h, &t[i]);
		if (!goes_on(one))
			return one;
		if (rv == CKR_OK)
			rv = one;
		e = ca_objects_sync(s);
		if (e != CA_OK)
			return ca_slot_rv(s, e, CA_CALL_READ);
	}
	return ca_object_get(s, h) != NULL ? rv : CKR_OBJECT_HANDLE_INVALID;
}

static bool
equals(struct ca_rd value, const CK_ATTRIBUTE *want)
{
	return ca_rd_equal(value, ca_rd_of(want->pValue, want->ulValueLen));
}

ca_err
ca_attr_match(struct ca_slot *s, const struct ca_object *o,
    const CK_ATTRIBUTE *want, bool *same)
{
	const struct ca_attr *row = ca_attr_row(want->type, o->kind);
	struct ca_attr_value v = {0};
	ca_err e;

	*same = false;
	if (o->kind == CA_KIND_SESSION) {
		*same =
		    ca_sobject_show(o->session, want->type, &v.rd) == CKR_OK &&
		    equals(v.rd, want);
		return CA_OK;
	}
	if (row == NULL || (row->flags & CA_ATTR_SENSITIVE) != 0)
		return CA_OK;
	e = row->fetch(s, o, row->arg, &v);
	if (e == CA_OK)
		*same = equals(v.rd, want);
	ca_attr_value_free(&v);
	return e == CA_E_NOT_FOUND ? CA_OK : e;
}

bool
ca_attr_possible(enum ca_kind kind, const CK_ATTRIBUTE *want)
{
	const struct ca_attr *row = ca_attr_row(want->type, kind);
	const struct ca_object o = {.kind = kind};
	struct ca_attr_value v = {0};

	if (row == NULL || (row->flags & CA_ATTR_SENSITIVE) != 0)
		return false;
	/* These three need no object, only its kind. */
	if (row->fetch != ca_fetch_class && row->fetch != ca_fetch_bool &&
	    row->fetch != ca_fetch_ulong)
		return true;
	return row->fetch(NULL, &o, row->arg, &v) == CA_OK &&
	       equals(v.rd, want);
}

CK_RV
ca_object_size(struct ca_slot *s, CK_OBJECT_HANDLE h, CK_ULONG *size)
{
	const struct ca_object *o = ca_object_get(s, h);
	CK_RV rv;

	if (o == NULL)
		return CKR_OBJECT_HANDLE_INVALID;
	if (size == NULL)
		return CKR_ARGUMENTS_BAD;
	rv = check_made(s, o);
	if (rv != CKR_OK)
		return rv;
	o = ca_object_get(s, h);
	if (o == NULL)
		return CKR_OBJECT_HANDLE_INVALID;
	/* A card does not tell how much memory an object takes. */
	*size = o->session != NULL ? o->session->a.bytes
				   : CK_UNAVAILABLE_INFORMATION;
	return CKR_OK;
}
