#include "pcsc/card/pkcs15_object.h"

#include <string.h>

#include "pcsc/base/tlv.h"
#include "pcsc/card/pkcs15_parse.h"

bool
ca_p15_id(struct ca_rd r, struct ca_id *out)
{
	return ca_rd_copy(r, out->b, sizeof(out->b), &out->n);
}

bool
ca_p15_object(struct ca_rd body, uint32_t tag, struct ca_p15_object *o)
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

bool
ca_p15_common(struct ca_rd r, struct ca_p15_common *out)
{
	uint32_t flags = 0;
	struct ca_rd v;

	memset(out, 0, sizeof(*out));
	if (ca_tlv_expect(&r, 0x0C, &v))
		ca_p15_text(v, out->label, sizeof(out->label));
	if (ca_tlv_expect(&r, 0x03, &v) && !ca_der_bits(v, &flags))
		return false;
	out->is_private = (flags & 1) != 0;
	if (ca_tlv_expect(&r, 0x04, &v) && !ca_p15_id(v, &out->auth_id))
		return false;
	if (ca_tlv_expect(&r, 0x02, &v) &&
	    !ca_der_uint(v, UINT32_MAX, &out->consent))
		return false;
	return true; /* accessControlRules and what else comes: not used */
}

bool
ca_p15_value(struct ca_rd *type, struct ca_ref *ref, struct ca_buf *direct)
{
	struct ca_rd v, whole;
	uint32_t tag;

	if (!ca_tlv_whole(type, &tag, &v, &whole))
		return false;
	if (tag == 0x30)
		return ca_p15_parse_path(v, ref) == CA_OK;
	return tag == 0xA0 && direct != NULL && ca_buf_set(direct, v) == CA_OK;
}
