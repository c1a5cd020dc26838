/* The values of attributes but those of keys and certificates; see attr.h. */
#include <string.h>

#include "module/capkcs11.h"
#include "module/core/attr.h"
#include "module/core/attr_value.h"
#include "module/core/slot.h"

static const struct ca_model *
model(const struct ca_slot *s)
{
	return ca_token_model(s->token);
}

ca_err
ca_attr_give_ulong(struct ca_attr_value *out, CK_ULONG v)
{
	out->small.ulong = v;
	out->rd = ca_rd_of(&out->small.ulong, sizeof(out->small.ulong));
	return CA_OK;
}

ca_err
ca_attr_give_bool(struct ca_attr_value *out, bool v)
{
	out->small.boolean = v ? CK_TRUE : CK_FALSE;
	out->rd = ca_rd_of(&out->small.boolean, sizeof(out->small.boolean));
	return CA_OK;
}

ca_err
ca_attr_give_text(struct ca_attr_value *out, const char *text)
{
	out->rd = ca_rd_of(text, strlen(text));
	return CA_OK;
}

ca_err
ca_fetch_ulong(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)o;
	return ca_attr_give_ulong(out, arg);
}

ca_err
ca_fetch_bool(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)o;
	return ca_attr_give_bool(out, arg != 0);
}

ca_err
ca_fetch_empty(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)o;
	(void)arg;
	out->rd = ca_rd_of(NULL, 0);
	return CA_OK;
}

ca_err
ca_fetch_class(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)arg;
	switch (o->kind) {
	case CA_KIND_PROFILE:
		return ca_attr_give_ulong(out, CKO_PROFILE);
	case CA_KIND_CERT:
		return ca_attr_give_ulong(out, CKO_CERTIFICATE);
	case CA_KIND_PUB:
	case CA_KIND_KEYPUB:
		return ca_attr_give_ulong(out, CKO_PUBLIC_KEY);
	case CA_KIND_KEY:
		return ca_attr_give_ulong(out, CKO_PRIVATE_KEY);
	case CA_KIND_DATA:
		return ca_attr_give_ulong(out, CKO_DATA);
	case CA_KIND_MECHANISM:
		return ca_attr_give_ulong(out, CKO_MECHANISM);
	case CA_KIND_TOKEN:
		return ca_attr_give_ulong(out, CKO_CAPKCS11_TOKEN);
	case CA_KIND_SESSION: /* has its own list */
		break;
	}
	return CA_E_BUG;
}

ca_err
ca_fetch_private(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	bool is_private = false;

	(void)arg;
	if (o->kind == CA_KIND_KEY)
		is_private = ca_objects_have_login(s);
	else if (o->kind == CA_KIND_CERT)
		is_private = model(s)->certs[o->index].is_private;
	else if (o->kind == CA_KIND_DATA)
		is_private = model(s)->data[o->index].is_private;
	return ca_attr_give_bool(out, is_private);
}

static const char *
profile_label(CK_ULONG id)
{
	switch (id) {
	case CKP_BASELINE_PROVIDER:
		return "Baseline Provider";
	case CKP_EXTENDED_PROVIDER:
		return "Extended Provider";
	case CKP_AUTHENTICATION_TOKEN:
		return "Authentication Token";
	default:
		return "Public Certificates Token";
	}
}

ca_err
ca_fetch_label(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)arg;
	switch (o->kind) {
	case CA_KIND_PROFILE:
		return ca_attr_give_text(out, profile_label(o->index));
	case CA_KIND_CERT:
		return ca_attr_give_text(out, model(s)->certs[o->index].label);
	case CA_KIND_PUB:
		return ca_attr_give_text(out, model(s)->pubs[o->index].label);
	case CA_KIND_KEYPUB:
	case CA_KIND_KEY:
		return ca_attr_give_text(out, model(s)->keys[o->index].label);
	case CA_KIND_DATA:
		return ca_attr_give_text(out, model(s)->data[o->index].label);
	case CA_KIND_MECHANISM: /* these have no label */
	case CA_KIND_TOKEN:
	case CA_KIND_SESSION:
		break;
	}
	return CA_E_BUG;
}

ca_err
ca_fetch_unique_id(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)arg;
	return ca_attr_give_text(out, o->unique_id);
}

ca_err
ca_fetch_id(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_id *id;

	(void)arg;
	if (o->kind == CA_KIND_CERT)
		id = &model(s)->certs[o->index].id;
	else if (o->kind == CA_KIND_PUB)
		id = &model(s)->pubs[o->index].id;
	else
		id = &model(s)->keys[o->index].id;
	out->rd = ca_rd_of(id->b, id->n);
	return CA_OK;
}

ca_err
ca_fetch_index(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)arg;
	return ca_attr_give_ulong(out, o->index);
}

ca_err
ca_fetch_data(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_data *d = &model(s)->data[o->index];

	if (arg == CKA_APPLICATION)
		return ca_attr_give_text(out, d->application);
	if (arg == CKA_OBJECT_ID) {
		out->rd = ca_buf_rd(&d->oid);
		return CA_OK;
	}
	if (!d->read) { /* private: it can be read after a login */
		ca_err e = ca_token_load_data(s->token);

		if (e != CA_OK)
			return e;
		d = &model(s)->data[o->index];
	}
	if (!d->read)
		return CA_E_NOT_FOUND;
	out->rd = ca_buf_rd(&d->value);
	return CA_OK;
}
