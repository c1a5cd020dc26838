/* pcsc/conf/ini.h: any text, and a reader of pairs that refuses some. */
#include "pcsc/conf/ini.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

struct text {
	size_t lines;  /* it has */
	unsigned line; /* of the last pair */
};

static bool
row(void *arg, unsigned line, const char *section, const char *key,
    const char *value, const char **why)
{
	struct text *t = arg;

	FUZZ_CHECK(line > t->line && line <= t->lines);
	t->line = line;
	FUZZ_CHECK(strlen(section) <= CA_INI_SECTION);
	FUZZ_CHECK(strlen(key) + strlen(value) <= CA_INI_LINE);
	if (strcmp(key, "refuse") != 0)
		return true;
	*why = "refused";
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text t = {.lines = 1};
	unsigned faults = 0;

	fuzz_begin();
	for (size_t i = 0; i < size; i++)
		t.lines += data[i] == '\n';
	FUZZ_CHECK(ca_ini_parse(ca_rd_of(data, size), "input", row, &t,
		       &faults) == CA_OK);
	FUZZ_CHECK(faults <= t.lines);
	return 0;
}
