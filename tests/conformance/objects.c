/* Finding objects and reading their attributes. */
#include <string.h>

#include "tests/conformance/cf.h"

CK_RV
cf_find(struct cf *c, CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG t_n,
    CK_OBJECT_HANDLE *out, CK_ULONG cap, CK_ULONG *n)
{
	CK_RV rv = c->f->C_FindObjectsInit(s, t, t_n), end;

	*n = 0;
	if (rv != CKR_OK)
		return rv;
	rv = c->f->C_FindObjects(s, out, cap, n);
	end = c->f->C_FindObjectsFinal(s);
	return rv != CKR_OK ? rv : end;
}

CK_OBJECT_HANDLE
cf_find_class(struct cf *c, CK_SESSION_HANDLE s, CK_OBJECT_CLASS cls,
    const uint8_t *id, size_t id_n)
{
	uint8_t copy[CF_ID_MAX];
	CK_ATTRIBUTE t[2] = {
	    {CKA_CLASS, &cls, sizeof(cls)}, {CKA_ID, copy, id_n}};
	CK_OBJECT_HANDLE found = CK_INVALID_HANDLE;
	CK_ULONG n;

	if (id_n > sizeof(copy))
		return CK_INVALID_HANDLE;
	if (id != NULL)
		memcpy(copy, id, id_n);
	if (cf_find(c, s, t, id != NULL ? 2 : 1, &found, 1, &n) != CKR_OK ||
	    n == 0)
		return CK_INVALID_HANDLE;
	return found;
}

CK_RV
cf_attr(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, void *out,
    size_t cap, size_t *n)
{
	CK_ATTRIBUTE a = {type, out, cap};
	CK_RV rv = c->f->C_GetAttributeValue(c->s, o, &a, 1);

	*n = rv == CKR_OK ? a.ulValueLen : 0;
	return rv;
}

CK_RV
cf_attr_ulong(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    CK_ULONG *out)
{
	size_t n;
	CK_RV rv = cf_attr(c, o, type, out, sizeof(*out), &n);

	return rv == CKR_OK && n != sizeof(*out) ? CF_WRONG : rv;
}

CK_RV
cf_attr_bool(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    bool *out)
{
	CK_BBOOL b = 0xa5;
	size_t n;
	CK_RV rv = cf_attr(c, o, type, &b, sizeof(b), &n);

	if (rv == CKR_OK && (n != sizeof(b) || b > CK_TRUE))
		return CF_WRONG;
	if (rv == CKR_OK)
		*out = b == CK_TRUE;
	return rv;
}

static EVP_PKEY *
key_from_cert(struct cf *c, CK_OBJECT_HANDLE cert)
{
	uint8_t der[8192];
	size_t n;

	if (cert == CK_INVALID_HANDLE ||
	    cf_attr(c, cert, CKA_VALUE, der, sizeof(der), &n) != CKR_OK)
		return NULL;
	return cf_ossl_cert_key(der, n);
}

static EVP_PKEY *
key_from_attributes(struct cf *c, CK_OBJECT_HANDLE o, CK_KEY_TYPE type)
{
	uint8_t a[1024], b[256];
	size_t a_n, b_n;

	if (o == CK_INVALID_HANDLE)
		return NULL;
	if (type == CKK_RSA) {
		if (cf_attr(c, o, CKA_MODULUS, a, sizeof(a), &a_n) != CKR_OK ||
		    cf_attr(c, o, CKA_PUBLIC_EXPONENT, b, sizeof(b), &b_n) !=
			CKR_OK)
			return NULL;
		return cf_ossl_rsa(a, a_n, b, b_n);
	}
	if (cf_attr(c, o, CKA_EC_PARAMS, a, sizeof(a), &a_n) != CKR_OK ||
	    cf_attr(c, o, CKA_EC_POINT, b, sizeof(b), &b_n) != CKR_OK)
		return NULL;
	return cf_ossl_ec(a, a_n, b, b_n);
}

