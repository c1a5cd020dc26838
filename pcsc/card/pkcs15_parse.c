/* See the header. */
#include "pcsc/card/pkcs15_parse.h"

#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"

#define ROOM "pkcs15"

/* The parts of any object (7816-15, PKCS15Object). */
struct object {
	uint32_t tag;          /* which choice of its kind */
	struct ca_rd common;   /* commonObjectAttributes */
	struct ca_rd class;    /* class attributes */
	struct ca_rd subclass; /* [0], may be empty */
	struct ca_rd value;    /* what [1] holds, and ... */
	struct ca_rd type; /* ... in the SEQUENCE that is: empty without one */
};

struct common {
	char label[CA_LABEL_MAX];
	bool is_private;
	struct ca_id auth_id;
	uint32_t consent;
};

static bool
id_of(struct ca_rd r, struct ca_id *out)
{
	return ca_rd_copy(r, out->b, sizeof(out->b), &out->n);
}

static void
skip_optional(struct ca_rd *r, uint32_t tag)
{
	struct ca_rd v;

	if (!ca_tlv_expect(r, tag, &v))
		return;
}

static bool
parse_object(struct ca_rd body, uint32_t tag, struct object *o)
{
	uint32_t t;
	struct ca_rd v;

	memset(o, 0, sizeof(*o));
	o->tag = tag;
	if (!ca_tlv_expect(&body, 0x30, &o->common) ||
	    !ca_tlv_expect(&body, 0x30, &o->class))
		return false;
	while (ca_tlv_next(&body, &t, &v)) {
		if (t == 0xA0)
			o->subclass = v;
		else if (t == 0xA1) {
			o->value = v;
			if (!ca_tlv_expect(&v, 0x30, &o->type))
				o->type = ca_rd_of(NULL, 0);
			return true;
		}
	}
	return false; /* type attributes are not optional */
}

static bool
parse_common(struct ca_rd r, struct common *out)
{
	uint32_t flags = 0;
	struct ca_rd v;

	memset(out, 0, sizeof(*out));
	if (ca_tlv_expect(&r, 0x0C, &v))
		ca_p15_text(v, out->label, sizeof(out->label));
	if (ca_tlv_expect(&r, 0x03, &v) && !ca_der_bits(v, &flags))
		return false;
	out->is_private = (flags & 1) != 0;
	if (ca_tlv_expect(&r, 0x04, &v) && !id_of(v, &out->auth_id))
		return false;
	if (ca_tlv_expect(&r, 0x02, &v) &&
	    !ca_der_uint(v, UINT32_MAX, &out->consent))
		return false;
	return true; /* accessControlRules and what else comes: not used */
}

ca_err
ca_p15_parse_path(struct ca_rd body, struct ca_ref *out)
{
	struct ca_ref ref = {0};
	struct ca_rd v;
	uint32_t index, length;

	if (!ca_tlv_expect(&body, 0x04, &v))
		return body.n == 0 ? (*out = ref, CA_OK) : CA_E_MALFORMED;
	if (v.n % 2 != 0 ||
	    !ca_rd_copy(v, ref.path, sizeof(ref.path), &ref.path_n))
		return CA_E_MALFORMED;
	if (ca_tlv_expect(&body, 0x02, &v)) {
		if (!ca_der_uint(v, CA_BUF_MAX, &index) ||
		    !ca_tlv_expect(&body, 0x80, &v) ||
		    !ca_der_uint(v, CA_BUF_MAX, &length))
			return CA_E_MALFORMED;
		ref.ranged = true;
		ref.index = index;
		ref.length = length;
	}
	*out = ref;
	return CA_OK;
}

/* A value that lies in a file (30 Path) or here (A0 ..). */
static bool
parse_value(struct ca_rd *type, struct ca_ref *ref, struct ca_buf *direct)
{
	struct ca_rd v, whole;
	uint32_t tag;

	if (!ca_tlv_whole(type, &tag, &v, &whole))
		return false;
	if (tag == 0x30)
		return ca_p15_parse_path(v, ref) == CA_OK;
	return tag == 0xA0 && direct != NULL && ca_buf_set(direct, v) == CA_OK;
}

/*
 * What [1] of a data object holds is its value, with no SEQUENCE around it
 * (PKCS15OpaqueDOAttributes; OpenSC writes it so). Some put one there, as other
 * classes have it; a Path begins with its OCTET STRING, so they differ.
 */
static struct ca_rd
data_value(const struct object *o)
{
	bool around =
	    o->type.n > 0 && (o->type.p[0] == 0x30 || o->type.p[0] == 0xA0);

	return around ? o->type : o->value;
}

/* One AODF entry: a PIN. Biometric templates and authentication keys are not
 * PINs and are passed over. */
