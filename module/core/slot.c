#include "module/core/slot.h"

#include <string.h>
#include <time.h>

#include "module/core/module.h"
#include "module/core/session.h"

/* A card whose directories cannot be read is left alone after so many tries
 * in one insertion: programs poll. */
#define FAILURES_MAX 3

/* How long it is believed that the token is still there. Readers are looked at
 * by pcscd a few times in a second. */
#define RECENT_NS 20000000 /* 20 ms */

void
ca_slot_view_update_locked(struct ca_slot_view *v, const struct ca_reader *r)
{
	if (r == NULL) {
		v->reader = v->card = v->mute = false;
		return;
	}
	v->reader = r->present;
	v->card = r->present && r->card;
	v->mute = r->present && r->mute;
	v->events = r->events;
	v->atr_n = r->atr_n <= sizeof(v->atr) ? r->atr_n : 0;
	memcpy(v->atr, r->atr, v->atr_n);
}

/* Module lock held. */
static bool
has_token_locked(const struct ca_profiles *p, const struct ca_slot_view *v)
{
	if (!v->card)
		return false;
	if (v->token && v->token_events == v->events)
		return true;
	if (v->foreign && v->foreign_events == v->events)
		return false;
	return ca_profiles_know_atr(p, ca_rd_of(v->atr, v->atr_n)) ||
	       ca_profiles_any_by_aid(p);
}

bool
ca_slot_has_token(struct ca_slot *s)
{
	struct ca_module *m = ca_module();
	bool has;

	ca_mutex_lock(m->lock);
	has = has_token_locked(m->profiles, &s->view);
	ca_mutex_unlock(m->lock);
	return has;
}

ca_err
ca_slot_query(struct ca_slot *s)
{
	struct ca_module *m = ca_module();
	struct ca_reader r = {0};
	ca_err e;

	memcpy(r.name, s->reader, sizeof(r.name));
	ca_mutex_lock(m->watch_lock);
	e = ca_watch_query(m->watch, &r);
	ca_mutex_unlock(m->watch_lock);
	if (e != CA_OK)
		return e;
	ca_mutex_lock(m->lock);
	ca_slot_view_update_locked(&s->view, &r);
	ca_mutex_unlock(m->lock);
	return CA_OK;
}

static struct ca_slot_view
view_copy(struct ca_slot *s)
{
	struct ca_module *m = ca_module();
	struct ca_slot_view v;

	ca_mutex_lock(m->lock);
	v = s->view;
	ca_mutex_unlock(m->lock);
	return v;
}

bool
ca_slot_is_open(struct ca_slot *s)
{
	struct ca_slot_view v = view_copy(s);

	return v.card && v.token && v.token_events == v.events;
}

static void
view_token(struct ca_slot *s, bool open, uint32_t events)
{
	struct ca_module *m = ca_module();

	ca_mutex_lock(m->lock);
	s->view.token = open;
	s->view.token_events = events;
	ca_mutex_unlock(m->lock);
}

static void
view_foreign(struct ca_slot *s, uint32_t events)
{
	struct ca_module *m = ca_module();

	ca_mutex_lock(m->lock);
	s->view.foreign = true;
	s->view.foreign_events = events;
	ca_mutex_unlock(m->lock);
}

void
ca_slot_drop(struct ca_slot *s)
{
	if (s->token == NULL)
		return;
	ca_sessions_close_all(s);
	ca_objects_clear(&s->objects);
	ca_sobjects_clear(&s->made);
	ca_states_clear(&s->states);
	ca_token_free(&s->token);
	ca_officer_forget(s);
	s->wrong_pin = false;
	s->was_in = false;
	s->epoch++;
	view_token(s, false, 0);
}

CK_RV
ca_slot_rv(struct ca_slot *s, ca_err e, enum ca_call call)
{
	if (ca_err_is_gone(e))
		ca_slot_drop(s);
	return ca_rv(e, call);
}

static int64_t
now_ns(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * (int64_t)1000000000 + t.tv_nsec;
}

ca_err
ca_slot_check(struct ca_slot *s)
{
	struct ca_slot_view v;
	ca_err e;

	if (s->token == NULL)
		return CA_E_NO_CARD;
	e = ca_slot_query(s);
	if (e != CA_OK)
		return e;
	s->asked = now_ns();
	v = view_copy(s);
	if (v.card && v.token_events == v.events)
		return CA_OK;
	/* Something happened in the reader. pcscd may also just have been
	 * restarted, so the token itself is asked. */
	e = ca_token_check(s->token);
	if (ca_err_is_gone(e))
		ca_slot_drop(s);
	else if (e == CA_OK)
		view_token(s, true, v.events);
	return e;
}

CK_RV
ca_slot_check_rv(struct ca_slot *s)
{
	return ca_slot_rv(s, ca_slot_check(s), CA_CALL_READ);
}

CK_RV
ca_slot_check_recent(struct ca_slot *s)
{
	/* News that another thread has heard counts at once. */
	if (s->token != NULL && now_ns() - s->asked < RECENT_NS &&
	    ca_slot_is_open(s))
		return CKR_OK;
	return ca_slot_check_rv(s);
}

/* Remembers what will not be tried again while this card stays in. */
static void
note_failure(struct ca_slot *s, ca_err e, uint32_t events)
{
	if (s->failed_events != events)
		s->failures = 0;
	s->failed_events = events;
	s->failures++;
	if (e == CA_E_UNSUPPORTED ||
	    (e == CA_E_MALFORMED && s->failures >= FAILURES_MAX))
		view_foreign(s, events);
}

/* No token is open: opens the one that the view tells of. */
static ca_err
open_card(struct ca_slot *s)
{
	struct ca_module *m = ca_module();
	struct ca_slot_view v = view_copy(s);
	ca_err e;

	if (!v.reader)
		return CA_E_NO_READER;
	if (!v.card)
		return CA_E_NO_CARD;
	if (v.foreign && v.foreign_events == v.events)
		return CA_E_UNSUPPORTED;
	e = ca_token_open(m->tp, m->profiles, &m->config, s->reader, &s->token);
	if (e != CA_OK) {
		s->token = NULL;
		note_failure(s, e, v.events);
		return e;
	}
	s->failures = 0;
	view_token(s, true, v.events);
	return CA_OK;
}

ca_err
ca_slot_open(struct ca_slot *s)
{
	ca_err e;

	if (s->token != NULL) {
		e = ca_slot_check(s);
		if (s->token != NULL)
			return e; /* still ours, or nobody can tell now */
	} else {
		e = ca_slot_query(s);
		if (e != CA_OK)
			return e;
	}
	return open_card(s);
}

bool
ca_slot_logged_in(const struct ca_slot *s)
{
	return s->token != NULL && ca_token_logged_in(s->token, CA_PIN_USER);
}
