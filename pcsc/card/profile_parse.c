/* The language of a profile: the rows below are all of it. See profile.h. */
#include "pcsc/card/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "pcsc/base/log.h"
#include "pcsc/card/driver.h"
#include "pcsc/conf/ini.h"

#define ROOM "profile"
#define LINE_MAX_TEXT 200

typedef bool setter(void *field, const char *value);

struct row {
	const char *section, *key;
	setter *set;
	size_t offset;
	size_t given; /* offset of a bool to set as well, or NOTHING */
};

#define NOTHING SIZE_MAX

static bool
set_text(void *field, const char *value, size_t cap)
{
	size_t n = strlen(value);

	if (n == 0 || n >= cap)
		return false;
	memcpy(field, value, n + 1);
	return true;
}

static bool
set_name(void *field, const char *value)
{
	return set_text(field, value, CA_PROFILE_NAME);
}

static bool
set_line(void *field, const char *value)
{
	return set_text(field, value, CA_PROFILE_TEXT);
}

static bool
set_driver(void *field, const char *value)
{
	return ca_registry_driver(value) != NULL && set_name(field, value);
}

static bool
set_bytes(void *field, const char *value)
{
	struct ca_bytes *b = field;

	return ca_hex_parse(value, b->b, sizeof(b->b), &b->n) && b->n > 0;
}

/* A path or FID: whole pairs of bytes. */
static bool
set_path(void *field, const char *value)
{
	struct ca_bytes *b = field;

	return set_bytes(field, value) && b->n % 2 == 0;
}

static bool
set_byte(void *field, const char *value)
{
	uint8_t b[1];
	size_t n;

	if (!ca_hex_parse(value, b, sizeof(b), &n) || n != 1)
		return false;
	*(uint8_t *)field = b[0];
	return true;
}

static bool
number(const char *value, unsigned long max, unsigned long *out)
{
	char *end;
	unsigned long v;

	if (value[0] < '0' || value[0] > '9')
		return false;
	v = strtoul(value, &end, 10);
	if (*end != '\0' || v > max)
		return false;
	*out = v;
	return true;
}

static bool
set_size(void *field, const char *value)
{
	unsigned long v;

	if (!number(value, 4096, &v))
		return false;
	*(size_t *)field = v;
	return true;
}

static bool
set_chunk(void *field, const char *value)
{
	unsigned long v;

	if (!number(value, 256, &v) || v == 0)
		return false;
	*(size_t *)field = v;
	return true;
}

static bool
set_tries(void *field, const char *value)
{
	unsigned long v;

	if (!number(value, 15, &v) || v == 0)
		return false;
	*(unsigned *)field = (unsigned)v;
	return true;
}

static bool
set_bool(void *field, const char *value)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return false;
	*(bool *)field = yes;
	return true;
}

struct word {
	const char *text;
	int value;
};

static bool
find_word(const struct word *words, size_t n, const char *value, int *out)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i].text, value) == 0) {
			*out = words[i].value;
			return true;
		}
	return false;
}

