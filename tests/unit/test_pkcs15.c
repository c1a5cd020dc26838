#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/tlv.h"
#include "pcsc/card/pkcs15_parse.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

#define FILE_MAX 66000

/* The example files of the project's ISO/IEC 7816-15 notes: measured ones. */
#define ODF                                                                    \
	"A8 0A 30 08 04 06 3F 00 50 15 44 01 A0 0A 30 08 04 06 3F 00 50 15 "   \
	"44 "                                                                  \
	"02 A1 0A 30 08 04 06 3F 00 50 15 44 03 A4 0A 30 08 04 06 3F 00 50 "   \
	"15 "                                                                  \
	"44 04"
#define TOKEN_INFO                                                             \
	"30 39 02 01 00 04 08 11 22 33 44 55 66 77 88 0C 09 45 6E 74 65 72 "   \
	"53 "                                                                  \
	"61 66 65 80 08 53 49 4D 54 4F 4B 45 4E 03 02 04 10 A5 11 18 0F 32 "   \
	"30 "                                                                  \
	"32 36 31 31 32 30 30 38 35 32 30 30 5A"
#define AODF                                                                   \
	"30 37 30 0E 0C 08 55 73 65 72 20 50 49 4E 03 02 06 C0 30 03 04 01 "   \
	"01 "                                                                  \
	"A1 20 30 1E 03 02 02 4C 0A 01 01 02 01 04 02 01 10 02 01 10 80 01 "   \
	"01 "                                                                  \
	"04 01 00 30 06 04 04 3F 00 50 15"
#define PRKDF                                                                  \
	"30 36 30 14 0C 0B 50 72 69 76 61 74 65 20 4B 65 79 03 02 06 C0 04 "   \
	"01 "                                                                  \
	"01 30 0E 04 01 45 03 02 04 30 03 02 03 B8 02 01 01 A1 0E 30 0C 30 "   \
	"06 "                                                                  \
	"04 04 3F 00 50 15 02 02 08 00"
#define PRKDF_SUBJECT                                                          \
	"30 4A 30 14 0C 0B 50 72 69 76 61 74 65 20 4B 65 79 03 02 06 C0 04 "   \
	"01 "                                                                  \
	"01 30 0E 04 01 45 03 02 04 30 03 02 03 B8 02 01 01 A0 12 30 10 30 "   \
	"0E "                                                                  \
	"31 0C 30 0A 06 03 55 04 03 0C 03 45 53 31 A1 0E 30 0C 30 06 04 04 "   \
	"3F "                                                                  \
	"00 50 15 02 02 08 00"
#define PUKDF                                                                  \
	"30 34 30 11 0C 0B 50 72 69 76 61 74 65 20 4B 65 79 03 02 06 40 30 "   \
	"0D "                                                                  \
	"04 01 45 03 02 00 03 01 01 00 02 01 00 A1 10 30 0E 30 08 04 06 3F "   \
	"00 "                                                                  \
	"50 15 30 00 02 02 08 00"
#define CDF                                                                    \
	"30 26 30 11 0C 0B 43 65 72 74 69 66 69 63 61 74 65 03 02 06 40 30 "   \
	"03 "                                                                  \
	"04 01 45 A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00"
/* Two data objects that Debian's pkcs15-init stored. */
#define DODF_OPENSC                                                            \
	"30 26 30 11 0C 08 73 6F 6D 65 64 61 74 61 03 02 06 C0 04 01 01 30 "   \
	"05 0C 03 61 70 70 A1 0A 30 08 04 06 3F 00 50 15 34 00 30 33 30 11 "   \
	"0C 08 70 72 69 76 64 61 74 61 03 02 06 C0 04 01 01 30 12 0C 0B 70 "   \
	"6B 63 73 31 35 2D 69 6E 69 74 06 03 2A 03 04 A1 0A 30 08 04 06 3F "   \
	"00 50 15 34 01 00 00"
#define DODF                                                                   \
	"30 1E 30 06 0C 04 44 61 74 61 30 08 0C 02 61 70 06 02 2A 03 A1 0A "   \
	"30 "                                                                  \
	"08 30 06 04 04 33 00 44 01"

/* A model is large, so all tests share one on the heap. */
static struct ca_model *
model_new(void)
{
	return calloc(1, sizeof(struct ca_model));
}

static void
model_free(struct ca_model *m)
{
	ca_model_wipe(m);
	UT_OK(ca_rd_all(ca_rd_of(m, sizeof(*m)), 0));
	free(m);
}

static size_t
objects(const struct ca_model *m)
{
	return m->pins_n + m->keys_n + m->pubs_n + m->certs_n + m->data_n;
}

/* Parses one directory file given as text, from an exact copy. */
static struct ca_model *
parse(enum ca_p15_kind kind, const char *text)
{
	struct ca_model *m = model_new();
	uint8_t *room = malloc(FILE_MAX);
	struct ca_rd r = ut_bytes(text, room, FILE_MAX);
	uint8_t *p = ut_exact(r);

	UT_OK(ca_p15_parse_dir(kind, ca_rd_of(p, r.n), m) == CA_OK);
	free(p);
	free(room);
	return m;
}

static bool
is_id(const struct ca_id *id, const char *hex)
{
	uint8_t room[CA_ID_MAX + 1];

	return ca_rd_equal(ca_rd_of(id->b, id->n),
	    ut_bytes(hex, room, sizeof(room)));
}

static bool
is_path(const struct ca_ref *ref, const char *hex)
{
	uint8_t room[CA_PATH_MAX + 1];

	return ca_rd_equal(ca_rd_of(ref->path, ref->path_n),
	    ut_bytes(hex, room, sizeof(room)));
}

/* ---- the examples ---- */

static void
aodf(void)
{
	struct ca_model *m = parse(CA_P15_AODF, AODF);
	const struct ca_pin *p = &m->pins[0];

	UT_OK(m->pins_n == 1 && objects(m) == 1);
	UT_OK(strcmp(p->label, "User PIN") == 0 && is_id(&p->auth_id, "01"));
	UT_OK(p->role == CA_PIN_USER && p->type == CA_PIN_ASCII);
	UT_OK(p->flags ==
	      (CA_PINF_LOCAL | CA_PINF_INITIALIZED | CA_PINF_NEEDS_PADDING));
	UT_OK(p->min == 4 && p->stored == 16 && p->max == 16);
	UT_OK(p->reference == 1 && p->has_pad_char && p->pad_char == 0);
	UT_OK(is_path(&p->path, "3F 00 50 15"));
	model_free(m);
}

