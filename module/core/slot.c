#include "module/core/slot.h"

#include <stdlib.h>
#include <string.h>

#include "module/core/login.h"
#include "module/core/module.h"
#include "module/core/session.h"
#include "pcsc/base/log.h"

/* A card whose directories cannot be read is left alone after so many tries
 * in one insertion: programs poll. */
#define FAILURES_MAX 3

/* Module lock held. `r` NULL: the reader is not in the list any more. */
static void
view_update_locked(struct ca_slot_view *v, const struct ca_reader *r)
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

static const struct ca_reader *
reader_named(const struct ca_reader *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

/* Module lock held. */
static bool
slot_known_locked(const struct ca_module *m, const char *reader)
{
	for (size_t i = 0; i < m->slots_n; i++)
		if (strcmp(m->slots[i]->reader, reader) == 0)
			return true;
	return false;
}

/* Module lock held. */
static ca_err
slot_add_locked(struct ca_module *m, const char *reader)
{
	struct ca_slot *s;

	if (m->slots_n == CA_SLOTS_MAX) {
		ca_log(CA_LOG_WARN, "slot", "no room for reader %s", reader);
		return CA_OK;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return CA_E_NOMEM;
	if (ca_mutex_new(&s->lock) != CKR_OK) {
		free(s);
		return CA_E_NOMEM;
	}
	memcpy(s->reader, reader, strnlen(reader, sizeof(s->reader) - 1));
	s->id = m->slots_n;
	m->slots[m->slots_n++] = s;
	return CA_OK;
}

/* Module lock held. */
static ca_err
slots_take_locked(struct ca_module *m, const struct ca_reader *list, size_t n,
    enum ca_slots_refresh how)
{
	ca_err e = CA_OK;

	for (size_t i = 0; how != CA_SLOTS_STATES && i < n && e == CA_OK; i++)
		if (!slot_known_locked(m, list[i].name))
			e = slot_add_locked(m, list[i].name);
	for (size_t i = 0; i < m->slots_n; i++) {
		struct ca_slot *s = m->slots[i];
		struct ca_slot_view *v = &s->view;

		view_update_locked(v, reader_named(list, n, s->reader));
		if (how == CA_SLOTS_BASELINE) {
			v->told_card = v->card;
			v->told_events = v->events;
		}
	}
	return e;
}

ca_err
ca_slots_refresh(enum ca_slots_refresh how)
{
	struct ca_module *m = ca_module();
	struct ca_reader list[CA_READERS_MAX];
	size_t n = 0;
	ca_err e;

	ca_mutex_lock(m->watch_lock);
	e = ca_watch_list(m->watch, list, CA_COUNT(list), &n);
	ca_mutex_unlock(m->watch_lock);
	if (e != CA_OK)
		return e;
	ca_mutex_lock(m->lock);
	e = slots_take_locked(m, list, n, how);
	ca_mutex_unlock(m->lock);
	return e;
}

size_t
ca_slots_count(void)
{
	struct ca_module *m = ca_module();
	size_t n;

	ca_mutex_lock(m->lock);
	n = m->slots_n;
	ca_mutex_unlock(m->lock);
	return n;
}

struct ca_slot *
ca_slot_find(CK_SLOT_ID id)
{
	struct ca_module *m = ca_module();
	struct ca_slot *s;

	ca_mutex_lock(m->lock);
	s = id < m->slots_n ? m->slots[id] : NULL;
	ca_mutex_unlock(m->lock);
	return s;
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
	view_update_locked(&s->view, &r);
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
	ca_token_free(&s->token);
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

static void
slot_free(struct ca_slot *s)
{
	ca_mutex_lock(s->lock);
	if (s->token != NULL)
		ca_login_end(s);
	ca_sessions_close_all(s);
	ca_objects_clear(&s->objects);
	ca_token_free(&s->token);
	ca_mutex_unlock(s->lock);
	ca_mutex_free(&s->lock);
	free(s);
}

void
ca_slots_free(void)
{
	struct ca_module *m = ca_module();

	/* Nobody else is inside: the table needs no lock. */
	for (size_t i = 0; i < m->slots_n; i++)
		slot_free(m->slots[i]);
	m->slots_n = 0;
}

void
ca_slots_forget(struct ca_module *m)
{
	for (size_t i = 0; i < m->slots_n; i++) {
		struct ca_slot *s = m->slots[i];

		ca_objects_clear(&s->objects);
		ca_token_forget(&s->token);
		ca_mutex_forget(&s->lock);
		free(s);
	}
	m->slots_n = 0;
}
