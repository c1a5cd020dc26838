#include "module/core/sobject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module/capkcs11.h"
#include "module/core/schema.h"
#include "module/core/session.h"
#include "module/core/slot.h"

#define GROW 64

static void
sobject_free(struct ca_sobject *x)
{
	ca_attrs_free(&x->a);
	free(x);
}

/* Whether `bytes` more fit, in place of `less`. */
static bool
bytes_fit(const struct ca_sobjects *all, size_t bytes, size_t less)
{
	return bytes <= CA_SOBJECTS_BYTES_MAX - (all->bytes - less);
}

static CK_RV
check_caps(const struct ca_session *ss, size_t bytes)
{
	const struct ca_sobjects *all = &ss->slot->made;

	if (ss->objects >= CA_SOBJECTS_SESSION_MAX ||
	    all->n >= CA_SOBJECTS_MAX || !bytes_fit(all, bytes, 0))
		return CKR_DEVICE_MEMORY;
	return CKR_OK;
}

static bool
grow(struct ca_sobjects *all)
{
	struct ca_sobject **v;

	if (all->n < all->cap)
		return true;
	v = realloc(all->v, (all->cap + GROW) * sizeof(*v));
	if (v == NULL)
		return false;
	all->v = v;
	all->cap += GROW;
	return true;
}

/* What is known of an object before its attributes. A session object lives in
 * this process only, where no handle is given twice; a file has its name for
 * good. */
static void
identify(struct ca_sobject *x, struct ca_session *owner,
    const struct ca_obj_file *file)
{
	x->o.handle = ca_object_new_handle();
	x->o.kind = CA_KIND_SESSION;
	x->o.session = x;
	x->owner = owner;
	x->stored = file != NULL;
	if (x->stored)
		x->file = *file;
	if (x->stored)
		(void)snprintf(x->o.unique_id, sizeof(x->o.unique_id),
		    "stored-%s", file->name);
	else
		(void)snprintf(x->o.unique_id, sizeof(x->o.unique_id),
		    "session-%lu", x->o.handle);
}

CK_RV
ca_sobject_name(const struct ca_sobject *x, struct ca_attrs *a)
{
	return ca_attrs_put(a, CKA_UNIQUE_ID,
		   ca_rd_of(x->o.unique_id, strlen(x->o.unique_id))) == CA_OK
		   ? CKR_OK
		   : CKR_HOST_MEMORY;
}

static CK_RV
add(struct ca_sobjects *all, struct ca_session *owner,
    const struct ca_obj_file *file, struct ca_attrs *take,
    CK_OBJECT_HANDLE *out)
{
	struct ca_sobject *x = calloc(1, sizeof(*x));

	if (x == NULL || !grow(all)) {
		free(x);
		return CKR_HOST_MEMORY;
	}
	identify(x, owner, file);
	if (ca_sobject_name(x, take) != CKR_OK) {
		free(x);
		return CKR_HOST_MEMORY;
	}
	x->cls = ca_attrs_number(take, CKA_CLASS);
	x->type = ca_attrs_number(take, ca_schema_type_attr(x->cls));
	x->is_private = ca_attrs_flag(take, CKA_PRIVATE);
	x->a = *take;
	memset(take, 0, sizeof(*take));
	all->v[all->n++] = x;
	all->bytes += x->a.bytes;
	all->private_n += x->is_private ? 1 : 0;
	if (owner != NULL)
		owner->objects++;
	*out = x->o.handle;
	return CKR_OK;
}

CK_RV
ca_sobject_add(struct ca_session *ss, struct ca_attrs *take,
    CK_OBJECT_HANDLE *out)
{
	CK_RV rv = check_caps(ss, take->bytes);

	return rv == CKR_OK ? add(&ss->slot->made, ss, NULL, take, out) : rv;
}

CK_RV
ca_sobject_keep(struct ca_slot *s, const struct ca_obj_file *file,
    struct ca_attrs *take, CK_OBJECT_HANDLE *out)
{
	return bytes_fit(&s->made, take->bytes, 0)
		   ? add(&s->made, NULL, file, take, out)
		   : CKR_DEVICE_MEMORY;
}

/* Where it is in the list; all->n when it is not. */
static size_t
place_of(const struct ca_sobjects *all, CK_OBJECT_HANDLE h)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (all->v[mid]->o.handle == h)
			return mid;
		if (all->v[mid]->o.handle < h)
			low = mid + 1;
		else
			high = mid;
	}
	return all->n;
}

struct ca_sobject *
ca_sobject_get(const struct ca_slot *s, CK_OBJECT_HANDLE h)
{
	size_t at = place_of(&s->made, h);

	return at != s->made.n ? s->made.v[at] : NULL;
}

CK_RV
ca_sobject_replace(struct ca_slot *s, struct ca_sobject *x,
    struct ca_attrs *take)
{
	if (!bytes_fit(&s->made, take->bytes, x->a.bytes))
		return CKR_DEVICE_MEMORY;
	s->made.bytes -= x->a.bytes;
	ca_attrs_free(&x->a);
	x->a = *take;
	memset(take, 0, sizeof(*take));
	s->made.bytes += x->a.bytes;
	return CKR_OK;
}

/* What is kept in a file is the host's. */
static const CK_BBOOL yes = CK_TRUE;

CK_RV
ca_sobject_show(const struct ca_sobject *x, CK_ATTRIBUTE_TYPE type,
    struct ca_rd *out)
{
	const struct ca_schema *row = ca_schema_row(type, x->cls, x->type);
	struct ca_rd value;

	if (type == CKA_CAPKCS11_LOCAL && x->stored &&
	    x->cls == CKO_CERTIFICATE) {
		*out = ca_rd_of(&yes, sizeof(yes));
		return CKR_OK;
	}
	if (row == NULL || !ca_attrs_get(&x->a, type, &value))
		return CKR_ATTRIBUTE_TYPE_INVALID;
	if (ca_schema_hides(row, &x->a))
		return CKR_ATTRIBUTE_SENSITIVE;
	*out = value;
	return CKR_OK;
}

/* Takes it out of the sums and frees it; its place in the list is the caller's
 * business. */
static void
let_go(struct ca_sobjects *all, struct ca_sobject *x)
{
	all->bytes -= x->a.bytes;
	all->private_n -= x->is_private ? 1 : 0;
	if (x->owner != NULL)
		x->owner->objects--;
	sobject_free(x);
}

void
ca_sobject_remove(struct ca_slot *s, CK_OBJECT_HANDLE h)
{
	struct ca_sobjects *all = &s->made;
	size_t at = place_of(all, h);

	if (at == all->n)
		return;
	let_go(all, all->v[at]);
	all->n--;
	memmove(&all->v[at], &all->v[at + 1],
	    (all->n - at) * sizeof(all->v[0]));
}

/* Those of a session, or, without one, the private ones. */
static void
sweep(struct ca_sobjects *all, const struct ca_session *owner)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct ca_sobject *x = all->v[i];

		if (owner != NULL ? x->owner == owner : x->is_private)
			let_go(all, x);
		else
			all->v[kept++] = x;
	}
	all->n = kept;
}

void
ca_sobjects_end_session(struct ca_slot *s, struct ca_session *owner)
{
	sweep(&s->made, owner);
}

void
ca_sobjects_end_private(struct ca_slot *s)
{
	if (s->made.private_n != 0)
		sweep(&s->made, NULL);
}

void
ca_sobjects_clear(struct ca_sobjects *all)
{
	for (size_t i = 0; i < all->n; i++)
		sobject_free(all->v[i]);
	free(all->v);
	memset(all, 0, sizeof(*all));
}