static void
prkdf(void)
{
	struct ca_model *m = parse(CA_P15_PRKDF, PRKDF);
	const struct ca_key *k = &m->keys[0];

	UT_OK(m->keys_n == 1 && objects(m) == 1);
	UT_OK(strcmp(k->label, "Private Key") == 0);
	UT_OK(is_id(&k->id, "45") && is_id(&k->auth_id, "01"));
	UT_OK(k->type == CA_KEY_RSA && k->bits == 2048 && k->is_private);
	UT_OK(k->usage == (CA_USE_SIGN | CA_USE_SIGN_RECOVER));
	UT_OK(k->has_access &&
	      k->access == (CA_ACC_SENSITIVE | CA_ACC_ALWAYS_SENSITIVE |
			       CA_ACC_NEVER_EXTRACTABLE | CA_ACC_LOCAL));
	UT_OK(k->has_reference && k->reference == 1 && k->consent == 0);
	UT_OK(is_path(&k->path, "3F 00 50 15") && k->subject.n == 0);
	model_free(m);
}

static void
prkdf_subject(void)
{
	struct ca_model *m = parse(CA_P15_PRKDF, PRKDF_SUBJECT);
	uint8_t want[20];

	UT_OK(m->keys_n == 1 && m->keys[0].bits == 2048);
	UT_OK(ca_rd_equal(ca_buf_rd(&m->keys[0].subject),
	    ut_bytes("30 0E 31 0C 30 0A 06 03 55 04 03 0C 03 45 53 31", want,
		sizeof(want))));
	model_free(m);
}

static void
pukdf_cdf_dodf(void)
{
	struct ca_model *m = parse(CA_P15_PUKDF, PUKDF);

	UT_OK(m->pubs_n == 1 && is_id(&m->pubs[0].id, "45"));
	UT_OK(m->pubs[0].bits == 2048 &&
	      m->pubs[0].usage == (CA_USE_VERIFY | CA_USE_VERIFY_RECOVER));
	UT_OK(is_path(&m->pubs[0].path, "3F 00 50 15 30 00"));
	model_free(m);
	m = parse(CA_P15_CDF, CDF);
	UT_OK(m->certs_n == 1 && is_id(&m->certs[0].id, "45"));
	UT_OK(strcmp(m->certs[0].label, "Certificate") == 0);
	UT_OK(!m->certs[0].authority && !m->certs[0].is_private);
	UT_OK(is_path(&m->certs[0].path, "3F 00 50 15 31 00"));
	UT_OK(m->certs[0].state == CA_CERT_UNREAD && m->certs[0].der.n == 0);
	model_free(m);
	m = parse(CA_P15_DODF, DODF);
	UT_OK(m->data_n == 1 && strcmp(m->data[0].label, "Data") == 0);
	UT_OK(strcmp(m->data[0].application, "ap") == 0);
	UT_OK(m->data[0].oid.n == 4 && m->data[0].oid.p[0] == 0x06);
	UT_OK(is_path(&m->data[0].path, "33 00 44 01") && !m->data[0].read);
	model_free(m);
	m = parse(CA_P15_DODF, DODF_OPENSC);
	UT_OK(m->data_n == 2 && strcmp(m->data[0].label, "somedata") == 0);
	UT_OK(strcmp(m->data[0].application, "app") == 0 &&
	      m->data[0].oid.n == 0 && m->data[0].is_private);
	UT_OK(is_path(&m->data[0].path, "3F 00 50 15 34 00"));
	UT_OK(strcmp(m->data[1].application, "pkcs15-init") == 0 &&
	      m->data[1].oid.n == 5);
	UT_OK(is_path(&m->data[1].path, "3F 00 50 15 34 01"));
	model_free(m);
}

/* ---- odd files ---- */

#define GOOD_CERT                                                              \
	"30 15 30 00 30 03 04 01 07 A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00"

