/*
 * Directory entries from the model to bytes: those that OpenSC 0.23 wrote for
 * keys it had an IsoApplet generate, and what our own reader makes of them.
 */
#include "pcsc/card/pkcs15_write.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/card/pkcs15_parse.h"
#include "tests/unit/suites.h"

static const uint8_t app[] = {0x3F, 0x00, 0x50, 0x15};
static const uint8_t file[] = {0x3F, 0x00, 0x50, 0x15, 0x33, 0x10};

static struct ca_keygen
key(enum ca_gen kind, const char *label, uint8_t id, uint32_t usage)
{
	struct ca_keygen g = {.kind = kind, .usage = usage, .id = {{id}, 1}};

	strcpy(g.label, label);
	return g;
}

static void
recorded(void)
{
	static const struct {
		const char *label, *entry;
		enum ca_gen kind;
		uint8_t id, reference;
		uint32_t usage;
	} rows[] = {
	    /* decrypt, sign, signRecover, unwrap */
	    {"Key RSA",
		"30323010 0C074B657920525341 030206C0 0401FF 300E040101 "
		"03020274 030203B8 020100 A10E300C 300604043F005015 02020800",
		CA_GEN_RSA_2048, 1, 0, 0x2E},
	    {"Key P256",
		"A0333011 0C084B65792050323536 030206C0 0401FF 300E040102 "
		"03020520 030203B8 020101 A10E300C 300604043F005015 02020100",
		CA_GEN_P256, 2, 1, CA_USE_SIGN},
	};
	const struct ca_id pin = {{0xFF}, 1};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_keygen g =
		    key(rows[i].kind, rows[i].label, rows[i].id, rows[i].usage);
		uint8_t b[CA_P15_ENTRY_MAX], want[128];
		struct ca_wr w = ca_wr_of(b, sizeof(b));

		ca_p15_write_private(&w, &g, &pin, rows[i].reference,
		    ca_rd_of(app, sizeof(app)));
		UT(ca_rd_equal(ca_wr_rd(&w),
		       ut_hex(rows[i].entry, want, sizeof(want))),
		    "%s", rows[i].label);
	}
}

static void
directory(void)
{
	uint8_t b[64], want[64];
	struct ca_wr w = ca_wr_of(b, sizeof(b));

	ca_p15_write_dir(&w, CA_P15_PRKDF, ca_rd_of(file, sizeof(file)));
	UT_OK(ca_rd_equal(ca_wr_rd(&w),
	    ut_hex("A00A300804063F0050153310", want, sizeof(want))));
}

/* The longest label and id, a reference whose top bit is set. */
static void
read_again(void)
{
	static const enum ca_gen kinds[] = {CA_GEN_RSA_4096, CA_GEN_P521};

	for (size_t i = 0; i < CA_COUNT(kinds); i++) {
		struct ca_keygen g = key(kinds[i], "", 0, CA_USE_DERIVE);
		struct ca_model *m = calloc(1, sizeof(*m));
		uint8_t b[CA_P15_ENTRY_MAX];
		struct ca_wr w = ca_wr_of(b, sizeof(b));

		memset(g.label, 'x', CA_LABEL_MAX - 1);
		memset(g.public_label, 'y', CA_LABEL_MAX - 1);
		memset(g.id.b, 0xA5, sizeof(g.id.b));
		g.id.n = sizeof(g.id.b);
		g.public_usage = CA_USE_VERIFY;
		ca_p15_write_private(&w, &g, &g.id, 0x81,
		    ca_rd_of(app, sizeof(app)));
		UT_OK(ca_p15_parse_dir(CA_P15_PRKDF, ca_wr_rd(&w), m) == CA_OK);
		w = ca_wr_of(b, sizeof(b));
		ca_p15_write_public(&w, &g, ca_rd_of(file, sizeof(file)));
		UT_OK(ca_p15_parse_dir(CA_P15_PUKDF, ca_wr_rd(&w), m) == CA_OK);
		UT_OK(m->keys_n == 1 && m->pubs_n == 1);
		UT_OK(m->keys[0].reference == 0x81 &&
		      m->keys[0].bits == ca_gen_bits(kinds[i]) &&
		      m->keys[0].usage == CA_USE_DERIVE &&
		      strcmp(m->keys[0].label, g.label) == 0 &&
		      ca_id_equal(&m->keys[0].id, &g.id) &&
		      ca_id_equal(&m->keys[0].auth_id, &g.id));
		UT_OK(m->pubs[0].usage == CA_USE_VERIFY &&
		      strcmp(m->pubs[0].label, g.public_label) == 0 &&
		      m->pubs[0].path.path_n == sizeof(file) &&
		      ca_id_equal(&m->pubs[0].id, &g.id));
		ca_model_wipe(m);
		free(m);
	}
}

/* What does not fit is nothing. */
static void
too_small(void)
{
	struct ca_keygen g = key(CA_GEN_P256, "label", 1, CA_USE_SIGN);
	uint8_t b[40];
	struct ca_wr w = ca_wr_of(b, sizeof(b));

	ca_p15_write_private(&w, &g, &g.id, 1, ca_rd_of(app, sizeof(app)));
	UT_OK(!ca_wr_ok(&w));
}

static const CU_TestInfo tests[] = {
    {"recorded", recorded},
    {"directory", directory},
    {"read_again", read_again},
    {"too_small", too_small},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_pkcs15_write = {"pkcs15_write", tests};
