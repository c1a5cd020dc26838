/* A card that is dumped, and the card that the dump is: the same structure, and
 * nobody's name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/blanked.h"
#include "tests/unit/scene.h"
#include "tests/unit/suites.h"
#include "tools/card/dump.h"
#include "tools/card/dump_guard.h"

#define SERIAL "5A17C0DE77665544"
#define LABEL "Phan Thi Vi Du"

/* A token's structure, without the words in it. */
struct shape {
	size_t pins, keys, certs, read;
	uint8_t pin_ref[CA_PINS_MAX], key_ref[CA_KEYS_MAX];
	size_t bits[CA_KEYS_MAX];
	uint32_t usage[CA_KEYS_MAX];
	struct ca_buf der[CA_CERTS_MAX];
};

static const char *const named[] = {
    "label", LABEL, "serial", SERIAL, "chain", "1", NULL};
static const char *const block[] = {
    "label", LABEL, "serial", SERIAL, "t0", "yes", "t1", "no", NULL};
static const char *const mute[] = {NULL};

static const struct {
	const char *type, *key;
	const char *const *options;
	/* the size of keys is seen in a blanked dump, too; and all that is
	 * there is found without knowing the family, for EF.DIR or ISO/IEC
	 * 7816-15 tell where it is */
	bool bits, unknown;
} cards[] = {
    {"iso7816-15", "rsa2048", named, true, true},
    {"iso7816-15", "p256", named, true, true},
    {"iso7816-15", "p256", block, true, true},
    {"vgca-chipdoc", "rsa2048", named, true, true},
    {"vgca-jcop4", "rsa3072", named, true, true},
    {"uicc", "rsa2048", named, true, false},
    {"idprime", "rsa2048", named, false, false},
    {"entersafe", "rsa2048", named, true, true},
    {"bit4id-cns", "rsa2048", named, true, false},
    {"etoken-java", "rsa2048", mute, true, false},
};

static void
shape_free(struct shape *s)
{
	for (size_t i = 0; i < CA_CERTS_MAX; i++)
		ca_buf_free(&s->der[i]);
}

/* Opens the token in the scene and looks at all of it. */
static ca_err
shape_of(struct ut_scene *scene, struct shape *s)
{
	const struct ca_model *m;
	ca_err e = ut_scene_open(scene);
	struct ca_rd der;

	memset(s, 0, sizeof(*s));
	if (e != CA_OK)
		return e;
	m = ca_token_model(scene->token);
	s->pins = m->pins_n;
	s->certs = m->certs_n;
	for (size_t i = 0; i < m->certs_n; i++)
		if (ca_token_cert(scene->token, i, &der) == CA_OK) {
			s->read++;
			UT_OK(ca_buf_add(&s->der[i], der) == CA_OK);
		}
	m = ca_token_model(scene->token);
	s->keys = m->keys_n;
	for (size_t i = 0; i < m->pins_n; i++)
		s->pin_ref[i] = m->pins[i].reference;
	for (size_t i = 0; i < m->keys_n; i++) {
		s->key_ref[i] = m->keys[i].reference;
		s->bits[i] = m->keys[i].bits;
		s->usage[i] = m->keys[i].usage;
	}
	return CA_OK;
}

static void
same_shape(const char *card, const struct shape *a, const struct shape *b,
    bool bits)
{
	UT(a->pins == b->pins, "%s: %zu PINs, %zu", card, a->pins, b->pins);
	UT(a->keys == b->keys, "%s: %zu keys, %zu", card, a->keys, b->keys);
	UT(a->certs == b->certs, "%s: %zu certs, %zu", card, a->certs,
	    b->certs);
	UT(memcmp(a->pin_ref, b->pin_ref, sizeof(a->pin_ref)) == 0, "%s", card);
	UT(memcmp(a->key_ref, b->key_ref, sizeof(a->key_ref)) == 0, "%s", card);
	UT(memcmp(a->usage, b->usage, sizeof(a->usage)) == 0, "%s", card);
	UT(!bits || memcmp(a->bits, b->bits, sizeof(a->bits)) == 0, "%s", card);
}