/* clang-format off */
static const struct {
	const char *name;
	enum ca_p15_kind kind;
	const char *file;
	size_t objects;
	unsigned warnings;
} odd_rows[] = {
	{"empty", CA_P15_CDF, "", 0, 0},
	{"zeros alone", CA_P15_CDF, "00*300", 0, 0},
	{"FF alone", CA_P15_CDF, "FF*300", 0, 0},
	{"trailing zeros", CA_P15_CDF, CDF " 00*100", 1, 0},
	{"trailing FF", CA_P15_CDF, CDF " FF*100", 1, 0},
	{"zeros before and between", CA_P15_CDF, "00 00 " CDF " 00*9 " GOOD_CERT " 00", 2, 0},
	{"junk at the end", CA_P15_CDF, CDF " 30 7F 01", 1, 1},
	{"junk at the beginning", CA_P15_CDF, "30 7F 01", 0, 1},
	{"another kind of object", CA_P15_CDF, "A0 03 30 01 05 " CDF, 1, 1},
	{"unknown object", CA_P15_CDF, "BF 7F 02 05 00 " CDF, 1, 1},
	{"empty object", CA_P15_CDF, "30 00 " CDF, 1, 1},
	{"common attributes alone", CA_P15_CDF, "30 02 30 00 " CDF, 1, 1},
	{"no type attributes", CA_P15_CDF, "30 07 30 00 30 03 04 01 45 " CDF, 1, 1},
	{"no identifier", CA_P15_CDF, "30 12 30 00 30 00 A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00 " CDF, 1, 1},
	{"no label", CA_P15_CDF, GOOD_CERT, 1, 0},
	{"path without bytes", CA_P15_CDF, "30 0D 30 00 30 03 04 01 07 A1 04 30 02 30 00", 1, 0},
	/* the value says 8 bytes and its parent has 7 */
	{"inner length outside", CA_P15_CDF, "30 14 30 00 30 03 04 01 07 A1 0B 30 09 30 08 04 05 3F 00 50 15 31 " CDF, 1, 1},
	{"indefinite outside", CA_P15_CDF, "30 80 30 00 00 00 " CDF, 0, 1},
	{"indefinite inside", CA_P15_CDF, "30 06 30 80 30 00 00 00 " CDF, 1, 1},
	{"length of four bytes", CA_P15_CDF, "30 84 FF FF FF FF " CDF, 0, 1},
	{"long form of a short length", CA_P15_CDF, "30 82 00 15 30 00 30 03 04 01 07 A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00", 1, 0},
	/* PKCS#15 orders fields; what is unknown comes after the known ones */
	{"unknown fields at the ends", CA_P15_CDF,
	 "30 23 30 05 0C 00 9F 7F 00 30 06 04 01 07 9F 7F 00 A3 02 05 00 A1 0E 30 0C 30 08 04 06 3F 00 50 15 31 00 85 00", 1, 0},
	{"odd path", CA_P15_CDF, "30 10 30 00 30 03 04 01 07 A1 07 30 05 30 03 04 01 31", 0, 1},
	{"path of 16 bytes", CA_P15_CDF, "30 1F 30 00 30 03 04 01 07 A1 16 30 14 30 12 04 10 31*16", 1, 0},
	{"path of 18 bytes", CA_P15_CDF, "30 21 30 00 30 03 04 01 07 A1 18 30 16 30 14 04 12 31*18", 0, 1},
	{"identifier of 64 bytes", CA_P15_CDF, "30 52 30 00 30 42 04 40 AA*64 A1 0A 30 08 30 06 04 04 3F 00 31 00", 1, 0},
	{"identifier of 65 bytes", CA_P15_CDF, "30 53 30 00 30 43 04 41 AA*65 A1 0A 30 08 30 06 04 04 3F 00 31 00", 0, 1},
	{"identifier of 300 bytes", CA_P15_CDF, "30 82 01 44 30 00 30 82 01 30 04 82 01 2C AA*300 A1 0A 30 08 30 06 04 04 3F 00 31 00", 0, 1},
	{"index without length", CA_P15_CDF, "30 16 30 00 30 03 04 01 07 A1 0D 30 0B 30 09 04 04 3F 00 31 00 02 01 05", 0, 1},
	{"negative index", CA_P15_CDF, "30 1A 30 00 30 03 04 01 07 A1 11 30 0F 30 0D 04 04 3F 00 31 00 02 02 FF 00 80 01 05", 0, 1},
	{"index beyond any file", CA_P15_CDF, "30 1B 30 00 30 03 04 01 07 A1 12 30 10 30 0E 04 04 3F 00 31 00 02 03 01 00 01 80 01 05", 0, 1},
	{"authority neither true nor false", CA_P15_CDF, "30 18 30 00 30 06 04 01 07 01 01 FF A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00", 1, 0},
	{"authority of two bytes", CA_P15_CDF, "30 19 30 00 30 07 04 01 07 01 02 00 00 A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00", 0, 1},
	{"flags without content", CA_P15_CDF, "30 17 30 02 03 00 30 03 04 01 07 A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00", 0, 1},
	{"PGP certificate", CA_P15_CDF, "A2 15 30 00 30 03 04 01 07 A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00", 0, 0},
	{"two PINs", CA_P15_AODF, AODF " " AODF " 00*5", 2, 0},
	{"biometric template", CA_P15_AODF, "A0 0D 30 00 30 03 04 01 01 A1 04 30 02 30 00 " AODF, 1, 0},
	{"pinType 5", CA_P15_AODF, "30 1A 30 00 30 03 04 01 01 A1 11 30 0F 03 02 02 4C 0A 01 05 02 01 04 02 01 10", 0, 1},
	{"minLength 300", CA_P15_AODF, "30 18 30 00 30 03 04 01 01 A1 0F 30 0D 03 02 02 4C 0A 01 01 02 02 01 2C", 0, 1},
	{"pinReference of two bytes", CA_P15_AODF, "30 1F 30 00 30 03 04 01 01 A1 16 30 14 03 02 02 4C 0A 01 01 02 01 04 02 01 10 80 02 01 00", 0, 1},
	{"key reference 256", CA_P15_PRKDF, "30 1B 30 00 30 0B 04 01 45 03 02 04 30 02 02 01 00 A1 0A 30 08 30 06 04 04 3F 00 50 15", 0, 1},
	{"usage without content", CA_P15_PRKDF, "30 15 30 00 30 05 04 01 45 03 00 A1 0A 30 08 30 06 04 04 3F 00 50 15", 0, 1},
	{"DSA key", CA_P15_PRKDF, "A2 17 30 00 30 07 04 01 45 03 02 04 30 A1 0A 30 08 30 06 04 04 3F 00 50 15", 0, 0},
	{"secret keys are not for us", CA_P15_SKDF, PRKDF, 0, 0},
	{"unknown directory", (enum ca_p15_kind)0xAF, PRKDF, 0, 0},
};
/* clang-format on */

/* An odd object is skipped with one warning, and hides nothing beside it. */
static void
odd_files(void)
{
	for (size_t i = 0; i < CA_COUNT(odd_rows); i++) {
		struct ca_model *m;

		ut_log_begin(CA_LOG_WARN);
		m = parse(odd_rows[i].kind, odd_rows[i].file);
		UT(objects(m) == odd_rows[i].objects, "%s: %zu objects",
		    odd_rows[i].name, objects(m));
		UT(ut_log_count("\n") == odd_rows[i].warnings, "%s: %s",
		    odd_rows[i].name, ut_log_text());
		ut_log_end();
		model_free(m);
	}
}

