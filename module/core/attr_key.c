/* The values of attributes of keys; see attr.h. */
#include "module/core/attr.h"
#include "module/core/attr_value.h"
#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/slot.h"
#include "pcsc/ossl/spki.h"

static const struct ca_model *
model(const struct ca_slot *s)
{
	return ca_token_model(s->token);
}

ca_err
ca_fetch_key_type(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)arg;
	return ca_attr_give_ulong(out,
	    ca_key_type_of(s, o) == CA_KEY_RSA ? CKK_RSA : CKK_EC);
}

ca_err
ca_fetch_usage(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	return ca_attr_give_bool(out, (ca_key_usage(s, o) & arg) != 0);
}

ca_err
ca_fetch_able(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_key *k = &model(s)->keys[o->index];
	bool can = arg == CA_USE_DECRYPT ? ca_mech_decrypts(k->algs)
					 : ca_mech_signs(k->algs);

	return ca_attr_give_bool(out, can && (ca_key_usage(s, o) & arg) != 0);
}

ca_err
ca_fetch_derive(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)arg;
	return ca_attr_give_bool(out, ca_key_half_derives(s, o));
}

ca_err
ca_fetch_unwrap(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)arg;
	return ca_attr_give_bool(out, ca_key_unwraps(s, o->index));
}

ca_err
ca_fetch_access(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_key *k = &model(s)->keys[o->index];

	/* A card that says nothing about a key's history gets no claim. */
	return ca_attr_give_bool(out, k->has_access && (k->access & arg) != 0);
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
		return ca_attr_give_bool(out, local);
	if (!local)
		return ca_attr_give_ulong(out, CK_UNAVAILABLE_INFORMATION);
	return ca_attr_give_ulong(out, ca_key_type_of(s, o) == CA_KEY_RSA
					   ? CKM_RSA_PKCS_KEY_PAIR_GEN
					   : CKM_EC_KEY_PAIR_GEN);
}

ca_err
ca_fetch_consent(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)arg;
	return ca_attr_give_bool(out, ca_key_needs_consent(s, o->index));
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
		return ca_attr_give_ulong(out, k->bits);
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
	e = ca_attr_parse_cert(s, index, &der, &x);
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
