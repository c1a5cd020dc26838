/* Keys of the entersafe card: MSE, the bare RSA operation, the public key. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <string.h>

#include "pcsc/base/tlv.h"
#include "tests/sim/sim_entersafe.h"

static struct ca_sim_es *
own(const struct ca_sim *s)
{
	return s->own;
}

static const struct ca_sim_key *
find_key(const struct ca_sim *s, uint8_t slot)
{
	for (size_t i = 0; i < s->keys_n; i++)
		if (s->keys[i].ref == slot)
			return &s->keys[i];
	return NULL;
}

/* 80 = 80, 83 = slot and usage, 89 = the first bytes of the block. */
static uint16_t
mse_object(const struct ca_sim *s, uint32_t tag, struct ca_rd v,
    struct ca_sim_es *out)
{
	if (tag == 0x80)
		return v.n == 1 && v.p[0] == 0x80 ? SW_OK : SW_DATA;
	if (tag == 0x83) {
		if (v.n != 2 || v.p[1] != CA_SIM_ES_PRIVATE)
			return SW_DATA;
		out->key = find_key(s, v.p[0]);
		return out->key != NULL ? SW_OK : SW_NO_REFERENCE;
	}
	if (tag == 0x89 && v.n == CA_SIM_ES_HEAD)
		return ca_rd_copy(v, out->head, sizeof(out->head), &out->head_n)
			   ? SW_OK
			   : SW_DATA;
	return SW_DATA;
}

uint16_t
ca_sim_es_mse(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_sim_es se = {0};
	struct ca_rd r = c->data;
	struct ca_rd v;
	uint32_t tag = 0;
	uint16_t sw = SW_OK;

	(void)body;
	if (c->p1 != 0x41 || c->p2 != 0xB8)
		return SW_P1P2;
	while (sw == SW_OK && r.n > 0)
		sw = ca_tlv_next(&r, &tag, &v) ? mse_object(s, tag, v, &se)
					       : SW_DATA;
	if (sw == SW_OK && se.key == NULL)
		sw = SW_DATA;
	if (sw != SW_OK)
		return sw;
	own(s)->key = se.key;
	own(s)->head_n = se.head_n;
	memcpy(own(s)->head, se.head, sizeof(se.head));
	ca_wipe(&se, sizeof(se));
	return SW_OK;
}

/* The block is what MSE brought and what comes now. MSE counts once. */
uint16_t
ca_sim_es_pso(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	const struct ca_sim_key *key = own(s)->key;
	uint8_t block[CA_SIM_ES_HEAD + CA_SIM_ES_DATA];
	struct ca_wr w = ca_wr_of(block, sizeof(block));
	uint16_t sw;

	if (c->p1 != 0x86 || c->p2 != 0x80)
		return SW_P1P2;
	if (c->data.n == 0 || c->data.n > CA_SIM_ES_DATA)
		return SW_LENGTH;
	if (key == NULL)
		return SW_CONDITIONS;
	ca_wr_mem(&w, own(s)->head, own(s)->head_n);
	ca_wr_bytes(&w, c->data);
	sw = ca_wr_ok(&w) ? ca_sim_ft_private(s, key, ca_wr_rd(&w), body)
			  : SW_LENGTH;
	own(s)->key = NULL;
	own(s)->head_n = 0;
	ca_wipe(block, sizeof(block));
	return sw;
}

/* A number of the key, least significant byte first, n bytes of it. */
static bool
little_endian(const struct ca_sim_key *k, const char *name, uint8_t *out,
    size_t n)
{
	BIGNUM *bn = NULL;
	bool ok = EVP_PKEY_get_bn_param(k->pkey, name, &bn) == 1 &&
		  BN_bn2lebinpad(bn, out, (int)n) == (int)n;

	BN_free(bn);
	return ok;
}

/* 80 E6 2A slot: 45 L exponent, 4E 82 L modulus. */
uint16_t
ca_sim_es_public_key(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	const struct ca_sim_key *k = find_key(s, c->p2);
	uint8_t exponent[4];
	uint8_t modulus[512];
	size_t n;

	if (c->p1 != CA_SIM_ES_PUBLIC)
		return SW_P1P2;
	if (k == NULL)
		return SW_NO_REFERENCE;
	n = (k->bits + 7) / 8;
	if (n > sizeof(modulus) ||
	    !little_endian(k, OSSL_PKEY_PARAM_RSA_E, exponent,
		sizeof(exponent)) ||
	    !little_endian(k, OSSL_PKEY_PARAM_RSA_N, modulus, n))
		return SW_FAULT;
	ca_wr_tlv(body, 0x45, ca_rd_of(exponent, sizeof(exponent)));
	ca_wr_u16(body, 0x4E82);
	ca_wr_u16(body, (uint16_t)n);
	ca_wr_mem(body, modulus, n);
	return SW_OK;
}
