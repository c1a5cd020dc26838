/*
 * Key pairs made on a simulated card: what the card then holds, what it never
 * loses, and when it is not asked at all.
 */
#include <string.h>

#include "tests/unit/scene.h"
#include "tests/unit/suites.h"

#define GENERATE 0x46 /* INS */
#define UPDATE 0xD6
#define COMMANDS_MAX 200 /* more than an order sends */

static ca_err
login(struct ut_scene *s)
{
	struct ca_pin_state after;

	return ca_token_login(s->token,
	    ca_model_pin(ca_token_model(s->token), CA_PIN_USER),
	    ca_rd_of("12345678", 8), &after);
}

static void
begin(struct ut_scene *s, const char *const *options)
{
	ut_scene_begin(s, "iso7816-15", "p256", options);
	UT_OK(ut_scene_open(s) == CA_OK);
}

/* And the user is logged in. */
static void
begin_in(struct ut_scene *s, const char *const *options)
{
	begin(s, options);
	UT_OK(login(s) == CA_OK);
}

/* Opened anew, as by another program. */
static void
again_in(struct ut_scene *s)
{
	UT_OK(ut_scene_open(s) == CA_OK);
	UT_OK(login(s) == CA_OK);
}

static const char *const makes[] = {"generate", "yes", NULL};

static struct ca_keygen
order(enum ca_gen kind, uint8_t id)
{
	struct ca_keygen g = {.kind = kind,
	    .label = "Khoá mới",
	    .public_label = "Khoá công khai",
	    .usage = CA_USE_SIGN,
	    .public_usage = CA_USE_VERIFY};

	if (id != 0) {
		g.id.b[0] = id;
		g.id.n = 1;
	}
	return g;
}

/* The key at this place signs, and what it signs is right. */
static bool
signs(struct ut_scene *s, size_t index)
{
	bool ec = ca_token_model(s->token)->keys[index].type == CA_KEY_EC;
	uint8_t in[32] = {1, 2, 3}, out[512];
	struct ca_wr w = ca_wr_of(out, sizeof(out));

	return ca_token_sign(s->token, index,
		   ec ? CA_ALG_ECDSA : CA_ALG_RSA_PKCS1,
		   ca_rd_of(in, sizeof(in)), &w) == CA_OK;
}

/* The place of the key with this one-byte id, or the number of keys. */
static size_t
place(const struct ut_scene *s, uint8_t id)
{
	const struct ca_model *m = ca_token_model(s->token);
	size_t i = 0;

	while (i < m->keys_n &&
	       (m->keys[i].id.n != 1 || m->keys[i].id.b[0] != id))
		i++;
	return i;
}

static void
each_kind(void)
{
	static const enum ca_gen kinds[] = {
	    CA_GEN_RSA_2048, CA_GEN_P256, CA_GEN_P384};
	struct ut_scene s;

	begin_in(&s, makes);
	for (size_t i = 0; i < CA_COUNT(kinds); i++) {
		struct ca_keygen g = order(kinds[i], (uint8_t)(0x40 + i));
		unsigned before = ca_token_generation(s.token);
		const struct ca_key *k;
		size_t at = 99;

		UT_OK(ca_token_generate(s.token, &g, &at) == CA_OK);
		UT_OK(ca_token_generation(s.token) != before);
		UT_OK(at == i + 1);
		k = &ca_token_model(s.token)->keys[at];
		UT_OK(k->bits == ca_gen_bits(kinds[i]));
		UT_OK(strcmp(k->label, g.label) == 0);
		UT_OK(k->usage == CA_USE_SIGN && k->is_private);
		UT_OK(k->access ==
		      (CA_ACC_SENSITIVE | CA_ACC_ALWAYS_SENSITIVE |
			  CA_ACC_NEVER_EXTRACTABLE | CA_ACC_LOCAL));
		UT_OK(signs(&s, at));
		UT_OK(signs(&s, 0));
	}
	/* The same after another program's start, and of another reader. */
	again_in(&s);
	UT_OK(ca_token_model(s.token)->keys_n == 4);
	for (size_t i = 0; i < 4; i++)
		UT_OK(signs(&s, i));
	ut_scene_end(&s);
}

