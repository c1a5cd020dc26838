#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/card/profile.h"
#include "pcsc/conf/config.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

#define HEAD "[profile]\nmodel = Example card\n"
#define MATCH "[match]\natr = 3B DF 18\n"
#define APP "[application]\npath = 3F00 5015\n"
#define GOOD HEAD MATCH APP /* 6 lines */

/* Parses a text as the file example.conf. */
static unsigned
parse(const char *text, struct ca_profile *p)
{
	struct ca_rd r = ut_text(text);
	uint8_t *copy = ut_exact(r);
	unsigned faults = 99;

	memset(p, 0xA5, sizeof(*p));
	UT_OK(ca_profile_parse(ca_rd_of(copy, r.n), "example", p, &faults) ==
	      CA_OK);
	free(copy);
	return faults;
}

static void
defaults(void)
{
	struct ca_profile *p = malloc(sizeof(*p));

	ut_log_begin(CA_LOG_WARN);
	UT(parse(GOOD, p) == 0, "%s", ut_log_text());
	UT_OK(strcmp(p->name, "example") == 0);
	UT_OK(strcmp(p->source, "example.conf") == 0);
	UT_OK(strcmp(p->driver, "iso7816-15") == 0);
	UT_OK(strcmp(p->model, "Example card") == 0);
	UT_OK(p->manufacturer[0] == '\0' && p->label[0] == '\0');
	UT_OK(p->atrs_n == 1 && p->atrs[0].n == 3 && p->aid.n == 0);
	UT_OK(p->path.n == 4 && p->select == CA_SELECT_PATH);
	UT_OK(p->select_p2 == 0 && p->read_max == 256 && p->chaining);
	UT_OK(!p->extended && p->random_chunk == 0);
	UT_OK(p->logout == CA_LOGOUT_RESET && !p->padding_ends);
	UT_OK(p->exact_without_padding == 0 && !p->pin_local_bit);
	UT_OK(!p->user.has_reference && !p->so.has_reference);
	UT_OK(!p->has_key_reference && p->key_reference_or == 0);
	UT_OK(p->ways_n == 0 && p->odf.n == 0);
	UT_OK(ut_log_text()[0] == '\0');
	ut_log_end();
	free(p);
}

static const char full[] =
    "[profile]\nname = other\ndriver = iso7816-15\nmodel = M\n"
    "manufacturer = F\nlabel = L\n"
    "[match]\natr = 3B DF 18\natr = 3B00 / FF0F\naid = A0 00 00 00 63\n"
    "[application]\npath = 3F005015\nselect = ef\nselect_answer = none\n"
    "odf = 5031\ntoken_info = 5032\naodf = 4401\nprkdf = 4402\n"
    "pukdf = 4403\ncdf = 4404\ndodf = 4405\n"
    "[limits]\nread = 231\nextended = yes\nchaining = no\nrandom = 8\n"
    "[quirks]\npadding_ends = yes\nlogout = verify-ff\n"
    "select_keeps_login = yes\nexact_without_padding = 8\n"
    "pin_local_bit = yes\nselect_pin = yes\nselect_key = yes\n"
    "[pin user]\nreference = 81\nmin = 4\nmax = 8\nstored = 16\npad = 00\n"
    "tries = 3\n"
    "[pin so]\nreference = 02\n"
    "[admin key]\nreference = 9A\ncipher = aes\nalgorithm = 08\n"
    "query = no\n"
    "[keys]\nreference = 11\nreference_or = 80\n"
    "[algorithm rsa-pkcs1 1]\nalgorithm = 8A\ncrt = B6\n"
    "[algorithm rsa-pkcs1 2]\nalgorithm = 02\ncrt = A4\np1 = C1\n"
    "order = key-algorithm\ncommand = internal-authenticate\n"
    "file = 5015\nmax_input = 51\nkey_tag = 83\n"
    "[algorithm rsa-decipher-pkcs1]\nalgorithm = token-info\n"
    "indicator = 81\nmse = no\n"
    "[algorithm rsa-raw 1]\nalgorithm = 8C\nproven = self-check\n"
    "[algorithm rsa-raw 2]\nproven = yes\n"
    "[algorithm ecdsa-data-sha256]\nfile = key-path\nkey_tag = no\n"
    "bits = 384\ninput = 48\nfill = yes\n"
    "[algorithm ecdh]\nfile = key-file\npoint = template\n"
    "[algorithm ecdh 2]\npoint = key\n"
    "[algorithm ecdh 3]\npoint = bare\n"
    "[generate]\nreferences = 80 8F\npublic_file = 3310\n"
    "public_access = FF90\nprkdf = 4402\npukdf = 4403\n"
    "directory_size = 512\ndirectory_access = FF00\n"
    "[generate rsa-2048]\nalgorithm = F3\n"
    "[generate p521]\nalgorithm = token-info\np1 = 80\n";

