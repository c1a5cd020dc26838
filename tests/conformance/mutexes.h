/* The mutexes of an application that does its own locking, for C_Initialize;
 * they count what the module does with them. */
#ifndef CF_MUTEXES_H
#define CF_MUTEXES_H

#include "tests/conformance/p11.h"

struct cf_mutexes {
	int made, ended, locked, unlocked;
};
extern struct cf_mutexes cf_mutexes;

CK_RV cf_mutex_create(void **out);
CK_RV cf_mutex_destroy(void *m);
CK_RV cf_mutex_lock(void *m);
CK_RV cf_mutex_unlock(void *m);

#endif
