/* The attributes that certificates and keys must have: 2.40 clause 4. */
#include <string.h>

#include <openssl/x509.h>

#include "tests/conformance/groups.h"

#define PATTERN 0xC5

static CK_OBJECT_HANDLE
object_of(struct cf *c, unsigned long cls)
{
	switch (cls) {
	case CKO_PRIVATE_KEY:
		return c->key.priv;
	case CKO_PUBLIC_KEY:
		return c->key.pub;
	default:
		return c->key.cert;
	}
}

/* a: class, b: attribute; it must be there and fit its length query. */
static CK_RV
has(struct cf *c, const struct cf_case *k)
{
	uint8_t value[8192];
	CK_OBJECT_HANDLE o = object_of(c, k->a);
	CK_ATTRIBUTE t = {k->b, NULL, 0};
	CK_RV rv = c->f->C_GetAttributeValue(c->s, o, &t, 1);
	CK_ULONG asked = t.ulValueLen;

	if (rv != CKR_OK)
		return rv;
	if (asked > sizeof(value) - 8)
		return cf_note(c, CF_WRONG, "%lu bytes", asked);
	memset(value, PATTERN, sizeof(value));
	t.pValue = value;
	t.ulValueLen = sizeof(value);
	rv = c->f->C_GetAttributeValue(c->s, o, &t, 1);
	if (rv == CKR_OK && t.ulValueLen != asked)
		return cf_note(c, CF_WRONG, "asked %lu, got %lu", asked,
		    t.ulValueLen);
	if (value[t.ulValueLen] != PATTERN)
		return cf_note(c, CF_WRONG, "wrote behind its length");
	return rv;
}

/* Boolean attributes and the value they must have, by the clause. */
static CK_RV
is(struct cf *c, const struct cf_case *k)
{
	const bool *want = k->p;
	bool got = !*want;
	CK_RV rv = cf_attr_bool(c, object_of(c, k->a), k->b, &got);

	if (rv == CKR_OK && got != *want)
		return cf_note(c, CF_WRONG, "is %s",
		    got ? "CK_TRUE" : "CK_FALSE");
	return rv;
}

/* The DER that an attribute must hold, from the certificate itself. */
static int
der_of(const X509 *x, unsigned long attribute, unsigned char **out)
{
	switch (attribute) {
	case CKA_SUBJECT:
		return i2d_X509_NAME(X509_get_subject_name(x), out);
	case CKA_ISSUER:
		return i2d_X509_NAME(X509_get_issuer_name(x), out);
	default:
		return i2d_ASN1_INTEGER(X509_get0_serialNumber(x), out);
	}
}

static CK_RV
certificate_field(struct cf *c, const struct cf_case *k)
{
	uint8_t der[8192], got[8192];
	const uint8_t *p = der;
	unsigned char *want = NULL;
	size_t n, got_n;
	X509 *x;
	int want_n;
	CK_RV rv;

	if ((rv = cf_attr(c, c->key.cert, CKA_VALUE, der, sizeof(der), &n)) !=
		CKR_OK ||
	    (rv = cf_attr(c, c->key.cert, k->b, got, sizeof(got), &got_n)) !=
		CKR_OK)
		return rv;
	if ((x = d2i_X509(NULL, &p, (long)n)) == NULL)
		return cf_note(c, CF_WRONG, "CKA_VALUE does not parse");
	want_n = der_of(x, k->b, &want);
	X509_free(x);
	if (want_n <= 0 || (size_t)want_n != got_n ||
	    memcmp(want, got, got_n) != 0)
		rv = cf_note(c, CF_WRONG, "%zu bytes, the certificate has %d",
		    got_n, want_n);
	OPENSSL_free(want);
	return rv;
}

/* The first three bytes of the SHA-1 of the certificate. */
static CK_RV
certificate_check(struct cf *c, const struct cf_case *k)
{
	uint8_t der[8192], md[EVP_MAX_MD_SIZE], got[16];
	size_t n, got_n;
	CK_RV rv = cf_attr(c, c->key.cert, CKA_VALUE, der, sizeof(der), &n);

	(void)k;
	if (rv == CKR_OK)
		rv = cf_attr(c, c->key.cert, CKA_CHECK_VALUE, got, sizeof(got),
		    &got_n);
	if (rv != CKR_OK)
		return rv;
	if (cf_ossl_digest("SHA1", der, n, md) == 0 || got_n != 3 ||
	    memcmp(md, got, 3) != 0)
		return cf_note(c, CF_WRONG, "%zu other bytes", got_n);
	return rv;
}

