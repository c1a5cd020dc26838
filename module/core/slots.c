/* The table of slots; see slot.h. */
#include <stdlib.h>
#include <string.h>

#include "module/core/login.h"
#include "module/core/module.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/log.h"

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

		ca_slot_view_update_locked(v, reader_named(list, n, s->reader));
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

static void
slot_free(struct ca_slot *s)
{
	ca_mutex_lock(s->lock);
	if (s->token != NULL)
		ca_login_end(s);
	ca_sessions_close_all(s);
	ca_objects_clear(&s->objects);
	ca_sobjects_clear(&s->made);
	ca_states_clear(&s->states);
	ca_officer_forget(s);
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
		ca_sobjects_clear(&s->made);
		ca_states_clear(&s->states);
		ca_officer_forget(s);
		ca_token_forget(&s->token);
		ca_mutex_forget(&s->lock);
		free(s);
	}
	m->slots_n = 0;
}
