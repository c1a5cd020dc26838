/*
 * The profiles of conf/cards/ as they were when the module was built: a module
 * that stands alone (a build tree, a sandbox) still knows its cards. The table
 * is made by CMake and is not in the repository.
 */
#ifndef CA_CARD_PROFILE_BUILTIN_H
#define CA_CARD_PROFILE_BUILTIN_H

#include <stddef.h>

struct ca_profile_text {
	const char *name; /* without .conf */
	const char *text;
};

extern const struct ca_profile_text ca_profile_builtin[];
extern const size_t ca_profile_builtin_n;

#endif
