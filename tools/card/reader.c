#include "tools/card/reader.h"

#include <string.h>

#include "pcsc/token/watch.h"
#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

enum ca_exit
ca_readers_list(struct ca_readers *out)
{
	struct ca_watch *w = NULL;
	ca_err e = ca_watch_new(&ca_transport_pcsc, &w);

	out->n = 0;
	if (e == CA_OK)
		e = ca_watch_list(w, out->r, CA_READERS_MAX, &out->n);
	ca_watch_free(&w);
	if (e == CA_OK)
		return CA_EXIT_OK;
	ca_say_wrong(_("The readers of this machine cannot be listed."));
	ca_say_next(_("Check that pcscd is installed and runs: "
		      "systemctl status pcscd.socket"));
	return CA_EXIT_NO_TOKEN;
}

static void
tell_all(const struct ca_readers *all)
{
	ca_say_wrong(_("There are several readers with a card, and none was "
		       "named."));
	ca_say_next(_("Name one with --reader READER:"));
	for (size_t i = 0; i < all->n; i++)
		if (all->r[i].card)
			ca_say("  %s", all->r[i].name);
}

enum ca_exit
ca_readers_choose(const struct ca_readers *all, const char *wanted,
    const char **out)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->r[i].card &&
		    (wanted == NULL || strcmp(wanted, all->r[i].name) == 0)) {
			*out = all->r[i].name;
			n++;
		}
	if (n == 1)
		return CA_EXIT_OK;
	if (n > 1) {
		tell_all(all);
		return CA_EXIT_NO_TOKEN;
	}
	ca_say_wrong(_("There is no card in that reader, or in any."));
	ca_say_next(_("Plug the token in; for USB tokens the package libccid "
		      "must be installed, and pcscd must run."));
	return CA_EXIT_NO_TOKEN;
}
