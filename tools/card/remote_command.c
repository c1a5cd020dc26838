#include "tools/card/remote_command.h"

#include <stdio.h>
#include <string.h>

#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "pcsc/token/remote.h"
#include "tools/card/reader.h"
#include "tools/lib/i18n.h"
#include "tools/lib/new_pin.h"
#include "tools/lib/phone_code.h"
#include "tools/lib/say.h"

#define LINE 128
#define ROUNDS_MAX 10

/* What the order works with; released at its end. */
struct remote {
	struct ca_config config;
	struct ca_profiles *profiles;
	struct ca_token *token;
	struct ca_phone asked, answer;
	struct ca_secret pin;
};

static enum ca_exit
cannot(enum ca_token_remote why)
{
	switch (why) {
	case CA_TOKEN_REMOTE_CAN:
		return CA_EXIT_OK;
	case CA_TOKEN_REMOTE_PUK_ONLY:
		ca_say_wrong(_("This token wants the PUK itself: it knows no "
			       "challenge for the telephone."));
		ca_say_next(_("Use \"ca-token pin unblock\" with the PUK."));
		break;
	case CA_TOKEN_REMOTE_DENIED:
		ca_say_wrong(_("This token says that its PIN cannot be "
			       "unblocked."));
		break;
	default:
		ca_say_wrong(_("How this token is unblocked at a distance is "
			       "not known."));
	}
	ca_say_kept(_("Nothing was sent to the token."));
	return CA_EXIT_CANNOT;
}

static bool
named(const struct ca_token *t, const char *wanted)
{
	const struct ca_model *m = ca_token_model(t);

	return strcmp(m->serial, wanted) == 0 || strcmp(m->label, wanted) == 0;
}

static ca_err
open_in(struct remote *r, const char *reader)
{
	return ca_token_open(&ca_transport_pcsc, r->profiles, &r->config,
	    reader, &r->token);
}

/* The token with this serial number or label, in whatever reader. */
static enum ca_exit
open_named(struct remote *r, const struct ca_readers *all, const char *wanted)
{
	for (size_t i = 0; i < all->n; i++) {
		if (!all->r[i].card || open_in(r, all->r[i].name) != CA_OK)
			continue;
		if (named(r->token, wanted))
			return CA_EXIT_OK;
		ca_token_free(&r->token);
	}
	ca_say_wrong(_("No token here has the serial number or label \"%s\"."),
	    wanted);
	return CA_EXIT_NO_TOKEN;
}

static enum ca_exit
open_only(struct remote *r, const struct ca_readers *all, const char *wanted)
{
	const char *reader = NULL;
	enum ca_exit code = ca_readers_choose(all, wanted, &reader);

	if (code != CA_EXIT_OK || open_in(r, reader) == CA_OK)
		return code;
	ca_say_wrong(_("The token in reader %s could not be opened, or is of "
		       "no "
		       "family that is known."),
	    reader);
	ca_say_kept(_("Nothing was changed on it."));
	return CA_EXIT_NO_TOKEN;
}

static enum ca_exit
open_token(struct remote *r, const struct ca_remote_order *o)
{
	static struct ca_readers all;
	enum ca_exit code = ca_readers_list(&all);

	if (code != CA_EXIT_OK)
		return code;
	if (ca_config_load(&r->config) != CA_OK ||
	    ca_profiles_load(&r->config, &r->profiles) != CA_OK) {
		ca_say_wrong(_("There is not enough memory."));
		return CA_EXIT_FAILED;
	}
	code = o->token != NULL ? open_named(r, &all, o->token)
				: open_only(r, &all, o->reader);
	return code != CA_EXIT_OK ? code
				  : cannot(ca_token_remote_can(r->token));
}

static enum ca_exit
new_pin(struct remote *r, const struct ca_remote_order *o)
{
	const struct ca_model *m = ca_token_model(r->token);
	const struct ca_pin *pin = ca_model_pin(m, CA_PIN_USER);
	struct ca_new_pin how = {
	    .source = o->new_pin_source, .any = o->any_pin};

	ca_say(_("Token \"%s\", serial number %s"), m->label, m->serial);
	if (pin != NULL) {
		how.min = pin->min;
		how.max = pin->max;
	}
	return ca_new_pin_enter(&how, &r->pin);
}

static void
tell_tries(int left)
{
	if (left >= 0)
		ca_say(ngettext("%d try is left for the answer.",
			   "%d tries are left for the answer.",
			   (unsigned long)left),
		    left);
}

