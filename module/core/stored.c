#include "module/core/stored.h"

#include <stdlib.h>
#include <string.h>

#include "module/core/builder.h"
#include "module/core/module.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/stored_cert.h"
#include "module/core/stored_code.h"
#include "pcsc/base/log.h"

#define ROOM "stored"

static const struct ca_config *
config(void)
{
	return &ca_module()->config;
}

static const char *
serial(const struct ca_slot *s)
{
	return ca_token_model(s->token)->serial;
}

bool
ca_stored_usable(const struct ca_slot *s)
{
	return ca_objstore_usable(config(), serial(s));
}

/* What writing a file came to. */
static CK_RV
rv_of(ca_err e)
{
	switch (e) {
	case CA_OK:
		return CKR_OK;
	case CA_E_NOMEM:
		return CKR_HOST_MEMORY;
	case CA_E_NO_SPACE:
		return CKR_DEVICE_MEMORY;
	case CA_E_REFUSED:
		return CKR_TOKEN_WRITE_PROTECTED;
	case CA_E_NOT_FOUND: /* another process was faster */
		return CKR_OBJECT_HANDLE_INVALID;
	case CA_E_DATA:
		return CKR_ATTRIBUTE_VALUE_INVALID;
	default:
		return CKR_DEVICE_ERROR;
	}
}

CK_RV
ca_stored_allowed(const struct ca_session *ss, const struct ca_attrs *a)
{
	CK_OBJECT_CLASS cls = ca_attrs_number(a, CKA_CLASS);

	if (cls != CKO_DATA && cls != CKO_CERTIFICATE)
		return ca_build_on_token(ss);
	if (!ss->rw)
		return CKR_SESSION_READ_ONLY;
	if (ca_attrs_flag(a, CKA_PRIVATE) && !ca_slot_logged_in(ss->slot))
		return CKR_USER_NOT_LOGGED_IN;
	if (ca_attrs_flag(a, CKA_PRIVATE)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "a private object would lie on the "
		    "disk for all to read: refused");
		return CKR_TOKEN_WRITE_PROTECTED;
	}
	if (ca_attrs_flag(a, CKA_TRUSTED))
		return CKR_ATTRIBUTE_READ_ONLY;
	return ca_stored_usable(ss->slot) ? CKR_OK : CKR_TOKEN_WRITE_PROTECTED;
}

static struct ca_sobject *
find_file(const struct ca_slot *s, const char *name)
{
	for (size_t i = 0; i < s->made.n; i++)
		if (s->made.v[i]->stored &&
		    strcmp(s->made.v[i]->file.name, name) == 0)
			return s->made.v[i];
	return NULL;
}

/* Takes over what a file says now; x is its object, or NULL. */
static ca_err
accept(struct ca_slot *s, struct ca_sobject *x, const struct ca_obj_file *f,
    struct ca_attrs *take)
{
	CK_OBJECT_HANDLE h;
	CK_RV rv;

	if (x == NULL)
		rv = ca_sobject_keep(s, f, take, &h);
	else if ((rv = ca_sobject_name(x, take)) == CKR_OK &&
		 (rv = ca_sobject_replace(s, x, take)) == CKR_OK)
		x->file.stamp = f->stamp;
	if (rv == CKR_DEVICE_MEMORY)
		ca_log(CA_LOG_WARN, ROOM, "%s: no room for it", f->name);
	return rv == CKR_HOST_MEMORY ? CA_E_NOMEM : CA_OK;
}

/* Reads one file. What is wrong with it is logged, and it is no object. */
static ca_err
load(struct ca_slot *s, struct ca_sobject *x, struct ca_obj_file f)
{
	struct ca_buf text = {0};
	struct ca_attrs a = {0};
	bool is_false = false;
	ca_err e =
	    ca_objstore_read(config(), serial(s), f.name, &text, &f.stamp);

	if (e == CA_OK)
		e = ca_stored_decode(ca_buf_rd(&text), &a);
	ca_buf_free(&text);
	if (e != CA_OK && e != CA_E_NOMEM)
		ca_log(CA_LOG_WARN, ROOM, "%s: no object (%s)", f.name,
		    ca_err_name(e));
	if (e == CA_OK && (e = ca_stored_cert_false(s, &a, &is_false)) != CA_OK)
		goto out; /* the card failed: later */
	if (is_false)
		ca_log(CA_LOG_WARN, ROOM,
		    "%s: no certificate of the key whose CKA_ID it has; not "
		    "shown",
		    f.name);
	/* An object never changes its class. */
	if (x != NULL && (e != CA_OK || is_false ||
			     ca_attrs_number(&a, CKA_CLASS) != x->cls)) {
		ca_sobject_remove(s, x->o.handle);
		x = NULL;
	}
	if (e == CA_OK && !is_false)
		e = accept(s, x, &f, &a);
	else if (e != CA_E_NOMEM)
		e = CA_OK;
out:
	ca_attrs_free(&a);
	return e;
}

