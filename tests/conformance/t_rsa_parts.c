/* RSA in parts. CKM_RSA_PKCS is single-part in the standard (mech 2.1.6); a
 * module that takes parts all the same gives one block at the end, by the rules
 * of 2.40 clause 5.2. */
#include <string.h>

#include "tests/conformance/groups.h"

static CK_BYTE text[] = "Kính gửi quý cơ quan";
static CK_MECHANISM rsa = {CKM_RSA_PKCS, NULL, 0};

/* The result of the last call, asked for and refused room before. */
static CK_RV
end(struct cf *c, CK_RV (*final)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG *),
    CK_BYTE *out, CK_ULONG *n)
{
	CK_ULONG need = 0, small = 1;
	CK_RV rv = final(c->s, NULL, &need);

	if (rv != CKR_OK)
		return rv;
	rv = final(c->s, out, &small);
	if (rv != CKR_BUFFER_TOO_SMALL || small > need)
		return cf_note(c, CF_WRONG, "a small buffer: %s, %lu",
		    cf_rv_name(rv), small);
	rv = final(c->s, out, n);
	if (rv != CKR_OK)
		return rv;
	return final(c->s, out, n) == CKR_OPERATION_NOT_INITIALIZED
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "it goes on");
}

static CK_RV
encrypt(struct cf *c, const struct cf_case *k)
{
	CK_BYTE sealed[1024], out[1024];
	CK_ULONG n = sizeof(sealed), none = sizeof(out), got = sizeof(out);
	CK_RV rv;

	(void)k;
	if (!cf_mech_can(c, CKM_RSA_PKCS, CKF_DECRYPT | CKF_ENCRYPT))
		return cf_note(c, CF_SKIP, "nothing decrypts");
	if ((rv = c->f->C_EncryptInit(c->s, &rsa, c->key.pub)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if ((rv = c->f->C_EncryptUpdate(c->s, text, 7, out, &none)) != CKR_OK)
		return rv;
	none = sizeof(out);
	rv =
	    c->f->C_EncryptUpdate(c->s, text + 7, sizeof(text) - 7, out, &none);
	if (rv == CKR_OK)
		rv = end(c, c->f->C_EncryptFinal, sealed, &n);
	if (rv == CKR_OK)
		rv = c->f->C_DecryptInit(c->s, &rsa, c->key.priv);
	if (rv == CKR_OK)
		rv = c->f->C_Decrypt(c->s, sealed, n, out, &got);
	if (rv == CKR_OK &&
	    (got != sizeof(text) || memcmp(out, text, got) != 0))
		return cf_note(c, CF_WRONG, "another text");
	return rv;
}

static CK_RV
decrypt(struct cf *c, const struct cf_case *k)
{
	CK_BYTE sealed[1024], out[1024];
	CK_ULONG none = sizeof(out), got = sizeof(out);
	size_t n = sizeof(sealed);
	CK_RV rv;

	(void)k;
	if (!cf_mech_can(c, CKM_RSA_PKCS, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "nothing decrypts");
	if (!cf_ossl_encrypt(c->key.pkey, 1, NULL, NULL, 0, text, sizeof(text),
		sealed, &n) ||
	    (rv = c->f->C_DecryptInit(c->s, &rsa, c->key.priv)) != CKR_OK)
		return cf_note(c, CF_SETUP, "not begun");
	if ((rv = c->f->C_DecryptUpdate(c->s, sealed, 9, out, &none)) != CKR_OK)
		return rv;
	none = sizeof(out);
	rv = c->f->C_DecryptUpdate(c->s, sealed + 9, n - 9, out, &none);
	if (rv == CKR_OK)
		rv = end(c, c->f->C_DecryptFinal, out, &got);
	if (rv == CKR_OK &&
	    (got != sizeof(text) || memcmp(out, text, got) != 0))
		return cf_note(c, CF_WRONG, "another text");
	return rv;
}

/* More parts than a block takes: the operation ends. */
static CK_RV
too_much(struct cf *c, const struct cf_case *k)
{
	CK_BYTE in[1024] = {1}, out[1024];
	CK_ULONG n = sizeof(out);
	CK_RV rv = c->f->C_EncryptInit(c->s, &rsa, c->key.pub), end_rv;

	(void)k;
	if (rv == CKR_KEY_FUNCTION_NOT_PERMITTED)
		return cf_note(c, CF_SKIP, "the key is not for that");
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	rv = c->f->C_EncryptUpdate(c->s, in, sizeof(in), out, &n);
	n = sizeof(out);
	end_rv = c->f->C_EncryptFinal(c->s, out, &n);
	if (rv == CKR_DATA_LEN_RANGE && end_rv != CKR_OPERATION_NOT_INITIALIZED)
		return cf_note(c, CF_WRONG, "then %s", cf_rv_name(end_rv));
	return rv != CKR_OK ? rv : end_rv;
}

#define NO_PARTS                                                               \
	CKR_FUNCTION_NOT_SUPPORTED, CKR_MECHANISM_INVALID, CKR_FUNCTION_FAILED

static const struct cf_case table[] = {
    {"C_EncryptFinal/rsa-in-parts", "2.40 5.2, mech 2.1.6", CF_KEY,
	CF_NEED_RSA | CF_NEED_PUB, encrypt, 0, 0, NULL,
	CF_ALLOW(CKR_OK, NO_PARTS)},
    {"C_DecryptFinal/rsa-in-parts", "2.40 5.2, mech 2.1.6", CF_KEY, CF_NEED_RSA,
	decrypt, 0, 0, NULL, CF_ALLOW(CKR_OK, NO_PARTS)},
    {"C_EncryptUpdate/rsa-too-much", "2.40 5.2, mech 2.1.6", CF_KEY,
	CF_NEED_RSA | CF_NEED_PUB, too_much, 0, 0, NULL,
	CF_ALLOW(CKR_DATA_LEN_RANGE, NO_PARTS)},
};

CF_GROUP(cf_group_rsa_parts, table)
