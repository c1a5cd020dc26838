/* See dump.h. */
#include "tools/card/dump.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/apdu/apdu.h"
#include "pcsc/token/token.h"
#include "tools/card/dump_guard.h"
#include "tools/card/dump_record.h"
#include "tools/card/dump_walk.h"
#include "tools/card/dump_write.h"

/*
 * A card of a family that is known is read as the module reads it, so that the
 * dump holds the very commands its driver sends. What fails is no error here:
 * such a card is the one we want to see.
 */
static void
read_known(const struct ca_transport *tp, const struct ca_profiles *profiles,
    const struct ca_config *config, const char *reader)
{
	struct ca_config *quiet = malloc(sizeof(*quiet));
	struct ca_token *t = NULL;
	struct ca_rd der;

	if (quiet == NULL)
		return;
	*quiet = *config;
	/* Nothing of the host is to stand in for what the card has. */
	quiet->cache = false;
	quiet->certs_system[0] = quiet->certs_user[0] = '\0';
	quiet->cache_dir[0] = '\0';
	if (ca_token_open(tp, profiles, quiet, reader, &t) == CA_OK) {
		(void)ca_token_load_public(t);
		(void)ca_token_load_data(t);
		for (size_t i = 0; i < ca_token_model(t)->certs_n; i++)
			(void)ca_token_cert(t, i, &der);
	}
	ca_token_free(&t);
	free(quiet);
}

/* The walk over any card, in a transaction of its own. */
static ca_err
read_any(const struct ca_transport *tp, const struct ca_profiles *profiles,
    const char *reader, struct ca_dump *d)
{
	struct ca_link_info info = {.atr_n = 0};
	struct ca_chan ch = {.ops = tp->ops};
	void *conn = NULL;
	ca_err e = tp->ops->open(tp->arg, &conn);

	if (e != CA_OK)
		return e;
	e = tp->ops->connect(conn, reader, &info, &ch.link);
	if (e == CA_OK) {
		ch.proto = d->proto = info.proto;
		d->atr_n = info.atr_n;
		memcpy(d->atr, info.atr, sizeof(d->atr));
		if ((e = tp->ops->begin(ch.link)) == CA_OK) {
			e = ca_dump_walk(&ch, profiles);
			tp->ops->end(ch.link);
		}
		tp->ops->disconnect(ch.link);
	}
	tp->ops->close(conn);
	return e;
}

/* The profile that claims the card, by its ATR. */
static const char *
family(const struct ca_profiles *profiles, const struct ca_dump *d)
{
	struct ca_rd atr = ca_rd_of(d->atr, d->atr_n);

	for (size_t i = 0; i < profiles->n; i++)
		if (ca_profile_matches(&profiles->p[i], atr) &&
		    !ca_profiles_outdone(profiles, &profiles->p[i], atr))
			return profiles->p[i].name;
	return NULL;
}

ca_err
ca_card_dump(const struct ca_transport *tp, const struct ca_profiles *profiles,
    const struct ca_config *config, const char *reader, bool full, FILE *out)
{
	struct ca_dump *d = calloc(1, sizeof(*d));
	struct ca_dump_guard guard = {.tp = tp, .dump = d};
	const struct ca_transport guarded = {&ca_dump_guard_ops, &guard};
	ca_err e;

	if (d == NULL)
		return CA_E_NOMEM;
	read_known(&guarded, profiles, config, reader);
	ca_dump_settle(d);
	e = read_any(&guarded, profiles, reader, d);
	ca_dump_settle(d);
	if (e == CA_OK)
		e = ca_dump_write(d, family(profiles, d), full, out);
	ca_dump_wipe(d);
	free(d);
	return e;
}
