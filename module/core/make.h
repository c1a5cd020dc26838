/*
 * C_CreateObject, C_CopyObject, C_SetAttributeValue, C_DestroyObject. Slot
 * lock held.
 */
#ifndef CA_CORE_MAKE_H
#define CA_CORE_MAKE_H

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_session;

CA_MUST_CHECK CK_RV ca_make_object(struct ca_session *ss, const CK_ATTRIBUTE *t,
    CK_ULONG n, CK_OBJECT_HANDLE *out);
CA_MUST_CHECK CK_RV ca_make_copy(struct ca_session *ss, CK_OBJECT_HANDLE h,
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out);
CA_MUST_CHECK CK_RV ca_make_change(struct ca_session *ss, CK_OBJECT_HANDLE h,
    const CK_ATTRIBUTE *t, CK_ULONG n);
CA_MUST_CHECK CK_RV ca_make_end(struct ca_session *ss, CK_OBJECT_HANDLE h);

#endif
