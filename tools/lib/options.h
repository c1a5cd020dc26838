/*
 * Command lines: a command is its words ("pin change"), the options it takes,
 * and what it does. Rows of tables; help texts are made from them.
 */
#ifndef CA_TOOL_OPTIONS_H
#define CA_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define CA_OPTIONS_MAX 32

struct ca_option {
	const char *name; /* without the dashes; NULL ends a table */
	const char
	    *value;       /* what the help calls its value; NULL: it has none */
	const char *help; /* N_() */
};

struct ca_given {
	const struct ca_option *options[CA_OPTIONS_MAX];
	const char *values[CA_OPTIONS_MAX]; /* "" of an option without value */
	size_t n;
	char **rest; /* arguments that are no options; borrowed from argv */
	int rest_n;
};

/*
 * Reads the command line behind the command's words: the options of both tables
 * (either may be NULL), long ones alone, before and after other arguments.
 * False: one of them is unknown or lacks its value; that was told.
 */
bool ca_options_read(struct ca_given *out, const struct ca_option *own,
    const struct ca_option *common, int argc, char **argv);

/* The value of an option as given last, "" for one without, NULL if it was not
 * given. Borrowed from argv. */
const char *ca_option(const struct ca_given *g, const char *name);

/* Writes the options of a table to standard output, one a line. */
void ca_options_help(const struct ca_option *table);

#endif
