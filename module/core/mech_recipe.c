/*
 * How the cards are had to do what a mechanism asks for: which of their
 * algorithms serve it, and what they are given.
 */
#include "module/core/mech.h"

/* clang-format off */
/* In place of an algorithm: the one of the value's hash. */
#define ALG_OF_HASH CA_ALG_COUNT
#define RECIPES_MAX 4

/* Best first. A DigestInfo made here and padded by the card is what has been
 * seen to work on VGCA tokens (vgca-chipdoc). */
static const struct {
	size_t n;
	struct ca_recipe recipe[RECIPES_MAX];
} recipes[CA_SCHEME_COUNT] = {
	[CA_SCHEME_PKCS1] = { 4, {
		{ CA_ALG_RSA_PKCS1, CA_FORM_DIGESTINFO },
		{ CA_ALG_RSA_RAW,   CA_FORM_BLOCK },
		{ ALG_OF_HASH,      CA_FORM_VALUE },
		{ ALG_OF_HASH,      CA_FORM_DATA } } },
	[CA_SCHEME_RAW] = { 1, { { CA_ALG_RSA_RAW, CA_FORM_BLOCK } } },
	[CA_SCHEME_PSS] = { 2, {
		{ CA_ALG_RSA_RAW, CA_FORM_BLOCK },
		{ ALG_OF_HASH,    CA_FORM_VALUE } } },
	[CA_SCHEME_ECDSA] = { 2, {
		{ CA_ALG_ECDSA, CA_FORM_VALUE },
		{ ALG_OF_HASH,  CA_FORM_DATA } } },
};

/* The algorithms in which the card itself knows about a hash. */
static const enum ca_alg hash_algs[CA_SCHEME_COUNT][CA_HASH_COUNT] = {
	[CA_SCHEME_PKCS1] = {
		[CA_HASH_SHA1]   = CA_ALG_RSA_PKCS1_SHA1,
		[CA_HASH_SHA224] = CA_ALG_RSA_PKCS1_SHA224,
		[CA_HASH_SHA256] = CA_ALG_RSA_PKCS1_SHA256,
		[CA_HASH_SHA384] = CA_ALG_RSA_PKCS1_SHA384,
		[CA_HASH_SHA512] = CA_ALG_RSA_PKCS1_SHA512 },
	[CA_SCHEME_PSS] = {
		[CA_HASH_SHA1]   = CA_ALG_RSA_PSS_SHA1,
		[CA_HASH_SHA224] = CA_ALG_RSA_PSS_SHA224,
		[CA_HASH_SHA256] = CA_ALG_RSA_PSS_SHA256,
		[CA_HASH_SHA384] = CA_ALG_RSA_PSS_SHA384,
		[CA_HASH_SHA512] = CA_ALG_RSA_PSS_SHA512 },
};
/* ... and those in which it makes the hash. */
static const enum ca_alg data_algs[CA_SCHEME_COUNT][CA_HASH_COUNT] = {
	[CA_SCHEME_PKCS1] = {
		[CA_HASH_SHA1]   = CA_ALG_RSA_PKCS1_DATA_SHA1,
		[CA_HASH_SHA224] = CA_ALG_RSA_PKCS1_DATA_SHA224,
		[CA_HASH_SHA256] = CA_ALG_RSA_PKCS1_DATA_SHA256,
		[CA_HASH_SHA384] = CA_ALG_RSA_PKCS1_DATA_SHA384,
		[CA_HASH_SHA512] = CA_ALG_RSA_PKCS1_DATA_SHA512 },
	[CA_SCHEME_ECDSA] = {
		[CA_HASH_SHA1]   = CA_ALG_ECDSA_DATA_SHA1,
		[CA_HASH_SHA224] = CA_ALG_ECDSA_DATA_SHA224,
		[CA_HASH_SHA256] = CA_ALG_ECDSA_DATA_SHA256,
		[CA_HASH_SHA384] = CA_ALG_ECDSA_DATA_SHA384,
		[CA_HASH_SHA512] = CA_ALG_ECDSA_DATA_SHA512 },
};
/* clang-format on */

