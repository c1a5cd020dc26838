#include "module/core/object_plan.h"

#include <stdio.h>
#include <string.h>

#include "module/core/slot.h"

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
number_duplicate(const struct ca_plan *p, struct ca_object *o)
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

void
ca_plan_add(struct ca_plan *p, enum ca_kind kind, size_t index,
    const char *name, const struct ca_id *id, const struct ca_ref *path,
    const char *tail)
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

bool
ca_plan_pub_listed(const struct ca_model *m, const struct ca_id *id)
{
	for (size_t i = 0; i < m->pubs_n; i++)
		if (ca_id_equal(&m->pubs[i].id, id))
			return true;
	return false;
}

bool
ca_plan_pub_derivable(const struct ca_model *m, const struct ca_key *k)
{
	if (k->spki.n != 0)
		return true;
	for (size_t i = 0; i < m->certs_n; i++)
		if (m->certs[i].state != CA_CERT_BAD &&
		    ca_id_equal(&m->certs[i].id, &k->id))
			return true;
	return false;
}
