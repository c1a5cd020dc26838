/* See the header. */
#include "pcsc/card/way.h"

#include "pcsc/base/cdefs.h"

/* The mechanism numbers that 7816-15 AlgorithmInfo takes from PKCS#11. */
/* clang-format off */
static const struct {
	enum ca_alg alg;
	uint32_t mechanism, operation;
} names[] = {
	{ CA_ALG_RSA_PKCS1,        0x0001, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_RAW,          0x0003, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_SHA1,   0x0006, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_SHA224, 0x0046, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_SHA256, 0x0040, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_SHA384, 0x0041, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_SHA512, 0x0042, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PSS_SHA1,     0x000E, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PSS_SHA224,   0x0047, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PSS_SHA256,   0x0043, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PSS_SHA384,   0x0044, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PSS_SHA512,   0x0045, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_ECDSA,            0x1041, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_ECDSA_DATA_SHA1,   0x1042, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_ECDSA_DATA_SHA224, 0x1043, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_ECDSA_DATA_SHA256, 0x1044, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_ECDSA_DATA_SHA384, 0x1045, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_ECDSA_DATA_SHA512, 0x1046, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_DATA_SHA1,   0x0006, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_DATA_SHA224, 0x0046, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_DATA_SHA256, 0x0040, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_DATA_SHA384, 0x0041, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_PKCS1_DATA_SHA512, 0x0042, CA_OP_COMPUTE_SIGNATURE },
	{ CA_ALG_RSA_DEC_PKCS1,    0x0001, CA_OP_DECIPHER },
	{ CA_ALG_RSA_DEC_RAW,      0x0003, CA_OP_DECIPHER },
	{ CA_ALG_ECDH,             0x1050, CA_OP_DECIPHER },
};
/* clang-format on */

static bool
names_it(const struct ca_supported *s, enum ca_alg alg)
{
	for (size_t i = 0; i < CA_COUNT(names); i++)
		if (names[i].alg == alg)
			return s->has_alg_ref &&
			       s->mechanism == names[i].mechanism &&
			       (s->operations & names[i].operation) != 0;
	return false;
}

const struct ca_supported *
ca_way_named(const struct ca_supported_list *list, enum ca_alg alg)
{
	for (size_t i = 0; i < list->n; i++)
		if (names_it(&list->a[i], alg))
			return &list->a[i];
	return NULL;
}

/* Whether the card's TokenInfo points at this way. */
static bool
preferred(const struct ca_way *w, const struct ca_supported *named)
{
	return named != NULL && !w->from_token_info && w->alg_ref.n == 1 &&
	       w->alg_ref.b[0] == named->alg_ref;
}

const struct ca_way *
ca_way_nth(const struct ca_profile *p, const struct ca_supported_list *list,
    enum ca_alg alg, unsigned attempt)
{
	const struct ca_supported *named = ca_way_named(list, alg);

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < p->ways_n; i++) {
			const struct ca_way *w = &p->ways[i];

			if (w->alg != alg ||
			    preferred(w, named) != (pass == 0) ||
			    (w->from_token_info && named == NULL))
				continue;
			if (attempt-- == 0)
				return w;
		}
	return NULL;
}

/* Whether nobody knows the card to do it: each way wants a self-check. */
static bool
needs_proof(const struct ca_profile *p, const struct ca_supported_list *list,
    enum ca_alg alg)
{
	const struct ca_way *w;

	for (unsigned n = 0; (w = ca_way_nth(p, list, alg, n)) != NULL; n++)
		if (!w->needs_proof)
			return false;
	return true;
}

void
ca_way_algs(const struct ca_profile *p, const struct ca_supported_list *list,
    struct ca_key *key)
{
	key->algs = key->unproven = 0;
	for (int a = 0; a < CA_ALG_COUNT; a++) {
		enum ca_alg alg = (enum ca_alg)a;
		bool ec = ca_alg_is_ecdsa(alg) || alg == CA_ALG_ECDH;

		if (ec != (key->type == CA_KEY_EC) ||
		    ca_way_nth(p, list, alg, 0) == NULL)
			continue;
		if (needs_proof(p, list, alg))
			key->unproven |= CA_ALG_BIT(a);
		else
			key->algs |= CA_ALG_BIT(a);
	}
}

bool
ca_way_generates(const struct ca_profile *p,
    const struct ca_supported_list *list, enum ca_gen kind,
    struct ca_bytes *alg_ref)
{
	const struct ca_make *m = &p->gen.makes[kind];
	uint32_t mechanism = ca_gen_is_ec(kind) ? 0x1040 : 0x0000;

	*alg_ref = m->alg_ref;
	if (!m->given || !m->from_token_info)
		return m->given;
	for (size_t i = 0; i < list->n; i++) {
		const struct ca_supported *s = &list->a[i];

		if (!s->has_alg_ref || s->mechanism != mechanism ||
		    (s->operations & CA_OP_GENERATE_KEY) == 0)
			continue;
		alg_ref->b[0] = s->alg_ref;
		alg_ref->n = 1;
		return true;
	}
	return false;
}
