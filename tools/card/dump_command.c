#include "tools/card/dump_command.h"

#include <stdio.h>

#include "tools/card/dump.h"
#include "tools/card/reader.h"
#include "tools/lib/i18n.h"
#include "tools/lib/new_file.h"
#include "tools/lib/say.h"

static enum ca_exit
outcome(ca_err e)
{
	switch (e) {
	case CA_OK:
		return CA_EXIT_OK;
	case CA_E_REMOVED:
	case CA_E_RESET:
		ca_say_wrong(_("The token was pulled out, or another program "
			       "took it."));
		ca_say_next(_("Close other programs that use it, and try "
			      "again."));
		return CA_EXIT_NO_TOKEN;
	case CA_E_NO_SPACE:
		ca_say_wrong(_("The result could not be written."));
		return CA_EXIT_FAILED;
	default:
		ca_say_wrong(_("The token could not be read (%s)."),
		    ca_err_name(e));
		return CA_EXIT_FAILED;
	}
}

struct order {
	const char *reader;
	bool full;
};

static enum ca_exit
dump(FILE *out, void *arg)
{
	const struct order *o = arg;
	struct ca_config config;
	struct ca_profiles *profiles = NULL;
	ca_err e = ca_config_load(&config);

	if (e == CA_OK)
		e = ca_profiles_load(&config, &profiles);
	if (e == CA_OK)
		e = ca_card_dump(&ca_transport_pcsc, profiles, &config,
		    o->reader, o->full, out);
	ca_profiles_free(&profiles);
	return outcome(e);
}

enum ca_exit
ca_card_dump_command(const char *reader, const char *path, bool full)
{
	static struct ca_readers all;
	struct order o = {reader, full};
	enum ca_exit code = ca_readers_list(&all);

	if (code == CA_EXIT_OK)
		code = ca_readers_choose(&all, reader, &o.reader);
	if (code == CA_EXIT_OK)
		code = ca_new_file(path, dump, &o);
	if (code == CA_EXIT_OK && path != NULL)
		ca_say(_("The file %s tells how the token is made. Read it "
			 "before you send it: it is text."),
		    path);
	return code;
}
