/* ca-token pin change */
#include "tools/lib/i18n.h"
#include "tools/lib/pin_entry.h"
#include "tools/lib/pin_policy.h"
#include "tools/lib/say.h"
#include "tools/p11/pin.h"
#include "tools/token/new_pin.h"

const struct ca_option ca_pin_change_options[] = {
    {"pin-source", "file:PATH", N_("the old PIN is the first line there")},
    {"new-pin-source", "file:PATH", N_("the new PIN is the first line there")},
    {"any-pin", NULL, N_("the new PIN need not keep the office's rules")},
    {"spend-last-try", NULL, N_("the last try may be spent")},
    {NULL, NULL, NULL},
};

static enum ca_exit
typed(struct ca_run *r, const struct ca_p11_token *t, bool spend)
{
	struct ca_secret old_pin = {{0}, 0}, new_pin = {{0}, 0};
	enum ca_exit code = ca_pin_enter(ca_option(&r->given, "pin-source"),
	    _("Old PIN"), &old_pin);

	if (code == CA_EXIT_OK && ca_pin_well_known(&old_pin))
		ca_say(_("The old PIN is one that everybody tries first: it is "
			 "good that you change it."));
	if (code == CA_EXIT_OK)
		code = ca_new_pin(r, t, &old_pin, &new_pin);
	if (code == CA_EXIT_OK)
		code = ca_p11_change_pin(&r->p11, t, &old_pin, &new_pin, spend);
	ca_secret_wipe(&old_pin);
	ca_secret_wipe(&new_pin);
	return code;
}

enum ca_exit
ca_cmd_pin_change(struct ca_run *r)
{
	const struct ca_p11_token *t = ca_run_token(r);
	bool spend = ca_option(&r->given, "spend-last-try") != NULL;
	enum ca_exit code;

	if (t == NULL)
		return CA_EXIT_NO_TOKEN;
	ca_say(_("Token \"%s\", serial number %s"), t->label, t->serial);
	ca_p11_pin_tell(&r->p11, t, false);
	code = ca_p11_pin_usable(t, false, spend);
	if (code != CA_EXIT_OK)
		return code;
	if (ca_pin_keyed(r, t, "pin-source")) {
		ca_say(_("Enter the old PIN, then the new one twice, at the "
			 "reader."));
		code = ca_p11_change_pin(&r->p11, t, NULL, NULL, spend);
	} else {
		code = typed(r, t, spend);
	}
	if (code == CA_EXIT_OK)
		ca_say(_("The new PIN is set."));
	if (code == CA_EXIT_OK || code == CA_EXIT_PIN || code == CA_EXIT_LOCKED)
		ca_p11_pin_tell(&r->p11, t, false);
	return code;
}
