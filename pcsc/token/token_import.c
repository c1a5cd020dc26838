/* See token.h: a renewed certificate. */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/token/certstore.h"
#include "pcsc/token/token_priv.h"
#include "pcsc/token/x509.h"

#define ROOM "token"

/* The key whose public half this is. */
static ca_err
key_of(struct ca_token *t, struct ca_rd spki, size_t *index)
{
	for (size_t i = 0; i < t->model.keys_n; i++) {
		struct ca_rd key;
		ca_err e = ca_token_key_spki(t, i, &key);

		if (e == CA_OK && ca_rd_equal(key, spki)) {
			*index = i;
			return CA_OK;
		}
		if (e != CA_OK && e != CA_E_NOT_FOUND && e != CA_E_AUTH_NEEDED)
			return e;
	}
	return CA_E_NOT_FOUND;
}

/* The entry on the card whose place the new certificate takes. */
static struct ca_cert *
old_cert(struct ca_token *t, const struct ca_key *key)
{
	for (size_t i = 0; i < t->model.certs_n; i++) {
		struct ca_cert *c = &t->model.certs[i];

		if (!c->local && !c->authority && c->path.path_n > 0 &&
		    ca_id_equal(&c->id, &key->id))
			return c;
	}
	return NULL;
}

static ca_err
write_to_card(struct ca_token *t, const struct ca_cert *c, struct ca_rd der)
{
	const struct ca_pin *pin = ca_model_pin(&t->model, CA_PIN_USER);
	const struct ca_driver *d;
	struct ca_tx tx;
	ca_err e;

	if (pin == NULL || !t->in[CA_PIN_USER])
		return CA_E_AUTH_NEEDED;
	if ((e = ca_token_begin_(t, &tx)) != CA_OK)
		return e;
	d = ca_card_driver(t->card);
	e = d->write_cert == NULL ? CA_E_UNSUPPORTED
				  : d->write_cert(&tx, pin, &c->path, der);
	ca_card_end(&tx);
	return e;
}

/* The card cannot or may not: not an error, there is the host. */
static bool
leave_to_host(ca_err e)
{
	return e == CA_E_UNSUPPORTED || e == CA_E_NO_SPACE ||
	       e == CA_E_AUTH_NEEDED;
}

ca_err
ca_token_import_cert(struct ca_token *t, struct ca_rd der,
    enum ca_import *where)
{
	struct ca_buf spki = {0};
	struct ca_cert *c;
	struct ca_rd one;
	size_t k = 0;
	ca_err e = ca_x509_open(der, &one, &spki);

	if (e == CA_OK && one.n != der.n)
		e = CA_E_MALFORMED;
	if (e == CA_OK)
		e = key_of(t, ca_buf_rd(&spki), &k);
	ca_buf_free(&spki);
	if (e != CA_OK)
		return e;
	c = old_cert(t, &t->model.keys[k]);
	e = c == NULL ? CA_E_UNSUPPORTED : write_to_card(t, c, der);
	if (e == CA_OK) {
		ca_buf_free(&c->der);
		c->state = CA_CERT_UNREAD;
		t->generation++;
		*where = CA_IMPORT_CARD;
		return CA_OK;
	}
	if (!leave_to_host(e))
		return e;
	ca_log(CA_LOG_INFO, ROOM, "certificate kept on the host: card says %s",
	    ca_err_name(e));
	e = ca_certstore_put(t->config, t->model.serial, &t->model.keys[k].id,
	    der);
	if (e != CA_OK)
		return e;
	*where = CA_IMPORT_HOST;
	t->generation++;
	return ca_token_add_local_(t);
}
