/* ca-token pin status */
#include <stdio.h>

#include "tools/lib/i18n.h"
#include "tools/token/command.h"
#include "tools/token/facts.h"

static void
show(const struct ca_p11_token *t)
{
	struct ca_fields f = {0};

	ca_facts_pin_fields(&f, t);
	ca_fields_add(&f, _("Length of a PIN"), _("%lu to %lu characters"),
	    (unsigned long)t->pin_min, (unsigned long)t->pin_max);
	(void)printf(_("Token \"%s\"\n"), t->label);
	ca_fields_print(&f);
}

enum ca_exit
ca_cmd_pin_status(struct ca_run *r)
{
	const struct ca_p11_token *t = ca_run_token(r);
	json_t *j;

	if (t == NULL)
		return CA_EXIT_NO_TOKEN;
	if (!ca_run_json(r)) {
		show(t);
		return CA_EXIT_OK;
	}
	j = json_pack("{s:s, s:s, s:I, s:I}", "serial", t->serial, "label",
	    t->label, "pin_min", (json_int_t)t->pin_min, "pin_max",
	    (json_int_t)t->pin_max);
	if (j != NULL)
		ca_facts_pin_json(j, t);
	return ca_facts_json_print(j) ? CA_EXIT_OK : CA_EXIT_FAILED;
}
