/* C_WaitForSlotEvent: tokens that come and go, told once for each slot. */
#include <string.h>

#include "module/core/gate.h"
#include "module/core/info.h"
#include "module/core/module.h"
#include "module/core/slot.h"
#include "pcsc/base/log.h"

/* Module lock held. Whether something happened to the card in this slot since
 * it was last told, which this is. */
static bool
tell_locked(struct ca_slot_view *v)
{
	bool news =
	    v->card != v->told_card || (v->card && v->events != v->told_events);

	v->told_card = v->card;
	v->told_events = v->events;
	return news;
}

/* The first slot with news. */
static bool
next_news(CK_SLOT_ID *out)
{
	struct ca_module *m = ca_module();
	bool news = false;

	ca_mutex_lock(m->lock);
	for (size_t i = 0; !news && i < m->slots_n; i++) {
		news = tell_locked(&m->slots[i]->view);
		if (news)
			*out = m->slots[i]->id;
	}
	ca_mutex_unlock(m->lock);
	return news;
}

/* The readers as the slots know them, for the wait that follows. */
static size_t
known_readers(struct ca_reader *out, size_t cap)
{
	struct ca_module *m = ca_module();
	size_t n = 0;

	ca_mutex_lock(m->lock);
	for (size_t i = 0; i < m->slots_n && n < cap; i++) {
		const struct ca_slot *s = m->slots[i];

		if (!s->view.reader)
			continue;
		memset(&out[n], 0, sizeof(out[n]));
		memcpy(out[n].name, s->reader, sizeof(out[n].name));
		out[n].present = true;
		out[n].card = s->view.card;
		out[n].mute = s->view.mute;
		out[n].events = s->view.events;
		memcpy(out[n].atr, s->view.atr, s->view.atr_n);
		out[n].atr_n = s->view.atr_n;
		n++;
	}
	ca_mutex_unlock(m->lock);
	return n;
}

/* Waits until something changes. The turn is held, nothing else. */
static CK_RV
wait_change(void)
{
	struct ca_module *m = ca_module();
	struct ca_reader known[CA_READERS_MAX];
	size_t n = known_readers(known, CA_COUNT(known));
	ca_err e;

	if (!ca_gate_turn_take())
		return CKR_CRYPTOKI_NOT_INITIALIZED;
	e = ca_watch_wait(m->watch, known, n, CA_WAIT_FOREVER);
	ca_gate_turn_give();
	if (e == CA_E_CANCELLED)
		return CKR_CRYPTOKI_NOT_INITIALIZED; /* C_Finalize */
	if (e == CA_OK || e == CA_E_TIMEOUT)
		return CKR_OK;
	ca_log(CA_LOG_ERROR, "event", "wait: %s", ca_err_name(e));
	return ca_rv(e, CA_CALL_READ);
}

CK_RV
ca_slot_event(CK_FLAGS flags, CK_SLOT_ID *out)
{
	CK_RV rv = CKR_OK;
	ca_err e;

	while (rv == CKR_OK) {
		e = ca_slots_refresh(CA_SLOTS_ADD);
		if (e != CA_OK)
			return ca_rv(e, CA_CALL_READ);
		if (next_news(out))
			return CKR_OK;
		if ((flags & CKF_DONT_BLOCK) != 0)
			return CKR_NO_EVENT;
		rv = wait_change();
	}
	return rv;
}
