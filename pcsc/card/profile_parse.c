/* The language of a profile: the rows below are all of it but the sections
 * [algorithm NAME], which are in profile_way.c, and [generate], which are in
 * profile_generate.c. See profile.h. */
#include "pcsc/card/profile.h"

#include <stdio.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "pcsc/base/log.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/profile_generate.h"
#include "pcsc/card/profile_value.h"
#include "pcsc/card/profile_way.h"
#include "pcsc/conf/ini.h"

#define ROOM "profile"
#define LINE_MAX_TEXT 200

/* clang-format off */
static const struct ca_word selects[] = {
	{ "fid", CA_SELECT_ANY },
	{ "ef", CA_SELECT_EF },
	{ "path", CA_SELECT_PATH },
	{ NULL, 0 },
};
static const struct ca_word answers[] = {
	{ "fci", 0x00 },
	{ "fcp", 0x04 },
	{ "none", 0x0C },
	{ NULL, 0 },
};
static const struct ca_word logouts[] = {
	{ "reset", CA_LOGOUT_RESET },
	{ "select-mf", CA_LOGOUT_SELECT_MF },
	{ "verify-ff", CA_LOGOUT_VERIFY_FF },
	{ NULL, 0 },
};
static const struct ca_word unblocks[] = {
	{ "together", CA_UNBLOCK_TOGETHER },
	{ "after-verify", CA_UNBLOCK_AFTER_VERIFY },
	{ "no", CA_UNBLOCK_NO },
	{ NULL, 0 },
};
static const struct ca_word ciphers[] = {
	{ "3des", CA_REMOTE_3DES },
	{ "aes", CA_REMOTE_AES },
	{ NULL, 0 },
};
/* clang-format on */

