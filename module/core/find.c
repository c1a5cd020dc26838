#include "module/core/find.h"

#include <stdlib.h>
#include <string.h>

#include "module/core/attr.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/stored.h"

/* Not found by programs that do not name their class: mechanism objects
 * (PKCS#11 3.0, 4.12), and what is ours alone. */
#define BY_CLASS (CA_KIND_MECHANISM | CA_KIND_TOKEN)

void
ca_find_end(struct ca_find *f)
{
	free(f->found);
	memset(f, 0, sizeof(*f));
}

static bool
template_is_sound(const CK_ATTRIBUTE *t, CK_ULONG n)
{
	if (t == NULL && n != 0)
		return false;
	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].pValue == NULL && t[i].ulValueLen != 0)
			return false;
	return true;
}

/* Whether any object of this kind may match, as far as that can be told
 * without having one. */
static bool
may_match(enum ca_kind kind, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	for (CK_ULONG i = 0; i < n; i++)
		if (!ca_attr_possible(kind, &t[i]))
			return false;
	return true;
}

static bool
names_class(const CK_ATTRIBUTE *t, CK_ULONG n)
{
	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].type == CKA_CLASS)
			return true;
	return false;
}

/* Reads the directories that may hold a match, and lists the objects. */
static ca_err
load(struct ca_slot *s, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	ca_err e = CA_OK;

	if (may_match(CA_KIND_PUB, t, n) ||
	    (may_match(CA_KIND_PROFILE, t, n) && !ca_objects_pair_known(s)))
		e = ca_token_load_public(s->token);
	if (!s->objects.mechs && names_class(t, n) &&
	    may_match(CA_KIND_MECHANISM, t, n)) {
		s->objects.mechs = true;
		s->objects.made = false; /* the list lacks them */
	}
	if (e == CA_OK && may_match(CA_KIND_DATA, t, n))
		e = ca_token_load_data(s->token);
	return e == CA_OK ? ca_objects_sync(s) : e;
}

/* Whether o matches the entries that cost reading, or those that do not. */
static ca_err
matches(struct ca_slot *s, const struct ca_object *o, const CK_ATTRIBUTE *t,
    CK_ULONG n, bool reading, bool *same)
{
	ca_err e = CA_OK;

	*same = true;
	for (CK_ULONG i = 0; e == CA_OK && *same && i < n; i++) {
		const struct ca_attr *row = ca_attr_row(t[i].type, o->kind);
		bool reads = row != NULL && (row->flags & CA_ATTR_READS) != 0;

		if (reads == reading)
			e = ca_attr_match(s, o, &t[i], same);
	}
	return e;
}

/* Keeps those of the found handles whose objects match. */
static ca_err
filter(struct ca_slot *s, struct ca_find *f, const CK_ATTRIBUTE *t, CK_ULONG n,
    bool reading)
{
	size_t kept = 0;
	ca_err e = CA_OK;

	for (size_t i = 0; e == CA_OK && i < f->n; i++) {
		const struct ca_object *o = ca_object_get(s, f->found[i]);
		bool same = false;

		if (o != NULL)
			e = matches(s, o, t, n, reading, &same);
		if (same)
			f->found[kept++] = f->found[i];
		/* A certificate that proved to be none takes objects along. */
		if (e == CA_OK && reading)
			e = ca_objects_sync(s);
	}
	f->n = kept;
	return e;
}

static ca_err
search(struct ca_slot *s, struct ca_find *f, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	ca_err e = load(s, t, n);

	if (e != CA_OK)
		return e;
	f->found = calloc(s->objects.n + s->made.n + 1, sizeof(*f->found));
	if (f->found == NULL)
		return CA_E_NOMEM;
	for (size_t i = 0; i < s->objects.n; i++)
		if ((s->objects.v[i].kind & BY_CLASS) == 0 || names_class(t, n))
			f->found[f->n++] = s->objects.v[i].handle;
	for (size_t i = 0; i < s->made.n; i++)
		f->found[f->n++] = s->made.v[i]->o.handle;
	e = filter(s, f, t, n, false);
	return e == CA_OK ? filter(s, f, t, n, true) : e;
}

CK_RV
ca_find_init(struct ca_session *ss, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	struct ca_slot *s = ss->slot;
	struct ca_find f = {.active = true};
	ca_err e;

	if (!template_is_sound(t, n))
		return CKR_ARGUMENTS_BAD;
	if (ss->find.active)
		return CKR_OPERATION_ACTIVE;
	/* Most of what follows may come from memory: is the card still there,
	 * and is it still the same? */
	e = ca_slot_check(s);
	if (e == CA_OK)
		e = ca_objects_sync(s);
	if (e == CA_OK)
		e = ca_stored_sync(s);
	if (e == CA_OK)
		e = search(s, &f, t, n);
	if (e != CA_OK) {
		ca_find_end(&f);
		return ca_slot_rv(s, e, CA_CALL_READ);
	}
	ss->find = f;
	return CKR_OK;
}

CK_RV
ca_find_next(struct ca_session *ss, CK_OBJECT_HANDLE *out, CK_ULONG max,
    CK_ULONG *n)
{
	struct ca_find *f = &ss->find;

	if (!f->active)
		return CKR_OPERATION_NOT_INITIALIZED;
	if (n == NULL || (out == NULL && max != 0))
		return CKR_ARGUMENTS_BAD;
	*n = 0;
	for (; f->next < f->n && *n < max; f->next++)
		/* What died since, by a logout, is not told any more. */
		if (ca_object_get(ss->slot, f->found[f->next]) != NULL)
			out[(*n)++] = f->found[f->next];
	return CKR_OK;
}

CK_RV
ca_find_final(struct ca_session *ss)
{
	if (!ss->find.active)
		return CKR_OPERATION_NOT_INITIALIZED;
	ca_find_end(&ss->find);
	return CKR_OK;
}