static bool
set_select(void *field, const char *value)
{
	static const struct word words[] = {{"fid", CA_SELECT_ANY},
	    {"ef", CA_SELECT_EF}, {"path", CA_SELECT_PATH}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(enum ca_select *)field = (enum ca_select)v;
	return true;
}

static bool
set_select_answer(void *field, const char *value)
{
	static const struct word words[] = {
	    {"fci", 0x00}, {"fcp", 0x04}, {"none", 0x0C}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(uint8_t *)field = (uint8_t)v;
	return true;
}

static bool
set_logout(void *field, const char *value)
{
	static const struct word words[] = {{"reset", CA_LOGOUT_RESET},
	    {"select-mf", CA_LOGOUT_SELECT_MF},
	    {"verify-ff", CA_LOGOUT_VERIFY_FF}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(enum ca_logout *)field = (enum ca_logout)v;
	return true;
}

static bool
set_unblock(void *field, const char *value)
{
	static const struct word words[] = {{"together", CA_UNBLOCK_TOGETHER},
	    {"after-verify", CA_UNBLOCK_AFTER_VERIFY}, {"no", CA_UNBLOCK_NO}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(enum ca_unblock *)field = (enum ca_unblock)v;
	return true;
}

/* "3BDF.." or "3BDF.. / FFFF..": value and mask. May be given several times. */
static bool
add_rule(struct ca_profile *p, const char *value, struct ca_atr_rule rule)
{
	const char *slash = strchr(value, '/');
	char first[LINE_MAX_TEXT];
	size_t n = slash != NULL ? (size_t)(slash - value) : strlen(value);
	size_t mask_n;

	if (p->atrs_n == CA_PROFILE_ATRS || n >= sizeof(first))
		return false;
	memcpy(first, value, n);
	first[n] = '\0';
	if (!ca_hex_parse(first, rule.value, sizeof(rule.value), &rule.n) ||
	    rule.n < 2)
		return false;
	memset(rule.mask, 0xFF, sizeof(rule.mask));
	if (slash != NULL &&
	    (!ca_hex_parse(slash + 1, rule.mask, sizeof(rule.mask), &mask_n) ||
		mask_n != rule.n))
		return false;
	p->atrs[p->atrs_n++] = rule;
	return true;
}

static bool
set_atr(void *field, const char *value)
{
	return add_rule(field, value, (struct ca_atr_rule){.n = 0});
}

static bool
set_historical(void *field, const char *value)
{
	return add_rule(field, value, (struct ca_atr_rule){.historical = true});
}

#define AT(member) offsetof(struct ca_profile, member)
/* clang-format off */
#define PIN_ROWS(section, pin) \
	{ section, "reference", set_byte, AT(pin.reference), AT(pin.has_reference) }, \
	{ section, "default_reference", set_byte, AT(pin.default_reference), AT(pin.has_default_reference) }, \
	{ section, "min", set_size, AT(pin.min), AT(pin.has_min) }, \
	{ section, "max", set_size, AT(pin.max), AT(pin.has_max) }, \
	{ section, "stored", set_size, AT(pin.stored), AT(pin.has_stored) }, \
	{ section, "pad", set_byte, AT(pin.pad), AT(pin.has_pad) }, \
	{ section, "tries", set_tries, AT(pin.tries), AT(pin.has_tries) }

static const struct row rows[] = {
	{ "profile", "name", set_name, AT(name), NOTHING },
	{ "profile", "driver", set_driver, AT(driver), NOTHING },
	{ "profile", "model", set_line, AT(model), NOTHING },
	{ "profile", "manufacturer", set_line, AT(manufacturer), NOTHING },
	{ "profile", "label", set_line, AT(label), NOTHING },
	{ "match", "atr", set_atr, 0, NOTHING },
	{ "match", "historical", set_historical, 0, NOTHING },
	{ "match", "aid", set_bytes, AT(aid), NOTHING },
	{ "application", "path", set_path, AT(path), NOTHING },
	{ "application", "select", set_select, AT(select), AT(has_select) },
	{ "application", "select_answer", set_select_answer, AT(select_p2), NOTHING },
	{ "application", "odf", set_path, AT(odf), NOTHING },
	{ "application", "token_info", set_path, AT(token_info), NOTHING },
	{ "application", "aodf", set_path, AT(aodf), NOTHING },
	{ "application", "prkdf", set_path, AT(prkdf), NOTHING },
	{ "application", "pukdf", set_path, AT(pukdf), NOTHING },
	{ "application", "cdf", set_path, AT(cdf), NOTHING },
	{ "application", "dodf", set_path, AT(dodf), NOTHING },
	{ "limits", "select", set_chunk, AT(select_le), NOTHING },
	{ "limits", "read", set_chunk, AT(read_max), NOTHING },
	{ "limits", "extended", set_bool, AT(extended), NOTHING },
	{ "limits", "chaining", set_bool, AT(chaining), NOTHING },
	{ "limits", "random", set_chunk, AT(random_chunk), NOTHING },
	{ "quirks", "tlv_holes", set_bool, AT(tlv_holes), NOTHING },
	{ "quirks", "padding_ends", set_bool, AT(padding_ends), NOTHING },
	{ "quirks", "logout", set_logout, AT(logout), NOTHING },
	{ "quirks", "select_keeps_login", set_bool, AT(select_keeps_login), NOTHING },
	{ "quirks", "select_pin", set_bool, AT(select_pin), NOTHING },
	{ "quirks", "select_key", set_bool, AT(select_key), NOTHING },
	{ "quirks", "unblock", set_unblock, AT(unblock), NOTHING },
	{ "quirks", "change_after_verify", set_bool, AT(change_after_verify), NOTHING },
	{ "quirks", "exact_without_padding", set_size, AT(exact_without_padding), NOTHING },
	{ "quirks", "pin_always_pads", set_bool, AT(pin_always_pads), NOTHING },
	{ "quirks", "pin_local_bit", set_bool, AT(pin_local_bit), NOTHING },
	PIN_ROWS("pin user", user),
	PIN_ROWS("pin so", so),
	{ "keys", "reference", set_byte, AT(key_reference), AT(has_key_reference) },
	{ "idprime", "container_base", set_byte, AT(container_base), NOTHING },
	{ "idprime", "container_step", set_byte, AT(container_step), NOTHING },
	{ "idprime", "key_map", set_path, AT(key_map), NOTHING },
	{ "keys", "reference_or", set_byte, AT(key_reference_or), NOTHING },
};
/* clang-format on */

/* [algorithm NAME] or [algorithm NAME N]: each such section is one way. */
/* clang-format off */
static const struct word alg_names[] = {
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
};
/* clang-format on */

static bool
set_command(void *field, const char *value)
{
	static const struct word words[] = {{"pso", CA_COMMAND_PSO},
	    {"pso-hash", CA_COMMAND_PSO_HASH},
	    {"pso-hash-echo", CA_COMMAND_PSO_ECHO},
	    {"internal-authenticate", CA_COMMAND_INTERNAL},
	    {"decipher", CA_COMMAND_DECIPHER}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(enum ca_command *)field = (enum ca_command)v;
	return true;
}

/* "token-info", or the bytes of the algorithm reference. */
static bool
set_alg_ref(void *field, const char *value)
{
	struct ca_way *w = field;

	if (strcmp(value, "token-info") == 0) {
		w->from_token_info = true;
		return true;
	}
	return set_bytes(&w->alg_ref, value);
}

/* Bytes, or what of the key's own path. */
static bool
set_key_file(void *field, const char *value)
{
	static const struct word words[] = {
	    {"key-path", CA_KEY_FILE_PATH}, {"key-file", CA_KEY_FILE_LAST}};
	struct ca_way *w = field;
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return set_bytes(&w->file, value);
	w->key_file = (enum ca_key_file)v;
	return true;
}

static bool
set_key_tag(void *field, const char *value)
{
	static const struct word words[] = {
	    {"84", 0x84}, {"83", 0x83}, {"no", 0}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(uint8_t *)field = (uint8_t)v;
	return true;
}

static bool
set_point(void *field, const char *value)
{
	static const struct word words[] = {{"bare", CA_POINT_BARE},
	    {"key", CA_POINT_KEY}, {"template", CA_POINT_TEMPLATE}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(enum ca_point *)field = (enum ca_point)v;
	return true;
}

static bool
set_order(void *field, const char *value)
{
	static const struct word words[] = {
	    {"algorithm-key", 0}, {"key-algorithm", 1}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(bool *)field = v == 1;
	return true;
}

static bool
set_mse(void *field, const char *value)
{
	bool wanted;

	if (!set_bool(&wanted, value))
		return false;
	*(bool *)field = !wanted;
	return true;
}

static bool
set_proven(void *field, const char *value)
{
	static const struct word words[] = {{"yes", 0}, {"self-check", 1}};
	int v;

	if (!find_word(words, CA_COUNT(words), value, &v))
		return false;
	*(bool *)field = v == 1;
	return true;
}

#define WAY(member) offsetof(struct ca_way, member)
/* clang-format off */
static const struct row way_rows[] = {
	{ NULL, "crt", set_byte, WAY(crt), NOTHING },
	{ NULL, "p1", set_byte, WAY(p1), NOTHING },
	{ NULL, "algorithm", set_alg_ref, 0, NOTHING },
	{ NULL, "file", set_key_file, 0, NOTHING },
	{ NULL, "key_tag", set_key_tag, WAY(key_tag), NOTHING },
	{ NULL, "order", set_order, WAY(key_first), NOTHING },
	{ NULL, "command", set_command, WAY(command), NOTHING },
	{ NULL, "mse", set_mse, WAY(no_mse), NOTHING },
	{ NULL, "indicator", set_byte, WAY(indicator), WAY(has_indicator) },
	{ NULL, "extended", set_bool, WAY(extended), NOTHING },
	{ NULL, "max_input", set_size, WAY(max_input), NOTHING },
	{ NULL, "input", set_size, WAY(input), NOTHING },
	{ NULL, "bits", set_size, WAY(bits), NOTHING },
	{ NULL, "fill", set_bool, WAY(fill), NOTHING },
	{ NULL, "point", set_point, WAY(point), NOTHING },
	{ NULL, "proven", set_proven, WAY(needs_proof), NOTHING },
};
/* clang-format on */

struct parse {
	struct ca_profile *p;
	char section[CA_INI_SECTION + 1]; /* the algorithm section we are in */
	struct ca_way *way;
};

static bool
apply(const struct row *table, size_t n, void *base, const char *section,
    const char *key, const char *value, const char **why)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &table[i];

		if (strcmp(r->key, key) != 0 ||
		    (section != NULL && strcmp(r->section, section) != 0))
			continue;
		if (!r->set((char *)base + r->offset, value)) {
			*why = "bad value";
			return false;
		}
		if (r->given != NOTHING)
			*(bool *)(void *)((char *)base + r->given) = true;
		return true;
	}
	*why = "unknown key";
	return false;
}

static bool
is_decipher(enum ca_alg alg)
{
	return alg >= CA_ALG_RSA_DEC_RAW && alg < CA_ALG_COUNT;
}

/* Starts the way of a section seen for the first time. */
static bool
begin_way(struct parse *s, const char *section, const char **why)
{
	const char *name = section + strlen("algorithm ");
	char word[CA_INI_SECTION + 1];
	int alg;

	(void)snprintf(s->section, sizeof(s->section), "%s", section);
	s->way = NULL;
	(void)snprintf(word, sizeof(word), "%s", name);
	word[strcspn(word, " ")] = '\0';
	if (!find_word(alg_names, CA_COUNT(alg_names), word, &alg)) {
		*why = "unknown algorithm";
		return false;
	}
	if (s->p->ways_n == CA_PROFILE_WAYS) {
		*why = "too many algorithms";
		return false;
	}
	s->way = &s->p->ways[s->p->ways_n++];
	memset(s->way, 0, sizeof(*s->way));
	s->way->alg = (enum ca_alg)alg;
	s->way->p1 = 0x41;
	s->way->key_tag = 0x84;
	s->way->crt = is_decipher(s->way->alg) ? 0xB8 : 0xB6;
	s->way->command =
	    is_decipher(s->way->alg) ? CA_COMMAND_DECIPHER : CA_COMMAND_PSO;
	return true;
}

/* Where a claim stands, for who makes it a second time. */
static void
note_line(struct ca_profile *p, const char *key, unsigned line)
{
	if (strcmp(key, "aid") == 0)
		p->aid_line = line;
	else if ((strcmp(key, "atr") == 0 || strcmp(key, "historical") == 0) &&
		 p->atrs_n > 0)
		p->atrs[p->atrs_n - 1].line = line;
}

static bool
row(void *arg, unsigned line, const char *section, const char *key,
    const char *value, const char **why)
{
	struct parse *s = arg;

	if (strncmp(section, "algorithm ", strlen("algorithm ")) != 0) {
		if (!apply(rows, CA_COUNT(rows), s->p, section, key, value,
			why))
			return false;
		note_line(s->p, key, line);
		return true;
	}
	if (strcmp(section, s->section) != 0 && !begin_way(s, section, why))
		return false;
	if (s->way == NULL) {
		*why = "in an unknown algorithm";
		return false;
	}
	if (!apply(way_rows, CA_COUNT(way_rows), s->way, NULL, key, value, why))
		return false;
	/* A block in, a block out: what else there is, its use shows. */
	if (s->way->needs_proof && s->way->alg != CA_ALG_RSA_RAW) {
		*why = "a self-check is for rsa-raw alone";
		return false;
	}
	return true;
}

static void
defaults(struct ca_profile *p, const char *name)
{
	memset(p, 0, sizeof(*p));
	(void)snprintf(p->name, sizeof(p->name), "%s", name);
	(void)snprintf(p->source, sizeof(p->source), "%s.conf", name);
	(void)snprintf(p->driver, sizeof(p->driver), "iso7816-15");
	p->select = CA_SELECT_PATH;
	p->select_le = 256;
	p->read_max = 256;
	p->chaining = true;
}

/* What only shows when the whole file is read. */
static const char *
missing(const struct ca_profile *p)
{
	if (p->atrs_n == 0 && p->aid.n == 0)
		return "neither historical, atr nor aid under [match]";
	if (p->aid.n == 0 && p->path.n == 0 &&
	    !ca_registry_driver(p->driver)->passive)
		return "neither aid nor path: nothing to select";
	if (p->path.n > 0 && (p->path.b[0] != 0x3F || p->path.b[1] != 0x00))
		return "[application] path does not begin with 3F00";
	if (p->model[0] == '\0')
		return "no model under [profile]";
	return NULL;
}

ca_err
ca_profile_parse(struct ca_rd text, const char *name, struct ca_profile *out,
    unsigned *faults)
{
	struct parse s = {.p = out};
	const char *why;
	ca_err e;

	defaults(out, name);
	for (size_t i = 0; i < CA_COUNT(out->ways); i++)
		out->ways[i].alg = CA_ALG_COUNT;
	out->user.given = out->so.given = true;
	if ((e = ca_ini_parse(text, out->source, row, &s, faults)) != CA_OK)
		return e;
	/* Without a path an EF is found under the application alone. */
	if (!out->has_select && out->path.n == 0)
		out->select = CA_SELECT_EF;
	if ((why = missing(out)) != NULL) {
		ca_log(CA_LOG_ERROR, ROOM, "%s: %s", out->source, why);
		(*faults)++;
	}
	return CA_OK;
}
