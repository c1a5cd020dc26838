/* What each kind of operation works on. See op.h. */
#include <string.h>

#include <openssl/rsa.h>

#include "tests/conformance/op.h"

static void
fill_data(struct cf_op *op, size_t n)
{
	for (size_t i = 0; i < n; i++)
		op->in[i] = (uint8_t)(i * 7 + 3);
	op->in_n = n;
}

static CK_RV
prepare_digest(struct cf *c, struct cf_op *op)
{
	op->mech.mechanism =
	    cf_mech_listed(c, CKM_SHA256) ? CKM_SHA256 : CKM_SHA_1;
	if (!cf_mech_can(c, op->mech.mechanism, CKF_DIGEST))
		return cf_note(c, CF_SKIP, "no digest");
	op->need = op->mech.mechanism == CKM_SHA256 ? 32 : 20;
	fill_data(op, 64);
	return CKR_OK;
}

static CK_RV
prepare_sign(struct cf *c, struct cf_op *op)
{
	op->mech.mechanism = cf_mech_sign(c);
	op->key = c->key.priv;
	op->need = c->key.sig_len;
	fill_data(op, 32);
	return CKR_OK;
}

static CK_RV
prepare_verify(struct cf *c, struct cf_op *op)
{
	CK_ULONG n = sizeof(op->sig);
	CK_RV rv;

	prepare_sign(c, op);
	op->key = c->key.pub;
	if (op->key == CK_INVALID_HANDLE)
		return cf_note(c, CF_SKIP, "no public key object");
	if (!cf_mech_can(c, op->mech.mechanism, CKF_VERIFY))
		return cf_note(c, CF_SKIP, "no mechanism that verifies");
	if ((rv = c->f->C_SignInit(op->s, &op->mech, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_Sign(op->s, op->in, op->in_n, op->sig, &n)) != CKR_OK)
		return cf_note(c, CF_SETUP, "signing gave %s", cf_rv_name(rv));
	op->sig_n = n;
	return CKR_OK;
}

static CK_RV
prepare_verify_given(struct cf *c, struct cf_op *op)
{
	return c->f32 != NULL ? prepare_verify(c, op)
			      : cf_note(c, CF_SKIP, "no 3.2 interface");
}

static CK_RV
prepare_encrypt(struct cf *c, struct cf_op *op)
{
	bool can = false;

	op->mech.mechanism = CKM_RSA_PKCS;
	op->key = c->key.pub;
	op->need = c->key.sig_len;
	fill_data(op, 32);
	if (op->key == CK_INVALID_HANDLE ||
	    !cf_mech_can(c, CKM_RSA_PKCS, CKF_ENCRYPT) ||
	    cf_attr_bool(c, op->key, CKA_ENCRYPT, &can) != CKR_OK || !can)
		return cf_note(c, CF_SKIP, "no public key that encrypts");
	return CKR_OK;
}

static CK_RV
prepare_decrypt(struct cf *c, struct cf_op *op)
{
	uint8_t plain[32];
	bool can = false;

	op->mech.mechanism = CKM_RSA_PKCS;
	op->key = c->key.priv;
	if (!cf_mech_can(c, CKM_RSA_PKCS, CKF_DECRYPT) ||
	    cf_attr_bool(c, op->key, CKA_DECRYPT, &can) != CKR_OK || !can)
		return cf_note(c, CF_SKIP, "no private key that decrypts");
	fill_data(op, sizeof(plain));
	memcpy(plain, op->in, sizeof(plain));
	op->need = sizeof(plain);
	op->in_n = sizeof(op->in);
	if (!cf_ossl_encrypt(c->key.pkey, RSA_PKCS1_PADDING, NULL, NULL, 0,
		plain, sizeof(plain), op->in, &op->in_n))
		return cf_note(c, CF_SETUP, "OpenSSL does not encrypt");
	memcpy(op->sig, plain, sizeof(plain));
	op->sig_n = sizeof(plain);
	return CKR_OK;
}

/* Data for CKM_RSA_PKCS that every card signs: a DigestInfo of SHA-256. */
static CK_RV
prepare_sign_recover(struct cf *c, struct cf_op *op)
{
	static const uint8_t prefix[19] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09,
	    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
	    0x04, 0x20};

	op->mech.mechanism = CKM_RSA_PKCS;
	op->key = c->key.priv;
	op->need = c->key.sig_len;
	fill_data(op, sizeof(prefix) + 32);
	memcpy(op->in, prefix, sizeof(prefix));
	if (!cf_mech_can(c, CKM_RSA_PKCS, CKF_SIGN_RECOVER))
		return cf_note(c, CF_SKIP, "no mechanism that recovers");
	return CKR_OK;
}

/* The signature goes in, the data come out. */
static CK_RV
prepare_verify_recover(struct cf *c, struct cf_op *op)
{
	uint8_t sig[CF_OP_OUT];
	CK_ULONG n = sizeof(sig);
	CK_RV rv = prepare_sign_recover(c, op);

	if (rv != CKR_OK)
		return rv;
	op->key = c->key.pub;
	if (op->key == CK_INVALID_HANDLE ||
	    !cf_mech_can(c, CKM_RSA_PKCS, CKF_VERIFY_RECOVER))
		return cf_note(c, CF_SKIP, "no public key that recovers");
	if ((rv = c->f->C_SignInit(op->s, &op->mech, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_Sign(op->s, op->in, op->in_n, sig, &n)) != CKR_OK)
		return cf_note(c, CF_SETUP, "signing gave %s", cf_rv_name(rv));
	memcpy(op->sig, op->in, op->in_n);
	op->sig_n = op->need = op->in_n;
	memcpy(op->in, sig, n);
	op->in_n = n;
	return CKR_OK;
}

CK_RV
cf_op_prepare(struct cf *c, enum cf_kind kind, struct cf_op *op)
{
	static CK_RV (*const prepare[CF_KINDS])(struct cf *, struct cf_op *) = {
	    prepare_digest, prepare_sign, prepare_verify, prepare_encrypt,
	    prepare_decrypt, prepare_verify_given, prepare_sign_recover,
	    prepare_verify_recover};

	memset(op, 0, sizeof(*op));
	op->kind = kind;
	op->s = c->s;
	return prepare[kind](c, op);
}