static bool
type_wanted(CK_KEY_TYPE type, unsigned need)
{
	/* CKK_RSA is 0 and CKK_EC is 3: before() relies on the order */
	if ((need & CF_NEED_RSA) != 0)
		return type == CKK_RSA;
	if ((need & CF_NEED_EC) != 0)
		return type == CKK_EC;
	return type == CKK_RSA || type == CKK_EC;
}

/* Whether a private key is one the cases can use; fills in *k. */
static bool
usable(struct cf *c, CK_OBJECT_HANDLE o, unsigned need, struct cf_key *k)
{
	bool can = false;

	k->priv = o;
	return cf_attr_ulong(c, o, CKA_KEY_TYPE, &k->type) == CKR_OK &&
	       type_wanted(k->type, need) &&
	       cf_attr_bool(c, o, CKA_SIGN, &can) == CKR_OK && can &&
	       cf_attr(c, o, CKA_ID, k->id, sizeof(k->id), &k->id_n) == CKR_OK;
}

/* RSA before EC, then by CKA_ID: the same key in every run. */
static bool
before(const struct cf_key *a, const struct cf_key *b)
{
	size_t n = a->id_n < b->id_n ? a->id_n : b->id_n;
	int order = memcmp(a->id, b->id, n);

	if (a->type != b->type)
		return a->type < b->type;
	return order < 0 || (order == 0 && a->id_n < b->id_n);
}

static CK_RV
complete(struct cf *c, unsigned need)
{
	struct cf_key *k = &c->key;

	k->cert = cf_find_class(c, c->s, CKO_CERTIFICATE, k->id, k->id_n);
	k->pub = cf_find_class(c, c->s, CKO_PUBLIC_KEY, k->id, k->id_n);
	if ((need & CF_NEED_CERT) != 0 && k->cert == CK_INVALID_HANDLE)
		return cf_note(c, CF_SKIP, "no certificate for the key");
	if ((need & CF_NEED_PUB) != 0 && k->pub == CK_INVALID_HANDLE)
		return cf_note(c, CF_SKIP, "no public key for the key");
	k->pkey = key_from_cert(c, k->cert);
	if (k->pkey == NULL)
		k->pkey = key_from_attributes(c, k->pub, k->type);
	if (k->pkey == NULL)
		return cf_note(c, CF_SETUP, "the key shows no public half");
	k->bits = (size_t)EVP_PKEY_get_bits(k->pkey);
	k->sig_len = (k->bits + 7) / 8 * (k->type == CKK_RSA ? 1 : 2);
	return CKR_OK;
}

CK_RV
cf_key_get(struct cf *c, unsigned need)
{
	CK_OBJECT_CLASS cls = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls)};
	CK_OBJECT_HANDLE found[32];
	bool consent = false;
	CK_ULONG n;
	CK_RV rv;

	rv = cf_find(c, c->s, &t, 1, found, CF_COUNT(found), &n);
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "finding private keys gave %s",
		    cf_rv_name(rv));
	for (CK_ULONG i = 0; i < n; i++) {
		struct cf_key k = {0};

		if (usable(c, found[i], need, &k) &&
		    (c->key.priv == CK_INVALID_HANDLE || before(&k, &c->key)))
			c->key = k;
	}
	if (c->key.priv == CK_INVALID_HANDLE)
		return cf_note(c, CF_SKIP, "no such private key that signs");
	if (cf_attr_bool(c, c->key.priv, CKA_ALWAYS_AUTHENTICATE, &consent) ==
		CKR_OK &&
	    consent && c->plain == NULL)
		cf_consent_on(c);
	if ((need & CF_NEED_CONSENT) != 0 && !consent)
		return cf_note(c, CF_SKIP, "no key wants a PIN each time");
	return complete(c, need);
}

void
cf_key_free(struct cf_key *k)
{
	EVP_PKEY_free(k->pkey);
	memset(k, 0, sizeof(*k));
}