static bool
set_driver(const struct ca_row *row, void *field, const char *value)
{
	return ca_registry_driver(value) != NULL &&
	       ca_set_name(row, field, value);
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
set_atr(const struct ca_row *row, void *field, const char *value)
{
	(void)row;
	return add_rule(field, value, (struct ca_atr_rule){.n = 0});
}

static bool
set_historical(const struct ca_row *row, void *field, const char *value)
{
	(void)row;
	return add_rule(field, value, (struct ca_atr_rule){.historical = true});
}

#define NOTHING CA_ROW_NOTHING
#define AT(member) offsetof(struct ca_profile, member)
/* clang-format off */
#define PIN_ROWS(section, pin) \
	{ section, "reference", ca_set_byte, AT(pin.reference), AT(pin.has_reference), NULL }, \
	{ section, "default_reference", ca_set_byte, AT(pin.default_reference), AT(pin.has_default_reference), NULL }, \
	{ section, "min", ca_set_size, AT(pin.min), AT(pin.has_min), NULL }, \
	{ section, "max", ca_set_size, AT(pin.max), AT(pin.has_max), NULL }, \
	{ section, "stored", ca_set_size, AT(pin.stored), AT(pin.has_stored), NULL }, \
	{ section, "pad", ca_set_byte, AT(pin.pad), AT(pin.has_pad), NULL }, \
	{ section, "tries", ca_set_tries, AT(pin.tries), AT(pin.has_tries), NULL }

static const struct ca_row rows[] = {
	{ "profile", "name", ca_set_name, AT(name), NOTHING, NULL },
	{ "profile", "driver", set_driver, AT(driver), NOTHING, NULL },
	{ "profile", "model", ca_set_line, AT(model), NOTHING, NULL },
	{ "profile", "manufacturer", ca_set_line, AT(manufacturer), NOTHING, NULL },
	{ "profile", "label", ca_set_line, AT(label), NOTHING, NULL },
	{ "match", "atr", set_atr, 0, NOTHING, NULL },
	{ "match", "historical", set_historical, 0, NOTHING, NULL },
	{ "match", "aid", ca_set_bytes, AT(aid), NOTHING, NULL },
	{ "application", "path", ca_set_path, AT(path), NOTHING, NULL },
	{ "application", "select", ca_set_enum, AT(select), AT(has_select), selects },
	{ "application", "select_answer", ca_set_word_byte, AT(select_p2), NOTHING, answers },
	{ "application", "odf", ca_set_path, AT(odf), NOTHING, NULL },
	{ "application", "token_info", ca_set_path, AT(token_info), NOTHING, NULL },
	{ "application", "aodf", ca_set_path, AT(aodf), NOTHING, NULL },
	{ "application", "prkdf", ca_set_path, AT(prkdf), NOTHING, NULL },
	{ "application", "pukdf", ca_set_path, AT(pukdf), NOTHING, NULL },
	{ "application", "cdf", ca_set_path, AT(cdf), NOTHING, NULL },
	{ "application", "dodf", ca_set_path, AT(dodf), NOTHING, NULL },
	{ "limits", "select", ca_set_chunk, AT(select_le), NOTHING, NULL },
	{ "limits", "read", ca_set_chunk, AT(read_max), NOTHING, NULL },
	{ "limits", "extended", ca_set_bool, AT(extended), NOTHING, NULL },
	{ "limits", "chaining", ca_set_bool, AT(chaining), NOTHING, NULL },
	{ "limits", "random", ca_set_chunk, AT(random_chunk), NOTHING, NULL },
	{ "quirks", "tlv_holes", ca_set_bool, AT(tlv_holes), NOTHING, NULL },
	{ "quirks", "padding_ends", ca_set_bool, AT(padding_ends), NOTHING, NULL },
	{ "quirks", "logout", ca_set_enum, AT(logout), NOTHING, logouts },
	{ "quirks", "select_keeps_login", ca_set_bool, AT(select_keeps_login), NOTHING, NULL },
	{ "quirks", "select_pin", ca_set_bool, AT(select_pin), NOTHING, NULL },
	{ "quirks", "select_key", ca_set_bool, AT(select_key), NOTHING, NULL },
	{ "quirks", "unblock", ca_set_enum, AT(unblock), NOTHING, unblocks },
	{ "quirks", "change_after_verify", ca_set_bool, AT(change_after_verify), NOTHING, NULL },
	{ "quirks", "exact_without_padding", ca_set_size, AT(exact_without_padding), NOTHING, NULL },
	{ "quirks", "pin_always_pads", ca_set_bool, AT(pin_always_pads), NOTHING, NULL },
	{ "quirks", "pin_local_bit", ca_set_bool, AT(pin_local_bit), NOTHING, NULL },
	PIN_ROWS("pin user", user),
	PIN_ROWS("pin so", so),
	{ "admin key", "cipher", ca_set_enum, AT(admin.cipher), NOTHING, ciphers },
	{ "admin key", "reference", ca_set_byte, AT(admin.reference), AT(admin.has_reference), NULL },
	{ "admin key", "algorithm", ca_set_byte, AT(admin.algorithm), NOTHING, NULL },
	{ "admin key", "query", ca_set_not, AT(admin.no_query), NOTHING, NULL },
	{ "keys", "reference", ca_set_byte, AT(key_reference), AT(has_key_reference), NULL },
	{ "idprime", "container_base", ca_set_byte, AT(container_base), NOTHING, NULL },
	{ "idprime", "container_step", ca_set_byte, AT(container_step), NOTHING, NULL },
	{ "idprime", "key_map", ca_set_path, AT(key_map), NOTHING, NULL },
	{ "keys", "reference_or", ca_set_byte, AT(key_reference_or), NOTHING, NULL },
};
/* clang-format on */

struct parse {
	struct ca_profile *p;
	char section[CA_INI_SECTION + 1]; /* the algorithm section we are in */
	struct ca_way *way;
};

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

	if (ca_profile_is_generate(section))
		return ca_profile_generate_line(s->p, section, key, value, why);
	if (strncmp(section, "algorithm ", strlen("algorithm ")) != 0) {
		if (!ca_row_apply(rows, CA_COUNT(rows), s->p, section, key,
			value, why))
			return false;
		note_line(s->p, key, line);
		return true;
	}
	if (strcmp(section, s->section) != 0) {
		(void)snprintf(s->section, sizeof(s->section), "%s", section);
		s->way = NULL;
		if (!ca_profile_way_begin(s->p, section, &s->way, why))
			return false;
	}
	if (s->way == NULL) {
		*why = "in an unknown algorithm";
		return false;
	}
	return ca_profile_way_line(s->way, key, value, why);
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

/* Whether some reference for a new key lacks the bits that every one has: it
 * would look free while a key has it, and be taken from that key. */
static bool
lacks_bits(const struct ca_profile *p)
{
	const struct ca_bytes *range = &p->gen.references;
	uint8_t bits = p->key_reference_or;

	for (unsigned n = range->b[0]; range->n == 2 && n <= range->b[1]; n++)
		if ((n & bits) != bits)
			return true;
	return false;
}

/* What is wrong with the administrator's key, NULL: nothing. */
static const char *
admin_fault(const struct ca_profile *p)
{
	const struct ca_driver *d = ca_registry_driver(p->driver);

	if (p->admin.has_reference != (p->admin.cipher != CA_REMOTE_NONE))
		return "[admin key] needs both cipher and reference";
	if (p->admin.has_reference &&
	    (d->remote == NULL || d->remote(p) != p->admin.cipher))
		return "the driver has no use for [admin key]";
	return NULL;
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
	for (size_t i = 0; i < CA_COUNT(p->gen.makes); i++)
		if (p->gen.makes[i].given &&
		    (p->gen.references.n != 2 || p->gen.public_file.n != 2 ||
			p->path.n == 0))
			return "[generate] needs references, public_file and "
			       "a path of the application";
	if (lacks_bits(p))
		return "[generate] references without the bits of reference_or";
	return admin_fault(p);
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