/* What the card, or token.c before it, said to an order. */
static enum ca_exit
refused(ca_err e, int left)
{
	switch (e) {
	case CA_E_PIN_LAST:
		ca_say_wrong(_("One try of the administrator's key is left."));
		ca_say_kept(_("Nothing was sent to the token."));
		ca_say_next(_("If you are sure, say so with "
			      "--spend-last-try."));
		return CA_EXIT_LOCKED;
	case CA_E_PIN_BLOCKED:
		ca_say_wrong(_("The administrator's key is locked."));
		ca_say_next(_("The token cannot be unlocked this way any more: "
			      "ask the office that gave it to you."));
		return CA_EXIT_LOCKED;
	case CA_E_PIN_WRONG:
		ca_say_wrong(_("The token does not take this answer: it was "
			       "made "
			       "with another key."));
		ca_say_kept(_("The PIN is the one it was."));
		tell_tries(left);
		return CA_EXIT_PIN;
	case CA_E_PIN_LEN:
		ca_say_wrong(_("The token does not take a PIN of this length "
			       "or "
			       "with these characters."));
		ca_say_kept(_("The PIN is the one it was."));
		return CA_EXIT_INPUT;
	case CA_E_REMOVED:
	case CA_E_RESET:
		ca_say_wrong(_("The token was pulled out, or another program "
			       "reset it: the challenge is void."));
		ca_say_kept(_("The PIN is the one it was."));
		ca_say_next(_("Plug the token in and begin anew, with a new "
			      "challenge."));
		return CA_EXIT_NO_TOKEN;
	default:
		ca_say_wrong(_("The token did not do it (%s)."),
		    ca_err_name(e));
		ca_say_next(_("Look with \"ca-token pin status\" before you "
			      "try "
			      "again."));
		return CA_EXIT_FAILED;
	}
}

static enum ca_exit
ask(struct remote *r, bool spend_last)
{
	struct ca_token_ask ask;
	char code[CA_PHONE_TEXT];
	ca_err e;

	memset(&ask, 0, sizeof(ask));
	ca_token_spend_last(r->token, spend_last);
	e = ca_token_remote_begin(r->token, &ask);
	if (e != CA_OK)
		return refused(e, ask.state.tries_left);
	r->asked = (struct ca_phone){.kind = CA_PHONE_CHALLENGE,
	    .scheme = ask.scheme,
	    .tag = ca_phone_token_tag(ca_token_model(r->token)->serial),
	    .n = ask.n};
	memcpy(r->asked.b, ask.challenge, ask.n);
	ca_phone_write(&r->asked, code);
	ca_say(_("Read this code to the support desk, with the serial "
		 "number:"));
	(void)printf("%s\n", code);
	(void)fflush(stdout);
	if (ask.scheme == CA_REMOTE_PUK_3DES)
		ca_say(_("Who hears both codes can find out the PUK: tell them "
			 "to "
			 "nobody but the desk."));
	return CA_EXIT_OK;
}

/* Why a code cannot be the answer, told; false: it is one. */
static bool
misheard(const struct remote *r, enum ca_phone_fault fault)
{
	if (fault == CA_PHONE_GOOD &&
	    (r->answer.scheme != r->asked.scheme ||
		r->answer.tag != ca_phone_question_tag(&r->asked)))
		ca_say_wrong(_("That is the answer to another challenge."));
	else if (fault == CA_PHONE_LENGTH)
		ca_say_wrong(_("Characters are missing, or there are too "
			       "many."));
	else if (fault == CA_PHONE_OTHER_KIND)
		ca_say_wrong(_("That is the code you were to read out, not the "
			       "answer."));
	else if (fault != CA_PHONE_GOOD)
		ca_say_wrong(_("A character of the code is wrong."));
	else
		return false;
	ca_say_kept(_("Nothing was sent to the token; no try is lost."));
	return true;
}

static enum ca_exit
hear(struct remote *r)
{
	char line[LINE];

	for (int i = 0; i < ROUNDS_MAX; i++) {
		bool again;

		(void)fprintf(stderr, "%s ", _("The desk's answer:"));
		if (fgets(line, sizeof(line), stdin) == NULL)
			break;
		line[strcspn(line, "\r\n")] = '\0';
		again = misheard(r,
		    ca_phone_read(line, CA_PHONE_ANSWER, &r->answer));
		ca_wipe(line, sizeof(line));
		if (!again)
			return CA_EXIT_OK;
	}
	ca_say_wrong(_("No answer was entered."));
	ca_say_kept(_("The PIN is the one it was, and no try is lost."));
	return CA_EXIT_CANCELLED;
}

static enum ca_exit
set(struct remote *r)
{
	struct ca_pin_state after = {.tries_left = -1};
	ca_err e = ca_token_remote_finish(r->token,
	    ca_rd_of(r->answer.b, r->answer.n), ca_secret_rd(&r->pin), &after);

	if (e != CA_OK)
		return refused(e, after.tries_left);
	ca_say(_("The new PIN is set, and all its tries are back."));
	return CA_EXIT_OK;
}

enum ca_exit
ca_remote_command(const struct ca_remote_order *o)
{
	struct remote r;
	enum ca_exit code;

	memset(&r, 0, sizeof(r));
	code = open_token(&r, o);
	if (code == CA_EXIT_OK)
		code = new_pin(&r, o);
	if (code == CA_EXIT_OK)
		code = ask(&r, o->spend_last);
	if (code == CA_EXIT_OK)
		code = hear(&r);
	if (code == CA_EXIT_OK)
		code = set(&r);
	ca_secret_wipe(&r.pin);
	ca_wipe(&r.answer, sizeof(r.answer));
	if (r.token != NULL)
		ca_token_remote_cancel(r.token);
	ca_token_free(&r.token);
	ca_profiles_free(&r.profiles);
	return code;
}