static bool
parse_pin(const struct object *o, struct ca_model *m)
{
	struct ca_pin pin = {0};
	struct ca_rd r = o->type, cls = o->class, v, type;
	uint32_t n[4] = {0}, pin_type;
	struct common c;

	if (o->tag != 0x30)
		return true;
	if (!parse_common(o->common, &c) || !ca_tlv_expect(&cls, 0x04, &v) ||
	    !id_of(v, &pin.auth_id) || !ca_tlv_expect(&r, 0x03, &v) ||
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
parse_private_key(const struct object *o, struct ca_model *m)
{
	struct ca_key k = {0};
	struct ca_rd r = o->class, sub = o->subclass, type = o->type, v, whole;
	uint32_t n, tag;
	struct common c;

	if (o->tag != 0x30 && o->tag != 0xA0)
		return true; /* DH, DSA and others: no use for them here */
	if (m->keys_n == CA_KEYS_MAX)
		return false;
	k.type = o->tag == 0x30 ? CA_KEY_RSA : CA_KEY_EC;
	if (!parse_common(o->common, &c) || !ca_tlv_expect(&r, 0x04, &v) ||
	    !id_of(v, &k.id) || !ca_tlv_expect(&r, 0x03, &v) ||
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
	if (!parse_value(&type, &k.path, NULL))
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
parse_public_key(const struct object *o, struct ca_model *m)
{
	struct ca_pub k = {0};
	struct ca_buf direct = {0};
	struct ca_rd r = o->class, type = o->type, v;
	uint32_t n;
	struct common c;

	if (o->tag != 0x30 && o->tag != 0xA0)
		return true;
	if (m->pubs_n == CA_KEYS_MAX)
		return false;
	k.type = o->tag == 0x30 ? CA_KEY_RSA : CA_KEY_EC;
	if (!parse_common(o->common, &c) || !ca_tlv_expect(&r, 0x04, &v) ||
	    !id_of(v, &k.id) || !ca_tlv_expect(&r, 0x03, &v) ||
	    !ca_der_bits(v, &k.usage) || !parse_value(&type, &k.path, &direct))
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
parse_certificate(const struct object *o, struct ca_model *m)
{
	struct ca_cert cert = {0};
	struct ca_rd r = o->class, type = o->type, v;
	struct common c;

	if (o->tag != 0x30)
		return true; /* X.509 attribute, PGP, card-verifiable: skipped
			      */
	if (m->certs_n == CA_CERTS_MAX)
		return false;
	if (!parse_common(o->common, &c) || !ca_tlv_expect(&r, 0x04, &v) ||
	    !id_of(v, &cert.id))
		return false;
	if (ca_tlv_expect(&r, 0x01, &v) && !ca_der_bool(v, &cert.authority))
		return false;
	if (!parse_value(&type, &cert.path, &cert.der))
		return false;
	memcpy(cert.label, c.label, sizeof(cert.label));
	cert.is_private = c.is_private;
	m->certs[m->certs_n++] = cert;
	return true;
}

static bool
parse_data(const struct object *o, struct ca_model *m)
{
	struct ca_data d = {0};
	struct ca_rd r = o->class, type = data_value(o), v, whole;
	uint32_t tag;
	struct common c;

	if (o->tag != 0x30)
		return true;
	if (m->data_n == CA_DATA_MAX)
		return false;
	if (!parse_common(o->common, &c))
		return false;
	if (ca_tlv_expect(&r, 0x0C, &v))
		ca_p15_text(v, d.application, sizeof(d.application));
	if (!parse_value(&type, &d.path, &d.value))
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
	bool (*parse)(const struct object *o, struct ca_model *m);
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

ca_err
ca_p15_parse_dir(enum ca_p15_kind kind, struct ca_rd file, struct ca_model *io)
{
	size_t k = 0;

	while (k < CA_COUNT(kinds) && kinds[k].kind != kind)
		k++;
	if (k == CA_COUNT(kinds))
		return CA_OK; /* secret keys: nothing to show */
	for (int i = 0; i < CA_P15_ENTRIES_MAX; i++) {
		struct ca_rd body;
		struct object o;
		uint32_t tag;

		ca_tlv_skip_padding(&file);
		if (file.n == 0)
			return CA_OK;
		if (!ca_tlv_next(&file, &tag, &body)) {
			ca_log(CA_LOG_WARN, ROOM,
			    "%s: %zu bytes at the end are no object",
			    kinds[k].name, file.n);
			return CA_OK;
		}
		if (!parse_object(body, tag, &o) || !kinds[k].parse(&o, io))
			ca_log(CA_LOG_WARN, ROOM, "%s: entry %d skipped",
			    kinds[k].name, i);
	}
	ca_log(CA_LOG_WARN, ROOM, "%s: only the first %d entries are read",
	    kinds[k].name, CA_P15_ENTRIES_MAX);
	return CA_OK;
}

ca_err
ca_p15_parse_odf(struct ca_rd file, struct ca_p15_odf *out,
    struct ca_model *inline_to)
{
	bool any = false;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < CA_P15_ENTRIES_MAX; i++) {
		struct ca_rd body, v, objects = {0};
		struct ca_ref ref;
		uint32_t tag;

		ca_tlv_skip_padding(&file);
		if (!ca_tlv_next(&file, &tag, &body))
			break;
		if (tag < CA_P15_PRKDF || tag > CA_P15_AODF)
			continue;
		if (ca_tlv_expect(&body, 0xA0, &objects)) {
			(void)ca_p15_parse_dir((enum ca_p15_kind)tag, objects,
			    inline_to);
			any = true;
			continue;
		}
		if (!ca_tlv_expect(&body, 0x30, &v) ||
		    ca_p15_parse_path(v, &ref) != CA_OK || ref.path_n == 0) {
			ca_log(CA_LOG_WARN, ROOM, "ODF: entry %d skipped", i);
			continue;
		}
		any = true;
		if (out->n == CA_P15_DIRS_MAX)
			continue;
		out->dirs[out->n].kind = (enum ca_p15_kind)tag;
		out->dirs[out->n++].ref = ref;
	}
	return any ? CA_OK : CA_E_MALFORMED;
}
