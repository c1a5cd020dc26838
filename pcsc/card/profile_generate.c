/* See the header. */
#include "pcsc/card/profile_generate.h"

#include <string.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/card/profile_value.h"

#define SECTION "generate"
#define NOTHING CA_ROW_NOTHING

/* clang-format off */
static const struct ca_word kinds[] = {
	{ "rsa-1024", CA_GEN_RSA_1024 },
	{ "rsa-2048", CA_GEN_RSA_2048 },
	{ "rsa-3072", CA_GEN_RSA_3072 },
	{ "rsa-4096", CA_GEN_RSA_4096 },
	{ "p256", CA_GEN_P256 },
	{ "p384", CA_GEN_P384 },
	{ "p521", CA_GEN_P521 },
	{ NULL, 0 },
};
/* clang-format on */

/* "token-info", or the bytes of the algorithm reference. */
static bool
set_alg_ref(const struct ca_row *row, void *field, const char *value)
{
	struct ca_make *m = field;

	m->from_token_info = strcmp(value, "token-info") == 0;
	return m->from_token_info || ca_set_bytes(row, &m->alg_ref, value);
}

#define AT(member) offsetof(struct ca_profile, member)
/* clang-format off */
static const struct ca_row rows[] = {
	{ NULL, "references", ca_set_path, AT(gen.references), NOTHING, NULL },
	{ NULL, "public_file", ca_set_path, AT(gen.public_file), NOTHING, NULL },
	{ NULL, "public_access", ca_set_bytes, AT(gen.public_access), NOTHING, NULL },
	{ NULL, "prkdf", ca_set_path, AT(gen.prkdf), NOTHING, NULL },
	{ NULL, "pukdf", ca_set_path, AT(gen.pukdf), NOTHING, NULL },
	{ NULL, "directory_size", ca_set_size, AT(gen.directory_size), NOTHING, NULL },
	{ NULL, "directory_access", ca_set_bytes, AT(gen.directory_access), NOTHING, NULL },
};

#define MAKE(member) offsetof(struct ca_make, member)
static const struct ca_row make_rows[] = {
	{ NULL, "algorithm", set_alg_ref, 0, MAKE(given), NULL },
	{ NULL, "p1", ca_set_byte, MAKE(p1), MAKE(has_p1), NULL },
};
/* clang-format on */

bool
ca_profile_is_generate(const char *section)
{
	size_t n = strlen(SECTION);

	return strncmp(section, SECTION, n) == 0 &&
	       (section[n] == '\0' || section[n] == ' ');
}

bool
ca_profile_generate_line(struct ca_profile *p, const char *section,
    const char *key, const char *value, const char **why)
{
	int kind;

	if (strcmp(section, SECTION) == 0)
		return ca_row_apply(rows, CA_COUNT(rows), p, NULL, key, value,
		    why);
	if (!ca_word_find(kinds, section + strlen(SECTION) + 1, &kind)) {
		*why = "unknown kind of key";
		return false;
	}
	return ca_row_apply(make_rows, CA_COUNT(make_rows), &p->gen.makes[kind],
	    NULL, key, value, why);
}
