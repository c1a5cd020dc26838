/* See the header. */
#include "pcsc/card/model.h"

#include <string.h>

#include "pcsc/base/secret.h"

const struct ca_pin *
ca_model_pin(const struct ca_model *m, enum ca_pin_role role)
{
	for (size_t i = 0; i < m->pins_n; i++)
		if (m->pins[i].role == role)
			return &m->pins[i];
	return NULL;
}

size_t
ca_gen_bits(enum ca_gen g)
{
	static const size_t bits[CA_GEN_COUNT] = {
	    [CA_GEN_RSA_1024] = 1024,
	    [CA_GEN_RSA_2048] = 2048,
	    [CA_GEN_RSA_3072] = 3072,
	    [CA_GEN_RSA_4096] = 4096,
	    [CA_GEN_P256] = 256,
	    [CA_GEN_P384] = 384,
	    [CA_GEN_P521] = 521,
	};

	return g < CA_GEN_COUNT ? bits[g] : 0;
}

bool
ca_gen_is_ec(enum ca_gen g)
{
	return g >= CA_GEN_P256;
}

bool
ca_alg_hashes(enum ca_alg alg)
{
	return alg >= CA_ALG_ECDSA_DATA_SHA1 &&
	       alg <= CA_ALG_RSA_PKCS1_DATA_SHA512;
}

bool
ca_alg_is_ecdsa(enum ca_alg alg)
{
	return alg >= CA_ALG_ECDSA && alg <= CA_ALG_ECDSA_DATA_SHA512;
}

const struct ca_pin *
ca_model_key_pin(const struct ca_model *m, const struct ca_key *key)
{
	for (size_t i = 0; i < m->pins_n; i++)
		if (ca_id_equal(&m->pins[i].auth_id, &key->auth_id))
			return &m->pins[i];
	return ca_model_pin(m, CA_PIN_USER);
}

bool
ca_id_equal(const struct ca_id *a, const struct ca_id *b)
{
	return a->n > 0 && a->n == b->n && memcmp(a->b, b->b, a->n) == 0;
}

void
ca_model_wipe(struct ca_model *m)
{
	for (size_t i = 0; i < m->keys_n; i++) {
		ca_buf_free(&m->keys[i].spki);
		ca_buf_free(&m->keys[i].subject);
	}
	for (size_t i = 0; i < m->pubs_n; i++)
		ca_buf_free(&m->pubs[i].spki);
	for (size_t i = 0; i < m->certs_n; i++)
		ca_buf_free(&m->certs[i].der);
	for (size_t i = 0; i < m->data_n; i++) {
		ca_buf_free(&m->data[i].oid);
		ca_buf_free(&m->data[i].value);
	}
	ca_wipe(m, sizeof(*m));
}
