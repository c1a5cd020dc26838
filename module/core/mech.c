#include "module/core/mech.h"

#include "module/core/slot.h"

/* clang-format off */
#define D  CA_SCHEME_DIGEST
#define P1 CA_SCHEME_PKCS1
#define PS CA_SCHEME_PSS
#define EC CA_SCHEME_ECDSA
#define NO CA_HASH_NONE
#define S  CKF_SIGN
#define V  CKF_VERIFY

/* Single-part mechanisms first: programs that test a token take the first one
 * that signs and is done by the card. */
static const struct ca_mech rows[] = {
	{ CKM_RSA_PKCS,      P1, NO, V | CKF_ENCRYPT, S | CKF_DECRYPT },
	{ CKM_RSA_X_509,     CA_SCHEME_RAW, NO, V | CKF_ENCRYPT, S | CKF_DECRYPT },
	{ CKM_RSA_PKCS_OAEP, CA_SCHEME_OAEP, NO, CKF_ENCRYPT, CKF_DECRYPT },
	{ CKM_SHA1_RSA_PKCS,   P1, CA_HASH_SHA1,   V, S },
	{ CKM_SHA224_RSA_PKCS, P1, CA_HASH_SHA224, V, S },
	{ CKM_SHA256_RSA_PKCS, P1, CA_HASH_SHA256, V, S },
	{ CKM_SHA384_RSA_PKCS, P1, CA_HASH_SHA384, V, S },
	{ CKM_SHA512_RSA_PKCS, P1, CA_HASH_SHA512, V, S },
	{ CKM_RSA_PKCS_PSS,        PS, NO,             V, S },
	{ CKM_SHA1_RSA_PKCS_PSS,   PS, CA_HASH_SHA1,   V, S },
	{ CKM_SHA224_RSA_PKCS_PSS, PS, CA_HASH_SHA224, V, S },
	{ CKM_SHA256_RSA_PKCS_PSS, PS, CA_HASH_SHA256, V, S },
	{ CKM_SHA384_RSA_PKCS_PSS, PS, CA_HASH_SHA384, V, S },
	{ CKM_SHA512_RSA_PKCS_PSS, PS, CA_HASH_SHA512, V, S },
	{ CKM_ECDSA,        EC, NO,             V, S },
	{ CKM_ECDSA_SHA1,   EC, CA_HASH_SHA1,   V, S },
	{ CKM_ECDSA_SHA224, EC, CA_HASH_SHA224, V, S },
	{ CKM_ECDSA_SHA256, EC, CA_HASH_SHA256, V, S },
	{ CKM_ECDSA_SHA384, EC, CA_HASH_SHA384, V, S },
	{ CKM_ECDSA_SHA512, EC, CA_HASH_SHA512, V, S },
	{ CKM_SHA_1,    D, CA_HASH_SHA1,     CKF_DIGEST, 0 },
	{ CKM_SHA224,   D, CA_HASH_SHA224,   CKF_DIGEST, 0 },
	{ CKM_SHA256,   D, CA_HASH_SHA256,   CKF_DIGEST, 0 },
	{ CKM_SHA384,   D, CA_HASH_SHA384,   CKF_DIGEST, 0 },
	{ CKM_SHA512,   D, CA_HASH_SHA512,   CKF_DIGEST, 0 },
	{ CKM_SHA3_224, D, CA_HASH_SHA3_224, CKF_DIGEST, 0 },
	{ CKM_SHA3_256, D, CA_HASH_SHA3_256, CKF_DIGEST, 0 },
	{ CKM_SHA3_384, D, CA_HASH_SHA3_384, CKF_DIGEST, 0 },
	{ CKM_SHA3_512, D, CA_HASH_SHA3_512, CKF_DIGEST, 0 },
};

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

enum ca_key_type
ca_mech_key_type(const struct ca_mech *m)
{
	return m->scheme == CA_SCHEME_ECDSA ? CA_KEY_EC : CA_KEY_RSA;
}

/* What all private keys of one type can do together (maybe: or may be able to
 * do), and whether there is a key of that type at all. */
