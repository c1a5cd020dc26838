#include "tools/card/dump_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/card/dump.h"
#include "tools/card/reader.h"
#include "tools/lib/i18n.h"
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
		ca_say_wrong(_("The file could not be written."));
		return CA_EXIT_FAILED;
	default:
		ca_say_wrong(_("The token could not be read (%s)."),
		    ca_err_name(e));
		return CA_EXIT_FAILED;
	}
}

static enum ca_exit
dump(const char *reader, FILE *out, bool full)
{
	struct ca_config config;
	struct ca_profiles *profiles = NULL;
	ca_err e = ca_config_load(&config);

	if (e == CA_OK)
		e = ca_profiles_load(&config, &profiles);
	if (e == CA_OK)
		e = ca_card_dump(&ca_transport_pcsc, profiles, &config, reader,
		    full, out);
	ca_profiles_free(&profiles);
	return outcome(e);
}

/* A new file: what is there already may be somebody's report. */
static enum ca_exit
into(const char *path, const char *reader, bool full)
{
	FILE *f = fopen(path, "wxe");
	enum ca_exit code;

	if (f == NULL) {
		ca_say_wrong(_("The file %s cannot be made: %s."), path,
		    strerror(errno));
		ca_say_kept(_("Nothing was overwritten."));
		return CA_EXIT_INPUT;
	}
	code = dump(reader, f, full);
	if (fclose(f) != 0 && code == CA_EXIT_OK)
		code = outcome(CA_E_NO_SPACE);
	if (code != CA_EXIT_OK)
		(void)unlink(path);
	else
		ca_say(_("The file %s tells how the token is made. Read it "
			 "before "
			 "you send it: it is text."),
		    path);
	return code;
}

enum ca_exit
ca_card_dump_command(const char *reader, const char *path, bool full)
{
	static struct ca_readers all;
	enum ca_exit code = ca_readers_list(&all);

	if (code == CA_EXIT_OK)
		code = ca_readers_choose(&all, reader, &reader);
	if (code != CA_EXIT_OK)
		return code;
	return path != NULL ? into(path, reader, full)
			    : dump(reader, stdout, full);
}
