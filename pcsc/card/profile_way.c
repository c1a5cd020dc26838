/* Ways of doing an algorithm, from a profile: see profile_way.h. */
#include "pcsc/card/profile_way.h"

#include <stdio.h>
#include <string.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/card/profile_value.h"
#include "pcsc/conf/ini.h"

/* clang-format off */
static const struct ca_word alg_names[] = {
	{ "rsa-raw", CA_ALG_RSA_RAW },
	{ "rsa-pkcs1", CA_ALG_RSA_PKCS1 },
	{ "rsa-pkcs1-sha1", CA_ALG_RSA_PKCS1_SHA1 },
	{ "rsa-pkcs1-sha224", CA_ALG_RSA_PKCS1_SHA224 },
	{ "rsa-pkcs1-sha256", CA_ALG_RSA_PKCS1_SHA256 },
	{ "rsa-pkcs1-sha384", CA_ALG_RSA_PKCS1_SHA384 },
	{ "rsa-pkcs1-sha512", CA_ALG_RSA_PKCS1_SHA512 },
	{ "rsa-pss-sha1", CA_ALG_RSA_PSS_SHA1 },
	{ "rsa-pss-sha224", CA_ALG_RSA_PSS_SHA224 },
	{ "rsa-pss-sha256", CA_ALG_RSA_PSS_SHA256 },
	{ "rsa-pss-sha384", CA_ALG_RSA_PSS_SHA384 },
	{ "rsa-pss-sha512", CA_ALG_RSA_PSS_SHA512 },
	{ "ecdsa", CA_ALG_ECDSA },
	{ "ecdsa-data-sha1", CA_ALG_ECDSA_DATA_SHA1 },
	{ "ecdsa-data-sha224", CA_ALG_ECDSA_DATA_SHA224 },
	{ "ecdsa-data-sha256", CA_ALG_ECDSA_DATA_SHA256 },
	{ "ecdsa-data-sha384", CA_ALG_ECDSA_DATA_SHA384 },
	{ "ecdsa-data-sha512", CA_ALG_ECDSA_DATA_SHA512 },
	{ "rsa-pkcs1-data-sha1", CA_ALG_RSA_PKCS1_DATA_SHA1 },
	{ "rsa-pkcs1-data-sha224", CA_ALG_RSA_PKCS1_DATA_SHA224 },
	{ "rsa-pkcs1-data-sha256", CA_ALG_RSA_PKCS1_DATA_SHA256 },
	{ "rsa-pkcs1-data-sha384", CA_ALG_RSA_PKCS1_DATA_SHA384 },
	{ "rsa-pkcs1-data-sha512", CA_ALG_RSA_PKCS1_DATA_SHA512 },
	{ "rsa-decipher-raw", CA_ALG_RSA_DEC_RAW },
	{ "rsa-decipher-pkcs1", CA_ALG_RSA_DEC_PKCS1 },
	{ "rsa-decipher-oaep-sha1", CA_ALG_RSA_DEC_OAEP_SHA1 },
	{ "rsa-decipher-oaep-sha256", CA_ALG_RSA_DEC_OAEP_SHA256 },
	{ "rsa-decipher-oaep-sha384", CA_ALG_RSA_DEC_OAEP_SHA384 },
	{ "rsa-decipher-oaep-sha512", CA_ALG_RSA_DEC_OAEP_SHA512 },
	{ "ecdh", CA_ALG_ECDH },
	{ NULL, 0 },
};

static const struct ca_word commands[] = {
	{ "pso", CA_COMMAND_PSO },
	{ "pso-hash", CA_COMMAND_PSO_HASH },
	{ "pso-hash-echo", CA_COMMAND_PSO_ECHO },
	{ "internal-authenticate", CA_COMMAND_INTERNAL },
	{ "decipher", CA_COMMAND_DECIPHER },
	{ NULL, 0 },
};
static const struct ca_word files[] = {
	{ "key-path", CA_KEY_FILE_PATH },
	{ "key-file", CA_KEY_FILE_LAST },
	{ NULL, 0 },
};
static const struct ca_word key_tags[] = {
	{ "84", 0x84 },
	{ "83", 0x83 },
	{ "no", 0 },
	{ NULL, 0 },
};
static const struct ca_word points[] = {
	{ "bare", CA_POINT_BARE },
	{ "key", CA_POINT_KEY },
	{ "template", CA_POINT_TEMPLATE },
	{ NULL, 0 },
};
static const struct ca_word orders[] = {
	{ "algorithm-key", 0 },
	{ "key-algorithm", 1 },
	{ NULL, 0 },
};
static const struct ca_word proofs[] = {
	{ "yes", 0 },
	{ "self-check", 1 },
	{ NULL, 0 },
};
/* clang-format on */

