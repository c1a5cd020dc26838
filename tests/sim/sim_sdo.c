#include "tests/sim/sim_sdo.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include "pcsc/base/tlv.h"
#include "tests/sim/sim_der.h"

enum class {
	CLASS_PIN = 0x81,
	CLASS_PRIVATE = 0x90,
	CLASS_PUBLIC = 0xA0,
	CLASS_SE = 0xFB,
};

#define TAG_DOCP 0xA0

/* What is asked for. */
struct question {
	uint8_t class, ref;
	uint32_t tag;
};

/* Takes the outer templates and the object's tag apart. */
static bool
parse(struct ca_rd r, struct question *q)
{
	struct ca_rd v;
	struct ca_rd head;
	uint32_t object = 0;

	if (!ca_tlv_expect(&r, 0x4D, &v) || !ca_rd_end(&r))
		return false;
	r = v;
	if (!ca_tlv_expect(&r, 0x70, &v) || !ca_rd_end(&r))
		return false;
	r = v;
	if (!ca_tlv_next(&r, &object, &v) || !ca_rd_end(&r) ||
	    object >> 16 != 0xBF)
		return false;
	q->class = (uint8_t)(object >> 8);
	q->ref = (uint8_t)object;
	/* The last level is a header list (ISO/IEC 7816-4 8.5): a tag and 80,
	 * "its whole value". */
	if (v.n < 2 || !ca_rd_take(&v, v.n - 1, &head) || v.p[0] != 0x80)
		return false;
	q->tag = 0;
	for (uint8_t b = 0; ca_rd_u8(&head, &b);)
		q->tag = q->tag << 8 | b;
	return true;
}

static void
rules(struct ca_wr *w, const uint8_t *p, size_t n)
{
	size_t m = ca_sim_der_open(w, 0xA1);

	ca_wr_tlv(w, 0x8C, ca_rd_of(p, n));
	ca_sim_der_close(w, m);
}

/* Rules of a PIN: change, verify, reset, put data, get data. */
static void
pin_docp(const struct ca_sim *s, const struct ca_sim_pin *p, struct ca_wr *w)
{
	uint8_t reset =
	    p->unblocker != 0 ? CA_SIM_SCB_UNBLOCK : CA_SIM_SCB_NEVER;
	const uint8_t rule[] = {0x73, CA_SIM_SCB_USER, CA_SIM_SCB_FREE, reset,
	    CA_SIM_SCB_NEVER, CA_SIM_SCB_FREE};

	ca_sim_der_text(w, 0x84, p->ref == s->o.pin_ref ? "PIN1" : "PUK1");
	ca_sim_der_byte(w, 0x9A, p->tries_max);
	ca_sim_der_byte(w, 0x9B, p->tries);
	ca_sim_der_byte(w, 0x80, p->real);
	rules(w, rule, sizeof(rule));
}

static bool
pin_object(struct ca_sim *s, const struct question *q, struct ca_wr *w)
{
	const struct ca_sim_pin *p = ca_sim_pin_find(s, q->ref);
	uint8_t min, max;

	if (p == NULL || (ca_sim_word_listed(s->o.model, "objects-root") &&
			     s->df != CA_SIM_MF))
		return false;
	min = p->min;
	max = p->max;
	if (ca_sim_word_listed(s->o.model, "pin-fixed"))
		min = max = p->real;
	if (ca_sim_word_listed(s->o.model, "pin-narrow")) {
		min = 6;
		max = 8;
	}
	if (q->tag == TAG_DOCP) {
		pin_docp(s, p, w);
	} else {
		ca_sim_der_byte(w, 0x80, max);
		ca_sim_der_byte(w, 0x81, min);
	}
	return true;
}

/* Rules of a private key: sign, internal authentication, decipher, generate,
 * put data, get data. */
static void
private_docp(const struct ca_sim_key *k, struct ca_wr *w)
{
	const uint8_t rule[] = {0x7B, CA_SIM_SCB_USER, CA_SIM_SCB_USER,
	    CA_SIM_SCB_USER, CA_SIM_SCB_USER, CA_SIM_SCB_USER, CA_SIM_SCB_FREE};
	const uint8_t size[] = {
	    (uint8_t)(k->bits / 8 >> 8), (uint8_t)(k->bits / 8)};

	ca_sim_der_text(w, 0x84, "KEY1");
	ca_sim_der_byte(w, 0x9E, 0x00);
	ca_wr_tlv(w, 0x80, ca_rd_of(size, sizeof(size)));
	rules(w, rule, sizeof(rule));
}

