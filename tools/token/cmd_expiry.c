/* ca-token expiry */
#include <stdio.h>
#include <string.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"
#include "tools/lib/settings.h"
#include "tools/p11/certs.h"
#include "tools/token/command.h"
#include "tools/token/facts.h"

enum state {
	STATE_GOOD,
	STATE_RENEW, /* now: the days that must be left still are */
	STATE_LATE,  /* fewer are left */
	STATE_OVER,
	STATE_EARLY, /* not valid yet: a wrong clock, most likely */
};

static enum state
state_of(const struct ca_cert_facts *c, const struct ca_settings *s, time_t now)
{
	long days = ca_cert_days_left(c->to, now);

	if (now < c->from)
		return STATE_EARLY;
	if (days < 0)
		return STATE_OVER;
	if (days < (long)s->expiry_renew)
		return STATE_LATE;
	return days <= (long)s->expiry_warn ? STATE_RENEW : STATE_GOOD;
}

static const char *
name_of(enum state s)
{
	static const char *const names[] = {
	    "good", "renew", "late", "expired", "not-yet-valid"};

	return names[s];
}

static void
advise(struct ca_fields *f, enum state state, const struct ca_settings *s)
{
	const char *label = _("What to do");

	switch (state) {
	case STATE_GOOD:
		ca_fields_add(f, label, "%s", _("nothing"));
		break;
	case STATE_RENEW:
		ca_fields_add(f, label,
		    _("ask for renewal now: %u days must be left"),
		    s->expiry_renew);
		break;
	case STATE_LATE:
		ca_fields_add(f, label,
		    _("ask at once: for a renewal %u days should be left, and "
		      "it "
		      "may have to be a new certificate"),
		    s->expiry_renew);
		break;
	case STATE_OVER:
		ca_fields_add(f, label, "%s",
		    _("it is over: ask for a new certificate"));
		break;
	case STATE_EARLY:
		ca_fields_add(f, label, "%s",
		    _("it is not valid yet: check the clock of this machine"));
	}
}

/* Adds a token to the report; whether something is to be done about it. */
static bool
report(struct ca_run *r, const struct ca_p11_token *t,
    const struct ca_settings *s, json_t *list)
{
	struct ca_cert_facts c;
	struct ca_fields f = {0};
	time_t now = time(NULL);
	enum state state;
	json_t *j;

	if (!ca_p11_holder(&r->p11, t, &c))
		return false;
	state = state_of(&c, s, now);
	if (list != NULL) {
		j = json_pack("{s:s, s:s, s:s}", "serial", t->serial, "label",
		    t->label, "state", name_of(state));
		if (j != NULL)
			ca_facts_holder_json(j, &c, now);
		(void)json_array_append_new(list, j);
		return state != STATE_GOOD;
	}
	ca_fields_add(&f, _("Serial number"), "%s", t->serial);
	ca_facts_holder_fields(&f, &c, now);
	advise(&f, state, s);
	(void)printf(_("Token \"%s\"\n"), t->label);
	ca_fields_print(&f);
	return state != STATE_GOOD;
}

static bool
meant(const struct ca_p11_token *t, const char *wanted)
{
	return t->here && (wanted == NULL || strcmp(t->serial, wanted) == 0 ||
			      strcmp(t->label, wanted) == 0);
}

enum ca_exit
ca_cmd_expiry(struct ca_run *r)
{
	const char *wanted = ca_option(&r->given, "token");
	struct ca_settings s;
	bool attention = false;
	size_t n = 0;
	json_t *list;

	if (!ca_run_tokens(r))
		return CA_EXIT_NO_TOKEN;
	ca_settings_load(&s);
	list = ca_run_json(r) ? json_array() : NULL;
	for (size_t i = 0; i < r->tokens.n; i++)
		if (meant(&r->tokens.t[i], wanted)) {
			attention |= report(r, &r->tokens.t[i], &s, list);
			n++;
		}
	if (list != NULL &&
	    !ca_facts_json_print(json_pack("{s:o}", "tokens", list)))
		return CA_EXIT_FAILED;
	if (n == 0) {
		(void)ca_p11_choose(&r->tokens, wanted);
		return CA_EXIT_NO_TOKEN;
	}
	return attention ? CA_EXIT_ATTENTION : CA_EXIT_OK;
}
