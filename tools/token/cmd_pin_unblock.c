/* ca-token pin unblock */
#include "module/capkcs11.h"
#include "tools/card/remote_command.h"
#include "tools/lib/i18n.h"
#include "tools/lib/pin_entry.h"
#include "tools/lib/say.h"
#include "tools/p11/pin.h"
#include "tools/token/new_pin.h"

const struct ca_option ca_pin_unblock_options[] = {
    {"puk-source", "file:PATH", N_("the PUK is the first line there")},
    {"new-pin-source", "file:PATH", N_("the new PIN is the first line there")},
    {"any-pin", NULL, N_("the new PIN need not keep the office's rules")},
    {"remote", NULL, N_("by the answer of a support desk, without the PUK")},
    {"reader", "READER", N_("with --remote: the reader that holds the card")},
    {"spend-last-try", NULL, N_("the last try may be spent")},
    {NULL, NULL, NULL},
};

static enum ca_exit
typed(struct ca_run *r, const struct ca_p11_token *t, bool spend)
{
	struct ca_secret puk = {{0}, 0}, new_pin = {{0}, 0};
	enum ca_exit code =
	    ca_pin_enter(ca_option(&r->given, "puk-source"), _("PUK"), &puk);

	if (code == CA_EXIT_OK)
		code = ca_new_pin(r, t, NULL, &new_pin);
	if (code == CA_EXIT_OK)
		code = ca_p11_unblock(&r->p11, t, &puk, &new_pin, spend);
	ca_secret_wipe(&puk);
	ca_secret_wipe(&new_pin);
	return code;
}

/* A token without a known way, or without a PUK: what is left is the letter. */
static enum ca_exit
cannot(const struct ca_p11_token *t)
{
	ca_say_wrong(_("No way is known to unlock this token by a PUK."));
	ca_say_kept(_("Nothing was sent to the token."));
	ca_say_next(_("Ask the office that gave it to you for recovery of its "
		      "password. The request wants the serial number of the "
		      "token: %s"),
	    t->serial);
	return CA_EXIT_CANNOT;
}

static enum ca_exit
at_distance(const struct ca_given *g)
{
	struct ca_remote_order o = {
	    .token = ca_option(g, "token"),
	    .reader = ca_option(g, "reader"),
	    .new_pin_source = ca_option(g, "new-pin-source"),
	    .any_pin = ca_option(g, "any-pin") != NULL,
	    .spend_last = ca_option(g, "spend-last-try") != NULL,
	};

	return ca_remote_command(&o);
}

static enum ca_exit
by_puk(struct ca_run *r, bool spend)
{
	const struct ca_p11_token *t = ca_run_token(r);
	enum ca_exit code;

	if (t == NULL)
		return CA_EXIT_NO_TOKEN;
	ca_say(_("Token \"%s\", serial number %s"), t->label, t->serial);
	if (t->family[0] != '\0' && (t->can & CAPKCS11_CAN_UNBLOCK) == 0)
		return cannot(t);
	ca_p11_pin_tell(&r->p11, t, true);
	code = ca_p11_pin_usable(t, true, spend);
	if (code != CA_EXIT_OK)
		return code;
	if (ca_pin_keyed(r, t, "puk-source")) {
		ca_say(_("Enter the PUK, then the new PIN twice, at the "
			 "reader."));
		code = ca_p11_unblock(&r->p11, t, NULL, NULL, spend);
	} else {
		code = typed(r, t, spend);
	}
	if (code == CA_EXIT_OK)
		ca_say(_("The new PIN is set, and all its tries are back."));
	if (code == CA_EXIT_PIN || code == CA_EXIT_LOCKED)
		ca_p11_pin_tell(&r->p11, t, true);
	return code;
}

enum ca_exit
ca_cmd_pin_unblock(struct ca_run *r)
{
	bool spend = ca_option(&r->given, "spend-last-try") != NULL;

	return ca_option(&r->given, "remote") != NULL ? at_distance(&r->given)
						      : by_puk(r, spend);
}
