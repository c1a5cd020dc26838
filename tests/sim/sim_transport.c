/* Connections: opening, readers, waiting. */
#include "tests/sim/sim_world.h"

#include <stdlib.h>
#include <unistd.h>

ca_err
ca_sim_conn_enter(struct ca_sim_conn *c, enum ca_sim_call call)
{
	ca_err e = ca_sim_world_called(c->w, call);

	if (c->pid != getpid()) {
		c->w->breaches++;
		return CA_E_BUG;
	}
	if (e != CA_OK)
		return e;
	return c->w->up && c->generation == c->w->generation ? CA_OK
							     : CA_E_NO_SERVICE;
}

static ca_err
op_open(void *arg, void **conn)
{
	struct ca_sim_world *w = arg;
	struct ca_sim_conn *c;
	ca_err e;

	ca_sim_world_lock(w);
	e = ca_sim_world_called(w, CA_SIM_CALL_OPEN);
	if (e == CA_OK && !w->up)
		e = CA_E_NO_SERVICE;
	c = e == CA_OK ? calloc(1, sizeof(*c)) : NULL;
	if (c != NULL) {
		c->w = w;
		c->pid = getpid();
		c->generation = w->generation;
		w->conns++;
		*conn = c;
	} else if (e == CA_OK) {
		e = CA_E_NOMEM;
	}
	ca_sim_world_unlock(w);
	return e;
}

static void
op_close(void *conn)
{
	struct ca_sim_conn *c = conn;
	struct ca_sim_world *w = c->w;

	ca_sim_world_lock(w);
	if (c->pid != getpid())
		w->breaches++;
	while (c->links != NULL) {
		struct ca_sim_link *l = c->links;

		c->links = l->next;
		ca_sim_link_release(l);
	}
	w->conns--;
	ca_sim_world_changed(w);
	ca_sim_world_unlock(w);
	free(c);
}

/* Touches no state that the parent's threads may have left half done. */
static void
op_forget(void *conn)
{
	struct ca_sim_conn *c = conn;

	while (c->links != NULL) {
		struct ca_sim_link *l = c->links;

		c->links = l->next;
		if (c->w->links > 0)
			c->w->links--;
		free(l);
	}
	if (c->w->conns > 0)
		c->w->conns--;
	free(c);
}

static void
describe(const struct ca_sim_slot *s, struct ca_reader *out)
{
	struct ca_rd a;

	*out = (struct ca_reader){0};
	(void)snprintf(out->name, sizeof(out->name), "%s", s->name);
	out->present = s->present;
	out->card = s->present && s->card != NULL;
	out->mute = s->present && s->mute;
	out->events = s->events;
	if (!out->card)
		return;
	a = ca_sim_atr(s->card);
	if (!ca_rd_copy(a, out->atr, sizeof(out->atr), &out->atr_n))
		out->atr_n = 0;
}

static ca_err
op_list(void *conn, struct ca_reader *out, size_t cap, size_t *n)
{
	struct ca_sim_conn *c = conn;
	ca_err e;

	ca_sim_world_lock(c->w);
	e = ca_sim_conn_enter(c, CA_SIM_CALL_LIST);
	if (e == CA_OK) {
		*n = 0;
		for (size_t i = 0; i < c->w->slots_n && *n < cap; i++)
			if (c->w->slots[i].present)
				describe(&c->w->slots[i], &out[(*n)++]);
	}
	ca_sim_world_unlock(c->w);
	return e;
}

static ca_err
op_query(void *conn, struct ca_reader *io)
{
	struct ca_sim_conn *c = conn;
	struct ca_sim_slot *s;
	ca_err e;

	ca_sim_world_lock(c->w);
	e = ca_sim_conn_enter(c, CA_SIM_CALL_QUERY);
	if (e == CA_OK) {
		s = ca_sim_slot_present(c->w, io->name);
		if (s != NULL)
			describe(s, io);
		else
			e = CA_E_NO_READER;
	}
	ca_sim_world_unlock(c->w);
	return e;
}

/* True when what the caller knows is not what is. */
static bool
differs(struct ca_sim_world *w, const struct ca_reader *known, size_t n)
{
	size_t present = 0;
	size_t seen = 0;

	for (size_t i = 0; i < w->slots_n; i++)
		present += w->slots[i].present;
	for (size_t i = 0; i < n; i++) {
		const struct ca_reader *k = &known[i];
		struct ca_sim_slot *s = ca_sim_slot_present(w, k->name);
		struct ca_reader now;

		if (s == NULL && k->present)
			return true;
		if (s == NULL)
			continue;
		seen++;
		describe(s, &now);
		if (now.card != k->card || now.mute != k->mute ||
		    now.events != k->events || !k->present)
			return true;
	}
	return seen != present;
}

static ca_err
op_wait(void *conn, const struct ca_reader *known, size_t n,
    uint32_t timeout_ms)
{
	struct ca_sim_conn *c = conn;
	struct ca_sim_world *w = c->w;
	struct timespec until = ca_sim_deadline(timeout_ms);
	bool in_time = true;
	ca_err e;

	ca_sim_world_lock(w);
	e = ca_sim_conn_enter(c, CA_SIM_CALL_WAIT);
	c->waiting = true;
	c->cancelled = false;
	w->waiters++;
	ca_sim_world_changed(w);
	while (e == CA_OK && !differs(w, known, n)) {
		if (!in_time) {
			e = CA_E_TIMEOUT;
			break;
		}
		in_time = ca_sim_world_await(w, timeout_ms, &until);
		if (c->cancelled)
			e = CA_E_CANCELLED;
		else if (!w->up || c->generation != w->generation)
			e = CA_E_NO_SERVICE;
	}
	w->waiters--;
	c->waiting = false;
	ca_sim_world_unlock(w);
	return e;
}

/* Like pcsc-lite's: without a waiter it is lost. */
static void
op_cancel(void *conn)
{
	struct ca_sim_conn *c = conn;

	ca_sim_world_lock(c->w);
	if (c->waiting) {
		c->cancelled = true;
		ca_sim_world_changed(c->w);
	}
	ca_sim_world_unlock(c->w);
}

const struct ca_transport_ops ca_sim_transport_ops = {
    .open = op_open,
    .close = op_close,
    .forget = op_forget,
    .list = op_list,
    .query = op_query,
    .wait = op_wait,
    .cancel = op_cancel,
    .connect = ca_sim_link_connect,
    .reconnect = ca_sim_link_reconnect,
    .disconnect = ca_sim_link_disconnect,
    .begin = ca_sim_link_begin,
    .end = ca_sim_link_end,
    .transmit = ca_sim_link_transmit,
    .control = ca_sim_link_control,
};
