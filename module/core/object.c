#include "module/core/object.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module/core/login.h"
#include "module/core/object_plan.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"

/* Never goes back, not even over C_Finalize. */
static atomic_ulong last_handle;

CK_OBJECT_HANDLE
ca_object_new_handle(void)
{
	return atomic_fetch_add(&last_handle, 1) + 1;
}

bool
ca_objects_have_login(const struct ca_slot *s)
{
	return ca_model_pin(ca_token_model(s->token), CA_PIN_USER) != NULL;
}

static void
plan_certs(struct ca_plan *p)
{
	for (size_t i = 0; i < p->m->certs_n; i++) {
		const struct ca_cert *c = &p->m->certs[i];

		if (c->state == CA_CERT_BAD || (c->is_private && !p->logged_in))
			continue;
		ca_plan_add(p, CA_KIND_CERT, i, "cert", &c->id, &c->path,
		    c->local ? "-local" : "");
	}
}

/* Before the PuKDF was read nobody asked for public keys: there are none. */
static void
plan_public(struct ca_plan *p)
{
	if (!p->m->pubs_read)
		return;
	for (size_t i = 0; i < p->m->pubs_n; i++)
		ca_plan_add(p, CA_KIND_PUB, i, "public", &p->m->pubs[i].id,
		    &p->m->pubs[i].path, "");
	for (size_t i = 0; i < p->m->keys_n; i++)
		if (!ca_plan_pub_listed(p->m, &p->m->keys[i].id) &&
		    ca_plan_pub_derivable(p->m, &p->m->keys[i]))
			ca_plan_add(p, CA_KIND_KEYPUB, i, "public",
			    &p->m->keys[i].id, NULL, "-derived");
}

static void
plan_private(struct ca_plan *p)
{
	if (!p->logged_in && ca_objects_have_login(p->s))
		return;
	for (size_t i = 0; i < p->m->keys_n; i++)
		ca_plan_add(p, CA_KIND_KEY, i, "private", &p->m->keys[i].id,
		    &p->m->keys[i].path, "");
}

static void
plan_data(struct ca_plan *p)
{
	if (!p->m->data_read)
		return;
	for (size_t i = 0; i < p->m->data_n; i++)
		if (!p->m->data[i].is_private || p->logged_in)
			ca_plan_add(p, CA_KIND_DATA, i, "data", NULL,
			    &p->m->data[i].path, "");
}

/* Notes what the table is made from, to see later whether that changed. */
static void
take_stock(const struct ca_slot *s, struct ca_objects *o)
{
	const struct ca_model *m = ca_token_model(s->token);

	o->generation = ca_token_generation(s->token);
	o->logged_in = ca_slot_logged_in(s);
	o->pubs_read = m->pubs_read;
	o->data_read = m->data_read;
	o->total = m->certs_n + m->keys_n + m->pubs_n + m->data_n;
	o->mechs = s->objects.mechs;
	o->algs = 0;
	for (size_t i = 0; o->mechs && i < m->keys_n; i++)
		o->algs += m->keys[i].algs;
	o->bad_certs = 0;
	for (size_t i = 0; i < m->certs_n; i++)
		o->bad_certs += m->certs[i].state == CA_CERT_BAD ? 1 : 0;
}

static bool
is_current(const struct ca_objects *have, const struct ca_objects *now)
{
	return have->made && have->generation == now->generation &&
	       have->logged_in == now->logged_in &&
	       have->pubs_read == now->pubs_read &&
	       have->data_read == now->data_read && have->total == now->total &&
	       have->bad_certs == now->bad_certs && have->mechs == now->mechs &&
	       have->algs == now->algs;
}

/* A model that was read anew has forgotten the lists that are read on demand;
 * objects that somebody holds handles of must not vanish for that. */
static ca_err
reload_lists(struct ca_slot *s)
{
	const struct ca_model *m = ca_token_model(s->token);
	ca_err e = CA_OK;

	if (s->objects.pubs_read && !m->pubs_read)
		e = ca_token_load_public(s->token);
	if (e == CA_OK && s->objects.data_read && !m->data_read)
		e = ca_token_load_data(s->token);
	return e;
}

ca_err
ca_objects_sync(struct ca_slot *s)
{
	struct ca_objects now = {.made = true};
	struct ca_plan p = {.s = s};
	ca_err e = reload_lists(s);

	if (e != CA_OK)
		return e;
	ca_login_notice(s);
	if (!ca_slot_logged_in(s))
		ca_sobjects_end_private(s);
	take_stock(s, &now);
	p.m = ca_token_model(s->token);
	if (is_current(&s->objects, &now))
		return CA_OK;
	p.logged_in = now.logged_in;
	/* Derived halves, and what the token says of itself. */
	p.cap = now.total + p.m->keys_n + CA_PLAN_PROFILES_MAX + 1 +
		ca_plan_mechanisms_max(&p, now.mechs);
	p.v = calloc(p.cap, sizeof(*p.v));
	if (p.v == NULL)
		return CA_E_NOMEM;
	plan_certs(&p);
	plan_public(&p);
	plan_private(&p);
	plan_data(&p);
	ca_plan_profiles(&p);
	ca_plan_token(&p);
	ca_plan_mechanisms(&p);
	free(s->objects.v);
	now.v = p.v;
	now.n = p.n;
	s->objects = now;
	return CA_OK;
}

const struct ca_object *
ca_object_get(const struct ca_slot *s, CK_OBJECT_HANDLE h)
{
	const struct ca_sobject *made;

	for (size_t i = 0; i < s->objects.n; i++)
		if (s->objects.v[i].handle == h)
			return &s->objects.v[i];
	made = ca_sobject_get(s, h);
	return made != NULL ? &made->o : NULL;
}

void
ca_objects_clear(struct ca_objects *o)
{
	free(o->v);
	memset(o, 0, sizeof(*o));
}