/* No file stands where a card said that none is selected (6986). */
static void
no_file_without_one(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];

	UT_OK(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		UT(strncmp(line, "file 0 6986", 11) != 0, "%s", line);
	(void)fclose(f);
}

/* Dumps the card in the scene to a file in the folder; its path. */
static const char *
dump(struct ut_scene *s, const struct ca_profiles *profiles,
    const struct ut_dir *dir, bool full)
{
	const char *path = ut_dir_at(dir, full ? "full" : "blank");
	FILE *f = fopen(path, "w");

	ca_token_free(&s->token);
	ca_sim_count_clear(s->card);
	UT_OK(f != NULL);
	UT_OK(ca_card_dump(ca_sim_world_transport(s->world), profiles,
		  &s->config, UT_SCENE_READER, full, f) == CA_OK);
	(void)fclose(f);
	no_file_without_one(path);
	for (unsigned ins = 0; ins < 256; ins++) {
		const uint8_t cmd[] = {0x00, (uint8_t)ins, 0x00, 0x00, 0x00};

		if (!ca_dump_allows(ca_rd_of(cmd, sizeof(cmd))))
			UT(ca_sim_seen(s->card, (uint8_t)ins) == 0, "INS %02X",
			    ins);
	}
	return path;
}

/* The card of a dump in a scene of its own. */
static void
begin_dumped(struct ut_scene *s, const char *path)
{
	const char *options[] = {"from-dump", path, NULL};

	ut_scene_begin(s, "dump", "p256", options);
}

static void
dumped(size_t row)
{
	const char *type = cards[row].type, *path;
	struct shape before, after;
	struct ut_dir dir = ut_dir_new();
	struct ca_profiles *none = calloc(1, sizeof(*none));
	struct ut_scene s, t;
	ca_err e;

	for (int way = 0; way < 3; way++) {
		bool full = way == 1;

		if (way == 2 && !cards[row].unknown)
			continue;
		ut_scene_begin(&s, type, cards[row].key, cards[row].options);
		e = shape_of(&s, &before);
		path = dump(&s, way == 2 ? none : s.profiles, &dir, full);
		if (!full)
			ut_blanked(type, path, LABEL, SERIAL, before.der,
			    before.certs);
		ut_scene_end(&s);
		begin_dumped(&t, path);
		UT(shape_of(&t, &after) == e, "%s, way %d", type, way);
		same_shape(type, &before, &after, full || cards[row].bits);
		UT(after.read == before.read || !cards[row].bits,
		    "%s, way %d: %zu of %zu certificates", type, way,
		    after.read, before.read);
		for (size_t i = 0; i < before.certs && full; i++)
			UT(ca_rd_equal(ca_buf_rd(&before.der[i]),
			       ca_buf_rd(&after.der[i])),
			    "%s: certificate %zu", type, i);
		ut_scene_end(&t);
		shape_free(&before);
		shape_free(&after);
	}
	ut_dir_free(&dir);
	free(none);
}

static void
every_card(void)
{
	for (size_t i = 0; i < CA_COUNT(cards); i++)
		dumped(i);
}

/* A PIN of the card that a dump is: no value is right, and none is asked. */
static void
no_pin(void)
{
	struct ut_dir dir = ut_dir_new();
	struct ca_pin_state state;
	const struct ca_pin *pin;
	struct ut_scene s, t;

	ut_scene_begin(&s, "iso7816-15", "p256", named);
	begin_dumped(&t, dump(&s, s.profiles, &dir, true));
	ut_scene_end(&s);
	UT_OK(ut_scene_open(&t) == CA_OK);
	pin = ca_model_pin(ca_token_model(t.token), CA_PIN_USER);
	UT_OK(pin != NULL && ca_token_login(t.token, pin, ut_text("12345678"),
				 &state) == CA_E_PIN_BLOCKED);
	ut_scene_end(&t);
	ut_dir_free(&dir);
}

static const CU_TestInfo tests[] = {
    {"the card in a dump is the card that was dumped", every_card},
    {"its PIN never verifies", no_pin},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_dump = {"dump", tests};
