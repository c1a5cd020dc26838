/* See token.h: certificates, of the card and of the host's store for it, and
 * the public halves of its keys. */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/token/certcache.h"
#include "pcsc/token/certstore.h"
#include "pcsc/token/token_priv.h"
#include "pcsc/token/x509.h"

#define ROOM "token"

struct cert_read {
	const struct ca_ref *ref;
	struct ca_buf *out;
	const struct ca_buf *guess; /* what was on the card some time ago */
	bool guessed;
};

/* Is what the host kept still what the card holds? The end of a certificate is
 * its issuer's signature over all the rest. */
static bool
still_there(struct ca_token *t, struct ca_tx *tx, const struct cert_read *r)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	struct ca_rd end = ca_buf_rd(r->guess);
	struct ca_buf now = {0};
	bool same;

	if (end.n < CA_CERTCACHE_PROOF || d->read_part == NULL ||
	    !ca_rd_skip(&end, end.n - CA_CERTCACHE_PROOF))
		return false;
	same = d->read_part(tx, r->ref, r->guess->n - end.n, end.n, &now) ==
		   CA_OK &&
	       ca_rd_equal(ca_buf_rd(&now), end);
	ca_buf_free(&now);
	return same;
}

static ca_err
read_cert(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	struct cert_read *r = arg;

	r->guessed = still_there(t, tx, r);
	if (r->guessed)
		return ca_buf_set(r->out, ca_buf_rd(r->guess));
	return ca_card_driver(t->card)->read_cert(tx, r->ref, r->out);
}

/* The file of a certificate, from the card or proven to be the card's. */
static ca_err
fetch_cert(struct ca_token *t, struct ca_cert *c)
{
	struct ca_buf guess = {0};
	struct cert_read r = {.ref = &c->path, .out = &c->der, .guess = &guess};
	struct ca_rd der;
	ca_err e;

	if (c->der.n > 0)
		return CA_OK; /* it stood in the directory itself */
	if (!c->is_private && ca_certcache_get(t->config, t->model.serial,
				  &c->path, &guess) != CA_OK)
		ca_buf_free(&guess);
	e = ca_token_read_(t, read_cert, &r);
	if (e == CA_OK && !r.guessed && !c->is_private &&
	    ca_x509_open(ca_buf_rd(&c->der), &der, NULL) == CA_OK)
		ca_certcache_put(t->config, t->model.serial, &c->path, der);
	ca_buf_free(&guess);
	return e;
}

ca_err
ca_token_cert(struct ca_token *t, size_t index, struct ca_rd *der)
{
	struct ca_buf whole = {0};
	struct ca_cert *c;
	struct ca_rd r;
	ca_err e;

	if (index >= t->model.certs_n)
		return CA_E_BUG;
	c = &t->model.certs[index];
	if (c->state == CA_CERT_BAD)
		return CA_E_NOT_FOUND;
	if (c->state == CA_CERT_READ) {
		*der = ca_buf_rd(&c->der);
		return CA_OK;
	}
	e = fetch_cert(t, c);
	if (e == CA_OK && ca_x509_open(ca_buf_rd(&c->der), &r, NULL) != CA_OK)
		e = CA_E_DATA;
	if (e == CA_OK && (e = ca_buf_set(&whole, r)) == CA_OK) {
		ca_buf_take(&c->der, &whole);
		c->state = CA_CERT_READ;
		*der = ca_buf_rd(&c->der);
		return CA_OK;
	}
	if (!ca_err_is_refusal(e))
		return e; /* the exchange failed: it may go better next time */
	ca_log(CA_LOG_WARN, ROOM, "certificate '%s': none there (%s)", c->label,
	    ca_err_name(e));
	ca_buf_free(&c->der);
	c->state = CA_CERT_BAD;
	return CA_E_NOT_FOUND;
}