/* False when the card has no algorithm of that kind. CA_ALG_RSA_RAW is 0,
 * what the tables hold where nothing is written, and never has a hash. */
static bool
hash_alg(const struct ca_mech *m, enum ca_form form, enum ca_hash hash,
    enum ca_alg *out)
{
	*out = form == CA_FORM_DATA ? data_algs[m->scheme][m->hash]
				    : hash_algs[m->scheme][hash];
	return *out != CA_ALG_RSA_RAW;
}

bool
ca_mech_recipe(const struct ca_mech *m, enum ca_hash hash, size_t n,
    struct ca_recipe *out)
{
	if (n >= recipes[m->scheme].n)
		return false;
	*out = recipes[m->scheme].recipe[n];
	return out->alg != ALG_OF_HASH ||
	       hash_alg(m, out->form, hash, &out->alg);
}

/* With the hash still open, any of the scheme's algorithms will do. */
static uint32_t
hash_alg_bits(const struct ca_mech *m, enum ca_form form)
{
	uint32_t bits = 0;
	enum ca_alg alg;

	for (unsigned h = 0; h < CA_HASH_COUNT; h++)
		if ((m->hash == CA_HASH_NONE || m->hash == (enum ca_hash)h) &&
		    hash_alg(m, form, (enum ca_hash)h, &alg))
			bits |= CA_ALG_BIT(alg);
	return bits;
}

uint32_t
ca_mech_sign_algs(const struct ca_mech *m)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < recipes[m->scheme].n; i++) {
		const struct ca_recipe *r = &recipes[m->scheme].recipe[i];

		bits |= r->alg == ALG_OF_HASH ? hash_alg_bits(m, r->form)
					      : CA_ALG_BIT(r->alg);
	}
	return bits;
}

/* The host removes what padding there is from a raw result. */
#define RAW CA_ALG_BIT(CA_ALG_RSA_DEC_RAW)
#define OAEP                                                                   \
	(CA_ALG_BIT(CA_ALG_RSA_DEC_OAEP_SHA1) |                                \
	    CA_ALG_BIT(CA_ALG_RSA_DEC_OAEP_SHA256) |                           \
	    CA_ALG_BIT(CA_ALG_RSA_DEC_OAEP_SHA384) |                           \
	    CA_ALG_BIT(CA_ALG_RSA_DEC_OAEP_SHA512))
#define DECRYPTS (RAW | OAEP | CA_ALG_BIT(CA_ALG_RSA_DEC_PKCS1))

uint32_t
ca_mech_decrypt_algs(const struct ca_mech *m)
{
	if ((m->card & CKF_DECRYPT) == 0)
		return 0;
	if (m->scheme == CA_SCHEME_PKCS1)
		return RAW | CA_ALG_BIT(CA_ALG_RSA_DEC_PKCS1);
	return m->scheme == CA_SCHEME_OAEP ? RAW | OAEP : RAW;
}

bool
ca_mech_oaep(const struct ca_oaep *oaep, enum ca_alg *out)
{
	static const struct {
		enum ca_hash hash;
		enum ca_alg alg;
	} own[] = {
	    {CA_HASH_SHA1, CA_ALG_RSA_DEC_OAEP_SHA1},
	    {CA_HASH_SHA256, CA_ALG_RSA_DEC_OAEP_SHA256},
	    {CA_HASH_SHA384, CA_ALG_RSA_DEC_OAEP_SHA384},
	    {CA_HASH_SHA512, CA_ALG_RSA_DEC_OAEP_SHA512},
	};

	if (oaep->mgf != oaep->hash || oaep->label.n != 0)
		return false;
	for (size_t i = 0; i < CA_COUNT(own); i++)
		if (own[i].hash == oaep->hash) {
			*out = own[i].alg;
			return true;
		}
	return false;
}

bool
ca_mech_signs(uint32_t algs)
{
	return (algs & ~(DECRYPTS | CA_ALG_BIT(CA_ALG_ECDH))) != 0;
}

bool
ca_mech_decrypts(uint32_t algs)
{
	return (algs & DECRYPTS) != 0;
}
