/* See op.h. */
#include "tests/conformance/op.h"

#include <string.h>

static const char *const op_names[CF_KINDS][CF_VERBS] = {
    {"", "C_DigestInit", "C_Digest", "C_DigestUpdate", "C_DigestFinal"},
    {"", "C_SignInit", "C_Sign", "C_SignUpdate", "C_SignFinal"},
    {"", "C_VerifyInit", "C_Verify", "C_VerifyUpdate", "C_VerifyFinal"},
    {"", "C_EncryptInit", "C_Encrypt", "C_EncryptUpdate", "C_EncryptFinal"},
    {"", "C_DecryptInit", "C_Decrypt", "C_DecryptUpdate", "C_DecryptFinal"},
    {"", "C_VerifySignatureInit", "C_VerifySignature",
	"C_VerifySignatureUpdate", "C_VerifySignatureFinal"},
    {"", "C_SignRecoverInit", "C_SignRecover", "", ""},
    {"", "C_VerifyRecoverInit", "C_VerifyRecover", "", ""},
};

const char *
cf_op_name(enum cf_kind kind, enum cf_verb verb)
{
	return op_names[kind][verb];
}

/* --- the calls --- */

/* The arguments of a call, as `how` bends them. */
struct args {
	uint8_t *in, *out, *sig;
	CK_ULONG in_n, sig_n;
	CK_ULONG *out_n;
	uint8_t sig_copy[CF_OP_OUT + 1];
	uint8_t in_copy[CF_OP_OUT];
};

static void
make_signature(struct args *a, const struct cf_op *op, unsigned how)
{
	memset(a->sig_copy, 0, sizeof(a->sig_copy));
	memcpy(a->sig_copy, op->sig, op->sig_n);
	a->sig = (how & CF_SIG_NULL) != 0 ? NULL : a->sig_copy;
	a->sig_n = op->sig_n;
	if ((how & CF_SIG_SHORT) != 0)
		a->sig_n--;
	if ((how & CF_SIG_LONG) != 0)
		a->sig_n++;
	if ((how & CF_SIG_EMPTY) != 0)
		a->sig_n = 0;
	if ((how & CF_SIG_BAD) != 0)
		a->sig_copy[op->sig_n / 2] ^= 1;
}

static void
make_args(struct args *a, struct cf_op *op, unsigned how)
{
	memcpy(a->in_copy, op->in, op->in_n);
	if ((how & CF_DATA_OTHER) != 0)
		a->in_copy[0] ^= 1;
	a->in = (how & CF_IN_NULL) != 0 ? NULL : a->in_copy;
	a->in_n = (how & CF_IN_EMPTY) != 0 ? 0 : op->in_n;
	if ((how & CF_IN_SHORT) != 0)
		a->in_n--;
	if ((how & CF_IN_LONG) != 0)
		a->in_copy[a->in_n++] = 0;
	memset(op->out, CF_OP_PATTERN, sizeof(op->out));
	a->out = (how & CF_OUT_NULL) != 0 ? NULL : op->out;
	op->out_n = sizeof(op->out);
	if ((how & CF_OUT_SHORT) != 0)
		op->out_n = op->kind == CF_DECRYPT ? 1 : op->need - 1;
	if ((how & (CF_OUT_ZERO | CF_OUT_NULL)) != 0)
		op->out_n = 0;
	a->out_n = (how & CF_LEN_NULL) != 0 ? NULL : &op->out_n;
	make_signature(a, op, how);
}

static CK_RV
begin(struct cf *c, struct cf_op *op, unsigned how, struct args *a)
{
	CK_MECHANISM m = op->mech, *mp = &m;
	CK_OBJECT_HANDLE key = op->key;

	if ((how & CF_MECH_UNKNOWN) != 0)
		m.mechanism = 0x7badc0deUL;
	if ((how & CF_MECH_OTHER) != 0)
		m.mechanism = op->kind == CF_DIGEST ? CKM_RSA_PKCS : CKM_SHA256;
	if ((how & CF_MECH_NULL) != 0)
		mp = NULL;
	if ((how & CF_KEY_ZERO) != 0)
		key = CK_INVALID_HANDLE;
	if ((how & CF_KEY_UNKNOWN) != 0)
		key = 0x7eadbeefUL;
	if ((how & CF_KEY_CERT) != 0)
		key = c->key.cert;
	if ((how & CF_KEY_OTHER) != 0)
		key = key == c->key.pub ? c->key.priv : c->key.pub;
	op->done_n = 0;
	switch (op->kind) {
	case CF_DIGEST:
		return c->f->C_DigestInit(op->s, mp);
	case CF_SIGN:
		return c->f->C_SignInit(op->s, mp, key);
	case CF_VERIFY:
		return c->f->C_VerifyInit(op->s, mp, key);
	case CF_ENCRYPT:
		return c->f->C_EncryptInit(op->s, mp, key);
	case CF_VERIFY_GIVEN:
		return c->f32->C_VerifySignatureInit(op->s, mp, key, a->sig,
		    a->sig_n);
	case CF_SIGN_RECOVER:
		return c->f->C_SignRecoverInit(op->s, mp, key);
	case CF_VERIFY_RECOVER:
		return c->f->C_VerifyRecoverInit(op->s, mp, key);
	default:
		return c->f->C_DecryptInit(op->s, mp, key);
	}
}

