#include "module/core/object.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module/core/login.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"

/* Never goes back, not even over C_Finalize. */
static atomic_ulong last_handle;

/* Collects the objects that should exist now. */
struct plan {
	struct ca_slot *s;
	const struct ca_model *m;
	bool logged_in;
	struct ca_object *v;
	size_t n, cap;
};

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
add_hex(char *out, size_t cap, const uint8_t *b, size_t n)
{
	size_t at = strlen(out);

	for (size_t i = 0; i < n && at + 3 <= cap; i++, at += 2)
		(void)snprintf(&out[at], cap - at, "%02x", (unsigned)b[i]);
}

static void
add_text(char *out, size_t cap, const char *text)
{
	size_t at = strlen(out);

	(void)snprintf(&out[at], cap - at, "%s", text);
}

/* Two entries with the same id and path get numbers, in the card's order. */
static void
number_duplicate(const struct plan *p, struct ca_object *o)
{
	size_t base = strlen(o->unique_id);
	size_t same = 0;

	for (size_t i = 0; i < p->n; i++)
		if (strncmp(p->v[i].unique_id, o->unique_id, base) == 0 &&
		    (p->v[i].unique_id[base] == 0 ||
			p->v[i].unique_id[base] == '#'))
			same++;
	if (same != 0)
		(void)snprintf(&o->unique_id[base], sizeof(o->unique_id) - base,
		    "#%zu", same + 1);
}

static CK_OBJECT_HANDLE
handle_for(const struct ca_objects *old, const char *unique_id)
{
	for (size_t i = 0; i < old->n; i++)
		if (strcmp(old->v[i].unique_id, unique_id) == 0)
			return old->v[i].handle;
	return ca_object_new_handle();
}

static void
plan_add(struct plan *p, enum ca_kind kind, size_t index, const char *name,
    const struct ca_id *id, const struct ca_ref *path, const char *tail)
{
	struct ca_object *o;
	size_t cap = sizeof(o->unique_id);

	if (p->n == p->cap)
		return; /* cannot be: cap is the sum of all */
	o = &p->v[p->n];
	memset(o, 0, sizeof(*o));
	o->kind = kind;
	o->index = index;
	add_text(o->unique_id, cap, name);
	if (id != NULL && id->n != 0) {
		add_text(o->unique_id, cap, "-");
		add_hex(o->unique_id, cap, id->b, id->n);
	}
	if (path != NULL && path->path_n != 0) {
		add_text(o->unique_id, cap, "-");
		add_hex(o->unique_id, cap, path->path, path->path_n);
	}
	add_text(o->unique_id, cap, tail);
	number_duplicate(p, o);
	o->handle = handle_for(&p->s->objects, o->unique_id);
	p->n++;
}

static void
plan_profiles(struct plan *p)
{
	bool all_public = true;

	for (size_t i = 0; i < p->m->certs_n; i++)
		all_public &= !p->m->certs[i].is_private;
	plan_add(p, CA_KIND_PROFILE, CKP_BASELINE_PROVIDER, "profile-baseline",
	    NULL, NULL, "");
	if (ca_objects_have_login(p->s))
		plan_add(p, CA_KIND_PROFILE, CKP_EXTENDED_PROVIDER,
		    "profile-extended", NULL, NULL, "");
	if (p->m->keys_n != 0)
		plan_add(p, CA_KIND_PROFILE, CKP_AUTHENTICATION_TOKEN,
		    "profile-authentication", NULL, NULL, "");
	if (all_public)
		plan_add(p, CA_KIND_PROFILE, CKP_PUBLIC_CERTIFICATES_TOKEN,
		    "profile-public-certificates", NULL, NULL, "");
}

static void
plan_certs(struct plan *p)
{
	for (size_t i = 0; i < p->m->certs_n; i++) {
		const struct ca_cert *c = &p->m->certs[i];

		if (c->state == CA_CERT_BAD || (c->is_private && !p->logged_in))
			continue;
		plan_add(p, CA_KIND_CERT, i, "cert", &c->id, &c->path,
		    c->local ? "-local" : "");
	}
}

/* The card lists a public key with this id. */
static bool
pub_listed(const struct ca_model *m, const struct ca_id *id)
{
	for (size_t i = 0; i < m->pubs_n; i++)
		if (ca_id_equal(&m->pubs[i].id, id))
			return true;
	return false;
}

/* The public half of this key is known or can be had from a certificate. */
static bool
pub_derivable(const struct ca_model *m, const struct ca_key *k)
{
	if (k->spki.n != 0)
		return true;
	for (size_t i = 0; i < m->certs_n; i++)
		if (m->certs[i].state != CA_CERT_BAD &&
		    ca_id_equal(&m->certs[i].id, &k->id))
			return true;
	return false;
}

/* Before the PuKDF was read nobody asked for public keys: there are none. */
static void
plan_public(struct plan *p)
{
	if (!p->m->pubs_read)
		return;
	for (size_t i = 0; i < p->m->pubs_n; i++)
		plan_add(p, CA_KIND_PUB, i, "public", &p->m->pubs[i].id,
		    &p->m->pubs[i].path, "");
	for (size_t i = 0; i < p->m->keys_n; i++)
		if (!pub_listed(p->m, &p->m->keys[i].id) &&
		    pub_derivable(p->m, &p->m->keys[i]))
			plan_add(p, CA_KIND_KEYPUB, i, "public",
			    &p->m->keys[i].id, NULL, "-derived");
}

static void
plan_private(struct plan *p)
{
	if (!p->logged_in && ca_objects_have_login(p->s))
		return;
	for (size_t i = 0; i < p->m->keys_n; i++)
		plan_add(p, CA_KIND_KEY, i, "private", &p->m->keys[i].id,
		    &p->m->keys[i].path, "");
}

static void
plan_data(struct plan *p)
{
	if (!p->m->data_read)
		return;
	for (size_t i = 0; i < p->m->data_n; i++)
		if (!p->m->data[i].is_private || p->logged_in)
			plan_add(p, CA_KIND_DATA, i, "data", NULL,
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
	       have->bad_certs == now->bad_certs;
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
	struct plan p = {.s = s};
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
	p.cap = now.total + p.m->keys_n + 4; /* derived halves, profiles */
	p.v = calloc(p.cap, sizeof(*p.v));
	if (p.v == NULL)
		return CA_E_NOMEM;
	plan_certs(&p);
	plan_public(&p);
	plan_private(&p);
	plan_data(&p);
	plan_profiles(&p);
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
