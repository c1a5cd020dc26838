/* The values of attributes; see attr.h. */
#include <string.h>

#include "module/core/attr.h"
#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/slot.h"
#include "module/crypto/hash.h"
#include "module/crypto/spki.h"
#include "module/crypto/x509.h"

static const struct ca_model *
model(const struct ca_slot *s)
{
	return ca_token_model(s->token);
}

static ca_err
give_ulong(struct ca_attr_value *out, CK_ULONG v)
{
	out->small.ulong = v;
	out->rd = ca_rd_of(&out->small.ulong, sizeof(out->small.ulong));
	return CA_OK;
}

static ca_err
give_bool(struct ca_attr_value *out, bool v)
{
	out->small.boolean = v ? CK_TRUE : CK_FALSE;
	out->rd = ca_rd_of(&out->small.boolean, sizeof(out->small.boolean));
	return CA_OK;
}

static ca_err
give_text(struct ca_attr_value *out, const char *text)
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
	return give_ulong(out, arg);
}

ca_err
ca_fetch_bool(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)o;
	return give_bool(out, arg != 0);
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
		return give_ulong(out, CKO_PROFILE);
	case CA_KIND_CERT:
		return give_ulong(out, CKO_CERTIFICATE);
	case CA_KIND_PUB:
	case CA_KIND_KEYPUB:
		return give_ulong(out, CKO_PUBLIC_KEY);
	case CA_KIND_KEY:
		return give_ulong(out, CKO_PRIVATE_KEY);
	case CA_KIND_DATA:
		return give_ulong(out, CKO_DATA);
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
	return give_bool(out, is_private);
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
		return give_text(out, profile_label(o->index));
	case CA_KIND_CERT:
		return give_text(out, model(s)->certs[o->index].label);
	case CA_KIND_PUB:
		return give_text(out, model(s)->pubs[o->index].label);
	case CA_KIND_KEYPUB:
	case CA_KIND_KEY:
		return give_text(out, model(s)->keys[o->index].label);
	case CA_KIND_DATA:
		return give_text(out, model(s)->data[o->index].label);
	}
	return CA_E_BUG;
}

ca_err
ca_fetch_unique_id(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)arg;
	return give_text(out, o->unique_id);
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
ca_fetch_profile(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)s;
	(void)arg;
	return give_ulong(out, o->index);
}

ca_err
ca_fetch_category(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	bool ca = model(s)->certs[o->index].authority;

	(void)arg;
	return give_ulong(out, ca ? CK_CERTIFICATE_CATEGORY_AUTHORITY
				  : CK_CERTIFICATE_CATEGORY_TOKEN_USER);
}

static ca_err
parse_cert(struct ca_slot *s, size_t index, struct ca_rd *der,
    struct ca_x509 *x)
{
	ca_err e = ca_token_cert(s->token, index, der);

	if (e == CA_OK && !ca_x509_parse(*der, x))
		e = CA_E_NOT_FOUND;
	return e;
}

ca_err
ca_fetch_cert(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	struct ca_rd der;
	struct ca_x509 x;
	ca_err e = parse_cert(s, o->index, &der, &x);

	if (e != CA_OK)
		return e;
	switch (arg) {
	case CKA_VALUE:
		out->rd = der;
		break;
	case CKA_SUBJECT:
		out->rd = x.subject;
		break;
	case CKA_ISSUER:
		out->rd = x.issuer;
		break;
	case CKA_SERIAL_NUMBER:
		out->rd = x.serial;
		break;
	case CKA_PUBLIC_KEY_INFO:
		out->rd = x.spki;
		break;
	default:
		return CA_E_BUG;
	}
	return CA_OK;
}

ca_err
ca_fetch_date(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	struct ca_rd der;
	struct ca_x509 x;
	ca_err e = parse_cert(s, o->index, &der, &x);

	if (e != CA_OK || !x.has_dates)
		return e; /* an empty date is the standard's default */
	memcpy(&out->small.date,
	    arg == CKA_START_DATE ? x.not_before : x.not_after,
	    sizeof(out->small.date));
	out->rd = ca_rd_of(&out->small.date, sizeof(out->small.date));
	return CA_OK;
}

/* PKCS#11 4.6.3: the first three bytes of the SHA-1 of CKA_VALUE. */
ca_err
ca_fetch_check(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	uint8_t hash[CA_HASH_LEN_MAX];
	struct ca_wr w = ca_wr_of(hash, sizeof(hash));
	struct ca_rd der;
	ca_err e = ca_token_cert(s->token, o->index, &der);

	(void)arg;
	if (e == CA_OK)
		e = ca_hash_once(CA_HASH_SHA1, der, &w);
	if (e != CA_OK)
		return e;
	memcpy(out->small.bytes, hash, 3);
	out->rd = ca_rd_of(out->small.bytes, 3);
	return CA_OK;
}

ca_err
ca_fetch_data(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_data *d = &model(s)->data[o->index];

	if (arg == CKA_APPLICATION)
		return give_text(out, d->application);
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

ca_err
ca_fetch_key_type(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)arg;
	return give_ulong(out,
	    ca_key_type_of(s, o) == CA_KEY_RSA ? CKK_RSA : CKK_EC);
}

