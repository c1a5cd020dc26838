/*
 * Security environment and the commands that use a key: MSE SET, PSO COMPUTE
 * DIGITAL SIGNATURE and DECIPHER (ISO/IEC 7816-8), INTERNAL AUTHENTICATE, GET
 * CHALLENGE (ISO/IEC 7816-4 7.5).
 */
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/tlv.h"
#include "tests/sim/sim_card.h"

#define MSE_RESTORE 0xF3

/* PKCS#15 key usage bits. */
#define USE_SIGN (1U << 2 | 1U << 3 | 1U << 9)
#define USE_DECIPHER (1U << 1 | 1U << 5)

bool
ca_sim_alg_listed(const char *list, uint8_t ref)
{
	while (*list != '\0') {
		char *end = NULL;
		unsigned long v = strtoul(list, &end, 16);

		if (end != list && v == ref)
			return true;
		list += strcspn(list, ",");
		list += *list == ',';
	}
	return false;
}

static const struct ca_sim_alg *
find_alg(const struct ca_sim *s, enum ca_sim_op op, int ref)
{
	for (size_t i = 0; i < s->type->algs_n; i++) {
		const struct ca_sim_alg *a = &s->type->algs[i];

		if (a->op == op && a->ref == ref &&
		    (op == CA_SIM_OP_DECIPHER
			    ? s->o.decipher != 0
			    : ca_sim_alg_listed(s->o.algs, a->ref)))
			return a;
	}
	return NULL;
}

static const struct ca_sim_key *
find_key(const struct ca_sim *s, int ref)
{
	for (size_t i = 0; i < s->keys_n; i++)
		if (s->keys[i].ref == ref)
			return &s->keys[i];
	return NULL;
}

/* The operation a control reference template is for. */
static bool
op_of(const struct ca_sim *s, uint8_t crt, enum ca_sim_op *op)
{
	bool known = true;

	if (crt == 0xB6)
		*op = CA_SIM_OP_SIGN;
	else if (crt == 0xB8)
		*op = CA_SIM_OP_DECIPHER;
	else if (crt == 0xA4)
		*op = CA_SIM_OP_AUTH;
	else
		known = false;
	for (size_t i = 0; known && i < s->type->algs_n; i++)
		if (s->type->algs[i].op == *op)
			return true;
	return false;
}

/* Tag 81 must name the application that holds the keys: its last identifier. */
static bool
names_application(const struct ca_sim *s, struct ca_rd path)
{
	uint16_t fid = 0;

	while (path.n > 0)
		if (!ca_rd_u16(&path, &fid))
			return false;
	for (size_t i = 1; i < s->files_n; i++)
		if (s->files[i].df && s->files[i].fid == fid)
			return true;
	return false;
}

/* One data object of a CRT into *se; unknown tags are wrong data. */
static uint16_t
crt_object(const struct ca_sim *s, enum ca_sim_op op, uint32_t tag,
    struct ca_rd v, struct ca_sim_se *se)
{
	uint8_t b = 0;

	if (tag == 0x81)
		return names_application(s, v) ? SW_OK : SW_NO_REFERENCE;
	if ((tag != 0x80 && tag != 0x84) || !ca_rd_u8(&v, &b) || !ca_rd_end(&v))
		return SW_DATA;
	if (tag == 0x80) {
		se->alg = b;
		return find_alg(s, op, b) != NULL ? SW_OK : SW_DATA;
	}
	se->key = b;
	return find_key(s, b) != NULL ? SW_OK : SW_NO_REFERENCE;
}

static uint16_t
mse_set(struct ca_sim *s, enum ca_sim_op op, struct ca_rd r)
{
	struct ca_sim_se se = s->se[op];
	struct ca_rd v;
	uint32_t tag = 0;
	uint16_t sw;

	while (r.n > 0) {
		if (!ca_tlv_next(&r, &tag, &v))
			return SW_DATA;
		sw = crt_object(s, op, tag, v, &se);
		if (sw != SW_OK && !s->type->mse_anything)
			return sw;
	}
	s->se[op] = se;
	return SW_OK;
}

uint16_t
ca_sim_mse(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	enum ca_sim_op op = CA_SIM_OP_SIGN;

	(void)body;
	if (s->type->mse_anything) {
		if (op_of(s, c->p2, &op))
			(void)mse_set(s, op, c->data);
		return SW_OK;
	}
	if (c->p1 == MSE_RESTORE && c->p2 == 0x01 && c->data.n == 0) {
		for (size_t i = 0; i < CA_SIM_OPS_; i++)
			s->se[i] = (struct ca_sim_se){.alg = -1, .key = -1};
		return SW_OK;
	}
	if ((c->p1 != 0x41 && c->p1 != 0xC1 && c->p1 != 0xF1) ||
	    !op_of(s, c->p2, &op))
		return SW_P1P2;
	return c->data.n > 0 ? mse_set(s, op, c->data) : SW_LENGTH;
}

