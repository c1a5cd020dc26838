#include "module/core/mech.h"

#include "module/crypto/wrap.h"

/* clang-format off */
#define DIGEST CA_SCHEME_DIGEST, 0, CA_KEYS_NONE
#define PKCS1  CA_SCHEME_PKCS1, 0, CA_KEYS_RSA
#define X_509  CA_SCHEME_RAW, 0, CA_KEYS_RSA
#define PSS    CA_SCHEME_PSS, 0, CA_KEYS_RSA
#define OAEP_  CA_SCHEME_OAEP, 0, CA_KEYS_RSA
#define ECDSA  CA_SCHEME_ECDSA, 0, CA_KEYS_EC
#define EDDSA  CA_SCHEME_EDDSA, 0, CA_KEYS_EDWARDS
#define ECDH   CA_SCHEME_ECDH, 0, CA_KEYS_EC
#define HMAC   CA_SCHEME_MAC, CA_MAC_WHOLE, CA_KEYS_SECRET
#define HMAC_N CA_SCHEME_MAC, CA_MAC_GENERAL, CA_KEYS_SECRET
#define CMAC   CA_SCHEME_MAC, CA_MAC_WHOLE, CA_KEYS_AES
#define CMAC_N CA_SCHEME_MAC, CA_MAC_GENERAL, CA_KEYS_AES
#define GMAC   CA_SCHEME_MAC, CA_MAC_GMAC, CA_KEYS_AES
#define AES(mode) CA_SCHEME_CIPHER, CA_CIPHER_##mode, CA_KEYS_AES
#define DES3(mode) CA_SCHEME_CIPHER, CA_CIPHER_##mode, CA_KEYS_DES3
#define KDF(kind) CA_SCHEME_KDF, CA_KDF_##kind, CA_KEYS_SECRET
#define KDF_AES(kind) CA_SCHEME_KDF, CA_KDF_##kind, CA_KEYS_AES
#define AES_WRAP(kind) CA_SCHEME_KEYWRAP, CA_KEYWRAP_##kind, CA_KEYS_AES
#define NO CA_HASH_NONE
#define S  CKF_SIGN
#define V  CKF_VERIFY
#define SV (CKF_SIGN | CKF_VERIFY)
#define D  CKF_DERIVE
#define ED (CKF_ENCRYPT | CKF_DECRYPT)
#define PAIR(kind, keys) CA_SCHEME_MAKE, kind, keys, NO, CKF_GENERATE_KEY_PAIR, 0
#define WU (CKF_WRAP | CKF_UNWRAP)
#define DEC (CKF_DECRYPT | CKF_UNWRAP)

/* Single-part mechanisms first: programs that test a token take the first one
 * that signs and is done by the card. */
