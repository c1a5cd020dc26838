/* The table of attributes: what must hold of every row, and of those that the
 * standard's footnotes name. */
#include <string.h>

#include "module/core/schema.h"
#include "tests/unit/suites.h"

static const struct {
	CK_OBJECT_CLASS cls;
	CK_ULONG type;
} kinds[] = {
    {CKO_DATA, 0},
    {CKO_CERTIFICATE, CKC_X_509},
    {CKO_PUBLIC_KEY, CKK_RSA},
    {CKO_PUBLIC_KEY, CKK_EC},
    {CKO_PRIVATE_KEY, CKK_RSA},
    {CKO_PRIVATE_KEY, CKK_EC},
    {CKO_SECRET_KEY, CKK_GENERIC_SECRET},
    {CKO_SECRET_KEY, CKK_AES},
    {CKO_DOMAIN_PARAMETERS, CKK_DSA},
    {CKO_DOMAIN_PARAMETERS, CKK_DH},
    {CKO_DOMAIN_PARAMETERS, CKK_X9_42_DH},
};

/* An attribute has one row per kind of object, and rules that can be kept. */
static void
rows_are_sound(void)
{
	const struct ca_schema *row;

	for (size_t k = 0; k < CA_COUNT(kinds); k++)
		for (size_t i = 0; (row = ca_schema_nth(kinds[k].cls,
					kinds[k].type, i)) != NULL;
		     i++) {
			UT(ca_schema_row(row->type, kinds[k].cls,
			       kinds[k].type) == row,
			    "kind %zu, 0x%lx twice", k, row->type);
			UT(ca_schema_known(row->type), "0x%lx", row->type);
			UT((row->rules & CA_ROW_NEED) == 0 ||
				((row->rules & CA_ROW_NO_CREATE) == 0 &&
				    row->otherwise == CA_DEFAULT_NONE),
			    "kind %zu, 0x%lx", k, row->type);
			UT((row->rules & (CA_ROW_UP | CA_ROW_DOWN |
					     CA_ROW_OFFICER)) == 0 ||
				row->shape == CA_SHAPE_FLAG,
			    "0x%lx", row->type);
			UT((row->rules & CA_ROW_SECRET) == 0 ||
				(row->rules & (CA_ROW_SET | CA_ROW_COPY)) == 0,
			    "0x%lx", row->type);
		}
}

/* PKCS#11 3.0, table 13: footnotes by attribute. */
static const struct {
	CK_ATTRIBUTE_TYPE type;
	size_t kind;
	unsigned has;
} footnotes[] = {
    {CKA_CLASS, 7, CA_ROW_NEED},
    {CKA_KEY_TYPE, 7, CA_ROW_NEED},
    {CKA_VALUE, 7, CA_ROW_NEED | CA_ROW_NO_MADE | CA_ROW_SECRET},
    {CKA_VALUE, 5, CA_ROW_NEED | CA_ROW_NO_MADE | CA_ROW_SECRET},
    {CKA_VALUE_LEN, 7, CA_ROW_NO_CREATE | CA_ROW_NEED_MADE},
    {CKA_MODULUS_BITS, 2, CA_ROW_NO_CREATE | CA_ROW_NEED_MADE},
    {CKA_LOCAL, 7, CA_ROW_OURS},
    {CKA_KEY_GEN_MECHANISM, 4, CA_ROW_OURS},
    {CKA_ALWAYS_SENSITIVE, 4, CA_ROW_OURS},
    {CKA_NEVER_EXTRACTABLE, 7, CA_ROW_OURS},
    {CKA_UNIQUE_ID, 0, CA_ROW_OURS},
    {CKA_SENSITIVE, 7, CA_ROW_SET | CA_ROW_UP},
    {CKA_SENSITIVE, 4, CA_ROW_SET | CA_ROW_UP},
    {CKA_EXTRACTABLE, 7, CA_ROW_SET | CA_ROW_DOWN},
    {CKA_WRAP_WITH_TRUSTED, 7, CA_ROW_SET | CA_ROW_UP},
    {CKA_TRUSTED, 1, CA_ROW_SET | CA_ROW_OFFICER},
    {CKA_COPYABLE, 0, CA_ROW_SET | CA_ROW_DOWN},
    {CKA_PRIVATE_EXPONENT, 4, CA_ROW_NEED | CA_ROW_SECRET},
    {CKA_PRIME_1, 4, CA_ROW_SECRET},
    {CKA_COEFFICIENT, 4, CA_ROW_SECRET},
    {CKA_TOKEN, 0, CA_ROW_COPY},
    {CKA_PRIVATE, 0, CA_ROW_COPY},
    {CKA_MODIFIABLE, 0, CA_ROW_COPY},
};