static void
every_key(void)
{
	struct ca_profile *p = malloc(sizeof(*p));

	ut_log_begin(CA_LOG_WARN);
	UT(parse(full, p) == 0, "%s", ut_log_text());
	UT_OK(strcmp(p->name, "other") == 0 && strcmp(p->model, "M") == 0);
	UT_OK(strcmp(p->manufacturer, "F") == 0 && strcmp(p->label, "L") == 0);
	UT_OK(p->atrs_n == 2 && p->atrs[1].mask[1] == 0x0F && p->aid.n == 5);
	UT_OK(p->select == CA_SELECT_EF && p->select_p2 == 0x0C);
	UT_OK(p->odf.b[1] == 0x31 && p->token_info.b[1] == 0x32 &&
	      p->aodf.b[1] == 1 && p->prkdf.b[1] == 2 && p->pukdf.b[1] == 3 &&
	      p->cdf.b[1] == 4 && p->dodf.b[1] == 5);
	UT_OK(p->read_max == 231 && p->extended && !p->chaining &&
	      p->random_chunk == 8);
	UT_OK(p->padding_ends && p->logout == CA_LOGOUT_VERIFY_FF &&
	      p->select_keeps_login && p->exact_without_padding == 8 &&
	      p->pin_local_bit && p->select_pin && p->select_key);
	UT_OK(p->admin.cipher == CA_REMOTE_AES && p->admin.has_reference &&
	      p->admin.reference == 0x9A && p->admin.algorithm == 8 &&
	      p->admin.no_query);
	UT_OK(p->user.has_reference && p->user.reference == 0x81 &&
	      p->user.min == 4 && p->user.max == 8 && p->user.stored == 16 &&
	      p->user.has_pad && p->user.pad == 0 && p->user.tries == 3);
	UT_OK(p->so.has_reference && p->so.reference == 2 && !p->so.has_min);
	UT_OK(p->has_key_reference && p->key_reference == 0x11 &&
	      p->key_reference_or == 0x80);
	UT_OK(p->gen.references.b[1] == 0x8F &&
	      p->gen.public_file.b[1] == 0x10 && p->gen.public_access.n == 2 &&
	      p->gen.prkdf.b[1] == 2 && p->gen.pukdf.b[1] == 3 &&
	      p->gen.directory_size == 512 && p->gen.directory_access.n == 2);
	UT_OK(p->gen.makes[CA_GEN_RSA_2048].given &&
	      p->gen.makes[CA_GEN_RSA_2048].alg_ref.b[0] == 0xF3 &&
	      !p->gen.makes[CA_GEN_RSA_2048].has_p1 &&
	      p->gen.makes[CA_GEN_P521].from_token_info &&
	      p->gen.makes[CA_GEN_P521].p1 == 0x80 &&
	      !p->gen.makes[CA_GEN_P256].given);
	UT_OK(p->ways_n == 9);
	UT_OK(p->ways[0].alg == CA_ALG_RSA_PKCS1 && p->ways[0].crt == 0xB6 &&
	      p->ways[0].p1 == 0x41 && p->ways[0].alg_ref.b[0] == 0x8A &&
	      !p->ways[0].key_first && p->ways[0].command == CA_COMMAND_PSO &&
	      p->ways[0].key_tag == 0x84 && p->ways[0].input == 0 &&
	      p->ways[0].bits == 0 && !p->ways[0].fill);
	UT_OK(p->ways[1].p1 == 0xC1 && p->ways[1].key_first &&
	      p->ways[1].command == CA_COMMAND_INTERNAL &&
	      p->ways[1].file.n == 2 && p->ways[1].max_input == 51 &&
	      p->ways[1].key_file == CA_KEY_FILE_NONE &&
	      p->ways[1].key_tag == 0x83);
	UT_OK(p->ways[2].alg == CA_ALG_RSA_DEC_PKCS1 &&
	      p->ways[2].from_token_info && p->ways[2].has_indicator &&
	      p->ways[2].indicator == 0x81 && p->ways[2].no_mse &&
	      p->ways[2].crt == 0xB8);
	UT_OK(p->ways[3].needs_proof && !p->ways[4].needs_proof);
	UT_OK(p->ways[5].alg == CA_ALG_ECDSA_DATA_SHA256 &&
	      p->ways[5].command == CA_COMMAND_PSO && p->ways[5].crt == 0xB6 &&
	      p->ways[5].key_file == CA_KEY_FILE_PATH &&
	      p->ways[5].key_tag == 0 && p->ways[5].bits == 384 &&
	      p->ways[5].input == 48 && p->ways[5].fill);
	UT_OK(p->ways[6].alg == CA_ALG_ECDH && p->ways[6].crt == 0xB8 &&
	      p->ways[6].command == CA_COMMAND_DECIPHER &&
	      p->ways[6].key_file == CA_KEY_FILE_LAST &&
	      p->ways[6].point == CA_POINT_TEMPLATE);
	UT_OK(p->ways[7].point == CA_POINT_KEY &&
	      p->ways[8].point == CA_POINT_BARE);
	ut_log_end();
	free(p);
}

