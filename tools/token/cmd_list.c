/* ca-token list */
#include <stdio.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"
#include "tools/p11/certs.h"
#include "tools/token/command.h"
#include "tools/token/facts.h"

static void
show_token(const struct ca_run *r, const struct ca_p11_token *t)
{
	struct ca_fields f = {0};
	struct ca_cert_facts holder;

	ca_fields_add(&f, _("Reader"), "%s", t->reader);
	if (t->family[0] != '\0')
		ca_fields_add(&f, _("Family"), "%s", t->family);
	ca_fields_add(&f, _("Serial number"), "%s", t->serial);
	ca_facts_pin_fields(&f, t);
	if (ca_p11_holder(&r->p11, t, &holder))
		ca_facts_holder_fields(&f, &holder, time(NULL));
	else
		ca_fields_add(&f, _("Certificate of"), "%s",
		    _("no certificate of a holder"));
	(void)printf(_("Token \"%s\"\n"), t->label);
	ca_fields_print(&f);
}

static void
show_empty(const struct ca_p11_token *t)
{
	struct ca_fields f = {0};

	ca_fields_add(&f, _("Reader"), "%s", t->reader);
	(void)printf("%s\n", _("No token that is recognised"));
	ca_fields_print(&f);
	(void)printf("  %s\n",
	    _("If one is plugged in here, it is of no family that the module "
	      "knows, or it does not answer: pull it out and plug it in "
	      "again."));
}

static json_t *
token_json(const struct ca_run *r, const struct ca_p11_token *t)
{
	json_t *j =
	    json_pack("{s:s, s:b}", "reader", t->reader, "recognised", t->here);
	struct ca_cert_facts holder;

	if (j == NULL || !t->here)
		return j;
	(void)json_object_set_new(j, "family", json_string(t->family));
	(void)json_object_set_new(j, "serial", json_string(t->serial));
	(void)json_object_set_new(j, "label", json_string(t->label));
	ca_facts_pin_json(j, t);
	if (ca_p11_holder(&r->p11, t, &holder))
		ca_facts_holder_json(j, &holder, time(NULL));
	else
		(void)json_object_set_new(j, "certificate", json_null());
	return j;
}

static enum ca_exit
as_json(const struct ca_run *r)
{
	json_t *all = json_array();

	for (size_t i = 0; i < r->tokens.n; i++)
		(void)json_array_append_new(all,
		    token_json(r, &r->tokens.t[i]));
	return ca_facts_json_print(json_pack("{s:o}", "tokens", all))
		   ? CA_EXIT_OK
		   : CA_EXIT_FAILED;
}

/* A token the module knows, whatever else the readers hold. */
static bool
any(const struct ca_p11_tokens *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->t[i].here)
			return true;
	return false;
}

enum ca_exit
ca_cmd_list(struct ca_run *r)
{
	if (!ca_run_tokens(r))
		return CA_EXIT_NO_TOKEN;
	if (ca_run_json(r))
		return as_json(r);
	if (r->tokens.n == 0) {
		ca_say_wrong(_("No reader and no USB token is plugged in."));
		ca_say_next(_("Plug the token in; for USB tokens the package "
			      "libccid must be installed."));
	}
	for (size_t i = 0; i < r->tokens.n; i++) {
		if (i > 0)
			(void)printf("\n");
		if (r->tokens.t[i].here)
			show_token(r, &r->tokens.t[i]);
		else
			show_empty(&r->tokens.t[i]);
	}
	return any(&r->tokens) ? CA_EXIT_OK : CA_EXIT_NO_TOKEN;
}
