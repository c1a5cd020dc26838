/* Signatures that hold the data: 2.40 clauses 5.11 and 5.12, beyond what t_op.c
 * asks of every operation. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/op.h"

static CK_BBOOL yes = CK_TRUE;

/* A signature by CKM_RSA_PKCS, and the data in it. */
static CK_RV
signed_data(struct cf *c, struct cf_op *op)
{
	CK_RV rv = cf_op_prepare(c, CF_VERIFY_RECOVER, op);

	if (rv == CKR_OK && !cf_mech_can(c, CKM_RSA_X_509, CKF_VERIFY_RECOVER))
		return cf_note(c, CF_SKIP, "no CKM_RSA_X_509");
	return rv;
}

/* The bare power gives the whole block: 00 01 FF .. FF 00 and the data. */
static CK_RV
whole_block(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_RSA_X_509, NULL, 0};
	CK_BYTE got[1024], want[1024];
	CK_ULONG n = sizeof(got);
	struct cf_op op;
	CK_RV rv = signed_data(c, &op);

	(void)k;
	if (rv != CKR_OK ||
	    (rv = c->f->C_VerifyRecoverInit(c->s, &m, op.key)) != CKR_OK ||
	    (rv = c->f->C_VerifyRecover(c->s, op.in, op.in_n, got, &n)) !=
		CKR_OK)
		return rv;
	memset(want, 0xff, sizeof(want));
	want[0] = 0;
	want[1] = 1;
	want[op.in_n - op.sig_n - 1] = 0;
	memcpy(&want[op.in_n - op.sig_n], op.sig, op.sig_n);
	if (n != op.in_n || memcmp(got, want, n) != 0)
		return cf_note(c, CF_WRONG, "another block");
	return CKR_OK;
}

/* A block made by hand and signed bare is a CKM_RSA_PKCS signature only when it
 * is built as one. a: the byte that is wrong; 0: none. */
static CK_RV
bare_signature(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM bare = {CKM_RSA_X_509, NULL, 0};
	CK_MECHANISM pkcs = {CKM_RSA_PKCS, NULL, 0};
	CK_BYTE block[1024], sig[1024], got[1024];
	CK_ULONG n = sizeof(sig), got_n = sizeof(got);
	size_t len = c->key.sig_len;
	struct cf_op op;
	CK_RV rv = signed_data(c, &op);

	if (rv != CKR_OK)
		return rv;
	if (!cf_mech_can(c, CKM_RSA_X_509, CKF_SIGN_RECOVER))
		return cf_note(c, CF_SKIP, "no CKM_RSA_X_509");
	memset(block, 0xff, len);
	block[0] = 0;
	block[1] = 1;
	block[len - 5] = 0;
	block[k->a] ^= k->a != 0 ? 3 : 0;
	if ((rv = c->f->C_SignRecoverInit(c->s, &bare, c->key.priv)) !=
		CKR_OK ||
	    (rv = c->f->C_SignRecover(c->s, block, len, sig, &n)) != CKR_OK)
		return cf_note(c, CF_SETUP, "bare: %s", cf_rv_name(rv));
	if ((rv = c->f->C_VerifyRecoverInit(c->s, &pkcs, op.key)) != CKR_OK)
		return rv;
	rv = c->f->C_VerifyRecover(c->s, sig, n, got, &got_n);
	if (rv == CKR_OK && (got_n != 4 || memcmp(got, &block[len - 4], 4)))
		return cf_note(c, CF_WRONG, "other data");
	return rv;
}

/* a: 0 sign, 1 verify; b: a mechanism whose signatures hold a hash. */
static CK_RV
no_recovery(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->b, NULL, 0};

	return k->a == 0 ? c->f->C_SignRecoverInit(c->s, &m, c->key.priv)
			 : c->f->C_VerifyRecoverInit(c->s, &m, c->key.pub);
}

/* What the attributes say is what the functions do. */
static CK_RV
attributes(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
	bool sign = false, verify = false;
	CK_RV rv;

	(void)k;
	if ((rv = cf_attr_bool(c, c->key.priv, CKA_SIGN_RECOVER, &sign)) !=
		CKR_OK ||
	    (rv = cf_attr_bool(c, c->key.pub, CKA_VERIFY_RECOVER, &verify)) !=
		CKR_OK)
		return rv;
	if (cf_mech_can(c, CKM_RSA_PKCS, CKF_SIGN_RECOVER) &&
	    (c->f->C_SignRecoverInit(c->s, &m, c->key.priv) == CKR_OK) != sign)
		return cf_note(c, CF_WRONG, "CKA_SIGN_RECOVER is %d", sign);
	if (cf_mech_can(c, CKM_RSA_PKCS, CKF_VERIFY_RECOVER) &&
	    (c->f->C_VerifyRecoverInit(c->s, &m, c->key.pub) == CKR_OK) !=
		verify)
		return cf_note(c, CF_WRONG, "CKA_VERIFY_RECOVER is %d", verify);
	return CKR_OK;
}

