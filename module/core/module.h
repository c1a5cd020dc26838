/*
 * What lives from C_Initialize to C_Finalize: configuration, profiles, the
 * watch over the readers, the tables of slots and sessions.
 *
 * Locks: see lock.h. What the module lock protects is marked below; the rest
 * is set once by ca_module_start() and only read afterwards.
 */
#ifndef CA_CORE_MODULE_H
#define CA_CORE_MODULE_H

#include <stddef.h>

#include "module/core/lock.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "pcsc/token/watch.h"

#define CA_SLOTS_MAX 128        /* different reader names seen by one process */
#define CA_SESSION_BUCKETS 1024 /* for 10,000 sessions */

struct ca_slot;
struct ca_session;

struct ca_module {
	const struct ca_transport *tp;
	struct ca_config config;
	struct ca_profiles *profiles;
	int log_fd; /* -1: standard error */
	struct ca_watch *watch;
	struct ca_mutex *watch_lock;
	struct ca_mutex *lock; /* the module lock */

	/* under the module lock */
	struct ca_slot *slots[CA_SLOTS_MAX]; /* slots[i] has id i */
	size_t slots_n;
	struct ca_session *sessions[CA_SESSION_BUCKETS];
};

/* The module, or NULL before ca_module_start(). Borrowed until stop. */
struct ca_module *ca_module(void);

/* The readers of the next start; NULL means pcscd. Borrowed. */
void ca_module_set_transport(const struct ca_transport *tp);

/* Builds everything; nothing is left behind when it fails. args as given to
 * C_Initialize. */
CA_MUST_CHECK CK_RV ca_module_start(const CK_C_INITIALIZE_ARGS *args);

/* Logs out everywhere and takes everything down. Nobody else is inside. */
void ca_module_stop(void);

/* Makes threads that wait for events return. Any thread. */
void ca_module_wake(void);

/* In a forked child: drops what the parent had, speaking to no card. `whole`:
 * the tables can be walked; otherwise their memory is given up. */
void ca_module_forget(bool whole);

#endif
