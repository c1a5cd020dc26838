#include <stdlib.h>
#include <string.h>

#include "module/core/schema.h"
#include "module/core/stored_code.h"
#include "pcsc/token/objstore.h"
#include "tests/unit/keys.h"
#include "tests/unit/suites.h"

static struct ca_attrs
data_object(void)
{
	struct ca_attrs a = {0};

	UT_OK(ca_attrs_put_number(&a, CKA_CLASS, CKO_DATA) == CA_OK);
	UT_OK(ca_attrs_put_flag(&a, CKA_TOKEN, true) == CA_OK);
	UT_OK(ca_attrs_put_flag(&a, CKA_PRIVATE, false) == CA_OK);
	UT_OK(ca_attrs_put_flag(&a, CKA_MODIFIABLE, false) == CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_LABEL, ut_text("ghi chú")) == CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_VALUE, ut_text("nội dung")) == CA_OK);
	return a;
}

static struct ca_attrs
certificate(void)
{
	struct ca_attrs a = data_object();

	UT_OK(ca_attrs_put_number(&a, CKA_CLASS, CKO_CERTIFICATE) == CA_OK);
	UT_OK(ca_attrs_put_number(&a, CKA_CERTIFICATE_TYPE, CKC_X_509) ==
	      CA_OK);
	UT_OK(ca_attrs_put_number(&a, CKA_CERTIFICATE_CATEGORY, 0x80000001) ==
	      CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_SUBJECT, ut_text("subject")) == CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_START_DATE, ut_text("20261120")) == CA_OK);
	UT_OK(ca_attrs_put(&a, CKA_VALUE, ut_cert(UT_EC)) == CA_OK);
	return a;
}

/* Each value of `a` is in `b` as well. */
static void
same(const struct ca_attrs *a, const struct ca_attrs *b)
{
	for (size_t i = 0; i < a->n; i++)
		UT(ca_rd_equal(ca_attrs_value(a, a->v[i].type),
		       ca_attrs_value(b, a->v[i].type)),
		    "0x%lx", a->v[i].type);
}

static void
back_and_forth(void)
{
	struct ca_attrs objects[] = {data_object(), certificate()};

	for (size_t i = 0; i < CA_COUNT(objects); i++) {
		struct ca_attrs b = {0};
		struct ca_buf text = {0};

		UT_OK(ca_stored_encode(&objects[i], &text) == CA_OK);
		UT_OK(ca_stored_decode(ca_buf_rd(&text), &b) == CA_OK);
		same(&objects[i], &b);
		/* What was left out has its default. */
		UT_OK(ca_attrs_has(&b, CKA_DESTROYABLE) &&
		      ca_attrs_flag(&b, CKA_DESTROYABLE));
		UT_OK(!ca_attrs_has(&b, CKA_UNIQUE_ID));
		ca_attrs_free(&objects[i]);
		ca_attrs_free(&b);
		ca_buf_free(&text);
	}
}

/* What a file may not say, although it is well formed. */
static void
refused(void)
{
	static const struct {
		CK_ATTRIBUTE_TYPE type;
		bool flag;
	} rows[] = {
	    {CKA_TOKEN, false}, {CKA_PRIVATE, true}, {CKA_TRUSTED, true}};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_attrs a = certificate(), b = {0};
		struct ca_buf text = {0};

		UT_OK(ca_attrs_put_flag(&a, rows[i].type, rows[i].flag) ==
		      CA_OK);
		UT_OK(ca_stored_encode(&a, &text) == CA_OK);
		UT(ca_stored_decode(ca_buf_rd(&text), &b) == CA_E_MALFORMED &&
			b.n == 0,
		    "%zu", i);
		ca_attrs_free(&a);
		ca_buf_free(&text);
	}
}

/* Beginning of a file by hand: SEQUENCE { 1, CKA_CLASS 0, CKA_TOKEN true,
 * CKA_PRIVATE false, what follows }. */
#define FILE_OF(length, rest)                                                  \
	"30" length "020101"                                                   \
	"020100020100"                                                         \
	"0201010101FF"                                                         \
	"020102010100" rest

