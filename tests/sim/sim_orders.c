/* What tests do to readers and cards, and as other programs. */
#include "tests/sim/sim_world.h"

/* Most orders of a test: find the reader, do something, tell the waiters. */
enum order {
	UNPLUG,
	INSERT,
	REMOVE,
	SPARE,
	RESET,
	HOLD,
	RELEASE,
	EXCLUSIVE,
	SHARED,
};

static void
obey(struct ca_sim_world *w, struct ca_sim_slot *s, enum order what,
    struct ca_sim *card)
{
	switch (what) {
	case UNPLUG:
		ca_sim_slot_empty(s);
		s->present = false;
		s->plugs++;
		break;
	case INSERT:
		ca_sim_slot_fill(s, card);
		break;
	case REMOVE:
		ca_sim_slot_empty(s);
		break;
	case SPARE:
		s->spare = card;
		break;
	case RESET:
		ca_sim_slot_reset(s);
		break;
	case HOLD:
		while (s->owner != NULL && s->owner != w)
			pthread_cond_wait(&w->changed, &w->lock);
		s->owner = w;
		break;
	case RELEASE:
		if (s->owner == w)
			s->owner = NULL;
		break;
	case EXCLUSIVE:
	case SHARED:
		s->exclusive = what == EXCLUSIVE;
		break;
	}
}

static ca_err
order(struct ca_sim_world *w, const char *reader, enum order what,
    struct ca_sim *card)
{
	struct ca_sim_slot *s;

	ca_sim_world_lock(w);
	s = ca_sim_slot_present(w, reader);
	if (s != NULL) {
		obey(w, s, what, card);
		ca_sim_world_changed(w);
	}
	ca_sim_world_unlock(w);
	return s != NULL ? CA_OK : CA_E_NO_READER;
}

ca_err
ca_sim_world_unplug(struct ca_sim_world *w, const char *reader)
{
	return order(w, reader, UNPLUG, NULL);
}

void
ca_sim_world_service(struct ca_sim_world *w, bool up)
{
	ca_sim_world_lock(w);
	if (w->up && !up) {
		w->generation++;
		/* pcscd powers cards down when it ends. */
		for (size_t i = 0; i < w->slots_n; i++) {
			w->slots[i].powered = false;
			w->slots[i].owner = NULL;
			w->slots[i].depth = 0;
		}
	}
	w->up = up;
	ca_sim_world_changed(w);
	ca_sim_world_unlock(w);
}

ca_err
ca_sim_world_insert(struct ca_sim_world *w, const char *reader,
    struct ca_sim *card)
{
	return order(w, reader, INSERT, card);
}

ca_err
ca_sim_world_insert_mute(struct ca_sim_world *w, const char *reader)
{
	return order(w, reader, INSERT, NULL);
}

ca_err
ca_sim_world_remove(struct ca_sim_world *w, const char *reader)
{
	return order(w, reader, REMOVE, NULL);
}

ca_err
ca_sim_world_spare(struct ca_sim_world *w, const char *reader,
    struct ca_sim *card)
{
	return order(w, reader, SPARE, card);
}

struct ca_sim *
ca_sim_world_card(struct ca_sim_world *w, const char *reader)
{
	struct ca_sim *card = NULL;
	struct ca_sim_slot *s;

	ca_sim_world_lock(w);
	s = ca_sim_slot_present(w, reader);
	if (s != NULL)
		card = s->card;
	ca_sim_world_unlock(w);
	return card;
}

ca_err
ca_sim_world_reset(struct ca_sim_world *w, const char *reader)
{
	return order(w, reader, RESET, NULL);
}

ca_err
ca_sim_world_hold(struct ca_sim_world *w, const char *reader, bool hold)
{
	return order(w, reader, hold ? HOLD : RELEASE, NULL);
}

ca_err
ca_sim_world_exclusive(struct ca_sim_world *w, const char *reader,
    bool exclusive)
{
	return order(w, reader, exclusive ? EXCLUSIVE : SHARED, NULL);
}

ca_err
ca_sim_world_other(struct ca_sim_world *w, const char *reader, struct ca_rd cmd,
    struct ca_wr *resp)
{
	struct ca_sim_slot *s;
	ca_err e = CA_E_NO_READER;

	ca_sim_world_lock(w);
	s = ca_sim_slot_present(w, reader);
	if (s != NULL && s->card != NULL)
		e = ca_sim_slot_exchange(w, s, cmd, resp);
	else if (s != NULL)
		e = CA_E_NO_CARD;
	ca_sim_world_unlock(w);
	return e;
}
