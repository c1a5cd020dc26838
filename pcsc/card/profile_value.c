/* Values of a profile's keys: see profile_value.h. */
#include "pcsc/card/profile_value.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "pcsc/card/profile.h"

/* ca_set_enum() writes any of them as an int. */
static_assert(sizeof(enum ca_select) == sizeof(int) &&
		  sizeof(enum ca_command) == sizeof(int),
    "enumerations are as large as int");

static bool
set_text(void *field, const char *value, size_t cap)
{
	size_t n = strlen(value);

	if (n == 0 || n >= cap)
		return false;
	memcpy(field, value, n + 1);
	return true;
}

bool
ca_set_name(const struct ca_row *row, void *field, const char *value)
{
	(void)row;
	return set_text(field, value, CA_PROFILE_NAME);
}

bool
ca_set_line(const struct ca_row *row, void *field, const char *value)
{
	(void)row;
	return set_text(field, value, CA_PROFILE_TEXT);
}

bool
ca_set_bytes(const struct ca_row *row, void *field, const char *value)
{
	struct ca_bytes *b = field;

	(void)row;
	return ca_hex_parse(value, b->b, sizeof(b->b), &b->n) && b->n > 0;
}

bool
ca_set_path(const struct ca_row *row, void *field, const char *value)
{
	struct ca_bytes *b = field;

	return ca_set_bytes(row, field, value) && b->n % 2 == 0;
}

bool
ca_set_byte(const struct ca_row *row, void *field, const char *value)
{
	uint8_t b[1];
	size_t n;

	(void)row;
	if (!ca_hex_parse(value, b, sizeof(b), &n) || n != 1)
		return false;
	*(uint8_t *)field = b[0];
	return true;
}

static bool
number(const char *value, unsigned long min, unsigned long max,
    unsigned long *out)
{
	char *end;
	unsigned long v;

	if (value[0] < '0' || value[0] > '9')
		return false;
	v = strtoul(value, &end, 10);
	if (*end != '\0' || v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool
ca_set_size(const struct ca_row *row, void *field, const char *value)
{
	unsigned long v;

	(void)row;
	if (!number(value, 0, 4096, &v))
		return false;
	*(size_t *)field = v;
	return true;
}

bool
ca_set_chunk(const struct ca_row *row, void *field, const char *value)
{
	unsigned long v;

	(void)row;
	if (!number(value, 1, 256, &v))
		return false;
	*(size_t *)field = v;
	return true;
}

bool
ca_set_tries(const struct ca_row *row, void *field, const char *value)
{
	unsigned long v;

	(void)row;
	if (!number(value, 1, 15, &v))
		return false;
	*(unsigned *)field = (unsigned)v;
	return true;
}

bool
ca_set_bool(const struct ca_row *row, void *field, const char *value)
{
	bool yes = strcmp(value, "yes") == 0;

	(void)row;
	if (!yes && strcmp(value, "no") != 0)
		return false;
	*(bool *)field = yes;
	return true;
}

bool
ca_set_not(const struct ca_row *row, void *field, const char *value)
{
	bool yes;

	if (!ca_set_bool(row, &yes, value))
		return false;
	*(bool *)field = !yes;
	return true;
}

bool
ca_word_find(const struct ca_word *words, const char *text, int *out)
{
	for (; words->text != NULL; words++)
		if (strcmp(words->text, text) == 0) {
			*out = words->value;
			return true;
		}
	return false;
}

bool
ca_set_enum(const struct ca_row *row, void *field, const char *value)
{
	int v;

	if (!ca_word_find(row->words, value, &v))
		return false;
	memcpy(field, &v, sizeof(v));
	return true;
}

bool
ca_set_word_byte(const struct ca_row *row, void *field, const char *value)
{
	int v;

	if (!ca_word_find(row->words, value, &v))
		return false;
	*(uint8_t *)field = (uint8_t)v;
	return true;
}

bool
ca_set_word_bool(const struct ca_row *row, void *field, const char *value)
{
	int v;

	if (!ca_word_find(row->words, value, &v))
		return false;
	*(bool *)field = v == 1;
	return true;
}

bool
ca_row_apply(const struct ca_row *table, size_t n, void *base,
    const char *section, const char *key, const char *value, const char **why)
{
	for (size_t i = 0; i < n; i++) {
		const struct ca_row *r = &table[i];

		if (strcmp(r->key, key) != 0 ||
		    (section != NULL && strcmp(r->section, section) != 0))
			continue;
		if (!r->set(r, (char *)base + r->offset, value)) {
			*why = "bad value";
			return false;
		}
		if (r->given != CA_ROW_NOTHING)
			*(bool *)(void *)((char *)base + r->given) = true;
		return true;
	}
	*why = "unknown key";
	return false;
}