/* Where the application has no path, there is none from the MF for an EF. */
static void
select_without_path(void)
{
	static const struct {
		const char *text;
		enum ca_select select;
	} r[] = {
	    {"[match]\naid = A000000063\n", CA_SELECT_EF},
	    {"[match]\naid = A000000063\n[application]\nselect = path\n",
		CA_SELECT_PATH},
	    {"[match]\naid = A000000063\n[application]\npath = 3F005015\n",
		CA_SELECT_PATH},
	};
	struct ca_profile *p = malloc(sizeof(*p));
	char text[200];

	for (size_t i = 0; i < CA_COUNT(r); i++) {
		snprintf(text, sizeof(text), "[profile]\nmodel = M\n%s",
		    r[i].text);
		UT(parse(text, p) == 0 && p->select == r[i].select, "row %zu",
		    i);
	}
	free(p);
}

/* clang-format off */
static const struct {
	const char *line; /* becomes line 7 or follows its section there */
	const char *log;
} fault_rows[] = {
	{"[limits]\ncolour = red\n", "example.conf:8: unknown key"},
	{"[colours]\nread = 1\n", "example.conf:8: unknown"},
	{"nonsense\n", "example.conf:7: neither [section] nor key = value"},
	{"[limits]\nread = 0\n", "example.conf:8: bad value"},
	{"[limits]\nread = 257\n", "example.conf:8: bad value"},
	{"[limits]\nread = -1\n", "example.conf:8: bad value"},
	{"[limits]\nread = 0x10\n", "example.conf:8: bad value"},
	{"[limits]\nread = 99999999999999999999999\n", "example.conf:8: bad value"},
	{"[limits]\nread =\n", "example.conf:8: bad value"},
	{"[limits]\nread = 12 bytes\n", "example.conf:8: bad value"},
	{"[limits]\nextended = maybe\n", "example.conf:8: bad value"},
	{"[match]\natr = 3B DG\n", "example.conf:8: bad value"},
	{"[match]\natr = 3B\n", "example.conf:8: bad value"},
	{"[match]\natr =\n", "example.conf:8: bad value"},
	{"[match]\natr = 3B DF 18 / FF FF\n", "example.conf:8: bad value"},
	{"[match]\natr = 3B DF / FF FF / FF\n", "example.conf:8: bad value"},
	{"[match]\natr = 3B000000000000000000000000000000000000000000000000000000000000000000\n", "example.conf:8: bad value"},
	{"[match]\naid = 0102030405060708090A0B0C0D0E0F1011\n", "example.conf:8: bad value"},
	{"[match]\naid =\n", "example.conf:8: bad value"},
	{"[application]\npath = 3F0050\n", "example.conf:8: bad value"},
	{"[application]\nselect = aid\n", "example.conf:8: bad value"},
	{"[application]\nodf = 50\n", "example.conf:8: bad value"},
	{"[profile]\ndriver = nobody\n", "example.conf:8: bad value"},
	{"[profile]\nname = 0123456789012345678901234567890123456789\n", "example.conf:8: bad value"},
	{"[profile]\nlabel =\n", "example.conf:8: bad value"},
	{"[pin user]\nreference = 100\n", "example.conf:8: bad value"},
	{"[pin user]\nreference = 8\n", "example.conf:8: bad value"},
	{"[pin user]\ntries = 16\n", "example.conf:8: bad value"},
	{"[pin user]\ntries = 0\n", "example.conf:8: bad value"},
	{"[pin user]\npin = 12345678\n", "example.conf:8: unknown key"},
	{"[quirks]\nlogout = never\n", "example.conf:8: bad value"},
	{"[algorithm rsa-pkcs2]\nalgorithm = 02\n", "example.conf:8: unknown algorithm"},
	{"[algorithm rsa-pkcs1]\ncommand = guess\n", "example.conf:8: bad value"},
	{"[algorithm rsa-pkcs1]\nkey_tag = 85\n", "example.conf:8: bad value"},
	{"[algorithm rsa-pkcs1]\nfile = key\n", "example.conf:8: bad value"},
	{"[algorithm ecdh]\npoint = bare04\n", "example.conf:8: bad value"},
	{"[algorithm rsa-pkcs1]\ncolour = red\n", "example.conf:8: unknown key"},
	{"[algorithm rsa-raw]\nproven = no\n", "example.conf:8: bad value"},
	{"[algorithm rsa-pkcs1]\nproven = self-check\n", "example.conf:8: a self-check is for rsa-raw alone"},
	{"[application]\npath = 0001 5015\n", "does not begin with 3F00"},
	{"[generate rsa-512]\nalgorithm = F3\n", "example.conf:8: unknown kind of key"},
	{"[generate p256]\ncolour = red\n", "example.conf:8: unknown key"},
	{"[generate p256]\nalgorithm = EC\n", "[generate] needs references"},
	{"[generate]\nreferences = 00\n", "example.conf:8: bad value"},
	{"[keys]\nreference_or = 80\n[generate]\nreferences = 7F 90\n",
	 "[generate] references without the bits"},
};
/* clang-format on */