const struct ca_mech ca_mech_rows[] = {
	{ CKM_RSA_PKCS,      PKCS1, NO, SV | ED | WU, S | DEC },
	{ CKM_RSA_X_509,     X_509, NO, SV | ED, S | CKF_DECRYPT },
	{ CKM_RSA_PKCS_OAEP, OAEP_, NO, ED | WU, DEC },
	{ CKM_SHA1_RSA_PKCS,   PKCS1, CA_HASH_SHA1,   SV, S },
	{ CKM_SHA224_RSA_PKCS, PKCS1, CA_HASH_SHA224, SV, S },
	{ CKM_SHA256_RSA_PKCS, PKCS1, CA_HASH_SHA256, SV, S },
	{ CKM_SHA384_RSA_PKCS, PKCS1, CA_HASH_SHA384, SV, S },
	{ CKM_SHA512_RSA_PKCS, PKCS1, CA_HASH_SHA512, SV, S },
	{ CKM_SHA3_224_RSA_PKCS, PKCS1, CA_HASH_SHA3_224, SV, S },
	{ CKM_SHA3_256_RSA_PKCS, PKCS1, CA_HASH_SHA3_256, SV, S },
	{ CKM_SHA3_384_RSA_PKCS, PKCS1, CA_HASH_SHA3_384, SV, S },
	{ CKM_SHA3_512_RSA_PKCS, PKCS1, CA_HASH_SHA3_512, SV, S },
	{ CKM_RSA_PKCS_PSS,        PSS, NO,             SV, S },
	{ CKM_SHA1_RSA_PKCS_PSS,   PSS, CA_HASH_SHA1,   SV, S },
	{ CKM_SHA224_RSA_PKCS_PSS, PSS, CA_HASH_SHA224, SV, S },
	{ CKM_SHA256_RSA_PKCS_PSS, PSS, CA_HASH_SHA256, SV, S },
	{ CKM_SHA384_RSA_PKCS_PSS, PSS, CA_HASH_SHA384, SV, S },
	{ CKM_SHA512_RSA_PKCS_PSS, PSS, CA_HASH_SHA512, SV, S },
	{ CKM_SHA3_224_RSA_PKCS_PSS, PSS, CA_HASH_SHA3_224, SV, S },
	{ CKM_SHA3_256_RSA_PKCS_PSS, PSS, CA_HASH_SHA3_256, SV, S },
	{ CKM_SHA3_384_RSA_PKCS_PSS, PSS, CA_HASH_SHA3_384, SV, S },
	{ CKM_SHA3_512_RSA_PKCS_PSS, PSS, CA_HASH_SHA3_512, SV, S },
	{ CKM_ECDSA,        ECDSA, NO,             SV, S },
	{ CKM_ECDSA_SHA1,   ECDSA, CA_HASH_SHA1,   SV, S },
	{ CKM_ECDSA_SHA224, ECDSA, CA_HASH_SHA224, SV, S },
	{ CKM_ECDSA_SHA256, ECDSA, CA_HASH_SHA256, SV, S },
	{ CKM_ECDSA_SHA384, ECDSA, CA_HASH_SHA384, SV, S },
	{ CKM_ECDSA_SHA512, ECDSA, CA_HASH_SHA512, SV, S },
	{ CKM_ECDSA_SHA3_224, ECDSA, CA_HASH_SHA3_224, SV, S },
	{ CKM_ECDSA_SHA3_256, ECDSA, CA_HASH_SHA3_256, SV, S },
	{ CKM_ECDSA_SHA3_384, ECDSA, CA_HASH_SHA3_384, SV, S },
	{ CKM_ECDSA_SHA3_512, ECDSA, CA_HASH_SHA3_512, SV, S },
	{ CKM_EDDSA, EDDSA, NO, SV, 0 },
	{ CKM_ECDH1_DERIVE,          ECDH, NO, CKF_DERIVE, CKF_DERIVE },
	{ CKM_ECDH1_COFACTOR_DERIVE, ECDH, NO, CKF_DERIVE, CKF_DERIVE },
	{ CKM_RSA_PKCS_KEY_PAIR_GEN, PAIR(CKK_RSA, CA_KEYS_RSA) },
	{ CKM_EC_KEY_PAIR_GEN, PAIR(CKK_EC, CA_KEYS_EC) },
	{ CKM_EC_EDWARDS_KEY_PAIR_GEN, PAIR(CKK_EC_EDWARDS, CA_KEYS_EDWARDS) },
	{ CKM_EC_MONTGOMERY_KEY_PAIR_GEN,
		PAIR(CKK_EC_MONTGOMERY, CA_KEYS_MONTGOMERY) },
	{ CKM_SHA_1_HMAC,  HMAC, CA_HASH_SHA1,   SV, 0 },
	{ CKM_SHA224_HMAC, HMAC, CA_HASH_SHA224, SV, 0 },
	{ CKM_SHA256_HMAC, HMAC, CA_HASH_SHA256, SV, 0 },
	{ CKM_SHA384_HMAC, HMAC, CA_HASH_SHA384, SV, 0 },
	{ CKM_SHA512_HMAC, HMAC, CA_HASH_SHA512, SV, 0 },
	{ CKM_SHA_1_HMAC_GENERAL,  HMAC_N, CA_HASH_SHA1,   SV, 0 },
	{ CKM_SHA224_HMAC_GENERAL, HMAC_N, CA_HASH_SHA224, SV, 0 },
	{ CKM_SHA256_HMAC_GENERAL, HMAC_N, CA_HASH_SHA256, SV, 0 },
	{ CKM_SHA384_HMAC_GENERAL, HMAC_N, CA_HASH_SHA384, SV, 0 },
	{ CKM_SHA512_HMAC_GENERAL, HMAC_N, CA_HASH_SHA512, SV, 0 },
	{ CKM_SHA512_224_HMAC, HMAC, CA_HASH_SHA512_224, SV, 0 },
	{ CKM_SHA512_224_HMAC_GENERAL, HMAC_N, CA_HASH_SHA512_224, SV, 0 },
	{ CKM_SHA512_256_HMAC, HMAC, CA_HASH_SHA512_256, SV, 0 },
	{ CKM_SHA512_256_HMAC_GENERAL, HMAC_N, CA_HASH_SHA512_256, SV, 0 },
	{ CKM_SHA3_224_HMAC, HMAC, CA_HASH_SHA3_224, SV, 0 },
	{ CKM_SHA3_224_HMAC_GENERAL, HMAC_N, CA_HASH_SHA3_224, SV, 0 },
	{ CKM_SHA3_256_HMAC, HMAC, CA_HASH_SHA3_256, SV, 0 },
	{ CKM_SHA3_256_HMAC_GENERAL, HMAC_N, CA_HASH_SHA3_256, SV, 0 },
	{ CKM_SHA3_384_HMAC, HMAC, CA_HASH_SHA3_384, SV, 0 },
	{ CKM_SHA3_384_HMAC_GENERAL, HMAC_N, CA_HASH_SHA3_384, SV, 0 },
	{ CKM_SHA3_512_HMAC, HMAC, CA_HASH_SHA3_512, SV, 0 },
	{ CKM_SHA3_512_HMAC_GENERAL, HMAC_N, CA_HASH_SHA3_512, SV, 0 },
	{ CKM_AES_CMAC,         CMAC,   NO, SV, 0 },
	{ CKM_AES_CMAC_GENERAL, CMAC_N, NO, SV, 0 },
	{ CKM_AES_GMAC,         GMAC,   NO, SV, 0 },
	{ CKM_AES_ECB,     AES(ECB), NO, ED | WU, 0 },
	{ CKM_AES_CBC,     AES(CBC), NO, ED | WU, 0 },
	{ CKM_AES_CBC_PAD, AES(CBC_PAD), NO, ED | WU, 0 },
	{ CKM_AES_CTR,     AES(CTR), NO, ED, 0 },
	{ CKM_AES_GCM,     AES(GCM), NO, ED | WU, 0 },
	{ CKM_AES_CCM,     AES(CCM), NO, ED, 0 },
	{ CKM_AES_KEY_WRAP,       AES_WRAP(KW), NO, WU, 0 },
	{ CKM_AES_KEY_WRAP_PAD,   AES_WRAP(PKCS7), NO, WU, 0 }, /* 2.40: PKCS #7 */
	{ CKM_AES_KEY_WRAP_KWP,   AES_WRAP(KWP), NO, WU, 0 },
	{ CKM_AES_KEY_WRAP_PKCS7, AES_WRAP(PKCS7), NO, WU, 0 },
	/* For what is old: nothing new is enciphered with it (SP 800-131A). */
	{ CKM_DES3_ECB,     DES3(ECB), NO, CKF_DECRYPT, 0 },
	{ CKM_DES3_CBC,     DES3(CBC), NO, CKF_DECRYPT, 0 },
	{ CKM_DES3_CBC_PAD, DES3(CBC_PAD), NO, CKF_DECRYPT, 0 },
	{ CKM_AES_KEY_GEN, CA_SCHEME_MAKE, CKK_AES, CA_KEYS_AES, NO, CKF_GENERATE, 0 },
	{ CKM_GENERIC_SECRET_KEY_GEN, CA_SCHEME_MAKE, CKK_GENERIC_SECRET, CA_KEYS_SECRET,
		NO, CKF_GENERATE, 0 },
	{ CKM_HKDF_KEY_GEN, CA_SCHEME_MAKE, CKK_HKDF, CA_KEYS_SECRET, NO, CKF_GENERATE, 0 },
	{ CKM_PKCS5_PBKD2,  KDF(PBKD2), NO, CKF_GENERATE, 0 },
	{ CKM_HKDF_DERIVE,  KDF(HKDF),      NO, D, 0 },
	{ CKM_HKDF_DATA,    KDF(HKDF_DATA), NO, D, 0 },
	{ CKM_SP800_108_COUNTER_KDF,  KDF(COUNTER),  NO, D, 0 },
	{ CKM_SP800_108_FEEDBACK_KDF, KDF(FEEDBACK), NO, D, 0 },
	{ CKM_CONCATENATE_BASE_AND_KEY,  KDF(BASE_AND_KEY),  NO, D, 0 },
	{ CKM_CONCATENATE_BASE_AND_DATA, KDF(BASE_AND_DATA), NO, D, 0 },
	{ CKM_CONCATENATE_DATA_AND_BASE, KDF(DATA_AND_BASE), NO, D, 0 },
	{ CKM_XOR_BASE_AND_DATA,    KDF(XOR),     NO, D, 0 },
	{ CKM_EXTRACT_KEY_FROM_KEY, KDF(EXTRACT), NO, D, 0 },
	{ CKM_AES_ECB_ENCRYPT_DATA, KDF_AES(ECB), NO, D, 0 },
	{ CKM_AES_CBC_ENCRYPT_DATA, KDF_AES(CBC), NO, D, 0 },
	{ CKM_SHA1_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA1, D, 0 },
	{ CKM_SHA224_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA224, D, 0 },
	{ CKM_SHA256_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA256, D, 0 },
	{ CKM_SHA384_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA384, D, 0 },
	{ CKM_SHA512_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA512, D, 0 },
	{ CKM_SHA512_224_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA512_224, D, 0 },
	{ CKM_SHA512_256_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA512_256, D, 0 },
	{ CKM_SHA3_224_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA3_224, D, 0 },
	{ CKM_SHA3_256_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA3_256, D, 0 },
	{ CKM_SHA3_384_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA3_384, D, 0 },
	{ CKM_SHA3_512_KEY_DERIVATION, KDF(HASH), CA_HASH_SHA3_512, D, 0 },
	{ CKM_SHA_1,    DIGEST, CA_HASH_SHA1,     CKF_DIGEST, 0 },
	{ CKM_SHA224,   DIGEST, CA_HASH_SHA224,   CKF_DIGEST, 0 },
	{ CKM_SHA256,   DIGEST, CA_HASH_SHA256,   CKF_DIGEST, 0 },
	{ CKM_SHA384,   DIGEST, CA_HASH_SHA384,   CKF_DIGEST, 0 },
	{ CKM_SHA512,   DIGEST, CA_HASH_SHA512,   CKF_DIGEST, 0 },
	{ CKM_SHA512_224, DIGEST, CA_HASH_SHA512_224, CKF_DIGEST, 0 },
	{ CKM_SHA512_256, DIGEST, CA_HASH_SHA512_256, CKF_DIGEST, 0 },
	{ CKM_SHA3_224, DIGEST, CA_HASH_SHA3_224, CKF_DIGEST, 0 },
	{ CKM_SHA3_256, DIGEST, CA_HASH_SHA3_256, CKF_DIGEST, 0 },
	{ CKM_SHA3_384, DIGEST, CA_HASH_SHA3_384, CKF_DIGEST, 0 },
	{ CKM_SHA3_512, DIGEST, CA_HASH_SHA3_512, CKF_DIGEST, 0 },
};
const size_t ca_mech_rows_n = CA_COUNT(ca_mech_rows);

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

bool
ca_mech_is_secret(const struct ca_mech *m)
{
	return m->keys >= CA_KEYS_AES;
}

bool
ca_mech_takes(const struct ca_mech *m, CK_KEY_TYPE type)
{
	switch (m->keys) {
	case CA_KEYS_RSA:
		return type == CKK_RSA;
	case CA_KEYS_EC: /* current mechanisms 3.0, 2.3.17 and 2.3.18 */
		return type == CKK_EC || (type == CKK_EC_MONTGOMERY &&
					     m->type == CKM_ECDH1_DERIVE);
	case CA_KEYS_EDWARDS:
		return type == CKK_EC_EDWARDS;
	case CA_KEYS_MONTGOMERY:
		return type == CKK_EC_MONTGOMERY;
	default:
		return false;
	}
}
