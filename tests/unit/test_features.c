/* What a reader tells of itself, honestly or not. */
#include <string.h>

#include "pcsc/transport/features.h"
#include "tests/unit/pad.h"
#include "tests/unit/suites.h"

#define TLV 0x42000012u
#define PIN 0x4200000Au
/* The features of libccid's pinpad readers, and the list of other readers. */
#define DIRECT "06 04 42 33 00 06  07 04 42 33 00 07"
#define HAS_PIN "0A 04 42 00 00 0A"
#define HAS_TLV "12 04 42 00 00 12"

/* clang-format off */
static const struct row {
	const char *name;
	const char *list, *pin, *tlv;
	struct ca_features f;
} rows[] = {
	{"no answer", NULL, NULL, NULL, {0}},
	{"empty list", "", NULL, NULL, {0}},
	{"direct", DIRECT, NULL, NULL,
	 {.verify = 0x42330006, .modify = 0x42330007}},
	{"a pair", "01 04 00 00 00 01  02 04 00 00 00 02  03 04 00 00 00 03  04 04 00 00 00 04", NULL, NULL,
	 {.verify = 1, .verify_finish = 2, .modify = 3, .modify_finish = 4}},
	{"direct goes before the pair", "01 04 00 00 00 01  02 04 00 00 00 02 " DIRECT, NULL, NULL,
	 {.verify = 0x42330006, .modify = 0x42330007}},
	{"half a pair", "01 04 00 00 00 01  04 04 00 00 00 04", NULL, NULL, {0}},
	{"the first of a kind counts", "06 04 00 00 00 01  06 04 00 00 00 02", NULL, NULL, {.verify = 1}},
	{"a code of 0 is none", "06 04 00 00 00 00  07 04 00 00 00 07", NULL, NULL, {.modify = 7}},
	{"unknown features", "00 04 00 00 00 01  FF 04 00 00 00 02  21 04 00 00 00 03  06 04 00 00 00 04", NULL, NULL,
	 {.verify = 4}},
	/* One wrong entry, and nothing is believed. */
	{"cut in the code", DIRECT " 0A 04 42 00 00", NULL, NULL, {0}},
	{"cut behind the tag", DIRECT " 0A", NULL, NULL, {0}},
	{"cut behind the length", DIRECT " 0A 04", NULL, NULL, {0}},
	{"length 3", DIRECT " 0A 03 42 00 00", NULL, NULL, {0}},
	{"length 0", "06 00 " DIRECT, NULL, NULL, {0}},
	{"length FF", "06 FF 42 33 00 06", NULL, NULL, {0}},
	{"42 features", "06 04 00 00 00 09 " "05 04 00 00 00 01*240", NULL, NULL, {0}},
	{"more than fits", "06*257", NULL, NULL, {0}},

	{"PIN properties", DIRECT " " HAS_PIN, "10 02 02 00", NULL,
	 {.verify = 0x42330006, .modify = 0x42330007, .display = true, .conditions = 2}},
	{"no display", DIRECT " " HAS_PIN, "00 00 07 00", NULL,
	 {.verify = 0x42330006, .modify = 0x42330007, .conditions = 7}},
	{"bits without a meaning", DIRECT " " HAS_PIN, "00 00 F8 00", NULL,
	 {.verify = 0x42330006, .modify = 0x42330007}},
	{"PIN properties cut", DIRECT " " HAS_PIN, "10 02 02", NULL,
	 {.verify = 0x42330006, .modify = 0x42330007}},
	{"PIN properties too long", DIRECT " " HAS_PIN, "10 02 02 00 00", NULL,
	 {.verify = 0x42330006, .modify = 0x42330007}},
	{"without keypad not asked", HAS_PIN, "10 02 02 00", NULL, {0}},

	{"all properties", "06 04 00 00 00 06 " HAS_TLV, NULL,
	 "01 02 10 02  02 01 02  03 01 00  06 01 04  07 01 0C  08 03 31 2E 30  0A 04 00 00 01 00  0B 02 E6 08",
	 {.verify = 6, .display = true, .conditions = 2, .digits_min = 4, .digits_max = 12,
	  .max_told = true, .max_apdu = 65536}},
	{"short APDUs alone", HAS_TLV, NULL, "0A 04 00 00 00 00", {.max_told = true}},
	{"256 is short too", HAS_TLV, NULL, "0A 04 00 01 00 00", {.max_told = true}},
	{"257 is not", HAS_TLV, NULL, "0A 04 01 01 00 00", {.max_told = true, .max_apdu = 257}},
	{"more than there can be", HAS_TLV, NULL, "0A 04 FF FF FF FF", {.max_told = true, .max_apdu = 65536}},
	{"of another size", HAS_TLV, NULL, "0A 02 00 08  07 04 00 00 00 80  01 01 01", {0}},
	{"properties cut", HAS_TLV, NULL, "0A 04 00 00 01 00  07 02 08", {0}},
	{"properties cut behind the tag", HAS_TLV, NULL, "0A 04 00 00 01 00  07", {0}},
	{"no properties", HAS_TLV, NULL, "", {0}},
};
/* clang-format on */

static bool
same(const struct ca_features *a, const struct ca_features *b)
{
	return a->verify == b->verify && a->verify_finish == b->verify_finish &&
	       a->modify == b->modify && a->modify_finish == b->modify_finish &&
	       a->display == b->display && a->conditions == b->conditions &&
	       a->digits_min == b->digits_min &&
	       a->digits_max == b->digits_max && a->max_told == b->max_told &&
	       a->max_apdu == b->max_apdu;
}

static void
table(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct ut_pad pad = {.steps = {{CA_CONTROL_FEATURES, r->list},
					 {PIN, r->pin}, {TLV, r->tlv}}};
		struct ca_features f;

		memset(&f, 0xA5, sizeof(f));
		ca_features_learn(&ut_pad_ops, &pad, &f);
		UT(same(&f, &r->f), "%s", r->name);
		UT(pad.asked[0] == CA_CONTROL_FEATURES && pad.seen_n == 0, "%s",
		    r->name);
	}
}

/* A transport that has nothing to ask, and a card that leaves meanwhile. */
static void
nobody(void)
{
	static const struct ca_transport_ops none = {.control = NULL};
	struct ut_pad pad = {.fails = CA_E_REMOVED};
	struct ca_features f;

	memset(&f, 0xA5, sizeof(f));
	ca_features_learn(&none, NULL, &f);
	UT_OK(same(&f, &(struct ca_features){0}));
	memset(&f, 0xA5, sizeof(f));
	ca_features_learn(&ut_pad_ops, &pad, &f);
	UT_OK(same(&f, &(struct ca_features){0}) && pad.asked_n == 1);
}

static const CU_TestInfo tests[] = {
    {"table", table},
    {"nobody", nobody},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_features = {"features", tests};
