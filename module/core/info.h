/*
 * What C_GetInfo, C_GetSlotList, C_GetSlotInfo, C_GetTokenInfo and
 * C_WaitForSlotEvent tell. No lock is held by the caller, unless said.
 */
#ifndef CA_CORE_INFO_H
#define CA_CORE_INFO_H

#include "module/core/pkcs11_3.h"

struct ca_slot;

/* C_GetInfo. */
CK_RV ca_info(CK_INFO *out);

/*
 * C_GetSlotList. With a NULL list new readers get slots. With `present`, cards
 * that were not looked at yet are opened, so that what is listed is usable.
 */
CK_RV ca_slot_list(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *n);

/* C_GetSlotInfo: one query to pcscd, nothing to the card, and no waiting for
 * another thread that uses the card. */
CK_RV ca_slot_info(struct ca_slot *s, CK_SLOT_INFO *out);

/* C_GetTokenInfo; the slot lock is held. One APDU when the token is open. */
CK_RV ca_token_info(struct ca_slot *s, CK_TOKEN_INFO *out);

/* C_WaitForSlotEvent, event.c. Holds nothing while it waits. */
CK_RV ca_slot_event(CK_FLAGS flags, CK_SLOT_ID *out);

#endif