/* clang-format off */
static const struct {
	const char *name;
	const char *file;
	int reference; /* -1: none */
	size_t bits;
	enum ca_key_type type;
	unsigned consent;
} key_rows[] = {
	{"no reference", "30 17 30 00 30 07 04 01 45 03 02 04 30 A1 0A 30 08 30 06 04 04 3F 00 50 15", -1, 0, CA_KEY_RSA, 0},
	{"reference 81", "30 1A 30 00 30 0A 04 01 45 03 02 04 30 02 01 81 A1 0A 30 08 30 06 04 04 3F 00 50 15", 0x81, 0, CA_KEY_RSA, 0},
	{"reference 0081", "30 1B 30 00 30 0B 04 01 45 03 02 04 30 02 02 00 81 A1 0A 30 08 30 06 04 04 3F 00 50 15", 0x81, 0, CA_KEY_RSA, 0},
	{"native and access", "30 21 30 00 30 11 04 01 45 03 02 04 30 01 01 FF 03 02 03 B8 02 01 05 A1 0A 30 08 30 06 04 04 3F 00 50 15", 5, 0, CA_KEY_RSA, 0},
	{"empty path", "30 15 30 00 30 07 04 01 45 03 02 04 30 A1 08 30 06 30 00 02 02 0C 00", -1, 3072, CA_KEY_RSA, 0},
	{"elliptic curve", "A0 17 30 00 30 07 04 01 45 03 02 04 30 A1 0A 30 08 30 02 04 00 02 02 01 00", -1, 256, CA_KEY_EC, 0},
	{"consent", "30 1A 30 03 02 01 01 30 07 04 01 45 03 02 04 30 A1 0A 30 08 30 06 04 04 3F 00 50 15", -1, 0, CA_KEY_RSA, 1},
	/* a size nobody has is not believed, the key stays */
	{"bits beyond reason", "30 16 30 00 30 07 04 01 45 03 02 04 30 A1 09 30 07 30 00 02 03 7F FF FF", -1, 0, CA_KEY_RSA, 0},
};
/* clang-format on */

static void
private_keys(void)
{
	for (size_t i = 0; i < CA_COUNT(key_rows); i++) {
		struct ca_model *m = parse(CA_P15_PRKDF, key_rows[i].file);
		const struct ca_key *k = &m->keys[0];

		if (!UT(m->keys_n == 1, "%s", key_rows[i].name)) {
			model_free(m);
			continue;
		}
		UT((k->has_reference ? k->reference : -1) ==
			key_rows[i].reference,
		    "%s", key_rows[i].name);
		UT(k->bits == key_rows[i].bits, "%s: %zu", key_rows[i].name,
		    k->bits);
		UT(k->type == key_rows[i].type, "%s", key_rows[i].name);
		UT(k->consent == key_rows[i].consent, "%s", key_rows[i].name);
		model_free(m);
	}
}

/* clang-format off */
#define PIN_TYPE(flags, rest, n1, n2, n3) \
	"30 " n1 " 30 00 30 03 04 01 02 A1 " n2 " 30 " n3 " 03 02 " flags " 0A 01 01 " rest
static const struct {
	const char *name;
	const char *file;
	enum ca_pin_role role;
	size_t min, stored, max;
	unsigned reference;
} pin_rows[] = {
	{"no maximum", PIN_TYPE("02 4C", "02 01 04 02 01 08 80 01 83", "1B", "12", "10"), CA_PIN_USER, 4, 8, 0, 0x83},
	{"no reference", PIN_TYPE("02 4C", "02 01 04 02 01 08 02 01 08", "1B", "12", "10"), CA_PIN_USER, 4, 8, 8, 0},
	{"reference 0081", PIN_TYPE("02 4C", "02 01 04 02 01 08 80 02 00 81", "1C", "13", "11"), CA_PIN_USER, 4, 8, 0, 0x81},
	{"unblocking", PIN_TYPE("01 02", "02 01 08 02 01 08", "18", "0F", "0D"), CA_PIN_SO, 8, 8, 0, 0},
	{"security officer", PIN_TYPE("00 01", "02 01 08 02 01 08", "18", "0F", "0D"), CA_PIN_SO, 8, 8, 0, 0},
	{"no lengths at all", PIN_TYPE("02 4C", "", "12", "09", "07"), CA_PIN_USER, 0, 0, 0, 0},
};
/* clang-format on */

static void
pins(void)
{
	for (size_t i = 0; i < CA_COUNT(pin_rows); i++) {
		struct ca_model *m = parse(CA_P15_AODF, pin_rows[i].file);
		const struct ca_pin *p = &m->pins[0];

		UT(m->pins_n == 1 && p->role == pin_rows[i].role, "%s",
		    pin_rows[i].name);
		UT(p->min == pin_rows[i].min &&
			p->stored == pin_rows[i].stored &&
			p->max == pin_rows[i].max,
		    "%s", pin_rows[i].name);
		UT(p->reference == pin_rows[i].reference, "%s",
		    pin_rows[i].name);
		model_free(m);
	}
}

/* The first PIN is the user's; another one protects keys of its own. */
static void
pin_roles(void)
{
	struct ca_model *m = parse(CA_P15_AODF, AODF " " AODF);

	UT_OK(m->pins_n == 2);
	UT_OK(m->pins[0].role == CA_PIN_USER && m->pins[1].role == CA_PIN_KEY);
	UT_OK(ca_model_pin(m, CA_PIN_USER) == &m->pins[0]);
	UT_OK(ca_model_pin(m, CA_PIN_SO) == NULL);
	model_free(m);
}

static void
labels(void)
{
	/* 255 bytes fit; the last character has three bytes and one of them
	 * would be the 256th. */
	struct ca_model *m = parse(CA_P15_CDF,
	    "30 82 01 1A 30 82 01 04 0C 82 01 00 41*253 E1 BB 87 30 03 04 01 "
	    "07 A1 0B 30 09 30 07 04 06 3F 00 50 15 31 00");

	if (UT_OK(m->certs_n == 0))
		model_free(m);
	m = parse(CA_P15_CDF,
	    "30 82 01 1B 30 82 01 04 0C 82 01 00 41*253 E1 BB 87 30 03 04 01 "
	    "07 A1 0C 30 0A 30 08 04 06 3F 00 50 15 31 00");
	UT_OK(m->certs_n == 1 && strlen(m->certs[0].label) == 253);
	model_free(m);
	m = parse(CA_P15_CDF,
	    "30 1B 30 06 0C 04 41 42 00 43 30 03 04 01 07 A1 0C 30 0A 30 08 04 "
	    "06 3F 00 50 15 31 00");
	UT_OK(m->certs_n == 1 && strcmp(m->certs[0].label, "AB") == 0);
	model_free(m);
}

