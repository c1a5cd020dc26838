/* Checking signatures message by message: 3.0 clause 5.16. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/op.h"

/* A signature to check, and the operation. */
static CK_RV
begin(struct cf *c, struct cf_op *op)
{
	CK_MECHANISM_INFO info = {0, 0, 0};
	CK_RV rv = cf_op_prepare(c, CF_VERIFY, op);

	if (rv != CKR_OK)
		return rv;
	if (c->f3->base.C_GetMechanismInfo(c->slot, op->mech.mechanism,
		&info) != CKR_OK ||
	    (info.flags & CF_CKF_MESSAGE_VERIFY) == 0)
		return cf_note(c, CF_SKIP, "no checking of messages");
	return c->f3->C_MessageVerifyInit(c->s, &op->mech, op->key);
}

/* b: bytes of a part, 0 for at once. */
static CK_RV
one(struct cf *c, struct cf_op *op, size_t step)
{
	const struct cf_list3 *f = c->f3;
	size_t at = 0;
	CK_RV rv;

	if (step == 0)
		return f->C_VerifyMessage(c->s, NULL, 0, op->in, op->in_n,
		    op->sig, op->sig_n);
	rv = f->C_VerifyMessageBegin(c->s, NULL, 0);
	for (; rv == CKR_OK && at + step < op->in_n; at += step)
		rv = f->C_VerifyMessageNext(c->s, NULL, 0, op->in + at, step,
		    NULL, 0);
	return rv == CKR_OK ? f->C_VerifyMessageNext(c->s, NULL, 0, op->in + at,
				  op->in_n - at, op->sig, op->sig_n)
			    : rv;
}

enum { GOOD, SIGNATURE, DATA, SHORT };

/* a: what is wrong; b: bytes of a part. Then a good one, and the end. */
static CK_RV
check(struct cf *c, const struct cf_case *k)
{
	struct cf_op op;
	CK_RV rv = begin(c, &op), after;

	if (rv != CKR_OK)
		return rv;
	op.sig[op.sig_n / 2] ^= k->a == SIGNATURE;
	op.in[1] ^= k->a == DATA;
	op.sig_n -= k->a == SHORT;
	rv = one(c, &op, k->b);
	op.sig[op.sig_n / 2] ^= k->a == SIGNATURE;
	op.in[1] ^= k->a == DATA;
	op.sig_n += k->a == SHORT;
	after = one(c, &op, k->b);
	if (after == CKR_OK)
		after = c->f3->C_MessageVerifyFinal(c->s);
	return after == CKR_OK
		   ? rv
		   : cf_note(c, CF_WRONG, "then %s", cf_rv_name(after));
}

enum {
	PARAMETER,
	NULL_SIGNATURE,
	NULL_INPUT,
	NEXT_ALONE,
	TWICE,
	BEGIN_TWICE,
	ONCE_INSIDE,
	AFTER_FINAL,
	CANCELLED
};

/* a: what is wrong. */
static CK_RV
wrong(struct cf *c, const struct cf_case *k)
{
	const struct cf_list3 *f = c->f3;
	struct cf_op op;
	CK_RV rv = begin(c, &op);

	if (rv != CKR_OK)
		return rv;
	switch (k->a) {
	case PARAMETER:
		return f->C_VerifyMessage(c->s, op.in, 3, op.in, op.in_n,
		    op.sig, op.sig_n);
	case NULL_SIGNATURE:
		return f->C_VerifyMessage(c->s, NULL, 0, op.in, op.in_n, NULL,
		    op.sig_n);
	case NULL_INPUT:
		return f->C_VerifyMessage(c->s, NULL, 0, NULL, op.in_n, op.sig,
		    op.sig_n);
	case NEXT_ALONE:
		return f->C_VerifyMessageNext(c->s, NULL, 0, op.in, 1, NULL, 0);
	case TWICE:
		return f->C_MessageVerifyInit(c->s, &op.mech, op.key);
	default:
		break;
	}
	rv = f->C_VerifyMessageBegin(c->s, NULL, 0);
	if (rv == CKR_OK && k->a == BEGIN_TWICE)
		return f->C_VerifyMessageBegin(c->s, NULL, 0);
	if (rv == CKR_OK && k->a == AFTER_FINAL)
		rv = f->C_MessageVerifyFinal(c->s);
	if (rv == CKR_OK && k->a == CANCELLED)
		rv = f->C_SessionCancel(c->s, CF_CKF_MESSAGE_VERIFY);
	return rv == CKR_OK ? one(c, &op, 0) : rv;
}

#define ROW(what, fn, a, b, ...)                                               \
	{                                                                      \
		what, "3.0 5.16", CF_KEY, CF_NEED_3 | CF_NEED_PUB, fn, a, b,   \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}
#define CHECK(what, a, rv)                                                     \
	ROW("C_VerifyMessage/" what, check, a, 0, rv),                         \
	    ROW("C_VerifyMessageNext/" what, check, a, 5, rv)
#define NONE CKR_OPERATION_NOT_INITIALIZED

static const struct cf_case table[] = {
    CHECK("good", GOOD, CKR_OK),
    CHECK("wrong-signature", SIGNATURE, CKR_SIGNATURE_INVALID),
    CHECK("wrong-data", DATA, CKR_SIGNATURE_INVALID),
    CHECK("short-signature", SHORT, CKR_SIGNATURE_LEN_RANGE),
    ROW("C_VerifyMessage/parameter", wrong, PARAMETER, 0,
	CKR_MECHANISM_PARAM_INVALID),
    ROW("C_VerifyMessage/null-signature", wrong, NULL_SIGNATURE, 0,
	CKR_ARGUMENTS_BAD),
    ROW("C_VerifyMessage/null-input", wrong, NULL_INPUT, 0, CKR_ARGUMENTS_BAD),
    ROW("C_VerifyMessage/inside-a-message", wrong, ONCE_INSIDE, 0,
	CKR_OPERATION_ACTIVE),
    ROW("C_VerifyMessageBegin/twice", wrong, BEGIN_TWICE, 0,
	CKR_OPERATION_ACTIVE),
    ROW("C_VerifyMessageNext/no-message", wrong, NEXT_ALONE, 0, NONE),
    ROW("C_MessageVerifyInit/twice", wrong, TWICE, 0, CKR_OPERATION_ACTIVE),
    ROW("C_MessageVerifyFinal/ends", wrong, AFTER_FINAL, 0, NONE),
    ROW("C_SessionCancel/message-verify", wrong, CANCELLED, 0, NONE),
};

CF_GROUP(cf_group_message_verify, table)
