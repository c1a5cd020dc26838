/*
 * The order to spend the last try of a PIN, which is else refused: by the
 * attribute CKA_CAPKCS11_SPEND_LAST_TRY of the token's object, for the next
 * C_Login, C_SetPIN or C_InitPIN and no other. (The configuration's
 * allow_last_try stands for all.) The slot lock is held.
 */
#ifndef CA_CORE_LAST_TRY_H
#define CA_CORE_LAST_TRY_H

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_slot;

/*
 * C_SetAttributeValue of the token's object; all of the template or nothing of
 * it. CKR_ATTRIBUTE_READ_ONLY: any other attribute that it has;
 * CKR_ATTRIBUTE_TYPE_INVALID; CKR_ATTRIBUTE_VALUE_INVALID: no CK_BBOOL;
 * CKR_TEMPLATE_INCONSISTENT: more than once.
 */
CA_MUST_CHECK CK_RV ca_last_try_set(struct ca_slot *s, const CK_ATTRIBUTE *t,
    CK_ULONG n);

/* The next order of a PIN was carried out or refused, or whoever might have
 * given one has closed his last session. */
void ca_last_try_over(struct ca_slot *s);

#endif
