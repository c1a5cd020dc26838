/* See profile.h: which profiles there are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/card/profile.h"
#include "pcsc/card/profile_builtin.h"
#include "pcsc/conf/config.h"
#include "pcsc/conf/file.h"

#define ROOM "profile"
#define FILE_MAX_BYTES 32768

/* Adds a parsed profile, or replaces the one of the same name. */
static void
add(struct ca_profiles *all, const struct ca_profile *p)
{
	size_t at = all->n;
	unsigned line, other;

	for (size_t i = 0; i < all->n; i++) {
		if (strcmp(all->p[i].name, p->name) == 0) {
			at = i;
			continue;
		}
		line = ca_profile_same_cards(&all->p[i], p, &other);
		if (line != 0) {
			ca_log(CA_LOG_ERROR, ROOM,
			    "%s:%u: claims the cards of %s:%u; skipped",
			    p->source, line, all->p[i].source, other);
			return;
		}
	}
	if (at == CA_PROFILES_MAX) {
		ca_log(CA_LOG_ERROR, ROOM, "%s: more than %d profiles; skipped",
		    p->source, CA_PROFILES_MAX);
		return;
	}
	all->p[at] = *p;
	if (at == all->n)
		all->n++;
}

static ca_err
add_text(struct ca_profiles *all, struct ca_rd text, const char *name)
{
	struct ca_profile *p = malloc(sizeof(*p));
	unsigned faults = 0;
	ca_err e;

	if (p == NULL)
		return CA_E_NOMEM;
	e = ca_profile_parse(text, name, p, &faults);
	if (e == CA_OK && faults == 0)
		add(all, p);
	else if (e == CA_OK)
		ca_log(CA_LOG_ERROR, ROOM, "%s: skipped, %u faults", p->source,
		    faults);
	free(p);
	return e;
}

static ca_err
add_file(struct ca_profiles *all, const char *dir, const char *file)
{
	char path[CA_CONF_PATH + CA_FILE_NAME + 2], name[CA_FILE_NAME];
	struct ca_buf text = {0};
	ca_err e;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, file);
	(void)snprintf(name, sizeof(name), "%s", file);
	name[strlen(name) - strlen(".conf")] = '\0';
	e = ca_file_read(path, FILE_MAX_BYTES, &text);
	if (e == CA_OK)
		e = add_text(all, ca_buf_rd(&text), name);
	else if (e != CA_E_NOMEM)
		ca_log(CA_LOG_ERROR, ROOM, "%s: %s; skipped", path,
		    ca_err_name(e));
	ca_buf_free(&text);
	return e == CA_E_NOMEM ? e : CA_OK;
}

/* CA_E_NOT_FOUND when there is no such folder. */
static ca_err
add_dir(struct ca_profiles *all, const char *dir)
{
	struct ca_file_names *names;
	ca_err e;

	if (dir[0] == '\0')
		return CA_E_NOT_FOUND;
	if ((names = calloc(1, sizeof(*names))) == NULL)
		return CA_E_NOMEM;
	e = ca_file_list(dir, ".conf", names);
	for (size_t i = 0; e == CA_OK && i < names->n; i++)
		e = add_file(all, dir, names->name[i]);
	free(names);
	return e;
}

static ca_err
add_builtin(struct ca_profiles *all)
{
	ca_err e = CA_OK;

	for (size_t i = 0; e == CA_OK && i < ca_profile_builtin_n; i++)
		e = add_text(all,
		    ca_rd_of(ca_profile_builtin[i].text,
			strlen(ca_profile_builtin[i].text)),
		    ca_profile_builtin[i].name);
	return e;
}

ca_err
ca_profiles_load(const struct ca_config *config, struct ca_profiles **out)
{
	struct ca_profiles *all = calloc(1, sizeof(*all));
	ca_err e;

	if (all == NULL)
		return CA_E_NOMEM;
	e = add_dir(all, config->cards_dir);
	if (e != CA_OK && e != CA_E_NOMEM)
		e = add_builtin(all);
	if (e == CA_OK)
		e = add_dir(all, config->cards_d);
	if (e == CA_E_NOMEM) {
		ca_profiles_free(&all);
		return e;
	}
	*out = all;
	return CA_OK;
}

void
ca_profiles_free(struct ca_profiles **p)
{
	free(*p);
	*p = NULL;
}
