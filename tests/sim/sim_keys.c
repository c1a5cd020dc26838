/* Key pairs: made once, kept in the state directory or in this process. */
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_card.h"

#define POOL 64

static struct {
	char name[128];
	EVP_PKEY *key;
} pool[POOL];
static size_t pool_n;
static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;

/* clang-format off */
static const struct {
	const char *kind;
	unsigned rsa;      /* bits, 0 = a curve */
	const char *curve;
} kinds[] = {
	{"rsa1024", 1024, NULL},
	{"rsa2048", 2048, NULL},
	{"rsa3072", 3072, NULL},
	{"rsa4096", 4096, NULL},
	{"p256", 0, "P-256"},
	{"p384", 0, "P-384"},
	{"p521", 0, "P-521"},
};
/* clang-format on */

static EVP_PKEY *
generate(const char *kind)
{
	for (size_t i = 0; i < CA_COUNT(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) != 0)
			continue;
		if (kinds[i].rsa != 0)
			return EVP_PKEY_Q_keygen(NULL, NULL, "RSA",
			    (size_t)kinds[i].rsa);
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", kinds[i].curve);
	}
	return NULL;
}

void
ca_sim_keys_drop(void)
{
	pthread_mutex_lock(&pool_lock);
	for (size_t i = 0; i < pool_n; i++)
		EVP_PKEY_free(pool[i].key);
	pool_n = 0;
	pthread_mutex_unlock(&pool_lock);
}

static EVP_PKEY *
pool_find(const char *name)
{
	for (size_t i = 0; i < pool_n; i++)
		if (strcmp(pool[i].name, name) == 0 &&
		    EVP_PKEY_up_ref(pool[i].key) == 1)
			return pool[i].key;
	return NULL;
}

/* Remembers a key if there is room; a full pool only costs time. */
static void
pool_add(const char *name, EVP_PKEY *key)
{
	if (pool_n == POOL || EVP_PKEY_up_ref(key) != 1)
		return;
	if (pool_n == 0)
		(void)atexit(ca_sim_keys_drop);
	(void)snprintf(pool[pool_n].name, sizeof(pool[0].name), "%s", name);
	pool[pool_n++].key = key;
}

static EVP_PKEY *
from_pool(const char *name, const char *kind)
{
	EVP_PKEY *key;

	pthread_mutex_lock(&pool_lock);
	key = pool_find(name);
	if (key == NULL) {
		key = generate(kind);
		if (key != NULL)
			pool_add(name, key);
	}
	pthread_mutex_unlock(&pool_lock);
	return key;
}

static ca_err
store(const char *dir, const char *file, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *p = NULL;
	long n = 0;
	ca_err e = CA_E_NOMEM;

	if (bio != NULL &&
	    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) ==
		1 &&
	    (n = BIO_get_mem_data(bio, &p)) > 0)
		e = ca_sim_state_put(dir, file, ca_rd_of(p, (size_t)n));
	BIO_free(bio);
	return e;
}

static EVP_PKEY *
load(const char *dir, const char *file)
{
	struct ca_buf b = {0};
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;

	if (ca_sim_state_get(dir, file, &b) == CA_OK &&
	    (bio = BIO_new_mem_buf(b.p, (int)b.n)) != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	BIO_free(bio);
	ca_buf_free(&b);
	return key;
}

ca_err
ca_sim_key_get(const char *dir, const char *name, const char *kind,
    EVP_PKEY **out)
{
	char file[128];
	ca_err e = CA_OK;

	(void)snprintf(file, sizeof(file), "%s-%s.pem", name, kind);
	if (dir[0] == '\0') {
		*out = from_pool(file, kind);
		return *out != NULL ? CA_OK : CA_E_DATA;
	}
	*out = load(dir, file);
	if (*out != NULL)
		return CA_OK;
	*out = generate(kind);
	if (*out == NULL)
		return CA_E_DATA;
	e = store(dir, file, *out);
	if (e != CA_OK) {
		EVP_PKEY_free(*out);
		*out = NULL;
	}
	return e;
}

ca_err
ca_sim_keys_make(struct ca_sim *s)
{
	char name[CA_SIM_TEXT + 16];

	for (size_t i = 0; i < s->o.keys; i++) {
		struct ca_sim_key *k = &s->keys[i];
		ca_err e;

		(void)snprintf(name, sizeof(name), "key-%s-%zu", s->o.serial,
		    i + 1);
		e = ca_sim_key_get(s->o.state, name, s->o.key, &k->pkey);
		if (e != CA_OK)
			return e;
		k->ref = (uint8_t)(s->o.key_ref + i);
		k->id = (uint8_t)(i + 1);
		k->pin = (uint8_t)s->o.pin_ref;
		k->consent = s->o.consent != 0;
		k->ec = EVP_PKEY_is_a(k->pkey, "EC") == 1;
		k->bits = (size_t)EVP_PKEY_get_bits(k->pkey);
		s->keys_n = i + 1;
	}
	return CA_OK;
}
