#include <stdlib.h>
#include <string.h>

#include "module/core/attrs.h"
#include "pcsc/base/locked.h"
#include "tests/unit/suites.h"

static struct ca_rd
text(const char *s)
{
	return ca_rd_of(s, strlen(s));
}

static void
put_and_get(void)
{
	struct ca_attrs a = {0};
	struct ca_rd r;

	UT_OK(!ca_attrs_has(&a, CKA_LABEL) && !ca_attrs_get(&a, CKA_LABEL, &r));
	UT_OK(!ca_attrs_flag(&a, CKA_SIGN));
	UT_OK(ca_attrs_number(&a, CKA_CLASS) == CK_UNAVAILABLE_INFORMATION);
	UT_OK(ca_attrs_put(&a, CKA_LABEL, text("one")) == CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_ID, text("")) == CA_OK);
	UT_OK(ca_attrs_put_flag(&a, CKA_SIGN, true) == CA_OK);
	UT_OK(ca_attrs_put_number(&a, CKA_CLASS, 7) == CA_OK);
	UT_OK(ca_attrs_get(&a, CKA_LABEL, &r) && ca_rd_equal(r, text("one")));
	UT_OK(ca_attrs_get(&a, CKA_ID, &r) && r.n == 0);
	UT_OK(ca_attrs_flag(&a, CKA_SIGN) && !ca_attrs_flag(&a, CKA_LABEL));
	UT_OK(ca_attrs_number(&a, CKA_CLASS) == 7);
	UT_OK(ca_attrs_number(&a, CKA_LABEL) == CK_UNAVAILABLE_INFORMATION);
	UT_OK(a.n == 4 && a.bytes == 3 + 1 + sizeof(CK_ULONG));
	UT_OK(ca_attrs_put(&a, CKA_LABEL, text("longer")) == CA_OK);
	UT_OK(a.n == 4 && a.bytes == 6 + 1 + sizeof(CK_ULONG));
	UT_OK(ca_rd_equal(ca_attrs_value(&a, CKA_LABEL), text("longer")));
	ca_attrs_free(&a);
	UT_OK(a.v == NULL && a.n == 0 && a.bytes == 0);
	ca_attrs_free(&a);
}

/* Copies are apart, and what was there before is replaced. */
static void
put_all(void)
{
	struct ca_attrs a = {0}, b = {0};

	for (CK_ULONG i = 0; i < 100; i++)
		UT(ca_attrs_put_number(&a, i, i * i) == CA_OK, "%lu", i);
	UT_OK(ca_attrs_put_number(&b, 5, 1) == CA_OK);
	UT_OK(ca_attrs_put_number(&b, 500, 1) == CA_OK);
	UT_OK(ca_attrs_put_all(&b, &a) == CA_OK && b.n == 101);
	ca_attrs_free(&a);
	for (CK_ULONG i = 0; i < 100; i++)
		UT(ca_attrs_number(&b, i) == i * i, "%lu", i);
	UT_OK(ca_attrs_number(&b, 500) == 1);
	ca_attrs_free(&b);
}

/* What may have to be hidden lies in locked memory, however it is moved. */
static void
secrets_are_locked(void)
{
	static const CK_ATTRIBUTE_TYPE secret[] = {CKA_VALUE,
	    CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1,
	    CKA_EXPONENT_2, CKA_COEFFICIENT};
	struct ca_attrs a = {0}, b = {0};

	for (size_t i = 0; i < CA_COUNT(secret); i++)
		UT_OK(ca_attrs_put(&a, secret[i], text("key")) == CA_OK);
	UT_OK(ca_locked_use().pieces == CA_COUNT(secret));
	UT_OK(ca_attrs_put(&a, CKA_LABEL, text("no secret")) == CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_MODULUS, text("no secret")) == CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_VALUE, text("another")) == CA_OK);
	UT_OK(ca_locked_use().pieces == CA_COUNT(secret));
	UT_OK(ca_attrs_put_all(&b, &a) == CA_OK);
	UT_OK(ca_locked_use().pieces == 2 * CA_COUNT(secret));
	UT_OK(ca_attrs_put(&b, CKA_VALUE, text("")) == CA_OK);
	UT_OK(ca_locked_use().pieces == 2 * CA_COUNT(secret) - 1);
	UT_OK(ca_rd_equal(ca_attrs_value(&a, CKA_VALUE), text("another")));
	ca_attrs_free(&a);
	ca_attrs_free(&b);
	UT_OK(ca_locked_use().pieces == 0);
	ca_locked_trim();
}

/* A value for which there is no memory changes nothing. */
static void
no_memory(void)
{
	struct ca_attrs a = {0};

	UT_OK(ca_attrs_put(&a, CKA_LABEL, text("one")) == CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_VALUE, text("key")) == CA_OK);
	ut_mem_fail(1);
	UT_OK(ca_attrs_put(&a, CKA_LABEL, text("two")) == CA_E_NOMEM);
	UT_OK(ut_mem_failed() && a.n == 2 && a.bytes == 6);
	UT_OK(ca_rd_equal(ca_attrs_value(&a, CKA_LABEL), text("one")));
	UT_OK(ca_rd_equal(ca_attrs_value(&a, CKA_VALUE), text("key")));
	ca_attrs_free(&a);
	ca_locked_trim();
}

static const CU_TestInfo tests[] = {
    {"put_and_get", put_and_get},
    {"put_all", put_all},
    {"secrets_are_locked", secrets_are_locked},
    {"no_memory", no_memory},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_attrs = {"attrs", tests};
