/*
 * Values of a profile's keys, as a table of rows describes them: which key, how
 * its value reads, and where in a structure it goes. Internal to the files
 * profile_*.c; see profile.h.
 */
#ifndef CA_CARD_PROFILE_VALUE_H
#define CA_CARD_PROFILE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A word that a value may be, and what it stands for. */
struct ca_word {
	const char *text;
	int value;
};

struct ca_row;

/* Reads the value into the field; false: it cannot be one. */
typedef bool ca_setter(const struct ca_row *row, void *field,
    const char *value);

struct ca_row {
	const char *section, *key;
	ca_setter *set;
	size_t offset;
	size_t given; /* offset of a bool to set as well, or CA_ROW_NOTHING */
	const struct ca_word *words; /* ended by a NULL text */
};

#define CA_ROW_NOTHING SIZE_MAX

/* Text of a profile's name (CA_PROFILE_NAME) or line (CA_PROFILE_TEXT), not
 * empty. */
ca_setter ca_set_name, ca_set_line;
/* struct ca_bytes, not empty; a path has whole pairs of them. */
ca_setter ca_set_bytes, ca_set_path;
/* uint8_t in hexadecimal. */
ca_setter ca_set_byte;
/* size_t in decimal: at most 4096; 1 to 256. */
ca_setter ca_set_size, ca_set_chunk;
/* unsigned, 1 to 15. */
ca_setter ca_set_tries;
/* bool: yes or no; and the other way round. */
ca_setter ca_set_bool, ca_set_not;
/* One of the row's words, into an enum, a uint8_t or a bool. */
ca_setter ca_set_enum, ca_set_word_byte, ca_set_word_bool;

/* The value of a word in a list ended by a NULL text; false: not listed. */
bool ca_word_find(const struct ca_word *words, const char *text, int *out);

/*
 * Sets the field that the row for this section and key describes, in the
 * structure at base; a section of NULL is any. False, and why in a few words,
 * when there is no such row or the value is none.
 */
bool ca_row_apply(const struct ca_row *table, size_t n, void *base,
    const char *section, const char *key, const char *value, const char **why);

#endif
