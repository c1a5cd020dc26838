/*
 * First inputs for the fuzzers: sessions with simulated cards, each a few
 * orders long, and the files that were read in them. Made once, minimised by
 * libFuzzer (-merge=1) and kept in corpus/.
 *
 *	fuzz_seeds FOLDER CONF
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/card.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/seeds.h"
#include "tests/sim/sim_transport.h"

static const char *folder;

void
seeds_put(const char *harness, const char *name, struct ca_rd bytes)
{
	char path[600];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, harness);
	(void)mkdir(path, 0777);
	(void)snprintf(path, sizeof(path), "%s/%s/%s", folder, harness, name);
	FUZZ_CHECK((f = fopen(path, "wb")) != NULL);
	FUZZ_CHECK(bytes.n == 0 || fwrite(bytes.p, bytes.n, 1, f) == 1);
	FUZZ_CHECK(fclose(f) == 0);
}

/* A card: its type, and options as "name=value name=value". */
struct kind {
	const char *type, *driver, *options;
};

#define SMALL "key=rsa1024 ca-key=p256 chain=0 "

static const struct kind kinds[] = {
    {"iso7816-15", "iso7816-15", SMALL "pukdf=yes decipher=yes"},
    {"iso7816-15", "iso7816-15", "key=p256 ca-key=p256 chain=0 keys=2"},
    {"iso7816-15", "iso7816-15", SMALL "t0=yes t1=no extended=no consent=1"},
    {"iso7816-15", "iso7816-15", "key=p256 ca-key=p256 chain=0 generate=yes"},
    {"vgca-chipdoc", "vgca-chipdoc", SMALL "objects=yes cert-write=yes"},
    {"vgca-chipdoc", "vgca-chipdoc", SMALL "algs=02 pin-stored=8"},
    {"vgca-jcop4", "vgca-jcop4", "ca-key=p256 cert=good"},
    {"vgca-jcop4", "vgca-jcop4", "ca-key=p256"},
    {"idprime", "idprime", SMALL "cert-zlib=yes"},
    {"idprime", "idprime",
	SMALL "t0=yes t1=no extended=no exchange=1 decipher=yes"},
    {"idprime", "idprime", "key=p256 ca-key=p256 chain=0"},
    {"idprime", "idprime", SMALL "map-private=yes pin2-keys=1"},
    {"bit4id-cns", "bit4id-cns", SMALL},
    {"bit4id-cns", "bit4id-cns", SMALL "keys=2 decipher=yes"},
    {"entersafe", "entersafe", SMALL "keys=2"},
    {"entersafe", "entersafe", SMALL "t0=yes t1=no extended=no decipher=yes"},
    {"epass2003", "epass2003", SMALL "sm=none"},
    {"epass2003", "epass2003", SMALL},
    {"epass2003", "epass2003", SMALL "sm=3des"},
    {"epass2003", "epass2003", SMALL "sm=fips"},
    {"epass2003", "epass2003", "key=p256 ca-key=p256 chain=0 ec-der=yes"},
    {"uicc", "uicc", SMALL},
    {"uicc", "uicc", SMALL "model=path,class80"},
    {"uicc", "uicc", SMALL "model=usim,no-channel,holes,blanks bad=fcp-pins"},
    {"uicc", "uicc", SMALL "t0=yes t1=no extended=no"},
};

/* Orders that are skipped, and the flags. */
static const struct {
	const char *name;
	unsigned given; /* bits of the orders that are given */
	uint8_t flags, pin;
} plans[] = {
    {"certs", 1u << CARD_SKIP_CERTS, 0, 0},
    {"objects", 1u << CARD_SKIP_PUBLIC | 1u << CARD_SKIP_DATA, 0x18, 0},
    {"sign", 1u << CARD_SKIP_LOGIN | 1u << CARD_SKIP_SIGN, 0, 0},
    {"decipher", 1u << CARD_SKIP_LOGIN | 1u << CARD_SKIP_DECIPHER, 0x10, 0},
    {"change", 1u << CARD_SKIP_CHANGE | 1u << CARD_SKIP_STATES, 0, 0},
    {"unblock",
	1u << CARD_SKIP_LOGIN | 1u << CARD_SKIP_UNBLOCK |
	    1u << CARD_SKIP_LOGOUT,
	0, 0},
    {"import", 1u << CARD_SKIP_LOGIN | 1u << CARD_SKIP_IMPORT, 0, 0},
    {"generate", 1u << CARD_SKIP_LOGIN | 1u << CARD_SKIP_GENERATE, 0x18, 0},
    {"others",
	1u << CARD_SKIP_OTHER_PINS | 1u << CARD_SKIP_RANDOM |
	    1u << CARD_SKIP_LOGOUT,
	CARD_LAST_TRY, 0},
    {"wrong", 1u << CARD_SKIP_LOGIN | 1u << CARD_SKIP_STATES, CARD_FORGET, 1},
};

static bool
make(const struct kind *k, struct ca_sim **out)
{
	struct ca_sim_opts *o = calloc(1, sizeof(*o));
	char words[200], *at = words, *word;
	bool good;

	FUZZ_CHECK(o != NULL);
	(void)snprintf(words, sizeof(words), "%s", k->options);
	good = ca_sim_opts_init(o, k->type) == CA_OK &&
	       ca_sim_opts_set(o, "pin", "74319052") == CA_OK &&
	       ca_sim_opts_set(o, "puk", "58203761") == CA_OK;
	while (good && (word = strsep(&at, " ")) != NULL) {
		char *value = strchr(word, '=');

		if (value == NULL)
			continue;
		*value++ = '\0';
		if (ca_sim_opts_set(o, word, value) != CA_OK)
			fprintf(stderr, "%s: no option %s=%s\n", k->type, word,
			    value);
	}
	good = good && ca_sim_new(o, out) == CA_OK;
	free(o);
	return good;
}

