#include "module/core/lock.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "pcsc/base/log.h"

struct ca_mutex {
	pthread_mutex_t native;
	void *foreign; /* the application's, when `theirs` is set */
	bool theirs;
};

static CK_C_INITIALIZE_ARGS theirs;
static bool use_theirs;

CK_RV
ca_lock_choose(const CK_C_INITIALIZE_ARGS *args)
{
	CK_C_INITIALIZE_ARGS a = {0};
	int given;

	if (args != NULL)
		a = *args;
	given = (a.CreateMutex != NULL) + (a.DestroyMutex != NULL) +
		(a.LockMutex != NULL) + (a.UnlockMutex != NULL);
	if (a.pReserved != NULL || (given != 0 && given != 4))
		return CKR_ARGUMENTS_BAD;
	/* Allowed to use the system's, we do; this also covers the
	 * application that promised to call from one thread only. */
	use_theirs = given == 4 && (a.flags & CKF_OS_LOCKING_OK) == 0;
	theirs = a;
	return CKR_OK;
}

CK_RV
ca_mutex_new(struct ca_mutex **out)
{
	struct ca_mutex *m = calloc(1, sizeof(*m));
	bool ok;

	if (m == NULL)
		return CKR_HOST_MEMORY;
	m->theirs = use_theirs;
	if (m->theirs)
		ok = theirs.CreateMutex(&m->foreign) == CKR_OK;
	else
		ok = pthread_mutex_init(&m->native, NULL) == 0;
	if (!ok) {
		free(m);
		return CKR_CANT_LOCK;
	}
	*out = m;
	return CKR_OK;
}

void
ca_mutex_free(struct ca_mutex **m)
{
	if (*m == NULL)
		return;
	if ((*m)->theirs)
		(void)theirs.DestroyMutex((*m)->foreign);
	else
		(void)pthread_mutex_destroy(&(*m)->native);
	free(*m);
	*m = NULL;
}

void
ca_mutex_forget(struct ca_mutex **m)
{
	free(*m);
	*m = NULL;
}

/* There is no way on without the lock, and none back: say it and go on. */
static void
complain(const char *what)
{
	ca_log(CA_LOG_ERROR, "lock", "the application's %s failed", what);
}

void
ca_mutex_lock(struct ca_mutex *m)
{
	if (!m->theirs)
		(void)pthread_mutex_lock(&m->native);
	else if (theirs.LockMutex(m->foreign) != CKR_OK)
		complain("LockMutex");
}

void
ca_mutex_unlock(struct ca_mutex *m)
{
	if (!m->theirs)
		(void)pthread_mutex_unlock(&m->native);
	else if (theirs.UnlockMutex(m->foreign) != CKR_OK)
		complain("UnlockMutex");
}
