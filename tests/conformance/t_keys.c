/* Keys made, wrapped and derived (2.40 5.14), recovery of signed data (5.11,
 * 5.12) and the dual functions (5.13): mostly what they refuse. */
#include <string.h>

#include "tests/conformance/groups.h"

#define UNKNOWN 0x7badc0deUL

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_ULONG aes_len = 32, rsa_bits = 2048;
static CK_BYTE junk[64] = {1, 2, 3};

static CK_ATTRIBUTE session_key[] = {
    {CKA_TOKEN, &no, 1},
    {CKA_PRIVATE, &no, 1},
    {CKA_VALUE_LEN, &aes_len, sizeof(aes_len)},
    {CKA_ENCRYPT, &yes, 1},
};
static CK_ATTRIBUTE public_half[] = {
    {CKA_TOKEN, &no, 1},
    {CKA_MODULUS_BITS, &rsa_bits, sizeof(rsa_bits)},
    {CKA_VERIFY, &yes, 1},
};
static CK_ATTRIBUTE private_half[] = {
    {CKA_TOKEN, &no, 1},
    {CKA_PRIVATE, &yes, 1},
    {CKA_SIGN, &yes, 1},
};

/* What a row bends. */
enum { GOOD, NO_MECH, UNKNOWN_MECH, NO_HANDLE, NO_TEMPLATE };

static CK_RV
generate_key(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {
	    k->a == UNKNOWN_MECH ? UNKNOWN : CKM_AES_KEY_GEN, NULL, 0};
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;
	CK_RV rv;

	rv = c->f->C_GenerateKey(c->s, k->a == NO_MECH ? NULL : &m,
	    k->a == NO_TEMPLATE ? NULL : session_key, CF_COUNT(session_key),
	    k->a == NO_HANDLE ? NULL : &o);
	if (rv == CKR_OK && o == CK_INVALID_HANDLE)
		return cf_note(c, CF_WRONG, "the handle is 0");
	return rv;
}

/* A pair of session keys that signs and verifies. */
static CK_RV
use_pair(struct cf *c, CK_OBJECT_HANDLE pub, CK_OBJECT_HANDLE priv)
{
	CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
	CK_BYTE sig[512];
	CK_ULONG n = sizeof(sig);
	CK_RV rv;

	if ((rv = c->f->C_SignInit(c->s, &m, priv)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, junk, 32, sig, &n)) != CKR_OK ||
	    (rv = c->f->C_VerifyInit(c->s, &m, pub)) != CKR_OK)
		return rv;
	return c->f->C_Verify(c->s, junk, 32, sig, n);
}

static CK_RV
generate_pair(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {
	    k->a == UNKNOWN_MECH ? UNKNOWN : CKM_RSA_PKCS_KEY_PAIR_GEN, NULL,
	    0};
	CK_OBJECT_HANDLE pub, priv;
	CK_RV rv;

	rv = c->f->C_GenerateKeyPair(c->s, k->a == NO_MECH ? NULL : &m,
	    public_half, CF_COUNT(public_half),
	    k->a == NO_TEMPLATE ? NULL : private_half, CF_COUNT(private_half),
	    k->a == NO_HANDLE ? NULL : &pub, &priv);
	if (rv == CKR_OK && k->a == GOOD)
		rv = use_pair(c, pub, priv);
	return rv;
}

static CK_RV
wrap(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {
	    k->a == UNKNOWN_MECH ? UNKNOWN : CKM_RSA_PKCS, NULL, 0};
	CK_BYTE out[1024];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE wrapper = k->b == 1 ? 0 : c->key.pub;

	return c->f->C_WrapKey(c->s, k->a == NO_MECH ? NULL : &m, wrapper,
	    k->b == 2 ? 0 : c->key.priv, out, k->a == NO_HANDLE ? NULL : &n);
}

