/* See the header. */
#include "tests/fuzz/model.h"

#include "tests/fuzz/fuzz.h"

void
fuzz_ref(const struct ca_ref *ref)
{
	FUZZ_CHECK(ref->path_n <= CA_PATH_MAX);
}

static void
id(const struct ca_id *i)
{
	FUZZ_CHECK(i->n <= CA_ID_MAX);
}

static void
buf(const struct ca_buf *b)
{
	FUZZ_CHECK(b->n <= b->cap && b->n <= CA_BUF_MAX);
	fuzz_touch(ca_buf_rd(b));
}

static void
pins(const struct ca_model *m)
{
	FUZZ_CHECK(m->pins_n <= CA_PINS_MAX);
	for (size_t i = 0; i < m->pins_n; i++) {
		const struct ca_pin *p = &m->pins[i];

		fuzz_text(p->label, CA_LABEL_MAX);
		id(&p->auth_id);
		fuzz_ref(&p->path);
		FUZZ_CHECK(p->role <= CA_PIN_KEY);
	}
	(void)ca_model_pin(m, CA_PIN_USER);
}

static void
keys(const struct ca_model *m)
{
	FUZZ_CHECK(m->keys_n <= CA_KEYS_MAX && m->pubs_n <= CA_KEYS_MAX);
	for (size_t i = 0; i < m->keys_n; i++) {
		const struct ca_key *k = &m->keys[i];

		fuzz_text(k->label, CA_LABEL_MAX);
		id(&k->id);
		id(&k->auth_id);
		fuzz_ref(&k->path);
		FUZZ_CHECK(k->type <= CA_KEY_EC);
		FUZZ_CHECK(k->algs >> CA_ALG_COUNT == 0);
		buf(&k->spki);
		buf(&k->subject);
		(void)ca_model_key_pin(m, k);
	}
	for (size_t i = 0; i < m->pubs_n; i++) {
		fuzz_text(m->pubs[i].label, CA_LABEL_MAX);
		id(&m->pubs[i].id);
		fuzz_ref(&m->pubs[i].path);
		buf(&m->pubs[i].spki);
	}
}

static void
certs(const struct ca_model *m)
{
	FUZZ_CHECK(m->certs_n <= CA_CERTS_MAX && m->data_n <= CA_DATA_MAX);
	for (size_t i = 0; i < m->certs_n; i++) {
		fuzz_text(m->certs[i].label, CA_LABEL_MAX);
		id(&m->certs[i].id);
		fuzz_ref(&m->certs[i].path);
		FUZZ_CHECK(m->certs[i].state <= CA_CERT_BAD);
		buf(&m->certs[i].der);
	}
	for (size_t i = 0; i < m->data_n; i++) {
		fuzz_text(m->data[i].label, CA_LABEL_MAX);
		fuzz_text(m->data[i].application, CA_LABEL_MAX);
		fuzz_ref(&m->data[i].path);
		buf(&m->data[i].oid);
		buf(&m->data[i].value);
	}
}

void
fuzz_model(const struct ca_model *m)
{
	fuzz_text(m->label, CA_LABEL_MAX);
	fuzz_text(m->manufacturer, CA_LABEL_MAX);
	fuzz_text(m->model, CA_LABEL_MAX);
	fuzz_text(m->serial, sizeof(m->serial));
	FUZZ_CHECK(m->supported.n <= CA_SUPPORTED_MAX);
	pins(m);
	keys(m);
	certs(m);
}
