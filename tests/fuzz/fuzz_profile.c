/* pcsc/card/profile.h: a profile that parses is one a driver can rely on. */
#include "pcsc/card/profile.h"

#include <stdlib.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/card/driver.h"
#include "tests/fuzz/fuzz.h"

static void
bytes(const struct ca_bytes *b)
{
	FUZZ_CHECK(b->n <= sizeof(b->b));
}

static void
file_names(const struct ca_profile *p)
{
	const struct ca_bytes *files[] = {&p->aid, &p->path, &p->odf,
	    &p->token_info, &p->aodf, &p->prkdf, &p->pukdf, &p->cdf, &p->dodf,
	    &p->key_map};

	for (size_t i = 0; i < CA_COUNT(files); i++)
		bytes(files[i]);
}

static void
good(const struct ca_profile *p)
{
	fuzz_text(p->name, sizeof(p->name));
	fuzz_text(p->source, sizeof(p->source));
	fuzz_text(p->driver, sizeof(p->driver));
	fuzz_text(p->model, sizeof(p->model));
	fuzz_text(p->manufacturer, sizeof(p->manufacturer));
	fuzz_text(p->label, sizeof(p->label));
	FUZZ_CHECK(ca_registry_driver(p->driver) != NULL);
	FUZZ_CHECK(p->atrs_n <= CA_PROFILE_ATRS);
	for (size_t i = 0; i < p->atrs_n; i++)
		FUZZ_CHECK(p->atrs[i].n > 0 && p->atrs[i].n <= CA_ATR_MAX);
	file_names(p);
	FUZZ_CHECK(p->path.n % 2 == 0);
	FUZZ_CHECK(p->select_le <= 256);
	FUZZ_CHECK(p->read_max > 0 && p->read_max <= 256);
	FUZZ_CHECK(p->random_chunk <= 256);
	FUZZ_CHECK(p->ways_n <= CA_PROFILE_WAYS);
	for (size_t i = 0; i < p->ways_n; i++) {
		FUZZ_CHECK(p->ways[i].alg < CA_ALG_COUNT);
		bytes(&p->ways[i].alg_ref);
		bytes(&p->ways[i].file);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_profile *p = calloc(1, sizeof(*p));
	struct ca_profiles *all = calloc(1, sizeof(*all));
	unsigned faults = 0;
	ca_err e;

	fuzz_begin();
	FUZZ_CHECK(p != NULL && all != NULL);
	e = ca_profile_parse(ca_rd_of(data, size), "input", p, &faults);
	FUZZ_CHECK(e == CA_OK);
	if (faults == 0) {
		good(p);
		all->p[all->n++] = *p;
		(void)ca_profiles_any_by_aid(all);
		(void)ca_profiles_know_atr(all,
		    ca_rd_of(data, size < CA_ATR_MAX ? size : CA_ATR_MAX));
		for (size_t i = 0; i < p->atrs_n; i++)
			FUZZ_CHECK(ca_profile_matches(p,
			    ca_rd_of(p->atrs[i].value, p->atrs[i].n)));
	}
	free(all);
	free(p);
	return 0;
}
