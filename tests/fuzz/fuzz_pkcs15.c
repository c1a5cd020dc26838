/* pcsc/card/pkcs15_parse.h: one file after the other into one model, as the
 * driver does. The input is a row of files: kind, length (2), bytes. */
#include "pcsc/card/pkcs15_parse.h"

#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/model.h"

#define FILES_MAX 24

static const enum ca_p15_kind kinds[] = {CA_P15_PRKDF, CA_P15_PUKDF,
    CA_P15_PUKDF_TRUSTED, CA_P15_SKDF, CA_P15_CDF, CA_P15_CDF_TRUSTED,
    CA_P15_CDF_USEFUL, CA_P15_DODF, CA_P15_AODF};

static void
odf_file(struct ca_rd file, struct ca_model *m)
{
	struct ca_p15_odf odf = {0};

	(void)!ca_p15_parse_odf(file, &odf, m);
	FUZZ_CHECK(odf.n <= CA_P15_DIRS_MAX);
	for (size_t i = 0; i < odf.n; i++)
		fuzz_ref(&odf.dirs[i].ref);
}

static void
path_and_text(struct ca_rd file)
{
	char text[CA_LABEL_MAX];
	struct ca_ref ref = {0};
	struct ca_rd rest = file;
	size_t cap = 1 + fuzz_choose(&rest, CA_LABEL_MAX);

	(void)!ca_p15_parse_path(file, &ref);
	fuzz_ref(&ref);
	ca_p15_text(rest, text, cap);
	fuzz_text(text, cap);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_rd in = ca_rd_of(data, size), bytes;
	struct ca_model *m = calloc(1, sizeof(*m));
	uint16_t n;

	fuzz_begin();
	FUZZ_CHECK(m != NULL);
	for (int i = 0; i < FILES_MAX && in.n > 0; i++) {
		size_t what = fuzz_choose(&in, CA_COUNT(kinds) + 3);
		struct ca_rd file;
		uint8_t *copy;

		if (!ca_rd_u16(&in, &n))
			break;
		if (!ca_rd_take(&in, n < in.n ? n : in.n, &bytes))
			break;
		copy = fuzz_copy(bytes);
		file = ca_rd_of(copy, bytes.n);
		if (what < CA_COUNT(kinds))
			(void)!ca_p15_parse_dir(kinds[what], file, m);
		else if (what == CA_COUNT(kinds))
			odf_file(file, m);
		else if (what == CA_COUNT(kinds) + 1)
			(void)!ca_p15_parse_token_info(file, m);
		else
			path_and_text(file);
		free(copy);
		fuzz_model(m);
	}
	ca_model_wipe(m);
	free(m);
	return 0;
}
