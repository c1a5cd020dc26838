/* See token.h: what is read when it is asked for. */
#include "pcsc/token/token_priv.h"

/* Half a directory is none: the next reading starts over. */
static ca_err
read_public(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	struct ca_model *m = &t->model;
	size_t before = m->pubs_n;
	ca_err e = CA_OK;

	(void)arg;
	if (d->describe_public != NULL)
		e = d->describe_public(tx, m);
	while (e != CA_OK && m->pubs_n > before)
		ca_buf_free(&m->pubs[--m->pubs_n].spki);
	return e;
}

ca_err
ca_token_load_public(struct ca_token *t)
{
	ca_err e;

	if (t->model.pubs_read)
		return CA_OK;
	e = ca_token_read_(t, read_public, NULL);
	t->model.pubs_read |= e == CA_OK;
	return e;
}

static ca_err
read_data(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	struct ca_model *m = &t->model;
	size_t before = m->data_n;
	ca_err e = CA_OK;

	(void)arg;
	if (d->describe_data != NULL)
		e = d->describe_data(tx, m);
	while (e != CA_OK && m->data_n > before) {
		m->data_n--;
		ca_buf_free(&m->data[m->data_n].oid);
		ca_buf_free(&m->data[m->data_n].value);
	}
	return e;
}

static bool
data_complete(const struct ca_model *m)
{
	for (size_t i = 0; i < m->data_n; i++)
		if (!m->data[i].read)
			return false;
	return m->data_read;
}

ca_err
ca_token_load_data(struct ca_token *t)
{
	ca_err e;

	/* Private values are read once a login allows it. */
	if (data_complete(&t->model) ||
	    (t->model.data_read && !t->in[CA_PIN_USER]))
		return CA_OK;
	e = ca_token_read_(t, read_data, NULL);
	t->model.data_read |= e == CA_OK;
	return e;
}

struct random_read {
	struct ca_wr *out;
	size_t n;
};

static ca_err
read_random(struct ca_token *t, struct ca_tx *tx, void *arg)
{
	const struct ca_driver *d = ca_card_driver(t->card);
	struct random_read *r = arg;
	struct ca_wr before = *r->out;
	ca_err e;

	if (d->random == NULL || !t->model.can_random)
		return CA_E_UNSUPPORTED;
	if ((e = d->random(tx, r->out, r->n)) != CA_OK)
		*r->out = before;
	return e;
}

ca_err
ca_token_random(struct ca_token *t, struct ca_wr *out, size_t n)
{
	struct random_read r = {out, n};

	return ca_token_read_(t, read_random, &r);
}
