/* C_EncapsulateKey and C_DecapsulateKey: 3.2 5.18.8, 5.18.9. What comes out of
 * a given ciphertext is compared with vectors in kat_do.c. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/kem.h"
#include "tests/conformance/made.h"

#define GEN CKK_GENERIC_SECRET
static const struct cf_kem
    pkcs = {CKM_RSA_PKCS, &cf_pair_rsa, 0, CKK_AES, 32, 32, 256},
    pkcs_longest = {CKM_RSA_PKCS, &cf_pair_rsa, 0, GEN, 245, 245, 256},
    oaep_48 = {CKM_RSA_PKCS_OAEP, &cf_pair_rsa, 0, GEN, 48, 48, 256},
    p256 = {CKM_ECDH1_DERIVE, &cf_pair_p256, CKD_NULL, GEN, 0, 32, 65},
    p256_aes = {CKM_ECDH1_DERIVE, &cf_pair_p256, CKD_NULL, CKK_AES, 16, 16, 65},
    p256_kdf = {CKM_ECDH1_DERIVE, &cf_pair_p256, CKD_SHA256_KDF, GEN, 100, 100,
	65},
    p384 = {CKM_ECDH1_DERIVE, &cf_pair_p384, CKD_NULL, GEN, 0, 48, 97},
    p521 = {CKM_ECDH1_DERIVE, &cf_pair_p521, CKD_NULL, GEN, 0, 66, 133},
    cofactor = {CKM_ECDH1_COFACTOR_DERIVE, &cf_pair_p256, CKD_NULL, GEN, 0, 32,
	65},
    x25519 = {CKM_ECDH1_DERIVE, &cf_pair_x25519, CKD_NULL, GEN, 0, 32, 32},
    x448 = {CKM_ECDH1_DERIVE, &cf_pair_x448, CKD_NULL, GEN, 0, 56, 56};

/* The length is told, and is told again to a buffer that is one byte short;
 * neither makes a key. */
static CK_RV
asked(struct cf *c, struct cf_kem_round *r, CK_ULONG want)
{
	CK_ULONG before = cf_kem_keys(c), n = 0;
	CK_RV rv = c->f32->C_EncapsulateKey(c->s, &r->m, r->pub, r->t, r->n,
	    NULL, &n, NULL);

	if (rv != CKR_OK)
		return rv;
	if (n != want)
		return cf_note(c, CF_WRONG, "the query says %lu", n);
	r->sent_n = n - 1;
	rv = cf_kem_send(c, r);
	if (rv != CKR_BUFFER_TOO_SMALL || r->sent_n != want ||
	    r->sent[0] != CF_KEM_UNTOUCHED)
		return cf_note(c, CF_WRONG, "too small: 0x%lx, %lu", rv,
		    r->sent_n);
	return cf_kem_keys(c) == before
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "a key was made");
}

/* What both functions say of the key they make. */
static CK_RV
is_such(struct cf *c, CK_OBJECT_HANDLE o)
{
	CK_RV rv = cf_made_is_flag(c, o, CKA_LOCAL, false);

	if (rv == CKR_OK)
		rv = cf_made_is_flag(c, o, CKA_ALWAYS_SENSITIVE, false);
	if (rv == CKR_OK)
		rv = cf_made_is_flag(c, o, CKA_NEVER_EXTRACTABLE, false);
	return rv == CKR_OK ? cf_made_is_flag(c, o, CKA_EXTRACTABLE, true) : rv;
}

/* p: what; there and back. */
static CK_RV
round_trip(struct cf *c, const struct cf_case *k)
{
	const struct cf_kem *kem = k->p;
	struct cf_kem_round r;
	CK_RV rv = cf_kem_begin(c, &r, kem, true, true);

	if (rv != CKR_OK || (rv = asked(c, &r, kem->sent)) != CKR_OK)
		return rv;
	r.sent_n = sizeof(r.sent);
	if ((rv = cf_kem_send(c, &r)) != CKR_OK)
		return rv;
	if (r.sent_n != kem->sent)
		return cf_note(c, CF_WRONG, "%lu bytes are sent", r.sent_n);
	if ((rv = cf_kem_receive(c, &r)) != CKR_OK ||
	    (rv = is_such(c, r.key)) != CKR_OK ||
	    (rv = is_such(c, r.back)) != CKR_OK)
		return rv;
	return cf_kem_same(c, &r, kem->want);
}

/* Two secrets for one key are never one, nor is what is sent. */
static CK_RV
fresh(struct cf *c, const struct cf_case *k)
{
	const struct cf_kem *kem = k->p;
	struct cf_kem_round r, s;
	uint8_t one[CF_KEM_SENT], two[CF_KEM_SENT];
	size_t n = 0, m = 0;
	CK_RV rv = cf_kem_begin(c, &r, kem, true, true);

	if (rv != CKR_OK)
		return rv;
	cf_kem_fill(&s, kem);
	s.pub = r.pub;
	if ((rv = cf_kem_send(c, &r)) != CKR_OK ||
	    (rv = cf_kem_send(c, &s)) != CKR_OK ||
	    (rv = cf_attr(c, r.key, CKA_VALUE, one, sizeof(one), &n)) !=
		CKR_OK ||
	    (rv = cf_attr(c, s.key, CKA_VALUE, two, sizeof(two), &m)) != CKR_OK)
		return rv;
	return n == m && memcmp(one, two, n) != 0 &&
		       memcmp(r.sent, s.sent, r.sent_n) != 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "one secret twice");
}

/* As somebody reads the mechanism's flags who speaks 3.2. */
static bool
can(struct cf *c, CK_MECHANISM_TYPE type, CK_FLAGS flag)
{
	CK_MECHANISM_INFO info;

	return c->f32->base.base.C_GetMechanismInfo(c->slot, type, &info) ==
		   CKR_OK &&
	       (info.flags & flag) != 0;
}