/* A public key of the application; a: 1 with CKA_VERIFY_RECOVER. */
static CK_RV
made_key(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE may = {CKA_VERIFY_RECOVER, &yes, sizeof(yes)};
	const struct cf_bend b = {CF_KEEP_ALL, &may, k->a};
	CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
	CK_BYTE sig[256] = {1}, out[256];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE o;
	CK_RV rv = cf_make(c, CF_RSA_PUB, &b, &o);

	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if (!cf_mech_can(c, CKM_RSA_PKCS, CKF_VERIFY_RECOVER))
		return cf_note(c, CF_SKIP, "no mechanism that recovers");
	rv = c->f->C_VerifyRecoverInit(c->s, &m, o);
	return rv == CKR_OK
		   ? c->f->C_VerifyRecover(c->s, sig, sizeof(sig), out, &n)
		   : rv;
}

/* a: the kind; b: its flag. The other kinds of the flag go on. */
static CK_RV
cancel(struct cf *c, const struct cf_case *k)
{
	struct cf_op op;
	CK_RV rv = cf_op_prepare(c, (enum cf_kind)k->a, &op);

	if (rv == CKR_OK)
		rv = cf_op_step(c, &op, CF_BEGIN, 0);
	if (rv == CKR_OK)
		rv = c->f3->C_SessionCancel(c->s, CKF_SIGN | CKF_VERIFY);
	if (rv == CKR_OK)
		rv = cf_op_step(c, &op, CF_ONCE, CF_OUT_NULL);
	if (rv == CKR_OK)
		rv = c->f3->C_SessionCancel(c->s, k->b);
	return rv == CKR_OK ? cf_op_step(c, &op, CF_ONCE, 0) : rv;
}

#define ROW(what, state, need, fn, a, b, ...)                                  \
	{                                                                      \
		what, "2.40 5.11, 5.12", state, need, fn, a, b, NULL,          \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define PAIR (CF_NEED_RSA | CF_NEED_PUB)
#define HASHED(fnname, what, a, b)                                             \
	ROW(fnname "/" what, CF_KEY, PAIR, no_recovery, a, b,                  \
	    CKR_MECHANISM_INVALID)

static const struct cf_case table[] = {
    ROW("C_VerifyRecover/whole-block", CF_KEY, PAIR, whole_block, 0, 0, CKR_OK),
    ROW("C_VerifyRecover/bare-block", CF_KEY, PAIR, bare_signature, 0, 0,
	CKR_OK),
    ROW("C_VerifyRecover/block-type-2", CF_KEY, PAIR, bare_signature, 1, 0,
	CKR_SIGNATURE_INVALID),
    ROW("C_VerifyRecover/hole-in-padding", CF_KEY, PAIR, bare_signature, 7, 0,
	CKR_SIGNATURE_INVALID),
    HASHED("C_SignRecoverInit", "sha256-rsa-pkcs", 0, CKM_SHA256_RSA_PKCS),
    HASHED("C_VerifyRecoverInit", "sha256-rsa-pkcs", 1, CKM_SHA256_RSA_PKCS),
    HASHED("C_SignRecoverInit", "ecdsa", 0, CKM_ECDSA),
    HASHED("C_VerifyRecoverInit", "pss", 1, CKM_RSA_PKCS_PSS),
    ROW("C_SignRecoverInit/attributes", CF_KEY, PAIR, attributes, 0, 0, CKR_OK),
    ROW("C_VerifyRecoverInit/made-key", CF_RO, 0, made_key, 1, 0,
	CKR_SIGNATURE_INVALID),
    ROW("C_VerifyRecoverInit/made-key-may-not", CF_RO, 0, made_key, 0, 0,
	CKR_KEY_FUNCTION_NOT_PERMITTED),
    ROW("C_SessionCancel/sign-recover", CF_KEY, CF_NEED_3 | PAIR, cancel,
	CF_SIGN_RECOVER, CKF_SIGN_RECOVER, CKR_OPERATION_NOT_INITIALIZED),
    ROW("C_SessionCancel/verify-recover", CF_KEY, CF_NEED_3 | PAIR, cancel,
	CF_VERIFY_RECOVER, CKF_VERIFY_RECOVER, CKR_OPERATION_NOT_INITIALIZED),
};

CF_GROUP(cf_group_recover, table)
