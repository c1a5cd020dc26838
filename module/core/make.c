#include "module/core/make.h"

#include "module/core/builder.h"
#include "module/core/object.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"

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

/* The session object, or what a call says that cannot have it: a token object
 * is there for all to see and for nobody to change. `on_token` is any code but
 * those that this gives by itself. */
static CK_RV
find(struct ca_session *ss, CK_OBJECT_HANDLE h, CK_RV on_token,
    struct ca_sobject **out)
{
	CK_RV rv = ca_slot_check_rv(ss->slot);

	*out = NULL;
	if (rv != CKR_OK)
		return rv;
	if (ca_object_get(ss->slot, h) == NULL)
		return CKR_OBJECT_HANDLE_INVALID;
	*out = ca_sobject_get(ss->slot, h);
	return *out != NULL ? CKR_OK : on_token;
}

/* PKCS#11 5.1.7: what the session may not wins over what the object is. */
static CK_RV
token_object(const struct ca_session *ss)
{
	return ss->rw ? CKR_ACTION_PROHIBITED : CKR_SESSION_READ_ONLY;
}

CK_RV
ca_make_copy(struct ca_session *ss, CK_OBJECT_HANDLE h, const CK_ATTRIBUTE *t,
    CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	const CK_RV on_token = CKR_ACTION_PROHIBITED;
	struct ca_attrs a = {0};
	struct ca_sobject *x;
	CK_RV rv = find(ss, h, on_token, &x);

	if (rv != CKR_OK && rv != on_token)
		return rv;
	if (out == NULL || (t == NULL && n != 0))
		return CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && !ca_attrs_flag(&x->a, CKA_COPYABLE))
		rv = CKR_ACTION_PROHIBITED;
	if (rv == CKR_OK)
		rv = ca_build_changed(ss, x, t, n, true, &a);
	if (rv == CKR_OK)
		rv = ca_sobject_add(ss, &a, out);
	ca_attrs_free(&a);
	return rv;
}

CK_RV
ca_make_change(struct ca_session *ss, CK_OBJECT_HANDLE h, const CK_ATTRIBUTE *t,
    CK_ULONG n)
{
	const CK_RV on_token = token_object(ss);
	struct ca_attrs a = {0};
	struct ca_sobject *x;
	CK_RV rv = find(ss, h, on_token, &x);

	if (rv != CKR_OK && rv != on_token)
		return rv;
	if (t == NULL)
		return CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && !ca_attrs_flag(&x->a, CKA_MODIFIABLE))
		rv = CKR_ACTION_PROHIBITED;
	if (rv == CKR_OK)
		rv = ca_build_changed(ss, x, t, n, false, &a);
	if (rv == CKR_OK)
		rv = ca_sobject_replace(ss->slot, x, &a);
	ca_attrs_free(&a);
	return rv;
}

CK_RV
ca_make_end(struct ca_session *ss, CK_OBJECT_HANDLE h)
{
	struct ca_sobject *x;
	CK_RV rv = find(ss, h, token_object(ss), &x);

	if (rv == CKR_OK && !ca_attrs_flag(&x->a, CKA_DESTROYABLE))
		rv = CKR_ACTION_PROHIBITED;
	if (rv == CKR_OK)
		ca_sobject_remove(ss->slot, h);
	return rv;
}