/* The modulus, or point, that a key shows is the one of its certificate. */
static CK_RV
key_matches(struct cf *c, const struct cf_case *k)
{
	uint8_t a[1024], b[256];
	size_t a_n, b_n;
	EVP_PKEY *shown;
	CK_OBJECT_HANDLE o = object_of(c, k->a);
	bool rsa = c->key.type == CKK_RSA;
	CK_RV rv;

	if ((rv = cf_attr(c, o, rsa ? CKA_MODULUS : CKA_EC_PARAMS, a, sizeof(a),
		 &a_n)) != CKR_OK ||
	    (rv = cf_attr(c, o, rsa ? CKA_PUBLIC_EXPONENT : CKA_EC_POINT, b,
		 sizeof(b), &b_n)) != CKR_OK)
		return rv;
	if (rsa && (a_n == 0 || a[0] == 0))
		return cf_note(c, CF_WRONG, "a leading zero in CKA_MODULUS");
	shown = rsa ? cf_ossl_rsa(a, a_n, b, b_n) : cf_ossl_ec(a, a_n, b, b_n);
	if (shown == NULL || EVP_PKEY_eq(shown, c->key.pkey) != 1)
		rv = cf_note(c, CF_WRONG, "not the key of the certificate");
	EVP_PKEY_free(shown);
	return rv;
}

/* CKA_UNIQUE_ID of 3.0: on every object, different, and searchable. */
static CK_RV
unique_id(struct cf *c, const struct cf_case *k)
{
	static uint8_t ids[64][256];
	size_t len[64];
	CK_OBJECT_HANDLE all[64], found;
	CK_ULONG n, one;
	CK_RV rv = cf_find(c, c->s, NULL, 0, all, 64, &n);

	(void)k;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		CK_ATTRIBUTE t = {CF_CKA_UNIQUE_ID, ids[i], 0};

		rv = cf_attr(c, all[i], CF_CKA_UNIQUE_ID, ids[i],
		    sizeof(ids[i]), &len[i]);
		t.ulValueLen = len[i];
		if (rv == CKR_OK &&
		    (cf_find(c, c->s, &t, 1, &found, 1, &one) != CKR_OK ||
			one != 1 || found != all[i]))
			return cf_note(c, CF_WRONG,
			    "object %lu not found by it", i);
		for (CK_ULONG j = 0; rv == CKR_OK && j < i; j++)
			if (len[i] == len[j] &&
			    memcmp(ids[i], ids[j], len[i]) == 0)
				return cf_note(c, CF_WRONG, "two alike");
	}
	return rv;
}

static const bool yes = true, no = false;

/* Programs take a key pair for one of ECDH only when both halves say so. */
static CK_RV
both_derive(struct cf *c, const struct cf_case *k)
{
	bool pub = false, priv = false;
	CK_RV rv = cf_attr_bool(c, c->key.pub, CKA_DERIVE, &pub);

	(void)k;
	if (rv == CKR_OK)
		rv = cf_attr_bool(c, c->key.priv, CKA_DERIVE, &priv);
	return rv == CKR_OK && pub != priv
		   ? cf_note(c, CF_WRONG, "public %d, private %d", pub, priv)
		   : rv;
}

#define HAS(cls, need, attribute)                                              \
	{                                                                      \
		"attribute/" #cls "-" #attribute, "2.40 4", CF_KEY, need, has, \
		    CKO_##cls, CKA_##attribute, NULL, CF_ALLOW(CKR_OK)         \
	}
#define IS(cls, need, attribute, value)                                        \
	{                                                                      \
		"attribute/" #cls "-" #attribute "-" #value, "2.40 4", CF_KEY, \
		    need, is, CKO_##cls, CKA_##attribute, &value,              \
		    CF_ALLOW(CKR_OK)                                           \
	}