static void
faults_named(void)
{
	struct ca_profile *p = malloc(sizeof(*p));
	char text[600];

	for (size_t i = 0; i < CA_COUNT(fault_rows); i++) {
		snprintf(text, sizeof(text), "%s%s", GOOD, fault_rows[i].line);
		ut_log_begin(CA_LOG_ERROR);
		UT(parse(text, p) == 1, "%s: %s", fault_rows[i].line,
		    ut_log_text());
		UT(ut_log_count(fault_rows[i].log) == 1, "%s: %s",
		    fault_rows[i].line, ut_log_text());
		ut_log_end();
	}
	free(p);
}

static const struct {
	const char *text;
	const char *log;
} missing_rows[] = {
    {"", "example.conf: "},
    {HEAD APP, "atr nor aid"},
    {HEAD MATCH, "neither aid nor path"},
    {MATCH APP, "no model"},
    {GOOD "[admin key]\nreference = 80\n", "both cipher and reference"},
    {GOOD "[admin key]\ncipher = 3des\n", "both cipher and reference"},
    {GOOD "[profile]\ndriver = epass2003\n[admin key]\nreference = 80\n"
	  "cipher = 3des\n",
	"no use for [admin key]"},
    {GOOD "[profile]\ndriver = idprime\n[admin key]\nreference = 80\n"
	  "cipher = 3des\n",
	"no use for [admin key]"},
};

static void
missing_things(void)
{
	struct ca_profile *p = malloc(sizeof(*p));

	for (size_t i = 0; i < CA_COUNT(missing_rows); i++) {
		ut_log_begin(CA_LOG_ERROR);
		UT(parse(missing_rows[i].text, p) > 0, "row %zu", i);
		UT(ut_log_count(missing_rows[i].log) >= 1, "row %zu: %s", i,
		    ut_log_text());
		ut_log_end();
	}
	free(p);
}

