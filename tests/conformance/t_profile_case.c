/*
 * The mandatory test cases of PKCS#11 Profiles 3.2, call by call in the order
 * of its XML files (test-cases/pkcs11-v3.2/mandatory). Each starts from a
 * module that is not initialised; what the text lets vary is looked up before.
 */
#include <string.h>

#include "tests/conformance/groups.h"

#define SIG_MAX 1024 /* an RSA key of 8192 bits */

static CK_BBOOL yes = CK_TRUE;

/* Ends what looked up the slot or the key, and begins as every case does. */
static CK_RV
begin(struct cf *c)
{
	CK_SLOT_ID slots[64];
	CK_ULONG n = 0;
	CK_INFO info;
	CK_RV rv;

	if ((rv = c->f->C_Finalize(NULL)) != CKR_OK ||
	    (rv = c->f->C_Initialize(NULL)) != CKR_OK ||
	    (rv = c->f->C_GetInfo(&info)) != CKR_OK ||
	    (rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n)) != CKR_OK)
		return rv;
	if (n > CF_COUNT(slots))
		return cf_note(c, CF_SKIP, "%lu slots", n);
	if ((rv = c->f->C_GetSlotList(CK_TRUE, slots, &n)) != CKR_OK)
		return rv;
	for (CK_ULONG i = 0; i < n; i++)
		if (slots[i] == c->slot)
			return CKR_OK;
	return cf_note(c, CF_WRONG, "the slot is gone");
}

static CK_RV
slot_and_token(struct cf *c)
{
	CK_SLOT_INFO si;
	CK_TOKEN_INFO ti;
	CK_RV rv = c->f->C_GetSlotInfo(c->slot, &si);

	return rv == CKR_OK ? c->f->C_GetTokenInfo(c->slot, &ti) : rv;
}

static CK_RV
open_and_log_in(struct cf *c)
{
	CK_RV rv = cf_open(c,
	    (c->token.flags & CKF_WRITE_PROTECTED) != 0 ? 0 : CKF_RW_SESSION,
	    &c->s);

	return rv == CKR_OK ? cf_login(c, c->s) : rv;
}

static CK_RV
end(struct cf *c)
{
	CK_RV rv;

	if ((rv = c->f->C_CloseSession(c->s)) != CKR_OK ||
	    (rv = c->f->C_CloseAllSessions(c->slot)) != CKR_OK)
		return rv;
	return c->f->C_Finalize(NULL);
}

static CK_RV
search_token(struct cf *c)
{
	CK_ATTRIBUTE t = {CKA_TOKEN, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE o;
	CK_ULONG n;
	CK_RV rv = cf_find(c, c->s, &t, 1, &o, 1, &n);

	return rv == CKR_OK && n != 1 ? cf_note(c, CF_WRONG, "no token object")
				      : rv;
}

static CK_RV
bl_m_1(struct cf *c, const struct cf_case *k)
{
	CK_RV rv;

	(void)k;
	if ((rv = begin(c)) != CKR_OK || (rv = slot_and_token(c)) != CKR_OK ||
	    (rv = cf_open(c, 0, &c->s)) != CKR_OK ||
	    (rv = search_token(c)) != CKR_OK)
		return rv;
	return end(c);
}

/* The list twice, then one by one. What is listed may vary, says the text; what
 * is listed must answer. */
static CK_RV
mechanisms(struct cf *c)
{
	static const CK_MECHANISM_TYPE asked[] = {
	    CKM_SHA512, CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_PKCS};
	CK_MECHANISM_TYPE list[512];
	CK_MECHANISM_INFO info;
	CK_ULONG n = 0;
	CK_RV rv = c->f->C_GetMechanismList(c->slot, NULL, &n);

	if (rv == CKR_OK && n > CF_COUNT(list))
		return cf_note(c, CF_WRONG, "%lu mechanisms", n);
	if (rv == CKR_OK)
		rv = c->f->C_GetMechanismList(c->slot, list, &n);
	for (size_t a = 0; a < CF_COUNT(asked); a++)
		for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
			if (list[i] == asked[a])
				rv = c->f->C_GetMechanismInfo(c->slot, asked[a],
				    &info);
	return rv;
}

static CK_RV
ext_m_1(struct cf *c, const struct cf_case *k)
{
	CK_RV rv;

	(void)k;
	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	if ((rv = begin(c)) != CKR_OK || (rv = slot_and_token(c)) != CKR_OK ||
	    (rv = mechanisms(c)) != CKR_OK ||
	    (rv = open_and_log_in(c)) != CKR_OK ||
	    (rv = search_token(c)) != CKR_OK ||
	    (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return rv;
	return end(c);
}

struct label {
	uint8_t v[256];
	size_t n;
};

/* TOKEN, LABEL and CLASS, as the text searches. */
static CK_RV
find_labelled(struct cf *c, CK_OBJECT_CLASS cls, struct label *l,
    CK_OBJECT_HANDLE *o)
{
	CK_ATTRIBUTE t[] = {{CKA_TOKEN, &yes, sizeof(yes)},
	    {CKA_LABEL, l->v, l->n}, {CKA_CLASS, &cls, sizeof(cls)}};
	CK_ULONG n;
	CK_RV rv = cf_find(c, c->s, t, 3, o, 1, &n);

	return rv == CKR_OK && n != 1
		   ? cf_note(c, CF_WRONG, "class %lu is not found by its label",
			 cls)
		   : rv;
}

/* Into a buffer of just the signature's length, as in the text. */
static CK_RV
sign(struct cf *c, CK_OBJECT_HANDLE key)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	uint8_t data[391], sig[SIG_MAX];
	CK_ULONG n = c->key.sig_len;
	struct cf_sig how;
	CK_RV rv;

	memset(data, 0x30, sizeof(data));
	cf_mech_sign_how(m.mechanism, &how);
	if ((rv = c->f->C_SignInit(c->s, &m, key)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, data, sizeof(data), sig, &n)) != CKR_OK)
		return rv;
	return cf_ossl_verify(c->key.pkey, &how, data, sizeof(data), sig, n)
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "the signature is wrong");
}