/* Rules of a public key: generate, put data, get data. */
static void
public_docp(const struct ca_sim_key *k, struct ca_wr *w)
{
	const uint8_t rule[] = {
	    0x0B, CA_SIM_SCB_USER, CA_SIM_SCB_USER, CA_SIM_SCB_FREE};
	const uint8_t size[] = {
	    (uint8_t)(k->bits / 8 >> 8), (uint8_t)(k->bits / 8)};

	ca_sim_der_text(w, 0x84, "PUB1");
	ca_wr_tlv(w, 0x80, ca_rd_of(size, sizeof(size)));
	rules(w, rule, sizeof(rule));
}

static void
number(const struct ca_sim_key *k, const char *name, uint32_t tag,
    struct ca_wr *w)
{
	BIGNUM *bn = NULL;
	uint8_t b[512];
	int n = 0;

	if (EVP_PKEY_get_bn_param(k->pkey, name, &bn) == 1 &&
	    BN_num_bytes(bn) <= (int)sizeof(b))
		n = BN_bn2bin(bn, b);
	if (n > 0)
		ca_wr_tlv(w, tag, ca_rd_of(b, (size_t)n));
	else
		w->failed = true;
	BN_free(bn);
}

/* Objects are numbered without the bit that marks a local reference. */
static const struct ca_sim_key *
key_of(const struct ca_sim *s, uint8_t ref)
{
	for (size_t i = 0; i < s->keys_n; i++)
		if ((s->keys[i].ref & 0x1F) == (ref & 0x1F))
			return &s->keys[i];
	return NULL;
}

static bool
key_object(struct ca_sim *s, const struct question *q, struct ca_wr *w)
{
	const struct ca_sim_key *k = key_of(s, q->ref);

	if (k == NULL)
		return false;
	if (q->tag == TAG_DOCP && q->class == CLASS_PRIVATE) {
		private_docp(k, w);
	} else if (q->tag == TAG_DOCP) {
		public_docp(k, w);
	} else if (q->class == CLASS_PRIVATE) {
		ca_sim_der_byte(w, 0x80, 0x00);
	} else {
		number(k, OSSL_PKEY_PARAM_RSA_N, 0x81, w);
		number(k, OSSL_PKEY_PARAM_RSA_E, 0x82, w);
	}
	return true;
}

/* An environment says which PIN its "user" is: A4 { usage, reference }. */
static bool
se_object(struct ca_sim *s, const struct question *q, struct ca_wr *w)
{
	uint32_t ref = s->o.pin_ref;
	size_t m;

	if (q->ref == CA_SIM_SE_UNBLOCK && s->o.puk[0] != '\0')
		ref = s->o.puk_ref;
	else if (q->ref != CA_SIM_SE_USER)
		return false;
	m = ca_sim_der_open(w, 0xA4);
	ca_sim_der_byte(w, 0x95, 0x08);
	ca_sim_der_byte(w, 0x83, (uint8_t)ref);
	ca_sim_der_close(w, m);
	return true;
}

/* clang-format off */
static const struct {
	uint8_t class;
	uint32_t data; /* the tag of its content, beside the DOCP */
	bool docp;
	bool (*write)(struct ca_sim *, const struct question *, struct ca_wr *);
} classes[] = {
	{CLASS_PIN,     0x7F41, true,  pin_object},
	{CLASS_PRIVATE, 0x7F48, true,  key_object},
	{CLASS_PUBLIC,  0x7F49, true,  key_object},
	{CLASS_SE,      0x7B,   false, se_object},
};
/* clang-format on */

static uint16_t
answer(struct ca_sim *s, const struct question *q, struct ca_wr *body)
{
	uint32_t object = 0xBF0000U | (uint32_t)q->class << 8 | q->ref;

	for (size_t i = 0; i < CA_COUNT(classes); i++) {
		size_t outer;
		size_t inner;
		size_t value;

		if (classes[i].class != q->class)
			continue;
		if (q->tag != classes[i].data &&
		    !(q->tag == TAG_DOCP && classes[i].docp))
			return SW_DATA;
		outer = ca_sim_der_open(body, 0x70);
		inner = ca_sim_der_open(body, object);
		value = ca_sim_der_open(body, q->tag);
		if (!classes[i].write(s, q, body))
			return SW_NO_REFERENCE;
		ca_sim_der_close(body, value);
		ca_sim_der_close(body, inner);
		ca_sim_der_close(body, outer);
		return SW_OK;
	}
	return SW_NO_REFERENCE;
}

uint16_t
ca_sim_sdo_get(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct question q = {0};

	if (s->o.objects == 0)
		return SW_INS;
	if (c->p1 != 0x3F || c->p2 != 0xFF)
		return SW_P1P2;
	if (!parse(c->data, &q))
		return SW_DATA;
	return answer(s, &q, body);
}