/* More of anything than there is room for is a fault, not an overrun. */
static void
too_many(void)
{
	struct ca_profile *p = malloc(sizeof(*p));
	char *text = malloc(20000);
	size_t n = (size_t)sprintf(text, "%s", GOOD);

	ut_log_begin(CA_LOG_ERROR);
	for (int i = 0; i < CA_PROFILE_WAYS + 3; i++)
		n += (size_t)sprintf(text + n,
		    "[algorithm rsa-pkcs1 %d]\nalgorithm = 02\n", i);
	UT_OK(parse(text, p) == 3 && p->ways_n == CA_PROFILE_WAYS);
	n = (size_t)sprintf(text, "%s[match]\n", GOOD);
	for (int i = 0; i < CA_PROFILE_ATRS + 3; i++)
		n += (size_t)sprintf(text + n, "atr = 3B %02X 00\n", i);
	/* One stands in GOOD already. */
	UT_OK(parse(text, p) == 4 && p->atrs_n == CA_PROFILE_ATRS);
	ut_log_end();
	free(text);
	free(p);
}

/* clang-format off */
static const struct {
	const char *rule;
	const char *atr;
	bool match;
} atr_rows[] = {
	{"3B DF 18", "3B DF 18", true},
	{"3B DF 18", "3B DF 19", false},
	{"3B DF 18", "3B DF", false},
	{"3B DF 18", "3B DF 18 00", false},
	{"3B DF 18", "", false},
	{"3B DF 18 / FF F0 FF", "3B D0 18", true},
	{"3B DF 18 / FF F0 FF", "3B CF 18", false},
	{"3B DF 18 / FF F0 00", "3B D1 77", true},
	{"3B DF 18 / 00 00 00", "01 02 03", true},
};

/* [match] historical: behind any interface bytes, with and without TCK. */
static const struct {
	const char *rule;
	const char *atr;
	bool match;
} historical_rows[] = {
	{"43 4E 53", "3B 03 43 4E 53", true},
	{"43 4E 53", "3B 93 11 81 31 43 4E 53 00", false}, /* TD2 is cut */
	{"43 4E 53", "3B 93 11 81 01 43 4E 53 00", true},
	{"43 4E 53", "3B F3 11 00 00 81 31 FE 55 43 4E 53 00", true},
	{"43 4E 53", "3B 83 80 81 31 FE 55 43 4E 53 00", true},
	{"43 4E", "3B 03 43 4E 53", true}, /* begins so */
	{"43 4E 53", "3B 02 43 4E", false},
	{"43 4E 53", "3B 03 43 4E", false}, /* fewer than announced */
	{"43 4E 53", "3B 03 43 4E 53 00 00", false}, /* more than TCK */
	{"43 4E 53", "3B 04 00 43 4E 53", false},
	{"43 00 53 / FF 00 FF", "3B 03 43 4E 53", true},
	{"43 4E", "3B", false},
	{"43 4E", "", false},
	{"43 4E", "3B 83 80 80 80 80 80 80 80 80 80 80 43 4E 53", false},
};
/* clang-format on */

static void
atr_rules(void)
{
	struct ca_profile *p = malloc(sizeof(*p));
	char text[200];
	uint8_t atr[8];

	for (size_t i = 0; i < CA_COUNT(atr_rows); i++) {
		struct ca_rd r = ut_bytes(atr_rows[i].atr, atr, sizeof(atr));
		uint8_t *exact = ut_exact(r);

		snprintf(text, sizeof(text), HEAD APP "[match]\natr = %s\n",
		    atr_rows[i].rule);
		UT(parse(text, p) == 0, "row %zu", i);
		UT(ca_profile_matches(p, ca_rd_of(exact, r.n)) ==
			atr_rows[i].match,
		    "row %zu", i);
		free(exact);
	}
	free(p);
}

static void
historical_rules(void)
{
	struct ca_profile *p = malloc(sizeof(*p));
	char text[200];
	uint8_t atr[33];

	for (size_t i = 0; i < CA_COUNT(historical_rows); i++) {
		struct ca_rd r =
		    ut_bytes(historical_rows[i].atr, atr, sizeof(atr));
		uint8_t *exact = ut_exact(r);

		snprintf(text, sizeof(text),
		    HEAD APP "[match]\nhistorical = %s\n",
		    historical_rows[i].rule);
		UT(parse(text, p) == 0, "row %zu", i);
		UT(ca_profile_matches(p, ca_rd_of(exact, r.n)) ==
			historical_rows[i].match,
		    "row %zu", i);
		free(exact);
	}
	free(p);
}