/* "token-info", or the bytes of the algorithm reference. */
static bool
set_alg_ref(const struct ca_row *row, void *field, const char *value)
{
	struct ca_way *w = field;

	if (strcmp(value, "token-info") == 0) {
		w->from_token_info = true;
		return true;
	}
	return ca_set_bytes(row, &w->alg_ref, value);
}

/* Bytes, or what of the key's own path. */
static bool
set_key_file(const struct ca_row *row, void *field, const char *value)
{
	struct ca_way *w = field;
	int v;

	if (!ca_word_find(files, value, &v))
		return ca_set_bytes(row, &w->file, value);
	w->key_file = (enum ca_key_file)v;
	return true;
}

#define WAY(member) offsetof(struct ca_way, member)
#define NOTHING CA_ROW_NOTHING
/* clang-format off */
static const struct ca_row rows[] = {
	{ NULL, "crt", ca_set_byte, WAY(crt), NOTHING, NULL },
	{ NULL, "p1", ca_set_byte, WAY(p1), NOTHING, NULL },
	{ NULL, "algorithm", set_alg_ref, 0, NOTHING, NULL },
	{ NULL, "file", set_key_file, 0, NOTHING, NULL },
	{ NULL, "key_tag", ca_set_word_byte, WAY(key_tag), NOTHING, key_tags },
	{ NULL, "order", ca_set_word_bool, WAY(key_first), NOTHING, orders },
	{ NULL, "command", ca_set_enum, WAY(command), NOTHING, commands },
	{ NULL, "mse", ca_set_not, WAY(no_mse), NOTHING, NULL },
	{ NULL, "indicator", ca_set_byte, WAY(indicator), WAY(has_indicator), NULL },
	{ NULL, "extended", ca_set_bool, WAY(extended), NOTHING, NULL },
	{ NULL, "max_input", ca_set_size, WAY(max_input), NOTHING, NULL },
	{ NULL, "input", ca_set_size, WAY(input), NOTHING, NULL },
	{ NULL, "bits", ca_set_size, WAY(bits), NOTHING, NULL },
	{ NULL, "fill", ca_set_bool, WAY(fill), NOTHING, NULL },
	{ NULL, "point", ca_set_enum, WAY(point), NOTHING, points },
	{ NULL, "proven", ca_set_word_bool, WAY(needs_proof), NOTHING, proofs },
};
/* clang-format on */

static bool
is_decipher(enum ca_alg alg)
{
	return alg >= CA_ALG_RSA_DEC_RAW && alg < CA_ALG_COUNT;
}

bool
ca_profile_way_begin(struct ca_profile *p, const char *section,
    struct ca_way **way, const char **why)
{
	char word[CA_INI_SECTION + 1];
	struct ca_way *w;
	int alg;

	(void)snprintf(word, sizeof(word), "%s",
	    section + strlen("algorithm "));
	word[strcspn(word, " ")] = '\0';
	if (!ca_word_find(alg_names, word, &alg)) {
		*why = "unknown algorithm";
		return false;
	}
	if (p->ways_n == CA_PROFILE_WAYS) {
		*why = "too many algorithms";
		return false;
	}
	w = &p->ways[p->ways_n++];
	memset(w, 0, sizeof(*w));
	w->alg = (enum ca_alg)alg;
	w->p1 = 0x41;
	w->key_tag = 0x84;
	w->crt = is_decipher(w->alg) ? 0xB8 : 0xB6;
	w->command = is_decipher(w->alg) ? CA_COMMAND_DECIPHER : CA_COMMAND_PSO;
	*way = w;
	return true;
}

bool
ca_profile_way_line(struct ca_way *way, const char *key, const char *value,
    const char **why)
{
	if (!ca_row_apply(rows, CA_COUNT(rows), way, NULL, key, value, why))
		return false;
	/* A block in, a block out: what else there is, its use shows. */
	if (way->needs_proof && way->alg != CA_ALG_RSA_RAW) {
		*why = "a self-check is for rsa-raw alone";
		return false;
	}
	return true;
}
