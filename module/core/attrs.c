#include "module/core/attrs.h"

#include <stdlib.h>
#include <string.h>

#include "module/core/schema.h"
#include "pcsc/base/locked.h"
#include "pcsc/base/secret.h"

#define GROW 16

static struct ca_attrs_entry *
find(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].type == type)
			return &a->v[i];
	return NULL;
}

bool
ca_attrs_get(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type,
    struct ca_rd *out)
{
	const struct ca_attrs_entry *e = find(a, type);

	if (e == NULL)
		return false;
	*out = ca_rd_of(e->p, e->n);
	return true;
}

struct ca_rd
ca_attrs_value(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type)
{
	const struct ca_attrs_entry *e = find(a, type);

	return e != NULL ? ca_rd_of(e->p, e->n) : ca_rd_of(NULL, 0);
}

bool
ca_attrs_has(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type)
{
	return find(a, type) != NULL;
}

bool
ca_attrs_flag(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type)
{
	struct ca_rd r;
	uint8_t b;

	return ca_attrs_get(a, type, &r) && ca_rd_u8(&r, &b) && b == CK_TRUE;
}

CK_ULONG
ca_attrs_number(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type)
{
	CK_ULONG v = CK_UNAVAILABLE_INFORMATION;
	struct ca_rd r;
	size_t n;

	if (!ca_attrs_get(a, type, &r) || r.n != sizeof(v) ||
	    !ca_rd_copy(r, &v, sizeof(v), &n))
		return CK_UNAVAILABLE_INFORMATION;
	return v;
}

static void
entry_wipe(struct ca_attrs_entry *e)
{
	if (e->locked) {
		ca_locked_free(e->p, e->n);
	} else {
		ca_wipe(e->p, e->n);
		free(e->p);
	}
	e->p = NULL;
	e->n = 0;
}

/* Room for one entry more. The list itself holds no secret, only pointers. */
static bool
grow(struct ca_attrs *a)
{
	struct ca_attrs_entry *v;

	if (a->n < a->cap)
		return true;
	v = realloc(a->v, (a->cap + GROW) * sizeof(*v));
	if (v == NULL)
		return false;
	a->v = v;
	a->cap += GROW;
	return true;
}

ca_err
ca_attrs_put(struct ca_attrs *a, CK_ATTRIBUTE_TYPE type, struct ca_rd value)
{
	struct ca_attrs_entry fresh = {.type = type}, *e = find(a, type);

	if (e == NULL && !grow(a))
		return CA_E_NOMEM;
	if (value.n != 0) {
		fresh.locked = ca_schema_may_hide(type);
		fresh.p =
		    fresh.locked ? ca_locked_new(value.n) : malloc(value.n);
		if (fresh.p == NULL)
			return CA_E_NOMEM;
		memcpy(fresh.p, value.p, value.n);
		fresh.n = value.n;
	}
	if (e == NULL) {
		e = &a->v[a->n++];
	} else {
		a->bytes -= e->n;
		entry_wipe(e);
	}
	*e = fresh;
	a->bytes += fresh.n;
	return CA_OK;
}

ca_err
ca_attrs_put_flag(struct ca_attrs *a, CK_ATTRIBUTE_TYPE type, bool value)
{
	CK_BBOOL b = value ? CK_TRUE : CK_FALSE;

	return ca_attrs_put(a, type, ca_rd_of(&b, sizeof(b)));
}

ca_err
ca_attrs_put_number(struct ca_attrs *a, CK_ATTRIBUTE_TYPE type, CK_ULONG value)
{
	return ca_attrs_put(a, type, ca_rd_of(&value, sizeof(value)));
}

ca_err
ca_attrs_put_all(struct ca_attrs *a, const struct ca_attrs *from)
{
	ca_err e = CA_OK;

	for (size_t i = 0; e == CA_OK && i < from->n; i++)
		e = ca_attrs_put(a, from->v[i].type,
		    ca_rd_of(from->v[i].p, from->v[i].n));
	return e;
}

void
ca_attrs_free(struct ca_attrs *a)
{
	for (size_t i = 0; i < a->n; i++)
		entry_wipe(&a->v[i]);
	free(a->v);
	memset(a, 0, sizeof(*a));
}
