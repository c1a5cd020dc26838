/* pcsc/transport/features.h and pinpad.h: the reader is the input. It answers
 * every control code with the next part: a length, and so many bytes. */
#include <string.h>

#include "pcsc/transport/pinpad.h"
#include "tests/fuzz/fuzz.h"

#define CODES_MAX 3       /* to learn: features, and two kinds of properties */
#define ENTRY_CODES_MAX 2 /* START and FINISH */
#define HEAD_VERIFY 19
#define HEAD_MODIFY 24

struct reader {
	struct ca_rd rest;
	unsigned asked;
	const struct ca_entry *entry; /* NULL: only to learn */
};

static void
check_structure(const struct ca_entry *en, struct ca_rd in)
{
	size_t head = en->ask_new ? HEAD_MODIFY : HEAD_VERIFY;
	size_t values = (size_t)en->ask_old + en->ask_new;
	uint16_t digits;

	FUZZ_CHECK(in.n == head + 5 + values * en->block);
	FUZZ_CHECK(in.p[3] == en->block && in.p[head + 4] == in.n - head - 5);
	memcpy(&digits, &in.p[en->ask_new ? 7 : 5], sizeof(digits));
	FUZZ_CHECK(digits >> 8 >= 1 && digits >> 8 <= (digits & 0xFF));
	FUZZ_CHECK(en->max == 0 || (digits & 0xFF) <= (int)en->max);
	FUZZ_CHECK(en->min <= (size_t)(digits >> 8));
}

static ca_err
control(void *link, uint32_t code, struct ca_rd in, struct ca_wr *resp)
{
	struct reader *r = link;
	struct ca_rd part = {NULL, 0};
	uint8_t n = 0;

	FUZZ_CHECK(code != 0 || r->entry == NULL);
	r->asked++;
	FUZZ_CHECK(r->asked <= (r->entry ? ENTRY_CODES_MAX : CODES_MAX));
	if (r->entry != NULL && r->asked == 1)
		check_structure(r->entry, in);
	else
		FUZZ_CHECK(in.n == 0);
	resp->n = 0;
	resp->failed = false;
	if (!ca_rd_u8(&r->rest, &n) || n == 0xFF)
		return CA_E_IO;
	if (!ca_rd_take(&r->rest, n, &part) &&
	    !ca_rd_take(&r->rest, r->rest.n, &part))
		return CA_E_IO;
	ca_wr_bytes(resp, part);
	return ca_wr_ok(resp) ? CA_OK : CA_E_MALFORMED;
}

static const struct ca_transport_ops ops = {.control = control};

/* clang-format off */
static const struct ca_entry entries[] = {
	{.ins = 0x20, .ask_old = true, .pad = 0xFF, .block = 8, .min = 4, .max = 8},
	{.ins = 0x20, .ask_old = true, .min = 4, .max = 16},
	{.ins = 0x20, .ask_old = true},
	{.ins = 0x20, .ask_old = true, .bcd = true, .pad = 0xFF, .block = 6, .min = 4, .max = 12},
	{.ins = 0x24, .ask_old = true, .ask_new = true, .block = 15, .min = 1, .max = 15},
	{.ins = 0x2C, .p1 = 2, .ask_new = true, .block = 8, .min = 6, .max = 8},
};
/* clang-format on */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = {.rest = ca_rd_of(data, size)};
	struct ca_features f;

	fuzz_begin();
	ca_features_learn(&ops, &r, &f);
	FUZZ_CHECK(f.max_told || f.max_apdu == 0);
	FUZZ_CHECK(f.max_apdu == 0 ||
		   (f.max_apdu > 256 && f.max_apdu <= 65536));
	FUZZ_CHECK(f.verify != 0 || f.verify_finish == 0);
	FUZZ_CHECK(f.modify != 0 || f.modify_finish == 0);
	for (size_t i = 0; i < CA_COUNT(entries); i++) {
		uint16_t sw = 0;
		ca_err e;

		r.entry = &entries[i];
		r.asked = 0;
		e = ca_pinpad_enter(&ops, &r, &f, r.entry, &sw);
		FUZZ_CHECK(ca_pinpad_can(&f, r.entry) ==
			   (e != CA_E_UNSUPPORTED));
		FUZZ_CHECK((r.asked == 0) == (e == CA_E_UNSUPPORTED));
		FUZZ_CHECK(e != CA_OK || (sw != 0x6400 && sw != 0x6401));
	}
	return 0;
}