static CK_RV
once(struct cf *c, struct cf_op *op, struct args *a)
{
	switch (op->kind) {
	case CF_DIGEST:
		return c->f->C_Digest(op->s, a->in, a->in_n, a->out, a->out_n);
	case CF_SIGN:
		return c->f->C_Sign(op->s, a->in, a->in_n, a->out, a->out_n);
	case CF_VERIFY:
		return c->f->C_Verify(op->s, a->in, a->in_n, a->sig, a->sig_n);
	case CF_ENCRYPT:
		return c->f->C_Encrypt(op->s, a->in, a->in_n, a->out, a->out_n);
	case CF_VERIFY_GIVEN:
		return c->f32->C_VerifySignature(op->s, a->in, a->in_n);
	case CF_SIGN_RECOVER:
		return c->f->C_SignRecover(op->s, a->in, a->in_n, a->out,
		    a->out_n);
	case CF_VERIFY_RECOVER:
		return c->f->C_VerifyRecover(op->s, a->in, a->in_n, a->out,
		    a->out_n);
	default:
		return c->f->C_Decrypt(op->s, a->in, a->in_n, a->out, a->out_n);
	}
}

static CK_RV
update(struct cf *c, struct cf_op *op, struct args *a)
{
	switch (op->kind) {
	case CF_DIGEST:
		return c->f->C_DigestUpdate(op->s, a->in, a->in_n);
	case CF_SIGN:
		return c->f->C_SignUpdate(op->s, a->in, a->in_n);
	case CF_VERIFY:
		return c->f->C_VerifyUpdate(op->s, a->in, a->in_n);
	case CF_ENCRYPT:
		return c->f->C_EncryptUpdate(op->s, a->in, a->in_n, a->out,
		    a->out_n);
	case CF_VERIFY_GIVEN:
		return c->f32->C_VerifySignatureUpdate(op->s, a->in, a->in_n);
	default:
		return c->f->C_DecryptUpdate(op->s, a->in, a->in_n, a->out,
		    a->out_n);
	}
}

static CK_RV
final(struct cf *c, struct cf_op *op, struct args *a)
{
	switch (op->kind) {
	case CF_DIGEST:
		return c->f->C_DigestFinal(op->s, a->out, a->out_n);
	case CF_SIGN:
		return c->f->C_SignFinal(op->s, a->out, a->out_n);
	case CF_VERIFY:
		return c->f->C_VerifyFinal(op->s, a->sig, a->sig_n);
	case CF_ENCRYPT:
		return c->f->C_EncryptFinal(op->s, a->out, a->out_n);
	case CF_VERIFY_GIVEN:
		return c->f32->C_VerifySignatureFinal(op->s);
	default:
		return c->f->C_DecryptFinal(op->s, a->out, a->out_n);
	}
}

static void
note_input(struct cf_op *op, const struct args *a)
{
	if (a->in == NULL || op->done_n + a->in_n > sizeof(op->done))
		return;
	memcpy(op->done + op->done_n, a->in, a->in_n);
	op->done_n += a->in_n;
}

CK_RV
cf_op_step(struct cf *c, struct cf_op *op, enum cf_verb verb, unsigned how)
{
	struct args a;

	make_args(&a, op, how);
	if (verb == CF_BEGIN)
		return begin(c, op, how, &a);
	if (verb == CF_ONCE)
		op->done_n = 0;
	if (verb != CF_FINAL)
		note_input(op, &a);
	if (verb == CF_UPDATE)
		return update(c, op, &a);
	return cf_op_check(c, op, a.out_n != NULL, a.out != NULL,
	    verb == CF_ONCE ? once(c, op, &a) : final(c, op, &a));
}
