/* See token.h: key pairs made on the card. */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "pcsc/base/log.h"
#include "pcsc/card/pkcs15_parse.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/domain.h"
#include "pcsc/ossl/evp_key.h"
#include "pcsc/ossl/spki.h"
#include "pcsc/token/token_priv.h"

#define ROOM "token"

/* Whether something on the token has this identifier: what has it would be
 * taken for a half of the new key. */
static bool
id_taken(const struct ca_model *m, const struct ca_id *id)
{
	for (size_t i = 0; i < m->keys_n; i++)
		if (ca_id_equal(&m->keys[i].id, id))
			return true;
	for (size_t i = 0; i < m->pubs_n; i++)
		if (ca_id_equal(&m->pubs[i].id, id))
			return true;
	for (size_t i = 0; i < m->certs_n; i++)
		if (ca_id_equal(&m->certs[i].id, id))
			return true;
	return false;
}

/* A key of the kind that was asked for: its size, and a point on the curve. */
static bool
is_asked_for(const struct ca_keygen *g, struct ca_rd spki)
{
	struct ca_spki k;
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *key = NULL;
	bool ok = ca_spki_parse(spki, &k) && k.bits == ca_gen_bits(g->kind) &&
		  (k.type == CA_SPKI_EC) == ca_gen_is_ec(g->kind) &&
		  (key = ca_evp_key(ca_crypto_ctx(), spki)) != NULL &&
		  (ctx = EVP_PKEY_CTX_new_from_pkey(ca_crypto_ctx(), key,
		       NULL)) != NULL &&
		  EVP_PKEY_public_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

/* RFC 5280, 4.2.1.2 (1): SHA-1 of what the BIT STRING of the public key
 * holds. `pub` is that for RSA, in a file. */
static ca_err
hash_id(struct ca_rd pub, struct ca_rd spki, struct ca_id *id)
{
	struct ca_spki k;
	size_t n = 0;

	if (!ca_spki_parse(spki, &k))
		return CA_E_BUG;
	if (k.type == CA_SPKI_EC)
		pub = k.point;
	if (EVP_Q_digest(ca_crypto_ctx(), "SHA1", NULL, pub.p, pub.n, id->b,
		&n) != 1 ||
	    n != SHA_DIGEST_LENGTH)
		return CA_E_BUG;
	id->n = n;
	return CA_OK;
}

struct made {
	const struct ca_driver *d;
	const struct ca_pin *pin;
	struct ca_keygen g;
	struct ca_buf pub, spki;
};

/* In one transaction: the key, then its entries. */
static ca_err
make(struct ca_tx *tx, struct made *m)
{
	uint8_t reference = 0;
	ca_err e = m->d->generate(tx, m->pin, &m->g, &reference, &m->pub);

	if (e != CA_OK)
		return e;
	e = ca_p15_spki(ca_buf_rd(&m->pub), &m->spki);
	if (e == CA_OK && !is_asked_for(&m->g, ca_buf_rd(&m->spki)))
		e = CA_E_MALFORMED;
	if (e == CA_OK && m->g.id.n == 0)
		e = hash_id(ca_buf_rd(&m->pub), ca_buf_rd(&m->spki), &m->g.id);
	if (e == CA_OK)
		e = m->d->list_key(tx, m->pin, &m->g, reference,
		    ca_buf_rd(&m->pub));
	if (e != CA_OK)
		ca_log(CA_LOG_ERROR, ROOM,
		    "a key was made that no directory names: reference %02X, "
		    "%s",
		    reference, ca_err_name(e));
	return e;
}

static ca_err
run(struct ca_token *t, struct made *m)
{
	struct ca_tx tx;
	ca_err e = ca_token_begin_(t, &tx);

	if (e != CA_OK)
		return e;
	/* A reset was noticed at the beginning: nothing was asked of it. */
	e = t->in[CA_PIN_USER] ? make(&tx, m) : CA_E_AUTH_NEEDED;
	ca_card_end(&tx);
	if (e == CA_E_RESET) {
		ca_token_forget_logins_(t);
		e = CA_E_AUTH_NEEDED;
	} else if (e == CA_E_AUTH_NEEDED) {
		t->in[CA_PIN_USER] = false;
	}
	/* The order was good: what the card finds fault with is not its. */
	return e == CA_E_DATA || e == CA_E_DATA_LEN ? CA_E_IO : e;
}

/* The new key as the directories show it now. */
static ca_err
find(struct ca_token *t, const struct made *m, size_t *index)
{
	ca_err e = ca_token_describe_again_(t);

	for (size_t i = 0; e == CA_OK && i < t->model.keys_n; i++) {
		struct ca_rd spki;

		if (!ca_id_equal(&t->model.keys[i].id, &m->g.id))
			continue;
		*index = i;
		e = ca_token_key_spki(t, i, &spki);
		if (e == CA_OK && !ca_rd_equal(spki, ca_buf_rd(&m->spki)))
			e = CA_E_IO;
		return e;
	}
	return e == CA_OK ? CA_E_IO : e;
}

ca_err
ca_token_generate(struct ca_token *t, const struct ca_keygen *order,
    size_t *index)
{
	uint8_t domain[CA_DOMAIN_MAX];
	struct ca_wr w = ca_wr_of(domain, sizeof(domain));
	struct made m = {.g = *order};
	const struct ca_curve *c = NULL;
	ca_err e;

	if ((ca_token_can(t).generates & CA_GEN_BIT(order->kind)) == 0)
		return CA_E_UNSUPPORTED;
	if (!t->in[CA_PIN_USER])
		return CA_E_AUTH_NEEDED;
	if ((e = ca_token_load_public(t)) != CA_OK)
		return e;
	if (id_taken(&t->model, &order->id))
		return CA_E_DATA;
	if (t->model.keys_n == CA_KEYS_MAX)
		return CA_E_NO_SPACE;
	if (ca_gen_is_ec(order->kind)) {
		c = ca_curve_nist(ca_gen_bits(order->kind));
		if (c == NULL || !ca_domain_numbers(c, &w))
			return CA_E_BUG;
		m.g.domain = ca_wr_rd(&w);
		m.g.curve = ca_curve_oid(c);
	}
	for (size_t i = 0; i < t->model.keys_n; i++)
		m.g.used[t->model.keys[i].reference] = true;
	m.d = ca_card_driver(t->card);
	m.pin = ca_model_pin(&t->model, CA_PIN_USER);
	e = run(t, &m);
	if (e == CA_OK)
		e = find(t, &m, index);
	ca_buf_free(&m.pub);
	ca_buf_free(&m.spki);
	return e;
}
