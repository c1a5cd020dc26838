/*
 * A renewed certificate: in the place of the old one where the card's rule lets
 * the PIN write it, and left to the host otherwise.
 */
#include <stdio.h>
#include <string.h>

#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "pcsc/token/token.h"
#include "tests/families/fam.h"
#include "tests/families/ossl.h"
#include "tests/sim/sim_card.h"

#define UPDATE_BINARY 0xD6

struct scene {
	struct ca_config config;
	struct ca_profiles *profiles;
	struct ca_sim_world *w;
	struct ca_sim *card;
	struct ca_token *t;
	struct fam_bytes renewed;
};

static void
begin(struct scene *s, const char *type, const char *options)
{
	struct ca_sim_opts o;
	struct ca_rd leaf;

	memset(s, 0, sizeof(*s));
	snprintf(s->config.cards_dir, CA_CONF_PATH, "%s",
	    ca_suite_path("none"));
	CU_ASSERT_FATAL(ca_profiles_load(&s->config, &s->profiles) == CA_OK);
	CU_ASSERT_FATAL(ca_sim_opts_init(&o, type) == CA_OK);
	fam_options(&o, "key=rsa1024 ca-key=p256");
	fam_options(&o, options);
	CU_ASSERT_FATAL(ca_sim_new(&o, &s->card) == CA_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->w = ca_sim_world_new());
	CU_ASSERT(ca_sim_world_add(s->w, FAM_READER, NULL) == CA_OK);
	CU_ASSERT(ca_sim_world_insert(s->w, FAM_READER, s->card) == CA_OK);
	CU_ASSERT_FATAL(ca_token_open(ca_sim_world_transport(s->w), s->profiles,
			    &s->config, FAM_READER, &s->t) == CA_OK);
	leaf = ca_sim_cert(s->card, 0);
	CU_ASSERT_FATAL(fam_ossl_renew(leaf.p, leaf.n, &s->renewed));
	CU_ASSERT(!ca_rd_equal(ca_rd_of(s->renewed.b, s->renewed.n), leaf));
}

static void
end(struct scene *s)
{
	ca_token_free(&s->t);
	CU_ASSERT(ca_sim_world_open_conns(s->w) == 0);
	CU_ASSERT(ca_sim_world_breaches(s->w) == 0);
	ca_sim_world_free(s->w);
	ca_sim_free(s->card);
	ca_profiles_free(&s->profiles);
}

static void
login(struct scene *s)
{
	const struct ca_pin *pin =
	    ca_model_pin(ca_token_model(s->t), CA_PIN_USER);
	struct ca_pin_state st;

	CU_ASSERT(ca_token_login(s->t, pin, ca_rd_of("12345678", 8), &st) ==
		  CA_OK);
}

/* How many certificates of the token are exactly the one in the scene. */
static size_t
count(struct scene *s)
{
	const struct ca_model *m = ca_token_model(s->t);
	size_t n = 0;

	for (size_t i = 0; i < m->certs_n; i++) {
		struct ca_rd der;

		if (ca_token_cert(s->t, i, &der) == CA_OK &&
		    ca_rd_equal(der, ca_rd_of(s->renewed.b, s->renewed.n)))
			n++;
	}
	return n;
}

static void
import(struct scene *s, ca_err want)
{
	struct ca_rd der = ca_rd_of(s->renewed.b, s->renewed.n);
	size_t before = count(s), key = 9, index = 9;

	CU_ASSERT_EQUAL(ca_token_key_of_cert(s->t, der, &key), CA_OK);
	CU_ASSERT_EQUAL(key, 0);
	CU_ASSERT_EQUAL(ca_token_import_cert(s->t, key, der, &index), want);
	CU_ASSERT((ca_sim_seen(s->card, UPDATE_BINARY) > 0) == (want == CA_OK));
	CU_ASSERT_EQUAL(count(s), want == CA_OK ? 1 : before);
	if (want == CA_OK)
		CU_ASSERT_EQUAL(index, 0);
}

static void
in_place(void)
{
	struct scene s;

	begin(&s, "vgca-chipdoc", "serial=0101010101010101");
	login(&s);
	import(&s, CA_OK);
	end(&s);
}

/* Nobody may write, or it does not fit, or the family never writes: the card
 * is left as it is. */
