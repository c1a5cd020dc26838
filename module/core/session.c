#include "module/core/session.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "module/core/login.h"
#include "module/core/module.h"
#include "module/core/officer.h"
#include "module/core/slot.h"

/* Never goes back, not even over C_Finalize. */
static atomic_ulong last_handle;

static struct ca_session **
bucket(struct ca_module *m, CK_SESSION_HANDLE h)
{
	return &m->sessions[h % CA_SESSION_BUCKETS];
}

/* Module lock held. Where the pointer to this session is, or NULL. */
static struct ca_session **
find_locked(struct ca_module *m, CK_SESSION_HANDLE h)
{
	struct ca_session **at = bucket(m, h);

	while (*at != NULL && (*at)->handle != h)
		at = &(*at)->next;
	return *at != NULL ? at : NULL;
}

CK_RV
ca_session_args(CK_FLAGS flags, const CK_SESSION_HANDLE *out)
{
	if (out == NULL)
		return CKR_ARGUMENTS_BAD;
	if ((flags & CKF_SERIAL_SESSION) == 0)
		return CKR_SESSION_PARALLEL_NOT_SUPPORTED;
	if ((flags & CKF_ASYNC_SESSION) != 0)
		return CKR_SESSION_ASYNC_NOT_SUPPORTED;
	return CKR_OK;
}

CK_RV
ca_session_open(struct ca_slot *s, CK_FLAGS flags, CK_SESSION_HANDLE *out)
{
	struct ca_module *m = ca_module();
	struct ca_session *ss, **at;

	if ((flags & CKF_RW_SESSION) == 0 && ca_officer_in(s))
		return CKR_SESSION_READ_WRITE_SO_EXISTS;
	ss = calloc(1, sizeof(*ss));
	if (ss == NULL)
		return CKR_HOST_MEMORY;
	ss->handle = atomic_fetch_add(&last_handle, 1) + 1;
	ss->slot = s;
	ss->rw = (flags & CKF_RW_SESSION) != 0;
	ss->refs = 1;
	ss->open = true;
	ca_mutex_lock(m->lock);
	at = bucket(m, ss->handle);
	ss->next = *at;
	*at = ss;
	s->sessions++;
	s->rw_sessions += ss->rw ? 1 : 0;
	ca_mutex_unlock(m->lock);
	*out = ss->handle;
	return CKR_OK;
}

struct ca_session *
ca_session_ref(CK_SESSION_HANDLE h)
{
	struct ca_module *m = ca_module();
	struct ca_session **at, *ss = NULL;

	ca_mutex_lock(m->lock);
	at = find_locked(m, h);
	if (at != NULL) {
		ss = *at;
		ss->refs++;
	}
	ca_mutex_unlock(m->lock);
	return ss;
}

void
ca_session_unref(struct ca_session *ss)
{
	struct ca_module *m = ca_module();
	bool last;

	ca_mutex_lock(m->lock);
	last = --ss->refs == 0;
	ca_mutex_unlock(m->lock);
	if (last)
		free(ss);
}

/* What hangs on a session; it cannot be used any more. */
static void
session_wipe(struct ca_session *ss)
{
	ss->open = false;
	if (ss->objects != 0)
		ca_sobjects_end_session(ss->slot, ss);
	ca_find_end(&ss->find);
	for (unsigned i = 0; i < CA_OP_COUNT; i++)
		ca_op_end(&ss->op[i]);
}

/* Module lock held. Takes the session that *at points to out of the table, with
 * the table's reference. */
static struct ca_session *
unlink_locked(struct ca_session **at)
{
	struct ca_session *ss = *at;

	*at = ss->next;
	ss->next = NULL;
	ss->slot->sessions--;
	ss->slot->rw_sessions -= ss->rw ? 1 : 0;
	return ss;
}

void
ca_session_close(struct ca_session *ss)
{
	struct ca_module *m = ca_module();
	struct ca_session **at;

	session_wipe(ss);
	ca_mutex_lock(m->lock);
	at = find_locked(m, ss->handle);
	if (at != NULL)
		(void)unlink_locked(at);
	ca_mutex_unlock(m->lock);
	if (at != NULL)
		ca_session_unref(ss); /* the table's reference */
}