/* clang-format off */
static const struct {
	const char *what, *hex;
	bool good;
} by_hand[] = {
	{"least", FILE_OF("15", ""), true},
	{"label", FILE_OF("1B", "020103040161"), true},
	{"label twice", FILE_OF("21", "020103040161020103040161"), false},
	{"trailing", FILE_OF("15", "") "00", false},
	{"cut pair", FILE_OF("18", "020103"), false},
	{"label as number", FILE_OF("1B", "020103020161"), false},
	{"flag of one", FILE_OF("1C", "02020170010101"), false},
	{"flag of two bytes", FILE_OF("1D", "0202017001" "02FFFF"), false},
	{"flag as octets", FILE_OF("1C", "02020170040101"), false},
	{"unknown attribute", FILE_OF("1C", "02037BADC0" "0400"), false},
	{"of another class", FILE_OF("1B", "02020101" "0400"), false},
	{"unique id", FILE_OF("1B", "020104040161"), false},
	{"version 2", "3015020102" "020100020100" "0201010101FF" "020102010100", false},
	{"no class", "300F020101" "0201010101FF" "020102010100", false},
	{"a key", "3015020101" "020100020103" "0201010101FF" "020102010100", false},
	{"a class of five bytes", "3019020101" "0201000205010000" "0000" "0201010101FF" "020102010100", false},
	{"not on the token", "3015020101" "020100020100" "020101010100" "020102010100", false},
	{"private left out", "300F020101" "020100020100" "0201010101FF", false},
	{"certificate without subject", "301C020101" "020100020101" "02020080" "020100" "0201010101FF" "020102010100", false},
	{"nothing", "", false},
	{"empty", "3000", false},
	{"no sequence", "0415020101" "020100020100" "0201010101FF" "020102010100", false},
};
/* clang-format on */

static void
files(void)
{
	for (size_t i = 0; i < CA_COUNT(by_hand); i++) {
		uint8_t room[100];
		struct ca_rd in = ut_hex(by_hand[i].hex, room, sizeof(room));
		uint8_t *exact = ut_exact(in);
		struct ca_attrs a = {0};
		ca_err e = ca_stored_decode(ca_rd_of(exact, in.n), &a);

		UT(e == (by_hand[i].good ? CA_OK : CA_E_MALFORMED), "%s: %s",
		    by_hand[i].what, ca_err_name(e));
		UT((a.n != 0) == by_hand[i].good, "%s", by_hand[i].what);
		ca_attrs_free(&a);
		free(exact);
	}
}

/* Every cut and every changed byte is an answer, and none is a crash. */
static void
spoiled(void)
{
	struct ca_attrs a = certificate();
	struct ca_buf text = {0};
	struct ut_dice d = ut_dice_of(20261120);

	UT_OK(ca_stored_encode(&a, &text) == CA_OK);
	for (size_t n = 0; n < text.n; n++) {
		uint8_t *cut = ut_exact(ca_rd_of(text.p, n));
		struct ca_attrs b = {0};

		UT(ca_stored_decode(ca_rd_of(cut, n), &b) == CA_E_MALFORMED,
		    "%zu", n);
		free(cut);
	}
	for (int i = 0; i < 3000; i++) {
		uint8_t *copy = ut_exact(ca_buf_rd(&text));
		struct ca_attrs b = {0};

		for (uint32_t k = 1 + ut_roll(&d, 3); k > 0; k--)
			copy[ut_roll(&d, (uint32_t)text.n)] =
			    (uint8_t)ut_roll(&d, 256);
		if (ca_stored_decode(ca_rd_of(copy, text.n), &b) == CA_OK)
			UT_OK(ca_attrs_flag(&b, CKA_TOKEN) &&
			      !ca_attrs_flag(&b, CKA_PRIVATE) &&
			      !ca_attrs_flag(&b, CKA_TRUSTED));
		ca_attrs_free(&b);
		free(copy);
	}
	ca_attrs_free(&a);
	ca_buf_free(&text);
}

static void
too_long(void)
{
	uint8_t *big = calloc(1, CA_OBJSTORE_BYTES);
	struct ca_attrs a = data_object();
	struct ca_buf text = {0};

	UT_OK(ca_attrs_put(&a, CKA_VALUE, ca_rd_of(big, CA_OBJSTORE_BYTES)) ==
	      CA_OK);
	UT_OK(ca_stored_encode(&a, &text) == CA_E_NO_SPACE && text.n == 0);
	UT_OK(ca_attrs_put(&a, CKA_VALUE,
		  ca_rd_of(big, CA_OBJSTORE_BYTES - 200)) == CA_OK);
	UT_OK(ca_stored_encode(&a, &text) == CA_OK);
	UT_OK(text.n <= CA_OBJSTORE_BYTES);
	ca_buf_free(&text);
	/* A number that a file has no place for. */
	UT_OK(ca_attrs_put_number(&a, CKA_CLASS, CKO_CERTIFICATE) == CA_OK);
	UT_OK(ca_attrs_put_number(&a, CKA_CERTIFICATE_TYPE, CKC_X_509) ==
	      CA_OK);
	UT_OK(ca_attrs_put_number(&a, CKA_CERTIFICATE_CATEGORY,
		  0x100000000UL) == CA_OK);
	UT_OK(ca_stored_encode(&a, &text) == CA_E_DATA);
	ca_attrs_free(&a);
	ca_buf_free(&text);
	free(big);
}

static const CU_TestInfo tests[] = {
    {"back_and_forth", back_and_forth},
    {"refused", refused},
    {"files", files},
    {"spoiled", spoiled},
    {"too_long", too_long},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_stored_code = {"stored_code", tests};
