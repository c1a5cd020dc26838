/* Cards opened through a connection. */
#include "tests/sim/sim_world.h"

#include <stdlib.h>
#include <unistd.h>

/* Whether the reader and the card of a link are still those it was opened on;
 * a reset is looked at by the caller. */
static ca_err
link_state(const struct ca_sim_link *l)
{
	if (!l->slot->present || l->plugs != l->slot->plugs)
		return CA_E_NO_READER;
	return l->events == l->slot->events ? CA_OK : CA_E_REMOVED;
}

static ca_err
enter(struct ca_sim_link *l, enum ca_sim_call call)
{
	ca_err e = ca_sim_conn_enter(l->c, call);

	return e == CA_OK ? link_state(l) : e;
}

void
ca_sim_link_release(struct ca_sim_link *l)
{
	if (l->slot->owner == l) {
		l->slot->owner = NULL;
		l->slot->depth = 0;
	}
	l->c->w->links--;
	free(l);
}

/* T=1 when both can, else T=0, else nothing. */
static bool
negotiate(const struct ca_sim_slot *s, bool *t1)
{
	const struct ca_sim_opts *o = ca_sim_opts(s->card);

	*t1 = o->t1 != 0 && !s->info.no_t1;
	return *t1 || (o->t0 != 0 && !s->info.no_t0);
}

/* Opens whatever is in the reader for a link; lock held. */
static ca_err
attach(struct ca_sim_link *l, struct ca_link_info *info)
{
	struct ca_sim_slot *s = l->slot;
	struct ca_rd a;
	bool t1 = false;

	if (!s->present)
		return CA_E_NO_READER;
	if (s->mute)
		return CA_E_IO;
	if (s->card == NULL)
		return CA_E_NO_CARD;
	if (s->exclusive)
		return CA_E_BUSY;
	if (!negotiate(s, &t1))
		return CA_E_UNSUPPORTED;
	if (!s->powered) {
		ca_sim_reset(s->card, t1);
		s->powered = true;
		s->t1 = t1;
	}
	l->events = s->events;
	l->plugs = s->plugs;
	l->resets = s->resets;
	*info =
	    (struct ca_link_info){.proto = s->t1 ? CA_PROTO_T1 : CA_PROTO_T0};
	a = ca_sim_atr(s->card);
	return ca_rd_copy(a, info->atr, sizeof(info->atr), &info->atr_n)
		   ? CA_OK
		   : CA_E_MALFORMED;
}

ca_err
ca_sim_link_connect(void *conn, const char *reader, struct ca_link_info *info,
    void **link)
{
	struct ca_sim_conn *c = conn;
	struct ca_sim_link *l = calloc(1, sizeof(*l));
	ca_err e;

	if (l == NULL)
		return CA_E_NOMEM;
	ca_sim_world_lock(c->w);
	e = ca_sim_conn_enter(c, CA_SIM_CALL_CONNECT);
	l->c = c;
	l->slot = ca_sim_slot_present(c->w, reader);
	if (e == CA_OK)
		e = l->slot != NULL ? attach(l, info) : CA_E_NO_READER;
	if (e == CA_OK) {
		l->next = c->links;
		c->links = l;
		c->w->links++;
		*link = l;
	}
	ca_sim_world_unlock(c->w);
	if (e != CA_OK)
		free(l);
	return e;
}

ca_err
ca_sim_link_reconnect(void *link, bool reset, struct ca_link_info *info)
{
	struct ca_sim_link *l = link;
	struct ca_sim_world *w = l->c->w;
	ca_err e;

	ca_sim_world_lock(w);
	e = ca_sim_conn_enter(l->c, CA_SIM_CALL_RECONNECT);
	if (e == CA_OK && (!l->slot->present || l->plugs != l->slot->plugs))
		e = CA_E_NO_READER;
	if (e == CA_OK && reset && l->slot->card != NULL) {
		ca_sim_slot_reset(l->slot);
		ca_sim_world_changed(w);
	}
	if (e == CA_OK)
		e = attach(l, info);
	ca_sim_world_unlock(w);
	return e;
}