/* ---- folders ---- */

struct scene {
	struct ut_dir package, admin;
	struct ca_config config;
	struct ca_profiles *all;
};

static void
scene_begin(struct scene *s)
{
	*s = (struct scene){.package = ut_dir_new(), .admin = ut_dir_new()};
	snprintf(s->config.cards_dir, sizeof(s->config.cards_dir), "%s",
	    s->package.path);
	snprintf(s->config.cards_d, sizeof(s->config.cards_d), "%s",
	    s->admin.path);
	ut_log_begin(CA_LOG_ERROR);
}

static void
load(struct scene *s)
{
	ca_profiles_free(&s->all);
	UT_OK(ca_profiles_load(&s->config, &s->all) == CA_OK);
}

static void
scene_end(struct scene *s)
{
	ca_profiles_free(&s->all);
	UT_OK(s->all == NULL);
	ca_profiles_free(&s->all);
	ut_log_end();
	ut_dir_free(&s->package);
	ut_dir_free(&s->admin);
}

/* A profile text with this ATR and model. */
static struct ca_rd
text_of(const char *model, const char *match)
{
	static char texts[4][300];
	static unsigned next;
	char *t = texts[next++ % 4];

	snprintf(t, sizeof(texts[0]),
	    "[profile]\nmodel = %s\n[match]\n%s\n" APP, model, match);
	return ut_text(t);
}

static const struct ca_profile *
named(const struct scene *s, const char *name)
{
	for (size_t i = 0; i < s->all->n; i++)
		if (strcmp(s->all->p[i].name, name) == 0)
			return &s->all->p[i];
	return NULL;
}

static void
one_bad_file_hurts_no_other(void)
{
	struct scene s;

	scene_begin(&s);
	ut_dir_put(&s.package, "a.conf", text_of("A", "atr = 3B 01"));
	ut_dir_put(&s.package, "b.conf",
	    ut_text("[profile]\nmodel = B\n\ncolour = red\n"));
	ut_dir_put(&s.package, "c.conf", text_of("C", "atr = 3B 03"));
	ut_dir_put(&s.package, "README.md", ut_text("not a profile"));
	ut_dir_put(&s.package, "d.conf", ca_rd_of("\0\xFF", 2));
	load(&s);
	UT_OK(s.all->n == 2 && named(&s, "a") && named(&s, "c"));
	UT(ut_log_count("b.conf:4: unknown key") == 1, "%s", ut_log_text());
	UT(ut_log_count("d.conf:1: NUL byte") == 1, "%s", ut_log_text());
	UT_OK(ut_log_count("a.conf") == 0 && ut_log_count("c.conf") == 0);
	scene_end(&s);
}

static void
administrator_replaces(void)
{
	struct scene s;

	scene_begin(&s);
	ut_dir_put(&s.package, "a.conf", text_of("package", "atr = 3B 01"));
	ut_dir_put(&s.package, "b.conf", text_of("B", "atr = 3B 02"));
	ut_dir_put(&s.admin, "a.conf", text_of("admin", "atr = 3B 01"));
	ut_dir_put(&s.admin, "c.conf", text_of("C", "atr = 3B 03"));
	load(&s);
	UT_OK(s.all->n == 3);
	UT_OK(named(&s, "a") && strcmp(named(&s, "a")->model, "admin") == 0);
	UT_OK(named(&s, "b") && named(&s, "c"));
	UT_OK(ut_log_text()[0] == '\0');
	/* A faulty replacement leaves the package's in force. */
	ut_dir_put(&s.admin, "a.conf", ut_text("[profile]\ncolour = red\n"));
	load(&s);
	UT_OK(s.all->n == 3);
	UT_OK(named(&s, "a") && strcmp(named(&s, "a")->model, "package") == 0);
	scene_end(&s);
}