ca_err
ca_fetch_usage(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	return give_bool(out, (ca_key_usage(s, o) & arg) != 0);
}

ca_err
ca_fetch_able(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_key *k = &model(s)->keys[o->index];
	bool can = arg == CA_USE_DECRYPT ? ca_mech_decrypts(k->algs)
					 : ca_mech_signs(k->algs);

	return give_bool(out, can && (ca_key_usage(s, o) & arg) != 0);
}

ca_err
ca_fetch_access(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_key *k = &model(s)->keys[o->index];

	/* A card that says nothing about a key's history gets no claim. */
	return give_bool(out, k->has_access && (k->access & arg) != 0);
}

static bool
made_on_card(const struct ca_slot *s, const struct ca_object *o)
{
	const struct ca_key *k;

	if (o->kind == CA_KIND_PUB)
		return false;
	k = &model(s)->keys[o->index];
	return k->has_access && (k->access & CA_ACC_LOCAL) != 0;
}

ca_err
ca_fetch_keygen(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	bool local = made_on_card(s, o);

	if (arg == CKA_LOCAL)
		return give_bool(out, local);
	if (!local)
		return give_ulong(out, CK_UNAVAILABLE_INFORMATION);
	return give_ulong(out, ca_key_type_of(s, o) == CA_KEY_RSA
				   ? CKM_RSA_PKCS_KEY_PAIR_GEN
				   : CKM_EC_KEY_PAIR_GEN);
}

ca_err
ca_fetch_consent(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)arg;
	return give_bool(out, ca_key_needs_consent(s, o->index));
}

ca_err
ca_fetch_spki(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	ca_err e = ca_key_spki(s, o, &out->own);

	(void)arg;
	out->rd = ca_buf_rd(&out->own);
	return e;
}

/* CKA_EC_POINT is the point inside a DER OCTET STRING. */
static ca_err
give_point(struct ca_rd point, struct ca_attr_value *out)
{
	uint8_t der[300];
	struct ca_wr w = ca_wr_of(der, sizeof(der));
	ca_err e;

	ca_wr_tlv(&w, 0x04, point);
	if (!ca_wr_ok(&w))
		return CA_E_NOT_FOUND;
	ca_buf_free(&out->own);
	e = ca_buf_add(&out->own, ca_wr_rd(&w));
	out->rd = ca_buf_rd(&out->own);
	return e;
}

static ca_err
rsa_field(const struct ca_spki *k, CK_ULONG arg, struct ca_attr_value *out)
{
	switch (arg) {
	case CKA_MODULUS:
		out->rd = k->modulus;
		return CA_OK;
	case CKA_PUBLIC_EXPONENT:
		out->rd = k->exponent;
		return CA_OK;
	case CKA_MODULUS_BITS:
		return give_ulong(out, k->bits);
	default:
		return CA_E_NOT_FOUND;
	}
}

ca_err
ca_fetch_spki_field(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	bool rsa = ca_key_type_of(s, o) == CA_KEY_RSA;
	bool want_ec = arg == CKA_EC_PARAMS || arg == CKA_EC_POINT;
	struct ca_spki k;
	ca_err e;

	if (rsa == want_ec)
		return CA_E_NOT_FOUND;
	e = ca_key_spki(s, o, &out->own);
	if (e != CA_OK)
		return e;
	if (!ca_spki_parse(ca_buf_rd(&out->own), &k))
		return CA_E_NOT_FOUND;
	if (k.type == CA_SPKI_RSA)
		return rsa_field(&k, arg, out);
	if (arg == CKA_EC_POINT)
		return give_point(k.point, out);
	out->rd = k.params;
	return CA_OK;
}

/* The certificate that has this id, read or not. */
static bool
cert_with_id(const struct ca_model *m, const struct ca_id *id, size_t *index)
{
	for (size_t i = 0; i < m->certs_n; i++)
		if (m->certs[i].state != CA_CERT_BAD &&
		    !m->certs[i].authority &&
		    ca_id_equal(&m->certs[i].id, id)) {
			*index = i;
			return true;
		}
	return false;
}

ca_err
ca_fetch_subject(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_model *m = model(s);
	const struct ca_id *id;
	struct ca_x509 x;
	struct ca_rd der;
	size_t index;
	ca_err e;

	(void)arg;
	if (o->kind == CA_KIND_PUB) {
		id = &m->pubs[o->index].id;
	} else {
		id = &m->keys[o->index].id;
		out->rd = ca_buf_rd(&m->keys[o->index].subject);
	}
	if (out->rd.n != 0 || !cert_with_id(m, id, &index))
		return CA_OK;
	e = parse_cert(s, index, &der, &x);
	if (e == CA_OK)
		out->rd = x.subject;
	return e == CA_E_NOT_FOUND ? CA_OK : e; /* empty is the default */
}

ca_err
ca_fetch_for_type(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)out;
	return ca_key_type_of(s, o) == (enum ca_key_type)arg ? CA_OK
							     : CA_E_NOT_FOUND;
}
