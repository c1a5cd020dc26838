/*
 * Single values held against the row of their attribute.
 */
#include "module/core/schema.h"

#include "pcsc/base/buf.h"

static bool
is_date(struct ca_rd v)
{
	uint8_t b;

	if (v.n != 0 && v.n != sizeof(CK_DATE))
		return false;
	while (ca_rd_u8(&v, &b))
		if (b < '0' || b > '9')
			return false;
	return true;
}

CK_RV
ca_schema_check(const struct ca_schema *row, struct ca_rd value)
{
	bool ok = true;
	size_t max = row->shape == CA_SHAPE_LARGE ? CA_VALUE_MAX : CA_BUF_MAX;
	uint8_t b = 0;

	switch (row->shape) {
	case CA_SHAPE_FLAG:
		ok = value.n == sizeof(CK_BBOOL) && ca_rd_u8(&value, &b) &&
		     (b == CK_TRUE || b == CK_FALSE);
		break;
	case CA_SHAPE_NUMBER:
		ok = value.n == sizeof(CK_ULONG);
		break;
	case CA_SHAPE_NUMBERS:
		ok = value.n % sizeof(CK_ULONG) == 0;
		break;
	case CA_SHAPE_DATE:
		ok = is_date(value);
		break;
	case CA_SHAPE_BYTES:
	case CA_SHAPE_LARGE:
		break;
	}
	if (!ok)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	return value.n > max ? CKR_DEVICE_MEMORY : CKR_OK;
}

bool
ca_schema_hides(const struct ca_schema *row, const struct ca_attrs *a)
{
	return (row->rules & CA_ROW_SECRET) != 0 &&
	       (ca_attrs_flag(a, CKA_SENSITIVE) ||
		   !ca_attrs_flag(a, CKA_EXTRACTABLE));
}
