#include "module/core/module.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "module/core/rv.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/locked.h"
#include "pcsc/ossl/ctx.h"

static struct ca_module *the_module;
static const struct ca_transport *transport = &ca_transport_pcsc;

struct ca_module *
ca_module(void)
{
	return the_module;
}

void
ca_module_set_transport(const struct ca_transport *tp)
{
	transport = tp != NULL ? tp : &ca_transport_pcsc;
}

/* The log file may be in a place that others can write: never through a
 * link, never readable for others. Failing that, standard error. */
static void
log_open(struct ca_module *m)
{
	m->log_fd = -1;
	if (m->config.log_level != CA_LOG_OFF && m->config.log_file[0] != 0)
		m->log_fd = open(m->config.log_file,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			O_NOCTTY,
		    0600);
	ca_log_setup(m->config.log_level, m->log_fd);
}

static void
log_close(struct ca_module *m)
{
	ca_log_setup(CA_LOG_OFF, -1);
	if (m->log_fd >= 0)
		(void)close(m->log_fd);
}

static CK_RV
start_locks(struct ca_module *m)
{
	CK_RV rv = ca_mutex_new(&m->watch_lock);

	return rv != CKR_OK ? rv : ca_mutex_new(&m->lock);
}

static CK_RV
start_rooms(struct ca_module *m)
{
	ca_err e = ca_profiles_load(&m->config, &m->profiles);

	if (e == CA_OK)
		e = ca_watch_new(m->tp, &m->watch);
	return ca_rv(e, CA_CALL_READ);
}

/* Everything but the slots and sessions themselves. */
static void
release(struct ca_module *m)
{
	ca_watch_free(&m->watch);
	ca_profiles_free(&m->profiles);
	ca_mutex_free(&m->watch_lock);
	ca_mutex_free(&m->lock);
	log_close(m);
	free(m);
	the_module = NULL;
}

CK_RV
ca_module_start(const CK_C_INITIALIZE_ARGS *args)
{
	struct ca_module *m;
	CK_RV rv = ca_lock_choose(args);

	if (rv != CKR_OK)
		return rv;
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return CKR_HOST_MEMORY;
	m->log_fd = -1;
	m->tp = transport;
	the_module = m;
	rv = ca_rv(ca_config_load(&m->config), CA_CALL_READ);
	if (rv == CKR_OK) {
		log_open(m);
		rv = start_locks(m);
	}
	if (rv == CKR_OK)
		rv = start_rooms(m);
	/* What is plugged in now is no event later (C_WaitForSlotEvent). */
	if (rv == CKR_OK)
		rv = ca_rv(ca_slots_refresh(CA_SLOTS_BASELINE), CA_CALL_READ);
	if (rv != CKR_OK) {
		ca_slots_free();
		release(m);
	}
	return rv;
}

void
ca_module_stop(void)
{
	struct ca_module *m = the_module;

	ca_slots_free();
	release(m);
	ca_crypto_end();
	ca_locked_trim();
}

void
ca_module_wake(void)
{
	ca_watch_cancel(the_module->watch);
}

void
ca_module_forget(bool whole)
{
	struct ca_module *m = the_module;

	the_module = NULL;
	if (m == NULL || !whole)
		return;
	ca_sessions_forget(m);
	ca_slots_forget(m);
	ca_watch_forget(&m->watch);
	ca_profiles_free(&m->profiles);
	ca_mutex_forget(&m->watch_lock);
	ca_mutex_forget(&m->lock);
	log_close(m);
	free(m);
}
