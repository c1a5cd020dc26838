/*
 * A token on a simulated card in a reader of its own: the scene of the tests of
 * pcsc/token. Nothing of the machine has a say: the profiles are those built
 * in.
 */
#ifndef UT_SCENE_H
#define UT_SCENE_H

#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "pcsc/token/token.h"
#include "tests/sim/sim_transport.h"

#define UT_SCENE_READER "Reader 0"

struct ut_scene {
	struct ca_sim_world *world;
	struct ca_sim *card;
	struct ca_config config;
	struct ca_profiles *profiles;
	struct ca_token *token; /* NULL until ut_scene_open() */
};

/* A reader with one card of this type and kind of key ("p256", made in a
 * moment). `options` are pairs of name and value, ended by NULL, or NULL. The
 * log is captured from CA_LOG_WARN on. The caller may fill in more of s->config
 * before the token is opened. Ends with ut_scene_end(). */
void ut_scene_begin(struct ut_scene *s, const char *type, const char *key,
    const char *const *options);

/* Opens s->token; one that is open is freed first. */
ca_err ut_scene_open(struct ut_scene *s);

/* Frees all, and checks that the card was used by the rules and that no
 * connection and no link to it is left. */
void ut_scene_end(struct ut_scene *s);

#endif
