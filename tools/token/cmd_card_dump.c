/* ca-token card dump */
#include "tools/card/dump_command.h"
#include "tools/lib/i18n.h"
#include "tools/lib/say.h"
#include "tools/token/command.h"

const struct ca_option ca_card_dump_options[] = {
    {"reader", "READER", N_("the reader that holds the card")},
    {"full", NULL, N_("with names, serial numbers and certificates")},
    {NULL, NULL, NULL},
};

enum ca_exit
ca_cmd_card_dump(struct ca_run *r)
{
	if (r->given.rest_n > 1) {
		ca_say_wrong(_("\"%s\" is not something this command takes."),
		    r->given.rest[1]);
		return CA_EXIT_USAGE;
	}
	return ca_card_dump_command(ca_option(&r->given, "reader"),
	    r->given.rest_n == 1 ? r->given.rest[0] : NULL,
	    ca_option(&r->given, "full") != NULL);
}