static const struct cf_case table[] = {
    HAS(PRIVATE_KEY, 0, CLASS),
    HAS(PRIVATE_KEY, 0, KEY_TYPE),
    HAS(PRIVATE_KEY, 0, ID),
    HAS(PRIVATE_KEY, 0, LABEL),
    HAS(PRIVATE_KEY, 0, SUBJECT),
    HAS(PRIVATE_KEY, 0, TOKEN),
    HAS(PRIVATE_KEY, 0, MODIFIABLE),
    HAS(PRIVATE_KEY, 0, LOCAL),
    HAS(PRIVATE_KEY, 0, KEY_GEN_MECHANISM),
    HAS(PRIVATE_KEY, 0, ALWAYS_SENSITIVE),
    HAS(PRIVATE_KEY, 0, NEVER_EXTRACTABLE),
    HAS(PRIVATE_KEY, 0, ALWAYS_AUTHENTICATE),
    HAS(PRIVATE_KEY, 0, DECRYPT),
    HAS(PRIVATE_KEY, 0, SIGN_RECOVER),
    HAS(PRIVATE_KEY, 0, UNWRAP),
    HAS(PRIVATE_KEY, 0, DERIVE),
    HAS(PRIVATE_KEY, 0, START_DATE),
    HAS(PRIVATE_KEY, 0, END_DATE),
    HAS(PRIVATE_KEY, CF_NEED_RSA, MODULUS),
    HAS(PRIVATE_KEY, CF_NEED_RSA, PUBLIC_EXPONENT),
    HAS(PRIVATE_KEY, CF_NEED_EC, EC_PARAMS),
    IS(PRIVATE_KEY, 0, PRIVATE, yes),
    IS(PRIVATE_KEY, 0, SIGN, yes),
    IS(PRIVATE_KEY, 0, SENSITIVE, yes),
    IS(PRIVATE_KEY, 0, EXTRACTABLE, no),
    HAS(PUBLIC_KEY, CF_NEED_PUB, KEY_TYPE),
    HAS(PUBLIC_KEY, CF_NEED_PUB, ID),
    HAS(PUBLIC_KEY, CF_NEED_PUB, LABEL),
    HAS(PUBLIC_KEY, CF_NEED_PUB, VERIFY),
    HAS(PUBLIC_KEY, CF_NEED_PUB, ENCRYPT),
    HAS(PUBLIC_KEY, CF_NEED_PUB, WRAP),
    HAS(PUBLIC_KEY, CF_NEED_PUB | CF_NEED_RSA, MODULUS),
    HAS(PUBLIC_KEY, CF_NEED_PUB | CF_NEED_RSA, MODULUS_BITS),
    HAS(PUBLIC_KEY, CF_NEED_PUB | CF_NEED_RSA, PUBLIC_EXPONENT),
    HAS(PUBLIC_KEY, CF_NEED_PUB | CF_NEED_EC, EC_PARAMS),
    HAS(PUBLIC_KEY, CF_NEED_PUB | CF_NEED_EC, EC_POINT),
    IS(PUBLIC_KEY, CF_NEED_PUB, PRIVATE, no),
    HAS(CERTIFICATE, CF_NEED_CERT, CERTIFICATE_TYPE),
    HAS(CERTIFICATE, CF_NEED_CERT, CERTIFICATE_CATEGORY),
    HAS(CERTIFICATE, CF_NEED_CERT, TRUSTED),
    HAS(CERTIFICATE, CF_NEED_CERT, ID),
    HAS(CERTIFICATE, CF_NEED_CERT, LABEL),
    HAS(CERTIFICATE, CF_NEED_CERT, VALUE),
    HAS(CERTIFICATE, CF_NEED_CERT, START_DATE),
    HAS(CERTIFICATE, CF_NEED_CERT, END_DATE),
    IS(CERTIFICATE, CF_NEED_CERT, PRIVATE, no),
    IS(CERTIFICATE, CF_NEED_CERT, TOKEN, yes),
    {"attribute/certificate-SUBJECT", "2.40 4.6.3", CF_KEY, CF_NEED_CERT,
	certificate_field, 0, CKA_SUBJECT, NULL, CF_ALLOW(CKR_OK)},
    {"attribute/certificate-ISSUER", "2.40 4.6.3", CF_KEY, CF_NEED_CERT,
	certificate_field, 0, CKA_ISSUER, NULL, CF_ALLOW(CKR_OK)},
    {"attribute/certificate-SERIAL_NUMBER", "2.40 4.6.3", CF_KEY, CF_NEED_CERT,
	certificate_field, 0, CKA_SERIAL_NUMBER, NULL, CF_ALLOW(CKR_OK)},
    {"attribute/certificate-check-value", "2.40 4.6.3", CF_KEY, CF_NEED_CERT,
	certificate_check, 0, CKA_CHECK_VALUE, NULL, CF_ALLOW(CKR_OK)},
    {"attribute/private-rsa-matches", "mech 2.1.3", CF_KEY,
	CF_NEED_RSA | CF_NEED_CERT, key_matches, CKO_PRIVATE_KEY, 0, NULL,
	CF_ALLOW(CKR_OK)},
    {"attribute/public-rsa-matches", "mech 2.1.2", CF_KEY,
	CF_NEED_RSA | CF_NEED_CERT | CF_NEED_PUB, key_matches, CKO_PUBLIC_KEY,
	0, NULL, CF_ALLOW(CKR_OK)},
    {"attribute/public-ec-matches", "mech 2.3.3", CF_KEY,
	CF_NEED_EC | CF_NEED_CERT | CF_NEED_PUB, key_matches, CKO_PUBLIC_KEY, 0,
	NULL, CF_ALLOW(CKR_OK)},
    {"attribute/PUBLIC_KEY-ENCAPSULATE", "3.2 4.9", CF_KEY,
	CF_NEED_3 | CF_NEED_PUB, has, CKO_PUBLIC_KEY, CF_CKA_ENCAPSULATE, NULL,
	CF_ALLOW(CKR_OK)},
    {"attribute/PRIVATE_KEY-DECAPSULATE", "3.2 4.10", CF_KEY, CF_NEED_3, has,
	CKO_PRIVATE_KEY, CF_CKA_DECAPSULATE, NULL, CF_ALLOW(CKR_OK)},
    {"attribute/both-halves-derive", "2.40 4.8", CF_KEY,
	CF_NEED_EC | CF_NEED_PUB, both_derive, 0, 0, NULL, CF_ALLOW(CKR_OK)},
    {"attribute/unique-id", "3.0 4.4", CF_USER, CF_NEED_3, unique_id, 0, 0,
	NULL, CF_ALLOW(CKR_OK)},
};

CF_GROUP(cf_group_attr_of, table)