static CK_RV
auth_m_1(struct cf *c, const struct cf_case *k)
{
	struct label pub_label, priv_label;
	uint8_t modulus[1024], exponent[1024];
	CK_ATTRIBUTE number[] = {{CKA_MODULUS, modulus, sizeof(modulus)},
	    {CKA_PUBLIC_EXPONENT, exponent, sizeof(exponent)}};
	CK_OBJECT_HANDLE pub, priv;
	CK_RV rv;

	(void)k;
	if (!cf_mech_can(c, CKM_SHA256_RSA_PKCS, CKF_SIGN) ||
	    c->key.sig_len > SIG_MAX)
		return cf_note(c, CF_SKIP, "no CKM_SHA256_RSA_PKCS");
	if ((rv = cf_attr(c, c->key.pub, CKA_LABEL, pub_label.v,
		 sizeof(pub_label.v), &pub_label.n)) != CKR_OK ||
	    (rv = cf_attr(c, c->key.priv, CKA_LABEL, priv_label.v,
		 sizeof(priv_label.v), &priv_label.n)) != CKR_OK ||
	    (rv = begin(c)) != CKR_OK || (rv = open_and_log_in(c)) != CKR_OK ||
	    (rv = find_labelled(c, CKO_PUBLIC_KEY, &pub_label, &pub)) !=
		CKR_OK ||
	    (rv = c->f->C_GetAttributeValue(c->s, pub, number, 2)) != CKR_OK ||
	    (rv = find_labelled(c, CKO_PRIVATE_KEY, &priv_label, &priv)) !=
		CKR_OK ||
	    (rv = sign(c, priv)) != CKR_OK ||
	    (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return rv;
	return end(c);
}

/* The length, then the value. */
static CK_RV
read_twice(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    uint8_t *out, size_t cap, size_t *n)
{
	CK_ATTRIBUTE a = {type, NULL, 0};
	CK_RV rv = c->f->C_GetAttributeValue(c->s, o, &a, 1);

	*n = 0;
	if (rv != CKR_OK)
		return rv;
	if (a.ulValueLen > cap)
		return cf_note(c, CF_WRONG, "%lu bytes", a.ulValueLen);
	a.pValue = out;
	rv = c->f->C_GetAttributeValue(c->s, o, &a, 1);
	*n = rv == CKR_OK ? a.ulValueLen : 0;
	return rv;
}

static CK_RV
first_certificate(struct cf *c, const CK_OBJECT_HANDLE *o, CK_ULONG n,
    CK_OBJECT_HANDLE *cert)
{
	CK_ULONG cls = 0;

	for (CK_ULONG i = 0; i < n; i++)
		if (cf_attr_ulong(c, o[i], CKA_CLASS, &cls) == CKR_OK &&
		    cls == CKO_CERTIFICATE) {
			*cert = o[i];
			return CKR_OK;
		}
	return cf_note(c, CF_WRONG, "no certificate among the first objects");
}

/* Without login; the attributes are read while the search is open. */
static CK_RV
cert_m_1(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t = {CKA_TOKEN, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE o[5], cert = CK_INVALID_HANDLE;
	uint8_t label[256], value[8192];
	EVP_PKEY *pkey;
	size_t label_n, n;
	CK_ULONG found;
	CK_RV rv;

	(void)k;
	if ((rv = begin(c)) != CKR_OK ||
	    (rv = cf_open(c, 0, &c->s)) != CKR_OK ||
	    (rv = c->f->C_FindObjectsInit(c->s, &t, 1)) != CKR_OK ||
	    (rv = c->f->C_FindObjects(c->s, o, 5, &found)) != CKR_OK ||
	    (rv = first_certificate(c, o, found, &cert)) != CKR_OK ||
	    (rv = read_twice(c, o[0], CKA_LABEL, label, sizeof(label),
		 &label_n)) != CKR_OK ||
	    (rv = read_twice(c, cert, CKA_VALUE, value, sizeof(value), &n)) !=
		CKR_OK ||
	    (rv = c->f->C_FindObjectsFinal(c->s)) != CKR_OK)
		return rv;
	if ((pkey = cf_ossl_cert_key(value, n)) == NULL)
		return cf_note(c, CF_WRONG, "CKA_VALUE does not parse");
	EVP_PKEY_free(pkey);
	return end(c);
}

#define ROW(what, state, need, fn)                                             \
	{                                                                      \
		"profile/" what, "prof " what "-32", state, need, fn, 0, 0,    \
		    NULL, CF_ALLOW(CKR_OK)                                     \
	}

static const struct cf_case table[] = {
    ROW("BL-M-1", CF_SLOT, 0, bl_m_1),
    ROW("EXT-M-1", CF_SLOT, 0, ext_m_1),
    ROW("AUTH-M-1", CF_KEY, CF_NEED_RSA | CF_NEED_PUB, auth_m_1),
    ROW("CERT-M-1", CF_SLOT, 0, cert_m_1),
};

CF_GROUP(cf_group_profile_case, table)
