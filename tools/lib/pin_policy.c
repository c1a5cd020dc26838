#include "tools/lib/pin_policy.h"

#include <stdio.h>
#include <string.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

static size_t
characters(const struct ca_secret *pin)
{
	size_t n = 0;

	for (size_t i = 0; i < pin->n; i++)
		n += (pin->b[i] & 0xc0) != 0x80;
	return n;
}

static bool
has(const struct ca_secret *pin, uint8_t first, uint8_t last)
{
	for (size_t i = 0; i < pin->n; i++)
		if (pin->b[i] >= first && pin->b[i] <= last)
			return true;
	return false;
}

/* The office's length, as far as the token takes so long a PIN. */
static size_t
shortest(const struct ca_pin_rules *r)
{
	size_t n = r->office != NULL ? r->office->pin_min_length : 0;

	if (r->max != 0 && n > r->max)
		n = r->max;
	return n > r->min ? n : r->min;
}

void
ca_pin_rules_tell(const struct ca_pin_rules *r)
{
	if (r->max != 0)
		ca_say(_("A new PIN has %zu to %zu characters."), shortest(r),
		    r->max);
	else
		ca_say(_("A new PIN has at least %zu characters."),
		    shortest(r));
	if (r->office == NULL)
		return;
	if (r->office->pin_upper)
		ca_say(_("- at least one upper case letter, A to Z"));
	if (r->office->pin_lower)
		ca_say(_("- at least one lower case letter, a to z"));
	if (r->office->pin_digit)
		ca_say(_("- at least one digit"));
}

static bool
length_kept(const struct ca_pin_rules *r, size_t n)
{
	if (n < shortest(r))
		ca_say_wrong(_("The new PIN is too short."));
	else if (r->max != 0 && n > r->max)
		ca_say_wrong(_("The new PIN is too long for this token."));
	else
		return true;
	return false;
}

static bool
classes_kept(const struct ca_settings *office, const struct ca_secret *pin)
{
	if (office == NULL)
		return true;
	if (office->pin_upper && !has(pin, 'A', 'Z'))
		ca_say_wrong(_("The new PIN has no upper case letter."));
	else if (office->pin_lower && !has(pin, 'a', 'z'))
		ca_say_wrong(_("The new PIN has no lower case letter."));
	else if (office->pin_digit && !has(pin, '0', '9'))
		ca_say_wrong(_("The new PIN has no digit."));
	else
		return true;
	return false;
}

bool
ca_pin_rules_kept(const struct ca_pin_rules *r, const struct ca_secret *pin)
{
	if (!length_kept(r, characters(pin)) || !classes_kept(r->office, pin))
		return false;
	if (r->office == NULL || !ca_pin_well_known(pin))
		return true;
	ca_say_wrong(_("The new PIN is one that everybody tries first."));
	return false;
}

bool
ca_pin_well_known(const struct ca_secret *pin)
{
	static const char up[] = "0123456789", down[] = "9876543210";
	char text[CA_SECRET_MAX + 1];
	bool same = pin->n > 0, found;

	for (size_t i = 1; i < pin->n; i++)
		same = same && pin->b[i] == pin->b[0];
	memcpy(text, pin->b, pin->n);
	text[pin->n] = '\0';
	found = pin->n > 0 && strlen(text) == pin->n &&
		(strstr(up, text) != NULL || strstr(down, text) != NULL);
	ca_wipe(text, sizeof(text));
	return same || found;
}
