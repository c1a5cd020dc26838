#include "pcsc/card/pkcs15_entry.h"

#include <string.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/pkcs15_object.h"

static void
skip_optional(struct ca_rd *r, uint32_t tag)
{
	struct ca_rd v;

	if (!ca_tlv_expect(r, tag, &v))
		return;
}

/*
 * What [1] of a data object holds is its value, with no SEQUENCE around it
 * (PKCS15OpaqueDOAttributes; OpenSC writes it so). Some put one there, as other
 * classes have it; a Path begins with its OCTET STRING, so they differ.
 */
static struct ca_rd
data_value(const struct ca_p15_object *o)
{
	bool around =
	    o->type.n > 0 && (o->type.p[0] == 0x30 || o->type.p[0] == 0xA0);

	return around ? o->type : o->value;
}

/* One AODF entry: a PIN. Biometric templates and authentication keys are not
 * PINs and are passed over. */
static bool
parse_pin(const struct ca_p15_object *o, struct ca_model *m)
{
	struct ca_pin pin = {0};
	struct ca_rd r = o->type, cls = o->class, v, type;
	uint32_t n[4] = {0}, pin_type;
	struct ca_p15_common c;

	if (o->tag != 0x30)
		return true;
	if (!ca_p15_common(o->common, &c) || !ca_tlv_expect(&cls, 0x04, &v) ||
	    !ca_p15_id(v, &pin.auth_id) || !ca_tlv_expect(&r, 0x03, &v) ||
	    !ca_der_bits(v, &pin.flags) || !ca_tlv_expect(&r, 0x0A, &type) ||
	    !ca_der_uint(type, CA_PIN_ISO9564_1, &pin_type))
		return false;
	/* minLength, storedLength, maxLength; the last may be missing. */
	for (int i = 0; i < 3 && ca_tlv_expect(&r, 0x02, &v); i++)
		if (!ca_der_uint(v, 255, &n[i]))
			return false;
	if (ca_tlv_expect(&r, 0x80, &v)) {
		if (!ca_der_uint(v, 255, &n[3]))
			return false;
		pin.has_reference = true;
	}
	if (ca_tlv_expect(&r, 0x04, &v) && v.n == 1)
		pin.has_pad_char = ca_rd_u8(&v, &pin.pad_char);
	skip_optional(&r, 0x18); /* lastPinChange */
	if (ca_tlv_expect(&r, 0x30, &v) &&
	    ca_p15_parse_path(v, &pin.path) != CA_OK)
		return false;
	memcpy(pin.label, c.label, sizeof(pin.label));
	pin.type = (enum ca_pin_type)pin_type;
	pin.min = n[0];
	pin.stored = n[1];
	pin.max = n[2];
	pin.reference = (uint8_t)n[3];
	pin.role = (pin.flags & (CA_PINF_SO | CA_PINF_UNBLOCKING)) != 0
		       ? CA_PIN_SO
		       : CA_PIN_USER;
	/* The first PIN is the user's; a further one protects keys of its own.
	 */
	if (pin.role == CA_PIN_USER && ca_model_pin(m, CA_PIN_USER) != NULL)
		pin.role = CA_PIN_KEY;
	if (m->pins_n == CA_PINS_MAX)
		return false;
	m->pins[m->pins_n++] = pin;
	return true;
}

static bool
parse_private_key(const struct ca_p15_object *o, struct ca_model *m)
{
	struct ca_key k = {0};
	struct ca_rd r = o->class, sub = o->subclass, type = o->type, v, whole;
	uint32_t n, tag;
	struct ca_p15_common c;

	if (o->tag != 0x30 && o->tag != 0xA0)
		return true; /* DH, DSA and others: no use for them here */
	if (m->keys_n == CA_KEYS_MAX)
		return false;
	k.type = o->tag == 0x30 ? CA_KEY_RSA : CA_KEY_EC;
	if (!ca_p15_common(o->common, &c) || !ca_tlv_expect(&r, 0x04, &v) ||
	    !ca_p15_id(v, &k.id) || !ca_tlv_expect(&r, 0x03, &v) ||
	    !ca_der_bits(v, &k.usage))
		return false;
	skip_optional(&r, 0x01); /* native */
	if (ca_tlv_expect(&r, 0x03, &v))
		k.has_access = ca_der_bits(v, &k.access);
	if (ca_tlv_expect(&r, 0x02, &v)) {
		if (!ca_der_uint(v, 255, &n))
			return false;
		k.reference = (uint8_t)n;
		k.has_reference = true;
	}
	if (!ca_p15_value(&type, &k.path, NULL))
		return false;
	if (ca_tlv_expect(&type, 0x02, &v) && ca_der_uint(v, 16384, &n))
		k.bits = n;
	memcpy(k.label, c.label, sizeof(k.label));
	k.is_private = c.is_private;
	k.auth_id = c.auth_id;
	k.consent = c.consent;
	if (ca_tlv_expect(&sub, 0x30, &v) &&
	    ca_tlv_whole(&v, &tag, &r, &whole) && tag == 0x30 &&
	    ca_buf_set(&k.subject, whole) != CA_OK)
		return false;
	m->keys[m->keys_n++] = k;
	return true;
}