/* Without an id the key has the hash of its public half. */
static void
id_of_its_own(void)
{
	struct ca_keygen g = order(CA_GEN_P256, 0);
	struct ut_scene s;
	size_t at = 0;

	begin_in(&s, makes);
	UT_OK(ca_token_generate(s.token, &g, &at) == CA_OK);
	UT_OK(ca_token_model(s.token)->keys[at].id.n == 20);
	UT_OK(signs(&s, at));
	ut_scene_end(&s);
}

struct refusal {
	const char *name;
	const char *options[8];
	enum ca_gen kind;
	uint8_t id;
	bool out; /* nobody is logged in */
	ca_err e;
};

static const struct refusal refusals[] = {
    {"no login", {"generate", "yes"}, CA_GEN_P256, 0x40, true,
	CA_E_AUTH_NEEDED},
    {"a card that does not", {NULL}, CA_GEN_P256, 0x40, false,
	CA_E_UNSUPPORTED},
    {"a size that it does not", {"generate", "yes"}, CA_GEN_RSA_1024, 0x40,
	false, CA_E_UNSUPPORTED},
    {"the id of a key", {"generate", "yes"}, CA_GEN_P256, 0x01, false,
	CA_E_DATA},
    {"the id of a certificate", {"generate", "yes"}, CA_GEN_P256, 0x12, false,
	CA_E_DATA},
    /* An entry of a kind nobody knows may name any key. */
    {"an entry not understood", {"generate", "yes", "unknown", "yes"},
	CA_GEN_P256, 0x40, false, CA_E_UNSUPPORTED},
    {"no room on the card", {"generate", "yes", "keys", "4"}, CA_GEN_P256, 0x40,
	false, CA_E_NO_SPACE},
};

static void
refused(void)
{
	for (size_t i = 0; i < CA_COUNT(refusals); i++) {
		const struct refusal *r = &refusals[i];
		struct ca_keygen g = order(r->kind, r->id);
		struct ut_scene s;
		size_t at = 0;
		ca_err e;

		begin(&s, r->options);
		UT_OK(r->out || login(&s) == CA_OK);
		ca_sim_count_clear(s.card);
		e = ca_token_generate(s.token, &g, &at);
		UT(e == r->e, "%s: %s", r->name, ca_err_name(e));
		UT(ca_sim_seen(s.card, UPDATE) == 0, "%s", r->name);
		UT(r->e == CA_E_NO_SPACE || ca_sim_seen(s.card, GENERATE) == 0,
		    "%s", r->name);
		UT(r->out || signs(&s, 0), "%s", r->name);
		ut_scene_end(&s);
	}
}

/* Entries longer than a command, until a directory is full: then the card is
 * not asked for a key that nobody could see. */
static void
full_directory(void)
{
	struct ca_keygen g = order(CA_GEN_P256, 0x40);
	struct ut_scene s;
	size_t at = 0;
	ca_err e = CA_OK;

	begin_in(&s, makes);
	memset(g.public_label, 'x', CA_LABEL_MAX - 1);
	for (; e == CA_OK && g.id.b[0] < 0x45; g.id.b[0]++) {
		ca_sim_count_clear(s.card);
		e = ca_token_generate(s.token, &g, &at);
		UT_OK(e != CA_OK || signs(&s, at));
	}
	UT_OK(e == CA_E_NO_SPACE);
	UT_OK(ca_token_model(s.token)->keys_n == 4);
	UT_OK(ca_sim_seen(s.card, GENERATE) == 0);
	UT_OK(signs(&s, 0));
	ut_scene_end(&s);
}

/* A card without directories of keys gets them. */
static void
first_key(void)
{
	static const char *const empty[] = {"generate", "yes", "keys", "0",
	    "missing", "1024", "pukdf", "no", NULL};
	struct ca_keygen g = order(CA_GEN_P256, 0x40);
	struct ut_scene s;
	size_t at = 99;

	begin_in(&s, empty);
	UT_OK(ca_token_generate(s.token, &g, &at) == CA_OK);
	UT_OK(at == 0 && signs(&s, 0));
	again_in(&s);
	UT_OK(ca_token_model(s.token)->keys_n == 1 && signs(&s, 0));
	ut_scene_end(&s);
}

/* A key whose entry stands in the ODF itself, reference 00: the first that
 * would be free. */