/* clang-format off */
static const struct {
	const char *first, *second;
	bool clash;
} claim_rows[] = {
	{"atr = 3B 01", "atr = 3B 01", true},
	{"atr = 3B 01", "atr = 3B 02", false},
	{"atr = 3B 01", "atr = 3B 01 00", false},
	/* one is a kind of the other's cards */
	{"atr = 3B 01 / FF 00", "atr = 3B 77", false},
	{"atr = 3B 77", "atr = 3B 01 / FF 00", false},
	{"atr = 3B 01 / FF 0F", "atr = 3B F1 / FF FF", false},
	{"atr = 3B 01 / FF 0F", "atr = 3B 01 / FF 0F", true},
	{"atr = 3B 01 / FF 0F", "atr = 3B 01 / 0F FF", true},
	{"atr = 3B 01 / FF 0F", "atr = 3B 11 / FF 1E", true},
	{"atr = 3B 01 / FF 0F", "atr = 3B F2 / FF FF", false},
	{"atr = 3B 05\natr = 3B 01", "atr = 3B 06\natr = 3B 01", true},
	/* the application tells these two apart */
	{"atr = 3B 01\naid = A0 01", "atr = 3B 01\naid = A0 02", false},
	{"atr = 3B 01\naid = A0 01", "atr = 3B 01\naid = A0 01", true},
	{"aid = A0 01", "aid = A0 01", true},
	{"aid = A0 01", "aid = A0 02", false},
};
/* clang-format on */

/* Two files that want the same card: the second is named, and skipped. */
static void
duplicate_claims(void)
{
	for (size_t i = 0; i < CA_COUNT(claim_rows); i++) {
		bool clash = claim_rows[i].clash;
		struct scene s;

		scene_begin(&s);
		ut_dir_put(&s.package, "a.conf",
		    text_of("A", claim_rows[i].first));
		ut_dir_put(&s.package, "b.conf",
		    text_of("B", claim_rows[i].second));
		load(&s);
		UT(s.all->n == (clash ? 1 : 2), "row %zu", i);
		UT(named(&s, "a") != NULL, "row %zu", i);
		UT(ut_log_count("b.conf") == clash, "row %zu: %s", i,
		    ut_log_text());
		UT(ut_log_count("a.conf") == clash, "row %zu: %s", i,
		    ut_log_text());
		scene_end(&s);
	}
}

/* The narrowest rule has the card, wherever its profile stands. */
static void
narrowest_rule(void)
{
	static const uint8_t exact[] = {0x3B, 0x77}, kind[] = {0x3B, 0x70},
			     any[] = {0x3B, 0x01};
	static const struct {
		const uint8_t *atr;
		const char *winner;
	} rows[] = {{exact, "b"}, {kind, "c"}, {any, "a"}};
	struct scene s;

	scene_begin(&s);
	ut_dir_put(&s.package, "a.conf", text_of("A", "atr = 3B 00 / FF 00"));
	ut_dir_put(&s.package, "b.conf", text_of("B", "atr = 3B 77"));
	/* ... also where a wider one of the same profile matches first. */
	ut_dir_put(&s.admin, "c.conf",
	    text_of("C", "atr = 3B 70 / FF 70\natr = 3B 70 / FF F0"));
	/* Another application: the card decides between the two. */
	ut_dir_put(&s.admin, "d.conf",
	    text_of("D", "atr = 3B 00 / FF 00\naid = A0 01"));
	load(&s);
	UT_OK(s.all->n == 4);
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		for (size_t k = 0; k < s.all->n; k++) {
			const struct ca_profile *p = &s.all->p[k];
			struct ca_rd atr = ca_rd_of(rows[i].atr, 2);
			bool first = ca_profile_matches(p, atr) &&
				     !ca_profiles_outdone(s.all, p, atr);

			UT(first == (strcmp(p->name, rows[i].winner) == 0 ||
					strcmp(p->name, "d") == 0),
			    "row %zu, profile %s", i, p->name);
		}
	scene_end(&s);
}

static void
who_is_known(void)
{
	static const uint8_t atr[] = {0x3B, 0x01}, other[] = {0x3B, 0x09};
	struct scene s;

	scene_begin(&s);
	ut_dir_put(&s.package, "a.conf", text_of("A", "atr = 3B 01"));
	load(&s);
	UT_OK(ca_profiles_know_atr(s.all, ca_rd_of(atr, 2)));
	UT_OK(!ca_profiles_know_atr(s.all, ca_rd_of(other, 2)));
	UT_OK(!ca_profiles_know_atr(s.all, ca_rd_of(NULL, 0)));
	UT_OK(!ca_profiles_any_by_aid(s.all));
	ut_dir_put(&s.admin, "b.conf", text_of("B", "aid = A0 01"));
	load(&s);
	UT_OK(ca_profiles_any_by_aid(s.all));
	scene_end(&s);
}

