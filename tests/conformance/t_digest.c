/* Digests and random numbers. */
#include <string.h>

#include "tests/conformance/groups.h"

/* p: OpenSSL's name; a: the mechanism. At once and in parts. */
static CK_RV
digest(struct cf *c, const struct cf_case *k)
{
	uint8_t in[1000], want[EVP_MAX_MD_SIZE], got[EVP_MAX_MD_SIZE];
	CK_MECHANISM m = {k->a, NULL, 0};
	CK_ULONG n = sizeof(got);
	size_t want_n;
	CK_RV rv;

	if (!cf_mech_can(c, k->a, CKF_DIGEST))
		return cf_note(c, CF_SKIP, "not offered");
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 3);
	want_n = cf_ossl_digest(k->p, in, sizeof(in), want);
	if ((rv = c->f->C_DigestInit(c->s, &m)) != CKR_OK ||
	    (rv = c->f->C_DigestUpdate(c->s, in, 1)) != CKR_OK ||
	    (rv = c->f->C_DigestUpdate(c->s, in + 1, 700)) != CKR_OK ||
	    (rv = c->f->C_DigestUpdate(c->s, in + 701, 299)) != CKR_OK ||
	    (rv = c->f->C_DigestFinal(c->s, got, &n)) != CKR_OK)
		return rv;
	if (n != want_n || memcmp(want, got, n) != 0)
		return cf_note(c, CF_WRONG, "OpenSSL disagrees");
	return CKR_OK;
}

static CK_RV
digest_key(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_SHA256, NULL, 0};

	if (!cf_mech_can(c, CKM_SHA256, CKF_DIGEST))
		return cf_note(c, CF_SKIP, "no SHA-256");
	if (c->f->C_DigestInit(c->s, &m) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_DigestInit");
	return c->f->C_DigestKey(c->s, k->a != 0 ? c->key.priv : 0);
}

/* a: how many bytes; two calls may not give the same. */
static CK_RV
random_good(struct cf *c, const struct cf_case *k)
{
	uint8_t one[1024] = {0}, two[1024] = {0};
	CK_RV rv;

	if ((rv = c->f->C_GenerateRandom(c->s, one, k->a)) != CKR_OK ||
	    (rv = c->f->C_GenerateRandom(c->s, two, k->a)) != CKR_OK)
		return rv;
	if (k->a >= 16 && memcmp(one, two, k->a) == 0)
		return cf_note(c, CF_WRONG, "the same bytes twice");
	for (size_t i = k->a; i < sizeof(one); i++)
		if (one[i] != 0)
			return cf_note(c, CF_WRONG, "wrote too much");
	return CKR_OK;
}

static CK_RV
random_null(struct cf *c, const struct cf_case *k)
{
	return k->a == 0 ? c->f->C_GenerateRandom(c->s, NULL, 16)
			 : c->f->C_SeedRandom(c->s, NULL, 16);
}

static CK_RV
seed(struct cf *c, const struct cf_case *k)
{
	uint8_t in[16] = {1, 2, 3};

	(void)k;
	return c->f->C_SeedRandom(c->s, in, sizeof(in));
}

#define ROW(what, clause, state, need, fn, a, p, ...)                          \
	{                                                                      \
		what, clause, state, need, fn, a, 0, p, CF_ALLOW(__VA_ARGS__)  \
	}
#define MD(mech, md)                                                           \
	ROW(#mech "/digest", "2.40 5.10", CF_RO, 0, digest, mech, md, CKR_OK)

static const struct cf_case table[] = {
    MD(CKM_SHA_1, "SHA1"),
    MD(CKM_SHA224, "SHA224"),
    MD(CKM_SHA256, "SHA256"),
    MD(CKM_SHA384, "SHA384"),
    MD(CKM_SHA512, "SHA512"),
    MD(CF_CKM_SHA3_256, "SHA3-256"),
    MD(CF_CKM_SHA3_384, "SHA3-384"),
    MD(CF_CKM_SHA3_512, "SHA3-512"),
    ROW("C_DigestKey/key-zero", "2.40 5.10", CF_RO, 0, digest_key, 0, NULL,
	CKR_KEY_HANDLE_INVALID),
    ROW("C_DigestKey/private-key", "2.40 5.10", CF_KEY, 0, digest_key, 1, NULL,
	CKR_KEY_INDIGESTIBLE),
    ROW("C_GenerateRandom/16", "2.40 5.15", CF_RO, 0, random_good, 16, NULL,
	CKR_OK, CKR_RANDOM_NO_RNG),
    ROW("C_GenerateRandom/1000", "2.40 5.15", CF_RO, 0, random_good, 1000, NULL,
	CKR_OK, CKR_RANDOM_NO_RNG),
    ROW("C_GenerateRandom/0", "2.40 5.15", CF_RO, 0, random_good, 0, NULL,
	CKR_OK, CKR_RANDOM_NO_RNG, CKR_ARGUMENTS_BAD),
    ROW("C_GenerateRandom/null", "2.40 5.15", CF_RO, 0, random_null, 0, NULL,
	CKR_ARGUMENTS_BAD, CKR_RANDOM_NO_RNG),
    ROW("C_SeedRandom/null", "2.40 5.15", CF_RO, 0, random_null, 1, NULL,
	CKR_ARGUMENTS_BAD, CKR_RANDOM_SEED_NOT_SUPPORTED, CKR_RANDOM_NO_RNG),
    ROW("C_SeedRandom/good", "2.40 5.15", CF_RO, 0, seed, 0, NULL, CKR_OK,
	CKR_RANDOM_SEED_NOT_SUPPORTED, CKR_RANDOM_NO_RNG),
};

CF_GROUP(cf_group_digest, table)
