/* One family of cards, FUZZ_DRIVER: the input is the card. See card.h. */
#include <string.h>

#include "pcsc/base/cdefs.h"
#include "tests/fuzz/card.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ca_profiles *profiles;
	static struct ca_config config;
	struct card c;

	fuzz_begin();
	if (profiles == NULL) {
		/* The profiles built in: no file of the machine has a say. */
		strcpy(config.cards_dir, "/nowhere");
		FUZZ_CHECK(ca_profiles_load(&config, &profiles) == CA_OK);
	}
	card_init(&c, ca_rd_of(data, size), FUZZ_DRIVER, profiles);
	config.allow_last_try = (c.setup.flags & CARD_LAST_TRY) != 0;
	card_orders(&c, &config);
	/* Such a card is left alone. */
	if (strcmp(FUZZ_DRIVER, "recognised") == 0)
		FUZZ_CHECK(c.sent_all == 0);
	return 0;
}
