#include "module/core/make.h"

#include "module/core/builder.h"
#include "module/core/last_try.h"
#include "module/core/object.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/core/stored.h"

CK_RV
ca_make_object(struct ca_session *ss, const CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *out)
{
	struct ca_build b = {.how = CA_BUILD_CREATE};
	CK_RV rv;

	if (out == NULL)
		return CKR_ARGUMENTS_BAD;
	rv = ca_slot_check_rv(ss->slot);
	if (rv == CKR_OK)
		rv = ca_build_begin(&b, ss, t, n);
	if (rv == CKR_OK)
		rv = ca_build_end(&b, ss, out);
	ca_build_free(&b);
	return rv;
}

/* The object that was made by a program, or what a call says that cannot have
 * it: what lies on the card is there for all to see and for nobody to change.
 * `on_card` is any code but those that this gives by itself. */
static CK_RV
find(struct ca_session *ss, CK_OBJECT_HANDLE h, CK_RV on_card,
    struct ca_sobject **out)
{
	CK_RV rv = ca_slot_check_rv(ss->slot);
	ca_err e;

	*out = NULL;
	if (rv != CKR_OK)
		return rv;
	e = ca_stored_sync(ss->slot);
	if (e != CA_OK)
		return ca_slot_rv(ss->slot, e, CA_CALL_READ);
	if (ca_object_get(ss->slot, h) == NULL)
		return CKR_OBJECT_HANDLE_INVALID;
	*out = ca_sobject_get(ss->slot, h);
	return *out != NULL ? CKR_OK : on_card;
}

/* PKCS#11 5.1.7: what the session may not wins over what the object is. */
static CK_RV
token_object(const struct ca_session *ss)
{
	return ss->rw ? CKR_ACTION_PROHIBITED : CKR_SESSION_READ_ONLY;
}

/* Whether the session may change the object, by the object's own word `flag`
 * (CKA_MODIFIABLE, CKA_DESTROYABLE). */
static CK_RV
may_change(const struct ca_session *ss, const struct ca_sobject *x,
    CK_ATTRIBUTE_TYPE flag)
{
	if (x->stored && !ss->rw)
		return CKR_SESSION_READ_ONLY;
	return ca_attrs_flag(&x->a, flag) ? CKR_OK : CKR_ACTION_PROHIBITED;
}

CK_RV
ca_make_copy(struct ca_session *ss, CK_OBJECT_HANDLE h, const CK_ATTRIBUTE *t,
    CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	const CK_RV on_card = CKR_ACTION_PROHIBITED;
	struct ca_attrs a = {0};
	struct ca_sobject *x;
	CK_RV rv = find(ss, h, on_card, &x);

	if (rv != CKR_OK && rv != on_card)
		return rv;
	if (out == NULL || (t == NULL && n != 0))
		return CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && !ca_attrs_flag(&x->a, CKA_COPYABLE))
		rv = CKR_ACTION_PROHIBITED;
	if (rv == CKR_OK)
		rv = ca_build_changed(ss, x, t, n, true, &a);
	if (rv == CKR_OK)
		rv = ca_build_keep(ss, &a, out);
	ca_attrs_free(&a);
	return rv;
}

/* What is set of the token's own object is an order to this module, in any
 * session: nothing on the card changes. */
static bool
is_token(const struct ca_slot *s, CK_OBJECT_HANDLE h)
{
	const struct ca_object *o = ca_object_get(s, h);

	return o != NULL && o->kind == CA_KIND_TOKEN;
}

CK_RV
ca_make_change(struct ca_session *ss, CK_OBJECT_HANDLE h, const CK_ATTRIBUTE *t,
    CK_ULONG n)
{
	const CK_RV on_card = token_object(ss);
	struct ca_attrs a = {0};
	struct ca_sobject *x;
	CK_RV rv = find(ss, h, on_card, &x);

	if (rv != CKR_OK && rv != on_card)
		return rv;
	if (t == NULL)
		return CKR_ARGUMENTS_BAD;
	if (rv == on_card && is_token(ss->slot, h))
		return ca_last_try_set(ss->slot, t, n);
	if (rv == CKR_OK)
		rv = may_change(ss, x, CKA_MODIFIABLE);
	if (rv == CKR_OK)
		rv = ca_build_changed(ss, x, t, n, false, &a);
	if (rv == CKR_OK)
		rv = x->stored ? ca_stored_replace(ss, x, &a)
			       : ca_sobject_replace(ss->slot, x, &a);
	ca_attrs_free(&a);
	return rv;
}

CK_RV
ca_make_end(struct ca_session *ss, CK_OBJECT_HANDLE h)
{
	struct ca_sobject *x;
	CK_RV rv = find(ss, h, token_object(ss), &x);

	if (rv == CKR_OK)
		rv = may_change(ss, x, CKA_DESTROYABLE);
	if (rv == CKR_OK && x->stored)
		return ca_stored_remove(ss, x);
	if (rv == CKR_OK)
		ca_sobject_remove(ss->slot, h);
	return rv;
}
