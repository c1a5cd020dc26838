#include "tools/token/facts.h"

#include <stdio.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

#define WORDS 160

static bool
has_puk(const struct ca_p11_token *t)
{
	return t->puk.left >= 0;
}

void
ca_facts_pin_fields(struct ca_fields *f, const struct ca_p11_token *t)
{
	char words[WORDS];

	ca_p11_pin_words(t, false, words, sizeof(words));
	ca_fields_add(f, _("PIN"), "%s", words);
	if (!has_puk(t))
		return;
	ca_p11_pin_words(t, true, words, sizeof(words));
	ca_fields_add(f, _("PUK"), "%s", words);
}

static json_t *
number(long n)
{
	return n < 0 ? json_null() : json_integer(n);
}

static json_t *
tries_json(const struct ca_tries *t, bool locked)
{
	return json_pack("{s:o, s:o, s:b}", "tries_left", number(t->left),
	    "tries_max", number(t->max), "locked", locked || t->left == 0);
}

void
ca_facts_pin_json(json_t *into, const struct ca_p11_token *t)
{
	(void)json_object_set_new(into, "pin",
	    tries_json(&t->pin, (t->flags & CKF_USER_PIN_LOCKED) != 0));
	(void)json_object_set_new(into, "puk",
	    has_puk(t)
		? tries_json(&t->puk, (t->flags & CKF_SO_PIN_LOCKED) != 0)
		: json_null());
}

void
ca_facts_holder_fields(struct ca_fields *f, const struct ca_cert_facts *c,
    time_t now)
{
	long days = ca_cert_days_left(c->to, now);
	char to[11];

	ca_cert_date(c->to, to);
	ca_fields_add(f, _("Certificate of"), "%s", c->holder);
	if (c->agency[0] != '\0')
		ca_fields_add(f, _("Agency"), "%s", c->agency);
	if (days < 0)
		ca_fields_add(f, _("Valid until"), _("%s: expired"), to);
	else
		ca_fields_add(f, _("Valid until"),
		    ngettext("%s, %ld day left", "%s, %ld days left",
			(unsigned long)days),
		    to, days);
}

void
ca_facts_holder_json(json_t *into, const struct ca_cert_facts *c, time_t now)
{
	char from[11], to[11];

	ca_cert_date(c->from, from);
	ca_cert_date(c->to, to);
	(void)json_object_set_new(into, "certificate",
	    json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "holder", c->holder,
		"agency", c->agency, "serial", c->serial, "not_before", from,
		"not_after", to, "days_left",
		(json_int_t)ca_cert_days_left(c->to, now)));
}

bool
ca_facts_json_print(json_t *j)
{
	bool ok = j != NULL && json_dumpf(j, stdout,
				   JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0;

	json_decref(j);
	if (ok && printf("\n") == 1 && fflush(stdout) == 0)
		return true;
	ca_say_wrong(_("The result could not be written."));
	return false;
}