static void
footnotes_hold(void)
{
	for (size_t i = 0; i < CA_COUNT(footnotes); i++) {
		size_t k = footnotes[i].kind;
		const struct ca_schema *row = ca_schema_row(footnotes[i].type,
		    kinds[k].cls, kinds[k].type);

		if (UT(row != NULL, "row %zu", i))
			UT((row->rules & footnotes[i].has) == footnotes[i].has,
			    "row %zu", i);
	}
}

static void
unknown(void)
{
	UT_OK(ca_schema_class(CKO_HW_FEATURE) == 0);
	UT_OK(ca_schema_type(CKO_SECRET_KEY, CKK_RSA) == 0);
	UT_OK(ca_schema_type(CKO_PUBLIC_KEY, CKK_AES) == 0);
	UT_OK(ca_schema_nth(CKO_HW_FEATURE, 0, 0) == NULL);
	UT_OK(ca_schema_row(CKA_MODULUS, CKO_PUBLIC_KEY, CKK_EC) == NULL);
	UT_OK(ca_schema_row(CKA_EC_POINT, CKO_PRIVATE_KEY, CKK_EC) == NULL);
	UT_OK(!ca_schema_known(0x7badc0deUL));
	UT_OK(ca_schema_type_attr(CKO_DATA) == CKA_CLASS);
	UT_OK(ca_schema_type_attr(CKO_CERTIFICATE) == CKA_CERTIFICATE_TYPE);
}

static const struct {
	CK_ATTRIBUTE_TYPE type;
	const char *value;
	size_t n;
	CK_RV rv;
} shapes[] = {
    {CKA_SENSITIVE, "\x00", 1, CKR_OK},
    {CKA_SENSITIVE, "\x01", 1, CKR_OK},
    {CKA_SENSITIVE, "\x02", 1, CKR_ATTRIBUTE_VALUE_INVALID},
    {CKA_SENSITIVE, "", 0, CKR_ATTRIBUTE_VALUE_INVALID},
    {CKA_SENSITIVE, "\x01\x01", 2, CKR_ATTRIBUTE_VALUE_INVALID},
    {CKA_KEY_TYPE, "12345678", sizeof(CK_ULONG), CKR_OK},
    {CKA_KEY_TYPE, "1234", 4, CKR_ATTRIBUTE_VALUE_INVALID},
    {CKA_START_DATE, "20260902", 8, CKR_OK},
    {CKA_START_DATE, "", 0, CKR_OK},
    {CKA_START_DATE, "2026-9-2", 8, CKR_ATTRIBUTE_VALUE_INVALID},
    {CKA_START_DATE, "2026", 4, CKR_ATTRIBUTE_VALUE_INVALID},
    {CKA_ALLOWED_MECHANISMS, "1234567812345678", 2 * sizeof(CK_ULONG), CKR_OK},
    {CKA_ALLOWED_MECHANISMS, "123", 3, CKR_ATTRIBUTE_VALUE_INVALID},
    {CKA_LABEL, "", 0, CKR_OK},
};

static void
values_have_shapes(void)
{
	for (size_t i = 0; i < CA_COUNT(shapes); i++) {
		const struct ca_schema *row =
		    ca_schema_row(shapes[i].type, CKO_SECRET_KEY, CKK_AES);

		if (UT(row != NULL, "row %zu", i))
			UT(ca_schema_check(row,
			       ca_rd_of(shapes[i].value, shapes[i].n)) ==
				shapes[i].rv,
			    "row %zu", i);
	}
}

/* A value is hidden by either flag, and by a flag that is not there. */
static void
hidden(void)
{
	const struct ca_schema *value =
	    ca_schema_row(CKA_VALUE, CKO_SECRET_KEY, CKK_AES);
	const struct ca_schema *label =
	    ca_schema_row(CKA_LABEL, CKO_SECRET_KEY, CKK_AES);
	struct ca_attrs a = {0};

	UT_OK(ca_schema_hides(value, &a) && !ca_schema_hides(label, &a));
	for (int i = 0; i < 4; i++) {
		UT_OK(ca_attrs_put_flag(&a, CKA_SENSITIVE, (i & 1) != 0) ==
		      CA_OK);
		UT_OK(ca_attrs_put_flag(&a, CKA_EXTRACTABLE, (i & 2) != 0) ==
		      CA_OK);
		UT(ca_schema_hides(value, &a) == (i != 2), "%d", i);
		UT(!ca_schema_hides(label, &a), "%d", i);
	}
	ca_attrs_free(&a);
}

static const CU_TestInfo tests[] = {
    {"rows_are_sound", rows_are_sound},
    {"footnotes_hold", footnotes_hold},
    {"unknown", unknown},
    {"values_have_shapes", values_have_shapes},
    {"hidden", hidden},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_schema = {"schema", tests};