static void
parts_of_files(void)
{
	struct ca_model *m = parse(CA_P15_CDF,
	    "30 1A 30 00 30 03 04 01 07 A1 11 30 0F 30 0D 04 04 3F 00 31 00 02 "
	    "02 01 00 80 01 81");

	UT_OK(m->certs_n == 1 && m->certs[0].path.ranged);
	UT_OK(m->certs[0].path.index == 256 && m->certs[0].path.length == 0x81);
	model_free(m);
}

static void
direct_values(void)
{
	struct ca_model *m = parse(CA_P15_CDF,
	    "30 10 30 00 30 03 04 01 07 A1 07 30 05 A0 03 30 01 05");

	UT_OK(m->certs_n == 1 && m->certs[0].path.path_n == 0);
	UT_OK(m->certs[0].der.n == 3 && m->certs[0].der.p[0] == 0x30);
	model_free(m);
	m = parse(CA_P15_PUKDF,
	    "30 19 30 00 30 07 04 01 45 03 02 00 02 A1 0C 30 0A A0 08 30 06 02 "
	    "01 0D 02 01 03");
	UT_OK(m->pubs_n == 1 && m->pubs[0].spki.n > 8);
	model_free(m);
	m = parse(CA_P15_DODF, "30 0D 30 00 30 00 A1 07 30 05 A0 03 01 02 03");
	UT_OK(m->data_n == 1 && m->data[0].read && m->data[0].value.n == 3);
	model_free(m);
	/* ... and as the standard has it, with no SEQUENCE around the value */
	m = parse(CA_P15_DODF, "30 0B 30 00 30 00 A1 05 A0 03 01 02 03");
	UT_OK(m->data_n == 1 && m->data[0].read && m->data[0].value.n == 3);
	model_free(m);
}

/* ---- caps ---- */

static char *
repeated(const char *text, size_t times)
{
	size_t n = strlen(text);
	char *all = malloc((n + 1) * times + 1);

	for (size_t i = 0; i < times; i++) {
		memcpy(all + i * (n + 1), text, n);
		all[i * (n + 1) + n] = ' ';
	}
	all[(n + 1) * times] = '\0';
	return all;
}

static const struct {
	enum ca_p15_kind kind;
	const char *one;
	size_t max;
} cap_rows[] = {
    {CA_P15_AODF, AODF, CA_PINS_MAX},
    {CA_P15_PRKDF, PRKDF_SUBJECT, CA_KEYS_MAX},
    {CA_P15_PUKDF, PUKDF, CA_KEYS_MAX},
    {CA_P15_CDF, CDF, CA_CERTS_MAX},
    {CA_P15_DODF, DODF, CA_DATA_MAX},
};

static void
capped(void)
{
	for (size_t i = 0; i < CA_COUNT(cap_rows); i++) {
		char *text = repeated(cap_rows[i].one, cap_rows[i].max + 300);
		struct ca_model *m = parse(cap_rows[i].kind, text);

		UT(objects(m) == cap_rows[i].max, "kind %02X: %zu",
		    cap_rows[i].kind, objects(m));
		model_free(m);
		free(text);
	}
}

/* Ten thousand objects of two bytes: looked at no longer than the cap says. */
static void
ten_thousand_empty_objects(void)
{
	char *text = repeated("30 00", 10000);
	char *more = malloc(strlen(text) + sizeof(CDF) + 1);
	struct ca_model *m;

	sprintf(more, "%s%s", text, CDF);
	ut_log_begin(CA_LOG_WARN);
	m = parse(CA_P15_CDF, more);
	UT_OK(objects(m) == 0);
	UT(ut_log_count("\n") <= CA_P15_ENTRIES_MAX + 1, "%u lines",
	    ut_log_count("\n"));
	UT_OK(ut_log_count("only the first 512 entries") == 1);
	ut_log_end();
	model_free(m);
	free(text);
	free(more);
}

/* ---- ODF ---- */

static ca_err
parse_odf(const char *text, struct ca_p15_odf *odf, struct ca_model *m)
{
	uint8_t room[2000];
	struct ca_rd r = ut_bytes(text, room, sizeof(room));
	uint8_t *p = ut_exact(r);
	ca_err e = ca_p15_parse_odf(ca_rd_of(p, r.n), odf, m);

	free(p);
	return e;
}

static void
odf_example(void)
{
	static const enum ca_p15_kind kinds[] = {
	    CA_P15_AODF, CA_P15_PRKDF, CA_P15_PUKDF, CA_P15_CDF};
	static const char *const paths[] = {"3F 00 50 15 44 01",
	    "3F 00 50 15 44 02", "3F 00 50 15 44 03", "3F 00 50 15 44 04"};
	struct ca_model *m = model_new();
	struct ca_p15_odf odf;

	UT_OK(parse_odf(ODF " 00*40", &odf, m) == CA_OK);
	UT_OK(odf.n == 4 && objects(m) == 0);
	for (size_t i = 0; i < odf.n && i < 4; i++)
		UT(odf.dirs[i].kind == kinds[i] &&
			is_path(&odf.dirs[i].ref, paths[i]),
		    "%zu", i);
	model_free(m);
}

/* clang-format off */
static const struct {
	const char *name;
	const char *file;
	ca_err e;
	size_t dirs, objects;
} odf_rows[] = {
	{"empty", "", CA_E_MALFORMED, 0, 0},
	{"zeros", "00*64", CA_E_MALFORMED, 0, 0},
	{"FF", "FF*64", CA_E_MALFORMED, 0, 0},
	{"no TLV", "30 7F 01", CA_E_MALFORMED, 0, 0},
	{"unknown tags alone", "A9 00 30 00 05 00", CA_E_MALFORMED, 0, 0},
	{"unknown tags around", "A9 00 A4 06 30 04 04 02 44 04 BF 50 00 00", CA_OK, 1, 0},
	{"the same twice", "A4 06 30 04 04 02 44 04 A4 06 30 04 04 02 44 05", CA_OK, 2, 0},
	{"FF behind", "A4 06 30 04 04 02 44 04 FF*20", CA_OK, 1, 0},
	{"an entry without path", "A4 00 A0 06 30 04 04 02 44 02", CA_OK, 1, 0},
	{"an empty path", "A4 02 30 00 A0 06 30 04 04 02 44 02", CA_OK, 1, 0},
	{"an odd path", "A4 05 30 03 04 01 44 A0 06 30 04 04 02 44 02", CA_OK, 1, 0},
	{"cut at the end", "A4 06 30 04 04 02 44 04 A0 06 30 04", CA_OK, 1, 0},
	{"objects inside", "A4 19 A0 17 " GOOD_CERT, CA_OK, 0, 1},
	{"trusted and useful", "A5 06 30 04 04 02 44 05 A6 06 30 04 04 02 44 06", CA_OK, 2, 0},
};
/* clang-format on */

