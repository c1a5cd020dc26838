/*
 * Mutexes: the system's or the application's (C_Initialize, PKCS#11 5.4).
 * Only lock.c knows which.
 *
 * The order in which a thread may take them; it may skip, never go back:
 *
 *     slot -> watch -> module -> log
 *
 * slot    one card and all that hangs on it; held across card I/O
 * watch   the connection that asks pcscd about readers; short queries only
 * module  the tables of slots and sessions; never across I/O, never while
 *         waiting for a slot
 */
#ifndef CA_CORE_LOCK_H
#define CA_CORE_LOCK_H

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_mutex;

/*
 * Looks at what C_Initialize was given (NULL is allowed) and chooses the kind
 * of every mutex made from now on. CKR_ARGUMENTS_BAD: pReserved set, or only
 * some of the four callbacks. Nothing else may run meanwhile.
 */
CA_MUST_CHECK CK_RV ca_lock_choose(const CK_C_INITIALIZE_ARGS *args);

/* Makes a mutex. CKR_HOST_MEMORY or CKR_CANT_LOCK. */
CA_MUST_CHECK CK_RV ca_mutex_new(struct ca_mutex **out);

/* Ends it and sets *m to NULL. Safe on NULL. */
void ca_mutex_free(struct ca_mutex **m);

/* In a forked child: releases the memory of a mutex that some thread of the
 * parent may have held, without an operation on it. */
void ca_mutex_forget(struct ca_mutex **m);

void ca_mutex_lock(struct ca_mutex *m);
void ca_mutex_unlock(struct ca_mutex *m);

#endif