static void
on_the_host(void)
{
	struct scene s;

	begin(&s, "vgca-chipdoc", "serial=0202020202020202");
	import(&s, CA_E_UNSUPPORTED);
	end(&s);
	begin(&s, "vgca-chipdoc", "serial=0303030303030303 cert-alloc=0");
	s.renewed.n = 0;
	CU_ASSERT(fam_ossl_renew_long(ca_sim_cert(s.card, 0).p,
	    ca_sim_cert(s.card, 0).n, &s.renewed));
	login(&s);
	import(&s, CA_E_UNSUPPORTED);
	end(&s);
	begin(&s, "vgca-chipdoc", "serial=0606060606060606");
	for (size_t i = 0; i < s.card->files_n; i++)
		s.card->files[i].update = CA_SIM_NEVER;
	login(&s);
	import(&s, CA_E_UNSUPPORTED);
	end(&s);
	begin(&s, "iso7816-15", "serial=0404040404040404");
	login(&s);
	import(&s, CA_E_UNSUPPORTED);
	end(&s);
}

static bool
told(const char *options, bool never)
{
	bool writes = false;
	struct scene s;

	begin(&s, "vgca-chipdoc", options);
	for (size_t i = 0; never && i < s.card->files_n; i++)
		s.card->files[i].update = CA_SIM_NEVER;
	CU_ASSERT_EQUAL(ca_token_writes_certs(s.t, &writes), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_seen(s.card, UPDATE_BINARY), 0);
	end(&s);
	return writes;
}

/* The same, asked before, by somebody who is not logged in. */
static void
foretold(void)
{
	bool writes = true;
	struct scene s;

	CU_ASSERT(told("serial=0808080808080801", false));
	CU_ASSERT(!told("serial=0808080808080802", true));
	begin(&s, "iso7816-15", "serial=0808080808080803");
	ca_sim_count_clear(s.card);
	CU_ASSERT_EQUAL(ca_token_writes_certs(s.t, &writes), CA_OK);
	CU_ASSERT(!writes);
	CU_ASSERT_EQUAL(ca_sim_count(s.card, CA_SIM_APDUS), 0);
	end(&s);
}

/* The same once more, or an older one: nothing is renewed by that. */
static void
no_renewal(void)
{
	struct fam_bytes fresh;
	struct ca_rd leaf;
	struct scene s;

	begin(&s, "vgca-chipdoc", "serial=0707070707070707");
	login(&s);
	fresh = s.renewed;
	leaf = ca_sim_cert(s.card, 0);
	memcpy(s.renewed.b, leaf.p, leaf.n);
	s.renewed.n = leaf.n;
	import(&s, CA_E_UNSUPPORTED);
	CU_ASSERT_FATAL(fam_ossl_outdate(fresh.b, fresh.n, &s.renewed));
	import(&s, CA_E_UNSUPPORTED);
	s.renewed = fresh;
	import(&s, CA_OK);
	end(&s);
}

/* Of another key, or no certificate. */
static void
refused(void)
{
	struct scene s;
	struct ca_rd sub;
	size_t key;

	begin(&s, "vgca-chipdoc", "serial=0505050505050505");
	login(&s);
	sub = ca_sim_cert(s.card, 1);
	CU_ASSERT_EQUAL(ca_token_key_of_cert(s.t, sub, &key), CA_E_NOT_FOUND);
	sub.n--;
	CU_ASSERT_EQUAL(ca_token_key_of_cert(s.t, sub, &key), CA_E_MALFORMED);
	/* One certificate and something behind it. */
	s.renewed.b[s.renewed.n++] = 0;
	CU_ASSERT_EQUAL(ca_token_key_of_cert(s.t,
			    ca_rd_of(s.renewed.b, s.renewed.n), &key),
	    CA_E_MALFORMED);
	CU_ASSERT_EQUAL(ca_sim_seen(s.card, UPDATE_BINARY), 0);
	end(&s);
}

void
fam_suite_import(CU_pSuite s)
{
	CU_add_test(s, "in place", in_place);
	CU_add_test(s, "on the host", on_the_host);
	CU_add_test(s, "foretold", foretold);
	CU_add_test(s, "no renewal", no_renewal);
	CU_add_test(s, "refused", refused);
}
