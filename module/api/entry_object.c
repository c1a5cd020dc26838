/* C_*: objects. */
#include "module/api/enter.h"
#include "module/core/attr.h"
#include "module/core/find.h"
#include "module/core/make.h"

CK_RV
C_CreateObject(CK_SESSION_HANDLE h, CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *object)
{
	struct ca_enter e = CA_ENTER(C_CreateObject);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_make_object(e.session, t, n, object);
	return ca_leave(&e, rv);
}

CK_RV
C_CopyObject(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *t,
    CK_ULONG n, CK_OBJECT_HANDLE *copy)
{
	struct ca_enter e = CA_ENTER(C_CopyObject);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_make_copy(e.session, object, t, n, copy);
	return ca_leave(&e, rv);
}

CK_RV
C_DestroyObject(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE object)
{
	struct ca_enter e = CA_ENTER(C_DestroyObject);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_make_end(e.session, object);
	return ca_leave(&e, rv);
}

CK_RV
C_SetAttributeValue(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE *t, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_SetAttributeValue);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_make_change(e.session, object, t, n);
	return ca_leave(&e, rv);
}

CK_RV
C_GetObjectSize(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE object, CK_ULONG *size)
{
	struct ca_enter e = CA_ENTER(C_GetObjectSize);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_object_size(e.slot, object, size);
	return ca_leave(&e, rv);
}

CK_RV
C_GetAttributeValue(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE *t, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_GetAttributeValue);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_attr_get(e.slot, object, t, n);
	return ca_leave(&e, rv);
}

CK_RV
C_FindObjectsInit(CK_SESSION_HANDLE h, CK_ATTRIBUTE *t, CK_ULONG n)
{
	struct ca_enter e = CA_ENTER(C_FindObjectsInit);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_find_init(e.session, t, n);
	return ca_leave(&e, rv);
}

CK_RV
C_FindObjects(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE *out, CK_ULONG max,
    CK_ULONG *n)
{
	struct ca_enter e = CA_ENTER(C_FindObjects);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_find_next(e.session, out, max, n);
	return ca_leave(&e, rv);
}

CK_RV
C_FindObjectsFinal(CK_SESSION_HANDLE h)
{
	struct ca_enter e = CA_ENTER(C_FindObjectsFinal);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_find_final(e.session);
	return ca_leave(&e, rv);
}