static void
key_in_the_odf(void)
{
	static const char *const commands[] = {
	    "00A4080C025015",
	    "002000011031323334353637380000000000000000",
	    "00A4080C0450155031",
	    "00D600303B A037 A035 A0333011 0C084B65792050323536 030206C0 0401FF"
	    "300E040133 03020520 030203B8 020100 A10E300C 300604043F005015"
	    "02020100 0000",
	};
	struct ca_keygen g = order(CA_GEN_P256, 0x40);
	struct ut_scene s;
	size_t at = 0;

	begin(&s, makes);
	for (size_t i = 0; i < CA_COUNT(commands); i++) {
		uint8_t cmd[96], answer[300];
		struct ca_wr w = ca_wr_of(answer, sizeof(answer));

		(void)ca_sim_transmit(s.card,
		    ut_hex(commands[i], cmd, sizeof(cmd)), &w);
		UT(w.n == 2 && answer[0] == 0x90, "command %zu: %02X%02X", i,
		    answer[0], answer[1]);
	}
	UT_OK(ut_scene_open(&s) == CA_OK && login(&s) == CA_OK);
	UT_OK(place(&s, 0x33) < ca_token_model(s.token)->keys_n);
	UT_OK(ca_token_generate(s.token, &g, &at) == CA_OK);
	UT_OK(ca_token_model(s.token)->keys[at].reference == 0x02);
	ut_scene_end(&s);
}

/* What the card says is its public half is none. */
static void
bad_point(void)
{
	static const char *const bad[] = {
	    "generate", "yes", "bad", "generate-point", NULL};
	struct ca_keygen g = order(CA_GEN_P256, 0x40);
	struct ut_scene s;
	size_t at = 0;

	begin_in(&s, bad);
	ca_sim_count_clear(s.card);
	UT_OK(ca_token_generate(s.token, &g, &at) == CA_E_MALFORMED);
	UT_OK(ca_sim_seen(s.card, GENERATE) == 1);
	UT_OK(ca_sim_seen(s.card, UPDATE) == 0);
	UT_OK(signs(&s, 0));
	ut_scene_end(&s);
}

/* The card is pulled at the nth command: before it is carried out, or after.
 * True when the order went through. */
static bool
pulled_at(uint32_t n, enum ca_sim_what what)
{
	struct ca_sim_trouble t = {.what = what, .at = n, .times = 1};
	struct ca_keygen g = order(CA_GEN_P256, 0x40),
			 again = order(CA_GEN_P256, 0x41);
	struct ut_scene s;
	size_t at = 0, whole;
	bool done;

	begin_in(&s, makes);
	ca_sim_trouble(s.card, &t);
	done = ca_token_generate(s.token, &g, &at) == CA_OK;
	ca_sim_trouble_clear(s.card);
	ca_token_free(&s.token);
	UT_OK(ca_sim_world_remove(s.world, UT_SCENE_READER) == CA_OK);
	UT_OK(ca_sim_world_insert(s.world, UT_SCENE_READER, s.card) == CA_OK);
	again_in(&s);
	/* The old key is there; the new one whole or not at all. */
	UT(place(&s, 1) == 0 && signs(&s, 0), "command %u", n);
	whole = place(&s, 0x40);
	UT(whole == ca_token_model(s.token)->keys_n || signs(&s, whole),
	    "command %u", n);
	/* And it goes on. */
	UT(ca_token_generate(s.token, &again, &at) == CA_OK && signs(&s, at),
	    "command %u", n);
	UT(place(&s, 0x40) == ca_token_model(s.token)->keys_n ||
		signs(&s, place(&s, 0x40)),
	    "command %u", n);
	ut_scene_end(&s);
	return done;
}

static void
interrupted(void)
{
	static const enum ca_sim_what ways[] = {
	    CA_SIM_T_REMOVE, CA_SIM_T_REMOVE_AFTER};

	for (size_t i = 0; i < CA_COUNT(ways); i++) {
		uint32_t n = 1;

		while (n < COMMANDS_MAX && !pulled_at(n, ways[i]))
			n++;
		UT(n > 10 && n < COMMANDS_MAX, "%u commands", n);
	}
}

static const CU_TestInfo tests[] = {
    {"each_kind", each_kind},
    {"id_of_its_own", id_of_its_own},
    {"refused", refused},
    {"full_directory", full_directory},
    {"first_key", first_key},
    {"key_in_the_odf", key_in_the_odf},
    {"bad_point", bad_point},
    {"interrupted", interrupted},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_generate = {"generate", tests};
