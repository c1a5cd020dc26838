/* How an IDPrime card signs in two steps, deciphers and gives random bytes. */
#include "tests/sim/sim_idprime.h"

#include "pcsc/base/tlv.h"

#define HASH_TAG 0x90
#define PI_RSA 0x81
#define PI_EC 0x00

/* PKCS#15 key usage bits. */
#define USE_SIGN (1U << 2 | 1U << 3 | 1U << 9)
#define USE_DECIPHER (1U << 1 | 1U << 5 | 1U << 8)

static const struct ca_sim_key *
find_key(const struct ca_sim *s, int ref)
{
	for (size_t i = 0; i < s->keys_n; i++)
		if (s->keys[i].ref == ref)
			return &s->keys[i];
	return NULL;
}

/* The key of an operation, if it may be used now. */
static uint16_t
ready(struct ca_sim *s, enum ca_sim_op op, uint32_t use,
    const struct ca_sim_key **key)
{
	const struct ca_sim_pin *p;

	*key = find_key(s, s->se[op].key);
	if (*key == NULL || (s->o.key_usage & use) == 0)
		return SW_CONDITIONS;
	p = ca_sim_pin_find(s, (*key)->pin);
	if (p != NULL && (!p->verified || ((*key)->consent && !p->fresh)))
		return SW_SECURITY;
	return SW_OK;
}

/* One use of a key with the signature PIN ends the verification of it. */
static void
used(struct ca_sim *s, const struct ca_sim_key *key)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, key->pin);

	if (p == NULL)
		return;
	p->fresh = false;
	if (key->consent)
		p->verified = false;
}

/* First step, 90 A0: takes { 90 data } and says the data back. */
static uint16_t
hash(struct ca_sim *s, struct ca_rd in, struct ca_wr *body)
{
	struct ca_sim_idp *d = ca_sim_idp_of(s);
	const struct ca_sim_se *se = &s->se[CA_SIM_OP_SIGN];
	struct ca_rd v;

	d->hashed = false;
	if (se->alg < 0 || se->key < 0)
		return SW_CONDITIONS;
	if (!ca_tlv_expect(&in, HASH_TAG, &v) || !ca_rd_end(&in) || v.n == 0)
		return SW_DATA;
	if (!ca_rd_copy(v, d->input, sizeof(d->input), &d->input_n))
		return SW_LENGTH;
	d->hashed = true;
	d->hashed_for = *se;
	if (ca_sim_bad(s, "echo-cut"))
		v.n--;
	ca_wr_bytes(body, v);
	if (ca_wr_ok(body) && ca_sim_bad(s, "echo"))
		body->p[body->n - 1] ^= 0x01;
	return SW_OK;
}

/* Second step, 9E 9A without data. */
static uint16_t
sign(struct ca_sim *s, struct ca_rd in, struct ca_wr *body)
{
	struct ca_sim_idp *d = ca_sim_idp_of(s);
	const struct ca_sim_se *se = &s->se[CA_SIM_OP_SIGN];
	const struct ca_sim_key *key = NULL;
	uint16_t sw;

	if (in.n > 0)
		return SW_LENGTH;
	if (!d->hashed || d->hashed_for.alg != se->alg ||
	    d->hashed_for.key != se->key)
		return SW_CONDITIONS;
	sw = ready(s, CA_SIM_OP_SIGN, USE_SIGN, &key);
	if (sw == SW_OK)
		sw = ca_sim_idp_sign(key, (uint8_t)se->alg,
		    ca_sim_bad(s, "ec-number"), ca_rd_of(d->input, d->input_n),
		    body);
	if (sw != SW_OK)
		return sw;
	d->hashed = false;
	used(s, key);
	s->counts[CA_SIM_SIGNATURES]++;
	if (s->o.wrong_sign != 0 &&
	    s->counts[CA_SIM_SIGNATURES] % s->o.wrong_sign == 0)
		body->p[body->n - 1] ^= 0x01;
	return SW_OK;
}

/* For a curve the cryptogram is a point and the answer the shared secret. */
static uint16_t
decipher(struct ca_sim *s, struct ca_rd in, struct ca_wr *body)
{
	const struct ca_sim_key *key = NULL;
	uint16_t sw = ready(s, CA_SIM_OP_DECIPHER, USE_DECIPHER, &key);
	uint8_t pi = 0;

	if (sw != SW_OK)
		return sw;
	if (!ca_rd_u8(&in, &pi) || pi != (key->ec ? PI_EC : PI_RSA))
		return SW_DATA;
	sw = ca_sim_idp_decipher(key, s->se[CA_SIM_OP_DECIPHER].alg, in, body);
	if (sw == SW_OK)
		used(s, key);
	return sw;
}

uint16_t
ca_sim_idp_pso(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	switch (c->p1 << 8 | c->p2) {
	case 0x90A0:
		return hash(s, c->data, body);
	case 0x9E9A:
		return sign(s, c->data, body);
	case 0x8086:
		return s->o.decipher != 0 ? decipher(s, c->data, body)
					  : SW_P1P2;
	default:
		return SW_P1P2;
	}
}

/* P2 01 gives 8 bytes, P2 00 gives 16, whatever else is asked for. */
uint16_t
ca_sim_idp_challenge(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_cmd plain = *c;
	size_t n = c->p2 == 0x01 ? 8 : 16;

	if (c->p1 != 0 || c->p2 > 1)
		return SW_P1P2;
	if (c->data.n > 0 || !c->has_le)
		return SW_LENGTH;
	if (c->le != n)
		return (uint16_t)(SW_LE | n);
	plain.p2 = 0;
	return ca_sim_challenge(s, &plain, body);
}