void
ca_sim_link_disconnect(void *link)
{
	struct ca_sim_link *l = link;
	struct ca_sim_conn *c = l->c;
	struct ca_sim_world *w = c->w;

	ca_sim_world_lock(w);
	if (c->pid != getpid() || l->slot->owner == l)
		w->breaches++;
	for (struct ca_sim_link **at = &c->links; *at != NULL;
	     at = &(*at)->next)
		if (*at == l) {
			*at = l->next;
			break;
		}
	ca_sim_link_release(l);
	ca_sim_world_changed(w);
	ca_sim_world_unlock(w);
}

ca_err
ca_sim_link_begin(void *link)
{
	struct ca_sim_link *l = link;
	struct ca_sim_world *w = l->c->w;
	struct ca_sim_slot *s = l->slot;
	ca_err e;

	ca_sim_world_lock(w);
	e = enter(l, CA_SIM_CALL_BEGIN);
	w->blocked++;
	ca_sim_world_changed(w);
	while (e == CA_OK && s->owner != NULL && s->owner != l) {
		pthread_cond_wait(&w->changed, &w->lock);
		e = w->up && l->c->generation == w->generation
			? link_state(l)
			: CA_E_NO_SERVICE;
	}
	w->blocked--;
	if (e == CA_OK && l->resets != s->resets)
		e = CA_E_RESET;
	if (e == CA_OK) {
		s->owner = l;
		s->depth++;
	}
	ca_sim_world_unlock(w);
	return e;
}

void
ca_sim_link_end(void *link)
{
	struct ca_sim_link *l = link;
	struct ca_sim_world *w = l->c->w;

	ca_sim_world_lock(w);
	/* Where the card or the service went away the transaction ended by
	 * itself, and the caller cannot know. */
	if (l->slot->owner == l && --l->slot->depth == 0)
		l->slot->owner = NULL;
	else if (l->slot->owner != l && link_state(l) == CA_OK &&
		 l->c->generation == w->generation)
		w->breaches++;
	ca_sim_world_changed(w);
	ca_sim_world_unlock(w);
}

ca_err
ca_sim_link_transmit(void *link, struct ca_rd cmd, struct ca_wr *resp)
{
	struct ca_sim_link *l = link;
	struct ca_sim_world *w = l->c->w;
	ca_err e;

	ca_sim_world_lock(w);
	e = enter(l, CA_SIM_CALL_TRANSMIT);
	if (e == CA_OK && l->resets != l->slot->resets)
		e = CA_E_RESET;
	if (e == CA_OK && l->slot->owner != l) {
		w->breaches++;
		e = l->slot->owner != NULL ? CA_E_BUSY : CA_OK;
	}
	if (e == CA_OK)
		e = ca_sim_slot_exchange(w, l->slot, cmd, resp);
	ca_sim_world_unlock(w);
	return e;
}

ca_err
ca_sim_link_control(void *link, uint32_t code, struct ca_rd in,
    struct ca_wr *resp)
{
	struct ca_sim_link *l = link;
	struct ca_sim_world *w = l->c->w;
	ca_err e;

	ca_sim_world_lock(w);
	e = enter(l, CA_SIM_CALL_CONTROL);
	if (e == CA_OK && l->resets != l->slot->resets)
		e = CA_E_RESET;
	if (e == CA_OK && l->slot->owner != l) {
		w->breaches += ca_sim_keypad_is_entry(code);
		e = l->slot->owner != NULL ? CA_E_BUSY : CA_OK;
	}
	resp->n = 0;
	resp->failed = false;
	if (e == CA_OK)
		e = ca_sim_keypad_control(w, l->slot, code, in, resp);
	ca_sim_world_unlock(w);
	return e;
}
