#include "tests/conformance/wrap.h"

#include <string.h>

#include "tests/conformance/params.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS secret = CKO_SECRET_KEY;

static const struct {
	char letter;
	CK_ATTRIBUTE_TYPE type;
} letters[] = {
    {'w', CKA_WRAP},
    {'u', CKA_UNWRAP},
    {'e', CKA_ENCRYPT},
    {'d', CKA_DECRYPT},
    {'v', CKA_DERIVE},
    {'s', CKA_SENSITIVE},
    {'x', CKA_EXTRACTABLE},
    {'t', CKA_WRAP_WITH_TRUSTED},
    {'g', CKA_SIGN},
};

CK_ULONG
cf_wrap_flags(const char *what, CK_ATTRIBUTE *t)
{
	CK_ULONG n = 0;

	for (; *what != 0; what++)
		for (size_t i = 0; i < CF_COUNT(letters); i++) {
			bool small = *what == letters[i].letter;

			if (small || *what == letters[i].letter - 'a' + 'A')
				t[n++] = (CK_ATTRIBUTE){letters[i].type,
				    small ? &no : &yes, sizeof(yes)};
		}
	return n;
}

/* What all templates here have in common. */
static CK_ULONG
common(CK_ATTRIBUTE *t, CK_KEY_TYPE *type, const char *what)
{
	CK_ULONG n = 0;

	t[n++] = (CK_ATTRIBUTE){CKA_CLASS, &secret, sizeof(secret)};
	t[n++] = (CK_ATTRIBUTE){CKA_KEY_TYPE, type, sizeof(*type)};
	t[n++] = (CK_ATTRIBUTE){CKA_TOKEN, &no, sizeof(no)};
	t[n++] = (CK_ATTRIBUTE){CKA_PRIVATE, &no, sizeof(no)};
	return n + cf_wrap_flags(what, &t[n]);
}

CK_RV
cf_wrap_secret(struct cf *c, CK_KEY_TYPE type, const uint8_t *value, CK_ULONG n,
    const char *what, CK_OBJECT_HANDLE *out)
{
	CK_MECHANISM m = {
	    type == CKK_AES ? CKM_AES_KEY_GEN : CKM_GENERIC_SECRET_KEY_GEN,
	    NULL, 0};
	CK_ATTRIBUTE t[16];
	CK_BYTE copy[512];
	CK_ULONG k = common(t, &type, what);

	if (value == NULL) {
		t[k++] = (CK_ATTRIBUTE){CKA_VALUE_LEN, &n, sizeof(n)};
		return c->f->C_GenerateKey(c->s, &m, t, k, out);
	}
	memcpy(copy, value, n);
	t[k++] = (CK_ATTRIBUTE){CKA_VALUE, copy, n};
	return c->f->C_CreateObject(c->s, t, k, out);
}

CK_RV
cf_wrap_unwrap(struct cf *c, CK_MECHANISM *m, CK_OBJECT_HANDLE by, CK_BYTE *in,
    CK_ULONG n, CK_KEY_TYPE type, CK_ULONG len, const char *what,
    CK_OBJECT_HANDLE *out)
{
	CK_ATTRIBUTE t[16];
	CK_ULONG k = common(t, &type, what);

	if (len != 0)
		t[k++] = (CK_ATTRIBUTE){CKA_VALUE_LEN, &len, sizeof(len)};
	return c->f->C_UnwrapKey(c->s, m, by, in, n, t, k, out);
}

CK_RV
cf_wrap_wrap(struct cf *c, CK_MECHANISM *m, CK_OBJECT_HANDLE by,
    CK_OBJECT_HANDLE key, CK_BYTE *out, CK_ULONG *n)
{
	*n = CF_WRAP_OUT;
	return c->f->C_WrapKey(c->s, m, by, key, out, n);
}

CK_MECHANISM *
cf_wrap_mech(CK_MECHANISM_TYPE type)
{
	static CK_BYTE iv[16] = {7};
	static CK_RSA_PKCS_OAEP_PARAMS oaep = {
	    CKM_SHA_1, CKG_MGF1_SHA1, CKZ_DATA_SPECIFIED, NULL, 0};
	static CK_GCM_PARAMS gcm = {iv, 12, 96, NULL, 0, 128};
	/* The length is that of no key: it is to be ignored. */
	static struct cf_ccm ccm = {1000, iv, 12, NULL, 0, 16};
	static CK_MECHANISM m;

	m = (CK_MECHANISM){type, NULL, 0};
	if (type == CKM_RSA_PKCS_OAEP)
		m = (CK_MECHANISM){type, &oaep, sizeof(oaep)};
	if (type == CKM_AES_CBC || type == CKM_AES_CBC_PAD)
		m = (CK_MECHANISM){type, iv, sizeof(iv)};
	if (type == CKM_AES_GCM)
		m = (CK_MECHANISM){type, &gcm, sizeof(gcm)};
	if (type == CKM_AES_CCM)
		m = (CK_MECHANISM){type, &ccm, sizeof(ccm)};
	return &m;
}

CK_RV
cf_wrap_needs(struct cf *c, CK_MECHANISM_TYPE type)
{
	bool can = false;

	if (!cf_mech_can(c, type, CKF_UNWRAP))
		return cf_note(c, CF_SKIP, "the token does not unwrap so");
	if (cf_attr_bool(c, c->key.priv, CKA_UNWRAP, &can) != CKR_OK || !can)
		return cf_note(c, CF_SKIP, "the key does not unwrap");
	return CKR_OK;
}