static void
odf_table(void)
{
	for (size_t i = 0; i < CA_COUNT(odf_rows); i++) {
		struct ca_model *m = model_new();
		struct ca_p15_odf odf;

		UT(parse_odf(odf_rows[i].file, &odf, m) == odf_rows[i].e, "%s",
		    odf_rows[i].name);
		UT(odf.n == odf_rows[i].dirs, "%s: %zu", odf_rows[i].name,
		    odf.n);
		UT(objects(m) == odf_rows[i].objects, "%s: %zu",
		    odf_rows[i].name, objects(m));
		model_free(m);
	}
}

static void
odf_capped(void)
{
	char *text = repeated("A4 06 30 04 04 02 44 04", 100);
	struct ca_model *m = model_new();
	struct ca_p15_odf odf;

	UT_OK(parse_odf(text, &odf, m) == CA_OK && odf.n == CA_P15_DIRS_MAX);
	model_free(m);
	free(text);
}

/* ---- TokenInfo ---- */

static ca_err
parse_info(const char *text, struct ca_model *m)
{
	uint8_t room[2000];
	struct ca_rd r = ut_bytes(text, room, sizeof(room));
	uint8_t *p = ut_exact(r);
	ca_err e = ca_p15_parse_token_info(ca_rd_of(p, r.n), m);

	free(p);
	return e;
}

/* clang-format off */
static const struct {
	const char *name;
	const char *file;
	ca_err e;
	const char *serial, *manufacturer, *label;
	uint32_t flags;
} info_rows[] = {
	{"example", TOKEN_INFO, CA_OK, "1122334455667788", "EnterSafe", "SIMTOKEN", CA_TOKF_EID_COMPLIANT},
	{"trailing zeros", TOKEN_INFO " 00*50", CA_OK, "1122334455667788", "EnterSafe", "SIMTOKEN", CA_TOKF_EID_COMPLIANT},
	{"version and flags alone", "30 07 02 01 00 03 02 05 60", CA_OK, "", "", "", CA_TOKF_LOGIN_REQUIRED | CA_TOKF_PRN_GENERATION},
	{"label in A0", "30 0D 02 01 00 A0 04 0C 02 56 54 03 02 05 60", CA_OK, "", "", "VT", 6},
	{"serial of digits", "30 0F 02 01 00 04 06 31 32 33 34 35 36 03 02 05 60", CA_OK, "123456", "", "", 6},
	{"serial with a blank", "30 0F 02 01 00 04 06 31 32 20 34 35 36 03 02 05 60", CA_OK, "313220343536", "", "", 6},
	{"empty serial", "30 09 02 01 00 04 00 03 02 05 60", CA_OK, "", "", "", 6},
	{"no flags", "30 03 02 01 00", CA_OK, "", "", "", CA_TOKF_LOGIN_REQUIRED},
	{"flags without content", "30 05 02 01 00 03 00", CA_OK, "", "", "", CA_TOKF_LOGIN_REQUIRED},
	{"no version", "30 04 03 02 05 60", CA_E_MALFORMED, "", "", "", 0},
	{"no sequence", "31 03 02 01 00", CA_E_MALFORMED, "", "", "", 0},
	{"empty", "", CA_E_MALFORMED, "", "", "", 0},
	{"zeros", "00*20", CA_E_MALFORMED, "", "", "", 0},
	{"indefinite", "30 80 02 01 00 00 00", CA_E_MALFORMED, "", "", "", 0},
	{"longer than the file", "30 50 02 01 00 03 02 05 60", CA_E_MALFORMED, "", "", "", 0},
};
/* clang-format on */

static void
token_info(void)
{
	for (size_t i = 0; i < CA_COUNT(info_rows); i++) {
		struct ca_model *m = model_new();
		ca_err e = parse_info(info_rows[i].file, m);

		UT(e == info_rows[i].e, "%s: %s", info_rows[i].name,
		    ca_err_name(e));
		UT(strcmp(m->serial, info_rows[i].serial) == 0, "%s: %s",
		    info_rows[i].name, m->serial);
		UT(strcmp(m->manufacturer, info_rows[i].manufacturer) == 0,
		    "%s: %s", info_rows[i].name, m->manufacturer);
		UT(strcmp(m->label, info_rows[i].label) == 0, "%s: %s",
		    info_rows[i].name, m->label);
		UT(m->token_flags == info_rows[i].flags, "%s: %x",
		    info_rows[i].name, m->token_flags);
		model_free(m);
	}
}

/* A serial number that is longer than any: whole, or a part, but terminated. */
static void
long_serial(void)
{
	struct ca_model *m = model_new();

	UT_OK(parse_info("30 81 D4 02 01 00 04 81 C8 99*200 03 02 05 60 05 00",
		  m) == CA_OK);
	UT_OK(memchr(m->serial, '\0', sizeof(m->serial)) != NULL);
	UT_OK(strncmp(m->serial, "999999", 6) == 0);
	model_free(m);
}

#define ALGORITHM "30 12 02 01 01 02 01 40 05 00 03 02 06 40 06 01 2A 02 01 42"