/* The public key in a certificate of the card with this id. */
static ca_err
spki_from_cert(struct ca_token *t, const struct ca_id *id, struct ca_buf *spki)
{
	for (size_t i = 0; i < t->model.certs_n; i++) {
		const struct ca_cert *c = &t->model.certs[i];
		struct ca_rd der;
		ca_err e;

		/* A certificate of the host proves nothing about the key. */
		if (c->local || !ca_id_equal(&c->id, id))
			continue;
		e = ca_token_cert(t, i, &der);
		if (e == CA_OK)
			return ca_x509_open(der, &der, spki);
		if (e != CA_E_NOT_FOUND && e != CA_E_AUTH_NEEDED)
			return e;
	}
	return CA_E_NOT_FOUND;
}

static ca_err
spki_from_pub(struct ca_token *t, const struct ca_id *id, struct ca_buf *spki)
{
	ca_err e = ca_token_load_public(t);

	if (e != CA_OK)
		return e;
	for (size_t i = 0; i < t->model.pubs_n; i++) {
		const struct ca_pub *p = &t->model.pubs[i];

		if (ca_id_equal(&p->id, id) && p->spki.n > 0)
			return ca_buf_set(spki, ca_buf_rd(&p->spki));
	}
	return CA_E_NOT_FOUND;
}

ca_err
ca_token_key_spki(struct ca_token *t, size_t index, struct ca_rd *spki)
{
	struct ca_buf b = {0};
	struct ca_key *k;
	size_t bits;
	ca_err e;

	if (index >= t->model.keys_n)
		return CA_E_BUG;
	k = &t->model.keys[index];
	if (k->spki.n == 0) {
		e = spki_from_cert(t, &k->id, &b);
		if (e == CA_E_NOT_FOUND)
			e = spki_from_pub(t, &k->id, &b);
		if (e != CA_OK)
			return e;
		bits = ca_x509_key_bits(ca_buf_rd(&b));
		if (bits == 0) {
			ca_buf_free(&b);
			return CA_E_NOT_FOUND;
		}
		if (k->bits != 0 && k->bits != bits)
			ca_log(CA_LOG_WARN, ROOM,
			    "key '%s': directory says %zu bits, its public "
			    "half has %zu",
			    k->label, k->bits, bits);
		k->bits = bits;
		ca_buf_take(&k->spki, &b);
	}
	*spki = ca_buf_rd(&k->spki);
	return CA_OK;
}

/* A certificate of the host's store: ours when a key of the token is its. */
static ca_err
take_local(void *arg, const char *file, struct ca_rd der)
{
	struct ca_token *t = arg;
	struct ca_model *m = &t->model;
	struct ca_buf spki = {0};
	struct ca_cert *c;
	size_t k = m->keys_n;
	ca_err e = ca_x509_open(der, &der, &spki);

	for (size_t i = 0; e == CA_OK && i < m->keys_n; i++) {
		struct ca_rd key;

		if (ca_token_key_spki(t, i, &key) == CA_OK &&
		    ca_rd_equal(key, ca_buf_rd(&spki)))
			k = i;
	}
	ca_buf_free(&spki);
	if (k == m->keys_n || m->certs_n == CA_CERTS_MAX) {
		ca_log(CA_LOG_WARN, ROOM,
		    "%s: not for a key of this token; ignored", file);
		return CA_OK;
	}
	for (size_t i = 0; i < m->certs_n; i++)
		if (ca_rd_equal(ca_buf_rd(&m->certs[i].der), der))
			return CA_OK; /* the card shows it itself */
	c = &m->certs[m->certs_n];
	memset(c, 0, sizeof(*c));
	if (ca_buf_set(&c->der, der) != CA_OK)
		return CA_E_NOMEM;
	c->id = m->keys[k].id;
	memcpy(c->label, m->keys[k].label, sizeof(c->label));
	c->state = CA_CERT_READ;
	c->local = true;
	m->certs_n++;
	return CA_OK;
}

ca_err
ca_token_add_local_(struct ca_token *t)
{
	struct ca_model *m = &t->model;

	/* Those of an earlier time stand at the end. */
	while (m->certs_n > 0 && m->certs[m->certs_n - 1].local)
		ca_buf_free(&m->certs[--m->certs_n].der);
	if (!ca_certstore_has(t->config, t->model.serial))
		return CA_OK;
	return ca_certstore_each(t->config, t->model.serial, take_local, t);
}
