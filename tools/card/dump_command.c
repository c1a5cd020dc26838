#include "tools/card/dump_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pcsc/token/watch.h"
#include "tools/card/dump.h"
#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

#define READERS_MAX 32

struct readers {
	struct ca_reader r[READERS_MAX];
	size_t n;
};

static bool
list(struct readers *out)
{
	struct ca_watch *w = NULL;
	bool ok = ca_watch_new(&ca_transport_pcsc, &w) == CA_OK &&
		  ca_watch_list(w, out->r, READERS_MAX, &out->n) == CA_OK;

	ca_watch_free(&w);
	return ok;
}

static enum ca_exit
several(const struct readers *all)
{
	ca_say_wrong(_("There are several readers with a card, and none was "
		       "named."));
	ca_say_next(_("Name one with --reader READER:"));
	for (size_t i = 0; i < all->n; i++)
		if (all->r[i].card)
			ca_say("  %s", all->r[i].name);
	return CA_EXIT_NO_TOKEN;
}

/* The reader that is meant; NULL: *code says why, it was told. */
static const char *
choose(const struct readers *all, const char *wanted, enum ca_exit *code)
{
	const char *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->r[i].card &&
		    (wanted == NULL || strcmp(wanted, all->r[i].name) == 0)) {
			found = all->r[i].name;
			n++;
		}
	if (n == 1)
		return found;
	*code = CA_EXIT_NO_TOKEN;
	if (n > 1) {
		*code = several(all);
		return NULL;
	}
	ca_say_wrong(_("There is no card in that reader, or in any."));
	ca_say_next(_("Plug the token in; for USB tokens the package libccid "
		      "must "
		      "be installed, and pcscd must run."));
	return NULL;
}

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
	static struct readers all;
	enum ca_exit code = CA_EXIT_FAILED;

	if (!list(&all)) {
		ca_say_wrong(_("The readers of this machine cannot be "
			       "listed."));
		ca_say_next(_("Check that pcscd is installed and runs: "
			      "systemctl status pcscd.socket"));
		return CA_EXIT_NO_TOKEN;
	}
	reader = choose(&all, reader, &code);
	if (reader == NULL)
		return code;
	return path != NULL ? into(path, reader, full)
			    : dump(reader, stdout, full);
}
