/*
 * C_FindObjects. The search is done when it begins, and what it found is a
 * list of handles: later changes cannot disturb it. Slot lock held.
 */
#ifndef CA_CORE_FIND_H
#define CA_CORE_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/pkcs11_3.h"

struct ca_session;

struct ca_find {
	bool active;
	CK_OBJECT_HANDLE *found;
	size_t n, next;
};

/*
 * Searches. Only what the template can match is read from the card: the list
 * of public keys or data objects when such an object may be meant, a
 * certificate only when an attribute inside it is asked for.
 */
CK_RV ca_find_init(struct ca_session *ss, const CK_ATTRIBUTE *t, CK_ULONG n);
CK_RV ca_find_next(struct ca_session *ss, CK_OBJECT_HANDLE *out, CK_ULONG max,
    CK_ULONG *n);
CK_RV ca_find_final(struct ca_session *ss);

/* Forgets a search. Safe on none. */
void ca_find_end(struct ca_find *f);

#endif
