/* See mutexes.h. */
#include "tests/conformance/mutexes.h"

#include <pthread.h>
#include <stdlib.h>

struct cf_mutexes cf_mutexes;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

static void
count(int *n)
{
	pthread_mutex_lock(&guard);
	(*n)++;
	pthread_mutex_unlock(&guard);
}

CK_RV
cf_mutex_create(void **out)
{
	pthread_mutex_t *m = malloc(sizeof(*m));

	if (m == NULL)
		return CKR_HOST_MEMORY;
	pthread_mutex_init(m, NULL);
	count(&cf_mutexes.made);
	*out = m;
	return CKR_OK;
}

CK_RV
cf_mutex_destroy(void *m)
{
	pthread_mutex_destroy(m);
	free(m);
	count(&cf_mutexes.ended);
	return CKR_OK;
}

CK_RV
cf_mutex_lock(void *m)
{
	pthread_mutex_lock(m);
	count(&cf_mutexes.locked);
	return CKR_OK;
}

CK_RV
cf_mutex_unlock(void *m)
{
	count(&cf_mutexes.unlocked);
	pthread_mutex_unlock(m);
	return CKR_OK;
}
