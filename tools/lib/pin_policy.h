/*
 * What a new PIN must be like: the token's own lengths, and the office's rules.
 */
#ifndef CA_TOOL_PIN_POLICY_H
#define CA_TOOL_PIN_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/base/secret.h"
#include "tools/lib/settings.h"

struct ca_pin_rules {
	const struct ca_settings *office; /* NULL: the token's lengths alone */
	size_t min, max; /* characters the token takes; max 0: not known */
};

/* Tells the rules to the user, before a PIN is chosen. */
void ca_pin_rules_tell(const struct ca_pin_rules *r);

/* Whether a new PIN keeps them. False: it was told which it breaks; the PIN is
 * not. Characters are those of UTF-8, letters and digits those of ASCII. */
bool ca_pin_rules_kept(const struct ca_pin_rules *r,
    const struct ca_secret *pin);

/* One of the PINs that everybody tries first: 12345678 and its like, or one
 * character repeated. */
bool ca_pin_well_known(const struct ca_secret *pin);

#endif
