/* See the header. */
#include "pcsc/token/folder.h"

#include <stdio.h>
#include <string.h>

bool
ca_folder(const char *store, const char *serial, char *out, size_t cap)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz.-_";
	size_t at = strlen(store);

	/* "." and ".." would name other folders. */
	if (at == 0 || serial[0] == '\0' || serial[0] == '.' ||
	    (size_t)snprintf(out, cap, "%s/%s", store, serial) >= cap)
		return false;
	for (char *c = out + at + 1; *c != '\0'; c++)
		if (strchr(plain, *c) == NULL)
			*c = '_';
	return true;
}
