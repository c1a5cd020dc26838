#include "tests/unit/scene.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/ut.h"

void
ut_scene_begin(struct ut_scene *s, const char *type, const char *key,
    const char *const *options)
{
	struct ca_sim_opts *o = calloc(1, sizeof(*o));

	*s = (struct ut_scene){.card = NULL};
	strcpy(s->config.cards_dir, "/nowhere");
	UT_OK(ca_profiles_load(&s->config, &s->profiles) == CA_OK);
	UT_OK(ca_sim_opts_init(o, type) == CA_OK);
	UT_OK(ca_sim_opts_set(o, "key", key) == CA_OK);
	UT_OK(ca_sim_opts_set(o, "ca-key", "p256") == CA_OK);
	for (; options != NULL && *options != NULL; options += 2)
		UT_OK(ca_sim_opts_set(o, options[0], options[1]) == CA_OK);
	UT_OK(ca_sim_new(o, &s->card) == CA_OK);
	free(o);
	s->world = ca_sim_world_new();
	UT_OK(ca_sim_world_add(s->world, UT_SCENE_READER, NULL) == CA_OK);
	UT_OK(ca_sim_world_insert(s->world, UT_SCENE_READER, s->card) == CA_OK);
	ut_log_begin(CA_LOG_WARN);
}

ca_err
ut_scene_open(struct ut_scene *s)
{
	ca_token_free(&s->token);
	return ca_token_open(ca_sim_world_transport(s->world), s->profiles,
	    &s->config, UT_SCENE_READER, &s->token);
}

void
ut_scene_end(struct ut_scene *s)
{
	ut_log_end();
	ca_token_free(&s->token);
	UT_OK(ca_sim_world_breaches(s->world) == 0);
	UT_OK(ca_sim_world_open_conns(s->world) == 0);
	UT_OK(ca_sim_world_open_links(s->world) == 0);
	ca_sim_world_free(s->world);
	ca_sim_free(s->card);
	ca_profiles_free(&s->profiles);
}
