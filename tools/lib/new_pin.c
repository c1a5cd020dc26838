#include "tools/lib/new_pin.h"

#include "tools/lib/i18n.h"
#include "tools/lib/pin_entry.h"
#include "tools/lib/pin_policy.h"
#include "tools/lib/say.h"

static bool
is_other(const struct ca_secret *pin, const struct ca_secret *other)
{
	if (other == NULL || pin->n != other->n ||
	    ca_const_cmp(pin->b, other->b, pin->n) != 0)
		return false;
	ca_say_wrong(_("The new PIN is the old one."));
	return true;
}

enum ca_exit
ca_new_pin_enter(const struct ca_new_pin *how, struct ca_secret *out)
{
	struct ca_settings office;
	struct ca_pin_rules rules = {NULL, how->min, how->max};
	enum ca_exit code;

	ca_settings_load(&office);
	if (!how->any)
		rules.office = &office;
	ca_pin_rules_tell(&rules);
	code = ca_pin_enter_new(how->source, _("New PIN"),
	    _("New PIN, once more"), out);
	if (code != CA_EXIT_OK)
		return code;
	if (ca_pin_rules_kept(&rules, out) && !is_other(out, how->other))
		return CA_EXIT_OK;
	ca_secret_wipe(out);
	ca_say_kept(_("Nothing was sent to the token; the PIN is the one it "
		      "was."));
	return CA_EXIT_INPUT;
}
