#include "module/core/stored_code.h"

#include <stdlib.h>

#include "module/core/builder.h"
#include "module/core/schema.h"
#include "pcsc/base/tlv.h"
#include "pcsc/base/wr.h"
#include "pcsc/token/objstore.h"

#define VERSION 1
#define ATTRS_MAX 64 /* of one object; no class has so many rows */
#define TAG_SEQUENCE 0x30
#define TAG_BOOLEAN 0x01
#define TAG_INTEGER 0x02
#define TAG_OCTETS 0x04

/* As DER has it: no more bytes than needed, the first bit 0. */
static void
write_number(struct ca_wr *w, uint32_t v)
{
	uint8_t b[5];
	struct ca_wr number = ca_wr_of(b, sizeof(b));
	bool begun = false;

	for (unsigned shift = 32; shift >= 8; shift -= 8) {
		uint8_t one = (uint8_t)(v >> (shift - 8));

		if (!begun && (one >= 0x80 || (one == 0 && shift == 8)))
			ca_wr_u8(&number, 0);
		if (one == 0 && shift == 8 && !begun)
			break;
		begun |= one != 0;
		if (begun)
			ca_wr_u8(&number, one);
	}
	ca_wr_tlv(w, TAG_INTEGER, ca_wr_rd(&number));
}

/* One pair. False: this value cannot be written. */
static bool
write_entry(struct ca_wr *w, const struct ca_attrs *a,
    const struct ca_schema *row)
{
	struct ca_rd value = ca_attrs_value(a, row->type);
	uint8_t flag = ca_attrs_flag(a, row->type) ? 0xFF : 0;
	CK_ULONG number;

	write_number(w, (uint32_t)row->type);
	switch (row->shape) {
	case CA_SHAPE_FLAG:
		ca_wr_tlv(w, TAG_BOOLEAN, ca_rd_of(&flag, 1));
		return true;
	case CA_SHAPE_NUMBER:
		number = ca_attrs_number(a, row->type);
		write_number(w, (uint32_t)number);
		return number <= UINT32_MAX;
	case CA_SHAPE_DATE:
	case CA_SHAPE_BYTES:
	case CA_SHAPE_LARGE:
		if (value.n > CA_OBJSTORE_BYTES)
			w->failed = true;
		else
			ca_wr_tlv(w, TAG_OCTETS, value);
		return true;
	case CA_SHAPE_NUMBERS: /* of keys alone */
		break;
	}
	return false;
}

static ca_err
write_all(struct ca_wr *w, const struct ca_attrs *a)
{
	CK_OBJECT_CLASS cls = ca_attrs_number(a, CKA_CLASS);
	CK_ULONG type = ca_attrs_number(a, ca_schema_type_attr(cls));
	const struct ca_schema *row;

	write_number(w, VERSION);
	for (size_t i = 0; (row = ca_schema_nth(cls, type, i)) != NULL; i++)
		if ((row->rules & CA_ROW_OURS) != CA_ROW_OURS &&
		    ca_attrs_has(a, row->type) && !write_entry(w, a, row))
			return CA_E_DATA;
	return ca_wr_ok(w) ? CA_OK : CA_E_NO_SPACE;
}

ca_err
ca_stored_encode(const struct ca_attrs *a, struct ca_buf *out)
{
	uint8_t *room = calloc(2, CA_OBJSTORE_BYTES);
	struct ca_wr in, whole;
	ca_err e = CA_E_NOMEM;

	if (room == NULL)
		return e;
	in = ca_wr_of(room, CA_OBJSTORE_BYTES);
	whole = ca_wr_of(&room[CA_OBJSTORE_BYTES], CA_OBJSTORE_BYTES);
	e = write_all(&in, a);
	if (e == CA_OK) {
		ca_wr_tlv(&whole, TAG_SEQUENCE, ca_wr_rd(&in));
		e = ca_wr_ok(&whole) ? ca_buf_set(out, ca_wr_rd(&whole))
				     : CA_E_NO_SPACE;
	}
	free(room);
	return e;
}

/* The next pair. */
static bool
next_entry(struct ca_rd *r, CK_ATTRIBUTE_TYPE *type, uint32_t *tag,
    struct ca_rd *value)
{
	struct ca_rd number, copy = *r;
	uint32_t v;

	if (!ca_tlv_expect(&copy, TAG_INTEGER, &number) ||
	    !ca_der_uint(number, UINT32_MAX, &v) ||
	    !ca_tlv_next(&copy, tag, value))
		return false;
	*type = v;
	*r = copy;
	return true;
}

/* The number in the first pair of this type; what no pair has is in no class.
 */
