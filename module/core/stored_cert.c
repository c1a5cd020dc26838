#include "module/core/stored_cert.h"

#include "module/core/object.h"
#include "module/core/rv.h"
#include "module/core/slot.h"
#include "module/crypto/x509.h"
#include "pcsc/base/log.h"
#include "pcsc/token/x509.h"

#define ROOM "stored"

static const struct ca_model *
model(const struct ca_slot *s)
{
	return ca_token_model(s->token);
}

/* The key with this identifier. */
static bool
key_with_id(const struct ca_slot *s, struct ca_rd id, size_t *index)
{
	for (size_t i = 0; id.n != 0 && i < model(s)->keys_n; i++) {
		const struct ca_id *have = &model(s)->keys[i].id;

		if (ca_rd_equal(ca_rd_of(have->b, have->n), id)) {
			*index = i;
			return true;
		}
	}
	return false;
}

ca_err
ca_stored_cert_false(struct ca_slot *s, const struct ca_attrs *a,
    bool *is_false)
{
	struct ca_rd spki;
	struct ca_x509 x;
	size_t key;
	ca_err e;

	*is_false = false;
	if (ca_attrs_number(a, CKA_CLASS) != CKO_CERTIFICATE)
		return CA_OK;
	*is_false = !ca_x509_parse(ca_attrs_value(a, CKA_VALUE), &x);
	if (*is_false || !key_with_id(s, ca_attrs_value(a, CKA_ID), &key))
		return CA_OK;
	e = ca_token_key_spki(s->token, key, &spki);
	/* A card that shows no public half has nothing to compare with. */
	if (e == CA_E_NOT_FOUND || e == CA_E_AUTH_NEEDED)
		return CA_OK;
	*is_false = e == CA_OK && !ca_rd_equal(spki, x.spki);
	return e;
}

/* Fills in what is empty. */
static ca_err
fill(struct ca_attrs *a, CK_ATTRIBUTE_TYPE type, struct ca_rd value)
{
	return ca_attrs_value(a, type).n != 0 ? CA_OK
					      : ca_attrs_put(a, type, value);
}

static ca_err
fill_fields(struct ca_attrs *a, const struct ca_x509 *x)
{
	ca_err e = fill(a, CKA_ISSUER, x->issuer);

	if (e == CA_OK)
		e = fill(a, CKA_SERIAL_NUMBER, x->serial);
	return e == CA_OK ? fill(a, CKA_PUBLIC_KEY_INFO, x->spki) : e;
}

/* The identifier of keys[index]. */
static struct ca_rd
id_of(const struct ca_slot *s, size_t index)
{
	const struct ca_id *id = &model(s)->keys[index].id;

	return ca_rd_of(id->b, id->n);
}

/* The handle of the certificate certs[index]. */
static CK_OBJECT_HANDLE
handle_of(const struct ca_slot *s, size_t index)
{
	for (size_t i = 0; i < s->objects.n; i++)
		if (s->objects.v[i].kind == CA_KIND_CERT &&
		    s->objects.v[i].index == index)
			return s->objects.v[i].handle;
	return CK_INVALID_HANDLE;
}

static ca_err
offer_to_card(struct ca_slot *s, size_t key, struct ca_rd der,
    CK_OBJECT_HANDLE *on_card)
{
	size_t index;
	ca_err e = ca_token_import_cert(s->token, key, der, &index);

	if (e == CA_E_UNSUPPORTED)
		return CA_OK;
	if (e == CA_OK)
		e = ca_objects_sync(s);
	if (e == CA_OK)
		*on_card = handle_of(s, index);
	return e;
}

static ca_err
settle(struct ca_slot *s, struct ca_attrs *a, CK_OBJECT_HANDLE *on_card,
    bool *is_false)
{
	struct ca_rd der = ca_attrs_value(a, CKA_VALUE);
	size_t key;
	ca_err e = ca_token_key_of_cert(s->token, der, &key);

	if (e == CA_E_NOT_FOUND)
		return ca_stored_cert_false(s, a, is_false);
	if (e == CA_OK && id_of(s, key).n != 0)
		e = ca_attrs_put(a, CKA_ID, id_of(s, key));
	return e == CA_OK ? offer_to_card(s, key, der, on_card) : e;
}

/* The log line of what is refused. */
static CK_RV
wrong_id(void)
{
	ca_log(CA_LOG_WARN, ROOM,
	    "a certificate with the CKA_ID of a key that "
	    "it is not for: refused");
	return CKR_TEMPLATE_INCONSISTENT;
}

CK_RV
ca_stored_cert_new(struct ca_slot *s, struct ca_attrs *a,
    CK_OBJECT_HANDLE *on_card)
{
	struct ca_rd der = ca_attrs_value(a, CKA_VALUE), one;
	struct ca_x509 x;
	bool is_false = false;
	ca_err e;

	*on_card = CK_INVALID_HANDLE;
	if (ca_x509_open(der, &one, NULL) != CA_OK || one.n != der.n ||
	    !ca_x509_parse(der, &x))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	e = fill_fields(a, &x);
	if (e == CA_OK)
		e = settle(s, a, on_card, &is_false);
	if (e != CA_OK)
		return ca_slot_rv(s, e, CA_CALL_READ);
	return is_false ? wrong_id() : CKR_OK;
}

CK_RV
ca_stored_cert_changed(struct ca_slot *s, const struct ca_attrs *a)
{
	struct ca_rd id = ca_attrs_value(a, CKA_ID);
	bool is_false = false;
	size_t key;
	ca_err e;

	if (ca_attrs_number(a, CKA_CLASS) != CKO_CERTIFICATE)
		return CKR_OK;
	e = ca_token_key_of_cert(s->token, ca_attrs_value(a, CKA_VALUE), &key);
	if (e == CA_OK && id_of(s, key).n != 0)
		is_false = !ca_rd_equal(id, id_of(s, key));
	else if (e == CA_OK || e == CA_E_NOT_FOUND)
		e = ca_stored_cert_false(s, a, &is_false);
	if (e != CA_OK)
		return ca_slot_rv(s, e, CA_CALL_READ);
	return is_false ? wrong_id() : CKR_OK;
}
