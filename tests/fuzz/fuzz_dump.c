/*
 * tests/sim/sim_dump.h: any text as the dump of a card. A text that is taken
 * keeps the promises of its header: sizes below the maxima, no place that leads
 * to itself. The sum is made right first, or little would be taken.
 */
#include "tests/sim/sim_dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static void
item_holds(const struct ca_sim_dump *d, size_t n)
{
	const struct ca_sim_dump_item *i = &d->items[n];

	FUZZ_CHECK(i->at <= n);
	FUZZ_CHECK(i->at == 0 || ca_sim_dump_is_place(&d->items[i->at - 1]));
	FUZZ_CHECK(i->data_n <= CA_SIM_DUMP_DATA);
	FUZZ_CHECK(i->answer.n <= CA_SIM_ANSWER - 2);
	FUZZ_CHECK(i->bytes.n == i->known.n);
	FUZZ_CHECK(i->bytes.n <= CA_SIM_DUMP_FILE);
	FUZZ_CHECK(i->file || i->bytes.n == 0);
	FUZZ_CHECK(!i->file || ca_sim_dump_is_place(i));
	fuzz_touch(ca_buf_rd(&i->answer));
	fuzz_touch(ca_buf_rd(&i->bytes));
}

static ca_err
parse(struct ca_rd text)
{
	struct ca_sim_dump *d = fuzz_room(sizeof(*d));
	char why[CA_SIM_DUMP_WHY] = "";
	ca_err e;

	memset(d, 0, sizeof(*d));
	e = ca_sim_dump_parse(text, "input", d, why);
	if (e == CA_OK) {
		FUZZ_CHECK(d->items_n <= CA_SIM_DUMP_ITEMS);
		FUZZ_CHECK(d->atr_n > 0 && d->atr_n <= sizeof(d->atr));
		for (size_t i = 0; i < d->items_n; i++)
			item_holds(d, i);
	} else {
		FUZZ_CHECK(strncmp(why, "input:", 6) == 0);
		fuzz_text(why, sizeof(why));
	}
	ca_sim_dump_wipe(d);
	free(d);
	return e;
}

/* The text with blanks cut off and the sum of what stands before behind it. */
static size_t
summed(struct ca_rd in, char *out)
{
	uint64_t sum = 0xCBF29CE484222325u;
	size_t n = 0, begin = 0;

	for (uint8_t b; ca_rd_u8(&in, &b);) {
		if (b == '\r' || (n == begin && (b == ' ' || b == '\t')))
			continue;
		if (b == '\n') {
			while (n > begin &&
			       (out[n - 1] == ' ' || out[n - 1] == '\t'))
				n--;
			if (strncmp(out + begin, "sum", 3) == 0 && n > begin) {
				n = begin;
				break;
			}
			for (size_t i = begin; i < n; i++)
				sum = (sum ^ (uint8_t)out[i]) * 0x100000001B3u;
			begin = n + 1;
		}
		out[n++] = (char)b;
	}
	n = begin;
	return n + (size_t)sprintf(out + n, "sum %016llX\n",
		       (unsigned long long)sum);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_room(size + 32);

	fuzz_begin();
	memset(text, 0, size + 32);
	(void)parse(ca_rd_of(data, size));
	(void)parse(ca_rd_of(text, summed(ca_rd_of(data, size), text)));
	free(text);
	return 0;
}