/* The key's own fields of SPKI for a direct value: [0] spki as is. */
static bool
parse_public_key(const struct ca_p15_object *o, struct ca_model *m)
{
	struct ca_pub k = {0};
	struct ca_buf direct = {0};
	struct ca_rd r = o->class, type = o->type, v;
	uint32_t n;
	struct ca_p15_common c;

	if (o->tag != 0x30 && o->tag != 0xA0)
		return true;
	if (m->pubs_n == CA_KEYS_MAX)
		return false;
	k.type = o->tag == 0x30 ? CA_KEY_RSA : CA_KEY_EC;
	if (!ca_p15_common(o->common, &c) || !ca_tlv_expect(&r, 0x04, &v) ||
	    !ca_p15_id(v, &k.id) || !ca_tlv_expect(&r, 0x03, &v) ||
	    !ca_der_bits(v, &k.usage) || !ca_p15_value(&type, &k.path, &direct))
		return false;
	if (ca_tlv_expect(&type, 0x02, &v) && ca_der_uint(v, 16384, &n))
		k.bits = n;
	memcpy(k.label, c.label, sizeof(k.label));
	if (direct.n > 0 && ca_p15_spki(ca_buf_rd(&direct), &k.spki) != CA_OK) {
		ca_buf_free(&direct);
		return false;
	}
	ca_buf_free(&direct);
	m->pubs[m->pubs_n++] = k;
	return true;
}

static bool
parse_certificate(const struct ca_p15_object *o, struct ca_model *m)
{
	struct ca_cert cert = {0};
	struct ca_rd r = o->class, type = o->type, v;
	struct ca_p15_common c;

	if (o->tag != 0x30)
		return true; /* X.509 attribute, PGP, card-verifiable: skipped
			      */
	if (m->certs_n == CA_CERTS_MAX)
		return false;
	if (!ca_p15_common(o->common, &c) || !ca_tlv_expect(&r, 0x04, &v) ||
	    !ca_p15_id(v, &cert.id))
		return false;
	if (ca_tlv_expect(&r, 0x01, &v) && !ca_der_bool(v, &cert.authority))
		return false;
	if (!ca_p15_value(&type, &cert.path, &cert.der))
		return false;
	memcpy(cert.label, c.label, sizeof(cert.label));
	cert.is_private = c.is_private;
	m->certs[m->certs_n++] = cert;
	return true;
}

static bool
parse_data(const struct ca_p15_object *o, struct ca_model *m)
{
	struct ca_data d = {0};
	struct ca_rd r = o->class, type = data_value(o), v, whole;
	uint32_t tag;
	struct ca_p15_common c;

	if (o->tag != 0x30)
		return true;
	if (m->data_n == CA_DATA_MAX)
		return false;
	if (!ca_p15_common(o->common, &c))
		return false;
	if (ca_tlv_expect(&r, 0x0C, &v))
		ca_p15_text(v, d.application, sizeof(d.application));
	if (!ca_p15_value(&type, &d.path, &d.value))
		return false;
	if (ca_tlv_whole(&r, &tag, &v, &whole) && tag == 0x06 &&
	    ca_buf_set(&d.oid, whole) != CA_OK) {
		ca_buf_free(&d.value);
		return false;
	}
	d.read = d.value.n > 0;
	memcpy(d.label, c.label, sizeof(d.label));
	d.is_private = c.is_private;
	m->data[m->data_n++] = d;
	return true;
}

/* clang-format off */
static const struct {
	enum ca_p15_kind kind;
	const char *name;
	bool (*parse)(const struct ca_p15_object *o, struct ca_model *m);
} kinds[] = {
	{ CA_P15_PRKDF,         "PrKDF", parse_private_key },
	{ CA_P15_PUKDF,         "PuKDF", parse_public_key },
	{ CA_P15_PUKDF_TRUSTED, "PuKDF", parse_public_key },
	{ CA_P15_CDF,           "CDF",   parse_certificate },
	{ CA_P15_CDF_TRUSTED,   "CDF",   parse_certificate },
	{ CA_P15_CDF_USEFUL,    "CDF",   parse_certificate },
	{ CA_P15_DODF,          "DODF",  parse_data },
	{ CA_P15_AODF,          "AODF",  parse_pin },
};
/* clang-format on */

const char *
ca_p15_kind_name(enum ca_p15_kind kind)
{
	for (size_t k = 0; k < CA_COUNT(kinds); k++)
		if (kinds[k].kind == kind)
			return kinds[k].name;
	return NULL;
}

bool
ca_p15_parse_entry(enum ca_p15_kind kind, uint32_t tag, struct ca_rd body,
    struct ca_model *io)
{
	struct ca_p15_object o;

	if (!ca_p15_object(body, tag, &o))
		return false;
	for (size_t k = 0; k < CA_COUNT(kinds); k++)
		if (kinds[k].kind == kind)
			return kinds[k].parse(&o, io);
	return false;
}