static void
supported_algorithms(void)
{
	struct ca_model *m = model_new();
	char *many = repeated(ALGORITHM, 20);
	char *text = malloc(strlen(many) + 100);

	UT_OK(parse_info("30 27 02 01 00 03 02 05 60 A2 1E " ALGORITHM
			 " 30 08 02 01 02 02 01 03 05 00",
		  m) == CA_OK);
	/* The second one says no operations and is left out. */
	UT_OK(m->supported.n == 1);
	UT_OK(m->supported.a[0].mechanism == 0x40 &&
	      m->supported.a[0].operations == CA_OP_COMPUTE_SIGNATURE &&
	      m->supported.a[0].has_alg_ref &&
	      m->supported.a[0].alg_ref == 0x42);
	model_free(m);
	m = model_new();
	sprintf(text, "30 82 01 9B 02 01 00 03 02 05 60 A2 82 01 90 %s", many);
	UT_OK(parse_info(text, m) == CA_OK);
	UT_OK(m->supported.n == CA_SUPPORTED_MAX);
	model_free(m);
	free(text);
	free(many);
}

/* ---- public keys ---- */

/* clang-format off */
static const struct {
	const char *name;
	const char *file;
	ca_err e;
	const char *spki;
} spki_rows[] = {
	{"RSAPublicKey", "30 06 02 01 0D 02 01 03", CA_OK,
	 "30 1A 30 0D 06 09 2A 86 48 86 F7 0D 01 01 01 05 00 03 09 00 30 06 02 01 0D 02 01 03"},
	{"with zeros behind", "30 06 02 01 0D 02 01 03 00 00", CA_OK,
	 "30 1A 30 0D 06 09 2A 86 48 86 F7 0D 01 01 01 05 00 03 09 00 30 06 02 01 0D 02 01 03"},
	{"SubjectPublicKeyInfo", "30 07 30 03 06 01 2A 03 00", CA_OK, "30 07 30 03 06 01 2A 03 00"},
	{"the choice spki [1]", "A1 0C 30 06 06 04 2A 03 04 05 03 02 00 0D", CA_OK, "30 0C 30 06 06 04 2A 03 04 05 03 02 00 0D"},
	{"[1] without a key", "A1 08 30 06 06 04 2A 03 04 05", CA_E_MALFORMED, ""},
	{"one integer", "30 03 02 01 0D", CA_E_MALFORMED, ""},
	{"nothing inside", "30 00", CA_E_MALFORMED, ""},
	{"empty", "", CA_E_MALFORMED, ""},
	{"octets", "04 03 01 02 03", CA_E_MALFORMED, ""},
	{"cut", "30 06 02 01 0D 02 01", CA_E_MALFORMED, ""},
	{"modulus of 2000 bytes", "30 82 07 D7 02 82 07 D0 55*2000 02 01 03", CA_E_MALFORMED, ""},
};
/* clang-format on */

static void
spki(void)
{
	uint8_t *room = malloc(FILE_MAX);

	for (size_t i = 0; i < CA_COUNT(spki_rows); i++) {
		struct ca_rd r = ut_bytes(spki_rows[i].file, room, FILE_MAX);
		uint8_t *p = ut_exact(r);
		struct ca_buf out = {0};
		ca_err e = ca_p15_spki(ca_rd_of(p, r.n), &out);
		uint8_t want[64];

		UT(e == spki_rows[i].e, "%s", spki_rows[i].name);
		UT(ca_rd_equal(ca_buf_rd(&out),
		       ut_bytes(spki_rows[i].spki, want, sizeof(want))),
		    "%s", spki_rows[i].name);
		ca_buf_free(&out);
		free(p);
	}
	free(room);
}

/* ---- hostile files ---- */

static bool
ref_sound(const struct ca_ref *r)
{
	return r->path_n <= CA_PATH_MAX && r->path_n % 2 == 0 &&
	       r->index <= CA_BUF_MAX && r->length <= CA_BUF_MAX;
}

static bool
text_ends(const char *text, size_t cap)
{
	return memchr(text, '\0', cap) != NULL;
}

/* What the layers above rely on, whatever a card wrote. */
static bool
sound(const struct ca_model *m)
{
	bool ok = m->pins_n <= CA_PINS_MAX && m->keys_n <= CA_KEYS_MAX &&
		  m->pubs_n <= CA_KEYS_MAX && m->certs_n <= CA_CERTS_MAX &&
		  m->data_n <= CA_DATA_MAX &&
		  m->supported.n <= CA_SUPPORTED_MAX &&
		  text_ends(m->label, sizeof(m->label)) &&
		  text_ends(m->manufacturer, sizeof(m->manufacturer)) &&
		  text_ends(m->serial, sizeof(m->serial));

	for (size_t i = 0; ok && i < m->pins_n; i++)
		ok = m->pins[i].type <= CA_PIN_ISO9564_1 &&
		     m->pins[i].role <= CA_PIN_KEY &&
		     m->pins[i].auth_id.n <= CA_ID_MAX &&
		     m->pins[i].min <= 255 && m->pins[i].max <= 255 &&
		     m->pins[i].stored <= 255 && ref_sound(&m->pins[i].path) &&
		     text_ends(m->pins[i].label, CA_LABEL_MAX);
	for (size_t i = 0; ok && i < m->keys_n; i++)
		ok = m->keys[i].id.n <= CA_ID_MAX && m->keys[i].bits <= 16384 &&
		     m->keys[i].auth_id.n <= CA_ID_MAX &&
		     ref_sound(&m->keys[i].path) &&
		     text_ends(m->keys[i].label, CA_LABEL_MAX);
	for (size_t i = 0; ok && i < m->pubs_n; i++)
		ok = m->pubs[i].id.n <= CA_ID_MAX && m->pubs[i].bits <= 16384 &&
		     ref_sound(&m->pubs[i].path) &&
		     text_ends(m->pubs[i].label, CA_LABEL_MAX);
	for (size_t i = 0; ok && i < m->certs_n; i++)
		ok = m->certs[i].id.n <= CA_ID_MAX &&
		     ref_sound(&m->certs[i].path) &&
		     text_ends(m->certs[i].label, CA_LABEL_MAX);
	for (size_t i = 0; ok && i < m->data_n; i++)
		ok = ref_sound(&m->data[i].path) &&
		     text_ends(m->data[i].label, CA_LABEL_MAX) &&
		     text_ends(m->data[i].application, CA_LABEL_MAX);
	return ok;
}