/* With the token's own key; what its attributes say is so. p: what. */
static CK_RV
card_key(struct cf *c, const struct cf_case *k)
{
	const struct cf_kem *kem = k->p;
	bool to = false, from = false;
	struct cf_kem_round r;
	CK_RV rv;

	cf_kem_fill(&r, kem);
	if (!can(c, kem->mechanism, CF_CKF_DECAPSULATE))
		return cf_note(c, CF_SKIP, "the mechanism is not offered");
	r.pub = c->key.pub;
	r.prv = c->key.priv;
	if ((rv = cf_attr_bool(c, r.pub, CF_CKA_ENCAPSULATE, &to)) != CKR_OK ||
	    (rv = cf_attr_bool(c, r.prv, CF_CKA_DECAPSULATE, &from)) != CKR_OK)
		return rv;
	rv = cf_kem_send(c, &r);
	if (!to)
		return rv == CKR_KEY_FUNCTION_NOT_PERMITTED
			   ? cf_note(c, CF_SKIP, "not for that")
			   : cf_note(c, CF_WRONG, "0x%lx", rv);
	if (rv != CKR_OK)
		return rv;
	rv = cf_kem_receive(c, &r);
	if (!from)
		return rv == CKR_KEY_FUNCTION_NOT_PERMITTED
			   ? cf_note(c, CF_SKIP, "not for that")
			   : cf_note(c, CF_WRONG, "0x%lx", rv);
	return rv == CKR_OK ? cf_kem_same(c, &r, kem->want) : rv;
}

/* A changed cryptogram by PKCS#1 v1.5 gives another key, and nobody hears. */
static CK_RV
changed_pkcs(struct cf *c, const struct cf_case *k)
{
	const struct cf_kem *kem = k->p;
	struct cf_kem_round r;
	CK_RV rv = cf_kem_begin(c, &r, kem, true, true);

	if (rv != CKR_OK || (rv = cf_kem_send(c, &r)) != CKR_OK)
		return rv;
	r.sent[r.sent_n - 1] ^= 1;
	if ((rv = cf_kem_receive(c, &r)) != CKR_OK)
		return rv;
	return cf_kem_same(c, &r, kem->want) == CF_WRONG
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "the same key");
}

/* a: the mechanism: offered where 3.2 is spoken, unknown to 2.40. */
static CK_RV
flags(struct cf *c, const struct cf_case *k)
{
	const CK_FLAGS both = CF_CKF_ENCAPSULATE | CF_CKF_DECAPSULATE;
	CK_FUNCTION_LIST *old = NULL;
	CK_MECHANISM_INFO info;
	CK_RV rv = c->f32->base.base.C_GetMechanismInfo(c->slot, k->a, &info);

	if (rv != CKR_OK)
		return rv;
	if ((info.flags & CF_CKF_ENCAPSULATE) == 0)
		return cf_note(c, CF_WRONG, "flags %#lx", info.flags);
	if ((rv = c->get_list(&old)) != CKR_OK ||
	    (rv = old->C_GetMechanismInfo(c->slot, k->a, &info)) != CKR_OK)
		return rv;
	return (info.flags & both) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "2.40: flags %#lx", info.flags);
}

#define ROW(what, state, need, fn, a, p, ...)                                  \
	{                                                                      \
		what, "3.2 5.18.8, 5.18.9", state, CF_NEED_32 | (need), fn, a, \
		    0, p, CF_ALLOW(__VA_ARGS__)                                \
	}
#define GOOD(what, p)                                                          \
	ROW("C_EncapsulateKey/" what, CF_RO, 0, round_trip, 0, &(p), CKR_OK)

static const struct cf_case table[] = {
    GOOD("rsa-pkcs", pkcs),
    GOOD("rsa-pkcs-longest", pkcs_longest),
    GOOD("rsa-oaep", oaep_48),
    GOOD("p256", p256),
    GOOD("p256-aes", p256_aes),
    GOOD("p256-kdf", p256_kdf),
    GOOD("p384", p384),
    GOOD("p521", p521),
    GOOD("p256-cofactor", cofactor),
    GOOD("x25519", x25519),
    GOOD("x448", x448),
    ROW("C_EncapsulateKey/fresh-rsa", CF_RO, 0, fresh, 0, &pkcs, CKR_OK),
    ROW("C_EncapsulateKey/fresh-ecdh", CF_RO, 0, fresh, 0, &p256, CKR_OK),
    ROW("C_EncapsulateKey/token-rsa-pkcs", CF_KEY, CF_NEED_RSA | CF_NEED_PUB,
	card_key, 0, &pkcs, CKR_OK),
    ROW("C_EncapsulateKey/token-rsa-oaep", CF_KEY, CF_NEED_RSA | CF_NEED_PUB,
	card_key, 0, &oaep_48, CKR_OK),
    ROW("C_EncapsulateKey/token-ecdh", CF_KEY, CF_NEED_EC | CF_NEED_PUB,
	card_key, 0, &p256_aes, CKR_OK),
    ROW("C_DecapsulateKey/pkcs-changed", CF_RO, 0, changed_pkcs, 0, &pkcs,
	CKR_OK),
    ROW("C_GetMechanismInfo/kem-rsa", CF_SLOT, 0, flags, CKM_RSA_PKCS, NULL,
	CKR_OK),
    ROW("C_GetMechanismInfo/kem-ecdh", CF_SLOT, 0, flags, CKM_ECDH1_DERIVE,
	NULL, CKR_OK),
};

CF_GROUP(cf_group_kem, table)