/* Which of the family's ATRs this card has. */
static uint8_t
atr_of(const char *driver, const struct ca_profiles *p, struct ca_rd atr)
{
	uint8_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct ca_profile one = p->p[i];

		if (strcmp(one.driver, driver) != 0)
			continue;
		for (size_t k = 0; k < p->p[i].atrs_n; k++, n++) {
			one.atrs[0] = p->p[i].atrs[k];
			one.atrs_n = 1;
			if (ca_profile_matches(&one, atr))
				return n;
		}
	}
	fprintf(stderr, "%s: no profile has the card's ATR\n", driver);
	return 0;
}

/* The same session without ciphers: the last answer, deciphered. */
static void
in_clear(void *arg, struct ca_rd cipher, struct ca_rd plain)
{
	struct ca_buf *log = arg;

	for (size_t at = log->n; at-- > CARD_SETUP;)
		if (log->n - at >= cipher.n &&
		    memcmp(log->p + at, cipher.p, cipher.n) == 0) {
			memcpy(log->p + at, plain.p, plain.n);
			log->p[1] |= CARD_CLEAR;
			return;
		}
}

static void
session(const struct kind *k, size_t n, const struct ca_profiles *profiles,
    const struct ca_config *config, struct ca_sim *sim, size_t plan, bool clear)
{
	unsigned skip = ~plans[plan].given & ~(1u << CARD_SKIP_EARLY_SIGN);
	uint8_t setup[CARD_SETUP] = {
	    atr_of(k->driver, profiles, ca_sim_atr(sim)), plans[plan].flags,
	    CARD_END_NOT_FOUND, (uint8_t)skip, (uint8_t)(skip >> 8), 0, 0,
	    plans[plan].pin};
	struct ca_sim_world *w = ca_sim_world_new();
	struct ca_sim_reader reader = {.max_apdu = 65544};
	struct ca_buf log = {0}, ins = {0};
	struct ca_rd records;
	char harness[64], name[64];
	struct card c;

	FUZZ_CHECK(w != NULL);
	if ((plans[plan].flags & CARD_MAX_APDU) == 0)
		reader.max_apdu = 0;
	FUZZ_CHECK(ca_sim_world_add(w, CARD_READER, &reader) == CA_OK);
	FUZZ_CHECK(ca_sim_world_insert(w, CARD_READER, sim) == CA_OK);
	FUZZ_CHECK(ca_buf_add(&log, ca_rd_of(setup, CARD_SETUP)) == CA_OK);
	setup[1] &= (uint8_t)~CARD_FORGET;
	card_init(&c, ca_rd_of(setup, CARD_SETUP), k->driver, profiles);
	c.inner = ca_sim_world_transport(w);
	c.log = &log;
	c.log_ins = &ins;
	fuzz_see(clear ? in_clear : NULL, &log);
	card_orders(&c, config);
	fuzz_see(NULL, NULL);
	if (c.proto == CA_PROTO_T0)
		log.p[1] |= CARD_T0;
	if (c.max_apdu == 65544)
		log.p[1] |= CARD_MAX_APDU;
	(void)snprintf(harness, sizeof(harness), "card_%s", k->driver);
	(void)snprintf(name, sizeof(name), "%zu-%s%s", n, plans[plan].name,
	    clear ? "-clear" : "");
	seeds_put(harness, name, ca_buf_rd(&log));
	records = ca_buf_rd(&log);
	FUZZ_CHECK(ca_rd_skip(&records, CARD_SETUP));
	(void)snprintf(name, sizeof(name), "%s-%zu-%zu", k->type, n, plan);
	seeds_files(name, ca_buf_rd(&ins), records);
	printf("%s %s: %lu commands, %zu bytes\n", harness, name, c.sent_all,
	    log.n);
	ca_buf_free(&log);
	ca_buf_free(&ins);
	ca_sim_world_free(w);
}

int
main(int argc, char **argv)
{
	struct ca_config config = {.allow_last_try = false};
	struct ca_profiles *profiles;
	struct ca_sim *sim;

	if (argc != 3) {
		fprintf(stderr, "usage: fuzz_seeds FOLDER CONF\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	folder = argv[1];
	(void)mkdir(folder, 0777);
	strcpy(config.cards_dir, "/nowhere");
	FUZZ_CHECK(ca_profiles_load(&config, &profiles) == CA_OK);
	for (size_t i = 0; i < CA_COUNT(kinds); i++) {
		char name[32];

		/* Where there are ciphers, once with and once without. */
		for (size_t plan = 0; plan < 2 * CA_COUNT(plans); plan++) {
			if (!make(&kinds[i], &sim)) {
				fprintf(stderr, "%s %s: no such card\n",
				    kinds[i].type, kinds[i].options);
				break;
			}
			session(&kinds[i], i, profiles, &config, sim, plan / 2,
			    plan % 2);
			(void)snprintf(name, sizeof(name), "%zu", i);
			seeds_certs(name, sim);
			ca_sim_free(sim);
		}
	}
	seeds_conf(argv[2]);
	ca_profiles_free(&profiles);
	return 0;
}