/* clang-format off */
static const struct {
	const char *name;
	const char *file;
} files[] = {
	{"ODF", ODF}, {"TokenInfo", TOKEN_INFO}, {"AODF", AODF},
	{"PrKDF", PRKDF_SUBJECT}, {"PuKDF", PUKDF}, {"CDF", CDF},
	{"DODF", DODF}, {"key", "30 06 02 01 0D 02 01 03"},
};
/* clang-format on */

/* Gives the bytes to every parser, whatever they are meant for. */
static void
feed(struct ca_rd r, struct ca_model *m, const char *name, size_t where)
{
	static const enum ca_p15_kind kinds[] = {
	    CA_P15_PRKDF, CA_P15_PUKDF, CA_P15_CDF, CA_P15_DODF, CA_P15_AODF};
	uint8_t *p = ut_exact(r);
	struct ca_buf spki_out = {0};
	struct ca_p15_odf odf;
	struct ca_ref ref;

	r.p = p;
	for (size_t i = 0; i < CA_COUNT(kinds); i++)
		UT(ca_p15_parse_dir(kinds[i], r, m) == CA_OK, "%s %zu", name,
		    where);
	(void)!ca_p15_parse_odf(r, &odf, m);
	UT(odf.n <= CA_P15_DIRS_MAX, "%s %zu", name, where);
	(void)!ca_p15_parse_token_info(r, m);
	if (ca_p15_parse_path(r, &ref) == CA_OK)
		UT(ref_sound(&ref), "%s %zu", name, where);
	(void)!ca_p15_spki(r, &spki_out);
	UT(sound(m), "%s %zu", name, where);
	ca_buf_free(&spki_out);
	free(p);
}

static void
cut_at_every_byte(void)
{
	for (size_t f = 0; f < CA_COUNT(files); f++) {
		uint8_t room[200];
		struct ca_rd all = ut_bytes(files[f].file, room, sizeof(room));

		for (size_t n = 0; n <= all.n; n++) {
			struct ca_model *m = model_new();

			feed(ca_rd_of(room, n), m, files[f].name, n);
			/* Nothing whole is in a part of a directory file. */
			if (f > 1 && n < all.n)
				UT(objects(m) == 0, "%s %zu", files[f].name, n);
			model_free(m);
		}
	}
}

/* Each byte in turn becomes what lengths and tags are made of. */
static void
every_byte_changed(void)
{
	static const uint8_t values[] = {0x00, 0x01, 0x02, 0x04, 0x1F, 0x30,
	    0x7F, 0x80, 0x81, 0x82, 0x84, 0xA0, 0xA1, 0xFE, 0xFF};

	for (size_t f = 0; f < CA_COUNT(files); f++) {
		uint8_t room[200];
		struct ca_rd all = ut_bytes(files[f].file, room, sizeof(room));
		struct ca_model *m = model_new();

		for (size_t at = 0; at < all.n; at++) {
			uint8_t was = room[at];

			for (size_t v = 0; v < CA_COUNT(values); v++) {
				room[at] = values[v];
				feed(all, m, files[f].name, at);
			}
			room[at] = (uint8_t)(was + 1);
			feed(all, m, files[f].name, at);
			room[at] = (uint8_t)(was - 1);
			feed(all, m, files[f].name, at);
			room[at] = was;
			/* The model fills up, so that its maxima are met. */
			if (at % 16 == 15)
				ca_model_wipe(m);
		}
		model_free(m);
	}
}

/* Files put together at random from good ones, with bytes changed. */
static void
random_files(void)
{
	struct ut_dice d = ut_dice_of(9);
	uint8_t room[1500];

	for (int i = 0; i < 1500; i++) {
		struct ca_model *m = model_new();
		struct ca_wr w = ca_wr_of(room, sizeof(room));
		size_t parts = 1 + ut_roll(&d, 6);

		for (size_t k = 0; k < parts; k++) {
			size_t f = ut_roll(&d, CA_COUNT(files));
			uint8_t one[200];

			ca_wr_bytes(&w,
			    ut_bytes(files[f].file, one, sizeof(one)));
		}
		for (size_t k = ut_roll(&d, 8); k > 0; k--)
			room[ut_roll(&d, (uint32_t)w.n)] =
			    (uint8_t)ut_roll(&d, 256);
		feed(ca_wr_rd(&w), m, "random", (size_t)i);
		model_free(m);
	}
}

/* Every allocation fails once: nothing leaks, nothing is half there. */
static void
no_memory(void)
{
	uint8_t room[200];
	bool failed = true;

	for (size_t f = 2; f < CA_COUNT(files); f++) {
		struct ca_rd r = ut_bytes(files[f].file, room, sizeof(room));

		failed = true;
		for (unsigned n = 1; failed && n < 20; n++) {
			struct ca_model *m = model_new();
			struct ca_buf out = {0};

			ut_mem_fail(n);
			for (int k = CA_P15_PRKDF; k <= CA_P15_AODF; k++)
				UT_OK(ca_p15_parse_dir((enum ca_p15_kind)k, r,
					  m) == CA_OK);
			(void)!ca_p15_spki(r, &out);
			failed = ut_mem_failed();
			ut_mem_fail(0);
			UT(sound(m), "%s %u", files[f].name, n);
			ca_buf_free(&out);
			model_free(m);
		}
		UT(!failed, "%s", files[f].name);
	}
}

static const CU_TestInfo tests[] = {
    {"aodf", aodf},
    {"prkdf", prkdf},
    {"prkdf_subject", prkdf_subject},
    {"pukdf_cdf_dodf", pukdf_cdf_dodf},
    {"odd_files", odd_files},
    {"private_keys", private_keys},
    {"pins", pins},
    {"pin_roles", pin_roles},
    {"labels", labels},
    {"parts_of_files", parts_of_files},
    {"direct_values", direct_values},
    {"capped", capped},
    {"ten_thousand_empty_objects", ten_thousand_empty_objects},
    {"odf_example", odf_example},
    {"odf_table", odf_table},
    {"odf_capped", odf_capped},
    {"token_info", token_info},
    {"long_serial", long_serial},
    {"supported_algorithms", supported_algorithms},
    {"spki", spki},
    {"cut_at_every_byte", cut_at_every_byte},
    {"every_byte_changed", every_byte_changed},
    {"random_files", random_files},
    {"no_memory", no_memory},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_pkcs15 = {"pkcs15", tests};
