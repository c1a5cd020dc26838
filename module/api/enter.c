#include "module/api/enter.h"

#include "module/core/gate.h"
#include "module/core/object.h"
#include "pcsc/base/log.h"

CK_RV
ca_enter(struct ca_enter *e)
{
	e->inside = ca_gate_enter();
	return e->inside ? CKR_OK : CKR_CRYPTOKI_NOT_INITIALIZED;
}

CK_RV
ca_enter_slot(struct ca_enter *e, CK_SLOT_ID id)
{
	CK_RV rv = ca_enter(e);

	if (rv != CKR_OK)
		return rv;
	e->slot = ca_slot_find(id);
	return e->slot != NULL ? CKR_OK : CKR_SLOT_ID_INVALID;
}

CK_RV
ca_enter_slot_locked(struct ca_enter *e, CK_SLOT_ID id)
{
	CK_RV rv = ca_enter_slot(e, id);

	if (rv != CKR_OK)
		return rv;
	ca_mutex_lock(e->slot->lock);
	e->slot_locked = true;
	return CKR_OK;
}

CK_RV
ca_open_token(struct ca_enter *e)
{
	return ca_slot_rv(e->slot, ca_slot_open(e->slot), CA_CALL_SLOT);
}

CK_RV
ca_enter_session(struct ca_enter *e, CK_SESSION_HANDLE h)
{
	CK_RV rv = ca_enter(e);

	if (rv != CKR_OK)
		return rv;
	e->session = ca_session_ref(h);
	if (e->session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	e->slot = e->session->slot;
	ca_mutex_lock(e->slot->lock);
	e->slot_locked = true;
	if (!e->session->open) /* closed while we waited */
		return CKR_SESSION_HANDLE_INVALID;
	return ca_slot_rv(e->slot, ca_objects_sync(e->slot), CA_CALL_READ);
}

CK_RV
ca_leave(struct ca_enter *e, CK_RV rv)
{
	if (e->slot_locked)
		ca_mutex_unlock(e->slot->lock);
	if (e->session != NULL)
		ca_session_unref(e->session);
	if (ca_log_on(CA_LOG_INFO))
		ca_log(CA_LOG_INFO, "api", "%s: 0x%lx", e->name, rv);
	if (e->inside)
		ca_gate_leave();
	return rv;
}