static CK_RV
unwrap(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {
	    k->a == UNKNOWN_MECH ? UNKNOWN : CKM_RSA_PKCS, NULL, 0};
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_AES;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_TOKEN, &no, 1}};
	CK_OBJECT_HANDLE o;

	return c->f->C_UnwrapKey(c->s, k->a == NO_MECH ? NULL : &m,
	    k->b == 1 ? 0 : c->key.priv, junk, sizeof(junk), t, CF_COUNT(t),
	    k->a == NO_HANDLE ? NULL : &o);
}

static CK_RV
derive(struct cf *c, const struct cf_case *k)
{
	CK_ECDH1_DERIVE_PARAMS p = {CKD_NULL, 0, NULL, sizeof(junk), junk};
	CK_MECHANISM m = {
	    k->a == UNKNOWN_MECH ? UNKNOWN : CKM_ECDH1_DERIVE, &p, sizeof(p)};
	CK_OBJECT_HANDLE o;

	return c->f->C_DeriveKey(c->s, k->a == NO_MECH ? NULL : &m,
	    k->b == 1 ? 0 : c->key.priv,
	    k->a == NO_TEMPLATE ? NULL : session_key, CF_COUNT(session_key),
	    k->a == NO_HANDLE ? NULL : &o);
}

/* a: which of the four; nothing is active. */
static CK_RV
dual(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[256];
	CK_ULONG n = sizeof(out);

	switch (k->a) {
	case 0:
		return c->f->C_DigestEncryptUpdate(c->s, junk, 16, out, &n);
	case 1:
		return c->f->C_DecryptDigestUpdate(c->s, junk, 16, out, &n);
	case 2:
		return c->f->C_SignEncryptUpdate(c->s, junk, 16, out, &n);
	default:
		return c->f->C_DecryptVerifyUpdate(c->s, junk, 16, out, &n);
	}
}

#define ROW(fnname, what, state, need, fn, a, b, ...)                          \
	{                                                                      \
		fnname "/" what, "2.40 5.11 to 5.14 " fnname, state, need, fn, \
		    a, b, NULL, CF_ALLOW(__VA_ARGS__)                          \
	}
#define GEN(...) ROW("C_GenerateKey", __VA_ARGS__)
#define PAIR(...) ROW("C_GenerateKeyPair", __VA_ARGS__)
#define WRAP(...) ROW("C_WrapKey", __VA_ARGS__)
#define UNWRAP(...) ROW("C_UnwrapKey", __VA_ARGS__)
#define DERIVE(...) ROW("C_DeriveKey", __VA_ARGS__)
#define DUAL(fnname, a)                                                        \
	ROW(fnname, "not-begun", CF_RO, 0, dual, a, 0,                         \
	    CKR_OPERATION_NOT_INITIALIZED)
#define NULL_MECH CKR_ARGUMENTS_BAD, CKR_MECHANISM_INVALID