/* Forgets the objects whose files are gone. */
static void
drop_missing(struct ca_slot *s, const struct ca_obj_list *list)
{
	for (size_t i = s->made.n; i > 0; i--) {
		const struct ca_sobject *x = s->made.v[i - 1];
		bool there = !x->stored;

		for (size_t j = 0; !there && j < list->n; j++)
			there = strcmp(list->v[j].name, x->file.name) == 0;
		if (!there)
			ca_sobject_remove(s, x->o.handle);
	}
}

ca_err
ca_stored_sync(struct ca_slot *s)
{
	struct ca_obj_stamp now = ca_objstore_stamp(config(), serial(s));
	struct ca_obj_list *list;
	ca_err e = CA_OK;

	if (ca_obj_stamp_same(&now, &s->made.folder))
		return CA_OK;
	list = calloc(1, sizeof(*list));
	if (list == NULL)
		return CA_E_NOMEM;
	ca_objstore_list(config(), serial(s), list);
	drop_missing(s, list);
	for (size_t i = 0; e == CA_OK && i < list->n; i++) {
		struct ca_sobject *x = find_file(s, list->v[i].name);

		if (x == NULL ||
		    !ca_obj_stamp_same(&x->file.stamp, &list->v[i].stamp))
			e = load(s, x, list->v[i]);
	}
	if (e == CA_OK)
		s->made.folder = list->folder;
	free(list);
	return e;
}

/* What is written down of the attributes. */
static CK_RV
encode(const struct ca_attrs *a, struct ca_buf *out)
{
	return rv_of(ca_stored_encode(a, out));
}

static CK_RV
add_file(struct ca_slot *s, struct ca_attrs *take, CK_OBJECT_HANDLE *out)
{
	struct ca_obj_file f = {{0}, {0}};
	struct ca_buf text = {0};
	CK_RV rv = encode(take, &text);

	if (rv == CKR_OK)
		rv = rv_of(ca_objstore_add(config(), serial(s),
		    ca_buf_rd(&text), f.name));
	ca_buf_free(&text);
	/* Its stamp is not known: the next look reads the file. */
	if (rv == CKR_OK && (rv = ca_sobject_keep(s, &f, take, out)) != CKR_OK)
		(void)!ca_objstore_remove(config(), serial(s), f.name);
	return rv;
}

CK_RV
ca_stored_add(struct ca_session *ss, struct ca_attrs *take,
    CK_OBJECT_HANDLE *out)
{
	CK_OBJECT_HANDLE on_card = CK_INVALID_HANDLE;
	CK_RV rv = CKR_OK;

	if (ca_attrs_number(take, CKA_CLASS) == CKO_CERTIFICATE)
		rv = ca_stored_cert_new(ss->slot, take, &on_card);
	if (rv != CKR_OK)
		return rv;
	if (on_card == CK_INVALID_HANDLE)
		return add_file(ss->slot, take, out);
	*out = on_card;
	ca_attrs_free(take);
	return CKR_OK;
}

CK_RV
ca_stored_replace(struct ca_session *ss, struct ca_sobject *x,
    struct ca_attrs *take)
{
	struct ca_slot *s = ss->slot;
	struct ca_buf text = {0};
	CK_RV rv = ca_stored_allowed(ss, take);

	if (rv == CKR_OK)
		rv = ca_stored_cert_changed(s, take);
	if (rv == CKR_OK)
		rv = encode(take, &text);
	if (rv == CKR_OK)
		rv = rv_of(ca_objstore_put(config(), serial(s), x->file.name,
		    ca_buf_rd(&text)));
	ca_buf_free(&text);
	if (rv == CKR_OBJECT_HANDLE_INVALID)
		ca_sobject_remove(s, x->o.handle);
	return rv == CKR_OK ? ca_sobject_replace(s, x, take) : rv;
}

CK_RV
ca_stored_remove(struct ca_session *ss, struct ca_sobject *x)
{
	struct ca_slot *s = ss->slot;
	CK_RV rv = rv_of(ca_objstore_remove(config(), serial(s), x->file.name));

	if (rv == CKR_OK || rv == CKR_OBJECT_HANDLE_INVALID)
		ca_sobject_remove(s, x->o.handle);
	return rv;
}
