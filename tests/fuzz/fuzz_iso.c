/*
 * The steps every family shares (pcsc/card/iso7816.h): SELECT and the FCP it
 * gives, reading and updating files, random bytes; and what an IAS-ECC card
 * tells of its rules (pcsc/card/iasecc.h).
 */
#include <string.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/card/card.h"
#include "pcsc/card/iasecc.h"
#include "pcsc/card/iso7816.h"
#include "tests/fuzz/card.h"
#include "tests/fuzz/fuzz.h"

static const char text[] = "[profile]\n"
			   "driver = recognised\n"
			   "model = Steps\n"
			   "[match]\n"
			   "atr = 3B00\n"
			   "[application]\n"
			   "path = 3F005015\n"
			   "select = fid\n"
			   "select_answer = fcp\n"
			   "[limits]\n"
			   "read = 200\n"
			   "extended = yes\n"
			   "chaining = yes\n";

static const uint8_t fid[] = {0x50, 0x31};

static void
files(struct ca_tx *tx)
{
	struct ca_ref ref = {.path = {0x3F, 0x00, 0x50, 0x15, 0x43, 0x01},
	    .path_n = 6,
	    .ranged = true,
	    .index = 17,
	    .length = 300};
	struct ca_fcp fcp = {.size = 0};
	struct ca_buf b = {0};

	if (ca_iso_select(tx, CA_SELECT_EF, ca_rd_of(fid, sizeof(fid)), &fcp) ==
	    CA_OK)
		FUZZ_CHECK(fcp.size <= CA_FILE_MAX);
	for (int until = CA_UNTIL_END; until <= CA_UNTIL_PADDING; until++)
		if (ca_iso_read(tx, fcp.size, (enum ca_until)until, &b) ==
		    CA_OK)
			FUZZ_CHECK(b.n <= CA_FILE_MAX + 256);
	if (ca_iso_read_ref(tx, &ref, CA_UNTIL_END, &b) == CA_OK)
		FUZZ_CHECK(b.n == ref.length);
	ref.ranged = false;
	(void)!ca_iso_read_ref(tx, &ref, CA_UNTIL_DER, &b);
	if (ca_iso_read_part(tx, &ref, 100, 64, &b) == CA_OK)
		FUZZ_CHECK(b.n <= 256);
	(void)!ca_iso_update(tx, ca_buf_rd(&b));
	ca_buf_free(&b);
}

static void
rules(struct ca_tx *tx, struct ca_rd compact)
{
	struct ca_pin_object pin;
	struct ca_rule rule = {.right = CA_RIGHT_UNKNOWN};
	size_t size = 0;
	uint8_t scb;

	for (int bit = 0x80; bit != 0; bit >>= 1)
		if (ca_iasecc_condition(compact, (uint8_t)bit, &scb))
			FUZZ_CHECK(bit != 0x80 && compact.n >= 2);
	(void)!ca_iasecc_pin(tx, 1, &pin);
	(void)!ca_iasecc_update_rule(tx, ca_rd_of(fid, sizeof(fid)), &rule,
	    &size);
	(void)!ca_iasecc_rule(tx, compact, CA_AM_EF_UPDATE, &rule);
	FUZZ_CHECK(rule.right <= CA_RIGHT_PIN && size <= 0xFFFF);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ca_profiles profiles;
	struct ca_card *card = NULL;
	struct ca_pin_state st;
	struct ca_tx tx;
	struct card c;
	uint8_t b[40];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	unsigned faults = 0;
	void *conn;

	fuzz_begin();
	if (profiles.n == 0) {
		FUZZ_CHECK(ca_profile_parse(ca_rd_of(text, strlen(text)), "iso",
			       &profiles.p[0], &faults) == CA_OK &&
			   faults == 0);
		profiles.n = 1;
	}
	card_init(&c, ca_rd_of(data, size), "recognised", &profiles);
	FUZZ_CHECK(card_ops.open(&c, &conn) == CA_OK);
	if (ca_card_open(&card_ops, conn, CARD_READER, &profiles, &card, &tx) ==
	    CA_OK) {
		files(&tx);
		rules(&tx, c.records);
		(void)!ca_iso_random(&tx, 1 + c.setup.pin, sizeof(b), &w);
		FUZZ_CHECK(w.n <= sizeof(b));
		(void)!ca_iso_pin_state(&tx, 0x81, &st);
		ca_card_end(&tx);
		ca_card_free(&card);
	}
	card_ops.close(conn);
	return 0;
}