static const struct cf_case table[] = {
    GEN("session-aes", CF_RO, 0, generate_key, GOOD, 0, CKR_OK),
    GEN("null-mechanism", CF_RO, 0, generate_key, NO_MECH, 0, NULL_MECH),
    GEN("unknown-mechanism", CF_RO, 0, generate_key, UNKNOWN_MECH, 0,
	CKR_MECHANISM_INVALID),
    GEN("null-handle", CF_RO, 0, generate_key, NO_HANDLE, 0, CKR_ARGUMENTS_BAD),
    GEN("null-template", CF_RO, 0, generate_key, NO_TEMPLATE, 0,
	CKR_ARGUMENTS_BAD),
    PAIR("session-rsa", CF_USER, 0, generate_pair, GOOD, 0, CKR_OK),
    PAIR("null-mechanism", CF_USER, 0, generate_pair, NO_MECH, 0, NULL_MECH),
    PAIR("unknown-mechanism", CF_USER, 0, generate_pair, UNKNOWN_MECH, 0,
	CKR_MECHANISM_INVALID),
    PAIR("null-handle", CF_USER, 0, generate_pair, NO_HANDLE, 0,
	CKR_ARGUMENTS_BAD),
    PAIR("private-not-logged-in", CF_RO, 0, generate_pair, GOOD, 0,
	CKR_USER_NOT_LOGGED_IN),
    WRAP("unknown-mechanism", CF_KEY, CF_NEED_PUB, wrap, UNKNOWN_MECH, 0,
	CKR_MECHANISM_INVALID),
    WRAP("null-mechanism", CF_KEY, CF_NEED_PUB, wrap, NO_MECH, 0, NULL_MECH),
    WRAP("null-length", CF_KEY, CF_NEED_PUB, wrap, NO_HANDLE, 0,
	CKR_ARGUMENTS_BAD),
    WRAP("wrapping-key-zero", CF_KEY, CF_NEED_PUB | CF_NEED_RSA, wrap, GOOD, 1,
	CKR_WRAPPING_KEY_HANDLE_INVALID, CKR_MECHANISM_INVALID),
    WRAP("key-zero", CF_KEY, CF_NEED_PUB | CF_NEED_RSA, wrap, GOOD, 2,
	CKR_KEY_HANDLE_INVALID, CKR_MECHANISM_INVALID,
	CKR_KEY_FUNCTION_NOT_PERMITTED),
    WRAP("unextractable", CF_KEY, CF_NEED_PUB | CF_NEED_RSA, wrap, GOOD, 0,
	CKR_KEY_UNEXTRACTABLE, CKR_KEY_NOT_WRAPPABLE,
	CKR_WRAPPING_KEY_TYPE_INCONSISTENT, CKR_KEY_FUNCTION_NOT_PERMITTED,
	CKR_MECHANISM_INVALID, CKR_WRAPPING_KEY_HANDLE_INVALID),
    UNWRAP("unknown-mechanism", CF_KEY, 0, unwrap, UNKNOWN_MECH, 0,
	CKR_MECHANISM_INVALID),
    UNWRAP("null-mechanism", CF_KEY, 0, unwrap, NO_MECH, 0, NULL_MECH),
    UNWRAP("null-handle", CF_KEY, 0, unwrap, NO_HANDLE, 0, CKR_ARGUMENTS_BAD),
    UNWRAP("unwrapping-key-zero", CF_KEY, CF_NEED_RSA, unwrap, GOOD, 1,
	CKR_UNWRAPPING_KEY_HANDLE_INVALID, CKR_MECHANISM_INVALID),
    UNWRAP("wrong-length", CF_KEY, CF_NEED_RSA, unwrap, GOOD, 0,
	CKR_WRAPPED_KEY_LEN_RANGE, CKR_WRAPPED_KEY_INVALID,
	CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_MECHANISM_INVALID,
	CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT),
    DERIVE("unknown-mechanism", CF_KEY, 0, derive, UNKNOWN_MECH, 0,
	CKR_MECHANISM_INVALID),
    DERIVE("null-mechanism", CF_KEY, 0, derive, NO_MECH, 0, NULL_MECH),
    DERIVE("null-handle", CF_KEY, 0, derive, NO_HANDLE, 0, CKR_ARGUMENTS_BAD,
	CKR_MECHANISM_INVALID, CKR_KEY_TYPE_INCONSISTENT),
    DERIVE("null-template", CF_KEY, 0, derive, NO_TEMPLATE, 0,
	CKR_ARGUMENTS_BAD),
    DERIVE("base-key-zero", CF_KEY, 0, derive, GOOD, 1, CKR_KEY_HANDLE_INVALID,
	CKR_MECHANISM_INVALID),
    DERIVE("ecdh-with-rsa-key", CF_KEY, CF_NEED_RSA, derive, GOOD, 0,
	CKR_KEY_TYPE_INCONSISTENT, CKR_MECHANISM_INVALID,
	CKR_KEY_FUNCTION_NOT_PERMITTED),
    DUAL("C_DigestEncryptUpdate", 0),
    DUAL("C_DecryptDigestUpdate", 1),
    DUAL("C_SignEncryptUpdate", 2),
    DUAL("C_DecryptVerifyUpdate", 3),
};

CF_GROUP(cf_group_keys, table)
