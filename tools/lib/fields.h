/*
 * Results for a person: labels and values in two columns, and headings.
 */
#ifndef CA_TOOL_FIELDS_H
#define CA_TOOL_FIELDS_H

#include "pcsc/base/cdefs.h"

#define CA_FIELDS_MAX 32

/* Zeroed at first. */
struct ca_fields {
	struct {
		const char *label; /* borrowed */
		char *value;
	} row[CA_FIELDS_MAX];
	int n;
};

/* Adds a row; a value that cannot be had for want of memory is left out. */
CA_PRINTF(3, 4)
void ca_fields_add(struct ca_fields *f, const char *label, const char *fmt,
    ...);

/* Writes the rows to standard output, indented by two, values in one column,
 * and releases them. */
void ca_fields_print(struct ca_fields *f);

#endif