/* Everything that must hold before a key is used. */
static uint16_t
ready(struct ca_sim *s, enum ca_sim_op op, const struct ca_sim_key **key,
    const struct ca_sim_alg **alg)
{
	const struct ca_sim_se *se = &s->se[op];
	const struct ca_sim_pin *p;
	uint32_t use = op == CA_SIM_OP_DECIPHER ? USE_DECIPHER : USE_SIGN;

	if (se->alg < 0 || se->key < 0)
		return SW_CONDITIONS;
	*key = find_key(s, se->key);
	*alg = find_alg(s, op, se->alg);
	if (*key == NULL || (s->o.key_usage & use) == 0)
		return SW_CONDITIONS;
	if (*alg == NULL || (*key)->ec != ((*alg)->pad >= CA_SIM_ECDSA))
		return SW_DATA;
	p = ca_sim_pin_find(s, (*key)->pin);
	if (p != NULL && (!p->verified || ((*key)->consent && !p->fresh)))
		return SW_SECURITY;
	return SW_OK;
}

/* The PIN counts for one use when the holder wants to be asked each time. */
static void
used(struct ca_sim *s, const struct ca_sim_key *key)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, key->pin);

	if (p != NULL)
		p->fresh = false;
}

static uint16_t
sign(struct ca_sim *s, enum ca_sim_op op, struct ca_rd in, struct ca_wr *body)
{
	const struct ca_sim_key *key = NULL;
	const struct ca_sim_alg *alg = NULL;
	uint16_t sw = ready(s, op, &key, &alg);

	if (sw == SW_OK && in.n == 0)
		sw = SW_LENGTH;
	if (sw == SW_OK)
		sw = ca_sim_sign(key, alg->pad, in, body);
	if (sw != SW_OK)
		return sw;
	used(s, key);
	s->counts[CA_SIM_SIGNATURES]++;
	if (s->o.wrong_sign != 0 &&
	    s->counts[CA_SIM_SIGNATURES] % s->o.wrong_sign == 0)
		body->p[body->n - 1] ^= 0x01;
	return SW_OK;
}

/* A coordinate; or what a broken card makes of it, by the words of `bad`. */
static uint16_t
derive(const struct ca_sim *s, const struct ca_sim_key *key, struct ca_rd point,
    struct ca_wr *body)
{
	uint16_t sw = ca_sim_derive(key, point, body);

	if (sw != SW_OK)
		return sw;
	if (ca_sim_bad(s, "ecdh-short"))
		body->n--;
	if (ca_sim_bad(s, "ecdh-long"))
		ca_wr_u8(body, 0);
	if (ca_sim_bad(s, "ecdh-above"))
		memset(body->p, 0xFF, body->n);
	return SW_OK;
}

static uint16_t
decipher(struct ca_sim *s, struct ca_rd in, struct ca_wr *body)
{
	const struct ca_sim_key *key = NULL;
	const struct ca_sim_alg *alg = NULL;
	uint8_t pi = 0;
	uint16_t sw = ready(s, CA_SIM_OP_DECIPHER, &key, &alg);

	if (sw != SW_OK)
		return sw;
	if (!ca_rd_u8(&in, &pi) || pi != s->type->decipher_pi)
		return SW_DATA;
	if (alg->pad == CA_SIM_ECDH)
		sw = derive(s, key, in, body);
	else
		sw = ca_sim_decrypt(key, alg->pad, in, body);
	if (sw == SW_OK)
		used(s, key);
	return sw;
}

uint16_t
ca_sim_pso(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	if (c->p1 == 0x9E && c->p2 == 0x9A)
		return sign(s, CA_SIM_OP_SIGN, c->data, body);
	if (c->p1 == 0x80 && c->p2 == 0x86 && s->o.decipher != 0)
		return decipher(s, c->data, body);
	return SW_P1P2;
}

uint16_t
ca_sim_internal_auth(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	enum ca_sim_op op = CA_SIM_OP_AUTH;

	if (!op_of(s, 0xA4, &op))
		return SW_INS;
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	return sign(s, op, c->data, body);
}

uint16_t
ca_sim_challenge(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	uint8_t random[256];

	(void)s;
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (c->data.n > 0 || !c->has_le || c->le > sizeof(random))
		return SW_LENGTH;
	if (RAND_bytes(random, (int)c->le) != 1)
		return SW_FAULT;
	ca_wr_mem(body, random, c->le);
	return SW_OK;
}
