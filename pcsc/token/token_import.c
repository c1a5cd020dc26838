/* See token.h: a renewed certificate. */
#include <string.h>

#include "pcsc/base/log.h"
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
static bool
old_cert(const struct ca_token *t, const struct ca_key *key, size_t *index)
{
	for (size_t i = 0; i < t->model.certs_n; i++) {
		const struct ca_cert *c = &t->model.certs[i];

		if (!c->local && !c->authority && c->path.path_n > 0 &&
		    ca_id_equal(&c->id, &key->id)) {
			*index = i;
			return true;
		}
	}
	return false;
}

static ca_err
write_to_card(struct ca_token *t, const struct ca_ref *ref, struct ca_rd der)
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
				  : d->write_cert(&tx, pin, ref, der);
	ca_card_end(&tx);
	return e;
}

struct room_query {
	const struct ca_pin *pin;
	const struct ca_ref *ref;
	size_t size;
};

static ca_err
ask_room(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	struct room_query *q = arg;
	const struct ca_driver *d = ca_card_driver(t->card);

	return d->cert_room == NULL
		   ? CA_E_UNSUPPORTED
		   : d->cert_room(tx, q->pin, q->ref, &q->size);
}

/* Whether this key has a certificate on the card that may be written over. */
static ca_err
writes_one(struct ca_token *t, size_t key, bool *writes)
{
	struct room_query q = {.pin = ca_model_pin(&t->model, CA_PIN_USER)};
	size_t index;
	ca_err e;

	if (q.pin == NULL || !old_cert(t, &t->model.keys[key], &index))
		return CA_OK;
	q.ref = &t->model.certs[index].path;
	e = ca_token_read_(t, ask_room, &q);
	*writes = e == CA_OK;
	return ca_err_is_refusal(e) ? CA_OK : e;
}

ca_err
ca_token_writes_certs(struct ca_token *t, bool *writes)
{
	ca_err e = CA_OK;

	*writes = false;
	if (t->card == NULL || ca_card_driver(t->card)->cert_room == NULL)
		return CA_OK;
	for (size_t i = 0; e == CA_OK && !*writes && i < t->model.keys_n; i++)
		e = writes_one(t, i, writes);
	return e;
}

/* Whether the old one may go: what cannot be read is not replaced. */
static ca_err
check_renewal(struct ca_token *t, size_t index, struct ca_rd der)
{
	struct ca_rd old;
	ca_err e = ca_token_cert(t, index, &old);

	if (e == CA_OK && !ca_x509_renews(old, der))
		e = CA_E_NOT_FOUND;
	return e;
}

/* The card cannot or may not: not an error, there is the host. */
static bool
leave_to_host(ca_err e)
{
	return e == CA_E_UNSUPPORTED || e == CA_E_NO_SPACE ||
	       e == CA_E_AUTH_NEEDED || e == CA_E_NOT_FOUND;
}

ca_err
ca_token_key_of_cert(struct ca_token *t, struct ca_rd der, size_t *index)
{
	struct ca_buf spki = {0};
	struct ca_rd one;
	ca_err e = ca_x509_open(der, &one, &spki);

	if (e == CA_OK && one.n != der.n)
		e = CA_E_MALFORMED;
	if (e == CA_OK)
		e = key_of(t, ca_buf_rd(&spki), index);
	ca_buf_free(&spki);
	return e;
}

ca_err
ca_token_import_cert(struct ca_token *t, size_t key, struct ca_rd der,
    size_t *index)
{
	struct ca_cert *c;
	ca_err e = CA_E_UNSUPPORTED;

	if (key >= t->model.keys_n)
		return CA_E_BUG;
	*index = 0;
	if (t->in[CA_PIN_USER] && old_cert(t, &t->model.keys[key], index))
		e = check_renewal(t, *index, der);
	if (e == CA_OK)
		e = write_to_card(t, &t->model.certs[*index].path, der);
	if (e == CA_OK) {
		c = &t->model.certs[*index];
		ca_buf_free(&c->der);
		c->state = CA_CERT_UNREAD;
		t->generation++;
		return CA_OK;
	}
	if (!leave_to_host(e))
		return e;
	ca_log(CA_LOG_INFO, ROOM, "certificate not written to the card: %s",
	    ca_err_name(e));
	return CA_E_UNSUPPORTED;
}