static CK_ULONG
number_of(struct ca_rd pairs, CK_ATTRIBUTE_TYPE want)
{
	CK_ATTRIBUTE_TYPE type;
	struct ca_rd value;
	uint32_t tag, v;

	for (int i = 0; i < ATTRS_MAX; i++) {
		if (!next_entry(&pairs, &type, &tag, &value))
			break;
		if (type == want)
			return tag == TAG_INTEGER &&
				       ca_der_uint(value, UINT32_MAX, &v)
				   ? v
				   : CK_UNAVAILABLE_INFORMATION;
	}
	return CK_UNAVAILABLE_INFORMATION;
}

static ca_err
take_flag(struct ca_attrs *out, CK_ATTRIBUTE_TYPE type, struct ca_rd value)
{
	bool on = ca_rd_all(value, 0xFF);

	if (value.n != 1 || (!on && !ca_rd_all(value, 0)))
		return CA_E_MALFORMED;
	return ca_attrs_put_flag(out, type, on);
}

static ca_err
take_entry(struct ca_attrs *out, const struct ca_schema *row, uint32_t tag,
    struct ca_rd value)
{
	uint32_t v;

	switch (row->shape) {
	case CA_SHAPE_FLAG:
		return tag == TAG_BOOLEAN ? take_flag(out, row->type, value)
					  : CA_E_MALFORMED;
	case CA_SHAPE_NUMBER:
		return tag == TAG_INTEGER && ca_der_uint(value, UINT32_MAX, &v)
			   ? ca_attrs_put_number(out, row->type, v)
			   : CA_E_MALFORMED;
	case CA_SHAPE_DATE:
	case CA_SHAPE_BYTES:
	case CA_SHAPE_LARGE:
		return tag == TAG_OCTETS &&
			       ca_schema_check(row, value) == CKR_OK
			   ? ca_attrs_put(out, row->type, value)
			   : CA_E_MALFORMED;
	case CA_SHAPE_NUMBERS:
		break;
	}
	return CA_E_MALFORMED;
}

/* Every pair by its row; none twice, and nothing behind the last. */
static ca_err
take_all(struct ca_rd pairs, struct ca_build *b)
{
	CK_ATTRIBUTE_TYPE type;
	const struct ca_schema *row;
	struct ca_rd value;
	ca_err e = CA_OK;
	uint32_t tag;

	for (int i = 0; e == CA_OK && i < ATTRS_MAX && !ca_rd_end(&pairs);
	     i++) {
		if (!next_entry(&pairs, &type, &tag, &value))
			return CA_E_MALFORMED;
		row = ca_schema_row(type, b->cls, b->type);
		if (row == NULL || (row->rules & CA_ROW_OURS) == CA_ROW_OURS ||
		    ca_attrs_has(&b->a, type))
			return CA_E_MALFORMED;
		e = take_entry(&b->a, row, tag, value);
	}
	return e == CA_OK && !ca_rd_end(&pairs) ? CA_E_MALFORMED : e;
}

/* What no template could have said either: see stored.c. */
static bool
allowed(const struct ca_attrs *a)
{
	return ca_attrs_flag(a, CKA_TOKEN) && ca_attrs_has(a, CKA_PRIVATE) &&
	       !ca_attrs_flag(a, CKA_PRIVATE) && !ca_attrs_flag(a, CKA_TRUSTED);
}

ca_err
ca_stored_decode(struct ca_rd in, struct ca_attrs *out)
{
	struct ca_build b = {.how = CA_BUILD_CREATE};
	struct ca_rd pairs, number;
	uint32_t version;
	CK_RV rv;
	ca_err e;

	if (!ca_tlv_expect(&in, TAG_SEQUENCE, &pairs) || !ca_rd_end(&in) ||
	    !ca_tlv_expect(&pairs, TAG_INTEGER, &number) ||
	    !ca_der_uint(number, VERSION, &version) || version != VERSION)
		return CA_E_MALFORMED;
	b.cls = number_of(pairs, CKA_CLASS);
	b.type = number_of(pairs, CKA_CERTIFICATE_TYPE);
	if (b.cls != CKO_DATA &&
	    (b.cls != CKO_CERTIFICATE || b.type != CKC_X_509))
		return CA_E_MALFORMED;
	e = take_all(pairs, &b);
	if (e == CA_OK && !allowed(&b.a))
		e = CA_E_MALFORMED;
	if (e == CA_OK && (rv = ca_build_complete(&b)) != CKR_OK)
		e = rv == CKR_HOST_MEMORY ? CA_E_NOMEM : CA_E_MALFORMED;
	if (e == CA_OK)
		*out = b.a;
	else
		ca_attrs_free(&b.a);
	return e;
}