/* Takes all sessions of the slot out of the table, in a list. */
static struct ca_session *
unlink_all(const struct ca_slot *s)
{
	struct ca_module *m = ca_module();
	struct ca_session *list = NULL, *ss;

	ca_mutex_lock(m->lock);
	for (size_t i = 0; s->sessions != 0 && i < CA_SESSION_BUCKETS; i++) {
		struct ca_session **at = &m->sessions[i];

		while (*at != NULL) {
			if ((*at)->slot != s) {
				at = &(*at)->next;
				continue;
			}
			ss = unlink_locked(at);
			ss->next = list;
			list = ss;
		}
	}
	ca_mutex_unlock(m->lock);
	return list;
}

void
ca_sessions_close_all(struct ca_slot *s)
{
	struct ca_session *ss, *next;

	for (ss = unlink_all(s); ss != NULL; ss = next) {
		next = ss->next;
		session_wipe(ss);
		ca_session_unref(ss);
	}
}

struct ca_session_count
ca_sessions_count(const struct ca_slot *s)
{
	struct ca_module *m = ca_module();
	struct ca_session_count n;

	ca_mutex_lock(m->lock);
	n.all = s->sessions;
	n.rw = s->rw_sessions;
	ca_mutex_unlock(m->lock);
	return n;
}

/* An operation when the login ends. What holds a private key of the session or
 * its bytes is over; with a key of the card, which knows for itself, only the
 * plaintext goes that it has given and nobody has taken. */
static void
op_login_over(struct ca_op *op)
{
	if (op->private_session_key)
		ca_op_end(op);
	ca_buf_free(&op->out);
	op->made = false;
}

void
ca_sessions_login_over(struct ca_slot *s)
{
	struct ca_module *m = ca_module();

	ca_mutex_lock(m->lock);
	for (size_t i = 0; i < CA_SESSION_BUCKETS; i++)
		for (struct ca_session *ss = m->sessions[i]; ss != NULL;
		     ss = ss->next)
			for (unsigned k = 0; ss->slot == s && k < CA_OP_COUNT;
			     k++)
				op_login_over(&ss->op[k]);
	ca_mutex_unlock(m->lock);
}

CK_RV
ca_session_info(struct ca_session *ss, CK_SESSION_INFO *out)
{
	ca_err e;

	if (out == NULL)
		return CKR_ARGUMENTS_BAD;
	e = ca_slot_check(ss->slot);
	if (ca_err_is_gone(e))
		return CKR_DEVICE_REMOVED;
	ca_login_notice(ss->slot);
	out->slotID = ss->slot->id;
	out->state = ca_login_state(ss);
	out->flags = CKF_SERIAL_SESSION | (ss->rw ? CKF_RW_SESSION : 0);
	out->ulDeviceError = 0;
	return CKR_OK;
}

CK_RV
ca_session_cancel(struct ca_session *ss, CK_FLAGS flags)
{
	static const struct {
		CK_FLAGS flag;
		enum ca_op_kind kind;
	} rows[] = {
	    {CKF_ENCRYPT, CA_OP_ENCRYPT},
	    {CKF_DECRYPT, CA_OP_DECRYPT},
	    {CKF_DIGEST, CA_OP_DIGEST},
	    {CKF_SIGN, CA_OP_SIGN},
	    {CKF_VERIFY, CA_OP_VERIFY},
	    {CKF_VERIFY, CA_OP_VERIFY_GIVEN},
	    {CKF_SIGN_RECOVER, CA_OP_SIGN_RECOVER},
	    {CKF_VERIFY_RECOVER, CA_OP_VERIFY_RECOVER},
	    {CKF_MESSAGE_SIGN, CA_OP_MESSAGE_SIGN},
	    {CKF_MESSAGE_VERIFY, CA_OP_MESSAGE_VERIFY},
	    {CKF_MESSAGE_ENCRYPT, CA_OP_MESSAGE_ENCRYPT},
	    {CKF_MESSAGE_DECRYPT, CA_OP_MESSAGE_DECRYPT},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (flags & rows[i].flag)
			ca_op_end(&ss->op[rows[i].kind]);
	if (flags & CKF_FIND_OBJECTS)
		ca_find_end(&ss->find);
	return CKR_OK;
}

CK_RV
ca_session_validation(CK_SESSION_VALIDATION_FLAGS_TYPE type, CK_FLAGS *out)
{
	if (out == NULL || type != CKS_LAST_VALIDATION_OK)
		return CKR_ARGUMENTS_BAD;
	*out = 0;
	return CKR_OK;
}

void
ca_sessions_forget(struct ca_module *m)
{
	struct ca_session *ss;

	for (size_t i = 0; i < CA_SESSION_BUCKETS; i++)
		while ((ss = m->sessions[i]) != NULL) {
			m->sessions[i] = ss->next;
			session_wipe(ss);
			free(ss);
		}
}
