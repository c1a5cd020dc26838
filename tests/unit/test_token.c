/*
 * A token on a simulated card: what the certificate store adds to it. What
 * happens when cards and readers misbehave is tested in tests/trouble/.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/keys.h"
#include "tests/unit/scene.h"
#include "tests/unit/suites.h"

/* The user's certificate store. */
static struct ut_dir store;

/* `option` may name and set an option of the card. */
static void
scene_begin(struct ut_scene *s, const char *type, const char *option,
    const char *value)
{
	const char *const options[] = {option, value, NULL};

	store = ut_dir_new();
	/* Small keys, made in a moment. */
	ut_scene_begin(s, type, "rsa1024", options);
	snprintf(s->config.certs_user, CA_CONF_PATH, "%s", store.path);
}

static void
scene_end(struct ut_scene *s)
{
	ut_scene_end(s);
	ut_dir_free(&store);
}

/* Puts a file into the store's folder of this token. */
static void
put(struct ut_scene *s, const char *name, struct ca_rd content)
{
	const char *serial = ca_token_model(s->token)->serial;
	char path[300];

	(void)mkdir(ut_dir_at(&store, serial), 0700);
	snprintf(path, sizeof(path), "%s/%s", serial, name);
	ut_dir_put(&store, path, content);
}

/* How many certificates of the host the token shows. */
static size_t
local(const struct ut_scene *s)
{
	const struct ca_model *m = ca_token_model(s->token);
	size_t n = 0;

	for (size_t i = 0; i < m->certs_n; i++)
		n += m->certs[i].local;
	return n;
}

static const struct {
	const char *type;
	size_t helped; /* certificates a card with a junk file gets from us */
} types[] = {
    /* Its public key stands in the certificate, and in an object. */
    {"vgca-chipdoc", 1},
    {"iso7816-15", 1},
};

static void
nothing_in_the_store(void)
{
	for (size_t i = 0; i < CA_COUNT(types); i++) {
		struct ut_scene s;

		scene_begin(&s, types[i].type, NULL, NULL);
		UT(ut_scene_open(&s) == CA_OK, "%s", types[i].type);
		UT(local(&s) == 0, "%s", types[i].type);
		UT(ca_token_model(s.token)->serial[0] != '\0', "%s",
		    types[i].type);
		scene_end(&s);
	}
}

/* The card's own certificate file holds junk: the store helps. */
static void
right_certificate(void)
{
	for (size_t i = 0; i < CA_COUNT(types); i++) {
		struct ca_rd der;
		struct ut_scene s;

		scene_begin(&s, types[i].type, "cert", "junk");
		if (!UT(ut_scene_open(&s) == CA_OK, "%s", types[i].type)) {
			scene_end(&s);
			continue;
		}
		put(&s, "renewed.cer", ca_sim_cert(s.card, 0));
		UT(ut_scene_open(&s) == CA_OK && local(&s) == types[i].helped,
		    "%s: %s", types[i].type, ut_log_text());
		if (local(&s) == 1) {
			const struct ca_model *m = ca_token_model(s.token);
			size_t at = m->certs_n - 1;

			UT(ca_id_equal(&m->certs[at].id, &m->keys[0].id), "%s",
			    types[i].type);
			UT(ca_token_cert(s.token, at, &der) == CA_OK &&
				ca_rd_equal(der, ca_sim_cert(s.card, 0)),
			    "%s", types[i].type);
		}
		scene_end(&s);
	}
}

/* The card shows it itself: it is not shown twice. */
static void
same_certificate(void)
{
	struct ut_scene s;
	size_t n;

	scene_begin(&s, "iso7816-15", NULL, NULL);
	UT_OK(ut_scene_open(&s) == CA_OK);
	n = ca_token_model(s.token)->certs_n;
	put(&s, "same.cer", ca_sim_cert(s.card, 0));
	UT_OK(ut_scene_open(&s) == CA_OK && local(&s) == 0);
	UT_OK(ca_token_model(s.token)->certs_n == n);
	scene_end(&s);
}

/* Certificates of other keys, authorities among them, are not this token's. */
static void
wrong_key(void)
{
	struct ut_scene s;

	scene_begin(&s, "iso7816-15", NULL, NULL);
	UT_OK(ut_scene_open(&s) == CA_OK);
	put(&s, "rsa.cer", ut_cert(UT_RSA));
	put(&s, "ec.pem", ut_cert_pem(UT_EC));
	put(&s, "authority.cer", ca_sim_cert(s.card, 1));
	put(&s, "junk.cer", ut_text("not a certificate"));
	UT_OK(ut_scene_open(&s) == CA_OK && local(&s) == 0);
	UT(ut_log_count("rsa.cer: not for a key of this token") == 1, "%s",
	    ut_log_text());
	UT_OK(ut_log_count("ec.pem: not for a key of this token") == 1);
	UT_OK(ut_log_count("authority.cer: not for a key of this token") == 1);
	UT_OK(ut_log_count("junk.cer: no certificate") == 1);
	scene_end(&s);
}

static void
link_in_the_store(void)
{
	char name[300];
	struct ut_scene s;

	scene_begin(&s, "iso7816-15", "cert", "junk");
	UT_OK(ut_scene_open(&s) == CA_OK);
	ut_dir_put(&store, "outside.cer", ca_sim_cert(s.card, 0));
	put(&s, "junk.cer", ut_text("makes the folder"));
	snprintf(name, sizeof(name), "%s/link.cer",
	    ca_token_model(s.token)->serial);
	UT_OK(symlink("../outside.cer", ut_dir_at(&store, name)) == 0);
	UT_OK(ut_scene_open(&s) == CA_OK && local(&s) == 0);
	UT(ut_log_count("link.cer: no certificate (REFUSED)") == 1, "%s",
	    ut_log_text());
	scene_end(&s);
}

/* Every allocation fails once: an error or a token, and nothing left open. */
static void
no_memory(void)
{
	bool failed = true;
	unsigned opened = 0;
	struct ut_scene s;

	scene_begin(&s, "iso7816-15", NULL, NULL);
	UT_OK(ut_scene_open(&s) == CA_OK);
	put(&s, "other.cer", ut_cert(UT_EC));
	ca_token_free(&s.token);
	for (unsigned n = 1; failed && n < 3000; n++) {
		ca_err e;

		ut_mem_fail(n);
		e = ut_scene_open(&s);
		failed = ut_mem_failed();
		ut_mem_fail(0);
		UT(e == CA_OK || failed, "%u: %s", n, ca_err_name(e));
		UT((e == CA_OK) == (s.token != NULL), "%u", n);
		opened += e == CA_OK;
		ca_token_free(&s.token);
		UT(ca_sim_world_open_conns(s.world) == 0 &&
			ca_sim_world_open_links(s.world) == 0,
		    "%u", n);
	}
	UT_OK(!failed && opened >= 1);
	scene_end(&s);
}

static const CU_TestInfo tests[] = {
    {"nothing_in_the_store", nothing_in_the_store},
    {"right_certificate", right_certificate},
    {"same_certificate", same_certificate},
    {"wrong_key", wrong_key},
    {"link_in_the_store", link_in_the_store},
    {"no_memory", no_memory},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_token = {"token", tests};