/* Without the package's folder the copies built in are used, and they have no
 * fault. */
static void
built_in(void)
{
	struct scene s;

	scene_begin(&s);
	snprintf(s.config.cards_dir, sizeof(s.config.cards_dir), "%s/none",
	    s.package.path);
	load(&s);
	UT_OK(named(&s, "vgca-chipdoc") && named(&s, "iso7816-15"));
	UT(ut_log_text()[0] == '\0', "%s", ut_log_text());
	/* An empty folder is not a missing one. */
	snprintf(s.config.cards_dir, sizeof(s.config.cards_dir), "%s",
	    s.package.path);
	load(&s);
	UT_OK(s.all->n == 0);
	/* No folder of the administrator is no fault. */
	snprintf(s.config.cards_d, sizeof(s.config.cards_d), "%s/none",
	    s.package.path);
	load(&s);
	UT_OK(s.all->n == 0 && ut_log_text()[0] == '\0');
	scene_end(&s);
}

static void
full_table(void)
{
	struct scene s;
	char name[64], match[64];

	scene_begin(&s);
	for (int i = 0; i < 80; i++) {
		snprintf(name, sizeof(name), "p%02d.conf", i);
		snprintf(match, sizeof(match), "atr = 3B %02X", i);
		ut_dir_put(i < 40 ? &s.package : &s.admin, name,
		    text_of("M", match));
	}
	load(&s);
	UT_OK(s.all->n == CA_PROFILES_MAX);
	UT_OK(ut_log_count("skipped") == 80 - CA_PROFILES_MAX);
	scene_end(&s);
}

static void
odd_files(void)
{
	struct scene s;
	char *big = malloc(40000);
	char name[200];

	scene_begin(&s);
	memset(big, '\n', 40000);
	ut_dir_put(&s.package, "big.conf", ca_rd_of(big, 40000));
	ut_dir_put(&s.package, "empty.conf", ca_rd_of(NULL, 0));
	memset(name, 'n', 100);
	strcpy(name + 100, ".conf");
	ut_dir_put(&s.package, name, text_of("Long", "atr = 3B 01"));
	ut_dir_put(&s.package, "z.conf", text_of("Z", "atr = 3B 02"));
	load(&s);
	UT_OK(named(&s, "z") != NULL);
	UT_OK(ut_log_count("big.conf") >= 1 && ut_log_count("empty.conf") >= 1);
	for (size_t i = 0; i < s.all->n; i++)
		UT(memchr(s.all->p[i].name, '\0', CA_PROFILE_NAME) != NULL,
		    "%zu", i);
	scene_end(&s);
	free(big);
}

static void
no_memory(void)
{
	bool failed = true;
	struct scene s;

	scene_begin(&s);
	ut_dir_put(&s.package, "a.conf", text_of("A", "atr = 3B 01"));
	for (unsigned n = 1; failed && n < 100; n++) {
		ca_err e;

		ut_mem_fail(n);
		e = ca_profiles_load(&s.config, &s.all);
		failed = ut_mem_failed();
		ut_mem_fail(0);
		UT(e == (failed ? CA_E_NOMEM : CA_OK), "%u: %s", n,
		    ca_err_name(e));
		if (e == CA_OK)
			ca_profiles_free(&s.all);
		UT(s.all == NULL, "%u", n);
	}
	UT_OK(!failed);
	scene_end(&s);
}

static const CU_TestInfo tests[] = {
    {"defaults", defaults},
    {"every_key", every_key},
    {"select_without_path", select_without_path},
    {"faults_named", faults_named},
    {"missing_things", missing_things},
    {"too_many", too_many},
    {"atr_rules", atr_rules},
    {"historical_rules", historical_rules},
    {"one_bad_file_hurts_no_other", one_bad_file_hurts_no_other},
    {"administrator_replaces", administrator_replaces},
    {"duplicate_claims", duplicate_claims},
    {"narrowest_rule", narrowest_rule},
    {"who_is_known", who_is_known},
    {"built_in", built_in},
    {"full_table", full_table},
    {"odd_files", odd_files},
    {"no_memory", no_memory},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_profile = {"profile", tests};