static bool
token_algs(const struct ca_slot *s, enum ca_key_type type, bool maybe,
    uint32_t *algs)
{
	const struct ca_model *m = ca_token_model(s->token);
	bool any = false;

	*algs = 0;
	for (size_t i = 0; i < m->keys_n; i++)
		if (m->keys[i].type == type) {
			*algs |= m->keys[i].algs;
			if (maybe)
				*algs |= m->keys[i].unproven;
			any = true;
		}
	for (size_t i = 0; i < m->pubs_n; i++)
		any |= m->pubs[i].type == type;
	return any;
}

/* The flags this mechanism has on this token, or may turn out to have; 0: it is
 * not there. */
static CK_FLAGS
flags_of(const struct ca_slot *s, const struct ca_mech *m, bool maybe)
{
	CK_FLAGS flags = m->host;
	uint32_t algs;

	if (m->scheme == CA_SCHEME_DIGEST)
		return flags;
	if (!token_algs(s, ca_mech_key_type(m), maybe, &algs))
		return 0;
	if ((m->card & CKF_SIGN) != 0 && (algs & ca_mech_sign_algs(m)) != 0)
		flags |= CKF_SIGN | CKF_HW;
	if ((algs & ca_mech_decrypt_algs(m)) != 0)
		flags |= CKF_DECRYPT | CKF_HW;
	if (m->scheme == CA_SCHEME_ECDSA)
		flags |= CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS;
	return flags;
}

static CK_FLAGS
flags_here(const struct ca_slot *s, const struct ca_mech *m)
{
	return flags_of(s, m, false);
}

static const struct ca_mech *
row_of(CK_MECHANISM_TYPE type)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

const struct ca_mech *
ca_mech_find(const struct ca_slot *s, CK_MECHANISM_TYPE type, CK_FLAGS flag)
{
	const struct ca_mech *m = row_of(type);

	return m != NULL && (flags_of(s, m, true) & flag) != 0 ? m : NULL;
}

bool
ca_mech_offered(const struct ca_slot *s, const struct ca_mech *m, CK_FLAGS flag)
{
	return (flags_here(s, m) & flag) != 0;
}

enum ca_hash
ca_mech_hash(CK_MECHANISM_TYPE type)
{
	const struct ca_mech *m = row_of(type);

	return m != NULL && m->scheme == CA_SCHEME_DIGEST ? m->hash
							  : CA_HASH_NONE;
}

CK_RV
ca_mech_list(const struct ca_slot *s, CK_MECHANISM_TYPE *out, CK_ULONG *n)
{
	CK_ULONG have = 0, room = *n;

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		if (flags_here(s, &rows[i]) == 0)
			continue;
		have++;
	}
	*n = have;
	if (out == NULL)
		return CKR_OK;
	if (room < have)
		return CKR_BUFFER_TOO_SMALL;
	have = 0;
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (flags_here(s, &rows[i]) != 0)
			out[have++] = rows[i].type;
	return CKR_OK;
}

/*
 * Asked about a mechanism that a card may sign with or not, the card is asked,
 * once, if a login lets it answer. The list needs none of this: it names each
 * RSA mechanism anyway, because the host verifies with it.
 */
static void
find_out(struct ca_slot *s, const struct ca_mech *m)
{
	uint32_t algs = ca_mech_sign_algs(m);
	size_t n = ca_token_model(s->token)->keys_n;

	if (!ca_mech_offered(s, m, CKF_SIGN) &&
	    (flags_of(s, m, true) & CKF_SIGN) != 0)
		for (size_t i = 0; i < n; i++)
			if (ca_token_prove(s->token, i, algs) != CA_OK ||
			    ca_mech_offered(s, m, CKF_SIGN))
				break;
}

/* What the host and the cards we know handle, in bits. */
CK_RV
ca_mech_info(struct ca_slot *s, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *out)
{
	const struct ca_mech *m = row_of(type);
	CK_FLAGS flags;

	if (m == NULL)
		return CKR_MECHANISM_INVALID;
	if (m->scheme != CA_SCHEME_DIGEST)
		find_out(s, m);
	flags = flags_here(s, m);
	if (flags == 0)
		return CKR_MECHANISM_INVALID;
	out->flags = flags;
	out->ulMinKeySize = out->ulMaxKeySize = 0;
	if (m->scheme == CA_SCHEME_ECDSA) {
		out->ulMinKeySize = 224;
		out->ulMaxKeySize = 521;
	} else if (m->scheme != CA_SCHEME_DIGEST) {
		out->ulMinKeySize = 1024;
		out->ulMaxKeySize = 4096;
	}
	return CKR_OK;
}
