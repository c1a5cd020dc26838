/*
 * What the administrator sets for the tools: /etc/capkcs11/tools.conf, or the
 * file that CAPKCS11_TOOLS_CONF names. A missing file means the defaults; a
 * line with a mistake is told with its number and skipped.
 */
#ifndef CA_TOOL_SETTINGS_H
#define CA_TOOL_SETTINGS_H

#include <stdbool.h>

struct ca_settings {
	unsigned pin_min_length; /* characters of a new PIN */
	bool pin_upper;          /* a new PIN has an upper case letter */
	bool pin_lower;          /* ... a lower case letter */
	bool pin_digit;          /* ... a digit */
	unsigned
	    expiry_warn; /* days left from which on a certificate is told */
	unsigned expiry_renew; /* days that must be left for it to be renewed */
};

/* Fills *out. Nothing can fail beyond being told. */
void ca_settings_load(struct ca_settings *out);

#endif
